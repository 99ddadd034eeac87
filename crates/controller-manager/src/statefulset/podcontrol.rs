//! Deletes Pods of a set, and tells what was done to one as an event.
//!
//! Models: `stateful_pod_control.go` (`recordPodEvent`, `DeleteStatefulPod`).

use std::rc::Rc;

use api::Object;
use apimachinery::{Reason as StatusReason, Status};
use apiserver::{DeleteOptions, Request};
use client::{EventSpec, Halt, Turn};

use super::NAME;
use super::decision::{Decision, Flow};

/// Emits the event of what was done to a Pod; returns the error that it was given.
pub(super) fn record_pod(
    set: &Object,
    verb: &str,
    ok: &'static str,
    failed: &'static str,
    pod: &str,
    error: Option<Status>,
    turn: &mut Turn<'_>,
) -> Result<(), Status> {
    let owner = &set.metadata.name;
    match error {
        None => {
            turn.event(EventSpec::normal(
                set,
                ok,
                format!("{verb} Pod {pod} in StatefulSet {owner} successful"),
                NAME,
            ));
            Ok(())
        }
        Some(status) => {
            let text = format!("{verb} Pod {pod} in StatefulSet {owner} failed error: {}", status.message);
            turn.event(EventSpec::warning(set, failed, text, NAME));
            Err(status)
        }
    }
}

/// Emits the event of an update.
pub(super) fn updated(
    decision: &Decision<'_>,
    pod: &Object,
    error: Option<Status>,
    turn: &mut Turn<'_>,
) -> Result<Flow, Status> {
    let name = &pod.metadata.name;
    record_pod(decision.set, "Update", "SuccessfulUpdate", "FailedUpdate", name, error, turn)
        .map(|()| Flow::Continue)
}

/// Deletes a Pod of the set, and emits the event.
pub(super) fn delete_pod(set: &Rc<Object>, pod: &Object, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let request = Request::delete(turn.actor(), pod.key(), DeleteOptions::default());
    let answer = turn.try_request(request)?;
    record_deletion(set, pod, answer.map(|_| ()), turn).map_err(Halt::Failed)
}

/// Emits the event of a deletion; a Pod that was gone already counts as deleted. Returns the error that it
/// was given.
pub(super) fn record_deletion(
    set: &Object,
    pod: &Object,
    result: Result<(), Status>,
    turn: &mut Turn<'_>,
) -> Result<(), Status> {
    let (name, owner) = (&pod.metadata.name, &set.metadata.name);
    match result {
        Err(status) if status.reason != StatusReason::NotFound => {
            let text = format!("Delete Pod {name} in StatefulSet {owner} failed error: {}", status.message);
            turn.event(EventSpec::warning(set, "FailedDelete", text, NAME));
            Err(status)
        }
        _ => {
            let text = format!("Delete Pod {name} in StatefulSet {owner} successful");
            turn.event(EventSpec::normal(set, "SuccessfulDelete", text, NAME));
            Ok(())
        }
    }
}
