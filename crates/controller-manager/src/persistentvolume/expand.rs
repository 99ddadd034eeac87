//! Says that a claim waits for somebody who can grow its volume, if it asks for more than the volume has.
//!
//! Models: `pkg/controller/volume/expand`.
//! Differs: no in-tree plugin here can grow a volume, so that this controller only announces it; an
//! external resizer does the rest.

use api::core::Claim;
use api::{Key, Kind, Object};
use apimachinery::Quantity;
use apimachinery::value::ValueExt;
use apiserver::Change;
use client::{Controller, EventSpec, Halt, Outcome, Seen, Turn, Wake};

use super::reason::VolumeReason;

/// The source component of its events.
const EVENT_SOURCE: &str = "volume_expand";

/// Announces that a claim is to grow.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExpandController;

fn size(object: &Object, path: &[&str]) -> Quantity {
    object.at(path).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO)
}

fn requested(claim: &Object) -> Quantity {
    size(claim, &["spec", "resources", "requests", "storage"])
}

impl Controller for ExpandController {
    fn name(&self) -> &'static str {
        "persistentvolume-expander-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::PersistentVolumeClaim, Kind::PersistentVolume]
    }

    fn wakes(&self, change: &Change, _seen: &Seen<'_>) -> Vec<Wake> {
        if change.key.kind != Kind::PersistentVolumeClaim {
            return Vec::new();
        }
        let Some(claim) = &change.after else { return Vec::new() };
        let grew = change.before.as_ref().is_none_or(|before| requested(claim) > requested(before));
        if grew && Claim(claim).phase() == "Bound" { vec![Wake::now(change.key.clone())] } else { Vec::new() }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(claim) = turn.seen().get(key) else { return Ok(Outcome::Done) };
        let granted = size(claim, &["status", "capacity", "storage"]);
        if requested(claim) <= granted || Claim(claim).phase() != "Bound" {
            return Ok(Outcome::Done);
        }
        let text = "waiting for an external controller to expand this PVC";
        turn.event(EventSpec::normal(claim, "ExternalExpanding", text, EVENT_SOURCE));
        let size = claim.spec().str_at(&["resources", "requests", "storage"]).to_owned();
        turn.because(VolumeReason::WaitsForExpansion { claim: key.clone(), size });
        Ok(Outcome::Done)
    }
}
