//! Which volume a claim gets.
//!
//! Models: `persistentvolume/index.go`, `component-helpers/storage/volume/pv_helpers.go`
//! (`FindMatchingVolume`).

use std::rc::Rc;

use api::Object;
use apimachinery::Quantity;
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use client::{Seen, Volumes};
use serde_json::Value;

use super::class;

/// What a claim asks for.
fn requested(claim: &Object) -> Quantity {
    claim
        .spec()
        .at(&["resources", "requests", "storage"])
        .and_then(Quantity::from_value)
        .unwrap_or(Quantity::ZERO)
}

/// How big a volume is.
fn capacity(volume: &Object) -> Quantity {
    volume.spec().at(&["capacity", "storage"]).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO)
}

/// Whether a volume's claimRef names this claim; a reference without a UID is a reservation by name
/// (`IsVolumeBoundToClaim`).
pub fn is_bound_to(volume: &Object, claim: &Object) -> bool {
    let Some(reference) = volume.spec().at(&["claimRef"]) else { return false };
    let uid = reference.str_at(&["uid"]);
    reference.str_at(&["name"]) == claim.metadata.name
        && reference.str_at(&["namespace"]) == claim.metadata.namespace
        && (uid.is_empty() || uid == claim.metadata.uid)
}

fn volume_mode(object: &Object) -> &str {
    match object.spec().str_at(&["volumeMode"]) {
        "" => "Filesystem",
        mode => mode,
    }
}

fn offers_modes(volume: &Object, claim: &Object) -> bool {
    let offered = volume.spec().list_at(&["accessModes"]);
    claim.spec().list_at(&["accessModes"]).iter().all(|mode| offered.contains(mode))
}

/// Why a volume does not fit a claim that asks for it by name; `None` if it does (`checkVolumeSatisfyClaim`).
pub fn mismatch(volume: &Object, claim: &Object) -> Option<String> {
    if capacity(volume) < requested(claim) {
        return Some("requested PV is too small".to_owned());
    }
    if class::name_of(volume) != class::name_of(claim) {
        return Some("storageClassName does not match".to_owned());
    }
    if volume_mode(volume) != volume_mode(claim) {
        return Some("incompatible volumeMode".to_owned());
    }
    (!offers_modes(volume, claim)).then(|| "incompatible accessMode".to_owned())
}

/// Whether a volume that nobody has claimed fits a claim.
pub fn fits(volume: &Object, claim: &Object, selector: Option<&Selector>) -> bool {
    !volume.metadata.is_deleting()
        && volume.spec().at(&["claimRef"]).is_none()
        && volume.status().str_at(&["phase"]) == "Available"
        && class::name_of(volume) == class::name_of(claim)
        && volume_mode(volume) == volume_mode(claim)
        && offers_modes(volume, claim)
        && capacity(volume) >= requested(claim)
        && selector.is_none_or(|s| s.matches(&volume.metadata.labels))
}

/// The claim's own selector, if it has one.
pub fn selector(claim: &Object) -> Option<Selector> {
    let value = claim.spec().at(&["selector"]).filter(|v| !v.is_null())?;
    Some(Selector::from_label_selector(value).unwrap_or_else(|_| Selector::nothing()))
}

/// The volume for a claim: one that is reserved for it, or else the smallest that fits, of those with the
/// fewest access modes. With `late_binding` the scheduler chooses, so only a reserved one counts.
pub fn find(claim: &Object, late_binding: bool, seen: &Seen<'_>) -> Option<Rc<Object>> {
    let volumes = Volumes::of(seen);
    let reserved = volumes.reserved(claim).find(|volume| {
        is_bound_to(volume, claim)
            && offers_modes(volume, claim)
            && capacity(volume) >= requested(claim)
            && volume_mode(volume) == volume_mode(claim)
            && !volume.metadata.is_deleting()
    });
    if late_binding || reserved.is_some() {
        return reserved.cloned();
    }
    let selector = selector(claim);
    let mut groups = volumes.free(class::name_of(claim), requested(claim));
    groups.find_map(|mut group| group.find(|volume| fits(volume, claim, selector.as_ref()))).cloned()
}

/// The storage that a claim asks for, as it is written.
pub fn requested_text(claim: &Object) -> &str {
    match claim.spec().at(&["resources", "requests", "storage"]) {
        Some(Value::String(text)) => text,
        _ => "",
    }
}
