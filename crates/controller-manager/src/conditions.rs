//! Conditions in a status: how controllers read and write them.
//!
//! Models: `pkg/api/v1/pod/util.go` (`UpdatePodCondition`), `pkg/util/pod` (`PatchPodStatus`).

use api::Object;
use apimachinery::Time;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, Patch, Request, Subresource};
use serde_json::{Value, json};

/// The condition of this type.
pub(crate) fn condition<'a>(object: &'a Object, kind: &str) -> Option<&'a Value> {
    object.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == kind)
}

/// The status of a condition: `True`, `False` or `Unknown`; empty if there is no such condition.
pub(crate) fn status_of<'a>(object: &'a Object, kind: &str) -> &'a str {
    condition(object, kind).map_or("", |c| c.str_at(&["status"]))
}

/// The wanted condition with the moment at which its status changed last; `None` if the object has it like
/// that already.
pub(crate) fn turned(object: &Object, mut wanted: Value, now: Time) -> Option<Value> {
    let old = condition(object, wanted.str_at(&["type"]));
    let same = |old: &&Value, member: &str| old.str_at(&[member]) == wanted.str_at(&[member]);
    if old.is_some_and(|old| ["status", "reason", "message"].into_iter().all(|m| same(&old, m))) {
        return None;
    }
    let since = old.filter(|old| same(old, "status")).map(|old| old.str_at(&["lastTransitionTime"]));
    let since = since.map_or_else(|| now.rfc3339(), str::to_owned);
    set_at(&mut wanted, &["lastTransitionTime"], since.into());
    Some(wanted)
}

/// A request that changes a Pod's status: a condition, which is added at the end if it is new, and other
/// members.
pub(crate) fn patch_pod_status(
    actor: &Actor,
    pod: &Object,
    condition: Option<&Value>,
    others: Value,
) -> Request {
    let mut status = others;
    if let Some(condition) = condition {
        let kind = condition.str_at(&["type"]);
        let known = pod.status().list_at(&["conditions"]).iter().map(|c| c.str_at(&["type"]));
        let new = (self::condition(pod, kind).is_none()).then_some(kind);
        let order: Vec<Value> = known.chain(new).map(|kind| json!({"type": kind})).collect();
        set_at(&mut status, &["$setElementOrder/conditions"], order.into());
        set_at(&mut status, &["conditions"], json!([condition]));
    }
    // The uid makes the server refuse what was meant for an earlier Pod of this name.
    let patch = Patch::StrategicMerge(json!({"metadata": {"uid": pod.metadata.uid}, "status": status}));
    Request::patch(actor, pod.key(), patch, Subresource::Status)
}
