//! The garbage collector: dependents follow their owners.
//!
//! Models: `pkg/controller/garbagecollector`.
//! Differs: dependents are looked up in the caches instead of in a graph built from all watches; the
//! decisions are the same.

use std::rc::Rc;

use api::{Key, Kind, Object, OwnerReference};
use apimachinery::Reason as StatusReason;
use apiserver::{Change, DeleteOptions, Propagation, Request};
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};

use crate::garbagecollector_reason::GarbageReason;

/// Kinds that take part as owners or dependents.
const KINDS: &[Kind] = &[
    Kind::StatefulSet,
    Kind::ControllerRevision,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::Service,
    Kind::EndpointSlice,
    Kind::ConfigMap,
    Kind::Secret,
];

/// So often the object is read again after a conflict: `retry.DefaultBackoff`.
const RETRIES: usize = 4;

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct GarbageCollector;

fn owner_key(owner: &OwnerReference, namespace: &str) -> Option<Key> {
    let kind = Kind::from_manifest(&owner.api_version, &owner.kind)?;
    Some(Key::new(kind, namespace, owner.name.as_str()))
}

/// Objects that name `uid` as an owner.
fn dependents(uid: &str, namespace: &str, seen: &Seen<'_>) -> Vec<Key> {
    let all = KINDS.iter().flat_map(|kind| seen.list(*kind, namespace));
    all.filter(|o| o.metadata.owner_references.iter().any(|r| r.uid == uid)).map(|o| o.key()).collect()
}

fn has(object: &Object, finalizer: &str) -> bool {
    object.metadata.finalizers.iter().any(|f| f == finalizer)
}

impl Controller for GarbageCollector {
    fn name(&self) -> &'static str {
        "generic-garbage-collector"
    }

    fn watches(&self) -> &'static [Kind] {
        KINDS
    }

    fn workers(&self) -> usize {
        20
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        let object = change.object();
        let mut keys = Vec::new();
        if change.is_delete() {
            keys.extend(dependents(&object.metadata.uid, &object.metadata.namespace, seen));
            // An owner in foreground deletion waits for this one.
            let namespace = &object.metadata.namespace;
            keys.extend(object.metadata.owner_references.iter().filter_map(|o| owner_key(o, namespace)));
        } else {
            let before = change.before.as_ref();
            let owners_changed =
                before.is_none_or(|b| b.metadata.owner_references != object.metadata.owner_references);
            // A new dependent of an owner that exists is left alone, even if the owner is on its way out.
            let absent = |owner: &OwnerReference| {
                let key = owner_key(owner, &object.metadata.namespace);
                key.is_some_and(|key| seen.get(&key).is_none_or(|o| o.metadata.uid != owner.uid))
            };
            if owners_changed && object.metadata.owner_references.iter().any(absent) {
                keys.push(change.key.clone());
            }
            let leaves =
                |o: &Object| o.metadata.is_deleting() && (has(o, "orphan") || has(o, "foregroundDeletion"));
            if leaves(object) && !before.is_some_and(|b| leaves(b)) {
                keys.push(change.key.clone());
                keys.extend(dependents(&object.metadata.uid, &object.metadata.namespace, seen));
            }
        }
        keys.into_iter().map(Wake::now).collect()
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(object) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if object.metadata.is_deleting() && has(&object, "orphan") {
            return orphan(&object, turn);
        }
        if object.metadata.is_deleting() && has(&object, "foregroundDeletion") {
            return foreground(&object, turn);
        }
        if object.metadata.is_deleting() || object.metadata.owner_references.is_empty() {
            return Ok(Outcome::Done);
        }
        attempt_to_delete(&object, turn)
    }
}

/// Takes the owner reference from the dependents, then lets the owner go.
fn orphan(object: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let seen = turn.seen();
    let keys = dependents(&object.metadata.uid, &object.metadata.namespace, &seen);
    let changed: Vec<Object> = keys
        .iter()
        .filter_map(|key| seen.get(key))
        .map(|dependent| {
            let mut changed = Object::clone(dependent);
            changed.metadata.owner_references.retain(|o| o.uid != object.metadata.uid);
            changed
        })
        .collect();
    let requests = changed.into_iter().map(|o| Request::update(turn.actor(), o)).collect();
    for answer in turn.request_all(requests)? {
        match answer {
            Err(status) if status.reason != StatusReason::NotFound => return Err(Halt::Failed(status)),
            _ => {}
        }
    }
    drop_finalizer(object, "orphan", turn)?;
    Ok(Outcome::Done)
}

