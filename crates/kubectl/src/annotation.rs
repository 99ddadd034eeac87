//! The annotation in which `apply` keeps the manifest that it applied last.
//!
//! Models: `k8s.io/kubectl/pkg/util/apply.go`.

use apimachinery::gojson;
use apimachinery::value::{ValueExt, remove_at, set_at};
use serde_json::{Value, json};

/// The annotation that holds the manifest of the last apply.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The manifest with its own text in the annotation, as `apply` sends it.
pub fn with_last_applied(value: &Value, namespace: &str) -> Value {
    let mut bare = value.clone();
    remove_at(&mut bare, &["metadata", "annotations", LAST_APPLIED]);
    if bare.at(&["metadata", "annotations"]).is_none() {
        set_at(&mut bare, &["metadata", "annotations"], json!({}));
    }
    if !namespace.is_empty() {
        set_at(&mut bare, &["metadata", "namespace"], namespace.into());
    }
    let text = format!("{}\n", gojson::compact(&bare));
    set_at(&mut bare, &["metadata", "annotations", LAST_APPLIED], text.into());
    bare
}
