//! Parts of a Pod that the server itself writes: conditions, scheduling, quality of service.
//!
//! Models: `pkg/api/v1/pod/util.go`, `pkg/registry/core/pod/storage/storage.go`,
//! `pkg/apis/core/v1/helper/qos`.

use api::Object;
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut};
use apimachinery::{Quantity, Time};
use serde_json::{Value, json};

/// Puts a condition into a Pod's status; its transition time moves only with its status.
pub fn set_condition(pod: &mut Object, mut condition: Value, now: Time) {
    let kind = condition.str_at(&["type"]).to_owned();
    let list = as_list_mut(as_map_mut(pod.status_mut()).entry("conditions").or_insert(json!([])));
    let old = list.iter().position(|c| c.str_at(&["type"]) == kind);
    let since = old
        .and_then(|at| list.get(at))
        .filter(|c| c.str_at(&["status"]) == condition.str_at(&["status"]))
        .and_then(|c| c.at(&["lastTransitionTime"]).cloned())
        .unwrap_or_else(|| now.rfc3339().into());
    let map = as_map_mut(&mut condition);
    map.insert("lastTransitionTime".to_owned(), since);
    map.entry("lastProbeTime").or_insert(Value::Null);
    match old.and_then(|at| list.get_mut(at)) {
        Some(slot) => *slot = condition,
        None => list.push(condition),
    }
}

/// The binding says in the Pod's status that it was scheduled.
pub fn set_scheduled(pod: &mut Object, now: Time) {
    let generation = pod.metadata.generation;
    let condition = json!({"type": "PodScheduled", "status": "True", "observedGeneration": generation});
    set_condition(pod, condition, now);
}

/// `BestEffort`, `Burstable` or `Guaranteed`.
pub fn qos_class(spec: &Value) -> &'static str {
    let mut any = false;
    let mut guaranteed = true;
    let containers = spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"]));
    for container in containers {
        for resource in ["cpu", "memory"] {
            let amount = |side: &str| {
                container.at(&["resources", side, resource]).and_then(Quantity::from_value).filter(|q| q.sign() > 0)
            };
            let (request, limit) = (amount("requests"), amount("limits"));
            any |= request.is_some() || limit.is_some();
            guaranteed &= limit.is_some() && request.is_none_or(|r| Some(r) == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}
