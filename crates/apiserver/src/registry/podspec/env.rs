//! Environment variables of containers.
//!
//! Models: `ValidateEnv`, `ValidateEnvFrom`.

use apimachinery::{ErrorList, Quantity};
use serde_json::Value;

use super::paths::validate_no_backsteps;
use crate::registry::content;
use crate::registry::objectmeta::invalid_each;
use crate::registry::place::Place;

/// Fields of a Pod that a variable may show.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Amounts of a container that a variable or file may show.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// Variables and their sources.
pub(crate) fn validate_env(errors: &mut ErrorList, container: &Place<'_>) {
    for variable in container.list("env") {
        let name = variable.str("name");
        if name.is_empty() {
            errors.required(&variable.at("name"), "");
        } else {
            invalid_each(errors, &variable.at("name"), name, content::env_name(name));
        }
        if let Some(source) = variable.get("valueFrom") {
            validate_value_from(errors, &source, variable.str("value"));
        }
    }
    validate_env_from(errors, container);
}

fn validate_value_from(errors: &mut ErrorList, source: &Place<'_>, value: &str) {
    let mut sources = 0;
    if let Some(field) = source.get("fieldRef") {
        sources += 1;
        validate_field_ref(errors, &field, &FIELDS);
    }
    if let Some(resource) = source.get("resourceFieldRef") {
        sources += 1;
        validate_resource_ref(errors, &resource, false);
    }
    for name in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(key) = source.get(name) {
            sources += 1;
            validate_key_ref(errors, &key);
        }
    }
    if let Some(file) = source.get("fileKeyRef") {
        sources += 1;
        validate_file_key_ref(errors, &file);
    }
    if sources == 0 {
        let detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        errors.invalid(&source.path, "", detail);
    } else if !value.is_empty() {
        errors.invalid(&source.path, "", "may not be specified when `value` is not empty");
    } else if sources > 1 {
        errors.invalid(&source.path, "", "may not have more than one field specified at a time");
    }
}

/// A key of a file of variables: `validateFileKeySelector`.
fn validate_file_key_ref(errors: &mut ErrorList, file: &Place<'_>) {
    for (name, check) in [
        ("key", content::env_name as fn(&str) -> content::Messages),
        ("volumeName", content::dns_label),
        ("path", |_| content::Messages::new()),
    ] {
        let text = file.str(name);
        if text.is_empty() {
            errors.required(&file.at(name), "");
        } else {
            invalid_each(errors, &file.at(name), text, check(text));
        }
    }
    validate_no_backsteps(errors, file.str("path"), &file.at("path"));
}

/// Files of variables lie in volumes of the kind `emptyDir`: `validateFileKeyRefVolumes`.
pub(crate) fn validate_variable_files(errors: &mut ErrorList, spec: &Place<'_>) {
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for variable in spec.list(list).flat_map(|container| container.list("env")) {
            let Some(file) = variable.member("valueFrom").get("fileKeyRef") else { continue };
            let name = file.str("volumeName");
            match spec.list("volumes").find(|volume| volume.str("name") == name) {
                None => errors.not_found(&file.at("volumeName"), name),
                Some(volume) if !volume.has("emptyDir") => {
                    let detail = "referenced volume must be of type emptyDir";
                    errors.invalid(&file.at("volumeName"), name, detail);
                }
                Some(_) => {}
            }
        }
    }
}

fn validate_key_ref(errors: &mut ErrorList, reference: &Place<'_>) {
    let (name, key) = (reference.str("name"), reference.str("key"));
    invalid_each(errors, &reference.at("name"), name, content::dns_subdomain(name));
    if key.is_empty() {
        errors.required(&reference.at("key"), "");
    } else {
        invalid_each(errors, &reference.at("key"), key, content::config_map_key(key));
    }
}

