//! Pods leave a node that has a `NoExecute` taint which they do not tolerate, or not for ever.
//!
//! Read in this order: [`toleration`] says how long a Pod may stay; here is the controller; [`reason`]
//! says why.
//!
//! Models: `pkg/controller/tainteviction`.
//! Differs: there are no timers to remember. When a stay ends is told from when the taint was set and
//! when the Pod came to the node; only of a taint without `timeAdded` the work queue keeps the time.

pub mod reason;
pub mod toleration;

use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apimachinery::{Reason as StatusReason, Status};
use apiserver::{Answer, Change, DeleteOptions, Request};
use client::{Controller, EventSpec, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Value, json};

use crate::conditions::{condition, patch_pod_status, turned};
use reason::EvictionReason;
use toleration::{Stay, no_execute, stay};

/// The controller's name, also the source component of its events.
/// The component's name.
pub const NAME: &str = "taint-eviction-controller";
/// The reason in the condition `DisruptionTarget` of a Pod that was told to leave.
const DELETED_BY: &str = "DeletionByTaintManager";
/// A stay that began this long ago at most begins now: `timeAdded` knows only whole seconds.
const FRESH: Duration = Duration::from_millis(1_500);

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaintEviction;

impl Controller for TaintEviction {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Node, Kind::Pod]
    }

    fn workers(&self) -> usize {
        8
    }

    /// Changed taints wake the node's Pods; a Pod wakes itself when its node or its tolerations change. The
    /// key of an Event with a Pod's name asks for the event that the Pod's eviction is cancelled.
    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match (change.key.kind, &change.before, &change.after) {
            (Kind::Node, before, Some(node)) => {
                let before = before.as_ref().map(|node| no_execute(node)).unwrap_or_default();
                let after = no_execute(node);
                if before == after {
                    return Vec::new();
                }
                let pods = seen.list(Kind::Pod, "").filter(|pod| Pod(pod).node_name() == node.metadata.name);
                pods.flat_map(|pod| plan(pod, stay(pod, &before), &after)).collect()
            }
            (Kind::Pod, Some(pod), None) => {
                let pending = is_pending(pod, stay(pod, &taints_of(pod, seen)));
                if pending { vec![cancel(pod)] } else { Vec::new() }
            }
            (Kind::Pod, before, Some(pod)) => {
                let before = before.as_ref();
                let read = |pod: &Object| {
                    (Pod(pod).node_name().to_owned(), pod.spec().list_at(&["tolerations"]).to_vec())
                };
                let taints = taints_of(pod, seen);
                if taints.is_empty() || before.is_some_and(|before| read(before) == read(pod)) {
                    return Vec::new();
                }
                let was = before.filter(|before| !Pod(before).node_name().is_empty());
                plan(pod, was.map_or(Stay::ForEver, |before| stay(before, &taints)), &taints)
            }
            _ => Vec::new(),
        }
    }

    #[inline(never)] // a gate
    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        if key.kind == Kind::Event {
            tell_cancelled(key, turn);
            return Ok(Outcome::Done);
        }
        let seen = turn.seen();
        let Some(pod) = seen.get(key).filter(|pod| !was_told(pod)) else { return Ok(Outcome::Done) };
        let taints = taints_of(pod, &seen);
        let node = Key::new(Kind::Node, "", Pod(pod).node_name());
        match stay(pod, &taints) {
            Stay::ForEver => Ok(Outcome::Done),
            Stay::Over => evict(pod, node, 0, turn),
            Stay::For(stay) => {
                let left = stay.saturating_sub(turn.now().since(began(pod, &taints, turn.now())));
                if left.is_zero() {
                    return evict(pod, node, stay.as_secs(), turn);
                }
                turn.because(EvictionReason::ToleratesFor { pod: key.clone(), node, stay, left });
                Ok(Outcome::DoneAndRequeueAfter(left))
            }
        }
    }
}

fn taints_of<'a>(pod: &Object, seen: &Seen<'a>) -> Vec<&'a Value> {
    seen.find(Kind::Node, "", Pod(pod).node_name()).map(|node| no_execute(node)).unwrap_or_default()
}

