//! `Endpoints`, the older form of [`super::endpointslice`].
//!
//! Models: `SetDefaults_Endpoints`, `ValidateEndpoints`.

use std::net::IpAddr;

use api::Object;
use apimachinery::value::{ValueExt, as_list_mut};
use apimachinery::{ErrorList, Path};

use super::content;
use super::objectmeta::invalid_each;
use super::place::Place;
use super::podspec::defaults::{default_text, each};
use super::podspec::scheduling::validate_ip;
use super::strategy::Strategy;

pub(crate) struct EndpointsStrategy;

impl Strategy for EndpointsStrategy {
    fn defaults(&self, object: &mut Object) {
        if object.field("subsets").is_null() {
            return;
        }
        for subset in as_list_mut(object.field_mut("subsets")) {
            if let Some(subset) = subset.as_object_mut() {
                each(subset, "ports").for_each(|port| default_text(port, "protocol", "TCP"));
            }
        }
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        for (at, subset) in object.field("subsets").list_at(&[]).iter().enumerate() {
            validate_subset(errors, &Place::new(subset, Path::new("subsets").index(at)));
        }
    }
}

fn validate_subset(errors: &mut ErrorList, subset: &Place<'_>) {
    if subset.items("addresses").is_empty() && subset.items("notReadyAddresses").is_empty() {
        errors.required(&subset.path, "must specify `addresses` or `notReadyAddresses`");
    }
    for address in subset.list("addresses").chain(subset.list("notReadyAddresses")) {
        validate_address(errors, &address);
    }
    let named = subset.items("ports").len() > 1;
    for port in subset.list("ports") {
        let name = port.str("name");
        if !name.is_empty() {
            invalid_each(errors, &port.at("name"), name, content::dns_label(name));
        } else if named {
            errors.required(&port.at("name"), "");
        }
        let number = port.int("port").unwrap_or(0);
        if !(1..=65_535).contains(&number) {
            errors.invalid(&port.at("port"), number, "must be between 1 and 65535, inclusive");
        }
    }
}

/// An address that is none is told twice: once as any address, once as one that an endpoint may have.
fn validate_address(errors: &mut ErrorList, address: &Place<'_>) {
    let (ip, path) = (address.str("ip"), address.at("ip"));
    validate_ip(errors, ip, &path);
    let hostname = address.str("hostname");
    if !hostname.is_empty() {
        invalid_each(errors, &address.at("hostname"), hostname, content::dns_label(hostname));
    }
    match ip.parse::<IpAddr>() {
        Err(_) => errors.invalid(&path, ip, "must be a valid IP address"),
        Ok(ip) => {
            for (is_so, detail) in [
                (ip.is_unspecified(), "may not be unspecified (0.0.0.0 or ::)"),
                (ip.is_loopback(), "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
            ] {
                if is_so {
                    errors.invalid(&path, ip.to_string(), detail);
                }
            }
        }
    }
}
