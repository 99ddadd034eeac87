//! What an object uses of a quota.
//!
//! Models: `pkg/quota/v1/evaluator/core`, `pkg/quota/v1/generic`.

use api::{Kind, Object};
use apimachinery::Quantity;
use apimachinery::value::ValueExt;

use crate::registry::{pod_limits, pod_requests};

/// What an object uses of each resource, by the names that quotas have for them, sorted.
pub fn usage(object: &Object) -> Vec<(String, Quantity)> {
    let one = Quantity::from_count(1);
    let info = object.kind.info();
    let resource = if info.group.is_empty() {
        info.plural.to_owned()
    } else {
        format!("{}.{}", info.plural, info.group)
    };
    let mut out = vec![(format!("count/{resource}"), one)];
    match object.kind {
        Kind::Pod => pod(&mut out, object),
        Kind::PersistentVolumeClaim => claim(&mut out, object),
        Kind::Service => service(&mut out, object),
        Kind::ConfigMap | Kind::Secret | Kind::ResourceQuota => out.push((info.plural.to_owned(), one)),
        _ => {}
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

/// Adds what a Pod uses. One that has ended uses nothing but its name, which is counted elsewhere.
fn pod(out: &mut Vec<(String, Quantity)>, pod: &Object) {
    if matches!(pod.status().str_at(&["phase"]), "Failed" | "Succeeded") {
        return;
    }
    out.push(("pods".to_owned(), Quantity::from_count(1)));
    for (name, amount) in pod_requests(pod.spec()) {
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") {
            out.push((name.clone(), amount));
        }
        out.push((format!("requests.{name}"), amount));
    }
    for (name, amount) in pod_limits(pod.spec()) {
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") {
            out.push((format!("limits.{name}"), amount));
        }
    }
}

fn claim(out: &mut Vec<(String, Quantity)>, claim: &Object) {
    let one = Quantity::from_count(1);
    let size = claim.spec().at(&["resources", "requests", "storage"]).and_then(Quantity::from_value);
    let class = claim.spec().str_at(&["storageClassName"]);
    out.push(("persistentvolumeclaims".to_owned(), one));
    if !class.is_empty() {
        out.push((format!("{class}.storageclass.storage.k8s.io/persistentvolumeclaims"), one));
    }
    let Some(size) = size else { return };
    out.push(("requests.storage".to_owned(), size));
    if !class.is_empty() {
        out.push((format!("{class}.storageclass.storage.k8s.io/requests.storage"), size));
    }
}

fn service(out: &mut Vec<(String, Quantity)>, service: &Object) {
    out.push(("services".to_owned(), Quantity::from_count(1)));
    let ports = i64::try_from(service.spec().list_at(&["ports"]).len()).unwrap_or(0);
    match service.spec().str_at(&["type"]) {
        "NodePort" => out.push(("services.nodeports".to_owned(), Quantity::from_count(ports))),
        "LoadBalancer" => {
            let allocated = service.spec().bool_at(&["allocateLoadBalancerNodePorts"]) != Some(false);
            let ports = if allocated { ports } else { 0 };
            out.push(("services.nodeports".to_owned(), Quantity::from_count(ports)));
            out.push(("services.loadbalancers".to_owned(), Quantity::from_count(1)));
        }
        _ => {}
    }
}
