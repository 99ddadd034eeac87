//! `kubectl describe service`.
//!
//! Models: `describeService` and `formatEndpointSlices` of `k8s.io/kubectl/pkg/describe`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};
use serde_json::Value;

use super::common::{self, format_labels, of_value, plain_at};
use super::writer::Writer;
use crate::printers::or_none;
use crate::world::World;

/// Endpoints shown before `+ N more...`.
const ENDPOINTS_MAX: usize = 3;

/// Everything but the events.
pub fn describe(w: &mut Writer, service: &Object, world: &mut dyn World) {
    let spec = service.spec();
    let joined = |member: &str| {
        let texts: Vec<&str> = spec.list_at(&[member]).iter().filter_map(Value::as_str).collect();
        texts.join(",")
    };
    common::names(w, service);
    common::labels_and_annotations(w, service);
    w.field(0, "Selector", format_labels(&of_value(spec.at(&["selector"]))));
    w.field(0, "Type", spec.str_at(&["type"]));
    optional(w, "IP Family Policy", spec, "ipFamilyPolicy");
    w.field(0, "IP Families", or_none(joined("ipFamilies")));
    w.field(0, "IP", spec.str_at(&["clusterIP"]));
    w.field(0, "IPs", or_none(joined("clusterIPs")));
    if !joined("externalIPs").is_empty() {
        w.field(0, "External IPs", joined("externalIPs"));
    }
    optional(w, "Desired LoadBalancer IP", spec, "loadBalancerIP");
    optional(w, "External Name", spec, "externalName");
    ingress(w, service.status());
    let slices = slices_of(service, world);
    for port in spec.list_at(&["ports"]) {
        describe_port(w, port, &slices);
    }
    w.field(0, "Session Affinity", spec.str_at(&["sessionAffinity"]));
    optional(w, "External Traffic Policy", spec, "externalTrafficPolicy");
    optional(w, "Internal Traffic Policy", spec, "internalTrafficPolicy");
    if let Some(port) = spec.i64_at(&["healthCheckNodePort"]).filter(|port| *port != 0) {
        w.field(0, "HealthCheck NodePort", port.to_string());
    }
    if !joined("loadBalancerSourceRanges").is_empty() {
        w.field(0, "LoadBalancer Source Ranges", joined("loadBalancerSourceRanges"));
    }
    optional(w, "Traffic Distribution", spec, "trafficDistribution");
}

fn optional(w: &mut Writer, title: &str, spec: &Value, member: &str) {
    if !spec.str_at(&[member]).is_empty() {
        w.field(0, title, spec.str_at(&[member]));
    }
}

fn ingress(w: &mut Writer, status: &Value) {
    let points = status.list_at(&["loadBalancer", "ingress"]);
    let texts: Vec<String> = points
        .iter()
        .map(|point| match (point.str_at(&["ip"]), point.str_at(&["ipMode"])) {
            ("", _) => point.str_at(&["hostname"]).to_owned(),
            (ip, "") => format!("{ip} (VIP)"),
            (ip, mode) => format!("{ip} ({mode})"),
        })
        .collect();
    if !texts.is_empty() {
        w.field(0, "LoadBalancer Ingress", texts.join(", "));
    }
}

fn slices_of(service: &Object, world: &mut dyn World) -> Vec<Rc<Object>> {
    let label_selector = format!("kubernetes.io/service-name={}", service.metadata.name);
    let options = ListOptions { label_selector, ..ListOptions::default() };
    let request = Request::list(&Actor::user(), Kind::EndpointSlice, &service.metadata.namespace, options);
    world.request(request).map(apiserver::Response::into_list).unwrap_or_default()
}

fn describe_port(w: &mut Writer, port: &Value, slices: &[Rc<Object>]) {
    let name = port.str_at(&["name"]);
    let shown = if name.is_empty() { "<unset>" } else { name };
    let protocol = port.str_at(&["protocol"]);
    w.field(0, "Port", format!("{shown}\t{}/{protocol}", plain_at(port, &["port"])));
    w.field(0, "TargetPort", format!("{}/{protocol}", plain_at(port, &["targetPort"])));
    optional(w, "AppProtocol", port, "appProtocol");
    if let Some(node) = port.i64_at(&["nodePort"]).filter(|node| *node != 0) {
        w.field(0, "NodePort", format!("{shown}\t{node}/{protocol}"));
    }
    w.field(0, "Endpoints", endpoints(slices, name));
}

/// The ready addresses behind a port, at most three.
fn endpoints(slices: &[Rc<Object>], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut ready: Vec<String> = Vec::new();
    // Upstream looks whether the list is full before it looks whether an endpoint is ready.
    let mut more = false;
    for slice in slices {
        let ports: Vec<Option<i64>> = match slice.field("ports").as_array().filter(|ports| !ports.is_empty())
        {
            None => vec![None],
            Some(ports) => {
                let named = ports.iter().filter(|port| port.str_at(&["name"]) == port_name);
                named.map(|port| port.i64_at(&["port"])).collect()
            }
        };
        for port in ports {
            for endpoint in slice.field("endpoints").as_array().into_iter().flatten() {
                more |= ready.len() >= ENDPOINTS_MAX;
                if endpoint.bool_at(&["conditions", "ready"]) == Some(false) {
                    continue;
                }
                let address = endpoint.list_at(&["addresses"]).first().and_then(Value::as_str).unwrap_or("");
                ready.push(port.map_or_else(|| address.to_owned(), |port| format!("{address}:{port}")));
            }
        }
    }
    let shown: Vec<&str> = ready.iter().take(ENDPOINTS_MAX).map(String::as_str).collect();
    let shown = shown.join(",");
    if more { format!("{shown} + {} more...", ready.len().saturating_sub(ENDPOINTS_MAX)) } else { shown }
}
