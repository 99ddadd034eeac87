//! Every order of what is due at one moment, for two sets of two Pods.

use std::collections::BTreeSet;
use std::time::Duration;

use cluster::agenda::Due;
use cluster::{Cluster, Input, StepLog};
use serde_json::Value;
use simulation::orders::{Walk, Walked, immediate};

/// How long after the sets were applied a walk begins, in milliseconds, and how many steps it takes in every
/// order. `cargo test -p simulation -- --ignored` walks more.
const STARTS: [(u64, usize); 2] = [(0, 60), (1_500, 44)];
/// The same where also those orders are walked that come to the same as others.
const STARTS_OF_ALL: [(u64, usize); 3] = [(0, 8), (0, 12), (1_500, 24)];
/// Steps after them.
const AFTER: usize = 40;

fn set(name: &str, policy: &str) -> Value {
    serde_json::json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"serviceName": name, "replicas": 2, "podManagementPolicy": policy,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "app", "image": "nginx:1.27"}]}}}})
}

/// A cluster to which two sets of two Pods were applied this long ago.
fn two_sets(ago: Duration) -> Cluster {
    let mut cluster = Cluster::new(immediate(3));
    let mut log = StepLog::default();
    for (name, policy) in [("web", "OrderedReady"), ("db", "Parallel")] {
        let object = api::Object::from_value(api::Kind::StatefulSet, set(name, policy));
        let request = apiserver::Request::create(&apiserver::Actor::user(), object);
        let answer = cluster.submit(&Input::Request(Box::new(request)), &mut log);
        assert!(answer.is_some_and(|answer| answer.is_ok()));
    }
    cluster.advance(ago, &mut log);
    cluster
}

fn walk(cluster: &Cluster, depth: usize, is_full: bool, look: &mut dyn FnMut(&Cluster)) -> Walked {
    let mut walk = Walk { depth, after: AFTER, is_full, look };
    walk.from(cluster).unwrap_or_else(|found| panic!("{found}"))
}

fn all_orders(more: usize) {
    for (ago_ms, depth) in STARTS {
        let cluster = two_sets(Duration::from_millis(ago_ms));
        let walked = walk(&cluster, depth + more, false, &mut |_| {});
        assert!(walked.orders > 1, "nothing was due at one moment: {walked:?}");
    }
}

#[test]
fn every_order_keeps_the_rules() {
    all_orders(0);
}

#[test]
#[ignore = "minutes"]
fn every_longer_order_keeps_the_rules() {
    all_orders(8);
}

/// What there is and what is due, without what only tells in which order things were written.
fn summary(cluster: &Cluster) -> String {
    let objects = api::Kind::ALL.iter().filter(|kind| **kind != api::Kind::Event);
    let objects = objects.flat_map(|kind| cluster.store().list(*kind, ""));
    let mut lines: Vec<String> =
        objects.map(|object| without_order(object.to_whole_value()).to_string()).collect();
    let due = cluster.agenda().together().map(|(_, due)| match due {
        Due::Ask { controller, key, requests } => format!("ask {controller} {key} {}", requests.len()),
        Due::Answer { controller, key, .. } => format!("answer {controller} {key}"),
        Due::AgentAsk { agent, request, .. } => format!("ask of agent {agent} {}", request.key),
        other => format!("{other:?}"),
    });
    lines.extend(due);
    lines.sort();
    lines.join("\n")
}

fn without_order(mut value: Value) -> Value {
    const GIVEN: [&str; 4] = ["resourceVersion", "uid", "ownerReferences", "managedFields"];
    match &mut value {
        Value::Object(members) => {
            members.retain(|name, _| !GIVEN.contains(&name.as_str()));
            for member in members.values_mut() {
                *member = without_order(member.take());
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without_order(item.take());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    value
}

/// The walk that leaves out orders which come to the same sees every state that the full walk sees.
#[test]
fn no_state_is_left_out() {
    for (ago_ms, depth) in STARTS_OF_ALL {
        let cluster = two_sets(Duration::from_millis(ago_ms));
        let states = |is_full: bool| {
            let mut states = BTreeSet::new();
            let walked = walk(&cluster, depth, is_full, &mut |cluster| {
                states.insert(summary(cluster));
            });
            (states, walked.orders)
        };
        let ((all, of_all), (some, of_some)) = (states(true), states(false));
        assert!(all == some, "{} states, of which {} were seen", all.len(), some.len());
        assert!(of_some < of_all);
    }
}
