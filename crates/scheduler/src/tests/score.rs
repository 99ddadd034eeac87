//! Which of several nodes is the best.

use api::{Key, Kind};
use apimachinery::sorted::SortedSet;
use apimachinery::value::set_at;
use serde_json::json;

use super::cluster::Cluster;

#[test]
fn the_pods_of_a_service_spread_over_the_nodes() {
    let mut cluster = Cluster::new(3);
    cluster.create(
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx", "namespace": "default"},
        "spec": {"clusterIP": "None", "selector": {"app": "nginx"}, "ports": [{"port": 80, "name": "web"}]}}),
    );
    let mut nodes = SortedSet::new();
    for name in ["web-0", "web-1", "web-2"] {
        cluster.pod(name, json!({}));
        nodes.insert(cluster.node_of(name));
    }
    assert_eq!(nodes.len(), 3);
}

#[test]
fn a_preferred_node_wins_and_a_soft_taint_loses() {
    let mut cluster = Cluster::new(3);
    let prefers = |node: &str| {
        let term = json!({"key": "kubernetes.io/hostname", "operator": "In", "values": [node]});
        json!({"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
            {"weight": 1, "preference": {"matchExpressions": [term]}}]}}})
    };
    cluster.pod("web-0", prefers("node-2"));
    assert_eq!(cluster.node_of("web-0"), "node-2");
    for node in ["node-1", "node-3"] {
        cluster.change(&Key::new(Kind::Node, "", node), |node| {
            set_at(node.spec_mut(), &["taints"], json!([{"key": "a", "effect": "PreferNoSchedule"}]));
        });
    }
    cluster.pod("web-1", json!({}));
    assert_eq!(cluster.node_of("web-1"), "node-2");
}

#[test]
fn the_emptier_node_wins() {
    let mut cluster = Cluster::new(2);
    cluster.hungry("big", "32");
    let taken = cluster.node_of("big");
    cluster.hungry("web-0", "1");
    assert_ne!(cluster.node_of("web-0"), taken);
}

#[test]
fn chance_between_equals_comes_from_the_seed_and_the_pod() {
    let nodes = || {
        let mut cluster = Cluster::new(3);
        let names: Vec<String> = (0..12).map(|number| format!("job-{number}")).collect();
        names
            .iter()
            .map(|name| {
                cluster.pod(name, json!({}));
                cluster.node_of(name)
            })
            .collect::<Vec<_>>()
    };
    let first = nodes();
    assert_eq!(first, nodes());
    assert!(first.iter().collect::<SortedSet<_>>().len() > 1);
}
