//! Volumes of plugins that exist in the API only.
//!
//! Models: `validateISCSIVolumeSource`, `validateFCVolumeSource` and their like, of Pods.
//! Differs: names of iSCSI are checked for their beginning alone.

use apimachinery::ErrorList;

use super::paths::validate_local_descending_path;
use crate::registry::content;
use crate::registry::objectmeta::invalid_each;
use crate::registry::place::Place;

/// Checks a source beyond its required members.
pub(crate) fn validate_plugin(errors: &mut ErrorList, name: &str, source: &Place<'_>) {
    match name {
        "nfs" if !source.str("path").starts_with('/') => {
            errors.invalid(&source.at("path"), source.str("path"), "must be an absolute path");
        }
        "gitRepo" => {
            validate_local_descending_path(errors, source.str("directory"), &source.at("directory"));
        }
        "gcePersistentDisk" => validate_gce_disk(errors, source),
        "iscsi" => validate_iscsi(errors, source),
        "fc" => validate_fc(errors, source),
        "flocker" => validate_flocker(errors, source),
        "quobyte" => validate_quobyte(errors, source),
        "cephfs" | "rbd" => {
            if source.items("monitors").is_empty() {
                errors.required(&source.at("monitors"), "");
            }
            if name == "rbd" && source.str("image").is_empty() {
                errors.required(&source.at("image"), "");
            }
        }
        "azureDisk" => validate_azure_disk(errors, source),
        "csi" => validate_csi(errors, source),
        "storageos" => {
            for member in ["volumeName", "volumeNamespace"] {
                let text = source.str(member);
                if !text.is_empty() {
                    invalid_each(errors, &source.at(member), text, content::dns_label(text));
                }
            }
        }
        _ => {}
    }
}

/// Upstream calls the member `persistentDisk`.
fn validate_gce_disk(errors: &mut ErrorList, source: &Place<'_>) {
    let path = source.path.as_str().replace("gcePersistentDisk", "persistentDisk");
    let source = Place::new(source.value, apimachinery::Path::new(path));
    if source.str("pdName").is_empty() {
        errors.required(&source.at("pdName"), "");
    }
    if let Some(partition) = source.int("partition").filter(|number| !(0..=255).contains(number)) {
        errors.invalid(&source.at("partition"), partition, "must be between 0 and 255, inclusive");
    }
}

fn validate_iscsi(errors: &mut ErrorList, source: &Place<'_>) {
    for (member, required) in [("iqn", true), ("initiatorName", false)] {
        let name = source.str(member);
        let known = ["iqn", "eui", "naa"].iter().any(|prefix| name.starts_with(prefix));
        if !name.is_empty() && !known {
            let shown = if required { "iqn" } else { "initiatorname" };
            errors.invalid(&source.at(shown), name, "must be valid format starting with iqn, eui, or naa");
        }
        if required {
            if let Some(lun) = source.int("lun").filter(|lun| !(0..=255).contains(lun)) {
                errors.invalid(&source.at("lun"), lun, "must be between 0 and 255, inclusive");
            }
            let wants_secret = source.flag("chapAuthDiscovery") || source.flag("chapAuthSession");
            if wants_secret && !source.has("secretRef") {
                errors.required(&source.at("secretRef"), "");
            }
        }
    }
}

fn validate_fc(errors: &mut ErrorList, source: &Place<'_>) {
    let (names, path) = (source.items("targetWWNs"), source.at("targetWWNs"));
    let others = source.items("wwids");
    if names.is_empty() && others.is_empty() {
        errors.required(&path, "must specify either targetWWNs or wwids, but not both");
    }
    if !names.is_empty() && !others.is_empty() {
        let value = source.member("targetWWNs").value.clone();
        errors.invalid(&path, value, "targetWWNs and wwids can not be specified simultaneously");
    }
    if !names.is_empty() {
        match source.int("lun") {
            None => errors.required(&source.at("lun"), "lun is required if targetWWNs is specified"),
            Some(lun) if !(0..=255).contains(&lun) => {
                errors.invalid(&source.at("lun"), lun, "must be between 0 and 255, inclusive");
            }
            Some(_) => {}
        }
    }
}

fn validate_flocker(errors: &mut ErrorList, source: &Place<'_>) {
    let (name, id) = (source.str("datasetName"), source.str("datasetUUID"));
    if name.is_empty() && id.is_empty() {
        errors.required(&source.path, "one of datasetName and datasetUUID is required");
    }
    if !name.is_empty() && !id.is_empty() {
        let detail = "datasetName and datasetUUID can not be specified simultaneously";
        errors.invalid(&source.path, "resource", detail);
    }
    if name.contains('/') {
        errors.invalid(&source.at("datasetName"), name, "must not contain '/'");
    }
}

fn validate_quobyte(errors: &mut ErrorList, source: &Place<'_>) {
    const PAIRS: &str = "must be a host:port pair or multiple pairs separated by commas";
    let registry = source.str("registry");
    if registry.is_empty() {
        errors.required(&source.at("registry"), PAIRS);
    } else {
        for _ in registry.split(',').filter(|pair| !pair.contains(':')) {
            errors.invalid(&source.at("registry"), registry, PAIRS);
        }
    }
    if source.str("volume").is_empty() {
        errors.required(&source.at("volume"), "");
    }
}

fn validate_azure_disk(errors: &mut ErrorList, source: &Place<'_>) {
    const MANAGED: &str =
        "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
    const BLOB: &str = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
    for (member, allowed) in
        [("cachingMode", ["None", "ReadOnly", "ReadWrite"]), ("kind", ["Dedicated", "Managed", "Shared"])]
    {
        if let Some(text) = source.text(member).filter(|text| !allowed.contains(text)) {
            errors.not_supported(&source.at(member), text, &allowed);
        }
    }
    let (kind, uri) = (source.str("kind"), source.str("diskURI"));
    if kind == "Managed" && !uri.starts_with("/subscriptions/") {
        errors.not_supported(&source.at("diskURI"), uri, &[MANAGED]);
    }
    if kind != "Managed" && !uri.starts_with("https://") {
        errors.not_supported(&source.at("diskURI"), uri, &[BLOB]);
    }
}

fn validate_csi(errors: &mut ErrorList, source: &Place<'_>) {
    let driver = source.str("driver");
    if !driver.is_empty() {
        // Drivers may have capital letters.
        let lower = driver.to_ascii_lowercase();
        let messages = content::dns_subdomain(&lower);
        invalid_each(errors, &source.at("driver"), driver, messages);
    }
    // A volume's reference names a namespace, too, and is checked with the others.
    let own = source.get("nodePublishSecretRef").filter(|_| !source.has("volumeHandle"));
    if let Some(secret) = own {
        let name = secret.str("name");
        if name.is_empty() {
            errors.required(&secret.at("name"), "");
        } else {
            invalid_each(errors, &source.at("name"), name, content::dns_subdomain(name));
        }
    }
}
