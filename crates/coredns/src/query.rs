//! From a question to an answer: records, no data, or no such name.
//!
//! Models: `plugin/kubernetes/handler.go`, `plugin/kubernetes/reverse.go`,
//! `plugin/backend_lookup.go`.
//! Differs: the SOA's serial is the newest creation of an object, where the real one counts every
//! change; the upstream server knows nothing.

use std::net::IpAddr;

use api::{Key, Kind};
use apimachinery::sorted::SortedSet;
use client::Seen;

use crate::backend;
use crate::corefile::Corefile;
use crate::names::{absolute, address_of_reverse, below};
use crate::record::{Answer, Data, Question, Rcode, RecordType, ResourceRecord, Soa};
use crate::services::{Found, Host, Server, Unknown};

/// The longest chain of aliases that is followed.
const CHAIN_MAX: usize = 10;
/// The version of the DNS schema, which `dns-version.<zone>` tells, and its TTL in seconds.
const SCHEMA_VERSION: (&str, u32) = ("1.1.0", 28_800);
/// The highest TTL of an SOA record itself, in seconds.
const SOA_TTL_MAX: u32 = 300;

/// The records of the sections "answer" and "additional".
type Sections = (Vec<ResourceRecord>, Vec<ResourceRecord>);

/// What the server of a kubeadm cluster answers.
pub fn answer(seen: &Seen<'_>, question: &Question) -> Answer {
    Corefile::kubeadm().answer(seen, question)
}

impl Corefile {
    /// What a server with this configuration answers, before anything is shuffled or kept.
    pub fn answer(&self, seen: &Seen<'_>, question: &Question) -> Answer {
        let server = Server { corefile: self, seen };
        let mut answer = server.answer(question);
        if let Some(cache) = &self.cache {
            // The plugin caps what it passes on, even in zones that it does not keep.
            answer.records_mut().for_each(|r| r.ttl = r.ttl.min(cache.ttl));
        }
        answer
    }
}

impl Answer {
    /// What an upstream server that knows nothing answers.
    pub(crate) fn foreign(question: &Question) -> Self {
        Self {
            question: question.clone(),
            rcode: Rcode::NxDomain,
            authoritative: false,
            recursion_available: true,
            answer: Vec::new(),
            authority: Vec::new(),
            additional: Vec::new(),
        }
    }
}

