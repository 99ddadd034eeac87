//! All records of the cluster's domain and of its reverse zones: what the stage can show.
//!
//! Each record is what the server answers when asked for it, so the list cannot say anything else
//! than the answers do. Left out are names that exist for every possible address
//! (`<a-b-c-d>.<namespace>.pod`), and Services that are stored nowhere.

use api::Kind;
use apimachinery::sorted::SortedSet;
use client::Seen;

use crate::backend::{self, Service};
use crate::corefile::Corefile;
use crate::names::reverse_of;
use crate::record::{Question, RecordType, ResourceRecord};

/// The zone of a kubeadm cluster.
pub fn records(seen: &Seen<'_>) -> Vec<ResourceRecord> {
    Corefile::kubeadm().records(seen)
}

/// Questions in order, each once.
#[derive(Debug, Default)]
struct Questions {
    list: Vec<Question>,
    known: SortedSet<Question>,
}

impl Questions {
    fn add(&mut self, name: &str, kind: RecordType) {
        let question = Question::new(name, kind);
        if self.known.insert(question.clone()) {
            self.list.push(question);
        }
    }

    fn add_reverse(&mut self, address: &str) {
        if let Ok(address) = address.parse() {
            self.add(&reverse_of(address), RecordType::Ptr);
        }
    }
}

impl Corefile {
    /// The zone's records: first its own, then those of each Service.
    pub fn records(&self, seen: &Seen<'_>) -> Vec<ResourceRecord> {
        let mut questions = Questions::default();
        questions.add(&self.zone, RecordType::Soa);
        questions.add(&self.zone, RecordType::Ns);
        questions.add(&format!("dns-version.{}", self.zone), RecordType::Txt);
        for object in seen.list(Kind::Service, "") {
            self.ask_service(seen, &backend::service(object), &mut questions);
        }
        questions.list.iter().flat_map(|q| self.answer(seen, q).answer).collect()
    }

    fn ask_service(&self, seen: &Seen<'_>, service: &Service<'_>, questions: &mut Questions) {
        let name = format!("{}.{}.svc.{}", service.name, service.namespace, self.zone);
        if service.external_name.is_some() {
            questions.add(&name, RecordType::Cname);
            return;
        }
        for kind in [RecordType::A, RecordType::Aaaa, RecordType::Srv] {
            questions.add(&name, kind);
        }
        let mut ports = service.ports.clone();
        for address in &service.cluster_ips {
            questions.add_reverse(address);
        }
        for subset in backend::subsets(seen, service.namespace).filter(|s| s.service == service.name) {
            for endpoint in &subset.endpoints {
                questions.add(&format!("{}.{name}", endpoint.label), RecordType::A);
                questions.add(&format!("{}.{name}", endpoint.label), RecordType::Aaaa);
                questions.add_reverse(endpoint.address);
            }
            ports.extend(subset.ports);
        }
        for port in ports.iter().filter(|p| !p.name.is_empty()) {
            let protocol = port.protocol.to_ascii_lowercase();
            questions.add(&format!("_{}._{protocol}.{name}", port.name), RecordType::Srv);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, headless, slice};
    use api::Key;

    /// All of it, as the DNS specification 1.1.0 and `CoreDNS` have it, for the note's headless
    /// Service with one Pod that is ready and one that is not.
    #[test]
    fn lists_a_headless_service() {
        let fixture = Fixture::new(&[
            headless("nginx", "web"),
            slice("nginx", "web", &[("web-0", "10.244.1.5", true), ("web-1", "10.244.1.6", false)]),
        ]);
        let all = records(&fixture.seen());
        let lines: Vec<String> = all.iter().skip(1).map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "cluster.local. 30 IN NS kube-dns.kube-system.svc.cluster.local.",
                "dns-version.cluster.local. 30 IN TXT \"1.1.0\"",
                "nginx.default.svc.cluster.local. 30 IN A 10.244.1.5",
                "nginx.default.svc.cluster.local. 30 IN SRV 0 100 80 web-0.nginx.default.svc.cluster.local.",
                "web-0.nginx.default.svc.cluster.local. 30 IN A 10.244.1.5",
                "5.1.244.10.in-addr.arpa. 30 IN PTR web-0.nginx.default.svc.cluster.local.",
                "_web._tcp.nginx.default.svc.cluster.local. 30 IN SRV 0 100 80 \
                 web-0.nginx.default.svc.cluster.local.",
            ]
        );
        let of_pod = all.iter().filter(|r| r.pod == Some(Key::new(Kind::Pod, "default", "web-0")));
        assert_eq!(of_pod.count(), 5);
        assert_eq!(Corefile::default().records(&fixture.seen()).last().map(|r| r.ttl), Some(5));
    }
}
