//! Patches: JSON merge, JSON (RFC 6902) and strategic merge, and the three-way merge of
//! `kubectl apply`.
//!
//! Models: `k8s.io/apimachinery/pkg/util/{jsonmergepatch,strategicpatch}`,
//! `gopkg.in/evanphx/json-patch.v4`.

mod json;
mod strategic;
mod three_way;

use serde_json::Value;

pub use json::json;
pub use strategic::{strategic_merge, wrong_type};
pub use three_way::{three_way_merge, three_way_strategic};

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
