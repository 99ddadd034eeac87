//! What the server reads of Services and `EndpointSlices`.
//!
//! Models: `plugin/kubernetes/object/{service,endpoint}.go`.

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use client::Seen;
use serde_json::Value;

/// The slice's label with the name of its Service.
const SERVICE_LABEL: &str = "kubernetes.io/service-name";

/// A port of a Service or of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port<'a> {
    pub name: &'a str,
    pub protocol: &'a str,
    /// The number; `None` if no port is declared. Then there are address records but no SRV records.
    pub number: Option<u16>,
}

/// The entry that stands for "no port is declared".
const NO_PORT: Port<'static> = Port { name: "", protocol: "", number: None };

/// A Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    /// The name that an `ExternalName` Service stands for.
    pub external_name: Option<&'a str>,
    /// Its addresses in the cluster; of a headless Service the word `None`.
    pub cluster_ips: Vec<&'a str>,
    pub ports: Vec<Port<'a>>,
}

/// An address that is ready, or that is published though it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint<'a> {
    pub address: &'a str,
    /// Its label below the Service: the host name, or the address with dashes.
    pub label: String,
    /// The Pod behind it.
    pub pod: Option<Key>,
}

/// Addresses, each of which offers the same ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subset<'a> {
    pub namespace: &'a str,
    pub service: &'a str,
    pub endpoints: Vec<Endpoint<'a>>,
    pub ports: Vec<Port<'a>>,
}

/// Services that every cluster has from its first minute, whether or not they are stored.
const BUILT_IN: [(&str, &str, &str, &[Port<'static>]); 2] = [
    ("default", "kubernetes", "10.96.0.1", &[Port { name: "https", protocol: "TCP", number: Some(443) }]),
    (
        "kube-system",
        "kube-dns",
        "10.96.0.10",
        &[
            Port { name: "dns", protocol: "UDP", number: Some(53) },
            Port { name: "dns-tcp", protocol: "TCP", number: Some(53) },
            Port { name: "metrics", protocol: "TCP", number: Some(9_153) },
        ],
    ),
];

impl Service<'_> {
    /// Whether it has no address of its own.
    pub fn is_headless(&self) -> bool {
        self.cluster_ips.first().is_some_and(|ip| *ip == "None")
    }

    /// Where it is stored.
    pub fn key(&self) -> Key {
        Key::new(Kind::Service, self.namespace, self.name)
    }
}

fn port(value: &Value) -> Port<'_> {
    Port {
        name: value.str_at(&["name"]),
        protocol: value.str_at(&["protocol"]),
        number: value.i64_at(&["port"]).and_then(|n| u16::try_from(n).ok()),
    }
}

fn ports(list: &[Value]) -> Vec<Port<'_>> {
    if list.is_empty() {
        return vec![NO_PORT];
    }
    list.iter().map(port).collect()
}

/// Reads what matters of a Service.
pub fn service(object: &Object) -> Service<'_> {
    let spec = object.spec();
    let ips: Vec<&str> = spec.list_at(&["clusterIPs"]).iter().filter_map(Value::as_str).collect();
    let external = (spec.str_at(&["type"]) == "ExternalName").then(|| spec.str_at(&["externalName"]));
    Service {
        namespace: &object.metadata.namespace,
        name: &object.metadata.name,
        external_name: external,
        cluster_ips: if ips.is_empty() { vec![spec.str_at(&["clusterIP"])] } else { ips },
        ports: ports(spec.list_at(&["ports"])),
    }
}

/// The Service of this name.
pub fn find_service<'a>(seen: &Seen<'a>, namespace: &str, name: &str) -> Option<Service<'a>> {
    if let Some(object) = seen.find(Kind::Service, namespace, name) {
        return Some(service(object));
    }
    built_in().find(|s| s.namespace == namespace && s.name == name)
}

fn built_in() -> impl Iterator<Item = Service<'static>> {
    BUILT_IN.into_iter().map(|(namespace, name, ip, ports)| Service {
        namespace,
        name,
        external_name: None,
        cluster_ips: vec![ip],
        ports: ports.to_vec(),
    })
}

/// The Service with this cluster address.
pub fn service_with_ip<'a>(seen: &Seen<'a>, ip: &str) -> Option<Service<'a>> {
    let has_it = |service: &Service<'_>| service.cluster_ips.contains(&ip);
    let mut stored = seen.list(Kind::Service, "").map(|object| service(object));
    if let Some(service) = stored.find(|s| has_it(s)) {
        return Some(service);
    }
    built_in().find(|s| has_it(s) && seen.find(Kind::Service, s.namespace, s.name).is_none())
}

/// Reads what matters of an `EndpointSlice`: endpoints that are ready, or that do not say.
pub fn subset(slice: &Object) -> Subset<'_> {
    let mut endpoints = Vec::new();
    for endpoint in slice.field("endpoints").as_array().into_iter().flatten() {
        if endpoint.bool_at(&["conditions", "ready"]) == Some(false) {
            continue;
        }
        let pod = (endpoint.str_at(&["targetRef", "kind"]) == "Pod").then(|| {
            let namespace = slice.metadata.namespace.as_str();
            Key::new(Kind::Pod, namespace, endpoint.str_at(&["targetRef", "name"]))
        });
        let hostname = endpoint.str_at(&["hostname"]);
        for address in endpoint.list_at(&["addresses"]).iter().filter_map(Value::as_str) {
            let label = if hostname.is_empty() { dashed(address) } else { hostname.to_owned() };
            endpoints.push(Endpoint { address, label, pod: pod.clone() });
        }
    }
    Subset {
        namespace: &slice.metadata.namespace,
        service: slice.metadata.label(SERVICE_LABEL),
        endpoints,
        ports: ports(slice.field("ports").as_array().map_or(&[], Vec::as_slice)),
    }
}

/// An address as a label.
fn dashed(address: &str) -> String {
    let label = address.replace(['.', ':'], "-");
    if address.contains(':') && label.ends_with('-') { format!("{label}0") } else { label }
}

/// The slices of a namespace, or of all; in the order of their names.
pub fn subsets<'a>(seen: &Seen<'a>, namespace: &str) -> impl Iterator<Item = Subset<'a>> + use<'a> {
    seen.list(Kind::EndpointSlice, namespace).map(|slice| subset(slice))
}
