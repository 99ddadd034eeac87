//! What holds for evictions and the budgets that they ask.
//!
//! Source: `docs/concepts/workloads/pods/disruptions`, `docs/tasks/run-application/configure-pdb`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apiserver::Change;
use cluster::{Cluster, What};
use serde_json::Value;

use super::{Invariant, Step};

/// The controller that counts.
const COUNTER: &str = "disruption-controller";
/// An evicted Pod counts as gone for so long, even if nobody deletes it.
const BELIEVED: Duration = Duration::from_mins(2);

fn selects(budget: &Object, pod: &Object) -> bool {
    let selector = Selector::from_label_selector(budget.spec().at(&["selector"]).unwrap_or(&Value::Null));
    budget.metadata.namespace == pod.metadata.namespace
        && selector.is_ok_and(|selector| selector.matches(&pod.metadata.labels))
}

fn said(budget: &Object, member: &str) -> i64 {
    budget.status().i64_at(&[member]).unwrap_or(0)
}

fn is_healthy(pod: &Object) -> bool {
    Pod(pod).has_ready_condition() && !pod.metadata.is_deleting()
}

/// An eviction is granted only if a budget allows it, and does not bring the healthy Pods below what it asks for.
///
/// This holds as far as the budget's count is true: a Pod that has just become unready is not counted yet.
#[derive(Default)]
pub(super) struct Evictions {
    /// Up to which revision of Pods a budget was counted.
    counted: BTreeMap<Key, u64>,
    /// The last revision at which one of its Pods changed otherwise than by being evicted.
    moved: BTreeMap<Key, u64>,
}

impl Invariant for Evictions {
    fn name(&self) -> &'static str {
        "an eviction is within its budget"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for record in step.records {
            let What::Requested { verb, key, result, changes, .. } = &record.what else { continue };
            if *verb == "EVICT" {
                if result.is_ok() && !changes.is_empty() {
                    self.granted(step, key, changes)?;
                }
                continue;
            }
            for change in changes {
                self.follow(step, record.actor.as_str(), change);
            }
        }
        Ok(())
    }
}

impl Evictions {
    /// Keeps in mind how old the budgets' counts are.
    fn follow(&mut self, step: &Step<'_>, actor: &str, change: &Change) {
        match change.key.kind {
            Kind::Pod => {
                let versions = || change.before.iter().chain(&change.after);
                let budgets = step.cluster.store().list(Kind::PodDisruptionBudget, &change.key.namespace);
                for budget in budgets.filter(|budget| versions().any(|pod| selects(budget, pod))) {
                    self.moved.insert(budget.key(), change.revision);
                }
            }
            Kind::PodDisruptionBudget if actor == COUNTER => {
                if let Some((_, seen)) = step.cluster.decision_in_flight(COUNTER, &change.key) {
                    self.counted.insert(change.key.clone(), seen.revision_of(Kind::Pod));
                }
            }
            Kind::PodDisruptionBudget => drop(self.counted.remove(&change.key)),
            _ => {}
        }
    }

    fn granted(&self, step: &Step<'_>, key: &Key, changes: &[Rc<Change>]) -> Result<(), String> {
        let Some(pod) = changes.iter().find(|c| c.key == *key).and_then(|c| c.before.as_ref()) else {
            return Ok(());
        };
        let is_free = matches!(Pod(pod).phase(), "Pending" | "Succeeded" | "Failed");
        if is_free || pod.metadata.is_deleting() {
            return Ok(());
        }
        let store = step.cluster.store();
        let budgets: Vec<&Rc<Object>> =
            store.list(Kind::PodDisruptionBudget, &key.namespace).filter(|b| selects(b, pod)).collect();
        let budget = match budgets.as_slice() {
            [] => return Ok(()),
            [budget] => *budget,
            _ => return Err(format!("{key} was evicted although several budgets are about it")),
        };
        let charged = changes.iter().find(|change| change.key == budget.key());
        let Some((before, after)) = charged.and_then(|c| c.before.as_ref().zip(c.after.as_ref())) else {
            return uncounted(budget, pod);
        };
        let left = said(before, "disruptionsAllowed") - 1;
        let noted = after.status().at(&["disruptedPods", &pod.metadata.name]).is_some();
        if left < 0 || said(after, "disruptionsAllowed") != left || !noted {
            return Err(format!("{key} was evicted, and {} has {left} left", budget.key()));
        }
        if said(before, "observedGeneration") < before.metadata.generation {
            return Err(format!("{key} was evicted by a count that is older than {}", budget.key()));
        }
        let healthy = store.list(Kind::Pod, &key.namespace).filter(|p| selects(budget, p) && is_healthy(p));
        let healthy = i64::try_from(healthy.count()).unwrap_or(i64::MAX);
        let is_current = self.moved.get(&budget.key()) <= self.counted.get(&budget.key());
        if is_current && healthy < said(budget, "desiredHealthy") {
            return Err(format!("{key} was evicted, which leaves {healthy} healthy: {}", budget.status()));
        }
        Ok(())
    }
}

