//! What holds of a StatefulSet: its controller's word as it would be now, or the last one.

use std::rc::Rc;

use api::{Key, Kind, Object};
use client::SharedReason;
use controller_manager::statefulset::NAME;

use super::gone;
use super::situation::Situation;
use super::view::{Said, View};

/// Why a set is as it is: what its controller says, or what is left of it.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    match view.object(key) {
        Some(_) => by_its_controller(view, key),
        None => gone::about(view, key).or_else(|| view.looking_at(key)),
    }
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
        let last = last.filter(|last| last.reason.name() != "IsAsAsked")?;
        let other = view.object(&last.reason.subject());
        let goes = other.is_none_or(|other| other.metadata.is_deleting());
        let is_free = goes && last.reason.name() == "WaitsForName";
        if is_free && let Some(at) = view.next_look(NAME, key) {
            let again = Situation::NameIsFree { pod: last.reason.subject(), set: key.clone(), at };
            return Some(Said { record: last.record, ..Said::seen(again) });
        }
        return Some(last);
    };
    Some(Said { reason: Rc::clone(fresh), record: last.and_then(|last| last.record) })
}

/// The Pods of a set that are to stay.
pub(super) fn pods_of<'v>(view: &View<'v>, set: &'v Rc<Object>) -> impl Iterator<Item = &'v Rc<Object>> {
    let pods = view.store().list(Kind::Pod, &set.metadata.namespace);
    pods.filter(|pod| {
        let owner = pod.metadata.controller();
        !pod.metadata.is_deleting() && owner.is_some_and(|owner| owner.uid == set.metadata.uid)
    })
}
