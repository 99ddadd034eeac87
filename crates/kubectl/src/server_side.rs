//! `kubectl apply --server-side`, and how it takes over what was applied without that flag.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/apply` (`migrateToSSAIfNecessary`), `k8s.io/client-go/util/csaupgrade`.

use std::borrow::Cow;
use std::rc::Rc;

use api::{Key, ManagedFieldsEntry, Object, PathElement};
use apimachinery::value::set_at;
use apimachinery::{Reason, Status};
use apiserver::{Actor, Answer, Patch, Request, Subresource, Verb, WriteOptions};
use serde_json::{Value, json};

use crate::annotation::LAST_APPLIED;
use crate::command::Output;
use crate::errors::Failure;
use crate::manifest::Resource;
use crate::world::World;

const CONFLICT_ADVICE: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Where an apply goes.
struct Target<'a> {
    key: &'a Key,
    subresource: Subresource,
}

impl Target<'_> {
    fn send(&self, patch: Patch, options: &WriteOptions, world: &mut dyn World) -> Answer {
        let verb = Verb::Patch(patch, self.subresource, options.clone());
        world.request(Request { actor: Actor::user(), key: self.key.clone(), verb })
    }

    /// Gives the annotation of client-side apply an owner, for when its former one is gone.
    fn keep_annotation(&self, object: Rc<Object>, world: &mut dyn World) -> Result<Rc<Object>, Status> {
        let all = object.metadata.managed_fields.iter().flat_map(|entries| entries.iter());
        if !object.metadata.annotations.contains_key(LAST_APPLIED)
            || all.into_iter().any(|e| e.applies && is_owner(e))
        {
            return Ok(object);
        }
        let text = object.metadata.annotation(LAST_APPLIED);
        let mut bare = json!({"metadata": {"annotations": {LAST_APPLIED: text}}});
        for (member, value) in [("name", &object.metadata.name), ("namespace", &object.metadata.namespace)] {
            if !value.is_empty() {
                set_at(&mut bare, &["metadata", member], value.as_str().into());
            }
        }
        let field_manager = "kubectl-last-applied".to_owned();
        let options = WriteOptions { field_manager, force: true, ..WriteOptions::default() };
        let kept = self.send(Patch::Apply(bare), &options, world)?;
        Ok(kept.into_object().unwrap_or(object))
    }
}

/// Applies a manifest on the server.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn apply(
    resource: &Resource,
    subresource: Subresource,
    options: &WriteOptions,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<Option<Rc<Object>>, Failure> {
    let mut value = resource.value.clone();
    if resource.key.kind.info().namespaced {
        set_at(&mut value, &["metadata", "namespace"], resource.key.namespace.as_ref().into());
    }
    let target = Target { key: &resource.key, subresource };
    let answer = target.send(Patch::Apply(value.clone()), options, world);
    let answer = answer.map_err(|status| match status.reason {
        Reason::Conflict => Failure::Plain(format!("{}\n{CONFLICT_ADVICE}", status.message)),
        _ => status.into(),
    })?;
    out.warn_all(&answer.warnings);
    let Some(mut object) = answer.into_object() else { return Ok(None) };
    if options.dry_run {
        return Ok(Some(object));
    }
    if options.field_manager == "kubectl" {
        match target.keep_annotation(Rc::clone(&object), world) {
            Ok(kept) => object = kept,
            Err(status) => {
                warn(
                    "migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply",
                    &status,
                    out,
                );
                return Ok(Some(object));
            }
        }
    }
    if let Some(entries) = migrated(&object, &options.field_manager) {
        let version = object.metadata.resource_version.to_string();
        let moved = json!({"metadata": {"managedFields": entries, "resourceVersion": version}});
        target.send(Patch::Merge(moved), &WriteOptions::default(), world)?;
        // Now what the manifest no longer names can go.
        match target.send(Patch::Apply(value), options, world) {
            Ok(answer) => object = answer.into_object().unwrap_or(object),
            Err(status) => {
                warn("re-apply configuration after performing Server-Side Apply migration", &status, out);
            }
        }
    }
    Ok(Some(object))
}

fn warn(doing: &str, status: &Status, out: &mut Output) {
    let error = &status.message;
    out.complain(&format!(
        "Warning: failed to {doing}. This is non-fatal and will be retried next time you apply. Error: {error}"
    ));
}

/// Whether an entry owns the annotation of client-side apply.
fn is_owner(entry: &ManagedFieldsEntry) -> bool {
    let step = |name: &'static str| PathElement::Field(Cow::Borrowed(name));
    let below = entry.fields.children.get(&step("metadata"));
    let below = below.and_then(|set| set.children.get(&step("annotations")));
    below.and_then(|set| set.children.get(&step(LAST_APPLIED))).is_some_and(|set| set.member)
}

/// The managers after those of client-side apply have become `manager`; `None` if there are none of these.
fn migrated(object: &Object, manager: &str) -> Option<Vec<Value>> {
    let mut entries = object.metadata.managed_fields.as_deref()?.clone();
    let is_old = |e: &ManagedFieldsEntry| !e.applies && e.subresource.is_empty();
    let names: Vec<String> =
        entries.iter().filter(|e| !e.applies && is_owner(e)).map(|e| e.manager.clone()).collect();
    let old: Vec<ManagedFieldsEntry> =
        entries.iter().filter(|e| is_old(e) && names.contains(&e.manager)).cloned().collect();
    if old.is_empty() {
        return None;
    }
    entries.retain(|e| !(is_old(e) && names.contains(&e.manager)));
    let own = entries.iter_mut().find(|e| e.id() == (manager, true, ""))?;
    for entry in old {
        Rc::make_mut(&mut own.fields).add(&entry.fields);
    }
    let version = object.kind.info().api_version();
    Some(entries.iter().map(|entry| entry.to_value(&version)).collect())
}
