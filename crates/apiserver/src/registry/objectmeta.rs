//! Validation of metadata, labels, annotations, owners, finalizers and selectors.
//!
//! Models: `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`,
//! `k8s.io/apimachinery/pkg/apis/meta/v1/validation`.

use std::fmt::Write;

use api::{Object, ObjectMeta, OwnerReference};
use apimachinery::field::quote_go;
use apimachinery::{ErrorList, FieldErrorKind, Path};
use serde_json::{Value, json};

use super::content::{self, IMMUTABLE, NOT_NEGATIVE, NameCheck};
use super::place::Place;

/// All annotations of an object together may have so many bytes.
const TOTAL_ANNOTATION_SIZE_BYTES: usize = 256 * 1024;

/// Adds every message of a check as `Invalid value`.
pub(crate) fn invalid_each(errors: &mut ErrorList, path: &Path, value: &str, messages: content::Messages) {
    for message in messages {
        errors.invalid(path, value, message);
    }
}

/// `ValidateNonnegativeField`.
pub(crate) fn validate_nonnegative(errors: &mut ErrorList, value: i64, path: &Path) {
    if value < 0 {
        errors.invalid(path, value, NOT_NEGATIVE);
    }
}

/// `ValidateImmutableField`.
pub(crate) fn validate_immutable(errors: &mut ErrorList, new: &Value, old: &Value, path: &Path) {
    if new != old {
        errors.invalid(path, new.clone(), IMMUTABLE);
    }
}

/// `ValidateObjectMeta`.
pub(crate) fn validate_object_meta(errors: &mut ErrorList, object: &Object, name_check: NameCheck) {
    let meta = &object.metadata;
    let path = Path::new("metadata");
    if !meta.generate_name.is_empty() {
        let messages = name_check(&meta.generate_name, true);
        invalid_each(errors, &path.child("generateName"), &meta.generate_name, messages);
    }
    if meta.name.is_empty() {
        errors.required(&path.child("name"), "name or generateName is required");
    } else {
        invalid_each(errors, &path.child("name"), &meta.name, name_check(&meta.name, false));
    }
    validate_namespace(errors, object, &path);
    validate_nonnegative(errors, meta.generation, &path.child("generation"));
    validate_shared(errors, meta, &path);
}

fn validate_namespace(errors: &mut ErrorList, object: &Object, path: &Path) {
    let namespace = &object.metadata.namespace;
    if !object.kind.info().namespaced {
        if !namespace.is_empty() {
            errors.forbidden(&path.child("namespace"), "not allowed on this type");
        }
    } else if namespace.is_empty() {
        errors.required(&path.child("namespace"), "");
    } else {
        invalid_each(errors, &path.child("namespace"), namespace, content::dns_label(namespace));
    }
}

fn validate_shared(errors: &mut ErrorList, meta: &ObjectMeta, path: &Path) {
    let labels = meta.labels.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    validate_labels(errors, labels, &path.child("labels"));
    let annotations = meta.annotations.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    validate_annotations(errors, annotations, &path.child("annotations"));
    validate_owner_references(errors, &meta.owner_references, &path.child("ownerReferences"));
    validate_finalizers(errors, &meta.finalizers, &path.child("finalizers"));
}

/// `ValidateLabels`.
pub(crate) fn validate_labels<'a>(
    errors: &mut ErrorList,
    labels: impl Iterator<Item = (&'a str, &'a str)>,
    path: &Path,
) {
    for (key, value) in labels {
        invalid_each(errors, path, key, content::qualified_name(key));
        invalid_each(errors, path, value, content::label_value(value));
    }
}

/// `ValidateLabels` of a JSON map.
pub(crate) fn validate_label_map(errors: &mut ErrorList, parent: &Place<'_>, name: &str) {
    let pairs = parent.entries(name).map(|(k, v)| (k, v.as_str().unwrap_or("")));
    validate_labels(errors, pairs, &parent.at(name));
}

/// `ValidateAnnotations`.
pub(crate) fn validate_annotations<'a>(
    errors: &mut ErrorList,
    annotations: impl Iterator<Item = (&'a str, &'a str)>,
    path: &Path,
) {
    let mut total = 0;
    for (key, value) in annotations {
        invalid_each(errors, path, key, content::qualified_name(&key.to_ascii_lowercase()));
        total += key.len() + value.len();
    }
    if total > TOTAL_ANNOTATION_SIZE_BYTES {
        let detail = format!("may not be more than {TOTAL_ANNOTATION_SIZE_BYTES} bytes");
        errors.push(FieldErrorKind::TooLong, path, Value::Null, detail);
    }
}

fn validate_owner_references(errors: &mut ErrorList, owners: &[OwnerReference], path: &Path) {
    let mut first: Option<String> = None;
    for owner in owners {
        validate_owner_reference(errors, owner, path);
        if owner.is_controller() {
            let this = format!("{}/{}", owner.kind, owner.name);
            match &first {
                None => first = Some(this),
                Some(first) => {
                    let detail = format!(
                        "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {this}"
                    );
                    errors.invalid_printed(path, owners_as_go_json(owners), detail);
                }
            }
        }
    }
}

