//! Rules of Services.
//!
//! Models: `ValidateService`, `validateServicePort`, `validateUpgradeDowngradeClusterIPs`.

use std::net::IpAddr;

use api::Object;
use apimachinery::sorted::SortedSet;
use apimachinery::value::ValueExt;
use apimachinery::{ErrorList, FieldErrorKind, Path};
use serde_json::{Value, json};

use super::super::content::{self, CIDR, PORT_RANGE, is_cidr};
use super::super::endpoints::validate_endpoint_ip;
use super::super::golang::internal;
use super::super::objectmeta::{invalid_each, validate_label_map};
use super::super::place::Place;
use super::super::podspec::probe::validate_port_number_or_name;
use super::super::podspec::scheduling::validate_ip;

const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
/// A client may stay with its endpoint for a day at most.
const AFFINITY_SECONDS_MAX: i64 = 86_400;

fn is_headless(spec: &Place<'_>) -> bool {
    spec.strings("clusterIPs").next() == Some("None")
}

/// `ValidateService`, besides metadata.
pub(super) fn validate_service(errors: &mut ErrorList, object: &Object) {
    let spec = Place::new(object.spec(), Path::new("spec"));
    let ty = spec.str("type");
    if spec.items("ports").is_empty() && !is_headless(&spec) && ty != "ExternalName" {
        errors.required(&spec.at("ports"), "");
    }
    match ty {
        "LoadBalancer" | "NodePort" if is_headless(&spec) => {
            let detail = format!("may not be set to 'None' for {ty} services");
            errors.invalid(&spec.at("clusterIPs").index(0), "None", detail);
        }
        "ExternalName" => validate_external_name(errors, &spec),
        _ => {}
    }
    let mut names = SortedSet::new();
    for port in spec.list("ports") {
        validate_port(errors, &port, spec.items("ports").len() > 1, &mut names);
    }
    validate_label_map(errors, &spec, "selector");
    validate_affinity(errors, &spec);
    validate_cluster_ips(errors, &spec);
    let external = spec.at("externalIPs");
    for (i, ip) in spec.strings("externalIPs").enumerate() {
        if ip.parse::<IpAddr>().is_ok() {
            validate_endpoint_ip(errors, ip, &external.index(i));
        } else {
            validate_ip(errors, ip, &external.index(i));
        }
    }
    if !TYPES.contains(&ty) {
        errors.not_supported(&spec.at("type"), ty, &TYPES);
    }
    validate_port_sets(errors, &spec, ty);
    validate_traffic(errors, &spec, ty);
}

fn validate_external_name(errors: &mut ErrorList, spec: &Place<'_>) {
    for name in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        let set = spec.get(name).is_some_and(|v| v.value.as_array().is_none_or(|list| !list.is_empty()));
        if set {
            errors.forbidden(&spec.at(name), "may not be set for ExternalName services");
        }
    }
    let name = spec.str("externalName");
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() {
        errors.required(&spec.at("externalName"), "");
    } else {
        invalid_each(errors, &spec.at("externalName"), name, content::dns_subdomain(name));
    }
}

fn validate_port<'a>(
    errors: &mut ErrorList,
    port: &Place<'a>,
    needs_name: bool,
    names: &mut SortedSet<&'a str>,
) {
    let name = port.str("name");
    if needs_name && name.is_empty() {
        errors.required(&port.at("name"), "");
    } else if !name.is_empty() {
        invalid_each(errors, &port.at("name"), name, content::dns_label(name));
        if !names.insert(name) {
            errors.duplicate(&port.at("name"), name);
        }
    }
    let number = port.int("port").unwrap_or(0);
    if !content::is_port(number) {
        errors.invalid(&port.at("port"), number, PORT_RANGE);
    }
    let protocol = port.str("protocol");
    if !matches!(protocol, "SCTP" | "TCP" | "UDP") {
        errors.not_supported(&port.at("protocol"), protocol, &["SCTP", "TCP", "UDP"]);
    }
    validate_port_number_or_name(errors, port, "targetPort");
    if let Some(protocol) = port.text("appProtocol") {
        invalid_each(errors, &port.at("appProtocol"), protocol, content::qualified_name(protocol));
    }
}

