//! The resolver of a C library in a container: it reads the container's files, and asks one server.
//!
//! Models: glibc's `getaddrinfo` and `getnameinfo` with `hosts: files dns`.
//! Differs: musl gives up at the first name that exists without an address, and asks all its
//! servers at once; here the first server alone is asked, as it always replies.

use std::net::IpAddr;

use api::Object;
use apimachinery::{Rng, Time};
use client::Seen;

use crate::corefile::Corefile;
use crate::hosts::{self, HostsLine};
use crate::names::{bare, reverse_of};
use crate::record::{Answer, Data, Question, RecordType};
use crate::resolv::{NODE_NAMESERVER, ResolvConf, cluster_dns};

/// A resolver: all that a tool in a container can know.
#[derive(Debug, Clone)]
pub struct Stub<'a> {
    seen: Seen<'a>,
    corefile: Corefile,
    now: Time,
    draw: Option<u64>,
    /// `/etc/resolv.conf`.
    pub resolv_conf: ResolvConf,
    hosts: Vec<HostsLine>,
    image: String,
    /// Where cluster DNS is asked.
    dns: String,
}

/// The result of resolving a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolution {
    /// The canonical name, without a final dot; empty if there is none.
    pub canonical: String,
    /// Further names, from the hosts file.
    pub aliases: Vec<String>,
    /// Its addresses, in the order of arrival.
    pub addresses: Vec<IpAddr>,
    /// The questions that were asked on the way, with their answers.
    pub tried: Vec<Answer>,
}

impl<'a> Stub<'a> {
    /// The resolver in `pod` of a kubeadm cluster; its DNS server sees `seen`. Records come in the order of
    /// the objects until a seed is given.
    pub fn new(seen: &Seen<'a>, pod: &Object, now: Time) -> Self {
        let corefile = Corefile::kubeadm();
        Self {
            seen: *seen,
            now,
            draw: None,
            resolv_conf: ResolvConf::of(pod, seen, &corefile),
            hosts: hosts::lines(pod, &corefile),
            image: image_of(pod),
            dns: cluster_dns(seen),
            corefile,
        }
    }

    /// This resolver, with the order of addresses and of replies drawn from `seed`.
    #[must_use]
    pub fn drawn(mut self, seed: u64) -> Self {
        self.draw = Some(seed);
        self
    }

    /// This resolver, with cluster DNS at another address: the kubelet's `--cluster-dns`.
    #[must_use]
    pub fn with_cluster_dns(mut self, address: &str) -> Self {
        for server in self.resolv_conf.nameservers.iter_mut().filter(|server| **server == self.dns) {
            address.clone_into(server);
        }
        address.clone_into(&mut self.dns);
        self
    }

    /// This resolver, with the tools of another image; with its own if that is empty.
    #[must_use]
    pub fn with_tools_of(mut self, image: &str) -> Self {
        if !image.is_empty() {
            image.clone_into(&mut self.image);
        }
        self
    }

    /// When it is asked.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The image whose tools it has: that of the Pod's first container, unless another one was given.
    pub fn image(&self) -> &str {
        &self.image
    }

    /// The server that is asked.
    pub fn server(&self) -> &str {
        self.resolv_conf.nameservers.first().map_or("127.0.0.1", String::as_str)
    }

    /// A stream of chance for one purpose; `None` if nothing is left to chance.
    pub fn rng(&self, purpose: &str) -> Option<Rng> {
        self.draw.map(|seed| Rng::stream(seed, purpose))
    }

    /// What the server at this address replies; `None` if nothing comes back.
    pub fn ask(&self, server: &str, question: &Question) -> Option<Answer> {
        if server == self.dns {
            let answer = self.corefile.answer(&self.seen, question);
            let rng = self.rng(&format!("loadbalance/{}/{}", question.name, question.kind));
            return Some(rng.map_or(answer.clone(), |mut rng| answer.shuffled(&mut rng)));
        }
        (server == NODE_NAMESERVER).then(|| Answer::foreign(question))
    }

    /// The address that `text` is, or that it is the name of: so tools read a server's name.
    pub fn address_of(&self, text: &str) -> Option<IpAddr> {
        self.resolve(self.server(), text).addresses.first().copied()
    }

