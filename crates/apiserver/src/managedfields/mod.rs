//! Who owns which field: what every write does to `metadata.managedFields`, and server-side apply.
//!
//! A write other than an apply owns what it changes, and takes it from others. An apply owns what its
//! manifest names. It is refused if others own some of that with another value, and it removes what its last
//! manifest named and nobody names any more. Read `typed` first.
//!
//! Models: `k8s.io/apimachinery/pkg/util/managedfields`, `sigs.k8s.io/structured-merge-diff/merge`.
//! Differs: managers are not folded together when there are more than ten.

mod check;
mod conflict;
mod typed;

use std::rc::Rc;

use api::schema::Schema;
use api::{FieldSet, Key, Kind, ManagedFields, ManagedFieldsEntry, Object, PathElement};
use apimachinery::value::{ValueExt, remove_at, set_at};
use apimachinery::{Status, Time, gojson};
use serde_json::Value;

use crate::registry;
use crate::request::{Actor, Subresource};
use typed::{Comparison, Part};

/// Members of metadata that a client may own.
const METADATA: [&str; 5] = ["annotations", "finalizers", "generateName", "labels", "ownerReferences"];
const LAST_APPLIED: [&str; 3] =
    ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"];

/// Who writes, where and when.
#[derive(Debug, Clone)]
pub(crate) struct Writer<'a> {
    /// What the client calls itself.
    pub(crate) manager: &'a str,
    /// Through which subresource.
    pub(crate) subresource: Subresource,
    /// Whether by server-side apply, which has seen to the managers already.
    pub(crate) applies: bool,
    /// When.
    pub(crate) now: Time,
}

impl<'a> Writer<'a> {
    /// `manager` is what the client calls itself; if it is empty, the program that asks is taken.
    pub(crate) fn new(manager: &'a str, actor: &'a Actor, subresource: Subresource, now: Time) -> Self {
        let manager = if manager.is_empty() { program(actor.as_str()) } else { manager };
        Self { manager, subresource, applies: false, now }
    }

    fn entry(&self, applies: bool, fields: FieldSet) -> ManagedFieldsEntry {
        ManagedFieldsEntry {
            manager: self.manager.to_owned(),
            applies,
            subresource: self.subresource.word().to_owned(),
            // The Scale that stands for an object brings no time along.
            time: (self.subresource != Subresource::Scale).then(|| self.now.truncated_to_second()),
            fields: Rc::new(fields),
        }
    }

    /// Whether a write through this subresource can change a top-level field.
    fn reaches(&self, kind: Kind, name: &str) -> bool {
        let status = name == "status";
        if self.subresource == Subresource::Status { status } else { !status || !kind.info().has_status }
    }
}

/// The program behind an actor: the first word of its user agent.
fn program(actor: &str) -> &str {
    match actor {
        "admin" => "kubectl",
        "default-scheduler" => "kube-scheduler",
        _ if actor.starts_with("kubelet/") => "kubelet",
        _ if actor.ends_with("-controller") || actor == "bootstrap" => "kube-controller-manager",
        _ => actor,
    }
}

/// What an update, patch or creation does to the managers; `old` is absent for a creation.
pub(crate) fn update(new: &mut Object, old: Option<&Object>, writer: &Writer) {
    if new.metadata.managed_fields.is_none() {
        new.metadata.managed_fields = old.and_then(|old| old.metadata.managed_fields.clone());
    }
    if old.is_some() && new.metadata.managed_fields.is_none() {
        return;
    }
    let compared = compare_objects(new, old, writer);
    if compared.changed.is_empty() && compared.removed.is_empty() {
        return;
    }
    let mut entries = entries_of(&new.metadata.managed_fields);
    let mut own = writer.entry(false, FieldSet::default());
    let before = entries.iter().position(|entry| entry.id() == own.id());
    if let Some(at) = before.filter(|_| !compared.changed.is_empty()) {
        own.fields = entries.swap_remove(at).fields;
    }
    take_from(&mut entries, &compared);
    if !compared.changed.is_empty() {
        take(&mut own, &compared.removed);
        if !own.fields.includes(&compared.changed) {
            Rc::make_mut(&mut own.fields).add(&compared.changed);
        }
        entries.push(own);
    }
    new.metadata.managed_fields = sorted(entries);
}

