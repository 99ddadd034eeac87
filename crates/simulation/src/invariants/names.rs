//! What DNS may list.
//!
//! Source: `docs/concepts/services-networking/dns-pod-service`, `discovery/v1` (conditions of endpoints).

use std::collections::BTreeSet;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use client::Seen;
use cluster::Cluster;
use coredns::{Data, Question, RecordType};
use serde_json::Value;

use super::{Invariant, Step};

/// The controller that writes slices.
const WRITER: &str = "endpointslice-controller";

/// Slices say of each Pod what its readiness and the Service allow; DNS lists only what slices call ready.
pub(super) struct Addresses;

impl Invariant for Addresses {
    fn name(&self) -> &'static str {
        "DNS lists only what readiness and publishNotReadyAddresses allow"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        let mut touched = BTreeSet::new();
        for (actor, _, change) in step.changes().filter(|(_, _, c)| c.key.kind == Kind::EndpointSlice) {
            let slice = change.object();
            touched.insert(service_of(slice));
            if actor.as_str() != WRITER || change.is_delete() {
                continue;
            }
            let Some((_, seen)) = step.cluster.decision_in_flight(WRITER, &service_of(slice)) else {
                return Err(format!("{} was written without a decision about its Service", change.key));
            };
            written(slice, seen)?;
        }
        touched.iter().try_for_each(|service| listed(step.cluster, service))
    }
}

fn service_of(slice: &Object) -> Key {
    let name = slice.metadata.label("kubernetes.io/service-name");
    Key::new(Kind::Service, slice.metadata.namespace.as_str(), name)
}

/// A slice says what its writer saw.
fn written(slice: &Object, seen: Seen<'_>) -> Result<(), String> {
    let Some(service) = seen.get(&service_of(slice)) else {
        return Err(format!("{} was written for a Service that its writer did not see", slice.key()));
    };
    let publishes = service.spec().bool_at(&["publishNotReadyAddresses"]) == Some(true);
    for endpoint in slice.field("endpoints").as_array().into_iter().flatten() {
        let name = endpoint.str_at(&["targetRef", "name"]);
        let Some(pod) = seen.find(Kind::Pod, &slice.metadata.namespace, name) else {
            return Err(format!("{} lists {name}, which its writer did not see", slice.key()));
        };
        let ready = endpoint.bool_at(&["conditions", "ready"]) == Some(true);
        let address = endpoint.list_at(&["addresses"]).first().and_then(Value::as_str).unwrap_or("");
        let allowed = publishes || (Pod(pod).has_ready_condition() && !pod.metadata.is_deleting());
        if ready != allowed || address != Pod(pod).ip() {
            return Err(format!("{} says ready={ready} {address} of {name}", slice.key()));
        }
    }
    Ok(())
}

/// The addresses of a Service in DNS.
fn addresses(cluster: &Cluster, service: &Key) -> BTreeSet<String> {
    let Some(seen) = cluster.seen_by("coredns") else { return BTreeSet::new() };
    let name = format!("{}.{}.svc.cluster.local", service.name, service.namespace);
    let answer = coredns::answer(&seen, &Question::new(&name, RecordType::A));
    let data = answer.answer.into_iter().filter_map(|record| match record.data {
        Data::A(address) => Some(address.to_string()),
        _ => None,
    });
    data.collect()
}

/// DNS lists what the slices that it has heard of call ready.
fn listed(cluster: &Cluster, service: &Key) -> Result<(), String> {
    let Some(seen) = cluster.seen_by("coredns") else { return Ok(()) };
    let slices =
        seen.list(Kind::EndpointSlice, &service.namespace).filter(|slice| service_of(slice) == *service);
    let mut ready = BTreeSet::new();
    for slice in slices {
        for endpoint in slice.field("endpoints").as_array().into_iter().flatten() {
            if endpoint.bool_at(&["conditions", "ready"]) != Some(false) {
                ready.extend(
                    endpoint.list_at(&["addresses"]).iter().filter_map(Value::as_str).map(str::to_owned),
                );
            }
        }
    }
    let extra: Vec<String> = addresses(cluster, service).difference(&ready).cloned().collect();
    if extra.is_empty() { Ok(()) } else { Err(format!("DNS lists {extra:?} for {service}")) }
}

/// At rest DNS lists exactly the Pods that the Service selects and that may be listed.
pub(super) fn at_rest(cluster: &Cluster) -> Result<(), String> {
    let store = cluster.store();
    for service in store.list(Kind::Service, "") {
        let wanted = service.spec().at(&["selector"]).cloned().unwrap_or(Value::Null);
        if wanted.is_null() || service.spec().str_at(&["clusterIP"]) != "None" {
            continue;
        }
        let labels = serde_json::json!({"matchLabels": wanted});
        let Ok(selector) = Selector::from_label_selector(&labels) else { continue };
        let publishes = service.spec().bool_at(&["publishNotReadyAddresses"]) == Some(true);
        let pods = store.list(Kind::Pod, &service.metadata.namespace);
        let listed = pods.filter(|pod| {
            let view = Pod(pod);
            let ended = matches!(view.phase(), "Succeeded" | "Failed");
            let ready = view.has_ready_condition() && !pod.metadata.is_deleting();
            selector.matches(&pod.metadata.labels) && !ended && !view.ip().is_empty() && (publishes || ready)
        });
        let expected: BTreeSet<String> = listed.map(|pod| Pod(pod).ip().to_owned()).collect();
        let found = addresses(cluster, &service.key());
        if found != expected {
            return Err(format!("DNS lists {found:?} for {}, not {expected:?}", service.key()));
        }
    }
    Ok(())
}
