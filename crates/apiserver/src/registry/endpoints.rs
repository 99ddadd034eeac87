//! `Endpoints`, the older form of [`super::endpointslice`].
//!
//! Models: `SetDefaults_Endpoints`, `ValidateEndpoints`.

use std::net::IpAddr;

use api::Object;
use apimachinery::value::{ValueExt, as_list_mut};
use apimachinery::{ErrorList, Path};

use super::content;
use super::fill::{default_text, each};
use super::objectmeta::invalid_each;
use super::place::Place;
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
        let protocol = port.str("protocol");
        if !matches!(protocol, "SCTP" | "TCP" | "UDP") {
            errors.not_supported(&port.at("protocol"), protocol, &["SCTP", "TCP", "UDP"]);
        }
    }
}

/// Reports a text that is not an address twice: as any address, and as one that an endpoint may have.
fn validate_address(errors: &mut ErrorList, address: &Place<'_>) {
    let (ip, path) = (address.str("ip"), address.at("ip"));
    validate_ip(errors, ip, &path);
    let hostname = address.str("hostname");
    if !hostname.is_empty() {
        invalid_each(errors, &address.at("hostname"), hostname, content::dns_label(hostname));
    }
    validate_endpoint_ip(errors, ip, &path);
}

/// `ValidateEndpointIP`.
pub(crate) fn validate_endpoint_ip(errors: &mut ErrorList, text: &str, path: &Path) {
    let Ok(ip) = text.parse::<IpAddr>() else {
        errors.invalid(path, text, "must be a valid IP address");
        return;
    };
    let (link_local, multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets().starts_with(&[224, 0, 0])),
        IpAddr::V6(ip) => (ip.is_unicast_link_local(), ip.segments().first() == Some(&0xff02)),
    };
    for (is_so, detail) in [
        (ip.is_unspecified(), format!("may not be unspecified ({text})")),
        (ip.is_loopback(), "may not be in the loopback range (127.0.0.0/8, ::1/128)".to_owned()),
        (link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)".to_owned()),
        (multicast, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)".to_owned()),
    ] {
        if is_so {
            errors.invalid(path, text, detail);
        }
    }
}
