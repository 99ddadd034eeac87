//! What to speak of when nothing is selected: a name that was not found just now; else what is blocked most, sets
//! first, since they are what everything is about; else what has come to rest last.

use api::core::{Claim, Pod};
use api::{Key, Kind};
use client::Outlook;

use super::about::about;
use super::view::View;
use super::walk::Walk;
use super::{gone, pods};

/// So many sets are looked at.
const SETS_MAX: usize = 50;
/// So many other objects that are not well are looked at.
const OTHERS_MAX: usize = 200;

/// How much a matter presses, and how new it is.
type Weight = (u8, u64);

/// Chooses.
pub(super) fn choose<'v>(view: &View<'v>) -> Option<Walk<'v>> {
    if let Some(said) = view.unresolved() {
        return Some(Walk::from(view, said));
    }
    let sets: Vec<(Weight, Walk<'v>)> = sets(view).collect();
    if sets.iter().all(|((presses, _), _)| *presses < WAITS)
        && let Some(other) = heaviest(others(view).filter(|((presses, _), _)| *presses >= WAITS))
    {
        return Some(other);
    }
    if let Some(said) =
        pods::unnoticed(view).filter(|_| sets.iter().all(|((presses, _), _)| *presses < WAITS))
    {
        return Some(Walk::from(view, said));
    }
    let (left, nothing) = match gone::latest(view) {
        Some((revision, said, true)) => (Some(((RESTS, revision), Walk::from(view, said))), None),
        Some((_, said, false)) => (None, Some(said)),
        None => (None, None),
    };
    let pods = || others(view).filter(|(_, walk)| walk.first().reason.subject().kind == Kind::Pod);
    heaviest(sets.into_iter().chain(left))
        .or_else(|| heaviest(pods()))
        .or_else(|| nothing.map(|said| Walk::from(view, said)))
}

const RESTS: u8 = 0;
const HELD_BACK: u8 = 1;
const WAITS: u8 = 2;
const RETRIES: u8 = 3;
const IS_STUCK: u8 = 4;

fn presses(view: &View<'_>, walk: &Walk<'_>) -> u8 {
    if !walk.waits() {
        let is_held =
            matches!(walk.first().reason.name(), "HeldBackByPartition" | "OnDeleteLeavesOldRevision");
        return if is_held { HELD_BACK } else { RESTS };
    }
    match walk.outlook() {
        outlook if pods::is_stuck(view, outlook) => IS_STUCK,
        Outlook::Passes => WAITS,
        Outlook::Retries | Outlook::NeedsRoom | Outlook::Stays => RETRIES,
    }
}

/// The one that presses most; of several the newest.
fn heaviest<'v>(all: impl Iterator<Item = (Weight, Walk<'v>)>) -> Option<Walk<'v>> {
    all.max_by_key(|(weight, _)| *weight).map(|(_, walk)| walk)
}

fn weighed<'v>(view: &View<'v>, key: &Key, revision: u64) -> Option<(Weight, Walk<'v>)> {
    let walk = Walk::from(view, about(view, key)?);
    Some(((presses(view, &walk), revision), walk))
}

fn sets<'v>(view: &View<'v>) -> impl Iterator<Item = (Weight, Walk<'v>)> {
    let sets = view.store().list(Kind::StatefulSet, "").take(SETS_MAX);
    sets.filter_map(|set| weighed(view, &set.key(), set.metadata.resource_version))
}

/// What has no set: nodes that are lost, Pods of other owners, claims that nobody uses.
fn others<'v>(view: &View<'v>) -> impl Iterator<Item = (Weight, Walk<'v>)> {
    let lonely =
        |pod: &api::Object| pod.metadata.controller().is_none_or(|owner| owner.kind != "StatefulSet");
    let pods = view
        .store()
        .list(Kind::Pod, "")
        .filter(move |pod| lonely(pod))
        .filter(|pod| !matches!(Pod(pod).phase(), "Succeeded" | "Failed"));
    let claims = view.store().list(Kind::PersistentVolumeClaim, "").filter(|claim| {
        // One that waits for its first Pod is in order.
        Claim(claim).phase() != "Bound" && about(view, &claim.key()).is_some_and(|said| said.is_lasting())
    });
    let nodes = view.store().list(Kind::Node, "");
    let all = pods.chain(claims).chain(nodes).take(OTHERS_MAX);
    all.filter_map(|object| weighed(view, &object.key(), object.metadata.resource_version))
}
