//! Compares the slices that are stored with those that should be.
//!
//! A Service of a thousand Pods is looked at whenever one of them changes. So slices and Pods are read once
//! per version, and JSON is made only for slices that change.
//!
//! Models: `staging/src/k8s.io/endpointslice` (`reconciler.go`, `utils.go`).

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use api::{Kind, Object, PodFacts};
use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, DeleteOptions, Request};
use serde_json::{Value, json};

use super::backends::Backends;
use super::endpoint::{Endpoint, Given, Stored};
use super::{MANAGED_BY, MANAGER, SERVICE_LABEL};
use crate::service::{HEADLESS, TRIGGER_TIME, by_hash, has_plain_ports, ports};

/// Endpoints in one slice at most.
const SLICE_MAX: usize = 100;

/// The endpoints of a stored slice.
#[derive(Debug)]
struct Endpoints {
    stored: Vec<Stored>,
    checked: RefCell<Checked>,
}

/// What was found to be right in a stored slice, so that it need not be compared again.
#[derive(Debug, Default)]
struct Checked {
    /// The version of the Service that it was compared with.
    service: Option<Rc<Object>>,
    /// For each endpoint the version of the Pod that it was compared with, if it was right.
    pods: Vec<Option<Rc<Object>>>,
}

impl Endpoints {
    fn of(slice: &Rc<Object>) -> &Self {
        Object::derive(slice, |slice| {
            let all = slice.field("endpoints").as_array().into_iter().flatten();
            Self { stored: all.map(Stored::of).collect(), checked: RefCell::default() }
        })
    }
}

/// What is the same for all endpoints of a Service.
struct Terms<'s> {
    service: &'s Rc<Object>,
    publishes_all: bool,
    labels: SortedMap<String, String>,
}

impl<'s> Terms<'s> {
    fn of(service: &'s Rc<Object>) -> Self {
        let mut labels = service.metadata.labels.clone();
        labels.insert(SERVICE_LABEL.to_owned(), service.metadata.name.clone());
        labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
        let publishes_all = service.spec().bool_at(&["publishNotReadyAddresses"]).unwrap_or(false);
        if service.spec().str_at(&["clusterIP"]) == "None" {
            labels.insert(HEADLESS.to_owned(), String::new());
        }
        Self { service, publishes_all, labels }
    }

    fn is_ready(&self, endpoint: &Endpoint) -> bool {
        self.publishes_all || (endpoint.is_serving && !endpoint.is_terminating)
    }

    fn hostname<'g>(&self, given: &'g Given) -> &'g str {
        if given.subdomain == self.service.metadata.name { &given.endpoint.hostname } else { "" }
    }

    /// Whether a stored endpoint says what there is to say of this Pod.
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

    /// For each endpoint of a slice, whether it says what there is to say of the Pod at the same place.
    fn right(&self, slice: &Rc<Object>, pods: &[&Rc<Object>]) -> Vec<bool> {
        let endpoints = Endpoints::of(slice);
        let mut checked = endpoints.checked.borrow_mut();
        if !checked.service.as_ref().is_some_and(|service| Rc::ptr_eq(service, self.service)) {
            let pods = vec![None; endpoints.stored.len()];
            *checked = Checked { service: Some(Rc::clone(self.service)), pods };
        }
        let known = endpoints.stored.iter().zip(&mut checked.pods);
        let is_right = |((stored, known), pod): ((&Stored, &mut Option<Rc<Object>>), &&Rc<Object>)| {
            if known.as_ref().is_some_and(|known| Rc::ptr_eq(known, pod)) {
                return true;
            }
            let is_right = self.is_right(stored, Given::of(pod));
            *known = is_right.then(|| Rc::clone(pod));
            is_right
        };
        known.zip(pods).map(is_right).collect()
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

/// A slice as it should be.
struct Slice<'p> {
    ports: Rc<Value>,
    pods: Vec<&'p Rc<Object>>,
}

/// A stored endpoint of a Pod that is still behind the Service.
struct Known<'p> {
    stored: &'p Stored,
    /// Its Pod's place among the backends.
    place: usize,
    pod: &'p Rc<Object>,
}

/// The stored endpoints whose Pods are still behind the Service, in their order.
fn known<'p>(existing: &[&'p Rc<Object>], backends: &'p Backends) -> Vec<Known<'p>> {
    let stored = existing.iter().flat_map(|slice| &Endpoints::of(slice).stored);
    let known = stored.filter_map(|stored| {
        let (place, pod) = backends.find(stored.number)?;
        Some(Known { stored, place, pod })
    });
    known.collect()
}

