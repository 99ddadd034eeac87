//! The count in a budget's status.
//!
//! Models: `disruption.go` (`countHealthyPods`, `buildDisruptedPodMap`, `updatePdbStatus`, `failSafe`),
//! `pkg/apis/policy/…/helper` (`UpdateDisruptionAllowedCondition`).

use std::rc::Rc;
use std::time::Duration;

use api::Object;
use api::core::Pod;
use apimachinery::Time;
use apimachinery::value::{ValueExt, set_at};
use serde_json::{Map, Value, json};

use super::expected::Expected;
use crate::conditions::condition;

/// How long an evicted Pod is believed to be on its way: `DeletionTimeout`.
const DELETION_TIMEOUT: Duration = Duration::from_mins(2);

/// What a budget's status ought to say.
#[derive(Debug, Clone)]
pub struct Counted {
    /// How many Pods there ought to be.
    pub expected: i64,
    /// How many of them ought to be healthy.
    pub desired: i64,
    /// How many are healthy.
    pub healthy: i64,
    /// How many may be evicted now.
    pub allowed: i64,
    /// Evicted Pods that are not being deleted yet, and when they were evicted.
    pub disrupted: Map<String, Value>,
    /// Evicted Pods that nobody has deleted in time.
    pub not_deleted: Vec<Rc<Object>>,
    /// When to look again for those that are on their way.
    pub recheck_after: Option<Duration>,
}

/// Counts the Pods of a budget.
pub fn count(budget: &Object, pods: &[&Rc<Object>], expected: &Expected, now: Time) -> Counted {
    let mut counted = Counted {
        expected: expected.pods,
        desired: expected.healthy,
        healthy: 0,
        allowed: 0,
        disrupted: Map::new(),
        not_deleted: Vec::new(),
        recheck_after: None,
    };
    let evicted = budget.status().map_at(&["disruptedPods"]);
    for pod in pods.iter().filter(|pod| !pod.metadata.is_deleting()) {
        let at = evicted.and_then(|evicted| evicted.get(&pod.metadata.name));
        let moment = at.and_then(Value::as_str).and_then(Time::parse_rfc3339);
        if let (Some(at), Some(moment)) = (at, moment) {
            let age = now.since(moment);
            // A clock that stands still would otherwise look again and again at the very end.
            if age < DELETION_TIMEOUT {
                let left = DELETION_TIMEOUT.saturating_sub(age);
                counted.recheck_after = Some(counted.recheck_after.map_or(left, |known| known.min(left)));
                counted.disrupted.insert(pod.metadata.name.clone(), at.clone());
                continue;
            }
            counted.not_deleted.push(Rc::clone(pod));
        }
        counted.healthy += i64::from(Pod(pod).has_ready_condition());
    }
    // Without a Pod to expect nothing is allowed: the first Pods may come before the next count.
    if counted.expected > 0 {
        counted.allowed = (counted.healthy - counted.desired).max(0);
    }
    counted
}

/// The budget with this count in its status; `None` if it is there already.
pub fn applied(budget: &Object, counted: &Counted, now: Time) -> Option<Object> {
    let generation = budget.metadata.generation;
    let (word, reason) =
        if counted.allowed > 0 { ("True", "SufficientPods") } else { ("False", "InsufficientPods") };
    let mut status = json!({
        "currentHealthy": counted.healthy, "desiredHealthy": counted.desired, "expectedPods": counted.expected,
        "disruptionsAllowed": counted.allowed, "observedGeneration": generation,
        "conditions": conditions(budget, (word, reason, ""), generation, now),
    });
    if !counted.disrupted.is_empty() {
        set_at(&mut status, &["disruptedPods"], Value::Object(counted.disrupted.clone()));
    }
    if status == *budget.status() {
        return None;
    }
    let mut changed = budget.clone();
    changed.set_field("status", status);
    Some(changed)
}

/// The budget when nothing could be counted: it allows no eviction.
pub fn failed(budget: &Object, why: &str, now: Time) -> Object {
    let mut changed = budget.clone();
    let observed = budget.status().i64_at(&["observedGeneration"]).unwrap_or(0);
    let conditions = conditions(budget, ("False", "SyncFailed", why), observed, now);
    let status = changed.status_mut();
    for name in ["currentHealthy", "desiredHealthy", "expectedPods"] {
        if status.at(&[name]).is_none() {
            set_at(status, &[name], 0.into());
        }
    }
    set_at(status, &["disruptionsAllowed"], 0.into());
    set_at(status, &["conditions"], conditions);
    changed
}

fn conditions(
    budget: &Object,
    (word, reason, message): (&str, &str, &str),
    generation: i64,
    now: Time,
) -> Value {
    let known = condition(budget, "DisruptionAllowed").filter(|c| c.str_at(&["status"]) == word);
    let since = known.map_or_else(|| now.rfc3339(), |c| c.str_at(&["lastTransitionTime"]).to_owned());
    let mut condition = json!({"type": "DisruptionAllowed", "status": word, "reason": reason, "message": message,
        "lastTransitionTime": since});
    if generation > 0 {
        set_at(&mut condition, &["observedGeneration"], generation.into());
    }
    json!([condition])
}

#[cfg(test)]
mod tests {
    use api::Kind;

    use super::*;

    #[test]
    fn an_evicted_pod_is_waited_for_two_minutes_and_not_a_moment_longer() {
        let evicted = Time::from_unix_seconds(1_000);
        let mut budget = Object::new(Kind::PodDisruptionBudget, "default", "web");
        budget.set_field("status", json!({"disruptedPods": {"web-0": evicted.rfc3339()}}));
        let pod = Rc::new(Object::new(Kind::Pod, "default", "web-0"));
        let expected = Expected { pods: 1, healthy: 1, has_unmanaged: false };
        let at = |seconds| {
            let counted = count(&budget, &[&pod], &expected, evicted + Duration::from_secs(seconds));
            (counted.recheck_after, counted.not_deleted.len())
        };
        assert_eq!(at(119), (Some(Duration::from_secs(1)), 0));
        assert_eq!(at(120), (None, 1));
    }
}
