//! `/etc/resolv.conf` of a container: whom to ask, and which endings to try.
//!
//! Models: `pkg/kubelet/network/dns` (`GetPodDNS`), containerd's `parseDNSOptions` for the text.

use std::fmt::Write as _;

use api::Object;
use apimachinery::value::ValueExt;
use client::Seen;
use serde_json::Value;

use crate::backend;
use crate::corefile::Corefile;
use crate::names::absolute;

/// The name server of the nodes themselves.
pub const NODE_NAMESERVER: &str = "192.168.49.1";
/// Limits of the kubelet: name servers, and search domains.
const NAMESERVERS_MAX: usize = 3;
const SEARCHES_MAX: usize = 32;

/// The file's content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResolvConf {
    /// Endings that are tried, in order.
    pub search: Vec<String>,
    /// Servers, in order.
    pub nameservers: Vec<String>,
    /// `ndots:5` and the like.
    pub options: Vec<String>,
}

impl ResolvConf {
    /// What the kubelet gives a Pod: its `dnsPolicy` and `dnsConfig` decide.
    pub fn of(pod: &Object, seen: &Seen<'_>, corefile: &Corefile) -> Self {
        let spec = pod.spec();
        let on_host = spec.bool_at(&["hostNetwork"]) == Some(true);
        let mut file = match (spec.str_at(&["dnsPolicy"]), on_host) {
            ("None", _) => Self::default(),
            ("Default", _) | ("ClusterFirst" | "", true) => {
                Self { nameservers: vec![NODE_NAMESERVER.to_owned()], ..Self::default() }
            }
            _ => Self::cluster_first(&pod.metadata.namespace, seen, corefile),
        };
        if let Some(config) = spec.at(&["dnsConfig"]) {
            file.append(config);
        }
        file.nameservers.truncate(NAMESERVERS_MAX);
        file.search.truncate(SEARCHES_MAX);
        file
    }

    fn cluster_first(namespace: &str, seen: &Seen<'_>, corefile: &Corefile) -> Self {
        let zone = &corefile.zone;
        Self {
            search: vec![format!("{namespace}.svc.{zone}"), format!("svc.{zone}"), zone.clone()],
            nameservers: vec![cluster_dns(seen)],
            options: vec!["ndots:5".to_owned()],
        }
    }

    fn append(&mut self, config: &Value) {
        for (list, name) in [(&mut self.nameservers, "nameservers"), (&mut self.search, "searches")] {
            for text in config.list_at(&[name]).iter().filter_map(Value::as_str) {
                if list.iter().all(|known| known != text) {
                    list.push(text.to_owned());
                }
            }
        }
        for option in config.list_at(&["options"]) {
            let (name, value) = (option.str_at(&["name"]), option.str_at(&["value"]));
            let text = if value.is_empty() { name.to_owned() } else { format!("{name}:{value}") };
            match self.options.iter_mut().find(|o| o.split(':').next() == Some(name)) {
                Some(known) => *known = text,
                None => self.options.push(text),
            }
        }
    }

    /// A name with so many dots is tried as it is before the endings.
    pub fn ndots(&self) -> usize {
        let value = self.options.iter().find_map(|o| o.strip_prefix("ndots:"));
        value.and_then(|v| v.parse().ok()).unwrap_or(1)
    }

    /// The absolute names that a C library asks for, in order.
    pub fn candidates(&self, name: &str) -> Vec<String> {
        if name.ends_with('.') {
            return vec![name.to_owned()];
        }
        let mut names: Vec<String> =
            self.search.iter().map(|ending| absolute(&format!("{name}.{ending}"))).collect();
        let at = if name.matches('.').count() >= self.ndots() { 0 } else { names.len() };
        names.insert(at, absolute(name));
        names
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.search.is_empty() {
            let _ = writeln!(text, "search {}", self.search.join(" "));
        }
        for server in &self.nameservers {
            let _ = writeln!(text, "nameserver {server}");
        }
        if !self.options.is_empty() {
            let _ = writeln!(text, "options {}", self.options.join(" "));
        }
        text
    }
}

/// The address of the cluster's DNS server, which every kubelet is told.
pub fn cluster_dns(seen: &Seen<'_>) -> String {
    let service = backend::find_service(seen, "kube-system", "kube-dns");
    let ip = service.as_ref().and_then(|s| s.cluster_ips.first());
    ip.map(|ip| (*ip).to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::{Fixture, pod};

    fn file(spec: &Value) -> ResolvConf {
        let fixture = Fixture::new(&[]);
        let mut pod = pod("dns-test", "10.244.1.9", "busybox", "");
        pod.set_field("spec", spec.clone());
        ResolvConf::of(&pod, &fixture.seen(), &Corefile::kubeadm())
    }

    /// N23; there the cluster's DNS has another address.
    #[test]
    fn cluster_first_is_as_recorded() {
        assert_eq!(
            file(&json!({})).text(),
            "search default.svc.cluster.local svc.cluster.local cluster.local\n\
             nameserver 10.96.0.10\noptions ndots:5\n"
        );
    }

    #[test]
    fn policies_and_own_configuration() {
        let host = file(&json!({"hostNetwork": true, "dnsPolicy": "ClusterFirst"}));
        assert_eq!(host.nameservers, [NODE_NAMESERVER]);
        let both = file(&json!({"hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet"}));
        assert_eq!(both.nameservers, ["10.96.0.10"]);
        let own = file(&json!({"dnsConfig": {"searches": ["corp.example"], "nameservers": ["1.2.3.4"],
            "options": [{"name": "ndots", "value": "2"}, {"name": "edns0"}]}}));
        assert_eq!(own.search.last().map(String::as_str), Some("corp.example"));
        assert_eq!(own.nameservers, ["10.96.0.10", "1.2.3.4"]);
        assert_eq!(own.options, ["ndots:2", "edns0"]);
        let none = file(&json!({"dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.2.3.4"]}}));
        assert_eq!(none.text(), "nameserver 1.2.3.4\n");
    }

    #[test]
    fn fewer_than_five_dots_try_the_endings_first() {
        let file = file(&json!({}));
        assert_eq!(
            file.candidates("web-0.nginx"),
            [
                "web-0.nginx.default.svc.cluster.local.",
                "web-0.nginx.svc.cluster.local.",
                "web-0.nginx.cluster.local.",
                "web-0.nginx.",
            ]
        );
        let five = file.candidates("web-0.nginx.default.svc.cluster.local");
        assert_eq!(five.first().map(String::as_str), Some("web-0.nginx.default.svc.cluster.local."));
        assert_eq!(five.len(), 4);
        assert_eq!(file.candidates("nginx."), ["nginx."]);
    }
}
