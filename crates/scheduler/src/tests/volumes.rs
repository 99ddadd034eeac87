//! Claims that wait for their first Pod, and volumes that keep Pods to their places.

use api::core::Pod;
use api::{Key, Kind};
use apimachinery::value::ValueExt;
use client::Outcome;

use super::cluster::{Cluster, Decided, claim_key, pod_key};

const AFTER: &str = "no new claims to deallocate, preemption: 0/3 nodes are available:";

fn names(decided: &Decided) -> Vec<&'static str> {
    decided.reasons.iter().map(|reason| reason.name()).collect()
}

#[test]
fn a_volume_is_made_for_the_chosen_node_before_the_pod_goes_there() {
    let mut cluster = Cluster::new(3);
    cluster.class("wffc", "kubernetes.io/host-path", "WaitForFirstConsumer");
    cluster.claim("www-web-0", "wffc", "ReadWriteOnce");
    cluster.mounts("web-0", "www-web-0");
    let decided = cluster.schedule("web-0");
    assert_eq!((&decided.outcome, decided.events.len()), (&Outcome::Done, 0));
    assert_eq!(names(&decided), ["SelectsNodeForClaim", "WaitsForVolumes"]);
    let chosen = cluster
        .get(&claim_key("www-web-0"))
        .metadata
        .annotation("volume.kubernetes.io/selected-node")
        .to_owned();
    assert!(chosen.starts_with("node-"), "{chosen}");
    let pod = cluster.get(&pod_key("web-0"));
    assert_eq!((Pod(&pod).node_name(), pod.status().str_at(&["nominatedNodeName"])), ("", chosen.as_str()));

    let decided = cluster.schedule("web-0");
    assert_eq!((decided.outcome, decided.events.len(), decided.reasons.len()), (Outcome::Done, 0, 0));

    cluster.local_volume("pvc-1", &chosen, "1Gi");
    let woken = cluster.woken_by(|cluster| cluster.bind_claim("www-web-0", "pvc-1"));
    assert_eq!(woken, ["web-0", "web-0"]);
    assert_eq!(cluster.node_of("web-0"), chosen);
}

#[test]
fn the_smallest_existing_volume_of_the_node_is_reserved() {
    let mut cluster = Cluster::new(3);
    cluster.class("local", "kubernetes.io/no-provisioner", "WaitForFirstConsumer");
    cluster.local_volume("large", "node-2", "5Gi");
    cluster.local_volume("small", "node-2", "2Gi");
    cluster.local_volume("tiny", "node-2", "500Mi");
    let claim = cluster.claim("www-web-0", "local", "ReadWriteOnce");
    cluster.mounts("web-0", "www-web-0");
    let decided = cluster.schedule("web-0");
    assert_eq!(names(&decided), ["ReservesVolume", "WaitsForVolumes"]);
    let volume = cluster.get(&Key::new(Kind::PersistentVolume, "", "small"));
    assert_eq!(volume.spec().str_at(&["claimRef", "uid"]), claim.metadata.uid);
    assert_eq!(volume.metadata.annotation("pv.kubernetes.io/bound-by-controller"), "yes");
    cluster.bind_claim("www-web-0", "small");
    assert_eq!(cluster.node_of("web-0"), "node-2");

    cluster.claim("www-web-1", "local", "ReadWriteOnce");
    cluster.mounts("web-1", "www-web-1");
    cluster.schedule("web-1");
    cluster.claim("www-web-2", "local", "ReadWriteOnce");
    cluster.mounts("web-2", "www-web-2");
    let text = "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind.";
    assert_eq!(
        cluster.refusal("web-2"),
        format!("{text} {AFTER} 3 Preemption is not helpful for scheduling.")
    );
}

#[test]
fn a_bound_volume_keeps_the_pod_to_its_node() {
    let mut cluster = Cluster::new(3);
    cluster.local_volume("lost", "node-9", "1Gi");
    cluster.claim("www-web-0", "local", "ReadWriteOnce");
    cluster.bind_claim("www-web-0", "lost");
    cluster.mounts("web-0", "www-web-0");
    let text = "0/3 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity.";
    assert_eq!(
        cluster.refusal("web-0"),
        format!("{text} {AFTER} 3 Preemption is not helpful for scheduling.")
    );
}

#[test]
fn a_claim_for_one_pod_only_is_in_use() {
    let mut cluster = Cluster::new(3);
    cluster.local_volume("v", "node-1", "1Gi");
    cluster.claim("www-web-0", "local", "ReadWriteOncePod");
    cluster.bind_claim("www-web-0", "v");
    cluster.mounts("debug", "www-web-0");
    assert_eq!(cluster.node_of("debug"), "node-1");
    cluster.mounts("web-0", "www-web-0");
    let text = "0/3 nodes are available: 3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod \
                access mode already in-use by another pod.";
    assert_eq!(
        cluster.refusal("web-0"),
        format!("{text} {AFTER} 3 No preemption victims found for incoming pod.")
    );
}

#[test]
fn a_place_is_taken_while_its_volume_is_being_made() {
    let mut cluster = Cluster::new(1);
    cluster.class("wffc", "kubernetes.io/host-path", "WaitForFirstConsumer");
    cluster.claim("www-web-0", "wffc", "ReadWriteOncePod");
    cluster.mounts("web-0", "www-web-0");
    cluster.schedule("web-0");
    cluster.mounts("web-1", "www-web-0");
    assert!(cluster.refusal("web-1").contains("already in-use by another pod"));
}
