//! Storage outside the API: provisioners that make volumes for claims, and the disks behind the
//! volumes, whose bytes a person can see.
//!
//! Read in this order: [`disk`] is what lies on volumes; [`provisioner`] makes, grows and deletes
//! them, [`jobs`] is what it is at; [`volume`] is what the objects of volumes look like; [`reason`] says why.
//!
//! Models: `sigs.k8s.io/sig-storage-lib-external-provisioner`, `kubernetes-csi/external-provisioner`,
//! `kubernetes-csi/external-resizer`, `rancher/local-path-provisioner`.
//! Differs: attaching is not modelled here (the kubelet reports it); storage capacity is unlimited.

pub mod disk;
pub mod jobs;
pub mod provisioner;
pub mod reason;
pub mod volume;

pub use disk::{Disks, Line};
pub use provisioner::Provisioner;
