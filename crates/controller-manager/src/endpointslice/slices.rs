//! Slices as they are and as they ought to be.
//!
//! A Service of a thousand Pods is looked at whenever one of them moves, so what a slice says and what a
//! Pod gives is read once per version, and JSON is made only for slices that change.
//!
//! Models: `staging/src/k8s.io/endpointslice` (`reconciler.go`, `utils.go`).

use apimachinery::sorted::SortedMap;
use std::rc::Rc;

use api::{Kind, Object, PodFacts};
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, DeleteOptions, Request};
use serde_json::{Value, json};

use super::{MANAGED_BY, MANAGER, SERVICE_LABEL, ports};
use crate::endpoints::TRIGGER_TIME;

/// Endpoints in one slice at most.
const SLICE_MAX: usize = 100;

/// What an endpoint tells of its Pod.
#[derive(Debug, PartialEq)]
struct Endpoint {
    is_serving: bool,
    is_terminating: bool,
    uid: String,
    address: String,
    node: String,
    namespace: String,
    name: String,
    /// `spec.hostname`; of a stored endpoint only if its Service is the Pod's subdomain.
    hostname: String,
}

/// What a Pod gives to endpoints.
#[derive(Debug)]
struct Given {
    endpoint: Endpoint,
    subdomain: String,
    number: u128,
}

impl Given {
    fn of(pod: &Rc<Object>) -> &Self {
        Object::derive(pod, |object| {
            let (meta, facts) = (&object.metadata, PodFacts::of(pod));
            Self {
                endpoint: Endpoint {
                    is_serving: facts.has_ready_condition,
                    is_terminating: meta.is_deleting(),
                    uid: meta.uid.clone(),
                    address: facts.ip.clone(),
                    node: facts.node_name.clone(),
                    namespace: meta.namespace.clone(),
                    name: meta.name.clone(),
                    hostname: object.spec().str_at(&["hostname"]).to_owned(),
                },
                subdomain: object.spec().str_at(&["subdomain"]).to_owned(),
                number: number(&meta.uid),
            }
        })
    }
}

/// A UID as a number, which is quick to find.
fn number(uid: &str) -> u128 {
    uid.chars().filter_map(|c| c.to_digit(16)).fold(0, |number, digit| (number << 4) | u128::from(digit))
}

/// An endpoint as it is stored.
#[derive(Debug)]
struct Stored {
    /// Of its Pod's UID.
    number: u128,
    /// Condition `ready`, and the rest; `None` if it is not of the form that this controller gives it.
    said: Option<(bool, Endpoint)>,
}

/// The endpoints of a stored slice.
#[derive(Debug)]
struct Endpoints(Vec<Stored>);

impl Endpoints {
    fn of(slice: &Rc<Object>) -> &Self {
        Object::derive(slice, |slice| {
            let all = slice.field("endpoints").as_array().into_iter().flatten();
            Self(all.map(stored).collect())
        })
    }
}

fn stored(value: &Value) -> Stored {
    let said = said(value);
    let uid = said.as_ref().map_or_else(|| value.str_at(&["targetRef", "uid"]), |(_, said)| &said.uid);
    Stored { number: number(uid), said }
}

/// Reads an endpoint of exactly the form that [`endpoint`] makes.
fn said(value: &Value) -> Option<(bool, Endpoint)> {
    let map = value.as_object()?;
    let (mut ready, mut target, mut address, mut node) = (None, None, None, None);
    let mut hostname = "";
    for (name, value) in map {
        match name.as_str() {
            "addresses" => {
                let [one] = value.as_array()?.as_slice() else { return None };
                address = one.as_str();
            }
            "conditions" if value.as_object()?.len() == 3 => {
                let flag = |name: &str| value.bool_at(&[name]);
                ready = Some((flag("ready")?, flag("serving")?, flag("terminating")?));
            }
            "nodeName" => node = value.as_str(),
            "targetRef" if value.as_object()?.len() == 4 && value.str_at(&["kind"]) == "Pod" => {
                let text = |name: &str| value.at(&[name])?.as_str();
                target = Some((text("namespace")?, text("name")?, text("uid")?));
            }
            "hostname" => hostname = value.as_str()?,
            _ => return None,
        }
    }
    let ((ready, is_serving, is_terminating), (namespace, name, uid)) = (ready?, target?);
    let text = str::to_owned;
    let (uid, address, node) = (text(uid), text(address?), text(node?));
    let (namespace, name, hostname) = (text(namespace), text(name), text(hostname));
    Some((ready, Endpoint { is_serving, is_terminating, uid, address, node, namespace, name, hostname }))
}

