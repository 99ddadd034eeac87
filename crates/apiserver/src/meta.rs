//! What the server itself keeps in an object's metadata.
//!
//! Models: `k8s.io/apiserver/pkg/registry/rest` (`BeforeCreate`, `BeforeUpdate`, preconditions).

use api::{Kind, Object};
use apimachinery::{Rng, Status, Time};

use crate::registry::namespace;

/// Gives a new object its UID, creation time and first generation.
pub(crate) fn stamp_new(object: &mut Object, now: Time, rng: &mut Rng) {
    object.metadata.uid = rng.uuid();
    object.metadata.creation_timestamp = Some(now.truncated_to_second());
    object.metadata.deletion_timestamp = None;
    object.metadata.deletion_grace_period_seconds = None;
    object.metadata.resource_version = 0;
    object.metadata.generation = i64::from(object.kind.info().has_generation);
}

/// Whether an object stays though it has no finalizers: a Pod in its grace period, a namespace that is not
/// empty.
pub(crate) fn is_held(object: &Object) -> bool {
    namespace::is_held(object)
        || (object.kind == Kind::Pod && object.metadata.deletion_grace_period_seconds.is_some_and(|s| s > 0))
}

/// Puts back, without a word, the members that a client cannot change.
pub(crate) fn keep_server_fields(object: &mut Object, old: &Object) {
    let (new, old) = (&mut object.metadata, &old.metadata);
    if new.uid.is_empty() {
        new.uid.clone_from(&old.uid);
    }
    if new.name.is_empty() {
        new.name.clone_from(&old.name);
    }
    new.creation_timestamp = old.creation_timestamp;
    new.deletion_timestamp = old.deletion_timestamp;
    new.deletion_grace_period_seconds = old.deletion_grace_period_seconds;
    new.resource_version = old.resource_version;
    new.generation = old.generation;
    new.generate_name.clone_from(&old.generate_name);
}

/// Refuses a write that names another resourceVersion or UID than the stored one.
pub(crate) fn check_preconditions(object: &Object, old: &Object) -> Result<(), Status> {
    let info = old.kind.info();
    let (new, stored) = (&object.metadata, &old.metadata);
    if new.resource_version != 0 && new.resource_version != stored.resource_version {
        return Err(Status::stale(info.plural, info.group, &stored.name));
    }
    if !new.uid.is_empty() && new.uid != stored.uid {
        return Err(Status::conflict(
            info.plural,
            info.group,
            &stored.name,
            &format!(
                "StorageError: invalid object, Code: 4, Key: /registry/{}/{}/{}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {}, UID in object meta: {}",
                info.plural, stored.namespace, stored.name, new.uid, stored.uid
            ),
        ));
    }
    Ok(())
}
