//! What the controllers of `Endpoints` and `EndpointSlice`s both read of a Service and its Pods.
//!
//! Models: `pkg/controller/endpoint`, `staging/src/k8s.io/endpointslice`.

use api::Object;
use api::core::Pod;
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apiserver::Change;
use serde_json::{Value, json};

/// The label of an object that holds the addresses of a headless Service.
pub(crate) const HEADLESS: &str = "service.kubernetes.io/headless";
/// The annotation that says when the newest change happened.
pub(crate) const TRIGGER_TIME: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// The selector of a Service; `None` if it has none: then somebody else says where it leads.
pub(crate) fn selector_of(service: &Object) -> Option<Selector> {
    let map = service.spec().map_at(&["selector"])?;
    if map.is_empty() {
        return None;
    }
    Some(Selector::from_map(map.iter().map(|(k, v)| (k.as_str(), v.as_str().unwrap_or("")))))
}

/// What the addresses of a Service depend on in a Pod. The phase is not among it: a Pod that was not ready
/// before it failed stays where it is until something else happens.
fn read(pod: &Object) -> (&str, bool, bool, &str, &str) {
    let spec = pod.spec();
    let (ready, deleting) = (Pod(pod).has_ready_condition(), pod.metadata.is_deleting());
    (Pod(pod).ip(), ready, deleting, spec.str_at(&["hostname"]), spec.str_at(&["subdomain"]))
}

/// Whether a change of a Pod can move addresses.
pub(crate) fn is_news(change: &Change) -> bool {
    match [change.before.as_ref(), change.after.as_ref()] {
        [Some(before), Some(after)] => {
            read(before) != read(after) || before.metadata.labels != after.metadata.labels
        }
        [before, after] => before.or(after).is_some_and(|pod| !Pod(pod).ip().is_empty()),
    }
}

/// Whether all Pods of a Service offer the same ports: no target port is the name of a container's port.
pub(crate) fn has_plain_ports(service: &Object) -> bool {
    service
        .spec()
        .list_at(&["ports"])
        .iter()
        .all(|port| !matches!(port.at(&["targetPort"]), Some(Value::String(_))))
}

/// The ports of a Pod for a Service: named target ports are looked up in its containers.
pub(crate) fn ports(service: &Object, pod: Option<&Object>) -> Vec<Value> {
    let ports = service.spec().list_at(&["ports"]).iter().filter_map(|port| {
        let number = match port.at(&["targetPort"]) {
            Some(Value::String(name)) => named_port(pod?, name, port.str_at(&["protocol"]))?,
            Some(number) => number.as_i64()?,
            None => port.i64_at(&["port"])?,
        };
        let mut value =
            json!({"name": port.str_at(&["name"]), "port": number, "protocol": port.str_at(&["protocol"])});
        if let Some(app) = port.at(&["appProtocol"]) {
            apimachinery::value::set_at(&mut value, &["appProtocol"], app.clone());
        }
        Some(value)
    });
    ports.collect()
}

fn named_port(pod: &Object, name: &str, protocol: &str) -> Option<i64> {
    let containers = pod.spec().list_at(&["containers"]).iter();
    let mut ports = containers.flat_map(|c| c.list_at(&["ports"]));
    ports
        .find(|p| p.str_at(&["name"]) == name && p.str_at(&["protocol"]) == protocol)?
        .i64_at(&["containerPort"])
}

/// Sorts ports by a hash (FNV-1a of 128 bits) of how Go prints them.
pub(crate) fn by_hash(ports: Vec<Value>, printed: impl Fn(&Value) -> String) -> Vec<Value> {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    let hash =
        |text: &str| text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let mut ports: Vec<(u128, Value)> = ports.into_iter().map(|port| (hash(&printed(&port)), port)).collect();
    ports.sort_by_key(|(hash, _)| *hash);
    ports.into_iter().map(|(_, port)| port).collect()
}
