//! Pods as the stage shows them.

use api::apps::parent_and_ordinal;
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::Cluster;

use crate::columns::RevisionBadge;
use crate::look;
use crate::model::{NodeRow, NodeState, PodCard, PodDetail, PodLook};

/// The first of a Pod's claims that is not bound.
fn unbound_claim(cluster: &Cluster, pod: &Object) -> Option<String> {
    let volumes = pod.spec().list_at(&["volumes"]).iter();
    let mut claims =
        volumes.map(|v| v.str_at(&["persistentVolumeClaim", "claimName"])).filter(|name| !name.is_empty());
    let bound = |name: &str| {
        let key = Key::new(Kind::PersistentVolumeClaim, pod.metadata.namespace.as_str(), name);
        cluster.store().get(&key).is_some_and(|claim| claim.status().str_at(&["phase"]) == "Bound")
    };
    claims.find(|name| !bound(name)).map(str::to_owned)
}

/// A Pod as the stage shows it, on one of these nodes and with one of these revisions.
pub fn pod_card(cluster: &Cluster, pod: &Object, nodes: &[NodeRow], badges: &[RevisionBadge]) -> PodCard {
    let node = Pod(pod).node_name();
    let claim = unbound_claim(cluster, pod);
    let state = nodes.iter().find(|row| row.name == node).map(|row| &row.state);
    let unheard = state.is_some_and(NodeState::is_lost);
    let mut shape = look::look(pod);
    let mut detail = None;
    match state {
        // Nobody is there who could end it, so no time is left that would run out.
        Some(NodeState::Silent { since, .. }) => {
            (shape, detail) = (PodLook::Unknown, Some(PodDetail::NodeSilent(*since)));
        }
        Some(NodeState::Unnoticed { .. }) => {
            if shape == PodLook::Terminating {
                shape = PodLook::Unknown;
            }
            detail = Some(PodDetail::Believed);
        }
        Some(NodeState::Ready | NodeState::NotReady) | None => {}
    }
    if shape == PodLook::Pending && claim.is_some() {
        shape = PodLook::PendingOnClaim;
    }
    let word = if shape == PodLook::Ready { "Ready".to_owned() } else { kubectl::printers::status_word(pod) };
    let restarts =
        pod.status().list_at(&["containerStatuses"]).iter().filter_map(|c| c.i64_at(&["restartCount"]));
    let revision = pod.metadata.label("controller-revision-hash");
    PodCard {
        key: pod.key(),
        uid: pod.metadata.uid.clone(),
        ordinal: parent_and_ordinal(&pod.metadata.name)
            .map(|(_, ordinal)| ordinal)
            .filter(|_| !badges.is_empty()),
        node: Some(node.to_owned()).filter(|node| !node.is_empty()),
        detail: detail.unwrap_or_else(|| look::detail(cluster, pod, shape, claim.as_deref())),
        look: shape,
        deleting: pod.metadata.is_deleting(),
        unheard,
        word,
        ready: kubectl::printers::ready(pod),
        restarts: restarts.sum(),
        image: pod.spec().list_at(&["containers"]).first().map_or("", |c| c.str_at(&["image"])).to_owned(),
        ip: Some(Pod(pod).ip().to_owned()).filter(|ip| !ip.is_empty()),
        revision: badges.iter().position(|r| r.name == revision),
        since: since(pod),
    }
}

fn since(pod: &Object) -> Time {
    Pod(pod).ready_since().or(pod.metadata.creation_timestamp).unwrap_or_default()
}