/// What is the same for all endpoints of a Service.
struct Terms<'s> {
    service: &'s Object,
    publishes_all: bool,
    labels: SortedMap<String, String>,
}

impl<'s> Terms<'s> {
    fn of(service: &'s Object) -> Self {
        let mut labels = service.metadata.labels.clone();
        labels.insert(SERVICE_LABEL.to_owned(), service.metadata.name.clone());
        labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
        let publishes_all = service.spec().bool_at(&["publishNotReadyAddresses"]).unwrap_or(false);
        if service.spec().str_at(&["clusterIP"]) == "None" {
            labels.insert("service.kubernetes.io/headless".to_owned(), String::new());
        }
        Self { service, publishes_all, labels }
    }

    fn is_ready(&self, endpoint: &Endpoint) -> bool {
        self.publishes_all || (endpoint.is_serving && !endpoint.is_terminating)
    }

    fn hostname<'g>(&self, given: &'g Given) -> &'g str {
        if given.subdomain == self.service.metadata.name { &given.endpoint.hostname } else { "" }
    }

    /// Whether the stored endpoint is the one that this Pod gives.
    fn is_right(&self, stored: &Stored, given: &Given) -> bool {
        let Some((ready, said)) = stored.said.as_ref().filter(|_| stored.number == given.number) else {
            return false;
        };
        let own = &given.endpoint;
        *ready == self.is_ready(own)
            && said.is_serving == own.is_serving
            && said.is_terminating == own.is_terminating
            && said.hostname == self.hostname(given)
            && said.uid == own.uid
            && said.address == own.address
            && said.node == own.node
            && said.namespace == own.namespace
            && said.name == own.name
    }

    fn endpoint(&self, pod: &Rc<Object>) -> Value {
        let given = Given::of(pod);
        let own = &given.endpoint;
        let mut value = json!({
            "addresses": [own.address],
            "conditions": {"ready": self.is_ready(own), "serving": own.is_serving,
                "terminating": own.is_terminating},
            "nodeName": own.node,
            "targetRef": {"kind": "Pod", "namespace": own.namespace, "name": own.name, "uid": own.uid},
        });
        let hostname = self.hostname(given);
        if !hostname.is_empty() {
            set_at(&mut value, &["hostname"], hostname.into());
        }
        value
    }
}

/// A slice as it ought to be.
struct Slice<'p> {
    ports: Rc<Value>,
    pods: Vec<&'p Rc<Object>>,
}

/// Pods in the order in which they joined: those that slices know first.
fn in_order<'p>(existing: &[&Rc<Object>], pods: &[&'p Rc<Object>]) -> Vec<&'p Rc<Object>> {
    let known = existing.iter().flat_map(|slice| &Endpoints::of(slice).0);
    let mut places: Vec<(u128, usize)> = known.map(|stored| stored.number).zip(0..).collect();
    let mut order: Vec<Option<&Rc<Object>>> = vec![None; places.len()];
    places.sort_unstable();
    for pod in pods {
        let number = Given::of(pod).number;
        let after = places.partition_point(|(known, _)| *known <= number);
        let place = after.checked_sub(1).and_then(|at| places.get(at)).filter(|(known, _)| *known == number);
        match place.and_then(|(_, at)| order.get_mut(*at)) {
            Some(slot) => *slot = Some(pod),
            None => order.push(Some(pod)),
        }
    }
    order.into_iter().flatten().collect()
}

/// Whether all Pods of a Service offer the same ports: none is named by a container's port.
fn has_plain_ports(service: &Object) -> bool {
    service
        .spec()
        .list_at(&["ports"])
        .iter()
        .all(|port| !matches!(port.at(&["targetPort"]), Some(Value::String(_))))
}