fn entries_of(managed: &ManagedFields) -> Vec<ManagedFieldsEntry> {
    managed.as_deref().cloned().unwrap_or_default()
}

fn sorted(mut entries: Vec<ManagedFieldsEntry>) -> ManagedFields {
    entries.sort_by(|a, b| {
        let key = |e: &ManagedFieldsEntry| (!e.applies, e.time);
        key(a).cmp(&key(b)).then_with(|| (&a.manager, &a.subresource).cmp(&(&b.manager, &b.subresource)))
    });
    Some(Rc::new(entries))
}

/// Takes what has changed away from the managers that owned it.
fn take_from(entries: &mut Vec<ManagedFieldsEntry>, compared: &Comparison) {
    for entry in entries.iter_mut() {
        take(entry, &compared.changed);
        take(entry, &compared.removed);
    }
    entries.retain(|entry| !entry.fields.is_empty());
}

/// Takes these fields away from a manager.
fn take(entry: &mut ManagedFieldsEntry, lost: &FieldSet) {
    if entry.fields.touches(lost) {
        Rc::make_mut(&mut entry.fields).retain(lost, false);
    }
}

fn compare_objects(new: &Object, old: Option<&Object>, writer: &Writer) -> Comparison {
    let mut compared = Comparison::default();
    let none = Object::new(new.kind, "", "");
    let (meta, before) = (&new.metadata, &old.unwrap_or(&none).metadata);
    if (&meta.labels, &meta.annotations, &meta.owner_references, &meta.finalizers, &meta.generate_name)
        != (
            &before.labels,
            &before.annotations,
            &before.owner_references,
            &before.finalizers,
            &before.generate_name,
        )
    {
        let part = Schema::get().find("ObjectMeta").map_or(Part::Leaf, Part::Struct);
        let (new, old) = (meta.to_value(), before.to_value());
        let mut metadata = Comparison::default();
        for name in METADATA {
            metadata.member(part, name, old.get(name), new.get(name));
        }
        compared.put(PathElement::Field("metadata".into()), metadata);
    }
    let zero = if old.is_none() { registry::zero(new.kind) } else { Value::Null };
    let part = Part::Struct(Schema::get().of_kind(new.kind));
    let gone = old.into_iter().flat_map(|old| old.fields.keys()).filter(|n| !new.fields.contains_key(*n));
    for name in new.fields.keys().chain(gone) {
        let now = new.fields.get(name);
        let was = old.and_then(|old| old.fields.get(name));
        let same = matches!((now, was), (Some(now), Some(was)) if Rc::ptr_eq(now, was));
        if !same && writer.reaches(new.kind, name) {
            let was = was.map(|value| &**value).or_else(|| zero.get(name));
            compared.member(part, name, was, now.map(|value| &**value));
        }
    }
    compared
}

/// Refuses a manifest that does not have the form that server-side apply asks for.
pub(crate) fn check(config: &Value, key: &Key) -> Result<(), Status> {
    check::check(config, Part::Struct(Schema::get().of_kind(key.kind)), key)
}

/// What server-side apply makes of the object at hand; for a creation that is an empty one.
pub(crate) fn apply(
    live: Option<&Object>,
    kind: Kind,
    config: &Value,
    writer: &Writer,
    force: bool,
) -> Result<Object, Status> {
    let applied = apply_once(live, kind, config, writer, force);
    let (Err(conflicts), Some(live)) = (&applied, live) else {
        return applied.map_err(|conflicts| conflict::refusal(kind, &conflicts));
    };
    // What `kubectl apply` without server-side has put there is its own to change.
    let mut others = conflicts.clone();
    if writer.manager == "kubectl"
        && let Some(own) = unchanged_since_last_applied(live)
    {
        for entry in &mut others {
            take(entry, &own);
        }
        others.retain(|entry| !entry.fields.is_empty());
    }
    if others.is_empty() {
        return apply_once(Some(live), kind, config, writer, true)
            .map_err(|conflicts| conflict::refusal(kind, &conflicts));
    }
    Err(conflict::refusal(kind, &others))
}

