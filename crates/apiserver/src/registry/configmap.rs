//! `ConfigMap`s.
//!
//! Models: `ValidateConfigMap`, `ValidateConfigMapUpdate`.

use api::Object;
use apimachinery::{ErrorList, FieldErrorKind, Path};
use serde_json::Value;

use super::content;
use super::objectmeta::{invalid_each, validate_object_meta_update};
use super::strategy::Strategy;

/// All values together may have so many bytes.
pub(crate) const DATA_SIZE_MAX: usize = 1024 * 1024;

pub(crate) struct ConfigMapStrategy;

impl Strategy for ConfigMapStrategy {
    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let binary = object.field("binaryData");
        let mut size = 0;
        for name in ["data", "binaryData"] {
            let path = Path::new(name);
            for (key, value) in object.field(name).as_object().into_iter().flatten() {
                invalid_each(errors, &path.key(key), key, content::config_map_key(key));
                if name == "data" && binary.get(key).is_some() {
                    errors.invalid(&path.key(key), key.as_str(), "duplicate of key present in binaryData");
                }
                size += value.as_str().map_or(0, str::len);
            }
        }
        if size > DATA_SIZE_MAX {
            let detail = format!("may not be more than {DATA_SIZE_MAX} bytes");
            errors.push(FieldErrorKind::TooLong, &Path::default(), Value::Null, detail);
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        validate_immutable_data(errors, new, old, &["data", "binaryData"]);
        self.validate(errors, new);
    }
}

/// Once `immutable` is set, neither it nor the data can change.
pub(crate) fn validate_immutable_data(errors: &mut ErrorList, new: &Object, old: &Object, names: &[&str]) {
    const DETAIL: &str = "field is immutable when `immutable` is set";
    if old.field("immutable") != &Value::Bool(true) {
        return;
    }
    if new.field("immutable") != &Value::Bool(true) {
        errors.forbidden(&Path::new("immutable"), DETAIL);
    }
    for name in names {
        if new.field(name) != old.field(name) {
            errors.forbidden(&Path::new(*name), DETAIL);
        }
    }
}
