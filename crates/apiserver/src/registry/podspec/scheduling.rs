//! Tolerations, spread constraints, gates, and the DNS settings of a Pod.
//!
//! Models: `ValidateTolerations`, `validateTopologySpreadConstraints`, `validateSchedulingGates`,
//! `validatePodDNSConfig`, `ValidateHostAliases`.

use std::net::IpAddr;

use apimachinery::sorted::SortedSet;
use apimachinery::{ErrorList, Path};
use serde_json::Value;

use crate::registry::content;
use crate::registry::objectmeta::{invalid_each, validate_label_selector};
use crate::registry::place::Place;

/// So many name servers, search paths, and characters of search paths are read by libc.
const NAMESERVERS_MAX: usize = 3;
const SEARCHES_MAX: usize = 32;
const SEARCH_CHARACTERS_MAX: usize = 2048;

/// `spec.tolerations`.
pub(crate) fn validate_tolerations(errors: &mut ErrorList, spec: &Place<'_>) {
    for toleration in spec.list("tolerations") {
        let (key, operator) = (toleration.str("key"), toleration.str("operator"));
        let (value, effect) = (toleration.str("value"), toleration.str("effect"));
        if !key.is_empty() {
            invalid_each(errors, &toleration.at("key"), key, content::qualified_name(key));
        } else if operator != "Exists" {
            let detail =
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.invalid(&toleration.at("operator"), operator, detail);
        }
        if toleration.has("tolerationSeconds") && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.invalid(&toleration.at("effect"), effect, detail);
        }
        match operator {
            "Equal" | "" => {
                let messages = content::label_value(value);
                if !messages.is_empty() {
                    errors.invalid(&toleration.at("operator"), value, messages.join(";"));
                }
            }
            "Exists" if !value.is_empty() => {
                let detail = "value must be empty when `operator` is 'Exists'";
                errors.invalid(&toleration.at("operator"), value, detail);
            }
            "Exists" => {}
            // Known, but behind a gate that is off.
            "Lt" | "Gt" => {
                let known = ["Equal", "Exists", "Lt", "Gt"];
                errors.not_supported(&toleration.at("operator"), operator, &known);
            }
            other => errors.not_supported(&toleration.at("operator"), other, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            validate_taint_effect(errors, &toleration);
        }
    }
}

/// `effect` of a taint or toleration.
pub(crate) fn validate_taint_effect(errors: &mut ErrorList, taint: &Place<'_>) {
    match taint.str("effect") {
        "NoSchedule" | "PreferNoSchedule" | "NoExecute" => {}
        "" => errors.required(&taint.at("effect"), ""),
        other => {
            let allowed = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
            errors.not_supported(&taint.at("effect"), other, &allowed);
        }
    }
}

/// `spec.topologySpreadConstraints`.
pub(crate) fn validate_topology_spread(errors: &mut ErrorList, spec: &Place<'_>) {
    let pair = |constraint: &Place<'_>| {
        format!("{{{}, {}}}", constraint.str("topologyKey"), constraint.str("whenUnsatisfiable"))
    };
    for (i, constraint) in spec.list("topologySpreadConstraints").enumerate() {
        let skew = constraint.int("maxSkew").unwrap_or(0);
        if skew <= 0 {
            errors.invalid(&constraint.at("maxSkew"), skew, "must be greater than zero");
        }
        let (key, when) = (constraint.str("topologyKey"), constraint.str("whenUnsatisfiable"));
        if key.is_empty() {
            errors.required(&constraint.at("topologyKey"), "can not be empty");
        }
        if !matches!(when, "DoNotSchedule" | "ScheduleAnyway") {
            let allowed = ["DoNotSchedule", "ScheduleAnyway"];
            errors.not_supported(&constraint.at("whenUnsatisfiable"), when, &allowed);
        }
        let own = pair(&constraint);
        if spec.list("topologySpreadConstraints").skip(i + 1).any(|later| pair(&later) == own) {
            errors.duplicate(&constraint.at("{topologyKey, whenUnsatisfiable}"), own);
        }
        validate_spread_details(errors, &constraint, when);
    }
}

fn validate_spread_details(errors: &mut ErrorList, constraint: &Place<'_>, when: &str) {
    if let Some(domains) = constraint.int("minDomains") {
        if domains <= 0 {
            errors.invalid(&constraint.at("minDomains"), domains, "must be greater than zero");
        }
        if when != "DoNotSchedule" {
            let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {when}");
            errors.invalid(&constraint.at("minDomains"), domains, detail);
        }
    }
    for member in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        if let Some(policy) = constraint.text(member).filter(|p| !matches!(*p, "Honor" | "Ignore")) {
            errors.not_supported(&constraint.at(member), policy, &["Honor", "Ignore"]);
        }
    }
    if let Some(selector) = constraint.get("labelSelector") {
        validate_label_selector(errors, &selector);
    } else if !constraint.items("matchLabelKeys").is_empty() {
        let detail = "must not be specified when labelSelector is not set";
        errors.forbidden(&constraint.at("matchLabelKeys"), detail);
    }
}

