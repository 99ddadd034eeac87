//! Controller revisions: their data never changes.
//!
//! Models: `ValidateControllerRevision`, `ValidateControllerRevisionUpdate`.

use api::Object;
use apimachinery::{ErrorList, Path};

use super::objectmeta::{validate_immutable, validate_nonnegative, validate_object_meta_update};
use super::strategy::Strategy;

pub(crate) struct ControllerRevisionStrategy;

impl Strategy for ControllerRevisionStrategy {
    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        if object.field("data").is_null() {
            errors.required(&Path::new("data"), "data is mandatory");
        } else if !object.field("data").is_object() {
            errors.required(&Path::new("data"), "data must be a valid JSON object");
        }
        let revision = object.field("revision").as_i64().unwrap_or(0);
        validate_nonnegative(errors, revision, &Path::new("revision"));
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
        validate_immutable(errors, new.field("data"), old.field("data"), &Path::new("data"));
    }
}