fn validate_owner_reference(errors: &mut ErrorList, owner: &OwnerReference, path: &Path) {
    let version = owner.api_version.rsplit('/').next().unwrap_or("");
    if version.is_empty() {
        errors.invalid(&path.child("apiVersion"), owner.api_version.as_str(), "version must not be empty");
    }
    for (name, value) in [("kind", &owner.kind), ("name", &owner.name), ("uid", &owner.uid)] {
        if value.is_empty() {
            errors.invalid(&path.child(name), "", "must not be empty");
        }
    }
    if owner.api_version == "v1" && owner.kind == "Event" {
        let detail = "/v1, Kind=Event is disallowed from being an owner";
        errors.invalid_printed(path, owner_as_go_json(owner), detail);
    }
}

fn owners_as_go_json(owners: &[OwnerReference]) -> String {
    let all: Vec<String> = owners.iter().map(owner_as_go_json).collect();
    format!("[{}]", all.join(","))
}

/// An owner reference with its members in the order of the Go struct.
fn owner_as_go_json(owner: &OwnerReference) -> String {
    let mut out = format!(
        "{{\"apiVersion\":{},\"kind\":{},\"name\":{},\"uid\":{}",
        json!(owner.api_version),
        json!(owner.kind),
        json!(owner.name),
        json!(owner.uid)
    );
    if let Some(controller) = owner.controller {
        let _ = write!(out, ",\"controller\":{controller}");
    }
    if let Some(block) = owner.block_owner_deletion {
        let _ = write!(out, ",\"blockOwnerDeletion\":{block}");
    }
    out.push('}');
    out
}

fn validate_finalizers(errors: &mut ErrorList, finalizers: &[String], path: &Path) {
    for (at, name) in finalizers.iter().enumerate() {
        invalid_each(errors, path, name, content::qualified_name(name));
        if !name.contains('/') && !["orphan", "foregroundDeletion", "kubernetes"].contains(&name.as_str()) {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.invalid(&path.index(at), name.as_str(), detail);
        }
    }
    let has = |name: &str| finalizers.iter().any(|f| f == name);
    if has("orphan") && has("foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.invalid(path, json!(finalizers), detail);
    }
}

/// `ValidateObjectMetaUpdate`.
pub(crate) fn validate_object_meta_update(errors: &mut ErrorList, new: &Object, old: &Object) {
    let (new, old) = (&new.metadata, &old.metadata);
    let path = Path::new("metadata");
    if old.deletion_timestamp.is_some() {
        validate_no_new_finalizers(errors, new, old, &path.child("finalizers"));
    }
    if new.generation < old.generation {
        errors.invalid(&path.child("generation"), new.generation, "must not be decremented");
    }
    for (name, new, old) in [
        ("name", &new.name, &old.name),
        ("namespace", &new.namespace, &old.namespace),
        ("uid", &new.uid, &old.uid),
    ] {
        if new != old {
            errors.invalid(&path.child(name), new.as_str(), IMMUTABLE);
        }
    }
    for (name, new, old) in [
        ("creationTimestamp", new.creation_timestamp, old.creation_timestamp),
        ("deletionTimestamp", new.deletion_timestamp, old.deletion_timestamp),
    ] {
        if new != old {
            let shown = new.map_or(Value::Null, |t| t.rfc3339().into());
            errors.invalid(&path.child(name), shown, IMMUTABLE);
        }
    }
    if new.deletion_grace_period_seconds != old.deletion_grace_period_seconds {
        let shown = new.deletion_grace_period_seconds.map_or(Value::Null, Value::from);
        errors.invalid(&path.child("deletionGracePeriodSeconds"), shown, IMMUTABLE);
    }
    validate_shared_update(errors, new, old, &path);
}

/// An update checks labels, annotations, owners and finalizers like a creation. What is stored has been
/// checked.
fn validate_shared_update(errors: &mut ErrorList, new: &ObjectMeta, old: &ObjectMeta, path: &Path) {
    let same = new.labels == old.labels
        && new.annotations == old.annotations
        && new.owner_references == old.owner_references
        && new.finalizers == old.finalizers;
    if same {
        return;
    }
    let mut found = ErrorList::new();
    validate_shared(&mut found, new, path);
    errors.extend(found);
}

fn validate_no_new_finalizers(errors: &mut ErrorList, new: &ObjectMeta, old: &ObjectMeta, path: &Path) {
    let mut extra: Vec<&String> = new.finalizers.iter().filter(|f| !old.finalizers.contains(f)).collect();
    extra.sort();
    extra.dedup();
    if !extra.is_empty() {
        let list: Vec<String> = extra.iter().map(|f| quote_go(f)).collect();
        let detail = format!(
            "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
            list.join(", ")
        );
        errors.forbidden(path, detail);
    }
}

/// `ValidateLabelSelector`.
pub(crate) fn validate_label_selector(errors: &mut ErrorList, selector: &Place<'_>) {
    validate_label_map(errors, selector, "matchLabels");
    for term in selector.list("matchExpressions") {
        let values = term.items("values");
        match term.str("operator") {
            "In" | "NotIn" if values.is_empty() => {
                errors.required(&term.at("values"), "must be specified when `operator` is 'In' or 'NotIn'");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => errors.forbidden(
                &term.at("values"),
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.invalid(&term.at("operator"), other, "not a valid selector operator"),
        }
        invalid_each(errors, &term.at("key"), term.str("key"), content::qualified_name(term.str("key")));
        let path = term.at("values");
        for (i, value) in term.strings("values").enumerate() {
            invalid_each(errors, &path.index(i), value, content::label_value(value));
        }
    }
}
