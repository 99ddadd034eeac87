//! Nodes fall silent, are drained, deleted, and come back.
#![allow(clippy::unwrap_used)] // scenarios

mod support;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use cluster::Fault;
use serde_json::json;
use support::{World, service, set};

const UNREACHABLE: [&str; 2] =
    ["node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule"];

fn pod(name: &str) -> Key {
    Key::new(Kind::Pod, "default", name)
}

fn node(name: &str) -> Key {
    Key::new(Kind::Node, "", name)
}

fn stop(world: &mut World, node: &str) {
    world.fault(Fault::StopKubelet { node: node.to_owned() });
}

fn start(world: &mut World, node: &str) {
    world.fault(Fault::StartKubelet { node: node.to_owned() });
}

/// A set of two ready Pods.
fn ready_set(nodes: &[&str], patience: Option<u32>) -> World {
    let mut world = World::with_nodes(nodes);
    world.create(service());
    world.create(set(2, patience));
    world.until(60, |w| w.is_ready("web-0") && w.is_ready("web-1"));
    world.wait(2);
    world
}

fn is_terminating(world: &World, pod: &str) -> bool {
    world.find(Kind::Pod, pod).is_some_and(|pod| pod.metadata.is_deleting())
}

fn node_is(world: &World, node: &str, ready: &str) -> bool {
    world.condition(Kind::Node, node, "Ready") == ready
}

/// Recording N25, first part.
#[test]
fn a_silent_node_loses_its_pods() {
    let mut world = ready_set(&["node-1"], Some(5));
    stop(&mut world, "node-1");
    let silent = world.until(60, |w| node_is(w, "node-1", "Unknown/NodeStatusUnknown"));
    assert!((39.0..56.0).contains(&silent), "{silent}");
    world.wait(1);
    for condition in ["MemoryPressure", "DiskPressure", "PIDPressure"] {
        assert_eq!(world.condition(Kind::Node, "node-1", condition), "Unknown/NodeStatusUnknown");
    }
    assert_eq!(world.events("Node/node-1", "NodeNotReady", "Node node-1 status is now: NodeNotReady"), 1);
    assert_eq!(world.taints("node-1"), UNREACHABLE);
    for name in ["web-0", "web-1"] {
        assert_eq!(world.condition(Kind::Pod, name, "Ready"), "False");
        assert_eq!(world.condition(Kind::Pod, name, "ContainersReady"), "True");
        assert_eq!(world.get(Kind::Pod, name).status().str_at(&["phase"]), "Running");
        assert_eq!(world.events(&format!("Pod/{name}"), "NodeNotReady", "Node is not ready"), 1);
    }
    assert_eq!(world.get(Kind::StatefulSet, "web").status().i64_at(&["readyReplicas"]).unwrap_or(0), 0);

    let tolerated = world.until(6, |w| is_terminating(w, "web-0") && is_terminating(w, "web-1"));
    assert!(tolerated > 3.0, "{tolerated}");
    world.wait(1);
    for name in ["web-0", "web-1"] {
        assert_eq!(world.condition(Kind::Pod, name, "DisruptionTarget"), "True/DeletionByTaintManager");
        let text = format!("Marking for deletion Pod default/{name}");
        assert_eq!(world.events(&format!("Pod/{name}"), "TaintManagerEviction", &text), 1);
    }
    world.wait(60);
    assert!(is_terminating(&world, "web-0") && is_terminating(&world, "web-1"), "nobody confirms the end");
    for reason in ["MarksNodeUnknown", "MarksPodNotReady", "OrdersEviction", "ToleratesFor", "EvictsPod"] {
        assert!(world.has_reason(reason), "{reason}");
    }
    assert!(world.has_reason("KeepsNewPodsAway"));
    world.assert_smooth();
}

/// Recording N25, second part.
#[test]
fn a_returned_node_ends_what_was_to_end_and_takes_new_pods() {
    let mut world = ready_set(&["node-1"], Some(5));
    stop(&mut world, "node-1");
    world.until(70, |w| is_terminating(w, "web-0"));
    world.wait(20);
    world.delete(pod("web-0"), true);
    world.wait(5);
    let successor = world.get(Kind::Pod, "web-0");
    assert_eq!(successor.status().str_at(&["phase"]), "Pending");
    let refusal = "0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, \
                   preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    assert!(world.events("Pod/web-0", "FailedScheduling", refusal) > 0);

    start(&mut world, "node-1");
    world.until(30, |w| w.is_ready("web-0") && w.is_ready("web-1"));
    world.wait(6);
    assert_eq!(world.condition(Kind::Node, "node-1", "Ready"), "True/KubeletReady");
    assert_eq!(world.condition(Kind::Node, "node-1", "DiskPressure"), "False/KubeletHasNoDiskPressure");
    assert_eq!(world.taints("node-1"), [""; 0]);
    assert_eq!(world.events("Node/node-1", "NodeReady", "Node node-1 status is now: NodeReady"), 1);
    let cancelled = "Cancelling deletion of Pod default/web-0";
    assert_eq!(world.events("Pod/web-0", "TaintManagerEviction", cancelled), 1);
    assert_eq!(world.get(Kind::StatefulSet, "web").status().i64_at(&["readyReplicas"]), Some(2));
    assert!(world.has_reason("CancelsEviction") && world.has_reason("LetsNewPodsCome"));
}