/// What a change from one stay to another makes due.
fn plan(pod: &Object, before: Stay, taints: &[&Value]) -> Vec<Wake> {
    let pending = is_pending(pod, before);
    match stay(pod, taints) {
        Stay::ForEver if pending => vec![cancel(pod)],
        Stay::ForEver => Vec::new(),
        Stay::Over if pending => vec![cancel(pod), Wake::now(pod.key())],
        Stay::Over => vec![Wake::now(pod.key())],
        Stay::For(_) if pending => Vec::new(), // the stay that has begun goes on
        Stay::For(length) => {
            let dated = taints.iter().all(|taint| taint.at(&["timeAdded"]).is_some());
            vec![if dated { Wake::now(pod.key()) } else { Wake::after(pod.key(), length) }]
        }
    }
}

/// Whether a stay is being counted down.
fn is_pending(pod: &Object, stay: Stay) -> bool {
    matches!(stay, Stay::For(_)) && !was_told(pod)
}

/// Whether the Pod has been told to leave.
fn was_told(pod: &Object) -> bool {
    pod.metadata.is_deleting()
        && condition(pod, "DisruptionTarget").is_some_and(|c| c.str_at(&["reason"]) == DELETED_BY)
}

fn cancel(pod: &Object) -> Wake {
    Wake::now(Key::new(Kind::Event, pod.metadata.namespace.as_str(), pod.metadata.name.as_str()))
}

/// When the stay began: when the last of the taints was set, or when the Pod came.
fn began(pod: &Object, taints: &[&Value], now: Time) -> Time {
    let added = taints.iter().filter_map(|taint| Time::parse_rfc3339(taint.str_at(&["timeAdded"]))).max();
    let bound = condition(pod, "PodScheduled");
    let bound = bound.and_then(|c| Time::parse_rfc3339(c.str_at(&["lastTransitionTime"])));
    let began = added.max(bound.or(pod.metadata.creation_timestamp)).unwrap_or(now);
    if now.since(began) < FRESH { now } else { began }
}

/// An event about a Pod, without its UID: by then another Pod may have the name.
fn event(namespace: &str, name: &str, text: &str) -> EventSpec {
    let pod = Object::new(Kind::Pod, namespace, name);
    EventSpec::normal(&pod, "TaintManagerEviction", format!("{text} Pod {namespace}/{name}"), NAME)
}

fn tell_cancelled(key: &Key, turn: &mut Turn<'_>) {
    turn.event(event(&key.namespace, &key.name, "Cancelling deletion of"));
    let pod = Key::new(Kind::Pod, key.namespace.as_ref(), key.name.as_ref());
    turn.because(EvictionReason::CancelsEviction { pod });
}

/// Tells the Pod to leave: a condition that says why, then a graceful deletion.
fn evict(pod: &Object, node: Key, seconds: u64, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    turn.event(event(&pod.metadata.namespace, &pod.metadata.name, "Marking for deletion"));
    turn.because(EvictionReason::EvictsPod { pod: pod.key(), node, seconds });
    let answer = turn.try_request(Request::get(turn.actor(), pod.key()))?;
    let Some(live) = found(answer)? else { return Ok(Outcome::Done) };
    let wanted = json!({
        "type": "DisruptionTarget", "status": "True", "reason": DELETED_BY,
        "message": "Taint manager: deleting due to NoExecute taint",
        "observedGeneration": live.metadata.generation,
    });
    if let Some(condition) = turned(&live, wanted, turn.now()) {
        let request = patch_pod_status(turn.actor(), &live, Some(&condition), json!({}));
        let answer = turn.try_request(request)?;
        if found(answer)?.is_none() {
            return Ok(Outcome::Done);
        }
    }
    let request = Request::delete(turn.actor(), pod.key(), DeleteOptions::default());
    let answer = turn.try_request(request)?;
    found(answer)?;
    Ok(Outcome::Done)
}

/// The object of an answer; `None` if the Pod is gone.
fn found(answer: Answer) -> Result<Option<std::rc::Rc<Object>>, Status> {
    match answer {
        Ok(response) => Ok(response.into_object()),
        Err(status) if status.reason == StatusReason::NotFound => Ok(None),
        Err(status) => Err(status),
    }
}
