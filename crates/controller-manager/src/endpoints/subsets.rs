//! Addresses, grouped by the ports that they offer.
//!
//! Models: `pkg/controller/endpoint` (`addEndpointSubset`, `truncateEndpoints`), `pkg/api/v1/endpoints`
//! (`RepackSubsets`).
//! Differs: ports and subsets stand in the order of their names and numbers; upstream sorts them by a
//! hash.

use std::rc::Rc;

use api::{Object, PodFacts};
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::{ValueExt, set_at};
use serde_json::{Map, Value, json};

use crate::service::{by_hash, has_plain_ports, ports};

/// Addresses that one object holds at most.
const CAPACITY: usize = 1_000;

/// Addresses that offer the same ports.
#[derive(Debug, Clone, PartialEq)]
pub struct Subset<A = Value> {
    /// Addresses of Pods that are ready.
    pub ready: Vec<A>,
    /// Addresses of the other Pods.
    pub not_ready: Vec<A>,
    /// The ports that they offer; empty for a headless Service without ports.
    pub ports: Vec<Value>,
}

/// The subsets of a Service with these Pods, and whether Pods were left out for lack of room.
pub fn of(service: &Object, pods: &[&Rc<Object>]) -> (Vec<Subset>, bool) {
    let everybody = service.spec().bool_at(&["publishNotReadyAddresses"]).unwrap_or(false);
    let mut pods: Vec<(&PodFacts, &Rc<Object>)> = pods.iter().map(|pod| (PodFacts::of(pod), *pod)).collect();
    // Addresses are sorted as texts.
    pods.sort_by_key(|(facts, pod)| (facts.ip.as_str(), pod.metadata.uid.as_str()));
    let mut offered: SortedMap<String, (Value, SortedSet<usize>)> = SortedMap::new();
    if has_plain_ports(service) && !pods.is_empty() {
        for port in ports_of(service, None) {
            offered.entry(place_of(&port)).or_insert_with(|| (port, (0..pods.len()).collect()));
        }
    } else {
        for (at, (_, pod)) in pods.iter().enumerate() {
            for port in ports_of(service, Some(pod)) {
                offered.entry(place_of(&port)).or_insert_with(|| (port, SortedSet::new())).1.insert(at);
            }
        }
    }
    let mut groups: Vec<(SortedSet<usize>, Vec<Value>)> = Vec::new();
    for (port, takers) in offered.into_values() {
        match groups.iter_mut().find(|(known, _)| *known == takers) {
            Some((_, ports)) => ports.push(port),
            None => groups.push((takers, vec![port])),
        }
    }
    if is_empty(service.spec().at(&["ports"]).unwrap_or(&Value::Null)) {
        let headless = service.spec().str_at(&["clusterIP"]) == "None";
        groups = if headless && !pods.is_empty() {
            vec![((0..pods.len()).collect(), Vec::new())]
        } else {
            Vec::new()
        };
    }
    let subset = |(takers, ports): (SortedSet<usize>, Vec<Value>)| {
        let takers = takers.into_iter().filter_map(|at| pods.get(at));
        let (ready, not_ready) = takers.partition(|(facts, _)| everybody || facts.has_ready_condition);
        Subset { ready, not_ready, ports: by_hash(ports, printed) }
    };
    let mut subsets: Vec<Subset<&(&PodFacts, &Rc<Object>)>> = groups.into_iter().map(subset).collect();
    let is_truncated = truncate(&mut subsets);
    let addresses = |pods: Vec<&(&PodFacts, &Rc<Object>)>| {
        pods.into_iter().map(|(facts, pod)| address(service, facts, pod)).collect()
    };
    let written = |subset: Subset<_>| Subset {
        ready: addresses(subset.ready),
        not_ready: addresses(subset.not_ready),
        ports: subset.ports,
    };
    (subsets.into_iter().map(written).collect(), is_truncated)
}

/// What ports are told apart by, and sorted.
fn place_of(port: &Value) -> String {
    let number = port.i64_at(&["port"]).unwrap_or(0);
    format!("{} {number:>5} {}", port.str_at(&["name"]), port.str_at(&["protocol"]))
}

/// A port as Go prints it.
fn printed(port: &Value) -> String {
    format!(
        "(v1.EndpointPort){{Name:(string){} Port:(int32){} Protocol:(v1.Protocol){} AppProtocol:(*string){}}}",
        port.str_at(&["name"]),
        port.i64_at(&["port"]).unwrap_or(0),
        port.str_at(&["protocol"]),
        port.at(&["appProtocol"]).and_then(Value::as_str).unwrap_or("<nil>"),
    )
}

