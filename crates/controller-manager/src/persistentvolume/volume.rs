//! What is to be done about a volume.
//!
//! Models: `persistentvolume/pv_controller.go` (`syncVolume`, `reclaimVolume`, `unbindVolume`,
//! `deleteVolumeOperation`).

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, remove_at};
use apiserver::{DeleteOptions, Request};
use client::{Halt, Outcome, Turn};

use super::provision::{IN_TREE_FINALIZER, is_in_tree};
use super::reason::VolumeReason;
use super::{BOUND_BY_CONTROLLER, PROVISIONED_BY, bind};

/// The claim that a volume's claimRef names, whatever its UID.
pub fn claim_key(volume: &Object) -> Option<Key> {
    let reference = volume.spec().at(&["claimRef"])?;
    let (namespace, name) = (reference.str_at(&["namespace"]), reference.str_at(&["name"]));
    Some(Key::new(Kind::PersistentVolumeClaim, namespace, name))
}

/// Looks at a volume.
pub fn sync(volume: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let uid = volume.spec().str_at(&["claimRef", "uid"]);
    let Some(key) = claim_key(volume).filter(|_| !uid.is_empty()) else {
        // Nobody's, or reserved for a claim by name: the claim's own turn binds it.
        bind::set_volume_phase(volume, "Available", turn)?;
        return Ok(Outcome::Done);
    };
    let claim = match turn.seen().get(&key) {
        Some(claim) if claim.metadata.uid == uid => Some(Rc::clone(claim)),
        // The cache may be behind: ask before giving a volume up.
        Some(_) | None => {
            let request = Request::get(turn.actor(), key.clone());
            let found = turn.try_request(request)?.ok().and_then(apiserver::Response::into_object);
            found.filter(|c| c.metadata.uid == uid)
        }
    };
    let Some(claim) = claim else {
        return release(volume, &key, turn);
    };
    let holds = claim.spec().str_at(&["volumeName"]);
    if holds.is_empty() {
        return Ok(Outcome::Done); // the claim's own turn completes the binding
    }
    if holds == volume.metadata.name {
        bind::set_volume_phase(volume, "Bound", turn)?;
        return Ok(Outcome::Done);
    }
    let provisioned = volume.metadata.annotations.contains_key(PROVISIONED_BY);
    if provisioned && volume.spec().str_at(&["persistentVolumeReclaimPolicy"]) == "Delete" {
        return release(volume, &key, turn);
    }
    unbind(volume, turn)
}

/// Frees a volume whose claim is bound to another one, if it was made by hand.
fn unbind(volume: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let mut object = Object::clone(volume);
    if object.metadata.annotations.remove(BOUND_BY_CONTROLLER).is_some() {
        remove_at(object.spec_mut(), &["claimRef"]);
    } else {
        remove_at(object.spec_mut(), &["claimRef", "uid"]);
    }
    let volume = bind::write_if_new(volume, object, turn)?;
    bind::set_volume_phase(&volume, "Available", turn)?;
    Ok(Outcome::Done)
}

/// Releases a volume whose claim is gone; then it is deleted or kept.
fn release(volume: &Rc<Object>, claim: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let phase = volume.status().str_at(&["phase"]);
    let policy = volume.spec().str_at(&["persistentVolumeReclaimPolicy"]);
    let fresh = !matches!(phase, "Released" | "Failed");
    if fresh && policy == "Retain" {
        turn.because(VolumeReason::KeepsReleasedVolume { volume: volume.key(), claim: claim.clone() });
    }
    let volume = if fresh { bind::set_volume_phase(volume, "Released", turn)? } else { Rc::clone(volume) };
    if policy == "Delete" {
        return delete(&volume, turn);
    }
    Ok(Outcome::Done)
}

fn delete(volume: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let provisioner = volume.metadata.annotation(PROVISIONED_BY);
    let own =
        is_in_tree(provisioner) || (provisioner.is_empty() && volume.spec().at(&["hostPath"]).is_some());
    if !own {
        return Ok(Outcome::Done); // its provisioner deletes it
    }
    if let Some(path) = undeletable_path(volume) {
        let text = format!("host_path deleter only supports /tmp/.+ but received provided {path}");
        if volume.status().str_at(&["phase"]) != "Failed" {
            turn.event(client::EventSpec::warning(volume, "VolumeFailedDelete", text, super::EVENT_SOURCE));
            bind::set_volume_phase(volume, "Failed", turn)?;
        }
        return Ok(Outcome::Done);
    }
    turn.because(VolumeReason::DeletesReleasedVolume { volume: volume.key() });
    let mut object = Object::clone(volume);
    object.metadata.finalizers.retain(|f| f != IN_TREE_FINALIZER);
    let volume = bind::write_if_new(volume, object, turn)?;
    if !volume.metadata.is_deleting() {
        let request = Request::delete(turn.actor(), volume.key(), DeleteOptions::default());
        match turn.try_request(request)? {
            Err(status) if status.reason != apimachinery::Reason::NotFound => {
                return Err(Halt::Failed(status));
            }
            Ok(_) | Err(_) => {}
        }
    }
    Ok(Outcome::Done)
}

/// The path of a hostPath volume, if the in-tree deleter refuses it: it only empties `/tmp`.
fn undeletable_path(volume: &Object) -> Option<&str> {
    let path = volume.spec().at(&["hostPath", "path"])?.as_str()?;
    path.strip_prefix("/tmp/").is_none_or(str::is_empty).then_some(path)
}
