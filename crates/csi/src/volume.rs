//! What the PersistentVolume of a provisioner looks like.

use api::{Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use serde_json::{Value, json};

/// The annotation of a volume that names the provisioner that made it, and so will delete it.
pub const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// The annotation of a claim that names the provisioner which is to make its volume.
pub const STORAGE_PROVISIONER: &str = "volume.kubernetes.io/storage-provisioner";
/// [`STORAGE_PROVISIONER`] as it was called before v1.23.
pub const BETA_STORAGE_PROVISIONER: &str = "volume.beta.kubernetes.io/storage-provisioner";
/// The annotation of a claim that names the node which the scheduler has chosen for its first Pod.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// The finalizer that keeps a volume object until its storage is gone.
pub const PROVISIONER_FINALIZER: &str = "external-provisioner.volume.kubernetes.io/finalizer";

/// The one provisioner here whose volumes are directories of a node.
const LOCAL_PATH: &str = "rancher.io/local-path";

/// The name of the volume for a claim with this UID.
pub fn name_for(claim_uid: &str) -> String {
    format!("pvc-{claim_uid}")
}

/// Whether this provisioner's volumes live on one node.
pub fn is_local(provisioner: &str) -> bool {
    provisioner == LOCAL_PATH
}

/// The volume that `provisioner` makes for `claim` of `class`, on `node` if it was chosen.
///
/// # Errors What the provisioner says if it cannot make one: a local one needs to know the node.
pub fn volume_for(provisioner: &str, claim: &Object, class: &Object, node: &str) -> Result<Object, String> {
    let name = name_for(&claim.metadata.uid);
    let mut volume = Object::new(Kind::PersistentVolume, "", &name);
    volume.metadata.annotations.insert(PROVISIONED_BY.to_owned(), provisioner.to_owned());
    let mut spec = json!({
        "capacity": {"storage": claim.spec().at(&["resources", "requests", "storage"]).unwrap_or(&Value::Null)},
        "accessModes": claim.spec().list_at(&["accessModes"]),
        "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": claim.metadata.namespace,
            "name": claim.metadata.name, "uid": claim.metadata.uid,
            "resourceVersion": claim.metadata.resource_version.to_string()},
        "persistentVolumeReclaimPolicy": class.field("reclaimPolicy").as_str().unwrap_or("Delete"),
        "storageClassName": class.metadata.name,
        "volumeMode": claim.spec().at(&["volumeMode"]).cloned().unwrap_or_else(|| "Filesystem".into()),
    });
    if is_local(provisioner) {
        if node.is_empty() {
            return Err("configuration error, no node was specified".to_owned());
        }
        let claim_name = &claim.metadata.name;
        let path = format!("/opt/local-path-provisioner/{name}_{}_{claim_name}", claim.metadata.namespace);
        set_at(&mut spec, &["hostPath"], json!({"path": path, "type": "DirectoryOrCreate"}));
        let term = json!({"key": "kubernetes.io/hostname", "operator": "In", "values": [node]});
        let required = json!({"nodeSelectorTerms": [{"matchExpressions": [term]}]});
        set_at(&mut spec, &["nodeAffinity"], json!({"required": required}));
    } else {
        volume.metadata.finalizers.push(PROVISIONER_FINALIZER.to_owned());
        let parameters = class.field("parameters").as_object().cloned().unwrap_or_default();
        let source = json!({"driver": provisioner, "volumeHandle": name, "volumeAttributes": parameters});
        set_at(&mut spec, &["csi"], source);
    }
    volume.set_field("spec", spec);
    Ok(volume)
}
