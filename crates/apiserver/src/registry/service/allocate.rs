//! What the server gives a Service: addresses and node ports.
//!
//! Models: `pkg/registry/core/service/storage/alloc.go`, `pkg/api/service/util.go`,
//! `pkg/registry/core/service/{ipallocator,portallocator}`: the lower part of each range is left
//! to those who choose for themselves.
//! Differs: the cluster has one family of addresses, IPv4.

use std::net::Ipv4Addr;

use api::{Kind, Object};
use apimachinery::sorted::SortedSet;
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, remove_at, set_at};
use apimachinery::{ErrorList, Path};
use serde_json::{Value, json};

use super::super::Context;
use crate::etcd::Store;

/// The range of cluster addresses: 10.96.0.0/12.
const FIRST_ADDRESS: u32 = 0x0a60_0000;
const ADDRESSES: u32 = 1 << 20;
/// Addresses below this offset are not given out: `kubernetes` has .1, `kube-dns` .10.
const FIRST_DYNAMIC_ADDRESS: u32 = 257;
/// The range of node ports, and where those begin that are given out.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30_000..=32_767;
const FIRST_DYNAMIC_PORT: i64 = 30_086;
/// Tries before the range counts as full.
const TRIES_MAX: u32 = 10_000;

fn is_headless(spec: &Value) -> bool {
    spec.str_at(&["clusterIP"]) == "None"
}

fn needs_cluster_ip(spec: &Value) -> bool {
    matches!(spec.str_at(&["type"]), "ClusterIP" | "NodePort" | "LoadBalancer")
}

fn needs_node_ports(spec: &Value) -> bool {
    match spec.str_at(&["type"]) {
        "NodePort" => true,
        "LoadBalancer" => spec.bool_at(&["allocateLoadBalancerNodePorts"]) != Some(false),
        _ => false,
    }
}

/// Makes `clusterIP` and `clusterIPs` agree: the one that the client has changed wins.
pub(super) fn normalize(spec: &mut Value, old: Option<&Value>) {
    let one = spec.str_at(&["clusterIP"]).to_owned();
    let many = spec.list_at(&["clusterIPs"]).to_vec();
    let first = many.first().and_then(Value::as_str).unwrap_or("").to_owned();
    let Some(old) = old else {
        if !one.is_empty() && many.is_empty() {
            set_at(spec, &["clusterIPs"], json!([one]));
        }
        return;
    };
    let one_changed = one != old.str_at(&["clusterIP"]);
    let many_changed = many != old.list_at(&["clusterIPs"]);
    if one_changed && !many_changed {
        if one.is_empty() {
            remove_at(spec, &["clusterIPs"]);
        } else {
            let list = as_list_mut(as_map_mut(spec).entry("clusterIPs").or_insert_with(|| json!([])));
            match list.first_mut() {
                Some(slot) => *slot = one.into(),
                None => list.push(one.into()),
            }
        }
    } else if many_changed && !one_changed {
        if first.is_empty() {
            remove_at(spec, &["clusterIP"]);
        } else {
            set_at(spec, &["clusterIP"], first.into());
        }
    }
}

/// Fills in the families of addresses and their policy.
pub(super) fn default_families(spec: &mut Value) {
    if !needs_cluster_ip(spec) {
        return;
    }
    let selectorless = spec.map_at(&["selector"]).is_none_or(serde_json::Map::is_empty);
    let both = is_headless(spec) && selectorless;
    let foreign = has_foreign_address(spec);
    let spec = as_map_mut(spec);
    if spec.get("ipFamilyPolicy").is_none_or(Value::is_null) {
        let policy = if both { "RequireDualStack" } else { "SingleStack" };
        spec.insert("ipFamilyPolicy".to_owned(), policy.into());
    }
    let families = spec.get("ipFamilies").and_then(Value::as_array);
    // The family of a chosen address is its own; one that the cluster does not have is told of later.
    if families.is_none_or(Vec::is_empty) && !foreign {
        let families = if both { json!(["IPv4", "IPv6"]) } else { json!(["IPv4"]) };
        spec.insert("ipFamilies".to_owned(), families);
    }
}

/// Whether the first address that was chosen is of a family that the cluster does not have.
fn has_foreign_address(spec: &Value) -> bool {
    let first = spec.list_at(&["clusterIPs"]).first().and_then(Value::as_str).unwrap_or("");
    first.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_ipv6())
}