/// A Pod may be evicted without being counted if it is not Ready and its budget allows that for such Pods:
/// always, or while enough others are healthy.
fn uncounted(budget: &Object, pod: &Object) -> Result<(), String> {
    let (healthy, desired) = (said(budget, "currentHealthy"), said(budget, "desiredHealthy"));
    let always = budget.spec().str_at(&["unhealthyPodEvictionPolicy"]) == "AlwaysAllow";
    if !Pod(pod).has_ready_condition() && (always || (healthy >= desired && desired > 0)) {
        return Ok(());
    }
    Err(format!("{} was evicted without being counted: {}", pod.key(), budget.status()))
}

/// A budget's count is true to what its controller saw.
pub(super) struct Counts;

impl Invariant for Counts {
    fn name(&self) -> &'static str {
        "a budget counts what its controller saw"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes() {
            let Some(budget) = change.after.as_ref().filter(|_| actor.as_str() == COUNTER) else { continue };
            if change.key.kind != Kind::PodDisruptionBudget || is_failed(budget) {
                continue;
            }
            let Some((at, seen)) = step.cluster.decision_in_flight(COUNTER, &change.key) else {
                return Err(format!("{} was counted without a decision", change.key));
            };
            let Some(before) = seen.get(&change.key) else {
                return Err(format!("{} was counted, which its controller did not see", change.key));
            };
            let pods = seen.list(Kind::Pod, &change.key.namespace);
            let healthy = healthy_in(before, pods, at);
            let wanted = desired(budget);
            let allowed = if said(budget, "expectedPods") > 0 { (healthy - wanted).max(0) } else { 0 };
            let expected = [healthy, wanted, allowed];
            let found = ["currentHealthy", "desiredHealthy", "disruptionsAllowed"].map(|m| said(budget, m));
            if found != expected {
                return Err(format!("{} says {found:?}, not {expected:?}", change.key));
            }
        }
        Ok(())
    }
}

/// The healthy Pods of a budget, without those that were evicted and are still there.
fn healthy_in<'a>(budget: &Object, pods: impl Iterator<Item = &'a Rc<Object>>, now: Time) -> i64 {
    let leaves = |pod: &Object| {
        let at = budget.status().str_at(&["disruptedPods", &pod.metadata.name]);
        Time::parse_rfc3339(at).is_some_and(|at| now.since(at) < BELIEVED)
    };
    let healthy = pods.filter(|pod| selects(budget, pod) && is_healthy(pod) && !leaves(pod));
    i64::try_from(healthy.count()).unwrap_or(i64::MAX)
}

/// How many Pods a budget wants healthy, of those that it expects. Shares are rounded up.
fn desired(budget: &Object) -> i64 {
    let expected = said(budget, "expectedPods");
    let amount = |value: &Value| match value.as_str() {
        Some(share) => {
            let percent: i64 = share.trim_end_matches('%').parse().unwrap_or(0);
            (expected * percent).div_euclid(100) + i64::from((expected * percent) % 100 > 0)
        }
        None => value.as_i64().unwrap_or(0),
    };
    let spec = budget.spec();
    match (spec.at(&["minAvailable"]), spec.at(&["maxUnavailable"])) {
        (Some(least), _) => amount(least),
        (None, Some(most)) => (expected - amount(most)).max(0),
        (None, None) => 0,
    }
}

/// Whether the count failed because a Pod's controller is gone.
fn is_failed(budget: &Object) -> bool {
    let conditions = budget.status().list_at(&["conditions"]).iter();
    conditions.into_iter().any(|condition| condition.str_at(&["reason"]) == "SyncFailed")
}

/// At rest a budget says what there is.
pub(super) fn at_rest(cluster: &Cluster) -> Result<(), String> {
    for budget in cluster.store().list(Kind::PodDisruptionBudget, "").filter(|budget| !is_failed(budget)) {
        let pods = cluster.store().list(Kind::Pod, &budget.metadata.namespace);
        let healthy = healthy_in(budget, pods, cluster.now());
        let is_observed = said(budget, "observedGeneration") == budget.metadata.generation;
        if said(budget, "currentHealthy") != healthy || !is_observed {
            return Err(format!("{} says {}, there are {healthy} healthy", budget.key(), budget.status()));
        }
    }
    Ok(())
}
