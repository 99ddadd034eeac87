//! `EndpointSlice`s.
//!
//! Models: `pkg/apis/discovery/validation`, `pkg/apis/discovery/v1/defaults.go`,
//! `pkg/registry/discovery/endpointslice/strategy.go`.

use std::net::IpAddr;

use api::Object;
use apimachinery::sorted::SortedSet;
use apimachinery::value::{ValueExt, as_list_mut};
use apimachinery::{ErrorList, FieldErrorKind, Path};
use serde_json::{Value, json};

use super::Context;
use super::content;
use super::endpoints::validate_endpoint_ip;
use super::fill::default;
use super::objectmeta::{invalid_each, validate_immutable, validate_object_meta_update};
use super::place::Place;
use super::podspec::scheduling::validate_ip;
use super::strategy::Strategy;

/// Limits of one slice.
const ENDPOINTS_MAX: usize = 1000;
const ADDRESSES_MAX: usize = 100;

pub(crate) struct EndpointSliceStrategy;

impl Strategy for EndpointSliceStrategy {
    fn defaults(&self, object: &mut Object) {
        for name in ["endpoints", "ports"] {
            if object.field(name).is_null() {
                object.set_field(name, json!([]));
            }
        }
        let stored = object.field("ports").list_at(&[]);
        let complete = |port: &Value| port.at(&["name"]).is_some() && port.at(&["protocol"]).is_some();
        if stored.iter().all(complete) {
            return;
        }
        for port in as_list_mut(object.field_mut("ports")) {
            if let Some(port) = port.as_object_mut() {
                default(port, "name", "");
                default(port, "protocol", "TCP");
            }
        }
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        if new.fields != old.fields || new.metadata.labels != old.metadata.labels {
            new.metadata.generation = old.metadata.generation + 1;
        }
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let ty = object.field("addressType").as_str().unwrap_or("");
        let allowed = ["FQDN", "IPv4", "IPv6"];
        match ty {
            "" => errors.required(&Path::new("addressType"), ""),
            ty if !allowed.contains(&ty) => errors.not_supported(&Path::new("addressType"), ty, &allowed),
            _ => {}
        }
        validate_ports(errors, object);
        let endpoints = Path::new("endpoints");
        let count = object.field("endpoints").list_at(&[]).len();
        if count > ENDPOINTS_MAX {
            let detail = format!("must have at most {ENDPOINTS_MAX} items");
            errors.push(FieldErrorKind::TooMany, &endpoints, count.into(), detail);
            return;
        }
        for (at, endpoint) in object.field("endpoints").list_at(&[]).iter().enumerate() {
            validate_endpoint(errors, &Place::new(endpoint, endpoints.index(at)), ty);
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
        let path = Path::new("addressType");
        validate_immutable(errors, new.field("addressType"), old.field("addressType"), &path);
    }

    fn warnings(&self, new: &Object, old: Option<&Object>) -> Vec<String> {
        let named = old.is_none() && new.field("addressType").as_str() == Some("FQDN");
        Vec::from_iter(named.then(|| "spec.addressType: FQDN endpoints are deprecated".to_owned()))
    }
}

fn validate_ports(errors: &mut ErrorList, object: &Object) {
    let mut names = SortedSet::new();
    for (at, port) in object.field("ports").list_at(&[]).iter().enumerate() {
        let port = Place::new(port, Path::new("ports").index(at));
        let name = port.str("name");
        if !name.is_empty() {
            invalid_each(errors, &port.at("name"), name, content::dns_label(name));
        }
        if !names.insert(name) {
            errors.duplicate(&port.at("name"), name);
        }
        let protocol = port.str("protocol");
        if !matches!(protocol, "SCTP" | "TCP" | "UDP") {
            errors.not_supported(&port.at("protocol"), protocol, &["SCTP", "TCP", "UDP"]);
        }
        if let Some(protocol) = port.value.at(&["appProtocol"]).and_then(Value::as_str) {
            invalid_each(errors, &port.at("appProtocol"), protocol, content::qualified_name(protocol));
        }
    }
}

fn validate_endpoint(errors: &mut ErrorList, endpoint: &Place<'_>, ty: &str) {
    let path = endpoint.at("addresses");
    let count = endpoint.items("addresses").len();
    if count == 0 {
        errors.required(&path, "must contain at least 1 address");
    } else if count > ADDRESSES_MAX {
        let detail = format!("must have at most {ADDRESSES_MAX} items");
        errors.push(FieldErrorKind::TooMany, &path, count.into(), detail);
    }
    for (i, address) in endpoint.strings("addresses").enumerate() {
        if ty == "FQDN" {
            continue;
        }
        validate_ip(errors, address, &path.index(i));
        let Ok(ip) = address.parse::<IpAddr>() else { continue };
        if ip.is_ipv4() != (ty == "IPv4") {
            errors.invalid(&path, address, format!("must be an {ty} address"));
        }
        validate_endpoint_ip(errors, address, &path.index(i));
    }
    let node = endpoint.str("nodeName");
    if !node.is_empty() {
        invalid_each(errors, &endpoint.at("nodeName"), node, content::dns_subdomain(node));
    }
    let hostname = endpoint.str("hostname");
    if !hostname.is_empty() {
        invalid_each(errors, &endpoint.at("hostname"), hostname, content::dns_label(hostname));
    }
}