/// A field of the Pod, as variable or file: `validateObjectFieldSelector`.
pub(crate) fn validate_field_ref(errors: &mut ErrorList, field: &Place<'_>, allowed: &[&str]) {
    for name in ["apiVersion", "fieldPath"] {
        if field.str(name).is_empty() {
            errors.required(&field.at(name), "");
            return;
        }
    }
    let path = field.str("fieldPath");
    if let Some((base, key)) = path.strip_suffix("']").and_then(|p| p.split_once("['")) {
        match base {
            "metadata.annotations" => {
                let key = key.to_ascii_lowercase();
                invalid_each(errors, &field.path, &key, content::qualified_name(&key));
            }
            "metadata.labels" => invalid_each(errors, &field.path, key, content::qualified_name(key)),
            other => errors.invalid(&field.path, other, "does not support subscript"),
        }
    } else if field.str("apiVersion") != "v1" {
        let detail =
            format!("error converting fieldPath: unsupported pod version: {}", field.str("apiVersion"));
        errors.invalid(&field.at("fieldPath"), path, detail);
    } else if !is_convertible(path) {
        let detail = format!("error converting fieldPath: field label not supported: {path}");
        errors.invalid(&field.at("fieldPath"), path, detail);
    } else if !allowed.contains(&path) {
        errors.not_supported(&field.at("fieldPath"), path, allowed);
    }
}

/// Paths that the conversion of field labels knows: `ConvertDownwardAPIFieldLabel`.
fn is_convertible(path: &str) -> bool {
    FIELDS.contains(&path)
        || matches!(
            path,
            "metadata.annotations"
                | "metadata.labels"
                | "spec.restartPolicy"
                | "spec.schedulerName"
                | "status.phase"
        )
}

/// An amount of a container, as variable or file: `validateContainerResourceFieldSelector`.
pub(crate) fn validate_resource_ref(errors: &mut ErrorList, reference: &Place<'_>, in_volume: bool) {
    let resource = reference.str("resource");
    let huge = ["limits.hugepages-", "requests.hugepages-"].iter().any(|p| resource.starts_with(p));
    if in_volume && reference.str("containerName").is_empty() {
        errors.required(&reference.at("containerName"), "");
    } else if resource.is_empty() {
        errors.required(&reference.at("resource"), "");
    } else if !RESOURCES.contains(&resource) && !huge {
        errors.not_supported(&reference.at("resource"), resource, &RESOURCES);
    }
    let Some(divisor) = reference.value.get("divisor").and_then(Quantity::from_value) else { return };
    if divisor.sign() == 0 {
        return;
    }
    let (cpu, text) = (resource.split('.').next_back() == Some("cpu"), divisor.to_string());
    let units = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    if cpu && !matches!(text.as_str(), "1m" | "1") {
        let detail = "only divisor's values 1m and 1 are supported with the cpu resource";
        errors.invalid(&reference.at("divisor"), resource, detail);
    } else if !cpu && !units.contains(&text.as_str()) {
        let what = if resource.ends_with(".ephemeral-storage") {
            "local ephemeral storage"
        } else if huge {
            "hugepages"
        } else {
            "memory"
        };
        let detail =
            format!("only divisor's values {} are supported with the {what} resource", units.join(", "));
        errors.invalid(&reference.at("divisor"), resource, detail);
    }
}

fn validate_env_from(errors: &mut ErrorList, container: &Place<'_>) {
    for source in container.list("envFrom") {
        let prefix = source.str("prefix");
        if !prefix.is_empty() {
            invalid_each(errors, &source.at("prefix"), prefix, content::env_name(prefix));
        }
        let references: Vec<Place<'_>> =
            ["configMapRef", "secretRef"].iter().filter_map(|name| source.get(name)).collect();
        for reference in &references {
            let name = reference.str("name");
            if name.is_empty() {
                errors.required(&reference.at("name"), "");
            } else {
                let messages = content::name_is_subdomain(name, true);
                invalid_each(errors, &reference.at("name"), name, messages);
            }
        }
        match references.len() {
            0 => errors.invalid(
                &container.at("envFrom"),
                "",
                "must specify one of: `configMapRef` or `secretRef`",
            ),
            1 => {}
            _ => errors.invalid(
                &container.at("envFrom"),
                "",
                "may not have more than one field specified at a time",
            ),
        }
    }
}

/// Whether a JSON value is there and not empty; helps to tell unset lists from empty ones.
pub(crate) fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|v| !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()))
}
