//! Disruption budgets: how many Pods a drain may take at a time.
//!
//! The controller only counts. The API server refuses an eviction by the count that it finds. Read in this
//! order: [`expected`] says how many Pods there ought to be, [`status`] is the count, [`reason`] says why.
//!
//! Models: `pkg/controller/disruption`.
//! Differs: a Pod that several budgets select counts for each, where upstream picks one by chance;
//! changes of a Pod that no budget counts wake nobody.

pub mod expected;
pub mod reason;
pub mod status;

use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apiserver::{Change, Request};
use client::{Controller, EventSpec, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Value, json};

use crate::conditions::{condition, patch_pod_status, turned};
use reason::DisruptionReason;

/// The source component of the controller's events.
pub const EVENT_SOURCE: &str = "controllermanager";
/// A Pod was spared if it was marked as a target this long ago and is still not being deleted.
const STALE: Duration = Duration::from_mins(2);

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disruption;

fn selector(budget: &Object) -> Selector {
    let selector = budget.spec().at(&["selector"]).unwrap_or(&Value::Null);
    Selector::from_label_selector(selector).unwrap_or_else(|_| Selector::nothing())
}

/// What a budget's count depends on in a Pod.
fn counted(pod: &Object) -> (bool, bool, Option<&str>) {
    let owner = pod.metadata.controller().map(|owner| owner.uid.as_str());
    (pod.metadata.is_deleting(), Pod(pod).has_ready_condition(), owner)
}

/// Whether a Pod is marked as a target of a disruption, but lives.
fn is_spared(pod: &Object) -> bool {
    let target = condition(pod, "DisruptionTarget");
    let is_target = target
        .is_some_and(|c| c.str_at(&["status"]) == "True" && c.str_at(&["reason"]) != "TerminationByKubelet");
    is_target && !pod.metadata.is_deleting() && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
}

fn pod_wakes(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    let pod = change.object();
    let mut wakes = Vec::new();
    if !change.is_delete() && is_spared(pod) {
        wakes.push(Wake::after(pod.key(), STALE));
    }
    let is_news = match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            counted(before) != counted(after) || before.metadata.labels != after.metadata.labels
        }
        _ => true,
    };
    if is_news {
        let versions = [&change.before, &change.after];
        let selects = |budget: &&Rc<Object>| {
            let selector = selector(budget);
            versions.into_iter().flatten().any(|pod| selector.matches(&pod.metadata.labels))
        };
        let budgets = seen.list(Kind::PodDisruptionBudget, &pod.metadata.namespace).filter(selects);
        wakes.extend(budgets.map(|budget| Wake::now(budget.key())));
    }
    wakes
}

impl Controller for Disruption {
    fn name(&self) -> &'static str {
        "disruption-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PodDisruptionBudget, Kind::Pod, Kind::StatefulSet]
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::PodDisruptionBudget => vec![Wake::now(change.key.clone())],
            Kind::Pod => pod_wakes(change, seen),
            _ => Vec::new(), // sets are read, but only their Pods wake a budget
        }
    }

    #[inline(never)] // a gate
    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(object) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if key.kind == Kind::Pod {
            return clear_stale_target(&object, turn);
        }
        if !turn.caches_include_own_writes(&[Kind::PodDisruptionBudget]) {
            return Ok(Outcome::Failed(String::new()));
        }
        count(&object, turn)
    }
}

fn warn(budget: &Object, reason: &'static str, message: String, turn: &mut Turn<'_>) {
    turn.event(EventSpec::warning(budget, reason, message, EVENT_SOURCE));
}

fn count(budget: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let seen = turn.seen();
    let selector = selector(budget);
    let pods: Vec<&Rc<Object>> = seen
        .list(Kind::Pod, &budget.metadata.namespace)
        .filter(|pod| selector.matches(&pod.metadata.labels))
        .collect();
    if pods.is_empty() {
        turn.event(EventSpec::normal(budget, "NoPods", "No matching pods found", EVENT_SOURCE));
    }
    let expected = match expected::count(budget, &pods, &seen) {
        Ok(expected) => expected,
        Err(why) => {
            let text = format!("Failed to calculate the number of expected pods: {why}");
            warn(budget, "CalculateExpectedPodCountFailed", text, turn);
            return write(status::failed(budget, &why, turn.now()), turn);
        }
    };
    if expected.has_unmanaged {
        let text = expected::unmanaged(budget.spec().at(&["selector"]).unwrap_or(&Value::Null));
        warn(budget, "UnmanagedPods", text, turn);
    }
    let counted = status::count(budget, &pods, &expected, turn.now());
    for pod in &counted.not_deleted {
        // Upstream prints the namespace twice.
        let namespace = &budget.metadata.namespace;
        let text = format!("Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't");
        warn(pod, "NotDeleted", text, turn);
    }
    let recheck = counted.recheck_after;
    if let Some(changed) = status::applied(budget, &counted, turn.now()) {
        turn.because(DisruptionReason::of(budget.key(), &counted));
        write(changed, turn)?;
    }
    Ok(recheck.map_or(Outcome::Done, Outcome::DoneAndRequeueAfter))
}

fn write(budget: Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let request = Request::update_status(turn.actor(), budget);
    turn.request(request)?;
    Ok(Outcome::Done)
}

/// Removes the mark from a Pod that nobody has deleted.
fn clear_stale_target(pod: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    if !is_spared(pod) {
        return Ok(Outcome::Done);
    }
    let since = condition(pod, "DisruptionTarget").map_or("", |c| c.str_at(&["lastTransitionTime"]));
    let age = apimachinery::Time::parse_rfc3339(since).map_or(STALE, |since| turn.now().since(since));
    if age < STALE {
        return Ok(Outcome::DoneAndRequeueAfter(STALE.saturating_sub(age)));
    }
    let wanted = json!({"type": "DisruptionTarget", "status": "False", "reason": null, "message": null});
    if let Some(condition) = turned(pod, wanted, turn.now()) {
        let request = patch_pod_status(turn.actor(), pod, Some(&condition), json!({}));
        turn.try_request(request)?.ok();
        turn.because(DisruptionReason::ClearsStaleTarget { pod: pod.key() });
    }
    Ok(Outcome::Done)
}
