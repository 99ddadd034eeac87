//! Finds a Pod, and what its kubelet knows of it.

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Status;
use cluster::Cluster;
use kubelet::worker::Worker;

/// A Pod by name.
pub(crate) fn pod<'c>(cluster: &'c Cluster, namespace: &str, name: &str) -> Result<&'c Object, Status> {
    let found = cluster.store().get(&Key::new(Kind::Pod, namespace, name));
    found.map(|pod| &**pod).ok_or_else(|| Status::not_found("pods", "", name))
}

/// What a Pod's kubelet knows of it; `None` without a node, or before the kubelet has heard of it.
pub(crate) fn worker<'c>(cluster: &'c Cluster, pod: &Object) -> Option<&'c Worker> {
    cluster.kubelet(Pod(pod).node_name())?.worker(&pod.metadata.namespace, &pod.metadata.name)
}
