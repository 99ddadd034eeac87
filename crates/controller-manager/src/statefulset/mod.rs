//! The StatefulSet controller.
//!
//! One decision about one set reads as upstream's does: claim the Pods that are its own, find the
//! current and the update revision, bring each replica in ascending order to what it should be,
//! delete condemned Pods from the highest ordinal, replace outdated ones from the highest ordinal,
//! write the status, forget old revisions. With `OrderedReady` the first replica that is not as it
//! should be ends all that follows: that one rule is the source of the order, of the safety, and of
//! the forced-rollback trap. Read in this order: [`control`], [`decision`], [`placed`], [`replicas`],
//! [`claims`], [`tidy`], [`retention`], [`revisions`], [`ownership`], [`identity`], [`claim_names`],
//! [`status`], [`reason`].
//!
//! Models: `pkg/controller/statefulset`, `pkg/controller/history`,
//! `pkg/controller/controller_ref_manager.go`.
//! Differs: the positive cache of semantic revision comparison is not modelled; it only saves work.

pub mod claim_names;
pub mod claims;
pub mod control;
pub mod decision;
pub mod facts;
pub mod identity;
pub mod labels;
pub mod ownership;
pub mod placed;
mod podcontrol;
pub mod reason;
mod reason_deeds;
mod reason_others;
mod reason_updates;
mod reason_waits;
mod repair;
pub mod replicas;
pub mod retention;
pub mod revisions;
mod standstill;
pub mod status;
#[cfg(test)]
mod tests;
pub mod tidy;

use std::rc::Rc;
use std::time::Duration;

use api::apps::{StatefulSet, parent_and_ordinal};
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apiserver::Change;
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};

/// The component's name, in events and requests.
pub const NAME: &str = "statefulset-controller";

/// Feature gates, with v1.36's defaults.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gates {
    /// `MaxUnavailableStatefulSet`: off by default in v1.36.
    pub max_unavailable: bool,
}

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatefulSetController {
    /// Its gates.
    pub gates: Gates,
}

impl Controller for StatefulSetController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::StatefulSet, Kind::Pod, Kind::PersistentVolumeClaim, Kind::ControllerRevision]
    }

    fn workers(&self) -> usize {
        5
    }

    /// A set wakes itself, a Pod wakes its set; claims and revisions wake nobody.
    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::StatefulSet => vec![Wake::now(change.key.clone())],
            Kind::Pod => pod_wakes(change, seen),
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(set) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if !turn.caches_include_own_writes(&[Kind::Pod, Kind::PersistentVolumeClaim, Kind::StatefulSet]) {
            // `StaleControllerConsistencyStatefulSet`: a failed sync without event or effect.
            return Ok(Outcome::Failed(String::new()));
        }
        let Ok(selector) = Selector::from_label_selector(StatefulSet(&set).selector()) else {
            return Ok(Outcome::Done);
        };
        ownership::adopt_revisions(&set, &selector, turn)?;
        let placed = ownership::claim_pods(&set, &selector, turn)?;
        let available_at = control::update(self.gates, &set, &selector, &placed, turn)?;
        Ok(available_at.map_or(Outcome::Done, Outcome::DoneAndRequeueAfter))
    }
}

/// The set that manages a Pod, if it is this very incarnation.
fn managing_set<'a>(pod: &Object, seen: &Seen<'a>) -> Option<&'a Rc<Object>> {
    let owner = pod.metadata.controller()?;
    if owner.kind != "StatefulSet" {
        return None;
    }
    let set = seen.find(Kind::StatefulSet, &pod.metadata.namespace, &owner.name)?;
    (set.metadata.uid == owner.uid).then_some(set)
}

/// The sets whose selector matches an orphan.
fn matching_sets(pod: &Object, seen: &Seen<'_>) -> Vec<Wake> {
    seen.list(Kind::StatefulSet, &pod.metadata.namespace)
        .filter(|set| {
            let selector = Selector::from_label_selector(StatefulSet(set).selector());
            selector.is_ok_and(|s| !s.is_empty() && s.matches(&pod.metadata.labels))
        })
        .map(|set| Wake::now(set.key()))
        .collect()
}

fn pod_wakes(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    let pod = change.object();
    let owner_wake = |pod: &Object| managing_set(pod, seen).map(|set| Wake::now(set.key()));
    let before = match (&change.before, &change.after) {
        (_, None) => return owner_wake(pod).into_iter().collect(),
        (None, Some(_)) if pod.metadata.is_deleting() => return owner_wake(pod).into_iter().collect(),
        (None, Some(_)) => {
            return match pod.metadata.controller() {
                Some(_) => owner_wake(pod).into_iter().collect(),
                None => matching_sets(pod, seen),
            };
        }
        (Some(before), Some(_)) => before,
    };
    let mut wakes = Vec::new();
    let owner_changed = before.metadata.controller() != pod.metadata.controller();
    if owner_changed {
        wakes.extend(owner_wake(before));
    }
    if pod.metadata.controller().is_some() {
        wakes.extend(owner_wake(pod));
        let became_ready = !Pod(before).has_ready_condition() && Pod(pod).has_ready_condition();
        if let Some(set) = managing_set(pod, seen).filter(|_| became_ready) {
            let min_ready = StatefulSet(set).min_ready();
            if min_ready > Duration::ZERO {
                wakes.push(Wake::after(set.key(), min_ready));
            }
        }
    } else if owner_changed || before.metadata.labels != pod.metadata.labels {
        wakes.extend(matching_sets(pod, seen));
    }
    wakes
}

/// The ordinal of a Pod in a set of this name; `None` if its name does not belong there.
pub(crate) fn ordinal_in(set: &Object, pod: &Object) -> Option<i64> {
    let (parent, ordinal) = parent_and_ordinal(&pod.metadata.name)?;
    (parent == set.metadata.name).then_some(ordinal)
}
