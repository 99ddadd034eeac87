//! Texts of `FailedScheduling`.

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::Lang;
use apimachinery::value::set_at;
use apiserver::{Actor, DeleteOptions, Request};
use client::Outcome;
use serde_json::{Value, json};

use super::cluster::{Cluster, claim_key, pod_key};
use crate::message;

const UNBOUND: &str = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";

fn near(kind: &str) -> Value {
    json!({"affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": "nginx"}}, "topologyKey": "kubernetes.io/hostname"}]}}})
}

fn unfit(reason: &str, outlook: &str) -> String {
    format!(
        "0/3 nodes are available: 3 {reason}. no new claims to deallocate, preemption: \
         0/3 nodes are available: 3 {outlook}."
    )
}

const NOT_HELPFUL: &str = "Preemption is not helpful for scheduling";
const NO_VICTIMS: &str = "No preemption victims found for incoming pod";

#[test]
fn a_claim_that_is_not_there_not_bound_or_going() {
    let mut cluster = Cluster::new(3);
    cluster.mounts("web-0", "www-web-0");
    let missing = "0/3 nodes are available: persistentvolumeclaim \"www-web-0\" not found. not found";
    assert_eq!(cluster.refusal("web-0"), missing);
    cluster.claim("www-web-0", "missing", "ReadWriteOnce");
    assert_eq!(cluster.refusal("web-0"), UNBOUND);
    cluster.change(&claim_key("www-web-0"), |claim| {
        claim.metadata.finalizers.push("example.com/keep".to_owned());
    });
    let delete = Request::delete(&Actor::user(), claim_key("www-web-0"), DeleteOptions::default());
    cluster.api.handle(cluster.now, 0, &delete).unwrap();
    let going = "0/3 nodes are available: persistentvolumeclaim \"www-web-0\" is being deleted. not found";
    assert_eq!(cluster.refusal("web-0"), going);
}

#[test]
fn a_volume_that_the_cache_does_not_know_and_one_that_is_lost() {
    let mut cluster = Cluster::new(3);
    cluster.claim("www-web-0", "standard", "ReadWriteOnce");
    cluster.bind_claim("www-web-0", "pvc-1");
    cluster.mounts("web-0", "www-web-0");
    let text = "0/3 nodes are available: persistentvolume \"pvc-1\" not found. not found";
    assert_eq!(cluster.refusal("web-0"), text);
    cluster.change_status(&claim_key("www-web-0"), &["phase"], "Lost".into());
    let text = "0/3 nodes are available: persistentvolumeclaim \"www-web-0\" bound to non-existent persistentvolume \
                \"pvc-1\". not found";
    assert_eq!(cluster.refusal("web-0"), text);
}

#[test]
fn the_same_refusal_changes_the_condition_once() {
    let mut cluster = Cluster::new(3);
    cluster.claim("www-web-0", "missing", "ReadWriteOnce");
    cluster.mounts("web-0", "www-web-0");
    cluster.refusal("web-0");
    let before = cluster.get(&pod_key("web-0"));
    cluster.now = cluster.now + Duration::from_mins(1);
    cluster.refusal("web-0");
    assert_eq!(cluster.get(&pod_key("web-0")), before);
}

#[test]
fn cpu_beyond_every_node_and_cpu_that_is_taken() {
    let mut cluster = Cluster::new(3);
    cluster.hungry("web-0", "65");
    assert_eq!(cluster.refusal("web-0"), unfit("Insufficient cpu", NOT_HELPFUL));
    for name in ["a", "b", "c"] {
        cluster.hungry(name, "40");
        cluster.node_of(name);
    }
    cluster.hungry("web-3", "40");
    assert_eq!(cluster.refusal("web-3"), unfit("Insufficient cpu", NO_VICTIMS));
}

