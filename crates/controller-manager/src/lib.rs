//! The controllers of kube-controller-manager.
//!
//! Each is a [`client::Controller`]: changes wake it, it reads caches that lag, decides, and gives reasons.
//! They never call each other; they meet at the API server. [`statefulset`] is what all this is about; the
//! others are the world that it lives in.
//!
//! Models: `cmd/kube-controller-manager`, `pkg/controller`.

pub mod attachdetach;
mod conditions;
pub mod disruption;
pub mod endpoints;
pub mod endpointslice;
pub mod garbagecollector;
mod garbagecollector_reason;
pub mod namespace;
pub mod nodelifecycle;
pub mod persistentvolume;
pub mod podgc;
pub mod resourcequota;
mod service;
pub mod statefulset;
pub mod tainteviction;

use std::rc::Rc;

use client::Controller;

/// The names of the controllers that a cluster without node lifecycle leaves out.
pub const NODE_LIFECYCLE: &[&str] = &["node-lifecycle-controller", "taint-eviction-controller"];

/// All controllers, in the order in which they start.
pub fn controllers() -> Vec<Rc<dyn Controller>> {
    vec![
        Rc::new(namespace::Namespaces),
        Rc::new(statefulset::StatefulSetController::default()),
        Rc::new(persistentvolume::PersistentVolumeController),
        Rc::new(persistentvolume::ClaimProtection),
        Rc::new(persistentvolume::VolumeProtection),
        Rc::new(persistentvolume::ExpandController),
        Rc::new(attachdetach::AttachDetach::default()),
        Rc::new(endpointslice::EndpointSlices),
        Rc::new(endpoints::EndpointsController),
        Rc::new(disruption::Disruption),
        Rc::new(resourcequota::ResourceQuotas),
        Rc::new(garbagecollector::GarbageCollector),
        Rc::new(podgc::PodGc),
        Rc::new(nodelifecycle::NodeLifecycle),
        Rc::new(tainteviction::TaintEviction),
    ]
}
