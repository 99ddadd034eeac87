//! Writes a binding: the volume, the volume's phase, the claim, the claim's phase. The order is such that a
//! controller which dies in between finds its way back.
//!
//! Models: `persistentvolume/pv_controller.go` (`bind`, `updateClaimStatus`, `updateVolumePhase`).

use std::rc::Rc;

use api::Object;
use apimachinery::value::{ValueExt, remove_at, set_at};
use apiserver::Request;
use client::{EventSpec, Halt, Turn};
use serde_json::{Value, json};

use super::matching::is_bound_to;
use super::{BIND_COMPLETED, BOUND_BY_CONTROLLER};

/// Binds a claim and a volume to each other; writes only what is not written yet.
pub fn bind(claim: &Rc<Object>, volume: &Rc<Object>, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let volume = bind_volume(claim, volume, turn)?;
    let volume = set_volume_phase(&volume, "Bound", turn)?;
    let claim = bind_claim(claim, &volume, turn)?;
    set_claim_phase(&claim, "Bound", Some(&volume), None, turn)
}

fn bind_volume(claim: &Object, volume: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Rc<Object>, Halt> {
    let mut object = Object::clone(volume);
    if !is_bound_to(volume, claim) || volume.spec().str_at(&["claimRef", "uid"]).is_empty() {
        // A claimRef that a person has written is a reservation; what the controller adds is its own.
        if volume.spec().at(&["claimRef"]).is_none() {
            object.metadata.annotations.insert(BOUND_BY_CONTROLLER.to_owned(), "yes".to_owned());
        }
        set_at(object.spec_mut(), &["claimRef"], reference(claim));
    }
    write_if_new(volume, object, turn)
}

/// A `claimRef` to a claim.
pub fn reference(claim: &Object) -> Value {
    json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": claim.metadata.namespace,
        "name": claim.metadata.name, "uid": claim.metadata.uid,
        "resourceVersion": claim.metadata.resource_version.to_string(),
    })
}

fn bind_claim(claim: &Rc<Object>, volume: &Object, turn: &mut Turn<'_>) -> Result<Rc<Object>, Halt> {
    let mut object = Object::clone(claim);
    if claim.spec().str_at(&["volumeName"]) != volume.metadata.name {
        set_at(object.spec_mut(), &["volumeName"], volume.metadata.name.as_str().into());
        object.metadata.annotations.insert(BOUND_BY_CONTROLLER.to_owned(), "yes".to_owned());
    }
    object.metadata.annotations.insert(BIND_COMPLETED.to_owned(), "yes".to_owned());
    write_if_new(claim, object, turn)
}

/// Writes an object if it differs from what it was; returns what is stored.
pub fn write_if_new(old: &Rc<Object>, new: Object, turn: &mut Turn<'_>) -> Result<Rc<Object>, Halt> {
    if new == **old {
        return Ok(Rc::clone(old));
    }
    let request = Request::update(turn.actor(), new);
    Ok(turn.request(request)?.unwrap_or_else(|| Rc::clone(old)))
}

/// Sets a volume's phase.
pub fn set_volume_phase(volume: &Rc<Object>, phase: &str, turn: &mut Turn<'_>) -> Result<Rc<Object>, Halt> {
    if volume.status().str_at(&["phase"]) == phase {
        return Ok(Rc::clone(volume));
    }
    let now = turn.now().rfc3339();
    let mut object = Object::clone(volume);
    set_at(object.status_mut(), &["phase"], phase.into());
    set_at(object.status_mut(), &["lastPhaseTransitionTime"], now.into());
    remove_at(object.status_mut(), &["message"]);
    let request = Request::update_status(turn.actor(), object);
    Ok(turn.request(request)?.unwrap_or_else(|| Rc::clone(volume)))
}

/// Sets a claim's phase, and writes size and access modes of its volume into its status. The event is emitted
/// only if the phase changes.
pub fn set_claim_phase(
    claim: &Rc<Object>,
    phase: &str,
    volume: Option<&Object>,
    event: Option<EventSpec>,
    turn: &mut Turn<'_>,
) -> Result<(), Halt> {
    let was = claim.status().str_at(&["phase"]);
    let mut object = Object::clone(claim);
    let status = object.status_mut();
    set_at(status, &["phase"], phase.into());
    match volume {
        None => {
            remove_at(status, &["accessModes"]);
            remove_at(status, &["capacity"]);
        }
        Some(volume) => {
            set_at(status, &["accessModes"], volume.spec().list_at(&["accessModes"]).to_vec().into());
            // Growing is another controller's business: the size is taken over once.
            if was != "Bound" || status.at(&["capacity", "storage"]).is_none() {
                let size = volume.spec().at(&["capacity"]).cloned().unwrap_or_else(|| json!({}));
                set_at(status, &["capacity"], size);
            }
        }
    }
    if object != **claim {
        let request = Request::update_status(turn.actor(), object);
        turn.request(request)?;
    }
    if was != phase
        && let Some(event) = event
    {
        turn.event(event);
    }
    Ok(())
}
