//! In which order Pods come and go: `docs/concepts/workloads/controllers/statefulset`, "Deployment and Scaling
//! Guarantees" and "Pod Management Policies".

use std::time::Duration;

use api::Object;
use apiserver::{Actor, DeleteOptions, Propagation, Request};
use client::Outcome;
use serde_json::json;

use super::cluster::{Cluster, pod, set};

const NOTHING: [&str; 0] = [];

#[test]
fn the_next_pod_is_made_when_the_last_one_runs_and_is_ready() {
    let mut cluster = Cluster::new(json!({"replicas": 2}));
    assert_eq!(cluster.sync().pods(), ["POST web-0"]);
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.unready("web-0");
    let synced = cluster.sync();
    assert_eq!((synced.pods(), synced.reasons), (vec![], vec!["WaitsForReadyPredecessor".to_owned()]));
    cluster.ready("web-0");
    assert_eq!(cluster.sync().pods(), ["POST web-1"]);
    cluster.ready("web-1");
    assert_eq!(cluster.sync().pods(), NOTHING);
    assert!(cluster.sync().is_idle());
}

#[test]
fn a_pod_on_its_way_out_is_waited_for_even_while_it_is_ready() {
    let mut cluster = Cluster::new(json!({"replicas": 2}));
    cluster.sync();
    cluster.ready("web-0");
    cluster.delete(&pod("web-0"));
    let synced = cluster.sync();
    assert_eq!((synced.pods(), synced.reasons), (vec![], vec!["WaitsForTermination".to_owned()]));
    cluster.gone("web-0");
    assert_eq!(cluster.sync().pods(), ["POST web-0"]);
}

/// `MaxBatchSize` and slow start: 1, 2, 4, … at the same time.
#[test]
fn parallel_makes_them_in_growing_batches_and_waits_for_none() {
    let mut cluster = Cluster::new(json!({"replicas": 9, "podManagementPolicy": "Parallel"}));
    let synced = cluster.sync();
    let pods: Vec<usize> = synced.batches.iter().filter(|b| b[0].contains("pod/")).map(Vec::len).collect();
    assert_eq!(pods, [1, 2, 4, 2]);
    assert_eq!(synced.pods().len(), 9);
}

/// Recorded: F01, F02.
#[test]
fn a_pod_that_has_ended_is_deleted_once_and_made_again() {
    for phase in ["Failed", "Succeeded"] {
        let mut cluster = Cluster::settled(json!({"replicas": 2}));
        cluster.ended("web-1", phase);
        let hold = |pod: &mut Object, held: bool| {
            pod.metadata.finalizers = held.then(|| "example.com/hold".to_owned()).into_iter().collect();
        };
        cluster.change(&pod("web-1"), |pod| hold(pod, true));
        let synced = cluster.sync();
        assert_eq!(synced.pods(), ["DELETE web-1"], "{phase}");
        assert_eq!(synced.events, ["SuccessfulDelete: Delete Pod web-1 in StatefulSet web successful"]);
        assert_eq!(cluster.sync().pods(), NOTHING, "it is leaving already");
        cluster.change(&pod("web-1"), |pod| hold(pod, false));
        assert_eq!(cluster.sync().pods(), ["POST web-1"]);
    }
}

/// Recorded: A10.
#[test]
fn min_ready_seconds_hold_the_next_pod_back() {
    let mut cluster = Cluster::new(json!({"replicas": 2, "minReadySeconds": 10}));
    cluster.sync();
    cluster.ready("web-0");
    cluster.wait(4);
    let synced = cluster.sync();
    assert_eq!(synced.pods(), NOTHING);
    assert_eq!(synced.outcome, Outcome::DoneAndRequeueAfter(Duration::from_secs(6)));
    cluster.wait(6);
    assert_eq!(cluster.sync().pods(), ["POST web-1"]);
}

/// `FindMinNextPodAvailabilityCheck`.
#[test]
fn the_next_look_is_when_the_first_pod_becomes_available() {
    let spec = json!({"replicas": 2, "minReadySeconds": 10, "podManagementPolicy": "Parallel"});
    let mut cluster = Cluster::new(spec);
    cluster.sync();
    cluster.ready("web-0");
    cluster.wait(3);
    cluster.ready("web-1");
    assert_eq!(cluster.sync().outcome, Outcome::DoneAndRequeueAfter(Duration::from_secs(7)));
    cluster.wait(7);
    assert_eq!(cluster.sync().outcome, Outcome::DoneAndRequeueAfter(Duration::from_secs(3)));
    cluster.wait(3);
    assert_eq!(cluster.sync().outcome, Outcome::Done);
}

