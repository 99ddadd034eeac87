//! The controller that binds claims and volumes.
//!
//! Models: `persistentvolume/pv_controller_base.go`.

use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};

use super::{claim, volume};

/// How long it waits and looks again while a cache has not heard of the controller's own writes.
const CACHE_WAIT: Duration = Duration::from_millis(5);

/// Binds claims and volumes, makes in-tree volumes, and reclaims volumes.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersistentVolumeController;

impl Controller for PersistentVolumeController {
    fn name(&self) -> &'static str {
        super::EVENT_SOURCE
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass, Kind::Pod]
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        let object = change.object();
        match change.key.kind {
            Kind::PersistentVolumeClaim if change.is_delete() => {
                // Its volume is released.
                let name = object.spec().str_at(&["volumeName"]);
                let volume = Key::new(Kind::PersistentVolume, "", name);
                if name.is_empty() { Vec::new() } else { vec![Wake::now(volume)] }
            }
            Kind::PersistentVolumeClaim => vec![Wake::now(change.key.clone())],
            Kind::PersistentVolume if change.is_delete() => {
                claim_of(object).map(Wake::now).into_iter().collect()
            }
            Kind::PersistentVolume => {
                let mut wakes = vec![Wake::now(change.key.clone())];
                wakes.extend(claim_to_complete(object, seen).map(Wake::now));
                wakes
            }
            _ => Vec::new(), // Pods and classes are read, but wake nobody: the resync finds them
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(object) = turn.seen().get(key) else { return Ok(Outcome::Done) };
        if !turn.caches_include_own_writes(&[Kind::PersistentVolumeClaim, Kind::PersistentVolume]) {
            return Ok(Outcome::DoneAndRequeueAfter(CACHE_WAIT));
        }
        match key.kind {
            Kind::PersistentVolumeClaim => claim::sync(object, turn),
            Kind::PersistentVolume => volume::sync(object, turn),
            _ => Ok(Outcome::Done),
        }
    }
}

fn claim_of(volume: &Object) -> Option<Key> {
    volume::claim_key(volume).filter(|_| !volume.spec().str_at(&["claimRef", "uid"]).is_empty())
}

/// The claim that a volume was made for, if that does not name the volume yet.
fn claim_to_complete(volume: &Object, seen: &Seen<'_>) -> Option<Key> {
    let key = claim_of(volume)?;
    let claim = seen.get(&key)?;
    let waits = claim.spec().str_at(&["volumeName"]).is_empty()
        && claim.metadata.uid == volume.spec().str_at(&["claimRef", "uid"]);
    waits.then_some(key)
}
