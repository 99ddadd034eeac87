//! What holds of a StatefulSet: its controller's word as it would be now, or the last one.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use client::{Outlook, Reason, SharedReason};
use controller_manager::statefulset::NAME;

use super::situation::Situation;
use super::view::{Said, View};
use super::walk::Walk;
use super::{gone, pods};

/// So many Pods of a set are looked at to find out whether many wait for the same.
const PODS_MAX: usize = 1_000;

/// Why a set is as it is: what its controller says, or that many of its Pods wait for the same.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let Some(set) = view.object(key) else {
        return gone::about(view, key).or_else(|| view.looking_at(key));
    };
    let said = by_its_controller(view, key)?;
    Some(many(view, set, &said).unwrap_or(said))
}

/// What the controller of a set would say now, as far as it gets without asking the API server for anything; else
/// what it said last.
pub(super) fn by_its_controller<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let would_say = view.cluster().would_say(NAME, key);
    let last = view.looking_at(key);
    let waits = |reason: &&SharedReason| reason.waits_for().is_some();
    let fresh = would_say.iter().rev().find(waits).or_else(|| would_say.last());
    let Some(fresh) = fresh else {
        // It is about to act, or tries again what was refused.
        return last.filter(|last| last.reason.name() != "IsAsAsked");
    };
    Some(Said { reason: Rc::clone(fresh), record: last.and_then(|last| last.record) })
}

/// That many Pods of a set wait for the same thing, if they do, and that is not over by itself.
fn many<'v>(view: &View<'v>, set: &Rc<Object>, said: &Said<'v>) -> Option<Said<'v>> {
    if !is_of_many(said.reason.as_ref()) {
        return None;
    }
    let mut kinds: SortedMap<&'static str, (usize, Said<'v>)> = SortedMap::new();
    for pod in pods_of(view, set).filter(|pod| !Pod(pod).is_running_and_ready()).take(PODS_MAX) {
        let Some(said) = pods::by_itself(view, &pod.key()) else { continue };
        let root = Walk::from(view, said).into_root();
        if root.reason.outlook() != Outlook::Passes {
            kinds.entry(root.reason.name()).or_insert_with(|| (0, root)).0 += 1;
        }
    }
    let (count, root) = kinds.into_iter().map(|(_, found)| found).max_by_key(|(count, _)| *count)?;
    (count > 1)
        .then(|| Said { record: root.record, ..Said::seen(Situation::many(view, set, count, &root.reason)) })
}

/// Whether a reason names one Pod where several may be in the same place: only Pods that are made together are.
fn is_of_many(reason: &dyn Reason) -> bool {
    matches!(reason.name(), "AllAtOnce" | "RollingUpdateWaits")
}

/// The Pods of a set that are to stay.
pub(super) fn pods_of<'v>(view: &View<'v>, set: &'v Rc<Object>) -> impl Iterator<Item = &'v Rc<Object>> {
    let pods = view.store().list(Kind::Pod, &set.metadata.namespace);
    pods.filter(|pod| {
        let owner = pod.metadata.controller();
        !pod.metadata.is_deleting() && owner.is_some_and(|owner| owner.uid == set.metadata.uid)
    })
}
