//! `kubectl describe pod`.
//!
//! Models: `describePod` of `k8s.io/kubectl/pkg/describe`.

use api::Object;
use api::core::Pod;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::common::{self, of_value};
use super::writer::Writer;
use super::{container, volumes};
use crate::printers::age;

/// Everything but the events.
pub fn describe(w: &mut Writer, pod: &Object, now: Time) {
    let (spec, status) = (pod.spec(), pod.status());
    place(w, pod);
    common::labels_and_annotations(w, pod);
    condition(w, pod, now);
    addresses(w, status);
    if let Some(owner) = pod.metadata.controller() {
        w.field(0, "Controlled By", format!("{}/{}", owner.kind, owner.name));
    }
    let nominated = status.str_at(&["nominatedNodeName"]);
    if !nominated.is_empty() {
        w.field(0, "NominatedNodeName", nominated);
    }
    if let Some(resources) = spec.at(&["resources"]) {
        w.line(0, "Resources:");
        container::resources(w, resources, 1);
    }
    containers(w, pod);
    readiness_gates(w, pod);
    conditions(w, status);
    volumes::describe(w, "", spec);
    w.field(0, "QoS Class", status.str_at(&["qosClass"]));
    common::labels(w, "Node-Selectors", &of_value(spec.at(&["nodeSelector"])));
    common::tolerations(w, "Tolerations", spec);
    common::spread_constraints(w, "", spec);
}

/// Writes everything from the name to the start time.
fn place(w: &mut Writer, pod: &Object) {
    let (spec, status) = (pod.spec(), pod.status());
    common::names(w, pod);
    if let Some(priority) = spec.i64_at(&["priority"]) {
        w.field(0, "Priority", priority.to_string());
    }
    for (title, member) in [
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ] {
        if !spec.str_at(&[member]).is_empty() {
            w.field(0, title, spec.str_at(&[member]));
        }
    }
    match Pod(pod).node_name() {
        "" => w.field(0, "Node", "<none>"),
        node => w.field(0, "Node", format!("{node}/{}", status.str_at(&["hostIP"]))),
    }
    if status.at(&["startTime"]).is_some() {
        w.field(0, "Start Time", common::moment(status, &["startTime"]));
    }
}

/// Writes its status word and, if there is one, the reason.
fn condition(w: &mut Writer, pod: &Object, now: Time) {
    let status = pod.status();
    let phase = Pod(pod).phase();
    if pod.metadata.is_deleting() && !matches!(phase, "Failed" | "Succeeded") {
        w.field(0, "Status", format!("Terminating (lasts {})", age(pod.metadata.deletion_timestamp, now)));
        let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or(0);
        w.field(0, "Termination Grace Period", format!("{grace}s"));
    } else {
        w.field(0, "Status", phase);
    }
    for (title, member) in [("Reason", "reason"), ("Message", "message")] {
        if !status.str_at(&[member]).is_empty() {
            w.field(0, title, status.str_at(&[member]));
        }
    }
    if let Some(profile) = pod.spec().at(&["securityContext", "seccompProfile"]) {
        w.field(0, "SeccompProfile", profile.str_at(&["type"]));
        if profile.str_at(&["type"]) == "Localhost" {
            w.field(0, "LocalhostProfile", profile.str_at(&["localhostProfile"]));
        }
    }
}

fn addresses(w: &mut Writer, status: &Value) {
    w.field(0, "IP", status.str_at(&["podIP"]));
    let addresses = status.list_at(&["podIPs"]);
    if addresses.is_empty() {
        return w.field(0, "IPs", "<none>");
    }
    w.line(0, "IPs:");
    for address in addresses {
        w.field(1, "IP", address.str_at(&["ip"]));
    }
}

fn containers(w: &mut Writer, pod: &Object) {
    for (title, list, statuses) in [
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ] {
        let list = pod.spec().list_at(&[list]);
        if title == "Containers" || !list.is_empty() {
            container::describe(w, "", title, list, pod.status().list_at(&[statuses]), Some(pod));
        }
    }
}

fn readiness_gates(w: &mut Writer, pod: &Object) {
    let gates = pod.spec().list_at(&["readinessGates"]);
    if gates.is_empty() {
        return;
    }
    w.line(0, "Readiness Gates:");
    w.line(1, "Type\tStatus");
    for gate in gates {
        let kind = gate.str_at(&["conditionType"]);
        let status = Pod(pod).condition(kind).map_or("<none>", |c| c.str_at(&["status"]));
        w.line(1, &format!("{kind} \t{status} "));
    }
}

fn conditions(w: &mut Writer, status: &Value) {
    let conditions = status.list_at(&["conditions"]);
    if conditions.is_empty() {
        return;
    }
    w.line(0, "Conditions:");
    w.line(1, "Type\tStatus");
    for condition in conditions {
        w.line(1, &format!("{} \t{} ", condition.str_at(&["type"]), condition.str_at(&["status"])));
    }
}
