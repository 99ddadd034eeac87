//! Looks at the heartbeat of every node.
//!
//! Models: `node_lifecycle_controller.go` (`monitorNodeHealth`, `tryUpdateNodeHealth`,
//! `processTaintBaseEviction`, `doNoExecuteTaintingPass`), `pkg/controller/util/node` (`MarkPodsNotReady`).
//! Differs: a heartbeat counts from the moment in the Lease, not from when the controller saw it, so
//! that there is nothing to remember between two looks; the Pods of a node are marked at the same time.

use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::{ValueExt, as_list_mut, set_at};
use apiserver::Request;
use client::{EventSpec, Halt, Outcome, Turn};
use serde_json::{Value, json};

use super::reason::NodeReason;
use super::taints::{self, NO_EXECUTE, NOT_READY, UNREACHABLE, find};
use super::zone::Zones;
use super::{EVENT_SOURCE, LEASES};
use crate::conditions::{patch_pod_status, status_of, turned};

/// `--node-monitor-period`.
pub const PERIOD: Duration = Duration::from_secs(5);
/// `--node-monitor-grace-period`.
pub const GRACE: Duration = Duration::from_secs(50);
/// `--node-startup-grace-period`, for nodes that have never said anything.
pub const STARTUP_GRACE: Duration = Duration::from_mins(1);
/// The conditions that a silent kubelet leaves unknown.
const CONDITIONS: [&str; 4] = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/// Looks at every node once.
pub fn pass(turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let nodes: Vec<Rc<Object>> = turn.list(Kind::Node, "").cloned().collect();
    let mut before = Zones::of(&nodes);
    let were_all_down = before.are_all_down();
    let mut after = Zones::default();
    for node in &nodes {
        let status = look_at(node, &mut before, turn)?;
        after.count(node, status == "True");
    }
    if after.are_all_down() && !were_all_down {
        stop_evictions(&nodes, turn)?;
    }
    Ok(Outcome::DoneAndRequeueAfter(PERIOD))
}

/// Looks at a node; returns the status of its condition Ready afterwards.
fn look_at(node: &Rc<Object>, zones: &mut Zones, turn: &mut Turn<'_>) -> Result<&'static str, Halt> {
    let observed = word(status_of(node, "Ready"));
    let grace = if observed.is_empty() { STARTUP_GRACE } else { GRACE };
    let silent = turn.now().since(last_heard(node, lease_of(node, turn)));
    let mut current = observed;
    if silent > grace {
        if observed != "Unknown" {
            let request = Request::update_status(turn.actor(), unknown(node, turn.now()));
            if turn.try_request(request)?.is_err() {
                return Ok(observed); // changed meanwhile, or gone: the next look tells
            }
            turn.because(NodeReason::MarksNodeUnknown { node: node.key(), silent, grace });
        }
        current = "Unknown";
    }
    match current {
        "True" => welcome_back(node, turn)?,
        "False" => evict_all(node, (NOT_READY, UNREACHABLE), zones, turn)?,
        "Unknown" => evict_all(node, (UNREACHABLE, NOT_READY), zones, turn)?,
        _ => {}
    }
    if observed == "True" && current != "True" {
        let text = format!("Node {} status is now: NodeNotReady", node.metadata.name);
        turn.event(EventSpec::normal(node, "NodeNotReady", text, EVENT_SOURCE));
        mark_pods_not_ready(node, turn)?;
    }
    Ok(current)
}

fn word(status: &str) -> &'static str {
    match status {
        "True" => "True",
        "False" => "False",
        "" => "",
        _ => "Unknown",
    }
}

fn lease_of<'t>(node: &Object, turn: &'t Turn<'_>) -> Option<&'t Object> {
    turn.find(Kind::Lease, LEASES, &node.metadata.name).map(|lease| &**lease)
}

/// When the node was last heard of: by its Lease, its status, or its creation, whichever was last.
pub fn last_heard(node: &Object, lease: Option<&Object>) -> Time {
    let renewed = lease.and_then(|lease| Time::parse_rfc3339(lease.spec().str_at(&["renewTime"])));
    let ready = crate::conditions::condition(node, "Ready");
    let posted = ready.and_then(|c| Time::parse_rfc3339(c.str_at(&["lastHeartbeatTime"])));
    let made = node.metadata.creation_timestamp;
    renewed.max(posted).max(made).unwrap_or_default()
}