/// Keeps what was allocated before if the client leaves it out: `patchAllocatedValues`.
pub(super) fn keep_allocated(spec: &mut Value, old: &Value) {
    if needs_cluster_ip(spec) && needs_cluster_ip(old) {
        for name in ["clusterIP", "clusterIPs"] {
            let empty = spec.str_at(&[name]).is_empty() && spec.list_at(&[name]).is_empty();
            if let Some(value) = old.at(&[name]).filter(|_| empty) {
                set_at(spec, &[name], value.clone());
            }
        }
    }
    if needs_node_ports(spec) && needs_node_ports(old) {
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = port.str_at(&["name"]).to_owned();
            let stored = old.list_at(&["ports"]).iter().find(|p| p.str_at(&["name"]) == name);
            let number = stored.and_then(|p| p.i64_at(&["nodePort"]));
            if let Some(number) = number.filter(|_| port.i64_at(&["nodePort"]).unwrap_or(0) == 0) {
                set_at(port, &["nodePort"], number.into());
            }
        }
    }
    let health =
        old.at(&["healthCheckNodePort"]).filter(|_| needs_health_check(spec) && needs_health_check(old));
    if let Some(number) = health.filter(|_| spec.i64_at(&["healthCheckNodePort"]).unwrap_or(0) == 0) {
        set_at(spec, &["healthCheckNodePort"], number.clone());
    }
}

fn needs_health_check(spec: &Value) -> bool {
    spec.str_at(&["type"]) == "LoadBalancer" && spec.str_at(&["externalTrafficPolicy"]) == "Local"
}

/// Drops what only the former type had, unless the client has changed it: `dropTypeDependentFields`.
pub(super) fn drop_what_the_type_lost(spec: &mut Value, old: &Value) {
    let unchanged = |spec: &Value, name: &str| spec.at(&[name]) == old.at(&[name]);
    if needs_cluster_ip(old) && !needs_cluster_ip(spec) {
        for name in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if unchanged(spec, name) {
                remove_at(spec, &[name]);
            }
        }
    }
    if needs_node_ports(old) && !needs_node_ports(spec) {
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            remove_at(port, &["nodePort"]);
        }
    }
    let external = |spec: &Value| matches!(spec.str_at(&["type"]), "NodePort" | "LoadBalancer");
    if external(old) && !external(spec) && unchanged(spec, "externalTrafficPolicy") {
        remove_at(spec, &["externalTrafficPolicy"]);
    }
    let balanced = |spec: &Value| spec.str_at(&["type"]) == "LoadBalancer";
    if balanced(old) && !balanced(spec) {
        for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            if unchanged(spec, name) {
                remove_at(spec, &[name]);
            }
        }
    }
    if needs_health_check(old) && !needs_health_check(spec) && unchanged(spec, "healthCheckNodePort") {
        remove_at(spec, &["healthCheckNodePort"]);
    }
    if spec.str_at(&["type"]) != "ExternalName" && unchanged(spec, "externalName") {
        remove_at(spec, &["externalName"]);
    }
}

/// Gives a Service what it needs and does not have.
pub(super) fn allocate(object: &mut Object, old: Option<&Object>, context: &mut Context<'_>) {
    let spec = object.spec();
    let address_missing = needs_cluster_ip(spec)
        && spec.str_at(&["clusterIP"]).is_empty()
        && spec.list_at(&["clusterIPs"]).is_empty();
    let was_external = old.is_none_or(|old| !needs_cluster_ip(old.spec()));
    if address_missing && was_external {
        let address = free_address(context);
        set_at(object.spec_mut(), &["clusterIP"], address.as_str().into());
        set_at(object.spec_mut(), &["clusterIPs"], json!([address]));
    }
    if needs_node_ports(object.spec()) {
        allocate_node_ports(object, context);
    }
}

fn free_address(context: &mut Context<'_>) -> String {
    let mut address = String::new();
    for _ in 0..TRIES_MAX {
        let offset = FIRST_DYNAMIC_ADDRESS + context.rng.below(ADDRESSES - FIRST_DYNAMIC_ADDRESS - 1);
        address = Ipv4Addr::from(FIRST_ADDRESS + offset).to_string();
        if !is_taken(context.store, &address) {
            break;
        }
    }
    address
}

fn is_taken(store: &Store, address: &str) -> bool {
    store.list(Kind::Service, "").any(|service| service.spec().str_at(&["clusterIP"]) == address)
}

fn node_ports_of(spec: &Value) -> impl Iterator<Item = i64> {
    let own = spec.list_at(&["ports"]).iter().filter_map(|port| port.i64_at(&["nodePort"]));
    own.chain(spec.i64_at(&["healthCheckNodePort"])).filter(|number| *number != 0)
}

