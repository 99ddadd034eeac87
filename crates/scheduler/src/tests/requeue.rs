//! Which changes make which Pods due.

use api::{Key, Kind};
use apimachinery::value::set_at;
use apiserver::{Actor, DeleteOptions, Request};
use client::Outcome;
use serde_json::json;

use super::cluster::{Cluster, pod_key};

fn node(name: &str) -> Key {
    Key::new(Kind::Node, "", name)
}

/// `web-0` waits for its claim, `web-1` for CPU.
fn two_that_wait() -> Cluster {
    let mut cluster = Cluster::new(1);
    cluster.claim("www-web-0", "missing", "ReadWriteOnce");
    cluster.mounts("web-0", "www-web-0");
    cluster.refusal("web-0");
    cluster.hungry("big", "60");
    cluster.node_of("big");
    cluster.hungry("web-1", "60");
    cluster.refusal("web-1");
    cluster
}

#[test]
fn a_new_pod_is_due_and_its_own_condition_changes_nothing() {
    let mut cluster = Cluster::new(1);
    assert_eq!(cluster.woken_by(|cluster| drop(cluster.hungry("web-0", "65"))), ["web-0"]);
    assert!(cluster.woken_by(|cluster| drop(cluster.refusal("web-0"))).is_empty());
    let touched = cluster.woken_by(|cluster| {
        cluster
            .change(&pod_key("web-0"), |pod| drop(pod.metadata.annotations.insert("a".into(), "b".into())));
    });
    assert!(touched.is_empty());
}

#[test]
fn a_claim_wakes_the_pods_that_mount_it() {
    let mut cluster = two_that_wait();
    assert_eq!(cluster.woken_by(|cluster| cluster.bind_claim("www-web-0", "pvc-1")), ["web-0", "web-0"]);
    assert!(cluster.woken_by(|cluster| drop(cluster.claim("other", "missing", "ReadWriteOnce"))).is_empty());
}

#[test]
fn a_volume_wakes_the_pods_of_its_claim_and_a_free_one_all_that_wait_for_volumes() {
    let mut cluster = two_that_wait();
    cluster.claim("www-web-2", "missing", "ReadWriteOnce");
    cluster.mounts("web-2", "www-web-2");
    cluster.refusal("web-2");
    let woken = cluster.woken_by(|cluster| cluster.local_volume("pvc-2", "node-1", "1Gi"));
    assert_eq!(woken, ["web-0", "web-2", "web-0", "web-2"]);
    let woken = cluster.woken_by(|cluster| {
        let claim = json!({"namespace": "default", "name": "www-web-2"});
        let volume = Key::new(Kind::PersistentVolume, "", "pvc-2");
        cluster.change(&volume, |volume| set_at(volume.spec_mut(), &["claimRef"], claim));
    });
    assert_eq!(woken, ["web-2"]);
}

#[test]
fn a_class_wakes_pods_whose_claims_name_it() {
    let mut cluster = two_that_wait();
    assert_eq!(cluster.woken_by(|cluster| cluster.class("missing", "example.com/p", "Immediate")), ["web-0"]);
    assert!(cluster.woken_by(|cluster| cluster.class("other", "example.com/p", "Immediate")).is_empty());
}

#[test]
fn the_end_of_a_pod_wakes_those_that_lack_room() {
    let mut cluster = two_that_wait();
    let woken = cluster.woken_by(|cluster| {
        let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() };
        let delete = Request::delete(&Actor::user(), pod_key("big"), options);
        cluster.api.handle(cluster.now, 0, &delete).unwrap();
    });
    assert_eq!(woken, ["web-1"]);
    assert_eq!(cluster.schedule("web-1").outcome, Outcome::Done);
}

#[test]
fn a_node_wakes_those_whom_its_change_could_help() {
    let mut cluster = two_that_wait();
    let cordon = |on: bool| {
        move |cluster: &mut Cluster| {
            cluster.change(&node("node-1"), |node| set_at(node.spec_mut(), &["unschedulable"], on.into()));
        }
    };
    assert!(cluster.woken_by(cordon(true)).is_empty());
    cluster.pod("web-2", json!({}));
    cluster.refusal("web-2");
    assert_eq!(cluster.woken_by(cordon(false)), ["web-2"]);
    let heartbeat = cluster.woken_by(|cluster| {
        cluster.change_status(&node("node-1"), &["conditions"], json!([{"type": "Ready", "status": "True"}]));
    });
    assert!(heartbeat.is_empty());
    let woken = cluster.woken_by(|cluster| {
        cluster.change_status(&node("node-1"), &["allocatable", "cpu"], "128".into());
    });
    assert_eq!(woken, ["web-1"]);
}

#[test]
fn a_gate_that_is_lifted_makes_the_pod_due() {
    let mut cluster = Cluster::new(1);
    cluster.pod("web-0", json!({"schedulingGates": [{"name": "example.com/wait"}]}));
    let woken = cluster.woken_by(|cluster| {
        cluster.change(&pod_key("web-0"), |pod| set_at(pod.spec_mut(), &["schedulingGates"], json!([])));
    });
    assert_eq!(woken, ["web-0"]);
    assert_eq!(cluster.node_of("web-0"), "node-1");
}
