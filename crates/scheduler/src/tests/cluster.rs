//! An API server with nodes and a scheduler that is asked about one Pod after the other.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, ApiServer, Change, Request};
use client::{Attempt, Controller, Cursors, Memory, Outcome, Progress, Seen, SharedReason};
use serde_json::{Value, json};

use crate::Scheduler;

/// How a decision ended and what was said.
#[derive(Debug)]
pub struct Decided {
    pub outcome: Outcome,
    pub events: Vec<(String, String)>,
    pub reasons: Vec<SharedReason>,
}

pub struct Cluster {
    pub api: ApiServer,
    pub now: Time,
    pub scheduler: Scheduler,
    memory: RefCell<Memory>,
}

pub fn pod_key(name: &str) -> Key {
    Key::new(Kind::Pod, "default", name)
}

pub fn claim_key(name: &str) -> Key {
    Key::new(Kind::PersistentVolumeClaim, "default", name)
}

impl Cluster {
    /// With nodes `node-1` … of 64 CPU, 256 Gi and 2000 Pods, as the recorded ones.
    pub fn new(nodes: usize) -> Self {
        let api = ApiServer::new(1, Time::default());
        let mut cluster = Self {
            api,
            now: Time::from_unix_seconds(1_800_000_000),
            scheduler: Scheduler::new(7),
            memory: RefCell::default(),
        };
        for name in ["default", "kube-system"] {
            cluster.create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
        }
        cluster.create(json!({"apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {"name": "default", "namespace": "default"}}));
        for number in 1..=nodes {
            cluster.node(&format!("node-{number}"));
        }
        cluster
    }

    pub fn create(&mut self, manifest: Value) -> Rc<Object> {
        let kind = Kind::from_manifest(manifest.str_at(&["apiVersion"]), manifest.str_at(&["kind"])).unwrap();
        let object = Object::from_value(kind, manifest);
        let answer = self.api.handle(self.now, 0, &Request::create(&Actor::user(), object));
        answer.unwrap().into_object().unwrap()
    }

    pub fn node(&mut self, name: &str) {
        self.create(json!({"apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}}}));
        let size = json!({"cpu": "64", "memory": "256Gi", "pods": "2000"});
        self.change_status(&Key::new(Kind::Node, "", name), &["allocatable"], size);
    }

    /// A Pod of the set `web` with this addition to its spec.
    pub fn pod(&mut self, name: &str, addition: Value) -> Rc<Object> {
        let mut spec = json!({"containers": [{"name": "nginx", "image": "nginx:1.7.9"}]});
        for (member, value) in addition.as_object().unwrap() {
            set_at(&mut spec, &[member], value.clone());
        }
        self.create(json!({"apiVersion": "v1", "kind": "Pod", "spec": spec,
            "metadata": {"name": name, "namespace": "default", "labels": {"app": "nginx"}}}))
    }

    /// A Pod that asks for this much CPU.
    pub fn hungry(&mut self, name: &str, cpu: &str) -> Rc<Object> {
        let container =
            json!({"name": "nginx", "image": "nginx:1.7.9", "resources": {"requests": {"cpu": cpu}}});
        self.pod(name, json!({ "containers": [container] }))
    }

    /// A Pod that mounts this claim.
    pub fn mounts(&mut self, name: &str, claim: &str) -> Rc<Object> {
        self.pod(name, json!({"volumes": [{"name": "www", "persistentVolumeClaim": {"claimName": claim}}]}))
    }

    pub fn class(&mut self, name: &str, provisioner: &str, mode: &str) {
        self.create(
            json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
            "provisioner": provisioner, "volumeBindingMode": mode}),
        );
    }

    pub fn claim(&mut self, name: &str, class: &str, mode: &str) -> Rc<Object> {
        self.create(json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"accessModes": [mode], "storageClassName": class, "resources": {"requests": {"storage": "1Gi"}}}}))
    }

    /// An Available volume of class `local` that only this node reaches.
    pub fn local_volume(&mut self, name: &str, node: &str, size: &str) {
        let term = json!({"key": "kubernetes.io/hostname", "operator": "In", "values": [node]});
        self.create(json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name},
            "spec": {"capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"], "storageClassName": "local",
                "hostPath": {"path": "/tmp/x"},
                "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [term]}]}}}}));
        self.change_status(&Key::new(Kind::PersistentVolume, "", name), &["phase"], "Available".into());
    }

    /// What the volume controller does with a claim and its volume.
    pub fn bind_claim(&mut self, claim: &str, volume: &str) {
        let annotation = ("pv.kubernetes.io/bind-completed", "yes");
        self.change(&claim_key(claim), |object| {
            set_at(object.spec_mut(), &["volumeName"], volume.into());
            object.metadata.annotations.insert(annotation.0.to_owned(), annotation.1.to_owned());
        });
        self.change_status(&claim_key(claim), &["phase"], "Bound".into());
    }

    pub fn get(&self, key: &Key) -> Rc<Object> {
        Rc::clone(self.api.store().get(key).unwrap())
    }

    pub fn change(&mut self, key: &Key, f: impl FnOnce(&mut Object)) {
        let mut object = Object::clone(&self.get(key));
        f(&mut object);
        self.api.handle(self.now, 0, &Request::update(&Actor::user(), object)).unwrap();
    }

    pub fn change_status(&mut self, key: &Key, path: &[&str], value: Value) {
        let mut object = Object::clone(&self.get(key));
        set_at(object.status_mut(), path, value);
        self.api.handle(self.now, 0, &Request::update_status(&Actor::component("test"), object)).unwrap();
    }

    /// Lets the scheduler decide about a Pod, with caches that know everything.
    pub fn schedule(&mut self, name: &str) -> Decided {
        let cursors = |api: &ApiServer| Cursors::at(Kind::ALL, api.store().revision());
        let mut attempt = Attempt::new(pod_key(name), self.now, 0, cursors(&self.api));
        let (mut events, mut reasons) = (Vec::new(), Vec::new());
        loop {
            let run = attempt.run(&self.scheduler, self.api.store(), &self.memory);
            events.extend(run.events.into_iter().map(|event| (event.reason.to_owned(), event.message)));
            reasons.extend(run.reasons);
            match run.progress {
                Progress::Asks(requests) => {
                    self.now = self.now + Duration::from_millis(5);
                    let answers = requests.iter().map(|r| self.api.handle(self.now, 0, r)).collect();
                    attempt.answer(Rc::new(answers), cursors(&self.api));
                }
                Progress::Ends(outcome) => return Decided { outcome, events, reasons },
            }
        }
    }

    /// What `FailedScheduling` says about a Pod.
    pub fn refusal(&mut self, name: &str) -> String {
        let decided = self.schedule(name);
        assert_eq!(decided.outcome, Outcome::Parked(Duration::from_mins(5)), "{decided:?}");
        let [(reason, text)] = decided.events.as_slice() else { panic!("{decided:?}") };
        assert_eq!(reason, "FailedScheduling");
        let pod = self.get(&pod_key(name));
        let condition = Pod(&pod).condition("PodScheduled").unwrap();
        assert_eq!(condition.str_at(&["status"]), "False");
        assert_eq!(condition.str_at(&["reason"]), "Unschedulable");
        assert_eq!(condition.str_at(&["message"]), text);
        text.clone()
    }

    /// The node that a Pod gets.
    pub fn node_of(&mut self, name: &str) -> String {
        let decided = self.schedule(name);
        let pod = self.get(&pod_key(name));
        let node = Pod(&pod).node_name().to_owned();
        let text = format!("Successfully assigned default/{name} to {node}");
        assert_eq!(decided.events, [("Scheduled".to_owned(), text)]);
        assert_eq!(decided.outcome, Outcome::Done);
        assert_eq!(Pod(&pod).condition("PodScheduled").unwrap().str_at(&["status"]), "True");
        node
    }

    /// Names of the Pods that the changes made by `f` make due.
    pub fn woken_by(&mut self, f: impl FnOnce(&mut Self)) -> Vec<String> {
        let before = self.api.store().revision();
        f(self);
        let store = self.api.store();
        let cursors = Cursors::at(Kind::ALL, store.revision());
        let seen = Seen::new(store, &cursors);
        let changes: Vec<Rc<Change>> = store.changes_after(before).cloned().collect();
        let wakes = changes.iter().flat_map(|change| self.scheduler.wakes(change, &seen));
        wakes.map(|wake| wake.key.name.as_ref().to_owned()).collect()
    }
}