fn validate_affinity(errors: &mut ErrorList, spec: &Place<'_>) {
    let affinity = spec.str("sessionAffinity");
    match affinity {
        "ClientIP" => {
            let client = spec.member("sessionAffinityConfig").member("clientIP");
            let seconds = client.int("timeoutSeconds").unwrap_or(0);
            if !(1..=AFFINITY_SECONDS_MAX).contains(&seconds) {
                let detail = format!("must be greater than 0 and less than {AFFINITY_SECONDS_MAX}");
                errors.invalid(&client.at("timeoutSeconds"), seconds, detail);
            }
        }
        "None" => {
            if spec.has("sessionAffinityConfig") {
                let detail = "must not be set when session affinity is None";
                errors.forbidden(&spec.at("sessionAffinityConfig"), detail);
            }
        }
        "" => errors.required(&spec.at("sessionAffinity"), ""),
        other => errors.not_supported(&spec.at("sessionAffinity"), other, &["ClientIP", "None"]),
    }
}

/// `ValidateServiceClusterIPsRelatedFields`, as far as one family of addresses goes.
fn validate_cluster_ips(errors: &mut ErrorList, spec: &Place<'_>) {
    if spec.str("type") == "ExternalName" {
        return;
    }
    let path = spec.at("clusterIPs");
    let (one, first) = (spec.str("clusterIP"), spec.strings("clusterIPs").next().unwrap_or(""));
    if one.is_empty() && !first.is_empty() {
        let value = spec.member("clusterIPs").value.clone();
        errors.invalid(&path, value, "must be empty when `clusterIP` is not specified");
    } else if one != first {
        let value = spec.member("clusterIPs").value.clone();
        errors.invalid(&path, value, "first value must match `clusterIP`");
    }
    let (families, mut seen) = (spec.at("ipFamilies"), SortedSet::new());
    for (i, family) in spec.strings("ipFamilies").enumerate() {
        if !seen.insert(family) {
            errors.duplicate(&families.index(i), family);
        }
        if !matches!(family, "IPv4" | "IPv6") {
            errors.not_supported(&families.index(i), family, &["IPv4", "IPv6"]);
        }
    }
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    if let Some(policy) = spec.text("ipFamilyPolicy").filter(|p| !policies.contains(p)) {
        errors.not_supported(&spec.at("ipFamilyPolicy"), policy, &policies);
    }
    for (i, ip) in spec.strings("clusterIPs").enumerate() {
        if i > 0 || ip != "None" {
            validate_ip(errors, ip, &path.index(i));
            validate_family(errors, ip, spec.strings("ipFamilies").nth(i), &path, i);
        } else if spec.items("clusterIPs").len() > 1 {
            let value = spec.member("clusterIPs").value.clone();
            errors.invalid(&path, value, "'None' must be the first and only value");
        }
    }
}

/// Refuses an address that is not of the family at the same place of the list.
fn validate_family(errors: &mut ErrorList, ip: &str, family: Option<&str>, path: &Path, i: usize) {
    let Ok(address) = ip.parse::<IpAddr>() else { return };
    if let Some(family @ ("IPv4" | "IPv6")) = family
        && address.is_ipv4() != (family == "IPv4")
    {
        let detail = format!("expected an {family} value as indicated by `ipFamilies[{i}]`");
        errors.invalid(&path.index(i), ip, detail);
    }
}

fn validate_port_sets(errors: &mut ErrorList, spec: &Place<'_>, ty: &str) {
    let (mut node_ports, mut ports) = (SortedSet::new(), SortedSet::new());
    let node_port = |port: &Place<'_>| port.int("nodePort").unwrap_or(0);
    if ty == "ClusterIP" {
        for port in spec.list("ports").filter(|port| node_port(port) != 0) {
            errors.forbidden(&port.at("nodePort"), "may not be used when `type` is 'ClusterIP'");
        }
    }
    for port in spec.list("ports").filter(|port| node_port(port) != 0) {
        if !node_ports.insert((port.str("protocol"), node_port(&port))) {
            errors.duplicate(&port.at("nodePort"), node_port(&port));
        }
    }
    for port in spec.list("ports") {
        let key = (port.str("protocol"), port.int("port").unwrap_or(0));
        if !ports.insert(key) {
            let printed = internal::compact("ServicePort", &json!({"protocol": key.0, "port": key.1}));
            errors.push_printed(FieldErrorKind::Duplicate, &port.path, printed, "");
        }
    }
}

