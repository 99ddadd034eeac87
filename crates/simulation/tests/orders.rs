//! Every order of what is due at one moment, for two sets of two Pods.

use std::time::Duration;

use cluster::{Cluster, Input, StepLog};
use simulation::orders::{immediate, walk};

/// Choices in a row that are walked exhaustively. `cargo test -p simulation -- --ignored` walks more.
const DEPTH: usize = 6;

fn set(name: &str, policy: &str) -> serde_json::Value {
    serde_json::json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"serviceName": name, "replicas": 2, "podManagementPolicy": policy,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "app", "image": "nginx:1.27"}]}}}})
}

/// Two sets of two Pods were just applied, and so long ago.
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

fn all_orders(depth: usize) {
    for ago in [Duration::ZERO, Duration::from_millis(1_500)] {
        let walked = walk(&two_sets(ago), depth, usize::MAX, 40).unwrap_or_else(|found| panic!("{found}"));
        assert!(walked.orders > 1, "nothing was due at one moment: {walked:?}");
    }
}

#[test]
fn every_order_keeps_the_rules() {
    all_orders(DEPTH);
}

#[test]
#[ignore = "minutes"]
fn every_longer_order_keeps_the_rules() {
    all_orders(DEPTH + 3);
}
