//! Affinity to nodes and to other Pods.
//!
//! Models: `validateAffinity`, `ValidateNodeSelector`, `validatePodAffinityTerm`.

use apimachinery::ErrorList;

use crate::registry::content;
use crate::registry::objectmeta::{invalid_each, validate_label_selector};
use crate::registry::place::Place;

/// `spec.affinity`.
pub(crate) fn validate_affinity(errors: &mut ErrorList, affinity: &Place<'_>) {
    if let Some(node) = affinity.get("nodeAffinity") {
        validate_node_affinity(errors, &node);
    }
    for name in ["podAffinity", "podAntiAffinity"] {
        let Some(pod) = affinity.get(name) else { continue };
        for term in pod.list("requiredDuringSchedulingIgnoredDuringExecution") {
            validate_pod_term(errors, &term);
        }
        for weighted in pod.list("preferredDuringSchedulingIgnoredDuringExecution") {
            validate_weight(errors, &weighted);
            validate_pod_term(errors, &weighted.member("podAffinityTerm"));
        }
    }
}

fn validate_weight(errors: &mut ErrorList, weighted: &Place<'_>) {
    let weight = weighted.int("weight").unwrap_or(0);
    if !(1..=100).contains(&weight) {
        errors.invalid(&weighted.at("weight"), weight, "must be in the range 1-100");
    }
}

fn validate_node_affinity(errors: &mut ErrorList, affinity: &Place<'_>) {
    if let Some(required) = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") {
        validate_node_selector(errors, &required);
    }
    for weighted in affinity.list("preferredDuringSchedulingIgnoredDuringExecution") {
        validate_weight(errors, &weighted);
        validate_node_term(errors, &weighted.member("preference"), false);
    }
}

/// `ValidateNodeSelector`, of Pods and of volumes.
pub(crate) fn validate_node_selector(errors: &mut ErrorList, selector: &Place<'_>) {
    if selector.items("nodeSelectorTerms").is_empty() {
        errors.required(&selector.at("nodeSelectorTerms"), "must have at least one node selector term");
    }
    for term in selector.list("nodeSelectorTerms") {
        validate_node_term(errors, &term, true);
    }
}

fn validate_node_term(errors: &mut ErrorList, term: &Place<'_>, strict_values: bool) {
    for expression in term.list("matchExpressions") {
        validate_node_expression(errors, &expression, strict_values);
    }
    for expression in term.list("matchFields") {
        validate_node_field(errors, &expression);
    }
}

fn validate_node_expression(errors: &mut ErrorList, expression: &Place<'_>, strict_values: bool) {
    let (values, path) = (expression.items("values").len(), expression.at("values"));
    match expression.str("operator") {
        "In" | "NotIn" if values == 0 => {
            errors.required(&path, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if values > 0 => {
            errors.forbidden(&path, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        "Gt" | "Lt" if values != 1 => {
            errors.required(&path, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => errors.invalid(&expression.at("operator"), other, "not a valid selector operator"),
    }
    let key = expression.str("key");
    invalid_each(errors, &expression.at("key"), key, content::qualified_name(key));
    if strict_values {
        for (i, value) in expression.strings("values").enumerate() {
            invalid_each(errors, &path.index(i), value, content::label_value(value));
        }
    }
}

fn validate_node_field(errors: &mut ErrorList, expression: &Place<'_>) {
    match expression.str("operator") {
        "In" | "NotIn" if expression.items("values").len() != 1 => errors.required(
            &expression.at("values"),
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        ),
        "In" | "NotIn" => {}
        other => errors.invalid(&expression.at("operator"), other, "not a valid selector operator"),
    }
    let key = expression.str("key");
    if key != "metadata.name" {
        errors.invalid(&expression.at("key"), key, "not a valid field selector key");
        return;
    }
    let path = expression.at("values");
    for (i, value) in expression.strings("values").enumerate() {
        invalid_each(errors, &path.index(i), value, content::dns_subdomain(value));
    }
}

/// `validateMatchLabelKeysAndMismatchLabelKeys`.
fn validate_label_keys(errors: &mut ErrorList, term: &Place<'_>) {
    for name in ["matchLabelKeys", "mismatchLabelKeys"] {
        let path = term.at(name);
        if !term.has("labelSelector") {
            if !term.items(name).is_empty() {
                errors.forbidden(&path, "must not be specified when labelSelector is not set");
            }
            continue;
        }
        for (i, key) in term.strings(name).enumerate() {
            invalid_each(errors, &path.index(i), key, content::qualified_name(key));
        }
    }
    for (i, key) in term.strings("matchLabelKeys").enumerate() {
        if term.strings("mismatchLabelKeys").any(|other| other == key) {
            let detail = "exists in both matchLabelKeys and mismatchLabelKeys";
            errors.invalid(&term.at("matchLabelKeys").index(i), key, detail);
        }
    }
}

fn validate_pod_term(errors: &mut ErrorList, term: &Place<'_>) {
    for name in ["labelSelector", "namespaceSelector"] {
        if let Some(selector) = term.get(name) {
            validate_label_selector(errors, &selector);
        }
    }
    for namespace in term.strings("namespaces") {
        invalid_each(errors, &term.at("namespace"), namespace, content::dns_label(namespace));
    }
    validate_label_keys(errors, term);
    let key = term.str("topologyKey");
    if key.is_empty() {
        errors.required(&term.at("topologyKey"), "can not be empty");
    }
    invalid_each(errors, &term.at("topologyKey"), key, content::qualified_name(key));
}
