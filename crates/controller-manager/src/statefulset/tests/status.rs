//! What a set says of itself: `StatefulSetStatus` of `apps/v1`, and the statuses that the recordings show.

use api::Kind;
use apimachinery::value::ValueExt;
use apiserver::{Actor, DeleteOptions, Propagation, Request};
use client::Outcome;
use serde_json::{Value, json};

use super::cluster::{Cluster, image, pod, set};

/// replicas, ready, available, current, updated.
fn counts(cluster: &Cluster) -> [i64; 5] {
    let set = cluster.get(&set());
    let members = ["replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas"];
    members.map(|member| set.status().i64_at(&[member]).unwrap_or(0))
}

/// Recorded: A01.
#[test]
fn a_set_that_comes_up_counts_its_pods() {
    let mut cluster = Cluster::new(json!({"replicas": 2}));
    cluster.sync();
    let revision = cluster.names(Kind::ControllerRevision)[0].clone();
    let expected = json!({"availableReplicas": 0, "collisionCount": 0, "currentRevision": revision,
        "observedGeneration": 1, "replicas": 0, "updateRevision": revision});
    assert_eq!(*cluster.get(&set()).status(), expected, "the new Pod counts when it is seen");
    cluster.sync();
    assert_eq!(counts(&cluster), [1, 0, 0, 1, 1]);
    cluster.ready("web-0");
    cluster.sync();
    assert_eq!(counts(&cluster), [1, 1, 1, 1, 1]);
    cluster.settle();
    assert_eq!(counts(&cluster), [2, 2, 2, 2, 2]);
}

/// Recorded: D01. The Pod that the update deletes is counted off at once.
#[test]
fn a_rolling_update_moves_the_counts_and_ends_with_the_current_revision() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let old = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 1, 0]);
    assert_eq!(cluster.status("observedGeneration"), 2);
    cluster.gone("web-1");
    cluster.sync();
    assert_eq!(counts(&cluster), [1, 1, 1, 1, 0]);
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 1, 1, 1, 1]);
    cluster.ready("web-1");
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 0, 1]);
    cluster.gone("web-0");
    cluster.sync();
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 1, 1, 0, 2]);
    assert_eq!(cluster.status("currentRevision"), old.as_str(), "not before all are Ready");
    cluster.ready("web-0");
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 2, 2]);
    assert_eq!(cluster.status("currentRevision"), cluster.revision_of("web-0").as_str());
}

/// `completeRollingUpdate` compares with `spec.replicas`: recorded C15.
#[test]
fn a_rollout_is_not_complete_while_pods_are_missing() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let old = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.scale(3);
    // web-2 is made from the update revision before the others are replaced.
    cluster.sync();
    cluster.ready("web-2");
    for name in ["web-0", "web-1"] {
        cluster.delete(&pod(name));
        cluster.gone(name);
    }
    cluster.sync();
    assert_eq!(counts(&cluster), [1, 1, 1, 0, 1], "one Pod, Ready and updated, and two are missing");
    assert_eq!(cluster.status("currentRevision"), old.as_str());
}

/// Recorded: D08.
#[test]
fn with_a_partition_the_current_revision_stays() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let old = cluster.revision_of("web-0");
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": 1}}}}));
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    assert_eq!(counts(&cluster), [2, 2, 2, 1, 1]);
    assert_eq!(cluster.status("currentRevision"), old.as_str());
}

/// Recorded: D19.
#[test]
fn with_on_delete_the_current_revision_never_moves() {
    let mut cluster = Cluster::settled(json!({"replicas": 1, "updateStrategy": {"type": "OnDelete"}}));
    let old = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.delete(&pod("web-0"));
    cluster.settle();
    assert_eq!(counts(&cluster), [1, 1, 1, 0, 1]);
    assert_eq!(cluster.status("currentRevision"), old.as_str());
}

/// Recorded: B07. The update counts a Pod off that was of no revision at all; the next sync corrects it.
#[test]
fn what_an_update_deletes_is_counted_off_blindly() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let label = "controller-revision-hash";
    cluster.change(&pod("web-1"), |pod| drop(pod.metadata.labels.insert(label.into(), "none".into())));
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 0, 1]);
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 1, 1]);
}

/// A Pod that leaves is there and may be Ready, but is neither current nor updated.
#[test]
fn a_pod_that_leaves_is_counted_as_ready_only() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    cluster.scale(1);
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 2, 2], "recorded: C02, the old counters with the new generation");
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 1, 1]);
}

#[test]
fn a_pod_is_available_when_it_was_ready_for_min_ready_seconds() {
    let spec = json!({"replicas": 2, "minReadySeconds": 10, "podManagementPolicy": "Parallel"});
    let mut cluster = Cluster::new(spec);
    cluster.sync();
    cluster.ready("web-0");
    cluster.wait(5);
    cluster.ready("web-1");
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 0, 2, 2]);
    cluster.wait(5);
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 1, 2, 2]);
    cluster.scale(1);
    cluster.wait(5);
    cluster.sync();
    assert_eq!(counts(&cluster), [2, 2, 2, 2, 2], "one that is to go counts, too");
}

/// `inconsistentStatus`.
#[test]
fn a_status_that_says_the_same_is_not_written() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let before = cluster.get(&set()).metadata.resource_version;
    assert_eq!(cluster.sync().batches, Vec::<Vec<String>>::new());
    assert_eq!(cluster.get(&set()).metadata.resource_version, before);
    // A change that moves nothing but the generation is acknowledged.
    cluster.patch_set(json!({"spec": {"revisionHistoryLimit": 3}}));
    assert_eq!(cluster.sync().batches, [["PUT statefulset/web"]]);
    assert_eq!(cluster.status("observedGeneration"), 2);
}

/// `updateStatefulSetStatus` tries again with the set that is there.
#[test]
fn a_conflict_does_not_lose_the_status() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    cluster.unready("web-0");
    cluster.stop_caches(true);
    cluster.change(&set(), |set| drop(set.metadata.annotations.insert("a".into(), "b".into())));
    let synced = cluster.sync();
    assert_eq!(
        synced.batches.concat(),
        ["PUT statefulset/web", "GET statefulset/web", "PUT statefulset/web"]
    );
    assert_eq!(synced.outcome, Outcome::Done);
    assert_eq!(counts(&cluster), [1, 0, 0, 1, 1]);
    assert_eq!(cluster.get(&set()).metadata.annotation("a"), "b", "nothing else is written over");
}

#[test]
fn a_set_that_is_gone_needs_no_status() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    cluster.unready("web-0");
    cluster.stop_caches(true);
    let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
    cluster.ask(&Request::delete(&Actor::user(), set(), options));
    assert_eq!(cluster.sync().outcome, Outcome::Done);
}

/// Recorded: A07.
#[test]
fn a_set_without_pods_is_complete_at_once() {
    let mut cluster = Cluster::settled(json!({"replicas": 0}));
    cluster.patch_set(image("nginx:2"));
    cluster.sync();
    assert_eq!(cluster.status("currentRevision"), cluster.status("updateRevision"));
    assert_eq!(cluster.status("updatedReplicas"), Value::Null);
}