    /// `getaddrinfo`: looks in the hosts file, then asks for each name of the search list until one has
    /// addresses.
    pub fn resolve(&self, server: &str, name: &str) -> Resolution {
        if let Ok(address) = name.parse() {
            return Resolution {
                canonical: name.to_owned(),
                addresses: vec![address],
                ..Resolution::default()
            };
        }
        if let Some(found) = self.resolve_from_file(name) {
            return found;
        }
        let mut found = Resolution::default();
        for candidate in self.resolv_conf.candidates(name) {
            for kind in [RecordType::A, RecordType::Aaaa] {
                let Some(answer) = self.ask(server, &Question::new(&candidate, kind)) else { continue };
                for record in &answer.answer {
                    if let Some(address) = record.address() {
                        bare(&record.name).clone_into(&mut found.canonical);
                        found.addresses.push(address);
                    }
                }
                found.tried.push(answer);
            }
            if !found.addresses.is_empty() {
                break;
            }
        }
        found
    }

    fn resolve_from_file(&self, name: &str) -> Option<Resolution> {
        let has_it = |line: &&HostsLine| line.names.iter().any(|n| n.eq_ignore_ascii_case(bare(name)));
        let lines: Vec<&HostsLine> = self.hosts.iter().filter(has_it).collect();
        let canonical = lines.first()?.names.first()?;
        let mut aliases: Vec<String> = Vec::new();
        for name in lines.iter().flat_map(|l| &l.names) {
            if name != canonical && !aliases.contains(name) {
                aliases.push(name.clone());
            }
        }
        Some(Resolution {
            canonical: canonical.clone(),
            aliases,
            addresses: lines.iter().map(|l| l.address).collect(),
            tried: Vec::new(),
        })
    }

    /// `getnameinfo`: the name of an address with other names of it, from the hosts file or by PTR.
    pub fn names_of(&self, server: &str, address: IpAddr) -> Vec<String> {
        if let Some(line) = self.hosts.iter().find(|l| l.address == address) {
            return line.names.clone();
        }
        let question = Question::new(&reverse_of(address), RecordType::Ptr);
        let answer = self.ask(server, &question).map(|a| a.answer).unwrap_or_default();
        let name = |data: &Data| match data {
            Data::Ptr(name) => Some(bare(name).to_owned()),
            _ => None,
        };
        answer.iter().filter_map(|r| name(&r.data)).collect()
    }
}

fn image_of(pod: &Object) -> String {
    use apimachinery::value::ValueExt;
    let containers = pod.spec().list_at(&["containers"]);
    containers.first().map(|c| c.str_at(&["image"]).to_owned()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fixture::{pod, recorded};

    #[test]
    fn the_search_list_leads_to_the_name() {
        let fixture = recorded();
        let test = pod("dns-test", "10.244.1.9", "busybox:1.28.4", "");
        let stub = Stub::new(&fixture.seen(), &test, Time::default());
        let found = stub.resolve(stub.server(), "web-0.nginx");
        assert_eq!(found.canonical, "web-0.nginx.default.svc.cluster.local");
        assert_eq!(found.addresses, ["10.244.1.5".parse::<IpAddr>().unwrap()]);
        assert_eq!(found.tried.len(), 2);
        let none = stub.resolve(stub.server(), "web-9.nginx");
        assert!(none.addresses.is_empty());
        assert_eq!(none.tried.len(), 8);
        assert_eq!(
            stub.names_of(stub.server(), "10.244.1.6".parse().unwrap()),
            ["web-1.nginx.default.svc.cluster.local"]
        );
    }

    /// "So a pod always resolves itself, even with no Service."
    #[test]
    fn a_pod_knows_itself() {
        let fixture = crate::fixture::Fixture::new(&[]);
        let web = pod("web-0", "10.244.1.5", "nginx", "nginx");
        let stub = Stub::new(&fixture.seen(), &web, Time::default());
        let found = stub.resolve(stub.server(), "web-0");
        assert_eq!(found.canonical, "web-0.nginx.default.svc.cluster.local");
        assert!(found.tried.is_empty());
    }
}
