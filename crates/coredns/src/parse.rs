//! Takes names below the cluster's domain apart.
//!
//! Models: `plugin/kubernetes/parse.go`.
//! Differs: multi-cluster and topology-zone names, which are off by default, are too long to be
//! anything here too.

/// What a name below the cluster's domain asks about. Empty parts match anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// The domain itself, `svc` or `pod`: the name exists, and has no records.
    Inner,
    /// `<name>.<namespace>.pod`.
    Pod { name: &'a str, namespace: &'a str },
    /// `[<endpoint>.|_<port>._<protocol>.]<service>.<namespace>.svc`.
    Service(ServiceName<'a>),
    /// Nothing that could exist.
    Nothing,
}

/// The parts of a Service's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServiceName<'a> {
    pub namespace: &'a str,
    pub service: &'a str,
    pub endpoint: &'a str,
    pub port: &'a str,
    pub protocol: &'a str,
}

/// Takes `labels` apart: what stands left of the domain.
pub fn parse(labels: &str) -> Asked<'_> {
    let parts: Vec<&str> = labels.split('.').rev().collect();
    let strip = |label: &'_ str| -> usize { usize::from(label.starts_with('_')) };
    let mut name = ServiceName::default();
    match parts.as_slice() {
        ["" | "svc" | "pod"] => return Asked::Inner,
        ["pod", namespace] => return Asked::Pod { name: "", namespace },
        ["pod", namespace, pod, rest @ ..] if rest.len() <= 2 => {
            return Asked::Pod { name: pod, namespace };
        }
        ["svc", namespace] => name.namespace = namespace,
        ["svc", namespace, service] => (name.namespace, name.service) = (namespace, service),
        ["svc", namespace, service, endpoint] => {
            (name.namespace, name.service, name.endpoint) = (namespace, service, endpoint);
        }
        ["svc", namespace, service, protocol, port] => {
            (name.namespace, name.service) = (namespace, service);
            name.protocol = protocol.get(strip(protocol)..).unwrap_or_default();
            name.port = port.get(strip(port)..).unwrap_or_default();
        }
        _ => return Asked::Nothing,
    }
    Asked::Service(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_apart() {
        assert_eq!(parse(""), Asked::Inner);
        assert_eq!(parse("svc"), Asked::Inner);
        let service = ServiceName { namespace: "default", service: "nginx", ..ServiceName::default() };
        assert_eq!(parse("nginx.default.svc"), Asked::Service(service));
        assert_eq!(
            parse("web-0.nginx.default.svc"),
            Asked::Service(ServiceName { endpoint: "web-0", ..service })
        );
        assert_eq!(
            parse("_web._tcp.nginx.default.svc"),
            Asked::Service(ServiceName { port: "web", protocol: "tcp", ..service })
        );
        assert_eq!(parse("a._web._tcp.nginx.default.svc"), Asked::Nothing);
        assert_eq!(parse("nginx.default"), Asked::Nothing);
        assert_eq!(parse("10-244-1-5.default.pod"), Asked::Pod { name: "10-244-1-5", namespace: "default" });
    }
}
