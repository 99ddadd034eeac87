//! `kubectl describe` of `Endpoints` and `EndpointSlice`.
//!
//! Models: `describeEndpoints`, `describeEndpointSliceV1` of `k8s.io/kubectl/pkg/describe`.

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::common::{self, plain, plain_at};
use super::writer::Writer;
use crate::printers::or_none;

fn text_or_unset(value: &Value, path: &[&str]) -> String {
    value.at(path).map(plain).filter(|text| !text.is_empty()).unwrap_or_else(|| "<unset>".to_owned())
}

/// Endpoints, without their events.
pub fn endpoints(w: &mut Writer, endpoints: &Object) {
    common::names(w, endpoints);
    common::labels_and_annotations(w, endpoints);
    w.line(0, "Subsets:");
    for subset in endpoints.field("subsets").as_array().into_iter().flatten() {
        for (title, member) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
            let addresses: Vec<&str> = subset.list_at(&[member]).iter().map(|a| a.str_at(&["ip"])).collect();
            w.field(1, title, or_none(addresses.join(",")));
        }
        let ports = subset.list_at(&["ports"]);
        if !ports.is_empty() {
            w.line(1, "Ports:");
            w.line(2, "Name\tPort\tProtocol");
            w.line(2, "----\t----\t--------");
        }
        for port in ports {
            let name = text_or_unset(port, &["name"]);
            w.line(2, &format!("{name}\t{}\t{}", plain_at(port, &["port"]), port.str_at(&["protocol"])));
        }
        w.line(0, "");
    }
}

/// A slice, without its events.
pub fn slice(w: &mut Writer, slice: &Object) {
    common::names(w, slice);
    common::labels_and_annotations(w, slice);
    w.field(0, "AddressType", slice.field("addressType").as_str().unwrap_or(""));
    match slice.field("ports").as_array().filter(|ports| !ports.is_empty()) {
        None => w.line(0, "Ports: <unset>"),
        Some(ports) => {
            w.line(0, "Ports:");
            w.line(1, "Name\tPort\tProtocol");
            w.line(1, "----\t----\t--------");
            for port in ports {
                let (name, number) = (text_or_unset(port, &["name"]), text_or_unset(port, &["port"]));
                w.line(1, &format!("{name}\t{number}\t{}", port.str_at(&["protocol"])));
            }
        }
    }
    match slice.field("endpoints").as_array().filter(|endpoints| !endpoints.is_empty()) {
        None => w.line(0, "Endpoints: <none>"),
        Some(endpoints) => {
            w.line(0, "Endpoints:");
            for endpoint in endpoints {
                describe_endpoint(w, endpoint);
            }
        }
    }
}

fn describe_endpoint(w: &mut Writer, endpoint: &Value) {
    let addresses: Vec<&str> = endpoint.list_at(&["addresses"]).iter().filter_map(Value::as_str).collect();
    w.field(1, "- Addresses", or_none(addresses.join(", ")));
    w.line(2, "Conditions:");
    w.field(3, "Ready", text_or_unset(endpoint, &["conditions", "ready"]));
    w.field(2, "Hostname", text_or_unset(endpoint, &["hostname"]));
    if let Some(target) = endpoint.at(&["targetRef"]) {
        w.field(2, "TargetRef", format!("{}/{}", target.str_at(&["kind"]), target.str_at(&["name"])));
    }
    w.field(2, "NodeName", text_or_unset(endpoint, &["nodeName"]));
    w.field(2, "Zone", text_or_unset(endpoint, &["zone"]));
}
