//! Protects claims and volumes that are in use, by finalizers.
//!
//! Models: `pkg/controller/volume/pvcprotection`, `pkg/controller/volume/pvprotection`.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Change, ListOptions, Request};
use client::{Controller, Halt, Outcome, Seen, Turn, Users, Wake};

use super::protection_reason::ProtectionReason;

/// The finalizer of every claim.
pub const CLAIM_FINALIZER: &str = "kubernetes.io/pvc-protection";
/// The finalizer of every volume.
pub const VOLUME_FINALIZER: &str = "kubernetes.io/pv-protection";

/// Lets a deleted claim go once no Pod on a node mounts it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClaimProtection;

/// Lets a deleted volume go once it is not bound.
#[derive(Debug, Clone, Copy, Default)]
pub struct VolumeProtection;

fn has(object: &Object, finalizer: &str) -> bool {
    object.metadata.finalizers.iter().any(|f| f == finalizer)
}

/// Whether there is something to do about an object: let it go, or protect it again.
fn is_due(object: &Object, finalizer: &str) -> bool {
    object.metadata.is_deleting() == has(object, finalizer)
}

fn set_finalizer(
    object: &Rc<Object>,
    finalizer: &str,
    wanted: bool,
    turn: &mut Turn<'_>,
) -> Result<(), Halt> {
    let mut new = Object::clone(object);
    new.metadata.finalizers.retain(|f| f != finalizer);
    if wanted {
        new.metadata.finalizers.push(finalizer.to_owned());
    }
    let request = Request::update(turn.actor(), new);
    match turn.try_request(request)? {
        Err(status) if status.reason != apimachinery::Reason::NotFound => Err(Halt::Failed(status)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Whether a Pod that mounts a claim keeps it: it is on a node. A Pod that waits for a node does not; one that
/// has ended does, until its object is gone.
fn keeps(pod: &Object) -> bool {
    !Pod(pod).node_name().is_empty()
}

impl Controller for ClaimProtection {
    fn name(&self) -> &'static str {
        "persistentvolumeclaim-protection-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PersistentVolumeClaim, Kind::Pod]
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        if change.key.kind == Kind::PersistentVolumeClaim {
            let due = change.after.as_ref().is_some_and(|claim| is_due(claim, CLAIM_FINALIZER));
            return if due { vec![Wake::now(change.key.clone())] } else { Vec::new() };
        }
        if !change.is_delete() {
            return Vec::new();
        }
        let pod = change.object();
        Pod(pod)
            .claims()
            .map(|name| Key::new(Kind::PersistentVolumeClaim, pod.metadata.namespace.as_str(), name))
            .filter(|key| seen.get(key).is_some_and(|claim| claim.metadata.is_deleting()))
            .map(Wake::now)
            .collect()
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(claim) = turn.seen().get(key).filter(|claim| is_due(claim, CLAIM_FINALIZER)) else {
            return Ok(Outcome::Done);
        };
        if !claim.metadata.is_deleting() {
            set_finalizer(claim, CLAIM_FINALIZER, true, turn)?;
            return Ok(Outcome::Done);
        }
        let users = Users::of(&turn.seen());
        let cached = users.of_claim(key).find(|pod| keeps(pod)).map(|pod| pod.key());
        let user = match cached {
            Some(pod) => Some(pod),
            None => live_user(key, turn)?,
        };
        if let Some(pod) = user {
            turn.because(ProtectionReason::ClaimKeptByPod { claim: key.clone(), pod });
            return Ok(Outcome::Done);
        }
        turn.because(ProtectionReason::ClaimReleased { claim: key.clone() });
        set_finalizer(claim, CLAIM_FINALIZER, false, turn)?;
        Ok(Outcome::Done)
    }
}

/// A Pod that keeps a claim, as the API server says: a cache may lag, and a claim that goes too early is
/// lost.
fn live_user(claim: &Key, turn: &mut Turn<'_>) -> Result<Option<Key>, Halt> {
    let request = Request::list(turn.actor(), Kind::Pod, &claim.namespace, ListOptions::default());
    let pods = turn.try_request(request)??.into_list();
    let mounts = |pod: &Object| Pod(pod).claims().any(|name| *name == *claim.name);
    Ok(pods.iter().find(|pod| keeps(pod) && mounts(pod)).map(|pod| pod.key()))
}

impl Controller for VolumeProtection {
    fn name(&self) -> &'static str {
        "persistentvolume-protection-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PersistentVolume]
    }

    fn wakes(&self, change: &Change, _seen: &Seen<'_>) -> Vec<Wake> {
        let due = change.after.as_ref().is_some_and(|volume| is_due(volume, VOLUME_FINALIZER));
        if due { vec![Wake::now(change.key.clone())] } else { Vec::new() }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(volume) = turn.seen().get(key).filter(|volume| is_due(volume, VOLUME_FINALIZER)) else {
            return Ok(Outcome::Done);
        };
        if !volume.metadata.is_deleting() {
            set_finalizer(volume, VOLUME_FINALIZER, true, turn)?;
        } else if volume.status().str_at(&["phase"]) == "Bound" {
            let claim = super::volume::claim_key(volume);
            turn.because(ProtectionReason::VolumeKeptByClaim { volume: key.clone(), claim });
        } else {
            set_finalizer(volume, VOLUME_FINALIZER, false, turn)?;
        }
        Ok(Outcome::Done)
    }
}
