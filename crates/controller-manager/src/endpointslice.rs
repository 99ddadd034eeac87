//! Endpoints of Services: which Pods, ready or not, under which host names.
//!
//! Models: `pkg/controller/endpointslice`, `staging/src/k8s.io/endpointslice`,
//! `pkg/controller/endpoint`.
//! Differs: slices of one Service are filled one after the other up to 100 endpoints; the real
//! reconciler moves endpoints between slices as little as it can, which no reader can tell.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apiserver::{Change, DeleteOptions, Request};
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Value, json};

/// Endpoints in one slice at most.
const SLICE_MAX: usize = 100;
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
            Kind::Pod => {
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
        let Some(selector) = selector_of(&service) else { return Ok(Outcome::Done) };
        let existing: Vec<Rc<Object>> = turn
            .list(Kind::EndpointSlice, &key.namespace)
            .filter(|s| {
                s.metadata.label(SERVICE_LABEL) == &*key.name && s.metadata.label(MANAGED_BY) == MANAGER
            })
            .cloned()
            .collect();
        let pods: Vec<Rc<Object>> = turn
            .list(Kind::Pod, &key.namespace)
            .filter(|p| selector.matches(&p.metadata.labels) && !Pod(p).ip().is_empty())
            .filter(|p| !matches!(Pod(p).phase(), "Succeeded" | "Failed"))
            .cloned()
            .collect();
        let wanted = wanted_slices(&service, &pods, &existing);
        reconcile(&service, &existing, &wanted, turn)?;
        Ok(Outcome::Done)
    }
}

/// Pod changes are gathered for so long.
const BATCH: std::time::Duration = std::time::Duration::from_millis(20);

/// Ports and endpoints of one slice.
#[derive(Debug, Clone, PartialEq)]
struct Slice {
    ports: Value,
    endpoints: Vec<Value>,
}

fn endpoint(service: &Object, pod: &Object) -> Value {
    let publish = service.spec().bool_at(&["publishNotReadyAddresses"]).unwrap_or(false);
    let ready = Pod(pod).has_ready_condition();
    let terminating = pod.metadata.is_deleting();
    let mut endpoint = json!({
        "addresses": [Pod(pod).ip()],
        "conditions": {"ready": publish || (ready && !terminating), "serving": ready, "terminating": terminating},
        "nodeName": Pod(pod).node_name(),
        "targetRef": {"kind": "Pod", "namespace": pod.metadata.namespace, "name": pod.metadata.name, "uid": pod.metadata.uid},
    });
    let spec = pod.spec();
    let hostname = spec.str_at(&["hostname"]);
    if !hostname.is_empty() && spec.str_at(&["subdomain"]) == service.metadata.name {
        apimachinery::value::set_at(&mut endpoint, &["hostname"], hostname.into());
    }
    endpoint
}

/// The ports of a Pod for a Service: named target ports are looked up in its containers.
pub(crate) fn ports(service: &Object, pod: Option<&Object>) -> Value {
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
    Value::Array(ports.collect())
}

fn named_port(pod: &Object, name: &str, protocol: &str) -> Option<i64> {
    let containers = pod.spec().list_at(&["containers"]).iter();
    let mut ports = containers.flat_map(|c| c.list_at(&["ports"]));
    ports
        .find(|p| p.str_at(&["name"]) == name && p.str_at(&["protocol"]) == protocol)?
        .i64_at(&["containerPort"])
}

/// Endpoints grouped by ports, in the order in which they joined.
fn wanted_slices(service: &Object, pods: &[Rc<Object>], existing: &[Rc<Object>]) -> Vec<Slice> {
    let mut joined: BTreeMap<String, usize> = BTreeMap::new();
    let known = existing.iter().flat_map(|s| s.field("endpoints").as_array().into_iter().flatten());
    for (at, endpoint) in known.enumerate() {
        joined.insert(endpoint.str_at(&["targetRef", "uid"]).to_owned(), at);
    }
    let mut order: Vec<&Rc<Object>> = pods.iter().collect();
    order.sort_by_key(|p| joined.get(&p.metadata.uid).copied().unwrap_or(usize::MAX));
    let mut slices: Vec<Slice> = Vec::new();
    for pod in order {
        let ports = ports(service, Some(pod));
        let endpoint = endpoint(service, pod);
        let open = slices.iter_mut().find(|s| s.ports == ports && s.endpoints.len() < SLICE_MAX);
        match open {
            Some(slice) => slice.endpoints.push(endpoint),
            None => slices.push(Slice { ports, endpoints: vec![endpoint] }),
        }
    }
    if slices.is_empty() {
        slices.push(Slice { ports: Value::Null, endpoints: Vec::new() });
    }
    slices
}

fn reconcile(
    service: &Rc<Object>,
    existing: &[Rc<Object>],
    wanted: &[Slice],
    turn: &mut Turn<'_>,
) -> Result<(), Halt> {
    let mut requests = Vec::new();
    for (at, slice) in wanted.iter().enumerate() {
        if let Some(old) = existing.get(at) {
            let new = filled(service, Object::clone(old), slice);
            if new != **old {
                requests.push(Request::update(turn.actor(), new));
            }
        } else {
            let mut new = Object::new(Kind::EndpointSlice, &service.metadata.namespace, "");
            new.metadata.generate_name = format!("{}-", service.metadata.name);
            new.set_field("addressType", "IPv4".into());
            new.metadata.owner_references.push(service.controller_reference());
            requests.push(Request::create(turn.actor(), filled(service, new, slice)));
        }
    }
    for old in existing.iter().skip(wanted.len()) {
        requests.push(Request::delete(turn.actor(), old.key(), DeleteOptions::default()));
    }
    for answer in turn.request_all(requests)? {
        answer?;
    }
    Ok(())
}

fn filled(service: &Object, mut slice: Object, content: &Slice) -> Object {
    slice.metadata.labels.clone_from(&service.metadata.labels);
    slice.metadata.labels.insert(SERVICE_LABEL.to_owned(), service.metadata.name.clone());
    slice.metadata.labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
    if service.spec().str_at(&["clusterIP"]) == "None" {
        slice.metadata.labels.insert("service.kubernetes.io/headless".to_owned(), String::new());
    }
    if *slice.field("ports") != content.ports {
        slice.set_field("ports", content.ports.clone());
    }
    let endpoints = Value::Array(content.endpoints.clone());
    if *slice.field("endpoints") != endpoints {
        slice.set_field("endpoints", endpoints);
    }
    slice
}
