//! Admission: plugins complete objects on their way in, or refuse them.
//!
//! Plugins run in Kubernetes' order: limit ranges, service accounts, priorities, tolerations,
//! runtime classes, storage; quotas last, after validation, since only they write.
//!
//! Models: `pkg/kubeapiserver/options/plugins.go` and `plugin/pkg/admission` (the default plugins
//! of v1.36).
//! Differs: webhooks, policies, Pod security and node restriction are not modelled; new nodes get
//! no not-ready taint.

mod limitranger;
mod priority;
pub mod quota;
mod runtimeclass;
mod serviceaccount;
mod storage;
#[cfg(test)]
mod tests;
mod tolerations;

use api::{Kind, Object};
use apimachinery::Status;

use crate::etcd::Store;
use crate::registry::Context;

/// Completes an object; `old` is its predecessor in an update.
pub fn mutate(object: &mut Object, old: Option<&Object>, context: &mut Context<'_>) -> Result<(), Status> {
    match (object.kind, old) {
        (Kind::Pod, None) => {
            if limitranger::bounds(&object.metadata.namespace, context.store) {
                limitranger::set_defaults(object, context.store);
            }
            serviceaccount::admit(object, context)?;
            priority::admit(object, context.store)?;
            tolerations::admit(object);
            runtimeclass::admit(object)
        }
        (Kind::PersistentVolumeClaim, None) => {
            storage::set_default_class(object, context.store);
            storage::protect(object, "kubernetes.io/pvc-protection");
            Ok(())
        }
        (Kind::PersistentVolume, None) => {
            storage::protect(object, "kubernetes.io/pv-protection");
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Objects of one kind that the API server takes: what a browser's memory holds, with what they become. A real one
/// has no such limit; its sentence is that of a quota, so that all who create objects know what to do with it.
pub const OBJECTS_MAX: usize = 20_000;

fn has_room(object: &Object, store: &Store) -> Result<(), Status> {
    if !store.has_at_least(object.kind, OBJECTS_MAX) {
        return Ok(());
    }
    let info = object.kind.info();
    let group = if info.group.is_empty() { String::new() } else { format!(".{}", info.group) };
    let counted = |count: usize| format!("count/{}{group}={count}", info.plural);
    let (one, most) = (counted(1), counted(OBJECTS_MAX));
    let why = format!("exceeded quota: laboratory, requested: {one}, used: {most}, limited: {most}");
    Err(forbidden(object, &why))
}

/// Refuses an object that a plugin does not admit. Runs after validation.
pub fn validate(object: &Object, old: Option<&Object>, store: &Store) -> Result<(), Status> {
    if old.is_none() {
        has_room(object, store)?;
    }
    let bounded = limitranger::bounds(&object.metadata.namespace, store);
    match (object.kind, old) {
        (Kind::Pod, None) if bounded => limitranger::validate_pod(object, store),
        (Kind::PersistentVolumeClaim, old) => {
            if bounded {
                limitranger::validate_claim(object, store)?;
            }
            old.map_or(Ok(()), |old| storage::validate_resize(object, old, store))
        }
        (Kind::PriorityClass, _) => priority::validate_class(object, store),
        _ => Ok(()),
    }
}

/// `pods "web-0" is forbidden: <why>`; an object that has no name yet is called by its `generateName`.
fn forbidden(object: &Object, why: &str) -> Status {
    let info = object.kind.info();
    let meta = &object.metadata;
    let name = if meta.name.is_empty() { &meta.generate_name } else { &meta.name };
    Status::forbidden(info.plural, info.group, name, why)
}
