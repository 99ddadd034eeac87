//! Which claims go with their Pod or their set: the retention policy says which owner references they have.
//! The garbage collector does the rest.
//!
//! Models: `stateful_set_utils.go` (`claimOwnerMatchesSetAndPod` and what followed it in v1.36),
//! `stateful_pod_control.go` (`UpdatePodClaimForRetentionPolicy`).

use std::rc::Rc;

use api::apps::StatefulSet;
use api::{Kind, Object, OwnerReference};
use apimachinery::Status;
use apiserver::Request;
use client::{EventSpec, Halt, Turn};

use super::claim_names::claim_name;
use super::reason::StatefulSetReason;
use super::{NAME, ordinal_in};

/// The Pod's claims that exist in the cache.
fn claims_of(set: &Object, pod: &Object, turn: &Turn<'_>) -> Vec<Rc<Object>> {
    let Some(ordinal) = ordinal_in(set, pod) else { return Vec::new() };
    let templates = StatefulSet(set).claim_templates().iter();
    let names = templates.map(|t| claim_name(set, t, ordinal));
    names
        .filter_map(|name| turn.find(Kind::PersistentVolumeClaim, &set.metadata.namespace, &name).cloned())
        .collect()
}

fn is_set(owner: &OwnerReference, set: &Object) -> bool {
    owner.kind == "StatefulSet" && owner.api_version == "apps/v1" && owner.name == set.metadata.name
}

fn is_pod(owner: &OwnerReference, pod: &Object) -> bool {
    owner.kind == "Pod" && owner.api_version == "v1" && owner.name == pod.metadata.name
}

/// Whether a claim has a reference to a former incarnation of the set or the Pod.
fn has_stale_owner(claim: &Object, set: &Object, pod: &Object) -> bool {
    claim.metadata.owner_references.iter().any(|o| {
        (is_set(o, set) && o.uid != set.metadata.uid) || (is_pod(o, pod) && o.uid != pod.metadata.uid)
    })
}

/// Whether another controller manages the claim.
fn has_other_controller(claim: &Object, set: &Object, pod: &Object) -> bool {
    let policy = StatefulSet(set);
    if !policy.deletes_claims_with_set() && !policy.deletes_claims_on_scale_down() {
        return false;
    }
    claim.metadata.owner_references.iter().any(|o| o.is_controller() && !is_set(o, set) && !is_pod(o, pod))
}

/// Whether the set should own the claims, and whether the Pod should.
fn wanted_owners(set: &Object, pod: &Object) -> (bool, bool) {
    let view = StatefulSet(set);
    let ordinal = ordinal_in(set, pod).unwrap_or(-1);
    let in_range = ordinal >= view.start() && ordinal < view.start() + view.replicas();
    match (view.deletes_claims_on_scale_down(), view.deletes_claims_with_set()) {
        (false, with_set) => (with_set, false),
        (true, with_set) => (with_set && in_range, !in_range),
    }
}

/// The claim's references as the policy wants them; `None` if they are so already, or must not be touched.
fn corrected(claim: &Object, set: &Object, pod: &Object) -> Option<Vec<OwnerReference>> {
    if has_stale_owner(claim, set, pod) {
        return None;
    }
    let (mut by_set, mut by_pod) = wanted_owners(set, pod);
    if has_other_controller(claim, set, pod) {
        (by_set, by_pod) = (false, false);
    }
    let kept = claim.metadata.owner_references.iter().filter(|o| !is_set(o, set) && !is_pod(o, pod));
    let mut owners: Vec<OwnerReference> = kept.cloned().collect();
    owners.extend(by_set.then(|| set.controller_reference()));
    owners.extend(by_pod.then(|| pod.controller_reference()));
    let same = owners.len() == claim.metadata.owner_references.len()
        && owners.iter().all(|o| claim.metadata.owner_references.contains(o));
    (!same).then_some(owners)
}

/// Whether all claims of a Pod have the owners that the policy wants.
pub fn claims_match(set: &Object, pod: &Object, turn: &mut Turn<'_>) -> bool {
    claims_of(set, pod, turn).iter().all(|claim| corrected(claim, set, pod).is_none())
}

/// Corrects the owners of a Pod's claims.
pub fn update_claims(
    set: &Rc<Object>,
    pod: &Object,
    turn: &mut Turn<'_>,
) -> Result<Result<(), Status>, Halt> {
    for claim in claims_of(set, pod, turn) {
        if has_other_controller(&claim, set, pod) {
            let text = format!(
                "PersistentVolumeClaim {} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim",
                claim.metadata.name
            );
            turn.event(EventSpec::warning(set, "ConflictingController", text, NAME));
        }
        let Some(owners) = corrected(&claim, set, pod) else { continue };
        if owners.iter().any(|o| is_pod(o, pod)) {
            turn.because(StatefulSetReason::ClaimFollowsPod {
                set: set.key(),
                claim: claim.key(),
                pod: pod.key(),
            });
        }
        let mut changed = Object::clone(&claim);
        changed.metadata.owner_references = owners;
        let request = Request::update(turn.actor(), changed);
        if let Err(status) = turn.try_request(request)? {
            let text = format!(
                "could not update claim {} for delete policy ownerRefs: {}",
                claim.metadata.name, status.message
            );
            return Ok(Err(Status::new(status.reason, text)));
        }
    }
    Ok(Ok(()))
}

/// Whether a claim still belongs to a former Pod of this name: the successor must wait until it is gone.
pub fn is_stale(set: &Object, ordinal: i64, pod_name: &str, turn: &Turn<'_>) -> bool {
    let view = StatefulSet(set);
    if !view.deletes_claims_on_scale_down() {
        return false;
    }
    view.claim_templates().iter().any(|t| {
        let name = claim_name(set, t, ordinal);
        turn.find(Kind::PersistentVolumeClaim, &set.metadata.namespace, &name).is_some_and(|claim| {
            claim.metadata.owner_references.iter().any(|o| o.kind == "Pod" && o.name == pod_name)
        })
    })
}
