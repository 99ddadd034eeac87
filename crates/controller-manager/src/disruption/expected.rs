//! How many Pods a budget expects, and how many of them it wants healthy.
//!
//! Models: `disruption.go` (`getExpectedPodCount`, `getExpectedScale`).
//! Differs: the only controller of Pods is the `StatefulSet`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use client::Seen;
use serde_json::Value;

/// What a budget asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expected {
    /// How many Pods there ought to be.
    pub pods: i64,
    /// How many of them ought to be healthy.
    pub healthy: i64,
    /// Whether some Pod has no controller, although the budget counts by controllers.
    pub has_unmanaged: bool,
}

/// What the budget asks for; an error is Kubernetes' own sentence.
pub fn count(budget: &Object, pods: &[&Rc<Object>], seen: &Seen<'_>) -> Result<Expected, String> {
    if let Some(most) = budget.spec().at(&["maxUnavailable"]) {
        let (total, has_unmanaged) = scale(pods, seen)?;
        let healthy = (total - scaled(most, total)).max(0);
        return Ok(Expected { pods: total, healthy, has_unmanaged });
    }
    match budget.spec().at(&["minAvailable"]) {
        None => Ok(Expected::default()),
        Some(Value::String(share)) => {
            let (total, has_unmanaged) = scale(pods, seen)?;
            Ok(Expected { pods: total, healthy: scaled(&Value::String(share.clone()), total), has_unmanaged })
        }
        Some(number) => {
            let total = i64::try_from(pods.len()).unwrap_or(i64::MAX);
            Ok(Expected { pods: total, healthy: number.as_i64().unwrap_or(0), has_unmanaged: false })
        }
    }
}

/// A number, or a share of `total` rounded up.
fn scaled(amount: &Value, total: i64) -> i64 {
    match amount {
        Value::String(text) => {
            let percent: i64 = text.trim_end_matches('%').parse().unwrap_or(0);
            (total * percent + 99).div_euclid(100)
        }
        number => number.as_i64().unwrap_or(0),
    }
}

/// The replicas of all controllers of these Pods together, and whether some Pod has none.
fn scale(pods: &[&Rc<Object>], seen: &Seen<'_>) -> Result<(i64, bool), String> {
    let mut replicas: SortedMap<&str, i64> = SortedMap::new();
    let mut has_unmanaged = false;
    for pod in pods {
        let Some(owner) = pod.metadata.controller() else {
            has_unmanaged = true;
            continue;
        };
        if replicas.contains_key(owner.uid.as_str()) {
            continue;
        }
        let set = (owner.kind == "StatefulSet")
            .then(|| seen.find(Kind::StatefulSet, &pod.metadata.namespace, &owner.name))
            .flatten()
            .filter(|set| set.metadata.uid == owner.uid);
        let Some(set) = set else {
            return Err(format!("found no controllers for pod \"{}\"", pod.metadata.name));
        };
        replicas.insert(owner.uid.as_str(), set.spec().i64_at(&["replicas"]).unwrap_or(1));
    }
    Ok((replicas.values().sum(), has_unmanaged))
}

/// What is said about Pods without a controller, with the budget's selector as Go prints it.
pub fn unmanaged(selector: &Value) -> String {
    let labels = selector.map_at(&["matchLabels"]).into_iter().flatten();
    let labels: Vec<String> =
        labels.map(|(key, value)| format!("{key}: {},", value.as_str().unwrap_or(""))).collect();
    let terms: Vec<String> = selector.list_at(&["matchExpressions"]).iter().map(term).collect();
    let (labels, terms) = (labels.concat(), terms.concat());
    format!(
        "Pods selected by this PodDisruptionBudget (selector: &LabelSelector{{MatchLabels:map[string]string\
         {{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{terms}}},}}) were found to be unmanaged. \
         As a result, the status of the PDB cannot be calculated correctly, which may result in undefined \
         behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer \
         value."
    )
}

fn term(term: &Value) -> String {
    let values: Vec<&str> = term.list_at(&["values"]).iter().filter_map(Value::as_str).collect();
    let (key, operator) = (term.str_at(&["key"]), term.str_at(&["operator"]));
    format!("LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{}],}},", values.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shares_are_rounded_up() {
        for (amount, total, wanted) in [
            (json!("50%"), 3, 2),
            (json!("50%"), 4, 2),
            (json!("0%"), 3, 0),
            (json!("34%"), 3, 2),
            (json!(2), 9, 2),
        ] {
            assert_eq!(scaled(&amount, total), wanted, "{amount} of {total}");
        }
    }

    #[test]
    fn a_selector_is_printed_as_go_does() {
        let text = unmanaged(&json!({"matchLabels": {"app": "nginx"}}));
        let wanted = "(selector: &LabelSelector{MatchLabels:map[string]string{app: nginx,},\
                      MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged.";
        assert!(text.contains(wanted), "{text}");
    }
}
