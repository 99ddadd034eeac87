//! What a name below the cluster's domain stands for.
//!
//! Models: `plugin/kubernetes/kubernetes.go` (`Services`, `Records`, `findServices`, `findPods`),
//! with `pods insecure` and no fallthrough for the cluster's domain, as kubeadm configures it.

use std::net::IpAddr;

use api::{Key, Kind};
use client::Seen;

use crate::backend::{self, Port, Service};
use crate::corefile::Corefile;
use crate::names::inside;
use crate::parse::{Asked, ServiceName, parse};

/// There is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// Where a name leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    Address(IpAddr),
    /// Another name, without a final dot: an `ExternalName` Service.
    Name(String),
}

/// One thing that a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub host: Host,
    /// The port; `None` if none is declared.
    pub port: Option<u16>,
    /// Its own labels left of the domain, which an SRV record names.
    pub labels: String,
    pub pod: Option<Key>,
    pub service: Option<Key>,
}

/// The server while it answers one question.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    pub corefile: &'a Corefile,
    pub seen: &'a Seen<'a>,
}

impl Server<'_> {
    /// The labels of `name` left of the domain; `None` if it is not below the domain.
    pub fn labels<'n>(&self, name: &'n str) -> Option<&'n str> {
        inside(name, &format!("{}.", self.corefile.zone))
    }

    /// What the labels stand for; they are in lower case. An empty list means that the name exists and has no
    /// records.
    pub fn find(&self, labels: &str) -> Result<Vec<Found>, Unknown> {
        if labels == "ns.dns" {
            return Ok(self.server_itself(labels));
        }
        match parse(labels) {
            Asked::Inner => Ok(Vec::new()),
            Asked::Nothing => Err(Unknown),
            Asked::Pod { name, namespace } => self.find_pod(name, namespace, labels),
            Asked::Service(name) => self.find_service(&name),
        }
    }

    /// The addresses of the DNS server's own Service, under the given labels.
    pub fn server_itself(&self, labels: &str) -> Vec<Found> {
        let service = backend::find_service(self.seen, "kube-system", "kube-dns");
        let ips = service.map(|s| s.cluster_ips).unwrap_or_default();
        let addresses = ips.into_iter().filter_map(|ip| ip.parse().ok());
        let found = |address| Found {
            host: Host::Address(address),
            port: Some(0),
            labels: labels.to_owned(),
            pod: None,
            service: Some(Key::new(Kind::Service, "kube-system", "kube-dns")),
        };
        addresses.map(found).collect()
    }

    fn namespace_exists(&self, namespace: &str) -> bool {
        self.seen.find(Kind::Namespace, "", namespace).is_some()
    }

    /// `pods insecure`: an address is echoed, whether or not a Pod has it.
    fn find_pod(&self, name: &str, namespace: &str, labels: &str) -> Result<Vec<Found>, Unknown> {
        if !self.namespace_exists(namespace) {
            return Err(Unknown);
        }
        if name.is_empty() {
            return Ok(Vec::new());
        }
        let is_v4 = name.matches('-').count() == 3 && !name.contains("--");
        let text = name.replace('-', if is_v4 { "." } else { ":" });
        let address = text.parse().map_err(|_| Unknown)?;
        let at = labels.find(&format!("{name}.{namespace}.pod")).unwrap_or(0);
        let labels = labels.get(at..).unwrap_or(labels).to_owned();
        Ok(vec![Found { host: Host::Address(address), port: Some(0), labels, pod: None, service: None }])
    }

    fn find_service(&self, asked: &ServiceName<'_>) -> Result<Vec<Found>, Unknown> {
        if !self.namespace_exists(asked.namespace) {
            return Err(Unknown);
        }
        if asked.service.is_empty() {
            return Ok(Vec::new());
        }
        let service = backend::find_service(self.seen, asked.namespace, asked.service).ok_or(Unknown)?;
        let found = if let Some(target) = service.external_name {
            external(&service, target, asked)
        } else if service.is_headless() || !asked.endpoint.is_empty() {
            self.endpoints(&service, asked)
        } else {
            cluster_addresses(&service, asked)
        };
        if found.is_empty() { Err(Unknown) } else { Ok(found) }
    }

    /// Every endpoint of a Service with each of its ports.
    fn endpoints(&self, service: &Service<'_>, asked: &ServiceName<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for subset in backend::subsets(self.seen, service.namespace) {
            if subset.service != service.name {
                continue;
            }
            for endpoint in &subset.endpoints {
                let right = asked.endpoint.is_empty() || asked.endpoint.eq_ignore_ascii_case(&endpoint.label);
                let Some(address) = endpoint.address.parse().ok().filter(|_| right) else { continue };
                for port in subset.ports.iter().filter(|p| matches_port(p, asked)) {
                    found.push(Found {
                        host: Host::Address(address),
                        port: port.number,
                        labels: format!("{}.{}", endpoint.label, own_labels(service)),
                        pod: endpoint.pod.clone(),
                        service: Some(service.key()),
                    });
                }
            }
        }
        found
    }
}

fn own_labels(service: &Service<'_>) -> String {
    format!("{}.{}.svc", service.name, service.namespace)
}

/// Whether a port is one that is asked about; empty parts of the question match any.
fn matches_port(port: &Port<'_>, asked: &ServiceName<'_>) -> bool {
    let matches = |a: &str, b: &str| a.is_empty() || a.eq_ignore_ascii_case(b);
    matches(asked.port, port.name) && matches(asked.protocol, port.protocol)
}

/// What an `ExternalName` Service leads to: it has neither endpoints nor ports, and its target must be a
/// name.
fn external(service: &Service<'_>, target: &str, asked: &ServiceName<'_>) -> Vec<Found> {
    let plain = asked.endpoint.is_empty() && asked.port.is_empty() && asked.protocol.is_empty();
    if !plain || target.parse::<IpAddr>().is_ok() {
        return Vec::new();
    }
    vec![Found {
        host: Host::Name(target.to_owned()),
        port: Some(0),
        labels: own_labels(service),
        pod: None,
        service: Some(service.key()),
    }]
}

fn cluster_addresses(service: &Service<'_>, asked: &ServiceName<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for port in service.ports.iter().filter(|p| matches_port(p, asked)) {
        for address in service.cluster_ips.iter().filter_map(|ip| ip.parse().ok()) {
            found.push(Found {
                host: Host::Address(address),
                port: port.number,
                labels: own_labels(service),
                pod: None,
                service: Some(service.key()),
            });
        }
    }
    found
}
