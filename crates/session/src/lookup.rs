//! Finds a Pod, and what its kubelet knows of it.

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Status;
use apimachinery::value::ValueExt;
use cluster::Cluster;
use kubelet::worker::Worker;

/// A Pod by name.
pub(crate) fn pod<'c>(cluster: &'c Cluster, namespace: &str, name: &str) -> Result<&'c Object, Status> {
    let found = cluster.store().get(&Key::new(Kind::Pod, namespace, name));
    found.map(|pod| &**pod).ok_or_else(|| Status::not_found("pods", "", name))
}

/// What the API server says when it cannot pass a request on to a Pod's kubelet: nobody answers on a node without
/// power or network, and nobody listens on one whose kubelet has stopped.
pub(crate) fn unreachable(cluster: &Cluster, pod: &Object) -> Option<String> {
    let node = Pod(pod).node_name();
    let kubelet = cluster.kubelet(node)?;
    let why = if !kubelet.has_power() || cluster.is_cut_off(node) {
        "i/o timeout"
    } else if kubelet.is_up() {
        return None;
    } else {
        "connect: connection refused"
    };
    let object = cluster.store().get(&Key::new(Kind::Node, "", node));
    let addresses = object.map_or(&[][..], |node| node.status().list_at(&["addresses"])).iter();
    let mut internal = addresses.filter(|address| address.str_at(&["type"]) == "InternalIP");
    let ip = internal.next().map_or("", |address| address.str_at(&["address"]));
    Some(format!("dial tcp {ip}:10250: {why}"))
}

/// What a Pod's kubelet knows of it; `None` without a node, or before the kubelet has heard of it.
pub(crate) fn worker<'c>(cluster: &'c Cluster, pod: &Object) -> Option<&'c Worker> {
    cluster.kubelet(Pod(pod).node_name())?.worker(&pod.metadata.namespace, &pod.metadata.name)
}
