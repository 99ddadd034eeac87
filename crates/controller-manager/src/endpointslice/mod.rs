//! Endpoints of Services: which Pods, ready or not, under which host names. [`backends`] are the Pods; [`slices`]
//! compares what is stored with what ought to be.
//!
//! Models: `pkg/controller/endpointslice`, `staging/src/k8s.io/endpointslice`,
//! `pkg/controller/endpoint`.
//! Differs: slices of one Service are filled one after the other up to 100 endpoints; the real
//! reconciler moves endpoints between slices as little as it can, which no reader can tell.

pub(crate) mod backends;
mod slices;

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apiserver::Change;
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Value, json};

use backends::Backends;

use crate::endpoints::is_news;

/// The slice's label with the name of its Service.
pub const SERVICE_LABEL: &str = "kubernetes.io/service-name";
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const MANAGER: &str = "endpointslice-controller.k8s.io";

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct EndpointSlices;

/// The selector of a Service; `None` if it selects nothing by itself.
pub(crate) fn selector_of(service: &Object) -> Option<Selector> {
    let map = service.spec().map_at(&["selector"])?;
    if map.is_empty() {
        return None;
    }
    Some(Selector::from_map(map.iter().map(|(k, v)| (k.as_str(), v.as_str().unwrap_or("")))))
}

impl Controller for EndpointSlices {
    fn name(&self) -> &'static str {
        "endpointslice-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Service, Kind::Pod, Kind::EndpointSlice]
    }

    fn workers(&self) -> usize {
        5
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::Service => vec![Wake::now(change.key.clone())],
            Kind::Pod if is_news(change) => {
                let namespace = &change.object().metadata.namespace;
                let selects = |s: &Object| {
                    selector_of(s).is_some_and(|selector| {
                        [&change.before, &change.after]
                            .into_iter()
                            .flatten()
                            .any(|pod| selector.matches(&pod.metadata.labels))
                    })
                };
                // The real controller gathers changes for a moment before it looks.
                let services = seen.list(Kind::Service, namespace).filter(|s| selects(s));
                services.map(|s| Wake::after(s.key(), BATCH)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(service) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if !turn.caches_include_own_writes(&[Kind::EndpointSlice]) {
            return Ok(Outcome::Failed(String::new()));
        }
        // A Service that is another name has no endpoints.
        let selector = selector_of(&service).filter(|_| service.spec().str_at(&["type"]) != "ExternalName");
        let Some(selector) = selector else { return Ok(Outcome::Done) };
        let (seen, actor) = (turn.seen(), turn.actor().clone());
        let requests = turn.once(|| {
            let existing: Vec<&Rc<Object>> = seen
                .list(Kind::EndpointSlice, &key.namespace)
                .filter(|s| {
                    s.metadata.label(SERVICE_LABEL) == &*key.name && s.metadata.label(MANAGED_BY) == MANAGER
                })
                .collect();
            let backends = Backends::of(selector);
            let backends = seen.follow(key.clone(), backends, Kind::Pod, &key.namespace);
            slices::corrections(&actor, &service, &existing, &backends)
        });
        for answer in turn.request_all(Vec::clone(&requests))? {
            answer?;
        }
        Ok(Outcome::Done)
    }
}

/// Pod changes are gathered for so long.
const BATCH: std::time::Duration = std::time::Duration::from_millis(20);

/// Whether all Pods of a Service offer the same ports: none is named by a container's port.
pub(crate) fn has_plain_ports(service: &Object) -> bool {
    service
        .spec()
        .list_at(&["ports"])
        .iter()
        .all(|port| !matches!(port.at(&["targetPort"]), Some(Value::String(_))))
}

/// The ports of a slice, in its order.
pub(crate) fn slice_ports(service: &Object, pod: Option<&Object>) -> Value {
    let ports = by_hash(ports(service, pod), |port| {
        format!(
            "(v1.EndpointPort){{Name:(*string){} Protocol:(*v1.Protocol){} Port:(*int32){} AppProtocol:(*string){}}}",
            port.str_at(&["name"]),
            port.str_at(&["protocol"]),
            port.i64_at(&["port"]).unwrap_or(0),
            port.at(&["appProtocol"]).and_then(Value::as_str).unwrap_or("<nil>"),
        )
    });
    Value::Array(ports)
}

/// Ports in the order of the hashes (FNV-1a of 128 bits) of how Go prints them.
pub(crate) fn by_hash(ports: Vec<Value>, printed: impl Fn(&Value) -> String) -> Vec<Value> {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    let hash =
        |text: &str| text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let mut ports: Vec<(u128, Value)> = ports.into_iter().map(|port| (hash(&printed(&port)), port)).collect();
    ports.sort_by_key(|(hash, _)| *hash);
    ports.into_iter().map(|(_, port)| port).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes, as `fnv.New128a` of Go's `dump.ForHash`, are b6c4… of `http`, 5b60… of the nameless
    /// port and e4f0… of `m`.
    #[test]
    fn ports_stand_in_the_order_of_their_hashes() {
        let mut service = Object::new(Kind::Service, "default", "s");
        service.set_field(
            "spec",
            json!({"ports": [
                {"name": "m", "port": 9090, "protocol": "TCP"},
                {"name": "http", "port": 80, "protocol": "TCP"},
                {"name": "", "port": 9090, "protocol": "UDP", "appProtocol": "k8s.io/h2c"}]}),
        );
        let ports = slice_ports(&service, None);
        let names: Vec<&str> = ports.list_at(&[]).iter().map(|port| port.str_at(&["name"])).collect();
        assert_eq!(names, ["", "http", "m"]);
    }
}