fn allocate_node_ports(object: &mut Object, context: &mut Context<'_>) {
    let key = object.key();
    let others = context.store.list(Kind::Service, "").filter(|service| service.key() != key);
    let mut taken: SortedSet<i64> = others.flat_map(|service| node_ports_of(service.spec())).collect();
    taken.extend(node_ports_of(object.spec()));
    let health =
        needs_health_check(object.spec()) && object.spec().i64_at(&["healthCheckNodePort"]).is_none();
    let spec = object.spec_mut();
    let missing = |port: &Value| port.i64_at(&["nodePort"]).unwrap_or(0) == 0;
    for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if missing(port) {
            set_at(port, &["nodePort"], free_port(&mut taken, context).into());
        }
    }
    if health {
        set_at(spec, &["healthCheckNodePort"], free_port(&mut taken, context).into());
    }
}

fn free_port(taken: &mut SortedSet<i64>, context: &mut Context<'_>) -> i64 {
    let span = u32::try_from(NODE_PORTS.end() - FIRST_DYNAMIC_PORT + 1).unwrap_or(1);
    let mut port = FIRST_DYNAMIC_PORT;
    for _ in 0..TRIES_MAX {
        port = FIRST_DYNAMIC_PORT + i64::from(context.rng.below(span));
        if taken.insert(port) {
            break;
        }
    }
    port
}

/// Refuses families that the cluster does not have: `initIPFamilyFields`.
pub(super) fn validate_families(errors: &mut ErrorList, spec: &Value) {
    let selectorless = spec.map_at(&["selector"]).is_none_or(serde_json::Map::is_empty);
    if !needs_cluster_ip(spec) || is_headless(spec) && selectorless {
        return;
    }
    let policy = spec.str_at(&["ipFamilyPolicy"]);
    let path = Path::new("spec.ipFamilyPolicy");
    if policy == "SingleStack" && spec.list_at(&["ipFamilies"]).len() > 1 {
        let detail =
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
        errors.invalid(&path, policy, detail);
        return;
    }
    if policy == "RequireDualStack" {
        errors.invalid(&path, policy, "this cluster is not configured for dual-stack services");
    }
    let families = spec.list_at(&["ipFamilies"]);
    if families.is_empty() && has_foreign_address(spec) {
        let addresses = spec.list_at(&["clusterIPs"]).to_vec();
        let path = Path::new("spec.clusterIPs").index(0);
        errors.invalid(&path, addresses, "IPv6 is not configured on this cluster");
    }
    for (i, family) in families.iter().enumerate().filter(|(_, family)| *family == "IPv6") {
        let path = Path::new("spec.ipFamilies").index(i);
        errors.invalid(&path, family.clone(), "not configured on this cluster");
    }
}

/// Refuses addresses and ports of a client's choice that are taken or out of range.
pub(super) fn validate_allocation(errors: &mut ErrorList, object: &Object, store: &Store) {
    let spec = object.spec();
    let address = spec.str_at(&["clusterIP"]);
    validate_families(errors, spec);
    if !errors.is_empty() {
        return;
    }
    if needs_cluster_ip(spec) && !is_headless(spec) {
        let in_range = address
            .parse::<Ipv4Addr>()
            .is_ok_and(|ip| (FIRST_ADDRESS..FIRST_ADDRESS + ADDRESSES).contains(&u32::from(ip)));
        let why = if !in_range {
            Some("the provided network does not match the current range")
        } else if is_taken(store, address) {
            Some("provided IP is already allocated")
        } else {
            None
        };
        if let Some(why) = why {
            let detail = format!("failed to allocate IP {address}: {why}");
            let value = spec.at(&["clusterIPs"]).cloned().unwrap_or(Value::Null);
            errors.invalid(&Path::new("spec.clusterIPs"), value, detail);
        }
    }
    let taken: SortedSet<i64> =
        store.list(Kind::Service, "").flat_map(|service| node_ports_of(service.spec())).collect();
    for (i, port) in spec.list_at(&["ports"]).iter().enumerate() {
        let Some(number) = port.i64_at(&["nodePort"]).filter(|number| *number != 0) else { continue };
        let path = Path::new("spec.ports").index(i).child("nodePort");
        if !NODE_PORTS.contains(&number) {
            let detail = "provided port is not in the valid range. The range of valid ports is 30000-32767";
            errors.invalid(&path, number, detail);
        } else if taken.contains(&number) {
            errors.invalid(&path, number, "provided port is already allocated");
        }
    }
}
