//! What the Pods on a node ask for, and how much of the node that is.
//!
//! Models: `describeNodeResource` of `k8s.io/kubectl/pkg/describe`, `PodRequests` and `PodLimits` of
//! `k8s.io/component-helpers/resource`.

use std::rc::Rc;

use api::Object;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use apimachinery::{Quantity, Time};
use serde_json::Value;

use super::writer::Writer;
use crate::printers::object_age;

type Amounts = SortedMap<String, Quantity>;

/// The blocks `Non-terminated Pods` and `Allocated resources`.
pub fn describe(w: &mut Writer, node: &Object, pods: &[Rc<Object>], now: Time) {
    w.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    w.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    w.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let size = allocatable(node);
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in pods {
        let (asked, capped) = (of_pod(pod, "requests"), of_pod(pod, "limits"));
        let cells = ["cpu", "memory"]
            .iter()
            .flat_map(|name| [share(&asked, name, &size), share(&capped, name, &size)])
            .collect::<Vec<_>>()
            .join("\t");
        let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
        w.line(1, &format!("{namespace}\t{name}\t\t{cells}\t{}", object_age(pod, now)));
        add(&mut requests, &asked);
        add(&mut limits, &capped);
    }
    w.line(0, "Allocated resources:");
    w.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    w.line(1, "Resource\tRequests\tLimits");
    w.line(1, "--------\t--------\t------");
    let huge = size.keys().filter(|name| name.starts_with("hugepages-")).map(String::as_str);
    for name in ["cpu", "memory", "ephemeral-storage"].into_iter().chain(huge) {
        w.line(1, &format!("{name}\t{}\t{}", share(&requests, name, &size), share(&limits, name, &size)));
    }
    for name in size.keys().filter(|name| is_extended(name)) {
        let amount = |amounts: &Amounts| amounts.get(name).copied().unwrap_or(Quantity::ZERO);
        w.line(1, &format!("{name}\t{}\t{}", amount(&requests), amount(&limits)));
    }
}

fn is_extended(name: &str) -> bool {
    !name.starts_with("hugepages-") && !matches!(name, "cpu" | "memory" | "ephemeral-storage" | "pods")
}

fn allocatable(node: &Object) -> Amounts {
    let status = node.status();
    let list =
        status.at(&["allocatable"]).filter(|list| list.as_object().is_some_and(|list| !list.is_empty()));
    amounts(list.or_else(|| status.at(&["capacity"])))
}

fn amounts(list: Option<&Value>) -> Amounts {
    let members = list.and_then(Value::as_object).into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.clone(), Quantity::from_value(value)?))).collect()
}

fn add(total: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        let sum = total.get(name).map_or(*amount, |sum| sum.plus(*amount));
        total.insert(name.clone(), sum);
    }
}

/// Raises each amount to at least that of `more`.
fn raise(total: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        if total.get(name).is_none_or(|known| known < amount) {
            total.insert(name.clone(), *amount);
        }
    }
}

/// `250m (25%)`: percent of the node, cut to whole ones.
fn share(amounts: &Amounts, name: &str, size: &Amounts) -> String {
    let amount = amounts.get(name).copied().unwrap_or(Quantity::ZERO);
    let size = size.get(name).copied().unwrap_or(Quantity::ZERO);
    let units = |q: Quantity| i128::from(if name == "cpu" { q.milli_value() } else { q.value() });
    let percent = (units(amount) * 100).checked_div(units(size)).unwrap_or(0);
    format!("{amount} ({percent}%)")
}

/// What a Pod asks for or is limited to: its containers and sidecars together, or more if an init
/// container needs more; the overhead comes on top.
fn of_pod(pod: &Object, list: &str) -> Amounts {
    let spec = pod.spec();
    let of = |container: &Value| amounts(container.at(&["resources", list]));
    let mut total = Amounts::new();
    for container in spec.list_at(&["containers"]) {
        add(&mut total, &of(container));
    }
    let (mut sidecars, mut peak) = (Amounts::new(), Amounts::new());
    for container in spec.list_at(&["initContainers"]) {
        let own = of(container);
        if container.str_at(&["restartPolicy"]) == "Always" {
            add(&mut total, &own);
            add(&mut sidecars, &own);
            raise(&mut peak, &sidecars);
        } else {
            let mut here = sidecars.clone();
            add(&mut here, &own);
            raise(&mut peak, &here);
        }
    }
    raise(&mut total, &peak);
    for (name, amount) in amounts(spec.at(&["resources", list])) {
        total.insert(name, amount);
    }
    let overhead = amounts(spec.at(&["overhead"]));
    if list == "requests" {
        add(&mut total, &overhead);
    } else {
        let known: Amounts = overhead.into_iter().filter(|(name, _)| total.contains_key(name)).collect();
        add(&mut total, &known);
    }
    total
}
