//! `PersistentVolume`s.
//!
//! Models: `ValidatePersistentVolume`, `ValidatePersistentVolumeUpdate`,
//! `pkg/registry/core/persistentvolume/strategy.go`.
//! Differs: of plugins that exist in the API only, the members are not checked.

use api::Object;
use apimachinery::value::{ValueExt, as_map_mut, set_at};
use apimachinery::{ErrorList, Path};
use serde_json::{Value, json};

use super::Context;
use super::content;
use super::fill::{default, default_text, inner};
use super::golang::{internal, unified_diff};
use super::objectmeta::{invalid_each, validate_immutable, validate_object_meta_update};
use super::persistentvolumeclaim::{beta_class_warning, validate_access_modes};
use super::place::Place;
use super::podspec::affinity::validate_node_selector;
use super::podspec::paths::validate_no_backsteps;
use super::podspec::plugins::validate_plugin;
use super::podspec::resources::{resource_list, validate_quantity, validate_resource_name};
use super::podspec::volume_defaults::default_old_plugins;
use super::podspec::volumes::{required_members, validate_host_path};
use super::podspec::warnings::OLD_VOLUMES;
use super::strategy::Strategy;

/// The sources a volume may have.
const SOURCES: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// The annotation that `mountOptions` has replaced.
const MOUNT_OPTIONS: &str = "volume.beta.kubernetes.io/mount-options";

pub(crate) struct PersistentVolumeStrategy;

impl Strategy for PersistentVolumeStrategy {
    fn defaults(&self, object: &mut Object) {
        let spec = as_map_mut(object.spec_mut());
        default_text(spec, "persistentVolumeReclaimPolicy", "Retain");
        default(spec, "volumeMode", "Filesystem");
        if let Some(source) = inner(spec, "hostPath") {
            default(source, "type", "");
        }
        default_old_plugins(spec);
        default_text(as_map_mut(object.status_mut()), "phase", "Pending");
    }

    fn prepare_for_create(&self, object: &mut Object, context: &mut Context<'_>) {
        let now = context.now.rfc3339();
        object.set_field("status", json!({"phase": "Pending", "lastPhaseTransitionTime": now}));
    }

