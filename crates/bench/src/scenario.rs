//! One set of many Pods, from its creation until all are Ready: the engine alone, without a session.

use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, Body, Request, Verb, WriteOptions};
use cluster::agenda::Due;
use cluster::{Cluster, Config, Input, NodeSpec, StepLog, What};
use serde_json::{Value, json};

use crate::clock;

/// Simulated time that a run may take: a thousand Pods one after the other need two hours and a half.
const LIMIT: Duration = Duration::from_hours(6);

/// Where the Pods of a set keep their data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere.
    None,
    /// In directories of their nodes: claims wait for their Pod's node (`WaitForFirstConsumer`).
    OnNode,
    /// On volumes that any node can reach: claims are bound at once (`Immediate`), volumes are attached.
    Anywhere,
}

impl Storage {
    /// How the report calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "no claim",
            Self::OnNode => "rancher.io/local-path",
            Self::Anywhere => "hostpath.csi.k8s.io",
        }
    }

    /// The StorageClass of the claims.
    fn class(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::OnNode => Some("local-path"),
            Self::Anywhere => Some("csi-hostpath"),
        }
    }
}

/// A set to be made Ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// Its Pods.
    pub replicas: u32,
    /// `Parallel`, or one Pod after the other.
    pub is_parallel: bool,
    /// Where they keep their data.
    pub storage: Storage,
}

impl Scenario {
    /// All Pods at once, without data.
    pub fn plain(replicas: u32) -> Self {
        Self { replicas, is_parallel: true, storage: Storage::None }
    }
}

/// A step of a cluster.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What was due.
    pub what: &'static str,
    /// How long it took by the clock.
    pub took: Duration,
}

/// A finished run.
#[derive(Debug)]
pub struct Finished {
    /// The cluster with all Pods Ready.
    pub cluster: Cluster,
    /// What happened.
    pub log: StepLog,
    /// The steps from the creation of the set on.
    pub steps: Vec<Step>,
}

impl Finished {
    /// Requests to the API server that were no reads.
    pub fn requests(&self) -> usize {
        self.log.records.iter().filter(|record| matches!(record.what, What::Requested { .. })).count()
    }
}

/// A cluster of that many nodes with 110 places each, and a StorageClass of each kind.
pub fn config(nodes: usize) -> Config {
    let nodes = (1..=nodes).map(|at| NodeSpec::named(&format!("node-{at}"))).collect();
    let class = |name: &str, provisioner: &str, mode: &str| {
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
            "provisioner": provisioner, "volumeBindingMode": mode})
    };
    let objects = vec![
        class("local-path", "rancher.io/local-path", "WaitForFirstConsumer"),
        class("csi-hostpath", "hostpath.csi.k8s.io", "Immediate"),
    ];
    Config { nodes, objects, ..Config::default() }
}

/// The headless Service and the set, as a person writes them.
pub fn manifests(scenario: Scenario) -> [Value; 2] {
    let labels = json!({"app": "nginx"});
    let mut container =
        json!({"name": "nginx", "image": "nginx:1.7.9", "ports": [{"containerPort": 80, "name": "web"}]});
    let mut claims = Vec::new();
    if let Some(class) = scenario.storage.class() {
        set_at(&mut container, &["volumeMounts"], json!([{"name": "www", "mountPath": "/data"}]));
        claims.push(json!({"metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"],
            "storageClassName": class, "resources": {"requests": {"storage": "1Gi"}}}}));
    }
    let policy = if scenario.is_parallel { "Parallel" } else { "OrderedReady" };
    [
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx", "namespace": "default"},
            "spec": {"clusterIP": "None", "selector": labels, "ports": [{"port": 80, "name": "web"}]}}),
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": "web", "namespace": "default"},
            "spec": {"serviceName": "nginx", "replicas": scenario.replicas, "podManagementPolicy": policy,
                "selector": {"matchLabels": labels}, "volumeClaimTemplates": claims,
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

/// Creates a set and steps until all its Pods are Ready. `None` if they do not become so.
pub fn run(mut cluster: Cluster, scenario: Scenario) -> Option<Finished> {
    let mut log = StepLog::default();
    let mut steps = Vec::new();
    let limit = cluster.now() + LIMIT;
    for manifest in manifests(scenario) {
        cluster.submit(&Input::Request(Box::new(creation(manifest))), &mut log)?.ok()?;
    }
    while ready(&cluster) < i64::from(scenario.replicas) {
        if cluster.next_due().is_none_or(|due| due > limit) {
            return None;
        }
        let what = cluster.agenda().together().next().map_or("", |(_, due)| word_for(due));
        steps.push(Step { what, took: clock::by_the_clock(|| cluster.step(&mut log)) });
    }
    Some(Finished { cluster, log, steps })
}

/// What is due, in a few words.
fn word_for(due: &Due) -> &'static str {
    match due {
        Due::Deliver { .. } => "a process hears of changes",
        Due::Work { .. } => "a controller works on keys",
        Due::Ask { .. } => "requests of a controller arrive",
        Due::Answer { .. } => "a controller has its answers",
        Due::Agent { .. } => "a kubelet or provisioner acts",
        Due::AgentAsk { .. } => "a request of a kubelet or provisioner arrives",
        Due::Events => "Events are written",
        Due::EventSeries => "series of Events are looked at",
        Due::ExpireEvent(_) => "an Event expires",
    }
}
