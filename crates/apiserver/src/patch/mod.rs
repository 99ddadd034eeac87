//! Patches: JSON merge, JSON (RFC 6902) and strategic merge, and the three-way merge of
//! `kubectl apply`.
//!
//! Models: `k8s.io/apimachinery/pkg/util/{jsonmergepatch,strategicpatch}`,
//! `gopkg.in/evanphx/json-patch.v4`.

mod json;
mod strategic;
mod three_way;

use apimachinery::Status;
use serde_json::Value;

pub use json::json;
pub use strategic::{strategic_merge, undecodable};
pub use three_way::{three_way_merge, three_way_strategic};

/// A merge patch must be an object.
pub fn object(patch: &Value) -> Result<&Value, Status> {
    let kind = match patch {
        Value::Object(_) => return Ok(patch),
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(_) | Value::Null => "number",
    };
    Err(Status::bad_request(format!(
        "error decoding patch: json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
    )))
}

/// RFC 7386: `null` removes, maps merge, everything else replaces.
pub fn merge(original: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut merged = original.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        if value.is_null() {
            merged.remove(name);
        } else {
            let below = merged.get(name).unwrap_or(&Value::Null);
            let new = merge(below, value);
            merged.insert(name.clone(), new);
        }
    }
    Value::Object(merged)
}