#[test]
fn a_node_back_in_time_keeps_its_pods() {
    let mut world = ready_set(&["node-1", "node-2", "node-3"], None);
    let home = world.node_of("web-0");
    let uid = world.get(Kind::Pod, "web-0").metadata.uid;
    stop(&mut world, &home);
    world.until(60, |w| node_is(w, &home, "Unknown/NodeStatusUnknown"));
    world.wait(280);
    assert!(!is_terminating(&world, "web-0"), "tolerated for 300 s");
    start(&mut world, &home);
    world.wait(30);
    assert!(world.is_ready("web-0"));
    assert_eq!(world.get(Kind::Pod, "web-0").metadata.uid, uid);
    assert_eq!(
        world.get(Kind::Pod, "web-0").status().list_at(&["containerStatuses"])[0].i64_at(&["restartCount"]),
        Some(0)
    );
    let cancelled = "Cancelling deletion of Pod default/web-0";
    assert_eq!(world.events("Pod/web-0", "TaintManagerEviction", cancelled), 1);
    assert_eq!(world.taints(&home), [""; 0]);
    assert!(world.has_reason("LiftsEviction"));
    world.wait(60);
    assert!(world.is_ready("web-0"));
    world.assert_smooth();
}

#[test]
fn pods_of_a_silent_node_are_evicted_after_300_seconds() {
    let mut world = ready_set(&["node-1", "node-2", "node-3"], None);
    let home = world.node_of("web-0");
    stop(&mut world, &home);
    world.until(60, |w| node_is(w, &home, "Unknown/NodeStatusUnknown"));
    let waited = world.until(310, |w| is_terminating(w, "web-0"));
    assert!((298.0..303.0).contains(&waited), "{waited}");
}

#[test]
fn pods_of_a_deleted_node_are_removed() {
    let mut world = ready_set(&["node-1", "node-2", "node-3"], None);
    let home = world.node_of("web-0");
    let uid = world.get(Kind::Pod, "web-0").metadata.uid;
    world.fault(Fault::PowerOff { node: home.clone() });
    world.wait(70);
    world.delete(node(&home), false);
    let waited = world.until(70, |w| w.find(Kind::Pod, "web-0").is_none_or(|pod| pod.metadata.uid != uid));
    assert!((40.0..61.0).contains(&waited), "{waited}");
    let last = world.log.changes.iter().rev().find(|c| c.key == pod("web-0") && c.after.is_none()).unwrap();
    let last = last.before.as_ref().unwrap();
    assert_eq!(last.status().str_at(&["phase"]), "Failed");
    let target =
        last.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "DisruptionTarget");
    assert_eq!(target.unwrap().str_at(&["reason"]), "DeletionByPodGC");
    assert_eq!(target.unwrap().str_at(&["message"]), "PodGC: node no longer exists");
    world.until(60, |w| w.is_ready("web-0"));
    assert_ne!(world.node_of("web-0"), home);
    assert!(world.has_reason("RemovesOrphan"));
    let removed = format!("Node {home} event: Removing Node {home} from Controller");
    assert_eq!(world.events(&format!("Node/{home}"), "RemovingNode", &removed), 1);

    world.fault(Fault::PowerOn { node: home.clone() });
    world.wait(5);
    assert!(node_is(&world, &home, "True/KubeletReady"), "a node that starts registers");
    let registered = format!("Node {home} event: Registered Node {home} in Controller");
    assert_eq!(world.events(&format!("Node/{home}"), "RegisteredNode", &registered), 2);
    world.assert_smooth();
}

