//! What holds for every object: versions, identity, generations, the way out.
//!
//! Source: `docs/reference/using-api/api-concepts` (resource versions), `metav1.ObjectMeta`, and
//! `registry/rest/delete.go` (deletion).

use std::collections::BTreeSet;
use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;

use super::{Invariant, Step};

/// Objects change only with a new `resourceVersion`, keep their identity, and leave as they should.
#[derive(Default)]
pub(super) struct Versions {
    revision: u64,
    uids: BTreeSet<String>,
}

impl Invariant for Versions {
    fn name(&self) -> &'static str {
        "objects change with a new resourceVersion and keep their identity"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, verb, change) in step.changes() {
            if change.revision <= self.revision {
                return Err(format!("revision {} came after {}", change.revision, self.revision));
            }
            self.revision = change.revision;
            self.look(verb, change).map_err(|what| format!("{} by {actor} ({verb}): {what}", change.key))?;
        }
        Ok(())
    }
}

impl Versions {
    fn look(&mut self, verb: &str, change: &Change) -> Result<(), String> {
        match (&change.before, &change.after) {
            (None, Some(made)) => self.made(made, change.revision),
            (Some(before), Some(after)) => changed(before, after, change.revision, verb),
            (Some(last), None) => removed(last, verb),
            (None, None) => Err("a change of nothing".to_owned()),
        }
    }

    fn made(&mut self, made: &Object, revision: u64) -> Result<(), String> {
        if made.metadata.resource_version != revision {
            return Err("made with another resourceVersion than the store's revision".to_owned());
        }
        if made.metadata.uid.is_empty() || made.metadata.creation_timestamp.is_none() {
            return Err("made without uid or creationTimestamp".to_owned());
        }
        if !self.uids.insert(made.metadata.uid.clone()) {
            return Err(format!("the uid {} was given twice", made.metadata.uid));
        }
        Ok(())
    }
}

fn changed(before: &Rc<Object>, after: &Rc<Object>, revision: u64, verb: &str) -> Result<(), String> {
    let (old, new) = (&before.metadata, &after.metadata);
    if new.resource_version != revision || old.resource_version >= revision {
        return Err(format!(
            "resourceVersion went from {} to {}",
            old.resource_version, new.resource_version
        ));
    }
    if old.uid != new.uid || old.creation_timestamp != new.creation_timestamp {
        return Err("uid or creationTimestamp changed".to_owned());
    }
    // A shorter period that is over already ends in a second, which may be later than the old end.
    let shorter = new.deletion_grace_period_seconds < old.deletion_grace_period_seconds;
    let later = new.deletion_timestamp > old.deletion_timestamp && !shorter;
    if old.is_deleting() && (!new.is_deleting() || later) {
        return Err(format!(
            "deletionTimestamp went from {:?} to {:?}",
            old.deletion_timestamp, new.deletion_timestamp
        ));
    }
    // Another deletion may choose another propagation, which is a finalizer.
    if verb != "DELETE" && old.is_deleting() && new.finalizers.iter().any(|f| !old.finalizers.contains(f)) {
        return Err("a finalizer came to an object that is being deleted".to_owned());
    }
    let mut same = Object::clone(before);
    same.metadata.resource_version = revision;
    same.metadata.managed_fields.clone_from(&new.managed_fields);
    if same == **after && old.managed_fields == new.managed_fields {
        return Err("a write that changed nothing took a new version".to_owned());
    }
    Ok(())
}

fn removed(last: &Object, verb: &str) -> Result<(), String> {
    if verb == "DELETE" && !last.metadata.finalizers.is_empty() {
        return Err(format!("removed in spite of {:?}", last.metadata.finalizers));
    }
    if last.kind == Kind::Pod && !last.metadata.is_deleting() {
        return Err("a Pod went without having been deleted".to_owned());
    }
    Ok(())
}

/// `generation` counts changes of a set's spec, and `observedGeneration` follows it.
///
/// A status write that meets a conflict is tried again on the set that is there then (`updateStatefulSetStatus`),
/// even if that is a successor of the same name: such a write is left out, and the next one may put it right.
pub(super) struct Generations;

impl Invariant for Generations {
    fn name(&self) -> &'static str {
        "generation counts changes of the spec, observedGeneration follows"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes().filter(|(_, _, c)| c.key.kind == Kind::StatefulSet) {
            let Some(after) = &change.after else { continue };
            let generation = after.metadata.generation;
            let expected = change.before.as_ref().map_or(1, |before| {
                let spec = before.spec() != after.spec();
                let leaves = !before.metadata.is_deleting() && after.metadata.is_deleting();
                before.metadata.generation + i64::from(spec || leaves)
            });
            if generation != expected {
                return Err(format!("{} by {actor}: {generation}, not {expected}", change.key));
            }
            let decided = step.cluster.decision_in_flight(actor.as_str(), &change.key);
            let about = decided.and_then(|(_, seen)| seen.get(&change.key));
            if about.is_some_and(|set| set.metadata.uid != after.metadata.uid) {
                continue;
            }
            let observed = |set: &Object| set.status().i64_at(&["observedGeneration"]).unwrap_or(0);
            let before = change.before.as_ref().map_or(0, |set| observed(set).min(set.metadata.generation));
            if observed(after) > generation || observed(after) < before {
                return Err(format!(
                    "{} by {actor}: observedGeneration {before} became {} at generation {generation}",
                    change.key,
                    observed(after)
                ));
            }
        }
        Ok(())
    }
}
