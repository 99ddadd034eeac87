//! Clusters for tests: objects made through the API server.
#![allow(clippy::unwrap_used)]

use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, ApiServer, Body, Request, Verb, WriteOptions};
use client::{Cursors, Seen};
use serde_json::{Value, json};

/// A store and a view of all of it.
pub struct Fixture {
    server: ApiServer,
    cursors: Cursors,
}

impl Fixture {
    /// The namespaces `default` and `kube-system`, and these manifests in `default`.
    pub fn new(manifests: &[Value]) -> Self {
        let mut server = ApiServer::new(1, Time::default());
        let namespace =
            |name: &str| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        let mut all = vec![namespace("default"), namespace("kube-system")];
        all.extend(manifests.iter().cloned());
        for manifest in all {
            let kind =
                Kind::from_manifest(manifest.str_at(&["apiVersion"]), manifest.str_at(&["kind"])).unwrap();
            let name = manifest.str_at(&["metadata", "name"]).to_owned();
            let key = Key::new(kind, "default", name.as_str());
            let verb = Verb::Create(Body::Untyped(manifest), WriteOptions::default());
            let request = Request { actor: Actor::user(), key, verb };
            server.handle(Time::from_unix_seconds(1_795_312_800), 0, &request).unwrap();
        }
        let kinds = [Kind::Namespace, Kind::Service, Kind::EndpointSlice];
        let cursors = Cursors::at(&kinds, server.store().revision());
        Self { server, cursors }
    }

    /// What a DNS server sees.
    pub fn seen(&self) -> Seen<'_> {
        Seen::new(self.server.store(), &self.cursors)
    }
}

/// A headless Service that selects `app: nginx`, with one port 80 of this name (or of none).
pub fn headless(name: &str, port: &str) -> Value {
    service(name, "None", port)
}

/// A Service with this cluster address.
pub fn service(name: &str, ip: &str, port: &str) -> Value {
    let mut ports = json!([{"port": 80}]);
    if !port.is_empty() {
        ports = json!([{"port": 80, "name": port}]);
    }
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"clusterIP": ip, "selector": {"app": "nginx"}, "ports": ports}})
}

/// The slice of a Service: Pods with their addresses and whether they are ready. A Pod that begins
/// with `-` has no host name in this Service.
pub fn slice(service: &str, port: &str, pods: &[(&str, &str, bool)]) -> Value {
    let endpoint = |(name, ip, ready): &(&str, &str, bool)| {
        let pod = name.trim_start_matches('-');
        let mut endpoint = json!({"addresses": [ip], "conditions": {"ready": ready},
            "targetRef": {"kind": "Pod", "namespace": "default", "name": pod}});
        if pod == *name {
            apimachinery::value::set_at(&mut endpoint, &["hostname"], pod.into());
        }
        endpoint
    };
    let endpoints: Vec<Value> = pods.iter().map(endpoint).collect();
    json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
        "metadata": {"name": format!("{service}-abcde"), "labels": {"kubernetes.io/service-name": service}},
        "addressType": "IPv4", "endpoints": endpoints,
        "ports": [{"name": port, "port": 80, "protocol": "TCP"}]})
}

/// A running Pod of `default`.
pub fn pod(name: &str, ip: &str, image: &str, subdomain: &str) -> Object {
    let mut spec = json!({"containers": [{"name": "main", "image": image}]});
    if !subdomain.is_empty() {
        spec = json!({"containers": [{"name": "main", "image": image}],
            "hostname": name, "subdomain": subdomain});
    }
    let mut pod = Object::new(Kind::Pod, "default", name);
    pod.set_field("spec", spec);
    pod.set_field("status", json!({"phase": "Running", "podIP": ip}));
    pod
}

/// The three Pods of the recorded set behind `nginx`, port `web`.
pub fn recorded() -> Fixture {
    Fixture::new(&[headless("nginx", "web"), slice("nginx", "web", &THREE)])
}

/// `web-0` to `web-2`, ready.
pub const THREE: [(&str, &str, bool); 3] =
    [("web-0", "10.244.1.5", true), ("web-1", "10.244.1.6", true), ("web-2", "10.244.1.7", true)];
