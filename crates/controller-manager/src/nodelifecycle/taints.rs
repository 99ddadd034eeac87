//! Taints that tell what is wrong with a node.
//!
//! Models: `node_lifecycle_controller.go` (`doNoScheduleTaintingPass`), `pkg/controller/util/node`
//! (`SwapNodeControllerTaint`).

use api::{Key, Object};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Reason, Time};
use apiserver::Request;
use client::{Halt, Turn};
use serde_json::{Value, json};

/// The kubelet says that the node is not ready.
pub const NOT_READY: &str = "node.kubernetes.io/not-ready";
/// The kubelet says nothing any more.
pub const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
/// The node is cordoned.
pub const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
/// A person has confirmed that the machine is off.
pub const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// New Pods stay away.
pub const NO_SCHEDULE: &str = "NoSchedule";
/// Pods that are there leave.
pub const NO_EXECUTE: &str = "NoExecute";

/// So often a change of taints is tried: `updateTaintBackoff`.
const SWAP_TRIES: usize = 5;

/// For each taint the condition and the status of it that ask for the taint.
const CONDITIONS: [(&str, &str, &str); 6] = [
    ("Ready", "False", NOT_READY),
    ("Ready", "Unknown", UNREACHABLE),
    ("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
    ("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"),
    ("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
];

/// A taint by key and effect.
pub type Taint = (&'static str, &'static str);

/// The node's taint of this key and effect.
pub fn find<'a>(node: &'a Object, key: &str, effect: &str) -> Option<&'a Value> {
    let mut taints = node.spec().list_at(&["taints"]).iter();
    taints.find(|t| t.str_at(&["key"]) == key && t.str_at(&["effect"]) == effect)
}

/// Whether the node has a taint of this key, with any effect.
pub fn has_key(node: &Object, key: &str) -> bool {
    node.spec().list_at(&["taints"]).iter().any(|t| t.str_at(&["key"]) == key)
}

/// The controller's `NoSchedule` taints that are missing, and those that are there without a reason any more.
pub fn no_schedule_difference(node: &Object) -> (Vec<Taint>, Vec<Taint>) {
    let cordoned = node.spec().bool_at(&["unschedulable"]).unwrap_or(false);
    let mut managed: Vec<(&'static str, bool)> = vec![(UNSCHEDULABLE, cordoned)];
    for (kind, status, key) in CONDITIONS {
        managed.push((key, crate::conditions::status_of(node, kind) == status));
    }
    let (mut missing, mut stale) = (Vec::new(), Vec::new());
    for (key, wanted) in managed {
        let present = find(node, key, NO_SCHEDULE).is_some();
        match (wanted, present) {
            (true, false) => missing.push((key, NO_SCHEDULE)),
            (false, true) => stale.push((key, NO_SCHEDULE)),
            (true, true) | (false, false) => {}
        }
    }
    (missing, stale)
}

/// The node with some taints added and others removed; `None` if that changes nothing.
fn swapped(node: &Object, add: &[Taint], remove: &[Taint], now: Time) -> Option<Object> {
    let mut taints = node.spec().list_at(&["taints"]).to_vec();
    taints.retain(|t| !remove.contains(&(t.str_at(&["key"]), t.str_at(&["effect"]))));
    for (key, effect) in add.iter().filter(|(key, effect)| find(node, key, effect).is_none()) {
        taints.push(json!({"key": key, "effect": effect, "timeAdded": now.rfc3339()}));
    }
    if taints == node.spec().list_at(&["taints"]) {
        return None;
    }
    let mut changed = node.clone();
    if taints.is_empty() {
        apimachinery::value::remove_at(changed.spec_mut(), &["taints"]);
    } else {
        set_at(changed.spec_mut(), &["taints"], taints.into());
    }
    Some(changed)
}

/// Reads the node from the API server and changes its taints; tries again if somebody else was faster.
/// Returns whether it succeeded, as it does for a node that is gone.
pub fn swap(node: &Key, add: &[Taint], remove: &[Taint], turn: &mut Turn<'_>) -> Result<bool, Halt> {
    for _ in 0..SWAP_TRIES {
        let answer = turn.try_request(Request::get(turn.actor(), node.clone()))?;
        let Some(live) = answer.ok().and_then(apiserver::Response::into_object) else { return Ok(true) };
        let Some(changed) = swapped(&live, add, remove, turn.now()) else { return Ok(true) };
        let request = Request::update(turn.actor(), changed);
        match turn.try_request(request)? {
            Ok(_) => return Ok(true),
            Err(status) if status.reason == Reason::Conflict => {}
            Err(_) => return Ok(false),
        }
    }
    Ok(false)
}
