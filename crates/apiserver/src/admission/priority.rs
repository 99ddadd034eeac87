//! A Pod's priority follows from its class.
//!
//! Models: `plugin/pkg/admission/priority`.

use api::{Key, Kind, Object};
use apimachinery::Status;
use apimachinery::value::{ValueExt, set_at};
use serde_json::Value;

use super::forbidden;
use crate::etcd::Store;
use crate::registry::SYSTEM_PRIORITY_CLASSES;

const PREEMPT: &str = "PreemptLowerPriority";

fn of_class(class: &Object) -> (i64, String) {
    let policy = class.field("preemptionPolicy").as_str().unwrap_or(PREEMPT);
    (class.field("value").as_i64().unwrap_or(0), policy.to_owned())
}

fn is_global_default(class: &Object) -> bool {
    class.field("globalDefault") == &Value::Bool(true)
}

/// Sets priority and preemption policy.
pub(super) fn admit(pod: &mut Object, store: &Store) -> Result<(), Status> {
    let name = pod.spec().str_at(&["priorityClassName"]).to_owned();
    let (value, policy) = if name.is_empty() {
        let defaults = store.list(Kind::PriorityClass, "").filter(|class| is_global_default(class));
        match defaults.min_by_key(|class| of_class(class).0) {
            Some(class) => {
                set_at(pod.spec_mut(), &["priorityClassName"], class.metadata.name.as_str().into());
                of_class(class)
            }
            None => (0, PREEMPT.to_owned()),
        }
    } else if let Some(class) = store.get(&Key::new(Kind::PriorityClass, "", name.as_str())) {
        of_class(class)
    } else if let Some((_, value)) = SYSTEM_PRIORITY_CLASSES.iter().find(|(known, _)| *known == name) {
        (*value, PREEMPT.to_owned())
    } else {
        return Err(forbidden(pod, &format!("no PriorityClass with name {name} was found")));
    };
    if let Some(given) = pod.spec().i64_at(&["priority"]).filter(|given| *given != value) {
        let why = format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name"
        );
        return Err(forbidden(pod, &why));
    }
    let given = pod.spec().str_at(&["preemptionPolicy"]);
    if !given.is_empty() && given != policy {
        let why = format!(
            "the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name"
        );
        return Err(forbidden(pod, &why));
    }
    set_at(pod.spec_mut(), &["priority"], value.into());
    set_at(pod.spec_mut(), &["preemptionPolicy"], policy.into());
    Ok(())
}

/// Refuses a class that wants to be the default of all beside another one.
pub(super) fn validate_class(class: &Object, store: &Store) -> Result<(), Status> {
    if !is_global_default(class) {
        return Ok(());
    }
    let mut others = store.list(Kind::PriorityClass, "").filter(|other| is_global_default(other));
    match others.find(|other| other.metadata.name != class.metadata.name) {
        Some(other) => {
            let name = &other.metadata.name;
            let why =
                format!("PriorityClass {name} is already marked as default. Only one default can exist");
            Err(forbidden(class, &why))
        }
        None => Ok(()),
    }
}