#[test]
fn selector_and_anti_affinity_in_both_directions() {
    let mut cluster = Cluster::new(3);
    cluster.pod("web-9", json!({"nodeSelector": {"disk": "ssd"}}));
    assert_eq!(
        cluster.refusal("web-9"),
        unfit("node(s) didn't match Pod's node affinity/selector", NOT_HELPFUL)
    );
    for name in ["web-0", "web-1", "web-2"] {
        cluster.pod(name, near("podAntiAffinity"));
        cluster.node_of(name);
    }
    cluster.pod("web-3", near("podAntiAffinity"));
    assert_eq!(cluster.refusal("web-3"), unfit("node(s) didn't match pod anti-affinity rules", NO_VICTIMS));
    cluster.pod("web-4", json!({}));
    let existing = unfit("node(s) didn't satisfy existing pods anti-affinity rules", NO_VICTIMS);
    assert_eq!(cluster.refusal("web-4"), existing);
}

#[test]
fn different_nodes_refuse_for_different_reasons() {
    let mut cluster = Cluster::new(3);
    cluster.change(&Key::new(Kind::Node, "", "node-1"), |node| {
        set_at(node.spec_mut(), &["unschedulable"], true.into());
    });
    cluster.change(&Key::new(Kind::Node, "", "node-2"), |node| {
        set_at(node.spec_mut(), &["taints"], json!([{"key": "a", "effect": "NoExecute"}]));
    });
    cluster.hungry("web-0", "60");
    assert_eq!(cluster.node_of("web-0"), "node-3");
    cluster.hungry("web-1", "60");
    let text = "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), \
                1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: \
                1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.";
    assert_eq!(cluster.refusal("web-1"), text);
}

#[test]
fn no_node_at_all() {
    let mut cluster = Cluster::new(0);
    cluster.pod("web-0", json!({}));
    assert_eq!(cluster.refusal("web-0"), "no nodes available to schedule pods");
}

#[test]
fn a_gate_keeps_the_scheduler_silent_and_a_deleted_pod_is_skipped() {
    let mut cluster = Cluster::new(3);
    cluster.pod("web-0", json!({"schedulingGates": [{"name": "example.com/wait"}]}));
    let decided = cluster.schedule("web-0");
    assert_eq!((decided.outcome, decided.events.len()), (Outcome::Done, 0));
    assert_eq!(decided.reasons.first().unwrap().name(), "WaitsForGates");

    cluster.pod("web-1", json!({}));
    cluster.change(&pod_key("web-1"), |pod| pod.metadata.finalizers.push("example.com/keep".to_owned()));
    let delete = Request::delete(&Actor::user(), pod_key("web-1"), DeleteOptions::default());
    cluster.api.handle(cluster.now, 0, &delete).unwrap();
    let decided = cluster.schedule("web-1");
    let text = "skip schedule deleting pod: default/web-1".to_owned();
    assert_eq!(decided.events, [("FailedScheduling".to_owned(), text)]);
}

#[test]
fn another_scheduler_has_its_own_pods() {
    let mut cluster = Cluster::new(1);
    cluster.pod("web-0", json!({"schedulerName": "mine"}));
    let decided = cluster.schedule("web-0");
    assert!(decided.events.is_empty() && decided.reasons.is_empty());
}

#[test]
fn long_messages_are_cut_in_events() {
    let long = "x".repeat(1025);
    let note = message::note(&long);
    assert_eq!(note.len(), 1024);
    assert!(note.ends_with("xxx ..."));
    assert_eq!(message::note("short"), "short");
}

#[test]
fn a_refusal_explains_itself_node_by_node() {
    let mut cluster = Cluster::new(3);
    cluster.hungry("web-0", "65");
    let decided = cluster.schedule("web-0");
    let reason = decided.reasons.first().unwrap();
    let en = "web-0 has no node, because none of 3 can take it: 3 Insufficient cpu.";
    assert_eq!(reason.sentence(Lang::En), en);
    assert!(reason.sentence(Lang::ZhCn).contains("3 Insufficient cpu"));
    let facts: Vec<String> = reason.facts(Lang::En).into_iter().map(|fact| fact.text).collect();
    assert_eq!(facts, ["node-1", "node-2", "node-3"].map(|node| format!("{node}: Insufficient cpu")));
    assert_eq!(reason.subject().name.as_ref(), "web-0");
    assert!(reason.doc().starts_with("https://kubernetes.io/docs/"));
}
