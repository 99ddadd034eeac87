//! Makes a volume for a claim, or says who should.
//!
//! Models: `persistentvolume/pv_controller.go` (`provisionClaim`, `provisionClaimOperation`,
//! `provisionClaimOperationExternal`), `pkg/volume/hostpath`.
//! Differs: the only in-tree plugin is `kubernetes.io/host-path`, as in the recorded clusters.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Request;
use client::{EventSpec, Halt, Turn};
use serde_json::{Value, json};

use super::bind::{reference, write_if_new};
use super::reason::VolumeReason;
use super::{
    BETA_STORAGE_PROVISIONER, BOUND_BY_CONTROLLER, EVENT_SOURCE, PROVISIONED_BY, STORAGE_PROVISIONER, class,
};

/// The in-tree plugin that can make volumes.
const HOST_PATH: &str = "kubernetes.io/host-path";
/// Plugins with this prefix are in-tree; any other name is a program of its own.
const IN_TREE: &str = "kubernetes.io/";
/// The finalizer that keeps an in-tree volume with policy Delete until the controller has deleted its
/// storage.
pub const IN_TREE_FINALIZER: &str = "kubernetes.io/pv-controller";

/// Whether the controller itself can make and delete volumes of this provisioner.
pub fn is_in_tree(provisioner: &str) -> bool {
    provisioner == HOST_PATH
}

/// Looks for somebody who makes a volume for the claim.
pub fn provision(claim: &Rc<Object>, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let Some(class) = class::of_claim(claim, &turn.seen()) else {
        let name = class::name_of(claim);
        let text = format!("storageclass.storage.k8s.io \"{name}\" not found");
        turn.event(EventSpec::warning(claim, "ProvisioningFailed", text, EVENT_SOURCE));
        turn.because(VolumeReason::WaitsForClass { claim: claim.key(), class: name.to_owned() });
        return Ok(());
    };
    let provisioner = class::provisioner(class).to_owned();
    if is_in_tree(&provisioner) {
        return make_host_path(claim, class, turn);
    }
    if provisioner.starts_with(IN_TREE) {
        let text = format!("no volume plugin matched name: {provisioner}");
        turn.event(EventSpec::warning(claim, "ProvisioningFailed", text, EVENT_SOURCE));
        turn.because(VolumeReason::WaitsForVolume { claim: claim.key(), class: class.metadata.name.clone() });
        return Ok(());
    }
    let claim = name_provisioner(claim, &provisioner, turn)?;
    let text = format!(
        "Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
    );
    turn.event(EventSpec::normal(&claim, "ExternalProvisioning", text, EVENT_SOURCE));
    turn.because(VolumeReason::WaitsForProvisioner { claim: claim.key(), provisioner });
    Ok(())
}

/// Writes on the claim who is to make its volume.
fn name_provisioner(claim: &Rc<Object>, provisioner: &str, turn: &mut Turn<'_>) -> Result<Rc<Object>, Halt> {
    let mut object = Object::clone(claim);
    for annotation in [STORAGE_PROVISIONER, BETA_STORAGE_PROVISIONER] {
        object.metadata.annotations.insert(annotation.to_owned(), provisioner.to_owned());
    }
    write_if_new(claim, object, turn)
}

fn make_host_path(claim: &Rc<Object>, class: &Object, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let claim = name_provisioner(claim, HOST_PATH, turn)?;
    if claim.spec().str_at(&["volumeMode"]) == "Block" {
        let text = format!(
            "Failed to provision volume with StorageClass \"{}\": {HOST_PATH} does not support block volume provisioning",
            class.metadata.name
        );
        turn.event(EventSpec::warning(&claim, "ProvisioningFailed", text, EVENT_SOURCE));
        turn.because(VolumeReason::WaitsForVolume { claim: claim.key(), class: class.metadata.name.clone() });
        return Ok(());
    }
    let volume = host_path_volume(&claim, class);
    let name = volume.metadata.name.clone();
    if turn.find(Kind::PersistentVolume, "", &name).is_some() {
        return Ok(());
    }
    let request = Request::create(turn.actor(), volume);
    match turn.try_request(request)? {
        Err(status) if status.reason != apimachinery::Reason::AlreadyExists => {
            return Err(Halt::Failed(status));
        }
        Ok(_) | Err(_) => {}
    }
    let text = format!("Successfully provisioned volume {name} using {HOST_PATH}");
    turn.event(EventSpec::normal(&claim, "ProvisioningSucceeded", text, EVENT_SOURCE));
    turn.because(VolumeReason::ProvisionsVolume { claim: claim.key(), volume: name });
    Ok(())
}

fn host_path_volume(claim: &Object, class: &Object) -> Object {
    let name = format!("pvc-{}", claim.metadata.uid);
    let mut volume = Object::new(Kind::PersistentVolume, "", &name);
    let policy = class.field("reclaimPolicy").as_str().unwrap_or("Delete");
    for (annotation, value) in [
        ("kubernetes.io/createdby", "hostpath-dynamic-provisioner"),
        (BOUND_BY_CONTROLLER, "yes"),
        (PROVISIONED_BY, HOST_PATH),
    ] {
        volume.metadata.annotations.insert(annotation.to_owned(), value.to_owned());
    }
    if policy == "Delete" {
        volume.metadata.finalizers.push(IN_TREE_FINALIZER.to_owned());
    }
    let size = claim.spec().at(&["resources", "requests", "storage"]).unwrap_or(&Value::Null);
    volume.set_field(
        "spec",
        json!({
            "accessModes": claim.spec().list_at(&["accessModes"]),
            "capacity": {"storage": size},
            "claimRef": reference(claim),
            "hostPath": {"path": format!("/tmp/hostpath_pv/{}", claim.metadata.uid), "type": ""},
            "persistentVolumeReclaimPolicy": policy,
            "storageClassName": class.metadata.name,
            "volumeMode": claim.spec().at(&["volumeMode"]).cloned().unwrap_or_else(|| "Filesystem".into()),
        }),
    );
    volume
}