/// The node with all conditions that its kubelet used to write set to Unknown.
fn unknown(node: &Object, now: Time) -> Object {
    let mut changed = node.clone();
    let made = node.metadata.creation_timestamp.unwrap_or_default().rfc3339();
    let status = changed.status_mut();
    if status.at(&["conditions"]).is_none() {
        set_at(status, &["conditions"], json!([]));
    }
    let Some(list) = status.get_mut("conditions") else { return changed };
    let list = as_list_mut(list);
    for kind in CONDITIONS {
        match list.iter_mut().find(|c| c.str_at(&["type"]) == kind) {
            None => list.push(json!({
                "type": kind, "status": "Unknown", "reason": "NodeStatusNeverUpdated",
                "message": "Kubelet never posted node status.",
                "lastHeartbeatTime": made, "lastTransitionTime": now.rfc3339(),
            })),
            Some(known) if known.str_at(&["status"]) != "Unknown" => {
                set_at(known, &["status"], "Unknown".into());
                set_at(known, &["reason"], "NodeStatusUnknown".into());
                set_at(known, &["message"], "Kubelet stopped posting node status.".into());
                set_at(known, &["lastTransitionTime"], now.rfc3339().into());
            }
            Some(_) => {}
        }
    }
    changed
}

/// Takes the `NoExecute` taints from a node that is there again: nobody has to leave.
fn welcome_back(node: &Object, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let stale: Vec<taints::Taint> = [UNREACHABLE, NOT_READY]
        .into_iter()
        .filter(|key| find(node, key, NO_EXECUTE).is_some())
        .map(|key| (key, NO_EXECUTE))
        .collect();
    if !stale.is_empty() && taints::swap(&node.key(), &[], &stale, turn)? {
        turn.because(NodeReason::LiftsEviction { node: node.key() });
    }
    Ok(())
}

/// Taints a node so that everybody has to leave in time. It is done at once if the node has such a taint
/// under the other key, else when it is the zone's turn.
fn evict_all(
    node: &Object,
    (key, opposite): (&'static str, &'static str),
    zones: &mut Zones,
    turn: &mut Turn<'_>,
) -> Result<(), Halt> {
    if find(node, key, NO_EXECUTE).is_some() {
        return Ok(());
    }
    let was_clear = find(node, opposite, NO_EXECUTE).is_some();
    if !was_clear && !zones.may_taint(node, turn.now()) {
        // Said once, when the node turns: the next looks find the same.
        if status_of(node, "Ready") == "True" {
            turn.because(NodeReason::HoldsEvictionBack { node: node.key() });
        }
        return Ok(());
    }
    if taints::swap(&node.key(), &[(key, NO_EXECUTE)], &[(opposite, NO_EXECUTE)], turn)? {
        turn.because(NodeReason::OrdersEviction { node: node.key(), taint: key });
    }
    Ok(())
}

/// Marks the Pods of a node that has just fallen silent as not ready: nobody knows whether they serve.
fn mark_pods_not_ready(node: &Object, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let now = turn.now();
    let mut marked: Vec<Rc<Object>> = Vec::new();
    let mut requests = Vec::new();
    for pod in turn.list(Kind::Pod, "").filter(|pod| Pod(pod).node_name() == node.metadata.name) {
        let Some(condition) = not_ready(pod, now) else { continue };
        requests.push(patch_pod_status(turn.actor(), pod, Some(&condition), json!({})));
        marked.push(Rc::clone(pod));
    }
    let answers = turn.request_all(requests)?;
    for (pod, _) in marked.iter().zip(&answers).filter(|(_, answer)| answer.is_ok()) {
        turn.event(EventSpec::warning(pod, "NodeNotReady", "Node is not ready", EVENT_SOURCE));
        turn.because(NodeReason::MarksPodNotReady { pod: pod.key(), node: node.key() });
    }
    Ok(())
}

/// The condition Ready of a Pod with status False, all else as it was; `None` if it is False already or
/// missing.
fn not_ready(pod: &Object, now: Time) -> Option<Value> {
    let mut condition = Pod(pod).condition("Ready")?.clone();
    set_at(&mut condition, &["status"], "False".into());
    turned(pod, condition, now)
}

/// Takes all `NoExecute` taints away, since no node answers: then the fault is likely the control plane's.
fn stop_evictions(nodes: &[Rc<Object>], turn: &mut Turn<'_>) -> Result<(), Halt> {
    let first = nodes.first().map(|node| node.key());
    if let Some(node) = first {
        turn.because(NodeReason::StopsEvictions { node });
    }
    for node in nodes {
        welcome_back(node, turn)?;
    }
    Ok(())
}
