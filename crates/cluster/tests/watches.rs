//! Watches that were lost: whoever lists anew must come to the right state.
#![allow(clippy::unwrap_used)] // scenarios

mod support;

use std::time::Duration;

use api::{Key, Kind};
use cluster::Fault;
use support::{World, service, set};

fn two_pods() -> World {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(service());
    world.create(set(2, None));
    world.until(60, |w| w.is_ready("web-1"));
    world
}

fn lose(world: &mut World, process: &str, seconds: u64) {
    world.fault(Fault::LoseWatches { process: process.to_owned(), lasts: Duration::from_secs(seconds) });
}

fn key(kind: Kind, name: &str) -> Key {
    Key::new(kind, "default", name)
}

#[test]
fn a_pod_that_went_meanwhile_is_missed_when_its_watcher_lists_anew() {
    let mut world = two_pods();
    lose(&mut world, "kube-controller-manager", 20);
    world.delete(key(Kind::Pod, "web-1"), true);
    world.wait(19);
    assert!(world.find(Kind::Pod, "web-1").is_none(), "nobody has heard of it");
    world.wait(2);
    assert!(world.find(Kind::Pod, "web-1").is_some());
    world.until(60, |w| w.is_ready("web-1"));
}

/// The garbage collector must hear that the first set is gone, though there is one of its name.
#[test]
fn a_set_that_was_made_again_meanwhile_is_another_one() {
    let mut world = two_pods();
    let old = world.get(Kind::Pod, "web-0").metadata.uid;
    lose(&mut world, "kube-controller-manager", 20);
    world.delete(key(Kind::StatefulSet, "web"), false);
    world.create(set(2, None));
    world.until(120, |w| {
        let new = |name| w.is_ready(name) && w.get(Kind::Pod, name).metadata.uid != old;
        new("web-0") && new("web-1")
    });
    let uid = world.get(Kind::StatefulSet, "web").metadata.uid;
    let owner = world.get(Kind::Pod, "web-0").metadata.controller().unwrap().uid.clone();
    assert_eq!(owner, uid);
}

/// By force twice: the kubelet has heard neither of the end of the first nor of the second Pod at all.
#[test]
fn a_kubelet_ends_what_is_gone_and_starts_what_is_there() {
    let mut world = two_pods();
    let first = world.get(Kind::Pod, "web-1").metadata.uid;
    lose(&mut world, "kubelet/node-1", 20);
    for _ in 0..2 {
        world.delete(key(Kind::Pod, "web-1"), true);
        world.wait(2);
    }
    let uids = |world: &World| -> Vec<String> {
        let workers = world.cluster.kubelet("node-1").unwrap().workers();
        let of = |w: &&kubelet::worker::Worker| w.pod.metadata.name == "web-1";
        workers.filter(of).map(|worker| worker.pod.metadata.uid.clone()).collect()
    };
    assert_eq!(uids(&world), [first]);
    world.until(90, |w| w.is_ready("web-1") && uids(w).len() == 1);
    assert_eq!(uids(&world), [world.get(Kind::Pod, "web-1").metadata.uid]);
}

#[test]
fn names_are_answered_as_they_were_known_until_the_list_is_there() {
    let mut world = two_pods();
    let question = coredns::Question::new("nginx.default.svc.cluster.local", coredns::RecordType::A);
    let addresses =
        |w: &World| coredns::answer(&w.cluster.seen_by("coredns").unwrap(), &question).answer.len();
    world.wait(1);
    assert_eq!(addresses(&world), 2);
    lose(&mut world, "coredns", 20);
    world.delete(key(Kind::StatefulSet, "web"), false);
    world.wait(19);
    assert_eq!(addresses(&world), 2);
    world.wait(2);
    assert_eq!(addresses(&world), 0);
}
