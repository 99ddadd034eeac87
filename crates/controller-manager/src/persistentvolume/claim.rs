//! What is to be done about a claim.
//!
//! Models: `persistentvolume/pv_controller.go` (`syncUnboundClaim`, `syncBoundClaim`).

use std::rc::Rc;
use std::time::Duration;

use api::core::{Claim, Pod};
use api::{Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apiserver::Request;
use client::{EventSpec, Halt, Outcome, Turn, Users};

use super::reason::VolumeReason;
use super::{
    BIND_COMPLETED, BOUND_BY_CONTROLLER, EVENT_SOURCE, SELECTED_NODE, bind, class, matching, provision,
};

/// How often claims that wait are looked at (`--pvclaimbinder-sync-period`).
pub const RESYNC: Duration = Duration::from_secs(15);

/// Nothing more to do until the next look. It comes for all claims at the same time, so it may come at once
/// for a claim that has just begun to wait.
fn until_next_look(turn: &Turn<'_>) -> Outcome {
    let period = i64::try_from(RESYNC.as_micros()).unwrap_or(i64::MAX);
    let passed = turn.now().as_micros().rem_euclid(period);
    Outcome::DoneAndRequeueAfter(Duration::from_micros(u64::try_from(period - passed).unwrap_or(0)))
}

/// Looks at a claim.
pub fn sync(claim: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    if claim.metadata.annotations.contains_key(BIND_COMPLETED) {
        bound(claim, turn)
    } else if Claim(claim).volume_name().is_empty() {
        unbound(claim, turn)
    } else {
        asks_for_volume(claim, turn)
    }
}

/// Finds a volume for a claim without one, or finds out who can make one.
fn unbound(claim: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let seen = turn.seen();
    let late = class::of_claim(claim, &seen).is_some_and(|c| class::waits_for_consumer(c));
    if let Some(volume) = matching::find(claim, late, &seen) {
        turn.because(VolumeReason::BindsClaim { claim: claim.key(), volume: volume.key() });
        bind::bind(claim, &volume, turn)?;
        return Ok(Outcome::Done);
    }
    if assign_default_class(claim, turn)? {
        return Ok(Outcome::Done); // the update brings the claim back
    }
    if late && claim.metadata.annotation(SELECTED_NODE).is_empty() {
        wait_for_consumer(claim, turn);
        bind::set_claim_phase(claim, "Pending", None, None, turn)?;
    } else if class::name_of(claim).is_empty() {
        let text = "no persistent volumes available for this claim and no storage class is set";
        turn.event(EventSpec::normal(claim, "FailedBinding", text, EVENT_SOURCE));
        turn.because(VolumeReason::WaitsWithoutClass { claim: claim.key() });
        bind::set_claim_phase(claim, "Pending", None, None, turn)?;
    } else {
        provision::provision(claim, turn)?;
    }
    Ok(until_next_look(turn))
}

/// Gives a claim that names no class the default one, if there is one. A class of `""` means that it wants
/// none.
fn assign_default_class(claim: &Rc<Object>, turn: &mut Turn<'_>) -> Result<bool, Halt> {
    if Claim(claim).class().is_some() {
        return Ok(false);
    }
    let Some(default) = class::default(&turn.seen()) else { return Ok(false) };
    let mut object = Object::clone(claim);
    set_at(object.spec_mut(), &["storageClassName"], default.metadata.name.as_str().into());
    turn.because(VolumeReason::AssignsDefaultClass {
        claim: claim.key(),
        class: default.metadata.name.clone(),
    });
    let request = Request::update(turn.actor(), object);
    turn.request(request)?;
    Ok(true)
}

fn wait_for_consumer(claim: &Rc<Object>, turn: &mut Turn<'_>) {
    let users = Users::of(&turn.seen());
    let key = claim.key();
    let users = users.of_claim(&key);
    let pods: Vec<String> =
        users.filter(|pod| Pod(pod).node_name().is_empty()).map(|pod| pod.metadata.name.clone()).collect();
    let (reason, text) = match pods.as_slice() {
        [] => ("WaitForFirstConsumer", "waiting for first consumer to be created before binding".to_owned()),
        [pod] => ("WaitForPodScheduled", format!("waiting for pod {pod} to be scheduled")),
        [_, _, ..] => ("WaitForPodScheduled", format!("waiting for pods {} to be scheduled", pods.join(","))),
    };
    turn.event(EventSpec::normal(claim, reason, text, EVENT_SOURCE));
    match pods.into_iter().next() {
        None => turn.because(VolumeReason::WaitsForFirstConsumer { claim: claim.key() }),
        Some(pod) => turn.because(VolumeReason::WaitsForPodScheduled { claim: claim.key(), pod }),
    }
}

/// Looks at a claim that asks for a volume by name.
fn asks_for_volume(claim: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let wanted = Claim(claim).volume_name();
    let Some(volume) = turn.find(Kind::PersistentVolume, "", wanted) else {
        turn.because(VolumeReason::WaitsForNamedVolume { claim: claim.key(), volume: wanted.to_owned() });
        bind::set_claim_phase(claim, "Pending", None, None, turn)?;
        return Ok(until_next_look(turn));
    };
    let free = volume.spec().at(&["claimRef"]).is_none();
    if free && let Some(why) = matching::mismatch(volume, claim) {
        let text = format!("Cannot bind to requested volume \"{wanted}\": {why}");
        turn.event(EventSpec::warning(claim, "VolumeMismatch", text, EVENT_SOURCE));
    } else if free || matching::is_bound_to(volume, claim) {
        turn.because(VolumeReason::BindsClaim { claim: claim.key(), volume: volume.key() });
        bind::bind(claim, volume, turn)?;
        return Ok(Outcome::Done);
    } else if claim.metadata.annotations.contains_key(BOUND_BY_CONTROLLER) {
        let holder = volume.spec().str_at(&["claimRef", "name"]);
        return Ok(Outcome::Failed(format!(
            "invalid binding of claim \"{}/{}\" to volume \"{wanted}\": volume already claimed by \"{holder}\"",
            claim.metadata.namespace, claim.metadata.name
        )));
    }
    turn.because(VolumeReason::WaitsForNamedVolume { claim: claim.key(), volume: wanted.to_owned() });
    bind::set_claim_phase(claim, "Pending", None, None, turn)?;
    Ok(until_next_look(turn))
}

/// Looks whether a claim that was bound still is.
fn bound(claim: &Rc<Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let name = Claim(claim).volume_name();
    if name.is_empty() {
        return lose(
            claim,
            "ClaimLost",
            "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
            turn,
        );
    }
    let Some(volume) = turn.find(Kind::PersistentVolume, "", name) else {
        return lose(
            claim,
            "ClaimLost",
            "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
            turn,
        );
    };
    let reference = volume.spec().at(&["claimRef"]);
    if reference
        .is_none_or(|r| r.str_at(&["uid"]) == claim.metadata.uid || matching::is_bound_to(volume, claim))
    {
        bind::bind(claim, volume, turn)?;
        return Ok(Outcome::Done);
    }
    let text = "Two claims are bound to the same volume, this one is bound incorrectly";
    lose(claim, "ClaimMisbound", text, turn)
}

fn lose(claim: &Rc<Object>, reason: &'static str, text: &str, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    if Claim(claim).phase() != "Lost" {
        let volume = Claim(claim).volume_name().to_owned();
        turn.because(VolumeReason::ClaimIsLost { claim: claim.key(), volume });
    }
    let event = EventSpec::warning(claim, reason, text, EVENT_SOURCE);
    bind::set_claim_phase(claim, "Lost", None, Some(event), turn)?;
    // A volume of that name may come back.
    Ok(until_next_look(turn))
}
