//! Which objects a quota is about.
//!
//! Models: `pkg/quota/v1/evaluator/core/pods.go` (`podMatchesScopeFunc`).

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::registry::qos_class;

/// Whether a quota counts this object. Scopes are about Pods: a quota with scopes counts nothing
/// else.
pub fn matches(quota: &Object, object: &Object) -> bool {
    let scopes = quota.spec().list_at(&["scopes"]);
    let terms = quota.spec().list_at(&["scopeSelector", "matchExpressions"]);
    if object.kind != Kind::Pod {
        return scopes.is_empty() && terms.is_empty();
    }
    let plain = scopes.iter().all(|scope| in_scope(object, scope.as_str().unwrap_or("")));
    plain && terms.iter().all(|term| meets(object, term))
}

fn in_scope(pod: &Object, scope: &str) -> bool {
    let spec = pod.spec();
    let best_effort = || qos_class(spec) == "BestEffort";
    let terminating = spec.i64_at(&["activeDeadlineSeconds"]).is_some();
    match scope {
        "BestEffort" => best_effort(),
        "NotBestEffort" => !best_effort(),
        "Terminating" => terminating,
        "NotTerminating" => !terminating,
        "PriorityClass" => !spec.str_at(&["priorityClassName"]).is_empty(),
        "CrossNamespacePodAffinity" => reaches_out(spec),
        _ => false,
    }
}

fn meets(pod: &Object, term: &Value) -> bool {
    let scope = term.str_at(&["scopeName"]);
    if scope != "PriorityClass" {
        return in_scope(pod, scope);
    }
    let class = pod.spec().str_at(&["priorityClassName"]);
    let listed = term.list_at(&["values"]).iter().any(|value| value.as_str() == Some(class));
    match term.str_at(&["operator"]) {
        "In" => !class.is_empty() && listed,
        "NotIn" => class.is_empty() || !listed,
        "Exists" => !class.is_empty(),
        _ => class.is_empty(),
    }
}

/// Whether some affinity is about other namespaces.
fn reaches_out(spec: &Value) -> bool {
    let affine = |affinity: &str| {
        let required =
            spec.list_at(&["affinity", affinity, "requiredDuringSchedulingIgnoredDuringExecution"]);
        let preferred =
            spec.list_at(&["affinity", affinity, "preferredDuringSchedulingIgnoredDuringExecution"]);
        let terms = required.iter().chain(preferred.iter().filter_map(|w| w.at(&["podAffinityTerm"])));
        terms
            .into_iter()
            .any(|t| !t.list_at(&["namespaces"]).is_empty() || t.at(&["namespaceSelector"]).is_some())
    };
    affine("podAffinity") || affine("podAntiAffinity")
}