/// `spec.schedulingGates` and `spec.readinessGates`.
pub(crate) fn validate_gates(errors: &mut ErrorList, spec: &Place<'_>) {
    for gate in spec.list("readinessGates") {
        let name = gate.str("conditionType");
        invalid_each(errors, &gate.at("conditionType"), name, content::qualified_name(name));
    }
    let mut seen = SortedSet::new();
    for gate in spec.list("schedulingGates") {
        let name = gate.str("name");
        invalid_each(errors, &gate.path, name, content::qualified_name(name));
        if !seen.insert(name) {
            errors.duplicate(&gate.path, name);
        }
    }
}

/// `must be a valid IP address, …`.
pub(crate) fn validate_ip(errors: &mut ErrorList, text: &str, path: &Path) {
    let has_leading_zero =
        |part: &str| part.len() > 1 && part.starts_with('0') && part.chars().all(|c| c.is_ascii_digit());
    if text.split('.').count() == 4 && text.split('.').any(has_leading_zero) {
        errors.invalid(path, text, "must not have leading 0s");
    } else if text.parse::<IpAddr>().is_err() {
        errors.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
}

/// `spec.dnsConfig` and what `dnsPolicy: None` needs.
pub(crate) fn validate_dns_config(errors: &mut ErrorList, spec: &Place<'_>) {
    let path = spec.at("dnsConfig");
    let config = spec.get("dnsConfig");
    if spec.str("dnsPolicy") == "None" {
        match &config {
            None => return errors.required(&path, "must provide `dnsConfig` when `dnsPolicy` is None"),
            Some(config) if config.items("nameservers").is_empty() => {
                let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
                return errors.required(&config.at("nameservers"), detail);
            }
            Some(_) => {}
        }
    }
    let Some(config) = config else { return };
    let whole = |name: &str| config.member(name).value.clone();
    let (servers, searches) = (config.at("nameservers"), config.at("searches"));
    if config.items("nameservers").len() > NAMESERVERS_MAX {
        let detail = format!("must not have more than {NAMESERVERS_MAX} nameservers");
        errors.invalid(&servers, whole("nameservers"), detail);
    }
    for (i, server) in config.strings("nameservers").enumerate() {
        validate_ip(errors, server, &servers.index(i));
    }
    if config.items("searches").len() > SEARCHES_MAX {
        let detail = format!("must not have more than {SEARCHES_MAX} search paths");
        errors.invalid(&searches, whole("searches"), detail);
    }
    let joined: Vec<&str> = config.strings("searches").collect();
    if joined.join(" ").len() > SEARCH_CHARACTERS_MAX {
        let detail = format!(
            "must not have more than {SEARCH_CHARACTERS_MAX} characters (including spaces) in the search list"
        );
        errors.invalid(&searches, whole("searches"), detail);
    }
    for (i, search) in joined.iter().enumerate().filter(|(_, search)| **search != ".") {
        let search = search.strip_suffix('.').unwrap_or(search);
        invalid_each(errors, &searches.index(i), search, content::dns_subdomain_underscore(search));
    }
    for option in config.list("options") {
        if option.str("name").is_empty() {
            errors.required(&option.path, "must not be empty");
        }
    }
}

/// `spec.hostAliases`.
pub(crate) fn validate_host_aliases(errors: &mut ErrorList, spec: &Place<'_>) {
    for alias in spec.list("hostAliases") {
        validate_ip(errors, alias.str("ip"), &alias.at("ip"));
        let path = alias.at("hostnames");
        for (i, name) in alias.strings("hostnames").enumerate() {
            invalid_each(errors, &path.index(i), name, content::dns_subdomain(name));
        }
    }
}

/// Refuses to remove a toleration, or to change more of it than its seconds: `validateOnlyAddedTolerations`.
pub(crate) fn validate_only_added_tolerations(errors: &mut ErrorList, new: &Place<'_>, old: &Place<'_>) {
    let without_seconds = |toleration: &Value| {
        let mut toleration = toleration.clone();
        apimachinery::value::remove_at(&mut toleration, &["tolerationSeconds"]);
        toleration
    };
    let kept: Vec<Value> = new.items("tolerations").iter().map(without_seconds).collect();
    if old.items("tolerations").iter().any(|t| !kept.contains(&without_seconds(t))) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        errors.forbidden(&new.at("tolerations"), detail);
        return;
    }
    validate_tolerations(errors, new);
}

/// Refuses to add a gate: `validateOnlyDeletedSchedulingGates`.
pub(crate) fn validate_only_deleted_gates(errors: &mut ErrorList, new: &Place<'_>, old: &Place<'_>) {
    let stored: Vec<&str> = old.list("schedulingGates").map(|gate| gate.str("name")).collect();
    for gate in new.list("schedulingGates") {
        let name = gate.str("name");
        if !stored.contains(&name) {
            let detail = format!("only deletion is allowed, but found new scheduling gate '{name}'");
            errors.forbidden(&gate.at("name"), detail);
        }
    }
}
