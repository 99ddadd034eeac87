//! Probes and lifecycle hooks of containers.
//!
//! Models: `validateProbe`, `validateLifecycle`, `validateHandler`.

use apimachinery::ErrorList;
use serde_json::Value;

use crate::registry::content::{self, PORT_RANGE};
use crate::registry::objectmeta::{invalid_each, validate_nonnegative};
use crate::registry::place::Place;

/// Lifecycle hooks and the three probes of a container.
pub(crate) fn validate_hooks_and_probes(errors: &mut ErrorList, container: &Place<'_>, grace: Option<i64>) {
    if let Some(lifecycle) = container.get("lifecycle") {
        for name in ["postStart", "preStop"] {
            if let Some(handler) = lifecycle.get(name) {
                validate_handler(errors, &handler, grace);
            }
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = container.get(name) else { continue };
        validate_probe(errors, &probe, grace);
        let successes = probe.int("successThreshold").unwrap_or(0);
        if name == "readinessProbe" {
            if let Some(seconds) = probe.int("terminationGracePeriodSeconds") {
                let detail = "must not be set for readinessProbes";
                errors.invalid(&probe.at("terminationGracePeriodSeconds"), seconds, detail);
            }
        } else if successes != 1 {
            errors.invalid(&probe.at("successThreshold"), successes, "must be 1");
        }
    }
}

fn validate_probe(errors: &mut ErrorList, probe: &Place<'_>, grace: Option<i64>) {
    validate_handler(errors, probe, grace);
    for name in
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
    {
        let number = probe.int(name).unwrap_or(0);
        if number < 0 {
            validate_nonnegative(errors, number, &probe.at(name));
        }
    }
    if let Some(seconds) = probe.int("terminationGracePeriodSeconds").filter(|s| *s <= 0) {
        errors.invalid(&probe.at("terminationGracePeriodSeconds"), seconds, "must be greater than 0");
    }
}

fn validate_handler(errors: &mut ErrorList, handler: &Place<'_>, grace: Option<i64>) {
    let mut handlers = 0;
    for name in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = handler.get(name) else { continue };
        handlers += 1;
        if handlers > 1 {
            errors.forbidden(&action.path, "may not specify more than 1 handler type");
            continue;
        }
        match name {
            "exec" if action.items("command").is_empty() => errors.required(&action.at("command"), ""),
            "httpGet" => validate_http_get(errors, &action),
            "tcpSocket" | "grpc" => validate_port_number_or_name(errors, &action, "port"),
            "sleep" => validate_sleep(errors, &action, grace),
            _ => {}
        }
    }
    if handlers == 0 {
        errors.required(&handler.path, "must specify a handler type");
    }
}

fn validate_http_get(errors: &mut ErrorList, get: &Place<'_>) {
    if get.str("path").is_empty() {
        errors.required(&get.at("path"), "");
    }
    validate_port_number_or_name(errors, get, "port");
    let scheme = get.str("scheme");
    if !matches!(scheme, "HTTP" | "HTTPS") {
        errors.not_supported(&get.at("scheme"), scheme, &["HTTP", "HTTPS"]);
    }
    for header in get.list("httpHeaders") {
        let name = header.str("name");
        invalid_each(errors, &get.at("httpHeaders"), name, content::http_header(name));
    }
}

/// `ValidatePortNumOrName` of a member.
pub(crate) fn validate_port_number_or_name(errors: &mut ErrorList, parent: &Place<'_>, name: &str) {
    match parent.member(name).value {
        Value::String(text) => invalid_each(errors, &parent.at(name), text, content::port_name(text)),
        value => {
            let number = value.as_i64().unwrap_or(0);
            if !content::is_port(number) {
                errors.invalid(&parent.at(name), number, PORT_RANGE);
            }
        }
    }
}

fn validate_sleep(errors: &mut ErrorList, sleep: &Place<'_>, grace: Option<i64>) {
    let seconds = sleep.int("seconds").unwrap_or(0);
    if let Some(grace) = grace.filter(|grace| seconds < 0 || seconds > *grace) {
        let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        errors.invalid(&sleep.path, seconds, detail);
    }
}
