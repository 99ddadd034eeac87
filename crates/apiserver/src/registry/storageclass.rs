//! Storage classes.
//!
//! Models: `pkg/apis/storage/v1/defaults.go`, `pkg/apis/storage/validation`.

use api::Object;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::{ErrorList, Path};
use serde_json::Value;

use super::content;
use super::objectmeta::{invalid_each, validate_immutable, validate_object_meta_update};
use super::place::Place;
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
        validate_topologies(errors, object.field("allowedTopologies"));
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

/// `validateAllowedTopologies`. A term is compared with as many empty ones as there are terms, as upstream
/// does by mistake, and with those before it.
fn validate_topologies(errors: &mut ErrorList, topologies: &Value) {
    let holder = serde_json::json!({ "allowedTopologies": topologies });
    let mut seen: Vec<SortedMap<&str, SortedSet<&str>>> = Vec::new();
    let terms = holder.get("allowedTopologies").and_then(Value::as_array).map_or(0, Vec::len);
    for at in 0..terms {
        let path = Path::new("allowedTopologies").index(at);
        let Some(value) = holder.pointer(&format!("/allowedTopologies/{at}")) else { continue };
        let term = Place::new(value, path);
        let mut own = SortedMap::new();
        for expression in term.list("matchLabelExpressions") {
            let (key, path) = (expression.str("key"), expression.at("values"));
            let mut values = SortedSet::new();
            if expression.items("values").is_empty() {
                errors.required(&path, "");
            }
            for (i, value) in expression.strings("values").enumerate() {
                if !values.insert(value) {
                    errors.duplicate(&path.index(i), value);
                }
            }
            invalid_each(errors, &expression.at("key"), key, content::qualified_name(key));
            if own.insert(key, values).is_some() {
                errors.duplicate(&expression.at("key"), key);
            }
        }
        let blanks = if own.is_empty() { terms } else { 0 };
        for _ in 0..blanks + seen.iter().filter(|other| **other == own).count() {
            errors.duplicate(&term.at("matchLabelExpressions"), "");
        }
        seen.push(own);
    }
}
