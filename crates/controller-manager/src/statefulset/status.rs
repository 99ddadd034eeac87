//! Writes the set's status: counts of its Pods, and the end of a rollout.
//!
//! Models: `stateful_set_control.go` (`updateStatus`, `updateStatefulSetStatus`),
//! `stateful_set_utils.go` (`completeRollingUpdate`, `inconsistentStatus`),
//! `stateful_set_status_updater.go`.

use std::rc::Rc;

use api::Object;
use api::apps::{StatefulSet, UpdateStrategy};
use apimachinery::Reason as StatusReason;
use apimachinery::value::ValueExt;
use apiserver::Request;
use client::{Halt, Turn};
use serde_json::{Map, Value};

use super::decision::Decision;
use super::reason::StatefulSetReason;

/// How many conflicts a write of the status survives.
const RETRIES: usize = 4;

/// The counters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Counters {
    replicas: i64,
    ready: i64,
    available: i64,
    current: i64,
    updated: i64,
}

fn count(decision: &Decision<'_>) -> Counters {
    let mut counters = Counters::default();
    let current = decision.placed.revision(&decision.revisions.current.metadata.name);
    let update = decision.placed.revision(&decision.revisions.update.metadata.name);
    for pod in decision.standings() {
        counters.replicas += 1;
        counters.ready += i64::from(pod.is_ready);
        counters.current += i64::from(!pod.is_deleting && pod.is_of(current));
        counters.updated += i64::from(!pod.is_deleting && pod.is_of(update));
    }
    counters.available = counters.ready;
    if !decision.min_ready.is_zero() {
        let pods = decision.replicas.iter().filter_map(|slot| slot.pod.as_ref()).chain(decision.condemned);
        let available = pods.filter(|pod| decision.is_available(pod)).count();
        counters.available = i64::try_from(available).unwrap_or(i64::MAX);
    }
    counters.current -= decision.current_deleted;
    counters
}

/// The status after the decision, and whether a rollout is complete with it.
fn status_of(decision: &Decision<'_>) -> (Value, bool) {
    let mut counters = count(decision);
    let set = StatefulSet(decision.set);
    let update = decision.revisions.update.metadata.name.as_str();
    let mut current = decision.revisions.current.metadata.name.as_str();
    let rolling = matches!(set.update_strategy(), UpdateStrategy::RollingUpdate { .. });
    let complete = rolling
        && counters.updated == counters.replicas
        && counters.ready == counters.replicas
        && counters.replicas == set.replicas();
    let advances = complete && current != update;
    if complete {
        counters.current = counters.updated;
        current = update;
    }
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    put("replicas", counters.replicas.into());
    put("availableReplicas", counters.available.into());
    put("collisionCount", decision.revisions.collision_count.into());
    put("observedGeneration", decision.set.metadata.generation.into());
    put("currentRevision", current.into());
    put("updateRevision", update.into());
    for (name, value) in [
        ("readyReplicas", counters.ready),
        ("currentReplicas", counters.current),
        ("updatedReplicas", counters.updated),
    ] {
        if value != 0 {
            put(name, value.into());
        }
    }
    (Value::Object(map), advances)
}

/// Whether the new status is worth a write: a new collision count alone is not.
fn differs(old: &Value, new: &Value) -> bool {
    let number = |v: &Value, name: &str| v.i64_at(&[name]).unwrap_or(0);
    number(new, "observedGeneration") > number(old, "observedGeneration")
        || ["replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas"]
            .iter()
            .any(|n| number(old, n) != number(new, n))
        || ["currentRevision", "updateRevision"].iter().any(|n| old.str_at(&[n]) != new.str_at(&[n]))
}

/// Writes the status if it changed.
pub fn write(decision: &Decision<'_>, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let (status, advances) = status_of(decision);
    if advances {
        turn.because(StatefulSetReason::CompletesRollout {
            set: decision.set.key(),
            revision: decision.revisions.update.metadata.name.clone(),
        });
    }
    if !differs(decision.set.status(), &status) {
        return Ok(());
    }
    let mut set = Rc::clone(decision.set);
    for attempt in 0..=RETRIES {
        let mut changed = Object::clone(&set);
        changed.set_field("status", status.clone());
        let request = Request::update_status(turn.actor(), changed);
        match turn.try_request(request)? {
            Ok(_) => return Ok(()),
            Err(refused) if refused.reason == StatusReason::NotFound => return Ok(()),
            Err(refused) if refused.reason == StatusReason::Conflict && attempt < RETRIES => {
                let request = Request::get(turn.actor(), set.key());
                match turn.request(request)? {
                    Some(live) => set = live,
                    None => return Err(Halt::Failed(refused)),
                }
            }
            Err(refused) => return Err(Halt::Failed(refused)),
        }
    }
    Ok(())
}
