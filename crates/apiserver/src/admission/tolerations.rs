//! Pods stay for a while on a node that is not ready or unreachable.
//!
//! Models: `plugin/pkg/admission/defaulttolerationseconds`.

use api::Object;
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut};
use serde_json::json;

/// For how long a Pod stays, in seconds.
const SECONDS: i64 = 300;
const TAINTS: [&str; 2] = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/// Adds a toleration for each of the two taints that the Pod does not mention.
pub(super) fn admit(pod: &mut Object) {
    let tolerations = as_map_mut(pod.spec_mut()).entry("tolerations").or_insert_with(|| json!([]));
    let tolerations = as_list_mut(tolerations);
    for taint in TAINTS {
        let covers = |key: &str, effect: &str| {
            (key == taint || key.is_empty()) && (effect == "NoExecute" || effect.is_empty())
        };
        if !tolerations.iter().any(|t| covers(t.str_at(&["key"]), t.str_at(&["effect"]))) {
            tolerations.push(json!({
                "effect": "NoExecute", "key": taint, "operator": "Exists", "tolerationSeconds": SECONDS,
            }));
        }
    }
}
