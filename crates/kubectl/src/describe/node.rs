//! `kubectl describe node`.
//!
//! Models: `describeNode` of `k8s.io/kubectl/pkg/describe`.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};
use serde_json::Value;

use super::common::{self, moment, plain};
use super::writer::Writer;
use super::{events, usage};
use crate::printers::or_none;
use crate::world::World;

/// The events about a node. Those of controllers name its UID; those of the kubelet have its name in place of
/// the UID.
pub fn events_about(node: &Object, world: &mut dyn World) -> Vec<Rc<Object>> {
    let mut found = events::about(node, world);
    found.extend(events::search(node, "Node", &node.metadata.name, world));
    found
}

/// Everything but the events.
pub fn describe(w: &mut Writer, node: &Object, now: Time, world: &mut dyn World) {
    let (spec, status) = (node.spec(), node.status());
    w.field(0, "Name", &node.metadata.name);
    w.field(0, "Roles", or_none(roles(node).join(",")));
    common::labels_and_annotations(w, node);
    w.field(0, "CreationTimestamp", common::created(node));
    common::list(w, "Taints", &taints(spec));
    w.field(0, "Unschedulable", common::flag_at(spec, &["unschedulable"]));
    lease(w, node, world);
    conditions(w, status);
    w.line(0, "Addresses:");
    for address in status.list_at(&["addresses"]) {
        w.field(1, address.str_at(&["type"]), address.str_at(&["address"]));
    }
    resources(w, "Capacity", status.at(&["capacity"]));
    resources(w, "Allocatable", status.at(&["allocatable"]));
    system_info(w, status.at(&["nodeInfo"]).unwrap_or(&Value::Null));
    if !spec.str_at(&["podCIDR"]).is_empty() {
        w.field(0, "PodCIDR", spec.str_at(&["podCIDR"]));
    }
    let ranges: Vec<&str> = spec.list_at(&["podCIDRs"]).iter().filter_map(Value::as_str).collect();
    if !ranges.is_empty() {
        w.field(0, "PodCIDRs", ranges.join(","));
    }
    if !spec.str_at(&["providerID"]).is_empty() {
        w.field(0, "ProviderID", spec.str_at(&["providerID"]));
    }
    usage::describe(w, node, &pods_on(node, world), now);
}

fn pods_on(node: &Object, world: &mut dyn World) -> Vec<Rc<Object>> {
    let name = &node.metadata.name;
    let field_selector = format!("spec.nodeName={name},status.phase!=Succeeded,status.phase!=Failed");
    let options = ListOptions { field_selector, ..ListOptions::default() };
    let request = Request::list(&Actor::user(), Kind::Pod, "", options);
    world.request(request).map(apiserver::Response::into_list).unwrap_or_default()
}

fn roles(node: &Object) -> Vec<&str> {
    let role = |(key, value): (&'_ String, &'_ String)| -> bool {
        key.starts_with("node-role.kubernetes.io/") || (key == "kubernetes.io/role" && !value.is_empty())
    };
    let mut roles: Vec<&str> = Vec::new();
    for (key, value) in node.metadata.labels.iter().filter(|label| role(*label)) {
        roles.push(key.strip_prefix("node-role.kubernetes.io/").unwrap_or(value));
    }
    roles.retain(|role| !role.is_empty());
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// `key=value:Effect`, by effect and key.
fn taints(spec: &Value) -> Vec<String> {
    let mut taints: Vec<&Value> = spec.list_at(&["taints"]).iter().collect();
    taints.sort_by_key(|t| format!("{},{}", t.str_at(&["effect"]), t.str_at(&["key"])));
    taints.into_iter().map(taint).collect()
}

fn taint(taint: &Value) -> String {
    let (key, value, effect) = (taint.str_at(&["key"]), taint.str_at(&["value"]), taint.str_at(&["effect"]));
    match (value, effect) {
        ("", "") => key.to_owned(),
        ("", _) => format!("{key}:{effect}"),
        (_, "") => format!("{key}={value}:"),
        _ => format!("{key}={value}:{effect}"),
    }
}

/// The node's Lease, which its kubelet renews.
fn lease(w: &mut Writer, node: &Object, world: &mut dyn World) {
    let key = Key::new(Kind::Lease, "kube-node-lease", node.metadata.name.as_str());
    let lease = match world.request(Request::get(&Actor::user(), key)) {
        Ok(answer) => answer.into_object(),
        Err(status) => return w.field(0, "Lease", format!("Failed to get lease: {}", status.message)),
    };
    let spec = lease.as_ref().map_or(&Value::Null, |lease| lease.spec());
    let time = |member: &str| match Time::parse_rfc3339(spec.str_at(&[member])) {
        Some(time) => time.rfc1123z(),
        None => "<unset>".to_owned(),
    };
    w.line(0, "Lease:");
    let holder = spec.at(&["holderIdentity"]);
    w.field(1, "HolderIdentity", holder.map_or_else(|| "<unset>".to_owned(), plain));
    w.field(1, "AcquireTime", time("acquireTime"));
    w.field(1, "RenewTime", time("renewTime"));
}

fn conditions(w: &mut Writer, status: &Value) {
    let conditions = status.list_at(&["conditions"]);
    if conditions.is_empty() {
        return;
    }
    w.line(0, "Conditions:");
    w.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    w.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for c in conditions {
        let (beat, turned) = (moment(c, &["lastHeartbeatTime"]), moment(c, &["lastTransitionTime"]));
        let (kind, status) = (c.str_at(&["type"]), c.str_at(&["status"]));
        let (reason, message) = (c.str_at(&["reason"]), c.str_at(&["message"]));
        w.line(1, &format!("{kind} \t{status} \t{beat} \t{turned} \t{reason} \t{message}"));
    }
}

fn resources(w: &mut Writer, title: &str, list: Option<&Value>) {
    let mut list: Vec<(&String, String)> = list
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, quantity)| (name, plain(quantity)))
        .collect();
    if list.is_empty() {
        return;
    }
    list.sort();
    w.line(0, &format!("{title}:"));
    for (name, quantity) in list {
        w.field(1, name, quantity);
    }
}

fn system_info(w: &mut Writer, info: &Value) {
    w.line(0, "System Info:");
    for (title, member) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        w.field(1, title, info.str_at(&[member]));
    }
}
