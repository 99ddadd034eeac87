//! A cluster to act on and to look at: what the scenarios of this folder speak in.
#![allow(dead_code, clippy::missing_panics_doc, clippy::unwrap_used)] // each scenario uses a part of it

use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, Answer, Body, DeleteOptions, Patch, Request, Subresource, Verb, WriteOptions};
use cluster::{Cluster, Config, Fault, Input, NodeSpec, StepLog, What};
use serde_json::{Value, json};

/// A cluster and what has happened in it.
pub struct World {
    /// The cluster.
    pub cluster: Cluster,
    /// What has happened.
    pub log: StepLog,
}

impl World {
    /// A cluster with these nodes.
    pub fn with_nodes(nodes: &[&str]) -> Self {
        let nodes = nodes.iter().map(|name| NodeSpec::named(name)).collect();
        let config = Config { nodes, ..Config::default() };
        Self { cluster: Cluster::new(config), log: StepLog::default() }
    }

    fn submit(&mut self, input: &Input) -> Option<Answer> {
        self.cluster.submit(input, &mut self.log)
    }

    /// A person asks.
    pub fn ask(&mut self, request: Request) -> Answer {
        self.submit(&Input::Request(Box::new(request))).unwrap()
    }

    /// `kubectl create`.
    pub fn create(&mut self, manifest: Value) {
        self.create_in("default", manifest);
    }

    /// `kubectl create -n`.
    pub fn create_in(&mut self, namespace: &str, manifest: Value) {
        let kind = Kind::from_manifest(manifest.str_at(&["apiVersion"]), manifest.str_at(&["kind"])).unwrap();
        let name = manifest.str_at(&["metadata", "name"]).to_owned();
        let verb = Verb::Create(Body::Untyped(manifest), WriteOptions::default());
        let request = Request { actor: Actor::user(), key: Key::new(kind, namespace, name), verb };
        self.ask(request).unwrap();
    }

    /// `kubectl patch --type=merge`.
    pub fn patch(&mut self, key: Key, patch: Value) {
        let request = Request::patch(&Actor::user(), key, Patch::Merge(patch), Subresource::None);
        self.ask(request).unwrap();
    }

    /// `kubectl delete`; with `--force --grace-period=0` if `by_force`.
    pub fn delete(&mut self, key: Key, by_force: bool) {
        let grace_period_seconds = by_force.then_some(0);
        let options = DeleteOptions { grace_period_seconds, ..DeleteOptions::default() };
        self.ask(Request::delete(&Actor::user(), key, options)).unwrap();
    }

    /// The eviction API.
    pub fn evict(&mut self, pod: &str) -> Answer {
        let key = Key::new(Kind::Pod, "default", pod);
        self.ask(Request { actor: Actor::user(), key, verb: Verb::Evict(DeleteOptions::default()) })
    }

    /// Something happens to a machine.
    pub fn fault(&mut self, fault: Fault) {
        self.submit(&Input::Fault(fault));
    }

    /// Time passes.
    pub fn wait(&mut self, seconds: u64) {
        self.cluster.advance(Duration::from_secs(seconds), &mut self.log);
    }

    /// Time passes until something holds; how many seconds, at most `limit`.
    pub fn until(&mut self, limit: u64, holds: impl Fn(&Self) -> bool) -> f64 {
        let begun = self.cluster.now();
        while !holds(self) {
            let waited = self.cluster.now().since(begun);
            assert!(waited < Duration::from_secs(limit), "not within {limit} s");
            self.cluster.advance(Duration::from_millis(100), &mut self.log);
        }
        self.cluster.now().since(begun).as_secs_f64()
    }

    /// An object of the namespace `default`, or of none.
    pub fn find(&self, kind: Kind, name: &str) -> Option<Object> {
        self.cluster.store().get(&Key::new(kind, "default", name)).map(|o| Object::clone(o))
    }

    /// The object, which exists.
    pub fn get(&self, kind: Kind, name: &str) -> Object {
        self.find(kind, name).unwrap_or_else(|| panic!("no {kind} {name}"))
    }

    /// A condition's status and reason: `True`, `False/ContainersNotReady`, or `-`.
    pub fn condition(&self, kind: Kind, name: &str, condition: &str) -> String {
        let object = self.get(kind, name);
        let mut all = object.status().list_at(&["conditions"]).iter();
        let Some(found) = all.find(|c| c.str_at(&["type"]) == condition) else { return "-".to_owned() };
        match (found.str_at(&["status"]), found.str_at(&["reason"])) {
            (status, "") => status.to_owned(),
            (status, reason) => format!("{status}/{reason}"),
        }
    }

    /// Whether a Pod is ready.
    pub fn is_ready(&self, pod: &str) -> bool {
        self.find(Kind::Pod, pod).is_some() && self.condition(Kind::Pod, pod, "Ready") == "True"
    }

    /// A node's taints as `key:Effect`, sorted.
    pub fn taints(&self, node: &str) -> Vec<String> {
        let node = self.get(Kind::Node, node);
        let taints = node.spec().list_at(&["taints"]).iter();
        let mut taints: Vec<String> =
            taints.map(|t| format!("{}:{}", t.str_at(&["key"]), t.str_at(&["effect"]))).collect();
        taints.sort();
        taints
    }

    /// The node of a Pod.
    pub fn node_of(&self, pod: &str) -> String {
        self.get(Kind::Pod, pod).spec().str_at(&["nodeName"]).to_owned()
    }

    /// How often an event with this reason and message about an object was recorded.
    pub fn events(&self, about: &str, reason: &str, message: &str) -> i64 {
        let (kind, name) = about.split_once('/').unwrap();
        let all = self.cluster.store().list(Kind::Event, "");
        all.filter(|e| {
            let involved = e.field("involvedObject");
            involved.str_at(&["kind"]) == kind
                && involved.str_at(&["name"]) == name
                && e.field("reason").as_str() == Some(reason)
                && e.field("message").as_str() == Some(message)
        })
        .map(|e| e.field("count").as_i64().or(e.field("series").i64_at(&["count"])).unwrap_or(1))
        .sum()
    }

    /// Whether some decision was given this reason.
    pub fn has_reason(&self, name: &str) -> bool {
        self.log
            .records
            .iter()
            .any(|r| matches!(&r.what, What::Decided { reason, .. } if reason.name() == name))
    }

    /// Asserts that nobody's turn failed and no request was refused, save by those that `allowed` names.
    pub fn assert_smooth(&self) {
        for record in &self.log.records {
            assert!(!matches!(record.what, What::Failed { .. }), "{record:?}");
        }
    }
}

/// A headless Service for `web`.
pub fn service() -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx", "labels": {"app": "nginx"}},
        "spec": {"clusterIP": "None", "selector": {"app": "nginx"}, "ports": [{"port": 80, "name": "web"}]}})
}

/// A set called `web` whose Pods leave a silent node after `patience` seconds, if given.
pub fn set(replicas: u32, patience: Option<u32>) -> Value {
    let mut spec = json!({"terminationGracePeriodSeconds": 10, "containers": [
        {"name": "nginx", "image": "nginx:1.7.9", "ports": [{"containerPort": 80, "name": "web"}]}]});
    if let Some(seconds) = patience {
        let toleration = |key: &str| json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds});
        let both = ["node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"].map(toleration);
        apimachinery::value::set_at(&mut spec, &["tolerations"], json!(both));
    }
    json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"}, "spec": {
        "serviceName": "nginx", "replicas": replicas, "selector": {"matchLabels": {"app": "nginx"}},
        "template": {"metadata": {"labels": {"app": "nginx"}}, "spec": spec}}})
}
