//! Claims: the default class, protection while in use, growth.
//!
//! Models: `plugin/pkg/admission/storage/{storageclass/setdefault,storageobjectinuseprotection,
//! persistentvolume/resize}`, `pkg/volume/util/storageclass.go`.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Quantity, Status};
use serde_json::Value;

use super::forbidden;
use crate::etcd::Store;

const BETA_CLASS: &str = "volume.beta.kubernetes.io/storage-class";
const DEFAULT_CLASS: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/// Gives a claim without a class the default one; of several the newest, and of those of one age the first by
/// name.
pub(super) fn set_default_class(claim: &mut Object, store: &Store) {
    if claim.spec().at(&["storageClassName"]).is_some() || claim.metadata.annotations.contains_key(BETA_CLASS)
    {
        return;
    }
    let is_default =
        |class: &&Rc<Object>| DEFAULT_CLASS.iter().any(|name| class.metadata.annotation(name) == "true");
    let newest = store.list(Kind::StorageClass, "").filter(is_default).max_by(|a, b| {
        let created = |class: &Object| class.metadata.creation_timestamp;
        created(a).cmp(&created(b)).then_with(|| b.metadata.name.cmp(&a.metadata.name))
    });
    if let Some(class) = newest {
        set_at(claim.spec_mut(), &["storageClassName"], class.metadata.name.as_str().into());
    }
}

/// Adds the finalizer that keeps an object as long as somebody uses it.
pub(super) fn protect(object: &mut Object, finalizer: &str) {
    if !object.metadata.finalizers.iter().any(|f| f == finalizer) {
        object.metadata.finalizers.push(finalizer.to_owned());
    }
}

/// Refuses a claim that grows though it is not bound, or though its class does not allow it.
pub(super) fn validate_resize(claim: &Object, old: &Object, store: &Store) -> Result<(), Status> {
    let size = |claim: &Object| {
        let size = claim.spec().at(&["resources", "requests", "storage"]);
        size.and_then(Quantity::from_value).unwrap_or(Quantity::ZERO)
    };
    if size(claim) <= size(old) {
        return Ok(());
    }
    if old.status().str_at(&["phase"]) != "Bound" {
        return Err(forbidden(claim, "Only bound persistent volume claims can be expanded"));
    }
    let class = match claim.metadata.annotation(BETA_CLASS) {
        "" => claim.spec().str_at(&["storageClassName"]),
        beta => beta,
    };
    let class = store.get(&Key::new(Kind::StorageClass, "", class));
    if class.is_some_and(|class| class.field("allowVolumeExpansion") == &Value::Bool(true)) {
        return Ok(());
    }
    let why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    Err(forbidden(claim, why))
}
