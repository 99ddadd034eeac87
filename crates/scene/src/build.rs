//! A scene of a cluster.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::SortedSet;
use apimachinery::value::ValueExt;
use cluster::Cluster;
use controller_manager::nodelifecycle::{LEASES, monitor};

use crate::card::pod_card;
use crate::columns::{Column, Scene, SetScene};
use crate::dns::{self, Records};
use crate::known::Gone;
use crate::look;
use crate::model::{NodeRow, NodeState, ServiceScene};
use crate::set::Source;
use crate::storage;
use crate::story::Story;

/// The scene of a cluster at its moment. The story adds what the cluster no longer knows: the order in which
/// revisions appeared, former addresses, and sets that are gone.
pub fn build(cluster: &Cluster, story: &Story) -> Scene {
    let store = cluster.store();
    let at_micros = cluster.now().micros_since(cluster.origin());
    let nodes: Vec<NodeRow> = store.list(Kind::Node, "").map(|node| node_row(cluster, node)).collect();
    let records = dns::records(cluster);
    let source = Source { cluster, story, records: &records, nodes: &nodes };
    let mut sets: Vec<SetScene> = store.list(Kind::StatefulSet, "").map(|set| source.set(set)).collect();
    let gone = story.sets().gone(at_micros).filter(|gone| store.get(&gone.last.key()).is_none());
    let gone: Vec<&Gone> = gone.collect();
    sets.extend(gone.iter().filter_map(|gone| source.gone(gone)));
    sets.sort_by(|a, b| a.key.cmp(&b.key));
    let columns = || sets.iter().flat_map(|set| set.columns.iter());
    let shown: SortedSet<Key> = columns().filter_map(|c| Some(c.pod.as_ref()?.key.clone())).collect();
    let placed: SortedSet<Key> = columns().flat_map(claim_keys).collect();
    // Those of large sets whose columns are not drawn are only counted.
    let is_large = |set: &&Rc<Object>| sets.iter().any(|scene| scene.beyond > 0 && scene.key == set.key());
    let all = store.list(Kind::StatefulSet, "").chain(gone.iter().map(|gone| &gone.last));
    let large: Vec<&Rc<Object>> = all.filter(is_large).collect();
    let is_counted = |object: &Object| large.iter().any(|set| source.has(set, object));
    Scene {
        at_micros,
        other_pods: store
            .list(Kind::Pod, "")
            .filter(|pod| !shown.contains(&pod.key()) && !is_counted(pod))
            .map(|pod| pod_card(cluster, pod, &nodes, &[]))
            .collect(),
        services: store
            .list(Kind::Service, "")
            .filter(|s| !matches!(s.metadata.name.as_str(), "kubernetes" | "kube-dns"))
            .map(|service| service_scene(service, &records))
            .collect(),
        loose_volumes: store
            .list(Kind::PersistentVolume, "")
            .filter(|volume| storage::is_loose(cluster, volume))
            .map(|volume| storage::slab(cluster, volume, story.revisions()))
            .collect(),
        loose_claims: store
            .list(Kind::PersistentVolumeClaim, "")
            .filter(|claim| !placed.contains(&claim.key()) && !is_counted(claim))
            .map(|claim| storage::ticket(cluster, claim, story.revisions()))
            .collect(),
        nodes,
        sets,
    }
}

fn claim_keys(column: &Column) -> impl Iterator<Item = Key> {
    column.claims.iter().map(|claim| claim.key.clone())
}

/// When a node was last heard of.
fn heard(cluster: &Cluster, node: &Object) -> Time {
    let lease = cluster.store().get(&Key::new(Kind::Lease, LEASES, node.metadata.name.as_str()));
    monitor::last_heard(node, lease.map(|lease| &**lease))
}

fn node_row(cluster: &Cluster, node: &Object) -> NodeRow {
    let kubelet = cluster.kubelet(&node.metadata.name);
    let is_off = kubelet.is_some_and(|kubelet| !kubelet.has_power());
    let is_down = kubelet.is_some_and(|kubelet| !kubelet.is_up());
    let ready = node.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "Ready");
    let state = match ready.map_or("", |c| c.str_at(&["status"])) {
        "Unknown" => NodeState::Silent { since: look::node_silent_since(node).unwrap_or_default(), is_off },
        "True" if is_down => NodeState::Unnoticed {
            is_off,
            heard: heard(cluster, node),
            patience: i64::try_from(monitor::GRACE.as_micros()).unwrap_or(i64::MAX),
        },
        "True" => NodeState::Ready,
        _ => NodeState::NotReady,
    };
    NodeRow {
        name: node.metadata.name.clone(),
        state,
        cordoned: node.spec().bool_at(&["unschedulable"]) == Some(true),
    }
}

fn service_scene(service: &Object, records: &Records) -> ServiceScene {
    let ip = service.spec().str_at(&["clusterIP"]);
    let name = format!("{}.{}.svc.cluster.local", service.metadata.name, service.metadata.namespace);
    ServiceScene {
        key: service.key(),
        headless: ip == "None",
        cluster_ip: if ip == "None" { String::new() } else { ip.to_owned() },
        addresses: records.get(&name).cloned().unwrap_or_default(),
    }
}
