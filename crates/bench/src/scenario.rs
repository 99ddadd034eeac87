//! One set of many Pods, from its creation until all are Ready: the engine alone, without a session.

use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, Body, Request, Verb, WriteOptions};
use cluster::{Cluster, Config, Input, NodeSpec, StepLog, What};
use serde_json::{Value, json};

/// Sizes of the set.
pub const SIZES: [u32; 3] = [100, 300, 1000];
/// The same nodes at every size, so that a ratio says what more Pods cost and nothing else.
const NODES: usize = 10;
/// Simulated time that a run may take.
const LIMIT: Duration = Duration::from_secs(600);

/// A finished run.
#[derive(Debug)]
pub struct Finished {
    /// The cluster with all Pods Ready.
    pub cluster: Cluster,
    /// What happened.
    pub log: StepLog,
    /// Steps from the creation of the set on.
    pub steps: u64,
}

impl Finished {
    /// Requests to the API server that were no reads.
    pub fn requests(&self) -> usize {
        self.log.records.iter().filter(|record| matches!(record.what, What::Requested { .. })).count()
    }
}

/// A cluster with room for the largest of the [`SIZES`].
pub fn config() -> Config {
    let nodes = (1..=NODES).map(|at| NodeSpec::named(&format!("node-{at}"))).collect();
    Config { nodes, ..Config::default() }
}

/// The headless Service and the set, as a person writes them.
pub fn manifests(replicas: u32) -> [Value; 2] {
    let labels = json!({"app": "nginx"});
    let container =
        json!({"name": "nginx", "image": "nginx:1.7.9", "ports": [{"containerPort": 80, "name": "web"}]});
    [
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx", "namespace": "default"},
            "spec": {"clusterIP": "None", "selector": labels, "ports": [{"port": 80, "name": "web"}]}}),
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": "web", "namespace": "default"},
            "spec": {"serviceName": "nginx", "replicas": replicas, "podManagementPolicy": "Parallel",
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}}}),
    ]
}

/// The request that creates what a manifest describes.
///
/// # Panics
/// If the manifest is of no known kind, which those of this file are.
pub fn creation(manifest: Value) -> Request {
    let kind = Kind::from_manifest(manifest.str_at(&["apiVersion"]), manifest.str_at(&["kind"]));
    let kind = kind.expect("the manifests above are of known kinds");
    let key = Object::from_value(kind, manifest.clone()).key();
    Request {
        actor: Actor::user(),
        key,
        verb: Verb::Create(Body::Untyped(manifest), WriteOptions::default()),
    }
}

/// How many Pods of the set are Ready, as its status says.
pub fn ready(cluster: &Cluster) -> i64 {
    let key = Key::new(Kind::StatefulSet, "default", "web");
    let set = cluster.store().get(&key);
    set.and_then(|set| set.status().i64_at(&["readyReplicas"])).unwrap_or(0)
}

/// Creates a set of that size and steps until all its Pods are Ready. `None` if they do not become so.
pub fn run(mut cluster: Cluster, replicas: u32) -> Option<Finished> {
    let mut log = StepLog::default();
    let (begun, limit) = (cluster.steps(), cluster.now() + LIMIT);
    for manifest in manifests(replicas) {
        cluster.submit(&Input::Request(Box::new(creation(manifest))), &mut log)?.ok()?;
    }
    while ready(&cluster) < i64::from(replicas) {
        if cluster.next_due().is_none_or(|due| due > limit) {
            return None;
        }
        cluster.step(&mut log);
    }
    let steps = cluster.steps() - begun;
    Some(Finished { cluster, log, steps })
}
