//! Priority classes.
//!
//! Models: `pkg/apis/scheduling/v1/defaults.go`, `pkg/apis/scheduling/validation`.

use api::Object;
use apimachinery::{ErrorList, Path};
use serde_json::Value;

use super::objectmeta::{validate_immutable, validate_object_meta_update};
use super::strategy::Strategy;

/// The highest priority of a user's class; those of the system are above.
const USER_PRIORITY_MAX: i64 = 1_000_000_000;
/// Classes that every cluster has, with their values.
pub(crate) const SYSTEM_CLASSES: [(&str, i64); 2] =
    [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

pub(crate) struct PriorityClassStrategy;

fn value(object: &Object) -> i64 {
    object.field("value").as_i64().unwrap_or(0)
}

impl Strategy for PriorityClassStrategy {
    fn defaults(&self, object: &mut Object) {
        if object.field("preemptionPolicy").is_null() {
            object.set_field("preemptionPolicy", "PreemptLowerPriority".into());
        }
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let name = object.metadata.name.as_str();
        let known = SYSTEM_CLASSES.contains(&(name, value(object)));
        if name.starts_with("system-") {
            if !known {
                let why = format!("{name} is not a known system priority class");
                let detail = format!(
                    "priority class names with 'system-' prefix are reserved for system use only. error: {why}"
                );
                errors.forbidden(&Path::new("metadata.name"), detail);
            }
        } else if value(object) > USER_PRIORITY_MAX {
            let detail = format!("maximum allowed value of a user defined priority is {USER_PRIORITY_MAX}");
            errors.forbidden(&Path::new("value"), detail);
        }
        let policy = object.field("preemptionPolicy").as_str().unwrap_or("");
        let allowed = ["PreemptLowerPriority", "Never"];
        if !allowed.contains(&policy) {
            errors.not_supported(&Path::new("preemptionPolicy"), policy, &allowed);
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        if value(new) != value(old) {
            errors.forbidden(&Path::new("value"), "may not be changed in an update.");
        }
        let (new, old): (&Value, &Value) = (new.field("preemptionPolicy"), old.field("preemptionPolicy"));
        validate_immutable(errors, new, old, &Path::new("preemptionPolicy"));
    }
}
