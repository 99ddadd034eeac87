//! Storage classes.
//!
//! Models: `pkg/apis/storage/v1/defaults.go`, `pkg/apis/storage/validation`.

use api::Object;
use apimachinery::{ErrorList, Path};
use serde_json::Value;

use super::content;
use super::objectmeta::{invalid_each, validate_immutable, validate_object_meta_update};
use super::strategy::Strategy;

pub(crate) struct StorageClassStrategy;

impl Strategy for StorageClassStrategy {
    fn defaults(&self, object: &mut Object) {
        for (name, value) in [("reclaimPolicy", "Delete"), ("volumeBindingMode", "Immediate")] {
            if object.field(name).is_null() {
                object.set_field(name, value.into());
            }
        }
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let text = |name: &str| object.field(name).as_str().unwrap_or("").to_owned();
        let provisioner = text("provisioner");
        if provisioner.is_empty() {
            errors.required(&Path::new("provisioner"), "");
        } else {
            let messages = content::qualified_name(&provisioner.to_ascii_lowercase());
            invalid_each(errors, &Path::new("provisioner"), &provisioner.to_ascii_lowercase(), messages);
        }
        if object.field("parameters").get("").is_some() {
            errors.invalid(&Path::new("parameters"), "", "field can not be empty.");
        }
        for (name, allowed) in [
            ("reclaimPolicy", ["Delete", "Retain"]),
            ("volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
        ] {
            let value = text(name);
            if !allowed.contains(&value.as_str()) {
                errors.not_supported(&Path::new(name), value, &allowed);
            }
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
        for name in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
            let (new, old): (&Value, &Value) = (new.field(name), old.field(name));
            validate_immutable(errors, new, old, &Path::new(name));
        }
    }
}
