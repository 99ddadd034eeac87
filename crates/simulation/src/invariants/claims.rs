//! What holds for claims and volumes.
//!
//! Source: `docs/concepts/storage/persistent-volumes` (binding, reclaiming) and
//! `docs/concepts/workloads/controllers/statefulset` (claim retention).

use api::core::Claim;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;

use super::{Invariant, Step};

/// Claims outlive Pods, unless somebody deletes them or the retention policy says otherwise.
pub(super) struct Keeping;

impl Invariant for Keeping {
    fn name(&self) -> &'static str {
        "claims outlive Pods unless the retention policy says otherwise"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes() {
            if change.key.kind != Kind::PersistentVolumeClaim {
                continue;
            }
            let Some(before) = &change.before else { continue };
            let leaves = !before.metadata.is_deleting()
                && change.after.as_ref().is_none_or(|claim| claim.metadata.is_deleting());
            if leaves && !actor.is_user() {
                orphaned(step, before, actor.as_str())?;
            }
            if let Some(after) = &change.after {
                let new = after.metadata.owner_references.iter();
                for owner in new.filter(|owner| !before.metadata.owner_references.contains(owner)) {
                    asked_for(step, after, &owner.kind, &owner.uid)?;
                }
            }
        }
        Ok(())
    }
}

/// The garbage collector deletes claims whose owners are gone or leave, and the namespace controller those of
/// a namespace that goes. Apart from people, nobody else deletes claims.
fn orphaned(step: &Step<'_>, claim: &Object, actor: &str) -> Result<(), String> {
    let namespace = Key::new(Kind::Namespace, "", claim.metadata.namespace.as_str());
    let namespace = step.cluster.store().get(&namespace);
    if actor == "namespace-controller" && namespace.is_some_and(|n| n.metadata.is_deleting()) {
        return Ok(());
    }
    if actor != "generic-garbage-collector" {
        return Err(format!("{} was deleted by {actor}", claim.key()));
    }
    if claim.metadata.owner_references.is_empty() {
        return Err(format!("{} was collected without ever having had an owner", claim.key()));
    }
    for owner in &claim.metadata.owner_references {
        let kind = if owner.kind == "Pod" { Kind::Pod } else { Kind::StatefulSet };
        let key = Key::new(kind, claim.metadata.namespace.as_str(), owner.name.as_str());
        let lives = step.cluster.store().get(&key).is_some_and(|object| {
            object.metadata.uid == owner.uid
                && !object.metadata.finalizers.iter().any(|f| f == "foregroundDeletion")
        });
        if lives {
            return Err(format!("{} was collected while {key} lives", claim.key()));
        }
    }
    Ok(())
}

/// A claim gets an owner only if the set's policy asks for it, as the controller saw the set.
fn asked_for(step: &Step<'_>, claim: &Object, kind: &str, uid: &str) -> Result<(), String> {
    let sets: Vec<_> = step.cluster.store().list(Kind::StatefulSet, &claim.metadata.namespace).collect();
    let named = |policy: &str| {
        sets.iter().any(|set| {
            let key = set.key();
            let seen = step.cluster.decision_in_flight("statefulset-controller", &key);
            let seen = seen.and_then(|(_, seen)| seen.get(&key));
            let view = seen.unwrap_or(set);
            let relevant = kind == "Pod" || view.metadata.uid == uid;
            relevant && view.spec().str_at(&["persistentVolumeClaimRetentionPolicy", policy]) == "Delete"
        })
    };
    let policy = if kind == "Pod" { "whenScaled" } else { "whenDeleted" };
    // A set that is gone by now cannot be asked any more.
    if named(policy) || (kind == "StatefulSet" && !sets.iter().any(|set| set.metadata.uid == uid)) {
        return Ok(());
    }
    Err(format!("{} got a {kind} as its owner, and no set has {policy}: Delete", claim.key()))
}

/// A claim binds one volume and that volume binds it, once and for all.
pub(super) struct Binding;

impl Invariant for Binding {
    fn name(&self) -> &'static str {
        "a claim binds one volume and back"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes() {
            let (Some(after), before) = (&change.after, &change.before) else { continue };
            match change.key.kind {
                Kind::PersistentVolumeClaim => {
                    if let Some(before) = before {
                        fixed(Claim(before).volume_name(), Claim(after).volume_name(), actor.is_user())
                            .map_err(|what| format!("{} by {actor}: {what}", change.key))?;
                    }
                    both_ways(step, after)?;
                }
                Kind::PersistentVolume => {
                    let claimed = |volume: &Object| volume.spec().str_at(&["claimRef", "uid"]).to_owned();
                    if let Some(before) = before {
                        fixed(&claimed(before), &claimed(after), actor.is_user())
                            .map_err(|what| format!("{} by {actor}: {what}", change.key))?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn fixed(before: &str, after: &str, by_user: bool) -> Result<(), String> {
    if before.is_empty() || before == after || by_user {
        return Ok(());
    }
    Err(format!("bound to `{before}`, then to `{after}`"))
}

fn both_ways(step: &Step<'_>, claim: &Object) -> Result<(), String> {
    if Claim(claim).phase() != "Bound" {
        return Ok(());
    }
    let name = Claim(claim).volume_name();
    let store = step.cluster.store();
    if let Some(volume) = store.get(&Key::new(Kind::PersistentVolume, "", name)) {
        let uid = volume.spec().str_at(&["claimRef", "uid"]);
        if uid != claim.metadata.uid {
            return Err(format!("{} is bound to {name}, which is claimed by `{uid}`", claim.key()));
        }
    }
    let others = store.list(Kind::PersistentVolumeClaim, "").filter(|other| {
        other.metadata.uid != claim.metadata.uid
            && Claim(other).phase() == "Bound"
            && Claim(other).volume_name() == name
    });
    match others.map(|other| other.key()).next() {
        Some(other) => Err(format!("{} and {other} are bound to {name}", claim.key())),
        None => Ok(()),
    }
}
