//! How long a Pod may stay on a node with `NoExecute` taints.
//!
//! Models: `k8s.io/component-helpers/scheduling/corev1` (`GetMatchingTolerations`),
//! `pkg/controller/tainteviction` (`getMinTolerationTime`).

use std::time::Duration;

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::Value;

/// How long a Pod may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// As long as it likes.
    ForEver,
    /// For so long, counted from when taint and Pod have met.
    For(Duration),
    /// No longer.
    Over,
}

/// The `NoExecute` taints of a node.
pub fn no_execute(node: &Object) -> Vec<&Value> {
    node.spec().list_at(&["taints"]).iter().filter(|t| t.str_at(&["effect"]) == "NoExecute").collect()
}

fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let (effect, key) = (toleration.str_at(&["effect"]), toleration.str_at(&["key"]));
    let about = (effect.is_empty() || effect == taint.str_at(&["effect"]))
        && (key.is_empty() || key == taint.str_at(&["key"]));
    about
        && match toleration.str_at(&["operator"]) {
            "Exists" => true,
            "" | "Equal" => !key.is_empty() && toleration.str_at(&["value"]) == taint.str_at(&["value"]),
            _ => false,
        }
}

/// How long a Pod may stay on a node with these taints. For each taint the first toleration that fits counts,
/// and of those the shortest.
pub fn stay(pod: &Object, taints: &[&Value]) -> Stay {
    let tolerations = pod.spec().list_at(&["tolerations"]);
    let mut shortest: Option<i64> = None;
    for taint in taints {
        let Some(toleration) = tolerations.iter().find(|t| tolerates(t, taint)) else { return Stay::Over };
        if let Some(seconds) = toleration.i64_at(&["tolerationSeconds"]) {
            shortest = Some(shortest.map_or(seconds, |known| known.min(seconds)));
        }
    }
    match shortest.map(|seconds| u64::try_from(seconds).unwrap_or(0)) {
        None => Stay::ForEver,
        Some(0) => Stay::Over,
        Some(seconds) => Stay::For(Duration::from_secs(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use api::Kind;
    use serde_json::json;

    use super::*;

    fn pod(tolerations: Value) -> Object {
        let mut pod = Object::new(Kind::Pod, "default", "web-0");
        pod.set_field("spec", json!({ "tolerations": tolerations }));
        pod
    }

    fn of(tolerations: Value) -> Stay {
        let unreachable = json!({"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"});
        let spare = json!({"key": "spare", "value": "yes", "effect": "NoExecute"});
        stay(&pod(tolerations), &[&unreachable, &spare])
    }

    #[test]
    fn every_taint_must_be_tolerated_and_the_shortest_time_counts() {
        let unreachable =
            json!({"key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300});
        let spare = json!({"key": "spare", "value": "yes"});
        let hasty = json!({"key": "spare", "operator": "Exists", "tolerationSeconds": 10});
        let all = json!({"operator": "Exists"});
        assert_eq!(of(json!([unreachable])), Stay::Over);
        assert_eq!(of(json!([unreachable, spare])), Stay::For(Duration::from_secs(300)));
        assert_eq!(of(json!([unreachable, hasty])), Stay::For(Duration::from_secs(10)));
        assert_eq!(of(json!([all])), Stay::ForEver);
        assert_eq!(of(json!([{"operator": "Exists", "tolerationSeconds": 0}])), Stay::Over);
        assert_eq!(stay(&pod(json!([])), &[]), Stay::ForEver);
    }
}