impl Server<'_> {
    fn answer(&self, question: &Question) -> Answer {
        let lower = question.name.to_ascii_lowercase();
        if lower.ends_with(".in-addr.arpa.") || lower.ends_with(".ip6.arpa.") {
            return self.answer_reverse(question);
        }
        let Some(labels) = self.labels(&lower) else { return Answer::foreign(question) };
        match self.sections(question, labels) {
            Err(Unknown) => self.denial(question, Rcode::NxDomain),
            Ok((answer, _)) if answer.is_empty() => self.denial(question, Rcode::NoError),
            Ok((answer, additional)) => Answer {
                answer,
                additional,
                authoritative: true,
                recursion_available: false,
                rcode: Rcode::NoError,
                ..Answer::foreign(question)
            },
        }
    }

    /// Answers a question in a reverse zone. The upstream server is asked about addresses that are not known.
    fn answer_reverse(&self, question: &Question) -> Answer {
        let address = address_of_reverse(&question.name).filter(|_| question.kind == RecordType::Ptr);
        let answer = address.map(|a| self.reverse(&question.name, a)).unwrap_or_default();
        if answer.is_empty() {
            return Answer::foreign(question);
        }
        let rcode = Rcode::NoError;
        Answer { answer, rcode, authoritative: true, recursion_available: false, ..Answer::foreign(question) }
    }

    fn denial(&self, question: &Question, rcode: Rcode) -> Answer {
        let authority = vec![self.soa()];
        Answer {
            authority,
            rcode,
            authoritative: true,
            recursion_available: false,
            ..Answer::foreign(question)
        }
    }

    fn sections(&self, question: &Question, labels: &str) -> Result<Sections, Unknown> {
        let name = &question.name;
        let none = Vec::new;
        Ok(match question.kind {
            RecordType::A | RecordType::Aaaa => (self.addresses(question, labels, &mut none())?, none()),
            RecordType::Srv => self.services(name, labels)?,
            RecordType::Cname => (self.alias(name, labels)?, none()),
            RecordType::Txt => (self.text(name, labels)?, none()),
            RecordType::Soa if labels.is_empty() => (vec![self.soa()], none()),
            // The plugin looks for an SOA at the apex only, and denies no name on the way.
            RecordType::Soa => (none(), none()),
            RecordType::Ns if labels.is_empty() => self.name_servers(name),
            RecordType::Ns | RecordType::Any => {
                self.addresses(&Question::new(name, RecordType::A), labels, &mut none())?;
                (none(), none())
            }
            RecordType::Ptr | RecordType::Mx => {
                self.find(labels)?;
                (none(), none())
            }
        })
    }

    /// The addresses of a name, found through its aliases. `aliases` are those that were followed so far.
    fn addresses(
        &self,
        question: &Question,
        labels: &str,
        aliases: &mut Vec<ResourceRecord>,
    ) -> Result<Vec<ResourceRecord>, Unknown> {
        let mut records = Vec::new();
        let mut told = SortedSet::new();
        for found in self.find(labels)? {
            match &found.host {
                Host::Address(address) => {
                    let record = self.record(&question.name, Data::address(*address), &found);
                    if record.kind() == question.kind && told.insert(*address) {
                        records.push(record);
                    }
                }
                Host::Name(target) => records.extend(self.follow(question, target, &found, aliases)),
            }
        }
        Ok(records)
    }

    /// An alias and what it leads to; nothing if it leads in a loop, or nowhere in this zone.
    fn follow(
        &self,
        question: &Question,
        target: &str,
        found: &Found,
        aliases: &mut Vec<ResourceRecord>,
    ) -> Vec<ResourceRecord> {
        let target = absolute(target);
        let record = self.record(&question.name, Data::Cname(target.clone()), found);
        let is_known = aliases.iter().any(|r| r.name == record.name && r.data == record.data);
        if question.name.eq_ignore_ascii_case(&target) || aliases.len() > CHAIN_MAX || is_known {
            return Vec::new();
        }
        let lower = target.to_ascii_lowercase();
        let Some(labels) = self.labels(&lower) else { return vec![record] };
        aliases.push(record.clone());
        let next = self.addresses(&Question::new(&target, question.kind), labels, aliases);
        let mut records = next.unwrap_or_default();
        if !records.is_empty() {
            records.insert(0, record);
        }
        records
    }

    fn services(&self, name: &str, labels: &str) -> Result<Sections, Unknown> {
        let mut found = self.find(labels)?;
        found.retain(|f| matches!(f.host, Host::Address(_)));
        let weight = 100_u16.checked_div(u16::try_from(found.len()).unwrap_or(u16::MAX)).unwrap_or(0).max(1);
        let (mut records, mut glue) = (Vec::new(), Vec::new());
        let (mut targets, mut addresses) = (SortedSet::new(), SortedSet::new());
        for item in &found {
            let (Some(port), Host::Address(address)) = (item.port, &item.host) else { continue };
            let target = below(&item.labels, self.zone_as_typed(name));
            if addresses.insert((target.clone(), *address)) {
                glue.push(self.record(&target, Data::address(*address), item));
            }
            if targets.insert((target.clone(), port)) {
                records.push(self.record(name, Data::Srv { priority: 0, weight, port, target }, item));
            }
        }
        Ok((records, glue))
    }

    fn alias(&self, name: &str, labels: &str) -> Result<Vec<ResourceRecord>, Unknown> {
        let found = self.find(labels)?;
        Ok(match found.first() {
            Some(first) => match &first.host {
                Host::Name(target) => vec![self.record(name, Data::Cname(absolute(target)), first)],
                Host::Address(_) => Vec::new(),
            },
            None => Vec::new(),
        })
    }

    /// The texts of a name: only the schema's version is one. Names that exist without records, such as that
    /// of a namespace, are denied for this type.
    fn text(&self, name: &str, labels: &str) -> Result<Vec<ResourceRecord>, Unknown> {
        if labels == "dns-version" {
            let (version, ttl) = SCHEMA_VERSION;
            return Ok(vec![ResourceRecord::plain(name, Data::Txt(version.to_owned()), ttl)]);
        }
        if self.find(labels)?.is_empty() { Err(Unknown) } else { Ok(Vec::new()) }
    }

    fn name_servers(&self, name: &str) -> Sections {
        let target = below("kube-dns.kube-system.svc", self.zone_as_typed(name));
        let mut sections = Sections::default();
        for found in self.server_itself("ns.dns") {
            if let Host::Address(address) = found.host {
                sections.1.push(self.record(&target, Data::address(address), &found));
            }
            if sections.0.is_empty() {
                sections.0.push(self.record(name, Data::Ns(target.clone()), &found));
            }
        }
        sections
    }

    /// The names of an address: of the Service that has it, or else of every endpoint that has it.
    fn reverse(&self, name: &str, address: IpAddr) -> Vec<ResourceRecord> {
        let text = address.to_string();
        let zone = absolute(&self.corefile.zone);
        let pointer = |labels: &str, pod: Option<Key>, service: Key| ResourceRecord {
            pod,
            service: Some(service),
            ..ResourceRecord::plain(name, Data::Ptr(format!("{labels}.svc.{zone}")), self.corefile.ttl)
        };
        if let Some(service) = backend::service_with_ip(self.seen, &text) {
            return vec![pointer(&format!("{}.{}", service.name, service.namespace), None, service.key())];
        }
        let mut records: Vec<ResourceRecord> = Vec::new();
        for subset in backend::subsets(self.seen, "") {
            for endpoint in subset.endpoints.iter().filter(|e| e.address == text) {
                let labels = format!("{}.{}.{}", endpoint.label, subset.service, subset.namespace);
                let service = Key::new(Kind::Service, subset.namespace, subset.service);
                let record = pointer(&labels, endpoint.pod.clone(), service);
                if records.iter().all(|r| r.data != record.data) {
                    records.push(record);
                }
            }
        }
        records
    }

    fn soa(&self) -> ResourceRecord {
        let zone = absolute(&self.corefile.zone);
        let kinds = [Kind::Service, Kind::EndpointSlice];
        let objects = kinds.into_iter().flat_map(|kind| self.seen.list(kind, ""));
        let newest = objects.filter_map(|o| o.metadata.creation_timestamp).max().unwrap_or_default();
        let soa = Soa {
            origin: format!("ns.dns.{zone}"),
            mail: format!("hostmaster.{zone}"),
            serial: u32::try_from(newest.unix_seconds()).unwrap_or(0),
            minimum: self.corefile.ttl,
        };
        ResourceRecord::plain(&zone, Data::Soa(soa), self.corefile.ttl.min(SOA_TTL_MAX))
    }

    fn record(&self, name: &str, data: Data, found: &Found) -> ResourceRecord {
        let (pod, service) = (found.pod.clone(), found.service.clone());
        ResourceRecord { pod, service, ..ResourceRecord::plain(name, data, self.corefile.ttl) }
    }

    /// The domain, in upper or lower case as the question has it: targets keep that.
    fn zone_as_typed<'n>(&'n self, name: &'n str) -> &'n str {
        let at = name.len().saturating_sub(self.corefile.zone.len() + 1);
        name.get(at..).unwrap_or(&self.corefile.zone)
    }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
