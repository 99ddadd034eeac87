//! Repairs Pods whose identity, storage or claims are not as they should be.
//!
//! Models: `stateful_pod_control.go` (`UpdateStatefulPod`).

use std::rc::Rc;

use api::Object;
use api::apps::StatefulSet;
use apimachinery::{Reason as StatusReason, Rng, Status};
use apiserver::Request;
use client::{Halt, Turn};
use serde_json::Value;

use super::decision::{Decision, Flow};
use super::podcontrol::updated;
use super::reason::StatefulSetReason;
use super::{claims, identity, retention};

/// Conflicts that a repair survives: `retry.DefaultBackoff`.
const RETRIES: usize = 4;

/// The claim templates, in another order at each attempt, since upstream reads them from a Go map. It shows
/// where the API server refuses the change: its error quotes the volumes, so one obstacle makes several
/// Events.
fn templates_of_attempt(set: &Object, pod: &Object, turn: &Turn<'_>) -> Vec<Value> {
    let mut templates = StatefulSet(set).claim_templates().to_vec();
    let moment = u64::try_from(turn.now().as_micros()).unwrap_or_default();
    Rng::stream(moment, &pod.metadata.uid).shuffle(&mut templates);
    templates
}

/// Puts identity, storage and owners of claims right.
pub(super) fn repair(
    decision: &Decision<'_>,
    ordinal: i64,
    pod: &Rc<Object>,
    turn: &mut Turn<'_>,
) -> Result<Result<Flow, Status>, Halt> {
    let set = decision.set;
    let mut pod = Rc::clone(pod);
    let mut attempted = false;
    let mut error = None;
    for _ in 0..=RETRIES {
        let identity_ok = identity::identity_matches(set, &pod);
        let storage_ok = !decision.has_claims || identity::storage_matches(set, &pod);
        let owners_ok = !decision.has_claims || retention::claims_match(set, &pod, turn);
        if identity_ok && storage_ok && owners_ok {
            error = None;
            break;
        }
        let mut repaired = Object::clone(&pod);
        if !identity_ok {
            identity::set_identity(set, &mut repaired, ordinal);
        }
        if !storage_ok {
            identity::set_storage(set, &mut repaired, ordinal, &templates_of_attempt(set, &pod, turn));
            let wanted = [claims::look_up(set, ordinal, turn)];
            if let Some(status) = claims::create(set, &wanted, turn)?.into_iter().flatten().next() {
                return Ok(updated(decision, &pod, Some(status), turn));
            }
        }
        if !owners_ok && let Err(status) = retention::update_claims(set, &pod, turn)? {
            return Ok(updated(decision, &pod, Some(status), turn));
        }
        attempted = true;
        let request = Request::update(turn.actor(), repaired);
        match turn.try_request(request)? {
            Ok(_) => {
                error = None;
                break;
            }
            Err(status) if status.reason == StatusReason::Conflict => {
                if let Some(fresh) = turn.seen().get(&pod.key()) {
                    pod = Rc::clone(fresh);
                }
                error = Some(status);
            }
            Err(status) => {
                error = Some(status);
                break;
            }
        }
    }
    if !attempted {
        return Ok(Ok(Flow::Continue));
    }
    tell(decision, &pod, error.as_ref(), turn);
    Ok(updated(decision, &pod, error, turn))
}

/// Says what became of a repair.
fn tell(decision: &Decision<'_>, pod: &Object, error: Option<&Status>, turn: &mut Turn<'_>) {
    let set = decision.set;
    match error {
        None => turn.because(StatefulSetReason::RepairsPod { set: set.key(), pod: pod.key() }),
        // The next sync reads the Pod anew.
        Some(status) if status.reason == StatusReason::Conflict => {}
        Some(status) => {
            let why = status.message.clone();
            turn.because(StatefulSetReason::RepairRefused { set: set.key(), pod: pod.key(), why });
        }
    }
}
