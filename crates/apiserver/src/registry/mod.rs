//! What is special about each kind: defaults, validation, what a client may change.
//!
//! Models: `pkg/apis/*/v1/defaults.go`, `pkg/apis/*/validation`, `pkg/registry/*/*/strategy.go`.

mod basic;
mod content;
mod objectmeta;
mod place;
pub mod pod;

use api::Object;
use apimachinery::{ErrorList, Rng, Time};

use crate::etcd::Store;
use crate::request::Subresource;

/// What preparing an object may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// What is stored.
    pub store: &'a Store,
    /// Now.
    pub now: Time,
    /// For allocated addresses and ports.
    pub rng: &'a mut Rng,
}

/// Fills in defaults, in place.
pub fn defaults(object: &mut Object) {
    basic::defaults(object);
}

/// A new object loses what a client may not give (status), and gets what the server gives.
pub fn prepare_for_create(object: &mut Object, context: &mut Context<'_>) {
    basic::prepare_for_create(object, context);
}

/// A changed object keeps what this subresource may not change; its generation follows its spec.
pub fn prepare_for_update(new: &mut Object, old: &Object, subresource: Subresource) {
    basic::prepare_for_update(new, old, subresource);
}

/// All that is wrong with a new object.
pub fn validate_create(object: &Object, store: &Store) -> ErrorList {
    basic::validate_create(object, store)
}

/// All that is wrong with a change.
pub fn validate_update(new: &Object, old: &Object, subresource: Subresource) -> ErrorList {
    basic::validate_update(new, old, subresource)
}

/// `Warning:` headers for a new object.
pub fn warnings_create(object: &Object) -> Vec<String> {
    basic::warnings(object)
}

/// `Warning:` headers for a change.
pub fn warnings_update(new: &Object, _old: &Object) -> Vec<String> {
    basic::warnings(new)
}
