//! Volumes of a pod spec and their sources.
//!
//! Models: `ValidateVolumes`, `validateVolumeSource`.

use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::{ErrorList, Quantity};
use serde_json::{Map, Value};

use super::env::{validate_field_ref, validate_resource_ref};
use super::paths::{validate_file_path, validate_no_backsteps};
use super::plugins::validate_plugin;
use crate::registry::content;
use crate::registry::objectmeta::{invalid_each, validate_annotations, validate_label_map};
use crate::registry::persistentvolumeclaim::validate_claim_spec;
use crate::registry::place::Place;

/// Valid volumes by name; containers can mount these.
pub(crate) type Volumes<'a> = SortedMap<&'a str, &'a Map<String, Value>>;

/// Fields of a Pod that a file may show.
const FILE_FIELDS: [&str; 5] =
    ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/// The sources in the order in which they are looked at, with the members they require.
const SOURCES: [(&str, &[&str]); 30] = [
    ("emptyDir", &[]),
    ("hostPath", &[]),
    ("gitRepo", &["repository"]),
    ("gcePersistentDisk", &[]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("secret", &["secretName"]),
    ("nfs", &["server", "path"]),
    ("iscsi", &["targetPortal", "iqn"]),
    ("glusterfs", &["endpoints", "path"]),
    ("flocker", &[]),
    ("persistentVolumeClaim", &["claimName"]),
    ("rbd", &[]),
    ("cinder", &["volumeID"]),
    ("cephfs", &[]),
    ("quobyte", &[]),
    ("downwardAPI", &[]),
    ("fc", &[]),
    ("flexVolume", &["driver"]),
    ("configMap", &["name"]),
    ("azureFile", &["secretName", "shareName"]),
    ("vsphereVolume", &["volumePath"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("storageos", &["volumeName"]),
    ("projected", &[]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
    ("csi", &["driver"]),
    ("ephemeral", &[]),
    ("image", &["reference"]),
];

/// The members that a source of this name requires.
pub(crate) fn required_members(name: &str) -> &'static [&'static str] {
    SOURCES.iter().find(|(source, _)| *source == name).map_or(&[], |(_, members)| members)
}

/// Checks the volumes of a pod spec; returns those that can be mounted.
pub(crate) fn validate_volumes<'a>(errors: &mut ErrorList, spec: &Place<'a>) -> Volumes<'a> {
    let mut volumes = Volumes::new();
    for volume in spec.list("volumes") {
        let mut own = ErrorList::new();
        validate_source(&mut own, &volume);
        let name = volume.str("name");
        if name.is_empty() {
            own.required(&volume.at("name"), "");
        } else {
            invalid_each(&mut own, &volume.at("name"), name, content::dns_label(name));
        }
        if volumes.contains_key(name) {
            own.duplicate(&volume.at("name"), name);
        }
        match volume.value.as_object() {
            Some(map) if own.is_empty() => drop(volumes.insert(name, map)),
            _ => errors.extend(own),
        }
    }
    volumes
}

fn validate_source(errors: &mut ErrorList, volume: &Place<'_>) {
    let mut sources = 0;
    for (name, required) in SOURCES {
        let Some(source) = volume.get(name) else { continue };
        sources += 1;
        if sources > 1 {
            errors.forbidden(&source.path, "may not specify more than 1 volume type");
            continue;
        }
        for member in required {
            if source.str(member).is_empty() {
                errors.required(&source.at(member), "");
            }
        }
        validate_one_source(errors, name, &source);
    }
    if sources == 0 {
        errors.required(&volume.path, "must specify a volume type");
    }
}

fn validate_one_source(errors: &mut ErrorList, name: &str, source: &Place<'_>) {
    match name {
        "emptyDir" => {
            let limit = source.value.get("sizeLimit").and_then(Quantity::from_value);
            if limit.is_some_and(|limit| limit.sign() < 0) {
                errors
                    .forbidden(&source.at("sizeLimit"), "SizeLimit field must be a valid resource quantity");
            }
        }
        "hostPath" => validate_host_path(errors, source),
        "secret" | "configMap" => {
            validate_mode(errors, source, "defaultMode");
            validate_items(errors, source);
        }
        "downwardAPI" => {
            validate_mode(errors, source, "defaultMode");
            for item in source.list("items") {
                validate_downward_file(errors, &item, source);
            }
        }
        "projected" => validate_projected(errors, source),
        "ephemeral" => match source.get("volumeClaimTemplate") {
            None => errors.required(&source.at("volumeClaimTemplate"), ""),
            Some(template) => validate_claim_template(errors, &template),
        },
        "image" => {
            let policy = source.str("pullPolicy");
            if !matches!(policy, "Always" | "IfNotPresent" | "Never") {
                let allowed = ["Always", "IfNotPresent", "Never"];
                errors.not_supported(&source.at("pullPolicy"), policy, &allowed);
            }
        }
        other => validate_plugin(errors, other, source),
    }
}

/// `ValidatePersistentVolumeClaimTemplate`.
fn validate_claim_template(errors: &mut ErrorList, template: &Place<'_>) {
    let metadata = template.member("metadata");
    let annotations = metadata.entries("annotations").map(|(k, v)| (k, v.as_str().unwrap_or("")));
    validate_annotations(errors, annotations, &metadata.at("annotations"));
    validate_label_map(errors, &metadata, "labels");
    for (name, _) in metadata.value.as_object().into_iter().flatten() {
        if !matches!(name.as_str(), "annotations" | "labels") {
            errors.forbidden(&metadata.at(name), "cannot be set");
        }
    }
    validate_claim_spec(errors, &template.member("spec"));
}

/// `validateHostPathVolumeSource`.
pub(crate) fn validate_host_path(errors: &mut ErrorList, source: &Place<'_>) {
    const TYPES: [&str; 8] =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    let path = source.str("path");
    if path.is_empty() {
        errors.required(&source.at("path"), "");
        return;
    }
    validate_no_backsteps(errors, path, &source.at("path"));
    let ty = source.str("type");
    if !TYPES.contains(&ty) {
        errors.not_supported(&source.at("type"), ty, &TYPES);
    }
}

fn validate_mode(errors: &mut ErrorList, source: &Place<'_>, member: &str) {
    if let Some(mode) = source.int(member).filter(|mode| !(0..=0o777).contains(mode)) {
        let detail = "must be a number between 0 and 0777 (octal), both inclusive";
        errors.invalid(&source.at(member), mode, detail);
    }
}

/// Keys of a `ConfigMap` or Secret as files: `validateKeyToPath`.
fn validate_items(errors: &mut ErrorList, source: &Place<'_>) {
    for item in source.list("items") {
        if item.str("key").is_empty() {
            errors.required(&item.at("key"), "");
        }
        validate_file_path(errors, item.str("path"), &item.at("path"));
        validate_mode(errors, &item, "mode");
    }
}

/// A field of the Pod as a file. Upstream names these paths without `items`.
fn validate_downward_file(errors: &mut ErrorList, item: &Place<'_>, source: &Place<'_>) {
    let item = &Place::new(item.value, source.path.clone());
    validate_file_path(errors, item.str("path"), &item.at("path"));
    match (item.get("fieldRef"), item.get("resourceFieldRef")) {
        (Some(field), other) => {
            validate_field_ref(errors, &field, &FILE_FIELDS);
            if other.is_some() {
                let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
                errors.invalid(&item.path, "resource", detail);
            }
        }
        (None, Some(resource)) => validate_resource_ref(errors, &resource, true),
        (None, None) => {
            errors.required(&item.path, "one of fieldRef and resourceFieldRef is required");
        }
    }
    validate_mode(errors, item, "mode");
}

fn validate_projected(errors: &mut ErrorList, source: &Place<'_>) {
    validate_mode(errors, source, "defaultMode");
    let mut paths: SortedSet<String> = SortedSet::new();
    for projection in source.list("sources") {
        let mut kinds = 0;
        for name in [
            "secret",
            "configMap",
            "downwardAPI",
            "serviceAccountToken",
            "clusterTrustBundle",
            "podCertificate",
        ] {
            let Some(inner) = projection.get(name) else { continue };
            kinds += 1;
            validate_projection(errors, name, &inner, source, &mut paths);
        }
        if kinds > 1 {
            errors.forbidden(&projection.path, "may not specify more than 1 volume type per source");
        }
    }
}

fn validate_projection(
    errors: &mut ErrorList,
    name: &str,
    inner: &Place<'_>,
    whole: &Place<'_>,
    paths: &mut SortedSet<String>,
) {
    match name {
        "secret" | "configMap" => {
            if inner.str("name").is_empty() {
                errors.required(&inner.at("name"), "");
            }
            validate_items(errors, inner);
        }
        "downwardAPI" => inner.list("items").for_each(|item| validate_downward_file(errors, &item, inner)),
        "serviceAccountToken" => validate_token(errors, inner, whole),
        _ => {}
    }
    for path in inner.list("items").map(|item| item.str("path")).filter(|path| !path.is_empty()) {
        // One path of a projected volume belongs to one source.
        if !paths.insert(path.to_owned()) {
            let shown = if name == "downwardAPI" { path } else { inner.str("name") };
            errors.invalid(&whole.path, shown, "conflicting duplicate paths");
        }
    }
}

/// Checks a token's lifetime and path. As upstream's, the error names the path as one of the whole volume.
fn validate_token(errors: &mut ErrorList, token: &Place<'_>, whole: &Place<'_>) {
    let seconds = token.int("expirationSeconds").unwrap_or(0);
    if seconds < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        errors.invalid(&token.at("expirationSeconds"), seconds, detail);
    }
    if seconds > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.invalid(&token.at("expirationSeconds"), seconds, detail);
    }
    validate_file_path(errors, token.str("path"), &whole.at("path"));
}
