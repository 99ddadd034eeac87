//! The names of the claims of a set's Pods.

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::Value;

/// The name of a Pod's claim of a template.
pub fn claim_name(set: &Object, template: &Value, ordinal: i64) -> String {
    format!("{}{ordinal}", claim_prefix(set, template))
}

/// What the names of all claims of a template have before the ordinal.
pub fn claim_prefix(set: &Object, template: &Value) -> String {
    format!("{}-{}-", template.str_at(&["metadata", "name"]), set.metadata.name)
}