/// Whether a value is an empty list or missing.
fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

fn ports_of(service: &Object, pod: Option<&Object>) -> Vec<Value> {
    let mut ports = ports(service, pod);
    for port in ports.iter_mut().filter(|port| port.str_at(&["name"]).is_empty()) {
        apimachinery::value::remove_at(port, &["name"]);
    }
    ports
}

fn address(service: &Object, facts: &PodFacts, pod: &Object) -> Value {
    let mut address = json!({
        "ip": facts.ip,
        "nodeName": facts.node_name,
        "targetRef": {"kind": "Pod", "namespace": pod.metadata.namespace, "name": pod.metadata.name,
            "uid": pod.metadata.uid},
    });
    let spec = pod.spec();
    let hostname = spec.str_at(&["hostname"]);
    if !hostname.is_empty() && spec.str_at(&["subdomain"]) == service.metadata.name {
        set_at(&mut address, &["hostname"], hostname.into());
    }
    address
}

/// `subsets` as it is stored; `null` if there are none.
pub fn to_value(subsets: Vec<Subset>) -> Value {
    let subset = |subset: Subset| {
        let mut value = Map::new();
        for (name, list) in
            [("addresses", subset.ready), ("notReadyAddresses", subset.not_ready), ("ports", subset.ports)]
        {
            if !list.is_empty() {
                value.insert(name.to_owned(), list.into());
            }
        }
        Value::Object(value)
    };
    if subsets.is_empty() { Value::Null } else { subsets.into_iter().map(subset).collect() }
}

fn lists(subsets: &Value) -> impl Iterator<Item = (bool, &Value)> {
    let subsets = subsets.as_array().into_iter().flatten();
    subsets.flat_map(|subset| {
        let ready = subset.list_at(&["addresses"]).iter().map(|a| (true, a));
        ready.chain(subset.list_at(&["notReadyAddresses"]).iter().map(|a| (false, a)))
    })
}

/// How many addresses there are.
pub fn count(subsets: &Value) -> usize {
    lists(subsets).count()
}

/// Whether each Pod's address is among the ready ones, by UID.
pub fn by_uid(subsets: &Value) -> SortedMap<&str, bool> {
    lists(subsets).map(|(ready, address)| (address.str_at(&["targetRef", "uid"]), ready)).collect()
}

/// Leaves out addresses beyond the capacity, first those that are not ready. Each subset gives up its share,
/// rounded in its favour. Returns whether anything was left out.
fn truncate<A>(subsets: &mut [Subset<A>]) -> bool {
    let ready: usize = subsets.iter().map(|s| s.ready.len()).sum();
    let not_ready: usize = subsets.iter().map(|s| s.not_ready.len()).sum();
    if ready + not_ready <= CAPACITY {
        return false;
    }
    let cuts_ready = ready > CAPACITY;
    let (room, total) = if cuts_ready { (CAPACITY, ready) } else { (CAPACITY - ready, not_ready) };
    let mut left = room;
    for subset in subsets {
        if cuts_ready {
            subset.not_ready.clear();
        }
        let list = if cuts_ready { &mut subset.ready } else { &mut subset.not_ready };
        let share = (list.len() * room).div_ceil(total.max(1)).min(left);
        list.truncate(share);
        left -= list.len();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subset(ready: usize, not_ready: usize) -> Subset {
        let some = |count: usize| vec![Value::Null; count];
        Subset { ready: some(ready), not_ready: some(not_ready), ports: Vec::new() }
    }

    fn cut(mut subsets: Vec<Subset>) -> (bool, Vec<(usize, usize)>) {
        let cut = truncate(&mut subsets);
        (cut, subsets.iter().map(|s| (s.ready.len(), s.not_ready.len())).collect())
    }

    #[test]
    fn a_thousand_addresses_fit_and_ready_ones_go_first() {
        assert_eq!(cut(vec![subset(600, 400)]), (false, vec![(600, 400)]));
        assert_eq!(cut(vec![subset(900, 200)]), (true, vec![(900, 100)]));
        assert_eq!(cut(vec![subset(1_100, 200)]), (true, vec![(1_000, 0)]));
        assert_eq!(cut(vec![subset(600, 10), subset(600, 10)]), (true, vec![(500, 0), (500, 0)]));
        assert_eq!(cut(vec![subset(400, 100), subset(400, 200)]), (true, vec![(400, 67), (400, 133)]));
    }
}