/// Endpoints grouped by ports.
fn wanted<'p>(service: &Object, existing: &[&Rc<Object>], pods: &[&'p Rc<Object>]) -> Vec<Slice<'p>> {
    let plain = has_plain_ports(service).then(|| Rc::new(ports(service, None)));
    let mut slices: Vec<Slice<'p>> = Vec::new();
    for pod in in_order(existing, pods) {
        let ports = plain.clone().unwrap_or_else(|| Rc::new(ports(service, Some(pod))));
        // Slices of the same ports fill one after the other: the last one may have room.
        let last = slices.iter_mut().rev().find(|s| Rc::ptr_eq(&s.ports, &ports) || s.ports == ports);
        match last.filter(|slice| slice.pods.len() < SLICE_MAX) {
            Some(slice) => slice.pods.push(pod),
            None => slices.push(Slice { ports, pods: vec![pod] }),
        }
    }
    if slices.is_empty() {
        slices.push(Slice { ports: Rc::new(Value::Null), pods: Vec::new() });
    }
    slices
}

/// The requests that make the stored slices right.
pub(super) fn corrections(
    actor: &Actor,
    service: &Rc<Object>,
    existing: &[&Rc<Object>],
    pods: &[&Rc<Object>],
) -> Vec<Request> {
    let terms = Terms::of(service);
    let wanted = wanted(service, existing, pods);
    let mut requests = Vec::new();
    for (at, slice) in wanted.iter().enumerate() {
        if let Some(old) = existing.get(at) {
            if is_right(&terms, old, slice) {
                continue;
            }
            let new = filled(&terms, Object::clone(old), slice);
            if new != ***old {
                requests.push(Request::update(actor, stamped(new, service, existing, pods)));
            }
        } else {
            let mut new = Object::new(Kind::EndpointSlice, &service.metadata.namespace, "");
            new.metadata.generate_name = format!("{}-", service.metadata.name);
            new.set_field("addressType", "IPv4".into());
            new.metadata.owner_references.push(service.controller_reference());
            let new = stamped(filled(&terms, new, slice), service, existing, pods);
            requests.push(Request::create(actor, new));
        }
    }
    for old in existing.iter().skip(wanted.len()) {
        requests.push(Request::delete(actor, old.key(), DeleteOptions::default()));
    }
    requests
}

/// Notes when what is new here happened: the earliest turn of a Pod that has come or moved, the making of a
/// Service.
fn stamped(mut slice: Object, service: &Object, existing: &[&Rc<Object>], pods: &[&Rc<Object>]) -> Object {
    let known = || existing.iter().flat_map(|slice| &Endpoints::of(slice).0);
    let moved = pods.iter().filter(|pod| {
        let given = Given::of(pod);
        let is_known = |stored: &Stored| {
            let serves = stored.said.as_ref().map(|(_, said)| said.is_serving);
            stored.number == given.number && serves == Some(given.endpoint.is_serving)
        };
        !known().any(is_known)
    });
    let turned = moved.filter_map(|pod| PodFacts::of(pod).ready_since);
    let made = service.metadata.creation_timestamp.filter(|_| existing.is_empty());
    match turned.chain(made).min() {
        Some(time) => slice.metadata.annotations.insert(TRIGGER_TIME.to_owned(), time.rfc3339()),
        None => slice.metadata.annotations.remove(TRIGGER_TIME),
    };
    slice
}

fn is_right(terms: &Terms<'_>, old: &Rc<Object>, slice: &Slice<'_>) -> bool {
    let stored = &Endpoints::of(old).0;
    stored.len() == slice.pods.len()
        && stored.iter().zip(&slice.pods).all(|(stored, pod)| terms.is_right(stored, Given::of(pod)))
        && old.metadata.labels == terms.labels
        && *old.field("ports") == *slice.ports
        && !old.field("endpoints").is_null()
}

fn filled(terms: &Terms<'_>, mut slice: Object, content: &Slice<'_>) -> Object {
    slice.metadata.labels.clone_from(&terms.labels);
    if *slice.field("ports") != *content.ports {
        slice.set_field("ports", Value::clone(&content.ports));
    }
    let endpoints: Value = content.pods.iter().map(|pod| terms.endpoint(pod)).collect();
    if *slice.field("endpoints") != endpoints {
        slice.set_field("endpoints", endpoints);
    }
    slice
}
