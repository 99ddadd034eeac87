//! What a volume gets when it leaves something out.
//!
//! Models: `pkg/apis/core/v1/defaults.go` (`SetDefaults_Volume` and the sources below it).

use serde_json::{Map, Value, json};

use super::image::default_pull_policy;
use crate::registry::fill::{default, default_text, each, inner};

/// The mode of files in volumes made of objects: 0644.
const FILE_MODE: i64 = 420;

/// Defaults of one volume of a pod spec.
pub(crate) fn default_volume(volume: &mut Map<String, Value>) {
    if volume.iter().all(|(name, source)| name == "name" || source.is_null()) {
        volume.insert("emptyDir".to_owned(), json!({}));
    }
    for source in ["configMap", "secret", "downwardAPI", "projected"] {
        if let Some(source) = inner(volume, source) {
            default(source, "defaultMode", FILE_MODE);
        }
    }
    if let Some(source) = inner(volume, "hostPath") {
        default(source, "type", "");
    }
    if let Some(source) = inner(volume, "downwardAPI") {
        default_downward_items(source);
    }
    if let Some(source) = inner(volume, "projected") {
        each(source, "sources").for_each(default_projection);
    }
    if let Some(source) = inner(volume, "image") {
        let policy = default_pull_policy(source.get("reference").and_then(Value::as_str).unwrap_or(""));
        default_text(source, "pullPolicy", policy);
    }
    let claim = inner(volume, "ephemeral").and_then(|e| inner(e, "volumeClaimTemplate"));
    if let Some(spec) = claim.and_then(|t| inner(t, "spec")) {
        default(spec, "volumeMode", "Filesystem");
    }
    default_old_plugins(volume);
}

fn default_downward_items(source: &mut Map<String, Value>) {
    for item in each(source, "items") {
        if let Some(field) = inner(item, "fieldRef") {
            default_text(field, "apiVersion", "v1");
        }
    }
}

fn default_projection(projection: &mut Map<String, Value>) {
    if let Some(token) = inner(projection, "serviceAccountToken") {
        default(token, "expirationSeconds", 3600);
    }
    if let Some(source) = inner(projection, "downwardAPI") {
        default_downward_items(source);
    }
    if let Some(certificate) = inner(projection, "podCertificate") {
        default(certificate, "maxExpirationSeconds", 86_400);
    }
}

/// Sources of plugins that exist in the API only.
pub(crate) fn default_old_plugins(volume: &mut Map<String, Value>) {
    if let Some(source) = inner(volume, "iscsi") {
        default_text(source, "iscsiInterface", "default");
    }
    if let Some(source) = inner(volume, "rbd") {
        default_text(source, "pool", "rbd");
        default_text(source, "user", "admin");
        default_text(source, "keyring", "/etc/ceph/keyring");
    }
    if let Some(source) = inner(volume, "azureDisk") {
        default(source, "cachingMode", "ReadWrite");
        default(source, "kind", "Shared");
        default(source, "fsType", "ext4");
        default(source, "readOnly", false);
    }
    if let Some(source) = inner(volume, "scaleIO") {
        default_text(source, "storageMode", "ThinProvisioned");
        default_text(source, "fsType", "xfs");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_get_their_modes_and_an_empty_volume_a_directory() {
        let cases = [
            (json!({"name": "a"}), json!({"name": "a", "emptyDir": {}})),
            (
                json!({"name": "a", "configMap": {"name": "x"}}),
                json!({"name": "a", "configMap": {"name": "x", "defaultMode": 420}}),
            ),
            (
                json!({"name": "a", "hostPath": {"path": "/x"}}),
                json!({"name": "a", "hostPath": {"path": "/x", "type": ""}}),
            ),
            (
                json!({"name": "a", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}),
                json!({"name": "a", "projected": {"defaultMode": 420,
                    "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}}),
            ),
        ];
        for (mut volume, expected) in cases {
            if let Some(volume) = volume.as_object_mut() {
                default_volume(volume);
            }
            assert_eq!(volume, expected);
        }
    }
}
