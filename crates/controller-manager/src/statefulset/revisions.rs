//! Revisions of a set: copies of its template, under names that hold a hash of it.
//!
//! Models: `stateful_set_utils.go` (`newRevision`, `getPatch`), `stateful_set_control.go`
//! (`getStatefulSetRevisions`, `truncateHistory`), `pkg/controller/history`.

use std::rc::Rc;

use api::apps::StatefulSet;
use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, as_map_mut};
use apimachinery::{Reason as StatusReason, gojson, hash};
use apiserver::{DeleteOptions, Request};
use client::{Halt, Turn};
use serde_json::{Value, json};

use super::placed::Placed;
use super::reason::StatefulSetReason;

/// How many bytes of a set's name are kept in the names of its revisions.
const PREFIX_MAX: usize = 223;

/// The revisions that matter to a decision.
#[derive(Debug, Clone)]
pub struct Revisions {
    /// The revision that Pods were made from so far.
    pub current: Rc<Object>,
    /// The revision that new Pods are made from.
    pub update: Rc<Object>,
    /// `status.collisionCount` from now on.
    pub collision_count: i32,
}

/// The data of a revision: the template, as a patch that replaces it as a whole.
pub fn data_of(set: &Object) -> Value {
    let mut template = StatefulSet(set).template().clone();
    as_map_mut(&mut template).insert("$patch".to_owned(), "replace".into());
    json!({"spec": {"template": template}})
}

/// The template that a revision records.
pub fn template_of(revision: &Object) -> Value {
    let mut template = revision.field("data").at(&["spec", "template"]).cloned().unwrap_or(Value::Null);
    as_map_mut(&mut template).remove("$patch");
    template
}

fn hash_of(data: &Value, collision_count: i32) -> String {
    hash::controller_revision_hash(gojson::compact(data).as_bytes(), Some(collision_count))
}

fn name_of(set: &Object, hash: &str) -> String {
    let name = set.metadata.name.as_str();
    let cut = (0..=PREFIX_MAX.min(name.len())).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    format!("{}-{hash}", name.get(..cut).unwrap_or(name))
}

/// A revision of the set's template as it is now, not stored yet.
fn new_revision(set: &Object, data: Value, number: i64, collision_count: i32) -> Object {
    let hash = hash_of(&data, collision_count);
    let mut revision = Object::new(Kind::ControllerRevision, &set.metadata.namespace, &name_of(set, &hash));
    let labels = StatefulSet(set).template().map_at(&["metadata", "labels"]);
    for (key, value) in labels.into_iter().flatten() {
        revision.metadata.labels.insert(key.clone(), value.as_str().unwrap_or("").to_owned());
    }
    revision.metadata.labels.insert("controller.kubernetes.io/hash".to_owned(), hash);
    revision.metadata.annotations.clone_from(&set.metadata.annotations);
    revision.metadata.owner_references.push(set.controller_reference());
    revision.set_field("data", data);
    revision.set_field("revision", number.into());
    revision
}

fn number(revision: &Object) -> i64 {
    revision.field("revision").as_i64().unwrap_or(0)
}

/// Finds, renumbers or makes the update revision, and finds the current one.
pub fn resolve(set: &Rc<Object>, known: &[Rc<Object>], turn: &mut Turn<'_>) -> Result<Revisions, Halt> {
    let collision_count = set.status().i64_at(&["collisionCount"]).unwrap_or(0);
    let collision_count = i32::try_from(collision_count).unwrap_or(0);
    let next = known.last().map_or(0, |r| number(r)) + 1;
    let wanted = data_of(set);
    let equal = known.iter().rev().find(|r| *r.field("data") == wanted);
    let latest_is_equal = known.last().is_some_and(|r| *r.field("data") == wanted);
    let (update, collision_count) = match (equal, latest_is_equal, known.last()) {
        (Some(_), true, Some(latest)) => (Rc::clone(latest), collision_count),
        (Some(equal), _, _) => (renumber(set, equal, next, turn)?, collision_count),
        (None, _, _) => {
            let revision = new_revision(set, wanted, next, collision_count);
            create(set, revision, collision_count, turn)?
        }
    };
    let name = StatefulSet(set).current_revision();
    let current = known.iter().find(|r| r.metadata.name == name).unwrap_or(&update);
    let current = if current.metadata.name == update.metadata.name { &update } else { current };
    Ok(Revisions { current: Rc::clone(current), update, collision_count })
}

/// Gives an older revision the newest number, since the template is as it was then. Its name stays.
fn renumber(
    set: &Rc<Object>,
    equal: &Rc<Object>,
    next: i64,
    turn: &mut Turn<'_>,
) -> Result<Rc<Object>, Halt> {
    turn.because(StatefulSetReason::ReusesRevision {
        set: set.key(),
        revision: equal.metadata.name.clone(),
        number: next,
    });
    let mut renumbered = Object::clone(equal);
    renumbered.set_field("revision", next.into());
    let request = Request::update(turn.actor(), renumbered);
    Ok(turn.request(request)?.unwrap_or_else(|| Rc::clone(equal)))
}

/// Stores a new revision, and returns it with the collision count. A name that is taken by other data raises
/// the count.
fn create(
    set: &Rc<Object>,
    mut wanted: Object,
    mut collisions: i32,
    turn: &mut Turn<'_>,
) -> Result<(Rc<Object>, i32), Halt> {
    let data = wanted.field("data").clone();
    loop {
        wanted.metadata.name = name_of(set, &hash_of(&data, collisions));
        let request = Request::create(turn.actor(), wanted.clone());
        let refused = match turn.try_request(request)? {
            Ok(response) => {
                turn.because(StatefulSetReason::CreatesRevision {
                    set: set.key(),
                    revision: wanted.metadata.name.clone(),
                    number: number(&wanted),
                });
                return Ok((response.into_object().unwrap_or_else(|| Rc::new(wanted)), collisions));
            }
            Err(status) => status,
        };
        if refused.reason != StatusReason::AlreadyExists {
            return Err(Halt::Failed(refused));
        }
        let key = Key::new(
            Kind::ControllerRevision,
            wanted.metadata.namespace.as_str(),
            wanted.metadata.name.as_str(),
        );
        let request = Request::get(turn.actor(), key);
        if let Some(existing) = turn.request(request)?
            && *existing.field("data") == data
        {
            return Ok((existing, collisions));
        }
        collisions += 1;
    }
}

/// Deletes the oldest revisions that nothing uses, beyond the limit.
pub fn truncate(
    set: &Rc<Object>,
    known: &[Rc<Object>],
    revisions: &Revisions,
    placed: &Placed,
    turn: &mut Turn<'_>,
) -> Result<(), Halt> {
    let (current, update) = (&revisions.current.metadata.name, &revisions.update.metadata.name);
    let is_live = |name: &String| name == current || name == update || placed.revision(name).is_some();
    let history: Vec<&Rc<Object>> = known.iter().filter(|r| !is_live(&r.metadata.name)).collect();
    let limit = StatefulSet(set).revision_history_limit();
    let Ok(limit) = usize::try_from(limit) else { return Ok(()) };
    let surplus = history.len().saturating_sub(limit);
    for revision in history.into_iter().take(surplus) {
        turn.because(StatefulSetReason::TruncatesHistory {
            set: set.key(),
            revision: revision.metadata.name.clone(),
            limit,
        });
        let request = Request::delete(turn.actor(), revision.key(), DeleteOptions::default());
        turn.request(request)?;
    }
    Ok(())
}
