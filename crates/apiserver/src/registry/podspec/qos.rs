//! The quality of service class of a Pod.
//!
//! Models: `pkg/apis/core/v1/helper/qos` (`ComputePodQOS`).

use apimachinery::Quantity;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use serde_json::Value;

type Amounts = SortedMap<&'static str, Quantity>;

/// `BestEffort`, `Burstable` or `Guaranteed`.
pub(crate) fn qos_class(spec: &Value) -> &'static str {
    let mut requests = Amounts::new();
    let mut limits = Amounts::new();
    let mut guaranteed = true;
    if let Some(whole) = spec.at(&["resources"]).filter(|r| counted(r, "requests") || counted(r, "limits")) {
        guaranteed = add(whole, &mut requests, &mut limits);
    } else {
        for list in ["containers", "initContainers"] {
            for container in spec.list_at(&[list]) {
                let resources = container.at(&["resources"]).unwrap_or(&Value::Null);
                guaranteed &= add(resources, &mut requests, &mut limits);
            }
        }
    }
    if requests.is_empty() && limits.is_empty() {
        return "BestEffort";
    }
    let equal = requests.iter().all(|(name, amount)| limits.get(name) == Some(amount));
    if guaranteed && equal && requests.len() == limits.len() { "Guaranteed" } else { "Burstable" }
}

fn counted(resources: &Value, side: &str) -> bool {
    ["cpu", "memory"].iter().any(|name| resources.at(&[side, name]).is_some())
}

/// Adds the amounts; returns whether both limits are there.
fn add(resources: &Value, requests: &mut Amounts, limits: &mut Amounts) -> bool {
    let mut limited = 0;
    for (side, sums) in [("requests", requests), ("limits", limits)] {
        for name in ["cpu", "memory"] {
            let amount = resources.at(&[side, name]).and_then(Quantity::from_value);
            let Some(amount) = amount.filter(|a| a.sign() > 0) else { continue };
            limited += i32::from(side == "limits");
            let sum = sums.entry(name).or_insert(Quantity::ZERO);
            *sum = sum.plus(amount);
        }
    }
    limited == 2
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn classes() {
        let of = |resources: Value| qos_class(&json!({"containers": [{"resources": resources}]}));
        assert_eq!(of(json!({})), "BestEffort");
        assert_eq!(of(json!({"requests": {"cpu": "1"}})), "Burstable");
        let both = json!({"cpu": "1", "memory": "1Gi"});
        assert_eq!(of(json!({"requests": both, "limits": both})), "Guaranteed");
        assert_eq!(of(json!({"requests": {"cpu": "1"}, "limits": both})), "Burstable");
    }
}
