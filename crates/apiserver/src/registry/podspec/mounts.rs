//! Volume mounts and devices of containers.
//!
//! Models: `ValidateVolumeMounts`, `ValidateVolumeDevices`.

use apimachinery::sorted::SortedSet;
use apimachinery::{ErrorList, Path};
use serde_json::Value;

use super::paths::validate_local_descending_path;
use super::volumes::Volumes;
use crate::registry::place::Place;

/// Checks the mounts and devices of a container against the volumes of its Pod.
pub(crate) fn validate_mounts(errors: &mut ErrorList, container: &Place<'_>, volumes: &Volumes<'_>) {
    let mut paths = SortedSet::new();
    for mount in container.list("volumeMounts") {
        validate_mount(errors, &mount, volumes);
        let path = mount.str("mountPath");
        if !paths.insert(path) {
            errors.invalid(&mount.at("mountPath"), path, "must be unique");
        }
        let devices = || container.items("volumeDevices").iter();
        let same = |device: &Value, member: &str, text: &str| {
            device.get(member).and_then(Value::as_str) == Some(text)
        };
        if devices().any(|d| same(d, "name", mount.str("name"))) {
            let detail = "must not already exist in volumeDevices";
            errors.invalid(&mount.at("name"), mount.str("name"), detail);
        }
        if devices().any(|d| same(d, "devicePath", path)) {
            let detail = "must not already exist as a path in volumeDevices";
            errors.invalid(&mount.at("mountPath"), path, detail);
        }
        validate_sub_paths(errors, &mount, &container.at("volumeMounts"));
        validate_propagation(errors, &mount, container);
    }
    validate_devices(errors, container, volumes);
}

fn validate_mount(errors: &mut ErrorList, mount: &Place<'_>, volumes: &Volumes<'_>) {
    let name = mount.str("name");
    if name.is_empty() {
        errors.required(&mount.at("name"), "");
    }
    match volumes.get(name) {
        None => errors.not_found(&mount.at("name"), name),
        Some(volume) if volume.get("image").is_some_and(|v| !v.is_null()) => {
            for member in ["subPath", "subPathExpr"] {
                if !mount.str(member).is_empty() {
                    let detail = "not allowed in image volume sources";
                    errors.invalid(&mount.at(member), mount.str(member), detail);
                }
            }
        }
        Some(_) => {}
    }
    if mount.str("mountPath").is_empty() {
        errors.required(&mount.at("mountPath"), "");
    }
}

/// Checks the paths inside a volume. As upstream's, the errors name the list and not the mount.
fn validate_sub_paths(errors: &mut ErrorList, mount: &Place<'_>, list: &Path) {
    let (path, expression) = (mount.str("subPath"), mount.str("subPathExpr"));
    if !path.is_empty() {
        validate_local_descending_path(errors, path, &list.child("subPath"));
    }
    if !expression.is_empty() {
        if !path.is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            errors.invalid(&mount.at("subPathExpr"), expression, detail);
        }
        validate_local_descending_path(errors, expression, &list.child("subPathExpr"));
    }
}

fn validate_propagation(errors: &mut ErrorList, mount: &Place<'_>, container: &Place<'_>) {
    let list = container.at("volumeMounts");
    if let Some(mode) = mount.text("mountPropagation") {
        let path = list.child("mountPropagation");
        if !matches!(mode, "None" | "HostToContainer" | "Bidirectional") {
            errors.not_supported(&path, mode, &["Bidirectional", "HostToContainer", "None"]);
        } else if mode == "Bidirectional" && !container.member("securityContext").flag("privileged") {
            errors.forbidden(
                &path,
                "Bidirectional mount propagation is available only to privileged containers",
            );
        }
    }
    let Some(mode) = mount.text("recursiveReadOnly") else { return };
    let path = list.child("recursiveReadOnly");
    match mode {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !mount.flag("readOnly") {
                errors.forbidden(&path, "may only be specified when readOnly is true");
            }
            if !matches!(mount.str("mountPropagation"), "" | "None") {
                errors
                    .forbidden(&path, "may only be specified when mountPropagation is None or not specified");
            }
        }
        other => errors.not_supported(&path, other, &["Disabled", "Enabled", "IfPossible"]),
    }
}

fn validate_devices(errors: &mut ErrorList, container: &Place<'_>, volumes: &Volumes<'_>) {
    let (mut names, mut paths) = (SortedSet::new(), SortedSet::new());
    for device in container.list("volumeDevices") {
        let (name, path) = (device.str("name"), device.str("devicePath"));
        if name.is_empty() {
            errors.required(&device.at("name"), "");
        }
        if !name.is_empty() && !names.insert(name) {
            errors.invalid(&device.at("name"), name, "must be unique");
        }
        match volumes.get(name) {
            None => errors.not_found(&device.at("name"), name),
            Some(v) if v.get("persistentVolumeClaim").is_none() && v.get("ephemeral").is_none() => {
                let detail =
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.invalid(&device.at("name"), name, detail);
            }
            Some(_) => {}
        }
        if path.is_empty() {
            errors.required(&device.at("devicePath"), "");
        }
        if paths.contains(path) {
            errors.invalid(&device.at("devicePath"), path, "must be unique");
        }
        if path.split('/').any(|part| part == "..") {
            errors.invalid(&device.at("devicePath"), path, "can not contain backsteps ('..')");
        } else {
            paths.insert(path);
        }
        validate_device_against_mounts(errors, &device, container);
    }
}

fn validate_device_against_mounts(errors: &mut ErrorList, device: &Place<'_>, container: &Place<'_>) {
    for (member, theirs, detail) in [
        ("name", "name", "must not already exist in volumeMounts"),
        ("devicePath", "mountPath", "must not already exist as a path in volumeMounts"),
    ] {
        let text = device.str(member);
        let taken = container.list("volumeMounts").any(|mount| mount.str(theirs) == text);
        if taken {
            errors.invalid(&device.at(member), text, detail);
        }
    }
}