/// The Pods in the order in which they joined: first those that the slices have already.
fn in_order<'p>(known: &[Known<'p>], backends: &'p Backends) -> Vec<&'p Rc<Object>> {
    let mut order: Vec<Option<&Rc<Object>>> = Vec::with_capacity(backends.pods().len());
    let mut places: Vec<Option<usize>> = vec![None; backends.pods().len()];
    for Known { place: at, pod, .. } in known {
        // Of one that is named twice the last place counts.
        let earlier = places.get_mut(*at).and_then(|place| place.replace(order.len()));
        if let Some(slot) = earlier.and_then(|at| order.get_mut(at)) {
            *slot = None;
        }
        order.push(Some(pod));
    }
    let new = backends.pods().zip(&places).filter(|(_, place)| place.is_none());
    let mut new: Vec<&Rc<Object>> = new.map(|(pod, _)| pod).collect();
    new.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    order.into_iter().flatten().chain(new).collect()
}

/// The ports of a slice, in their order there.
fn slice_ports(service: &Object, pod: Option<&Object>) -> Value {
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

/// The slices that should be stored: Pods grouped by ports.
fn wanted<'p>(service: &Object, known: &[Known<'p>], backends: &'p Backends) -> Vec<Slice<'p>> {
    let plain = has_plain_ports(service).then(|| Rc::new(slice_ports(service, None)));
    let mut slices: Vec<Slice<'p>> = Vec::new();
    for pod in in_order(known, backends) {
        let ports = plain.clone().unwrap_or_else(|| Rc::new(slice_ports(service, Some(pod))));
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
    backends: &Backends,
) -> Vec<Request> {
    let terms = Terms::of(service);
    let known = known(existing, backends);
    let wanted = wanted(service, &known, backends);
    let time = OnceCell::new();
    let trigger = || time.get_or_init(|| trigger_time(service, existing, &known, backends)).as_deref();
    let mut requests = Vec::new();
    for (at, slice) in wanted.iter().enumerate() {
        if let Some(old) = existing.get(at) {
            let right = terms.right(old, &slice.pods);
            if is_right(&terms, old, slice, &right) {
                continue;
            }
            let new = filled(&terms, Object::clone(old), slice, &right);
            if new != ***old {
                requests.push(Request::update(actor, stamped(new, trigger())));
            }
        } else {
            let mut new = Object::new(Kind::EndpointSlice, &service.metadata.namespace, "");
            new.metadata.generate_name = format!("{}-", service.metadata.name);
            new.set_field("addressType", "IPv4".into());
            new.metadata.owner_references.push(service.controller_reference());
            let new = stamped(filled(&terms, new, slice, &[]), trigger());
            requests.push(Request::create(actor, new));
        }
    }
    for old in existing.iter().skip(wanted.len()) {
        requests.push(Request::delete(actor, old.key(), DeleteOptions::default()));
    }
    requests
}

/// When the change began that is written now: when the first of the new or moved Pods became ready or stopped
/// being so, or when the Service was made.
fn trigger_time(
    service: &Object,
    existing: &[&Rc<Object>],
    known: &[Known<'_>],
    backends: &Backends,
) -> Option<String> {
    let mut settled = vec![false; backends.pods().len()];
    for Known { stored, place, pod } in known {
        let serves = stored.said.as_ref().map(|(_, said)| said.is_serving);
        if let Some(settled) = settled.get_mut(*place) {
            *settled |= serves == Some(PodFacts::of(pod).has_ready_condition);
        }
    }
    let moved = backends.pods().zip(settled).filter(|(_, settled)| !settled);
    let turned = moved.filter_map(|(pod, _)| PodFacts::of(pod).ready_since);
    let made = service.metadata.creation_timestamp.filter(|_| existing.is_empty());
    turned.chain(made).min().map(Time::rfc3339)
}

/// Writes the time of the change on a slice.
fn stamped(mut slice: Object, time: Option<&str>) -> Object {
    match time {
        Some(time) => slice.metadata.annotations.insert(TRIGGER_TIME.to_owned(), time.to_owned()),
        None => slice.metadata.annotations.remove(TRIGGER_TIME),
    };
    slice
}

fn is_right(terms: &Terms<'_>, old: &Rc<Object>, slice: &Slice<'_>, right: &[bool]) -> bool {
    Endpoints::of(old).stored.len() == slice.pods.len()
        && right.iter().all(|is_right| *is_right)
        && old.metadata.labels == terms.labels
        && *old.field("ports") == *slice.ports
        && !old.field("endpoints").is_null()
}

/// A slice with the content that it should have; endpoints that are `right` stay.
fn filled(terms: &Terms<'_>, mut slice: Object, content: &Slice<'_>, right: &[bool]) -> Object {
    slice.metadata.labels.clone_from(&terms.labels);
    if *slice.field("ports") != *content.ports {
        slice.set_field("ports", Value::clone(&content.ports));
    }
    let old = slice.field("endpoints").list_at(&[]);
    let kept = |at: usize| old.get(at).filter(|_| right.get(at) == Some(&true)).cloned();
    let pods = content.pods.iter().enumerate();
    let endpoints: Value = pods.map(|(at, pod)| kept(at).unwrap_or_else(|| terms.endpoint(pod))).collect();
    slice.set_field("endpoints", endpoints);
    slice
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
