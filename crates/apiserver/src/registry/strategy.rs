//! What a kind may have rules about, and what these rules share. Most kinds have few rules.
//!
//! Models: `k8s.io/apiserver/pkg/registry/rest` (`RESTCreateStrategy`, `RESTUpdateStrategy`).

use std::rc::Rc;

use api::Object;
use apimachinery::{ErrorList, Rng, Time};

use super::content::{self, NameCheck};
use super::objectmeta::{validate_object_meta, validate_object_meta_update};
use crate::etcd::Store;

/// What the preparation of an object may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// What is stored.
    pub store: &'a Store,
    /// Now.
    pub now: Time,
    /// For allocated addresses and ports.
    pub rng: &'a mut Rng,
}

/// The rules of one kind.
pub(crate) trait Strategy {
    /// The format of names.
    fn name_check(&self) -> NameCheck {
        content::name_is_subdomain
    }

    /// Fills in defaults.
    fn defaults(&self, _object: &mut Object) {}

    /// Writes what the server adds to a new object.
    fn prepare_for_create(&self, _object: &mut Object, _context: &mut Context<'_>) {}

    /// Puts back what an update of the object itself may not change, and writes what follows from it.
    fn prepare_for_update(&self, _new: &mut Object, _old: &Object, _context: &mut Context<'_>) {}

    /// Puts back what an update of the status may not change.
    fn prepare_for_status_update(&self, _new: &mut Object, _old: &Object, _context: &mut Context<'_>) {}

    /// Puts back what an update of a Pod's `/resize` may not change.
    fn prepare_for_resize(&self, new: &mut Object, old: &Object) {
        new.fields.clone_from(&old.fields);
    }

    /// Puts back what an update of a Namespace's `/finalize` may not change.
    fn prepare_for_finalize(&self, new: &mut Object, old: &Object) {
        new.fields.clone_from(&old.fields);
    }

    /// Rules that hold at any time, besides those of metadata.
    fn validate(&self, _errors: &mut ErrorList, _object: &Object) {}

    /// Rules of new objects.
    fn validate_create(&self, errors: &mut ErrorList, object: &Object, _store: &Store) {
        validate_object_meta(errors, object, self.name_check());
        self.validate(errors, object);
    }

    /// Rules of updates.
    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
    }

    /// Rules of status updates.
    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
    }

    /// What is accepted with a warning.
    fn warnings(&self, _new: &Object, _old: Option<&Object>) -> Vec<String> {
        Vec::new()
    }
}

/// Gives `new` the field of `old`; removes it if `old` does not have it.
pub(crate) fn keep_field(new: &mut Object, old: &Object, name: &str) {
    match old.fields.get(name) {
        Some(value) => new.fields.insert(name.to_owned(), Rc::clone(value)),
        None => new.fields.remove(name),
    };
}

/// Raises the generation if the spec differs.
pub(crate) fn count_change(new: &mut Object, old: &Object) {
    if new.fields.get("spec") != old.fields.get("spec") {
        new.metadata.generation = old.metadata.generation + 1;
    }
}
