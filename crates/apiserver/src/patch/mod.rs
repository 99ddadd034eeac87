//! Patches: JSON merge, JSON (RFC 6902) and strategic merge, and the three-way merge of
//! `kubectl apply`.
//!
//! Models: `k8s.io/apimachinery/pkg/util/{jsonmergepatch,strategicpatch}`,
//! `gopkg.in/evanphx/json-patch.v4`.

mod json;
mod strategic;
mod three_way;

use apimachinery::field::quote_go;
use apimachinery::value::as_map_mut;
use apimachinery::{Reason, Status, gojson};
use serde_json::Value;

pub use json::json;
pub use strategic::{strategic_merge, undecodable};
pub use three_way::{three_way_merge, three_way_strategic};

/// The patch, if it is an object; otherwise the refusal.
pub fn object(patch: &Value) -> Result<&Value, Status> {
    let kind = match patch {
        Value::Object(_) => return Ok(patch),
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::Null => return Err(Status::bad_request("Invalid JSON Patch")),
    };
    Err(Status::bad_request(format!(
        "error decoding patch: json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
    )))
}

/// The refusal of the result of a merge or JSON patch that has a value of a wrong type.
pub fn unreadable(patched: &Value, why: &str) -> Status {
    let shown = quote_go(&gojson::compact(patched));
    Status::new(Reason::Invalid, format!("patch: Invalid value: {shown}: {why}"))
}

/// RFC 7386: `null` removes, maps merge, everything else replaces.
pub fn merge(mut original: Value, patch: &Value) -> Value {
    merge_into(&mut original, patch);
    original
}

fn merge_into(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    let target = as_map_mut(target);
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge_into(target.entry(name).or_insert(Value::Null), value);
        }
    }
}