    fn prepare_for_status_update(&self, new: &mut Object, old: &Object, context: &mut Context<'_>) {
        let phase = |object: &Object| object.status().str_at(&["phase"]).to_owned();
        let since = |object: &Object| object.status().at(&["lastPhaseTransitionTime"]).cloned();
        if phase(new) != phase(old) && since(new) == since(old) {
            set_at(new.status_mut(), &["lastPhaseTransitionTime"], context.now.rfc3339().into());
        }
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        validate_spec(errors, &spec);
        let mountable = ["gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "nfs", "rbd", "quobyte"]
            .into_iter()
            .chain([
                "cephfs",
                "iscsi",
                "cinder",
                "azureFile",
                "vsphereVolume",
                "azureDisk",
                "storageos",
                "csi",
            ]);
        if object.metadata.annotations.contains_key(MOUNT_OPTIONS)
            && !mountable.into_iter().any(|source| spec.has(source))
        {
            let path = Path::new("metadata.annotations").child(MOUNT_OPTIONS);
            errors.forbidden(&path, "may not specify mount options for this volume type");
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        self.validate(errors, new);
        validate_source_update(errors, new.spec(), old.spec());
        let mode = |object: &Object| object.spec().get("volumeMode").cloned().unwrap_or(Value::Null);
        validate_immutable(errors, &mode(new), &mode(old), &Path::new("volumeMode"));
        let affinity = |object: &Object| object.spec().at(&["nodeAffinity"]).cloned();
        if let Some(stored) = affinity(old) {
            let new = affinity(new).unwrap_or(Value::Null);
            validate_immutable(errors, &new, &stored, &Path::new("spec.nodeAffinity"));
        }
    }

    fn warnings(&self, new: &Object, _old: Option<&Object>) -> Vec<String> {
        let mut out: Vec<String> = beta_class_warning(new).into_iter().collect();
        if new.metadata.annotations.contains_key(MOUNT_OPTIONS) {
            out.push(format!(
                "metadata.annotations[{MOUNT_OPTIONS}]: deprecated since v1.31; use \"mountOptions\" attribute instead"
            ));
        }
        if new.spec().str_at(&["persistentVolumeReclaimPolicy"]) == "Recycle" {
            out.push("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.".to_owned());
        }
        for (name, shown, text) in OLD_VOLUMES {
            if !matches!(name, "gitRepo" | "flocker" | "quobyte") && new.spec().at(&[name]).is_some() {
                out.push(format!("spec.{shown}: {text}"));
            }
        }
        out
    }
}

fn validate_source_update(errors: &mut ErrorList, new: &Value, old: &Value) {
    if SOURCES.iter().all(|name| new.at(&[name]) == old.at(&[name])) {
        return;
    }
    let form = |spec: &Value| internal::indented("PersistentVolumeSource", spec);
    let detail = format!(
        "spec.persistentvolumesource is immutable after creation\n{}",
        unified_diff(&form(old), &form(new))
    );
    errors.forbidden(&Path::new("spec.persistentvolumesource"), detail);
}

/// `ValidatePersistentVolumeSpec`.
fn validate_spec(errors: &mut ErrorList, spec: &Place<'_>) {
    validate_access_modes(errors, spec, "");
    let capacity = resource_list(spec.value.get("capacity"));
    let path = spec.at("capacity");
    if capacity.is_empty() {
        errors.required(&path, "");
    }
    if !capacity.contains_key("storage") || capacity.len() > 1 {
        let value = spec.member("capacity").value.clone();
        errors.not_supported(&path, value, &["storage"]);
    }
    for (name, amount) in &capacity {
        validate_resource_name(errors, name, &path.key(name));
        if amount.sign() < 0 {
            errors.invalid(&path.key(name), amount.value(), "must be a valid resource quantity");
        }
        if amount.sign() <= 0 {
            errors.invalid(&path.key(name), amount.to_string(), "must be greater than zero");
        } else {
            validate_quantity(errors, name, *amount, &path.key(name));
        }
    }
    let policy = spec.str("persistentVolumeReclaimPolicy");
    let allowed = ["Delete", "Recycle", "Retain"];
    if !allowed.contains(&policy) {
        errors.not_supported(&spec.at("persistentVolumeReclaimPolicy"), policy, &allowed);
    }
    if let Some(affinity) = spec.get("nodeAffinity") {
        match affinity.get("required") {
            Some(required) => validate_node_selector(errors, &required),
            None => errors.required(&affinity.at("required"), "must specify required node constraints"),
        }
    }
    validate_sources(errors, spec);
    let class = spec.str("storageClassName");
    if !class.is_empty() {
        invalid_each(errors, &spec.at("storageClassName"), class, content::dns_subdomain(class));
    }
    if let Some(mode) = spec.text("volumeMode").filter(|mode| !matches!(*mode, "Block" | "Filesystem")) {
        errors.not_supported(&spec.at("volumeMode"), mode, &["Block", "Filesystem"]);
    }
}

/// Checks a volume of a plugin. Volumes of Pods have the same rules, but for a few members.
fn validate_plugin_volume(errors: &mut ErrorList, name: &str, source: &Place<'_>) {
    let own: &[&str] = if name == "csi" { &["driver", "volumeHandle"] } else { required_members(name) };
    for member in own {
        if source.str(member).is_empty() {
            errors.required(&source.at(member), "");
        }
    }
    validate_plugin(errors, name, source);
    if name == "csi" {
        for reference in [
            "controllerPublishSecretRef",
            "controllerExpandSecretRef",
            "nodePublishSecretRef",
            "nodeExpandSecretRef",
        ] {
            let Some(secret) = source.get(reference) else { continue };
            for member in ["name", "namespace"] {
                if secret.str(member).is_empty() {
                    errors.required(&secret.at(member), "");
                }
            }
        }
    }
}

fn validate_sources(errors: &mut ErrorList, spec: &Place<'_>) {
    let mut sources = 0;
    for name in SOURCES {
        let Some(source) = spec.get(name) else { continue };
        sources += 1;
        if sources > 1 {
            errors.forbidden(&source.path, "may not specify more than 1 volume type");
            continue;
        }
        match name {
            "hostPath" => validate_host_path(errors, &source),
            "local" => {
                if source.str("path").is_empty() {
                    errors.required(&source.at("path"), "");
                } else {
                    validate_no_backsteps(errors, source.str("path"), &source.at("path"));
                }
                if !spec.has("nodeAffinity") {
                    errors.required(&spec.at("nodeAffinity"), "Local volume requires node affinity");
                }
            }
            other => validate_plugin_volume(errors, other, &source),
        }
    }
    let root = spec.member("hostPath").str("path") == "/";
    if root && spec.str("persistentVolumeReclaimPolicy") == "Recycle" {
        let detail = "may not be 'recycle' for a hostPath mount of '/'";
        errors.forbidden(&spec.at("persistentVolumeReclaimPolicy"), detail);
    }
    if let Some(class) = spec.text("volumeAttributesClassName") {
        if class.is_empty() {
            let detail = "an empty string is disallowed";
            errors.required(&spec.at("volumeAttributesClassName"), detail);
        } else {
            let path = spec.at("volumeAttributesClassName");
            invalid_each(errors, &path, class, content::dns_subdomain(class));
        }
        if !spec.has("csi") {
            let detail = "has to be specified when using volumeAttributesClassName";
            errors.required(&spec.at("csi"), detail);
        }
    }
    if sources == 0 {
        errors.required(&spec.path, "must specify a volume type");
    }
}
