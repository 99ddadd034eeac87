//! Claims meet volumes: binding, in-tree provisioning, reclaiming, protection, expansion.
//!
//! Read in this order: [`binder`] is the controller, [`claim`] and [`volume`] are its two halves,
//! [`matching`] finds the volume for a claim, [`bind`] writes a binding, [`provision`] makes a
//! volume or says who should, [`class`] knows StorageClasses, [`protection`] keeps what is in use,
//! [`expand`] announces growth, [`reason`] says why.
//!
//! Models: `pkg/controller/volume/{persistentvolume,pvcprotection,pvprotection,expand}`.
//! Differs: volumes are not recycled (a policy that Kubernetes has given up); in-tree provisioning
//! and deletion take no time of their own, where upstream runs them beside the queue.

pub mod bind;
pub mod binder;
pub mod claim;
pub mod class;
pub mod expand;
pub mod matching;
pub mod protection;
mod protection_reason;
pub mod provision;
pub mod reason;
pub mod volume;

pub use binder::PersistentVolumeController;
pub use expand::ExpandController;
pub use protection::{ClaimProtection, VolumeProtection};

/// A claim is bound to its volume for good.
pub const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// The binding was made by the controller, not asked for by a person.
pub const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// Which provisioner made a volume.
pub const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// Which provisioner a claim waits for.
pub const STORAGE_PROVISIONER: &str = "volume.kubernetes.io/storage-provisioner";
/// [`STORAGE_PROVISIONER`] as it was called before v1.23.
pub const BETA_STORAGE_PROVISIONER: &str = "volume.beta.kubernetes.io/storage-provisioner";
/// The node that the scheduler has chosen for the first Pod of a claim.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// The source component of the controller's events.
pub const EVENT_SOURCE: &str = "persistentvolume-controller";
