//! What becomes of volumes: Available, Bound, Released, and then kept or deleted.
//!
//! Models: `pv_controller.go` (`syncVolume`, `reclaimVolume`).

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Change, DeleteOptions, Request};
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::json;

use super::reason::Reason;

/// The controller of volumes' phases.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reclaimer;

impl Controller for Reclaimer {
    fn name(&self) -> &'static str {
        "persistentvolume-reclaimer"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PersistentVolume, Kind::PersistentVolumeClaim]
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::PersistentVolume => vec![Wake::now(change.key.clone())],
            Kind::PersistentVolumeClaim if change.is_delete() => {
                let uid = &change.object().metadata.uid;
                let held = seen.list(Kind::PersistentVolume, "").filter(|v| v.spec().str_at(&["claimRef", "uid"]) == uid);
                held.map(|v| Wake::now(v.key())).collect()
            }
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(volume) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if !turn.caches_include_own_writes(&[Kind::PersistentVolume]) {
            return Ok(Outcome::Failed(String::new()));
        }
        let reference = volume.spec().at(&["claimRef"]).cloned();
        let Some(reference) = reference else {
            set_phase(&volume, "Available", turn)?;
            return Ok(Outcome::Done);
        };
        let uid = reference.str_at(&["uid"]).to_owned();
        if uid.is_empty() {
            set_phase(&volume, "Available", turn)?;
            return Ok(Outcome::Done);
        }
        let claim = Key::new(Kind::PersistentVolumeClaim, reference.str_at(&["namespace"]), reference.str_at(&["name"]));
        if turn.seen().get(&claim).is_some_and(|c| c.metadata.uid == uid) {
            return Ok(Outcome::Done);
        }
        // The cache may only be late: ask before giving a volume up.
        let request = Request::get(turn.actor(), claim);
        if let Ok(answer) = turn.try_request(request)?
            && answer.into_object().is_some_and(|c| c.metadata.uid == uid)
        {
            return Ok(Outcome::Done);
        }
        set_phase(&volume, "Released", turn)?;
        if volume.spec().str_at(&["persistentVolumeReclaimPolicy"]) != "Delete" {
            turn.because(Reason::KeepsReleasedVolume { volume: volume.key() });
            return Ok(Outcome::Done);
        }
        if !volume.metadata.is_deleting() {
            turn.because(Reason::DeletesVolume { volume: volume.key() });
            let request = Request::delete(turn.actor(), volume.key(), DeleteOptions::default());
            turn.request(request)?;
        }
        Ok(Outcome::Done)
    }
}

fn set_phase(volume: &Object, phase: &str, turn: &mut Turn<'_>) -> Result<(), Halt> {
    if volume.status().str_at(&["phase"]) == phase {
        return Ok(());
    }
    let mut changed = volume.clone();
    changed.set_field("status", json!({}));
    set_at(changed.status_mut(), &["phase"], phase.into());
    set_at(changed.status_mut(), &["lastPhaseTransitionTime"], turn.now().rfc3339().into());
    let request = Request::update_status(turn.actor(), changed);
    turn.request(request)?;
    Ok(())
}