/// The fields of the annotation of client-side apply that still have the values which it names.
fn unchanged_since_last_applied(live: &Object) -> Option<FieldSet> {
    let last: Value = serde_json::from_str(live.metadata.annotation(LAST_APPLIED[2])).ok()?;
    let part = Part::Struct(Schema::get().of_kind(live.kind));
    let mut own = typed::field_set(&last, part);
    let compared = Comparison::of(Some(&live.to_value()), Some(&last), part);
    own.retain(&compared.changed, false);
    own.retain(&compared.removed, false);
    Some(own)
}

/// Applies the manifest; the error is what others own of it with another value.
fn apply_once(
    live: Option<&Object>,
    kind: Kind,
    config: &Value,
    writer: &Writer,
    force: bool,
) -> Result<Object, Vec<ManagedFieldsEntry>> {
    let part = Part::Struct(Schema::get().of_kind(kind));
    let current = live.map_or_else(|| registry::zero(kind), Object::to_value);
    let mut entries = entries_of(&live.and_then(|live| live.metadata.managed_fields.clone()));
    if let (Some(live), true) = (live, entries.is_empty()) {
        // Nobody kept track so far: what is there belongs to an unknown.
        let unknown = Writer { manager: "before-first-apply", ..writer.clone() };
        entries.push(unknown.entry(false, compare_objects(live, None, &unknown).changed));
    }
    let named = typed::field_set(config, part);
    let mut own = writer.entry(true, only_owned(named.clone(), kind, writer));
    let last = entries.iter().position(|entry| entry.id() == own.id());
    let last = last.map(|at| entries.remove(at));
    let last_time = last.as_ref().and_then(|entry| entry.time);
    let last = last.map(|entry| entry.fields);
    let mut merged = typed::merge(&current, config, part);
    if let Some(last) = last {
        let mut owned = named;
        for entry in &entries {
            owned.add(&entry.fields);
        }
        typed::prune(&mut merged, part, &last, &owned);
    }
    let compared = Comparison::of(Some(&current), Some(&merged), part);
    if !force {
        let mut conflicts = entries.clone();
        for entry in &mut conflicts {
            Rc::make_mut(&mut entry.fields).retain(&compared.changed, true);
        }
        conflicts.retain(|entry| !entry.fields.is_empty());
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
    }
    take_from(&mut entries, &compared);
    if writer.manager == "kubectl" && live.is_some_and(|live| live.to_value().at(&LAST_APPLIED).is_some()) {
        let mut bare = config.clone();
        remove_at(&mut bare, &LAST_APPLIED);
        set_at(&mut merged, &LAST_APPLIED, format!("{}\n", gojson::compact(&bare)).into());
    }
    if live.is_some() && merged == current {
        // Nothing was done at this time.
        own.time = last_time;
    }
    entries.push(own);
    let mut object = Object::from_value(kind, merged);
    object.metadata.managed_fields = sorted(entries);
    Ok(object)
}

/// The fields of a manifest that a client may own.
fn only_owned(mut set: FieldSet, kind: Kind, writer: &Writer) -> FieldSet {
    set.children.retain(|step, below| match step {
        PathElement::Field(name) if name == "metadata" => {
            below
                .children
                .retain(|s, _| matches!(s, PathElement::Field(n) if METADATA.contains(&n.as_ref())));
            below.member = false;
            !below.is_empty()
        }
        PathElement::Field(name) => name != "apiVersion" && name != "kind" && writer.reaches(kind, name),
        _ => true,
    });
    set
}