/// Takes a finalizer away. After a conflict it reads the object and tries again, at most [`RETRIES`] times.
fn drop_finalizer(object: &Object, finalizer: &str, turn: &mut Turn<'_>) -> Result<(), Halt> {
    for tries_left in (0..=RETRIES).rev() {
        let Some(live) = live(&object.key(), &object.metadata.uid, turn)? else { return Ok(()) };
        let mut changed = Object::clone(&live);
        changed.metadata.finalizers.retain(|f| f != finalizer);
        match turn.try_request(Request::update(turn.actor(), changed))? {
            Err(status) if status.reason == StatusReason::Conflict && tries_left > 0 => {}
            answer => return answer.map(|_| ()).map_err(Halt::Failed),
        }
    }
    Ok(())
}

/// Wakes the dependents that block the owner, and lets the owner go when none is left. The owner is read
/// first and then the dependents are looked at: so one that was made meanwhile blocks it, and goes, too.
fn foreground(object: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    if live(&object.key(), &object.metadata.uid, turn)?.is_none() {
        return Ok(Outcome::Done);
    }
    let seen = turn.seen();
    let keys = dependents(&object.metadata.uid, &object.metadata.namespace, &seen);
    let blocks = |dependent: &&Rc<Object>| {
        let mut owners = dependent.metadata.owner_references.iter();
        owners.any(|o| o.uid == object.metadata.uid && o.block_owner_deletion == Some(true))
    };
    let blocking: Vec<_> = keys.iter().filter_map(|key| seen.get(key)).filter(blocks).collect();
    if blocking.is_empty() {
        drop_finalizer(object, "foregroundDeletion", turn)?;
    }
    for dependent in blocking {
        turn.wake(dependent.key());
    }
    Ok(Outcome::Done)
}

/// What has become of an owner.
enum Owner {
    Solid,
    Absent,
    WaitsForDependents,
}

fn judge(owner: &OwnerReference, namespace: &str, turn: &mut Turn<'_>) -> Result<Owner, Halt> {
    let Some(key) = owner_key(owner, namespace) else { return Ok(Owner::Solid) };
    let live = live(&key, &owner.uid, turn)?;
    Ok(match live {
        None => Owner::Absent,
        Some(o) if o.metadata.is_deleting() && has(&o, "foregroundDeletion") => Owner::WaitsForDependents,
        Some(_) => Owner::Solid,
    })
}

/// The object with this UID as the API server has it: a cache must not decide what is deleted.
fn live(key: &Key, uid: &str, turn: &mut Turn<'_>) -> Result<Option<Rc<Object>>, Halt> {
    match turn.try_request(Request::get(turn.actor(), key.clone()))? {
        Ok(answer) => Ok(answer.into_object().filter(|o| o.metadata.uid == uid)),
        Err(status) if status.reason == StatusReason::NotFound => Ok(None),
        Err(status) => Err(Halt::Failed(status)),
    }
}

fn attempt_to_delete(object: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let Some(object) = live(&object.key(), &object.metadata.uid, turn)? else { return Ok(Outcome::Done) };
    if object.metadata.is_deleting() {
        return Ok(Outcome::Done);
    }
    let object = object.as_ref();
    let (mut solid, mut gone) = (Vec::new(), Vec::new());
    let mut lost = None;
    for owner in &object.metadata.owner_references {
        match judge(owner, &object.metadata.namespace, turn)? {
            Owner::Solid => solid.push(owner.uid.clone()),
            Owner::Absent | Owner::WaitsForDependents => {
                gone.push(owner.uid.clone());
                lost = lost.or_else(|| owner_key(owner, &object.metadata.namespace));
            }
        }
    }
    if gone.is_empty() {
        return Ok(Outcome::Done);
    }
    if !solid.is_empty() {
        let mut changed = object.clone();
        changed.metadata.owner_references.retain(|o| !gone.contains(&o.uid));
        let request = Request::update(turn.actor(), changed);
        return ignore_not_found(turn.try_request(request)?);
    }
    if let Some(owner) = lost {
        turn.because(GarbageReason::OwnerGone { object: object.key(), owner });
    }
    let propagation = if has(object, "orphan") {
        Propagation::Orphan
    } else if has(object, "foregroundDeletion") {
        Propagation::Foreground
    } else {
        Propagation::Background
    };
    let options = DeleteOptions {
        propagation: Some(propagation),
        uid: Some(object.metadata.uid.clone()),
        resource_version: Some(object.metadata.resource_version),
        ..DeleteOptions::default()
    };
    let request = Request::delete(turn.actor(), object.key(), options);
    ignore_not_found(turn.try_request(request)?)
}

fn ignore_not_found(answer: apiserver::Answer) -> Result<Outcome, Halt> {
    match answer {
        Err(status) if status.reason != StatusReason::NotFound => Err(Halt::Failed(status)),
        _ => Ok(Outcome::Done),
    }
}