/// Recorded: C02.
#[test]
fn scaling_down_takes_the_highest_and_waits_until_it_is_gone() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    cluster.scale(1);
    let synced = cluster.sync();
    assert_eq!(synced.pods(), ["DELETE web-2"]);
    assert_eq!(synced.events, ["SuccessfulDelete: Delete Pod web-2 in StatefulSet web successful"]);
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.gone("web-2");
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
    cluster.gone("web-1");
    assert_eq!(cluster.sync().pods(), NOTHING);
}

/// Recorded: C07.
#[test]
fn parallel_takes_all_that_are_too_many_at_once() {
    let mut cluster = Cluster::settled(json!({"replicas": 4, "podManagementPolicy": "Parallel"}));
    cluster.unready("web-0");
    cluster.delete(&pod("web-2"));
    cluster.scale(1);
    let mut deleted = cluster.sync().pods();
    deleted.sort();
    assert_eq!(deleted, ["DELETE web-1", "DELETE web-3"], "web-2 is leaving already");
}

/// Recorded: C03.
#[test]
fn scaling_down_waits_for_every_pod_that_stays() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    cluster.unready("web-0");
    cluster.scale(2);
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.ready("web-0");
    assert_eq!(cluster.sync().pods(), ["DELETE web-2"]);
}

/// Recorded: C04.
#[test]
fn the_first_pod_that_is_unhealthy_may_go() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    cluster.unready("web-2");
    cluster.scale(1);
    assert_eq!(cluster.sync().pods(), ["DELETE web-2"]);
}

/// Recorded: C05, C06.
#[test]
fn an_unhealthy_pod_waits_for_a_lower_unhealthy_one() {
    let mut cluster = Cluster::settled(json!({"replicas": 4}));
    cluster.unready("web-2");
    cluster.unready("web-3");
    cluster.scale(2);
    let synced = cluster.sync();
    assert_eq!(synced.pods(), NOTHING);
    assert_eq!(synced.reasons, ["UnhealthyCondemnedBlocked"]);
    cluster.ready("web-2");
    assert_eq!(cluster.sync().pods(), ["DELETE web-3"]);
}

/// A condemned Pod may be Ready and not available yet: it waits like an unhealthy one.
#[test]
fn min_ready_seconds_count_for_pods_that_are_to_go() {
    let mut cluster = Cluster::settled(json!({"replicas": 4}));
    cluster.wait(60);
    cluster.patch_set(json!({"spec": {"minReadySeconds": 10, "replicas": 2}}));
    cluster.unready("web-2");
    cluster.ready("web-3");
    cluster.wait(4);
    let synced = cluster.sync();
    assert_eq!(synced.pods(), NOTHING);
    assert_eq!(synced.outcome, Outcome::DoneAndRequeueAfter(Duration::from_secs(6)));
    cluster.wait(6);
    assert_eq!(cluster.sync().pods(), ["DELETE web-3"]);
}

/// Recorded: I03, B11.
#[test]
fn a_set_that_is_being_deleted_makes_and_deletes_nothing() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let options = DeleteOptions { propagation: Some(Propagation::Foreground), ..DeleteOptions::default() };
    cluster.ask(&Request::delete(&Actor::user(), set(), options));
    cluster.ended("web-1", "Failed");
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.gone("web-1");
    let synced = cluster.sync();
    assert_eq!((synced.pods(), synced.reasons), (vec![], vec!["SetIsBeingDeleted".to_owned()]));
    assert_eq!(cluster.status("replicas"), 1, "its status goes on");
}

/// Recorded: C13. KEP-3335.
#[test]
fn a_higher_start_makes_the_new_pods_before_it_takes_the_old_ones() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    cluster.patch_set(json!({"spec": {"ordinals": {"start": 3}}}));
    assert_eq!(cluster.sync().pods(), ["POST web-3"]);
    cluster.ready("web-3");
    assert_eq!(cluster.sync().pods(), ["POST web-4"]);
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.ready("web-4");
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
    cluster.gone("web-1");
    assert_eq!(cluster.sync().pods(), ["DELETE web-0"]);
}

/// The second one that may not be made does not keep the others of a batch from being made.
#[test]
fn in_parallel_one_refused_pod_fails_the_sync_and_not_its_neighbours() {
    let mut cluster = Cluster::empty();
    cluster.create_pod("web-1", json!({"app": "other"}));
    cluster.create_set(json!({"replicas": 3, "podManagementPolicy": "Parallel"}));
    let synced = cluster.sync();
    assert_eq!(synced.pods(), ["POST web-0", "POST web-1", "POST web-2"]);
    assert!(matches!(synced.outcome, Outcome::Failed(_)), "{synced:?}");
    let created = |name| format!("SuccessfulCreate: Create Pod {name} in StatefulSet web successful");
    assert_eq!(synced.events, [created("web-0"), created("web-2")]);
    assert!(cluster.find(&pod("web-2")).is_some());
}
