//! Node selectors, node affinity and taints.
//!
//! Models: `k8s.io/component-helpers/scheduling/corev1` (`nodeaffinity`, `helpers.go`).

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::snapshot::NodeInfo;

/// Whether one requirement of a node selector holds for a value (`None`: the label is missing).
fn holds(requirement: &Value, value: Option<&str>) -> bool {
    let values = requirement.list_at(&["values"]);
    let listed = |v: &str| values.iter().any(|x| x.as_str() == Some(v));
    let bound = || values.first().and_then(Value::as_str).and_then(|v| v.parse::<i64>().ok());
    let number = || value.and_then(|v| v.parse::<i64>().ok());
    match requirement.str_at(&["operator"]) {
        "In" => value.is_some_and(listed),
        "NotIn" => value.is_none_or(|v| !listed(v)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => number().zip(bound()).is_some_and(|(n, b)| n > b),
        "Lt" => number().zip(bound()).is_some_and(|(n, b)| n < b),
        _ => false,
    }
}

/// Whether a term of a node selector holds for a node; a term without requirements holds for none.
pub fn term_holds(term: &Value, node: &Object) -> bool {
    let (labels, fields) = (term.list_at(&["matchExpressions"]), term.list_at(&["matchFields"]));
    if labels.is_empty() && fields.is_empty() {
        return false;
    }
    let label = |key: &str| node.metadata.labels.get(key).map(String::as_str);
    labels.iter().all(|r| holds(r, label(r.str_at(&["key"]))))
        && fields.iter().all(|r| {
            let value = (r.str_at(&["key"]) == "metadata.name").then_some(node.metadata.name.as_str());
            holds(r, value)
        })
}

/// Whether a node selector holds for a node: one of its `nodeSelectorTerms` is enough.
pub fn selector_holds(selector: &Value, node: &Object) -> bool {
    selector.list_at(&["nodeSelectorTerms"]).iter().any(|term| term_holds(term, node))
}

/// Whether `nodeSelector` and the required node affinity of a Pod allow a node.
pub fn allows(pod: &Object, node: &Object) -> bool {
    let spec = pod.spec();
    let mut plain = spec.map_at(&["nodeSelector"]).into_iter().flatten();
    let labels_fit =
        plain.all(|(key, value)| node.metadata.labels.get(key).map(String::as_str) == value.as_str());
    let required = spec.at(&["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
    labels_fit && required.is_none_or(|selector| selector_holds(selector, node))
}

/// The sum of the weights of the preferred node affinity terms that hold for a node.
pub fn preference(pod: &Object, node: &Object) -> i64 {
    pod.spec()
        .list_at(&["affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"])
        .iter()
        .filter(|p| p.at(&["preference"]).is_some_and(|term| term_holds(term, node)))
        .filter_map(|p| p.i64_at(&["weight"]))
        .sum()
}

/// Whether a toleration covers a taint.
pub fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let (effect, key) = (toleration.str_at(&["effect"]), toleration.str_at(&["key"]));
    if !effect.is_empty() && effect != taint.str_at(&["effect"]) {
        return false;
    }
    if !key.is_empty() && key != taint.str_at(&["key"]) {
        return false;
    }
    match toleration.str_at(&["operator"]) {
        "Exists" => true,
        "" | "Equal" => !key.is_empty() && toleration.str_at(&["value"]) == taint.str_at(&["value"]),
        _ => false,
    }
}

/// The taints of a node with one of these effects that a Pod does not tolerate.
pub fn untolerated<'n>(pod: &Object, info: &NodeInfo<'n>, effects: &[&str]) -> Vec<&'n Value> {
    let tolerations = pod.spec().list_at(&["tolerations"]);
    let taints = info.node.spec().list_at(&["taints"]).iter();
    taints
        .filter(|taint| effects.contains(&taint.str_at(&["effect"])))
        .filter(|taint| !tolerations.iter().any(|t| tolerates(t, taint)))
        .collect()
}