/// What the server grumbles about: `GetWarningsForService`.
pub(super) fn warnings(object: &Object) -> Vec<String> {
    let spec = Place::new(object.spec(), Path::new("spec"));
    let ty = spec.str("type");
    let headless = ty == "ClusterIP" && spec.str("clusterIP") == "None";
    let external = !spec.items("externalIPs").is_empty();
    let mut out = Vec::new();
    if headless {
        for (ignored, name) in [
            (!spec.str("loadBalancerIP").is_empty(), "loadBalancerIP"),
            (external, "externalIPs"),
            (spec.str("sessionAffinity") != "None", "SessionAffinity"),
        ] {
            if ignored {
                out.push(format!("spec.{name} is ignored for headless services"));
            }
        }
    }
    if external && !headless && ty != "ExternalName" {
        out.push(
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters".to_owned(),
        );
    }
    if external && ty == "ExternalName" {
        out.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if ty != "ExternalName" && !spec.str("externalName").is_empty() {
        out.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if spec.str("trafficDistribution") == "PreferClose" {
        out.push(
            "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"".to_owned(),
        );
    }
    out
}

fn validate_traffic(errors: &mut ErrorList, spec: &Place<'_>, ty: &str) {
    if ty == "LoadBalancer" {
        let path = spec.at("LoadBalancerSourceRanges");
        for (i, range) in spec.strings("loadBalancerSourceRanges").enumerate() {
            if !is_cidr(range.trim()) {
                errors.invalid(&path.index(i), range, CIDR);
            }
        }
        if let Some(class) = spec.text("loadBalancerClass") {
            invalid_each(errors, &spec.at("loadBalancerClass"), class, content::qualified_name(class));
        }
    } else {
        let detail = "may only be used when `type` is 'LoadBalancer'";
        if !spec.items("loadBalancerSourceRanges").is_empty() {
            errors.forbidden(&spec.at("LoadBalancerSourceRanges"), detail);
        }
        for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            if spec.has(name) {
                errors.forbidden(&spec.at(name), detail);
            }
        }
    }
    let policy = spec.str("externalTrafficPolicy");
    let external = matches!(ty, "NodePort" | "LoadBalancer")
        || (ty == "ClusterIP" && !spec.items("externalIPs").is_empty());
    if !external && !policy.is_empty() {
        let detail = "may only be set for externally-accessible services";
        errors.invalid(&spec.at("externalTrafficPolicy"), policy, detail);
    } else if external && !matches!(policy, "Cluster" | "Local") {
        errors.not_supported(&spec.at("externalTrafficPolicy"), policy, &["Cluster", "Local"]);
    }
    let health = spec.int("healthCheckNodePort").unwrap_or(0);
    if health != 0 && !(ty == "LoadBalancer" && policy == "Local") {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        errors.invalid(&spec.at("healthCheckNodePort"), health, detail);
    } else if health != 0 && !content::is_port(health) {
        errors.invalid(&spec.at("healthCheckNodePort"), health, PORT_RANGE);
    }
    if let Some(policy) = spec.text("internalTrafficPolicy").filter(|p| !matches!(*p, "Cluster" | "Local")) {
        errors.not_supported(&spec.at("internalTrafficPolicy"), policy, &["Cluster", "Local"]);
    }
    let distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    if let Some(text) = spec.text("trafficDistribution").filter(|t| !distributions.contains(t)) {
        errors.not_supported(&spec.at("trafficDistribution"), text, &distributions);
    }
}

/// Refuses `ingress` points in the status of a Service that is no load balancer.
pub(super) fn validate_status(errors: &mut ErrorList, object: &Object) {
    let status = Place::new(object.status(), Path::new("status"));
    let balancer = status.member("loadBalancer");
    if !balancer.items("ingress").is_empty() && object.spec().str_at(&["type"]) != "LoadBalancer" {
        let detail = "may only be used when `spec.type` is 'LoadBalancer'";
        errors.forbidden(&balancer.at("ingress"), detail);
    }
}

/// Refuses a change of the first address; this is checked before everything else.
pub(super) fn validate_address_kept(errors: &mut ErrorList, new: &Object, old: &Object) {
    first_is_kept(errors, new, old, "clusterIPs", "primary clusterIP can not be unset");
}

/// Refuses a change of the first family. Upstream checks this where it allocates addresses, so only for a
/// Service that is valid otherwise.
pub(super) fn validate_family_kept(errors: &mut ErrorList, new: &Object, old: &Object) {
    if errors.is_empty() {
        first_is_kept(errors, new, old, "ipFamilies", "primary ipFamily can not be unset");
    }
}

fn first_is_kept(errors: &mut ErrorList, new: &Object, old: &Object, name: &str, unset: &str) {
    let external = |object: &Object| object.spec().str_at(&["type"]) == "ExternalName";
    if external(new) || external(old) {
        return;
    }
    let list = |object: &Object| object.spec().at(&[name]).cloned().unwrap_or(Value::Null);
    let first = |list: &Value| list.as_array().and_then(|l| l.first()).cloned();
    let (new, old) = (list(new), list(old));
    let path = Path::new("spec").child(name).index(0);
    match (first(&new), first(&old)) {
        (None, Some(_)) => errors.invalid(&path, new, unset),
        (Some(n), Some(o)) if n != o => errors.invalid(&path, new, "may not change once set"),
        _ => {}
    }
}