#[test]
fn an_out_of_service_node_gives_its_terminating_pods_up() {
    let mut world = ready_set(&["node-1", "node-2", "node-3"], Some(5));
    let home = world.node_of("web-0");
    world.fault(Fault::PowerOff { node: home.clone() });
    world.until(70, |w| is_terminating(w, "web-0"));
    world.wait(30);
    assert!(is_terminating(&world, "web-0"));
    let mut taints = world.get(Kind::Node, &home).spec().list_at(&["taints"]).to_vec();
    taints.push(
        json!({"key": "node.kubernetes.io/out-of-service", "value": "nodeshutdown", "effect": "NoExecute"}),
    );
    world.patch(node(&home), json!({"spec": {"taints": taints}}));
    let waited = world.until(30, |w| !is_terminating(w, "web-0") && w.find(Kind::Pod, "web-0").is_some());
    assert!(waited < 21.0, "{waited}");
    world.until(60, |w| w.is_ready("web-0"));
    assert_ne!(world.node_of("web-0"), home);
    assert!(world.has_reason("RemovesPodOutOfService"));
}

#[test]
fn a_terminating_pod_without_a_node_is_removed() {
    let mut world = World::with_nodes(&["node-1"]);
    world.patch(node("node-1"), json!({"spec": {"unschedulable": true}}));
    world.create(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lost", "finalizers": ["example.com/keep"]},
        "spec": {"containers": [{"name": "a", "image": "nginx:1.7.9"}]}}));
    world.delete(pod("lost"), false);
    world.wait(25);
    assert_eq!(world.get(Kind::Pod, "lost").status().str_at(&["phase"]), "Failed");
    assert!(world.has_reason("RemovesUnscheduledPod"));
    world.patch(pod("lost"), json!({"metadata": {"finalizers": null}}));
    assert!(world.find(Kind::Pod, "lost").is_none());
}

/// Recording N24: cordon and uncordon.
#[test]
fn a_cordoned_node_is_tainted_until_it_is_uncordoned() {
    let mut world = ready_set(&["node-1"], None);
    world.patch(node("node-1"), json!({"spec": {"unschedulable": true}}));
    world.wait(1);
    assert_eq!(world.taints("node-1"), ["node.kubernetes.io/unschedulable:NoSchedule"]);
    world.delete(pod("web-1"), false);
    world.wait(10);
    let refusal = "0/1 nodes are available: 1 node(s) were unschedulable. no new claims to deallocate, \
                   preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    assert!(world.events("Pod/web-1", "FailedScheduling", refusal) > 0);
    assert!(world.is_ready("web-0"), "who is there stays");
    world.patch(node("node-1"), json!({"spec": {"unschedulable": null}}));
    world.until(20, |w| w.is_ready("web-1"));
    assert_eq!(world.taints("node-1"), [""; 0]);
}

#[test]
fn nodes_are_emptied_one_in_ten_seconds() {
    let mut world = ready_set(&["node-1", "node-2", "node-3"], None);
    stop(&mut world, "node-1");
    stop(&mut world, "node-2");
    let is_emptied = |w: &World, node: &str| w.taints(node).contains(&UNREACHABLE[0].to_owned());
    world.until(60, |w| is_emptied(w, "node-1"));
    assert!(!is_emptied(&world, "node-2"));
    world.wait(1);
    assert!(node_is(&world, "node-2", "Unknown/NodeStatusUnknown"));
    let waited = world.until(20, |w| is_emptied(w, "node-2"));
    assert!((8.0..16.0).contains(&waited), "{waited}");
    assert!(world.has_reason("HoldsEvictionBack"));
    world.assert_smooth();
}

#[test]
fn nobody_leaves_when_no_node_answers() {
    let mut world = ready_set(&["node-1", "node-2"], None);
    stop(&mut world, "node-1");
    world.until(60, |w| w.taints("node-1") == UNREACHABLE);
    stop(&mut world, "node-2");
    world.until(60, |w| node_is(w, "node-2", "Unknown/NodeStatusUnknown"));
    world.wait(1);
    assert_eq!(world.taints("node-1"), ["node.kubernetes.io/unreachable:NoSchedule"]);
    assert!(world.has_reason("StopsEvictions"));
    start(&mut world, "node-2");
    world.until(20, |w| w.taints("node-1") == UNREACHABLE);
}

#[test]
fn a_taint_of_a_person_evicts_at_once() {
    let mut world = ready_set(&["node-1", "node-2"], None);
    let home = world.node_of("web-1");
    world.patch(node(&home), json!({"spec": {"taints": [{"key": "repair", "effect": "NoExecute"}]}}));
    world.wait(1);
    assert!(is_terminating(&world, "web-1"));
    world.until(60, |w| w.is_ready("web-1") && w.node_of("web-1") != home);
    world.assert_smooth();
}
