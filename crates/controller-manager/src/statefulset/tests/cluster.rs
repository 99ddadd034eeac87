//! An API server with one set, its controller, and what kubelets and people do to its Pods.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, ApiServer, Change, DeleteOptions, Patch, Request, Subresource, Verb};
use client::{Attempt, Controller, Cursors, Memory, Outcome, Progress, Seen, Wake};
use serde_json::{Value, json};

use crate::statefulset::StatefulSetController;

/// What one sync did.
#[derive(Debug)]
pub struct Synced {
    /// How it ended.
    pub outcome: Outcome,
    /// What it asked for, as `POST pod/web-0`; what stands together was asked at the same time.
    pub batches: Vec<Vec<String>>,
    /// Its events, as `SuccessfulCreate: Create Pod …`.
    pub events: Vec<String>,
    /// The rules that it named.
    pub reasons: Vec<String>,
}

impl Synced {
    /// What it asked for about Pods, as `POST web-0`.
    pub fn pods(&self) -> Vec<String> {
        self.about("pod/")
    }

    /// What it asked for about claims, as `POST www-web-0`.
    pub fn claims(&self) -> Vec<String> {
        self.about("persistentvolumeclaim/")
    }

    /// What it asked for about revisions, as `POST web-6bc98684fd`.
    pub fn revisions(&self) -> Vec<String> {
        self.about("controllerrevision/")
    }

    fn about(&self, kind: &str) -> Vec<String> {
        let all = self.batches.iter().flatten();
        all.filter(|asked| asked.contains(kind)).map(|asked| asked.replace(kind, "")).collect()
    }

    /// Whether it asked for nothing but reads.
    pub fn is_idle(&self) -> bool {
        self.batches.iter().flatten().all(|asked| asked.starts_with("GET"))
    }
}

/// The set `web` and its world.
pub struct Cluster {
    pub api: ApiServer,
    pub now: Time,
    pub controller: Rc<dyn Controller>,
    memory: RefCell<Memory>,
    /// Where the caches stand, if they have stopped.
    stopped: Option<Cursors>,
    own_writes: SortedMap<Kind, u64>,
}

pub fn pod(name: &str) -> Key {
    Key::new(Kind::Pod, "default", name)
}

pub fn claim(name: &str) -> Key {
    Key::new(Kind::PersistentVolumeClaim, "default", name)
}

pub fn set() -> Key {
    Key::new(Kind::StatefulSet, "default", "web")
}

/// A claim template `www`, for [`Cluster::new`].
pub fn www() -> Value {
    json!([{"metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}}}}])
}

/// The change of the set that gives it this image.
pub fn image(image: &str) -> Value {
    json!({"spec": {"template": {"spec": {"containers": [{"name": "nginx", "image": image}]}}}})
}

impl Cluster {
    /// With nothing in it yet.
    pub fn empty() -> Self {
        let mut cluster = Self {
            api: ApiServer::new(1, Time::default()),
            now: Time::from_unix_seconds(1_800_000_000),
            controller: Rc::new(StatefulSetController::default()),
            memory: RefCell::default(),
            stopped: None,
            own_writes: SortedMap::new(),
        };
        cluster.create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}));
        cluster.create(json!({"apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {"name": "default", "namespace": "default"}}));
        cluster
    }

    /// With the set `web` of `nginx:1`, with this addition to its spec. Nobody has looked at it yet.
    pub fn new(addition: Value) -> Self {
        let mut cluster = Self::empty();
        cluster.create_set(addition);
        cluster
    }

    /// The same when its controller has nothing more to do, with all Pods Ready.
    pub fn settled(addition: Value) -> Self {
        let mut cluster = Self::new(addition);
        cluster.settle();
        cluster
    }

    pub fn create_set(&mut self, addition: Value) -> Rc<Object> {
        let mut spec = json!({"serviceName": "nginx", "replicas": 3,
            "selector": {"matchLabels": {"app": "nginx"}},
            "template": {"metadata": {"labels": {"app": "nginx"}},
                "spec": {"containers": [{"name": "nginx", "image": "nginx:1"}]}}});
        for (member, value) in addition.as_object().unwrap() {
            set_at(&mut spec, &[member], value.clone());
        }
        self.create(json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": "web", "namespace": "default"}, "spec": spec}))
    }

    /// A Pod that somebody made by hand.
    pub fn create_pod(&mut self, name: &str, labels: Value) -> Rc<Object> {
        self.create(json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "default", "labels": labels},
            "spec": {"containers": [{"name": "nginx", "image": "nginx:1"}]}}))
    }

    pub fn create(&mut self, manifest: Value) -> Rc<Object> {
        let kind = Kind::from_manifest(manifest.str_at(&["apiVersion"]), manifest.str_at(&["kind"])).unwrap();
        let object = Object::from_value(kind, manifest);
        self.ask(&Request::create(&Actor::user(), object)).unwrap()
    }

    pub fn ask(&mut self, request: &Request) -> Option<Rc<Object>> {
        self.api.handle(self.now, 0, request).unwrap().into_object()
    }

    pub fn get(&self, key: &Key) -> Rc<Object> {
        self.find(key).unwrap_or_else(|| panic!("no {key}"))
    }

    pub fn find(&self, key: &Key) -> Option<Rc<Object>> {
        self.api.store().get(key).cloned()
    }

    /// The names of the objects of a kind.
    pub fn names(&self, kind: Kind) -> Vec<String> {
        self.api.store().list(kind, "").map(|object| object.metadata.name.clone()).collect()
    }

    /// A member of the set's status; null where it is not written.
    pub fn status(&self, member: &str) -> Value {
        self.get(&set()).status().at(&[member]).cloned().unwrap_or(Value::Null)
    }

    /// The revision that a Pod was made from.
    pub fn revision_of(&self, name: &str) -> String {
        self.get(&pod(name)).metadata.label("controller-revision-hash").to_owned()
    }

    /// The kinds and names of an object's owners.
    pub fn owners(&self, key: &Key) -> Vec<String> {
        let object = self.get(key);
        object
            .metadata
            .owner_references
            .iter()
            .map(|owner| format!("{} {}", owner.kind, owner.name))
            .collect()
    }

    pub fn change(&mut self, key: &Key, change: impl FnOnce(&mut Object)) {
        let mut object = Object::clone(&self.get(key));
        change(&mut object);
        self.ask(&Request::update(&Actor::user(), object));
    }

    /// Somebody patches the set.
    pub fn patch_set(&mut self, patch: Value) {
        self.ask(&Request::patch(&Actor::user(), set(), Patch::Merge(patch), Subresource::None));
    }

    pub fn scale(&mut self, replicas: i64) {
        self.patch_set(json!({"spec": {"replicas": replicas}}));
    }

    /// A kubelet's status of a Pod, on a node.
    fn kubelet_says(&mut self, name: &str, phase: &str, ready: &str) {
        let actor = Actor::kubelet("node-1");
        if Pod(&self.get(&pod(name))).node_name().is_empty() {
            let verb = Verb::Bind { node: "node-1".to_owned() };
            self.ask(&Request { actor: actor.clone(), key: pod(name), verb });
        }
        let mut object = Object::clone(&self.get(&pod(name)));
        let conditions =
            json!([{"type": "Ready", "status": ready, "lastTransitionTime": self.now.rfc3339()}]);
        set_at(object.status_mut(), &["phase"], phase.into());
        set_at(object.status_mut(), &["conditions"], conditions);
        self.ask(&Request::update_status(&actor, object));
    }

    /// It runs and has been Ready since now.
    pub fn ready(&mut self, name: &str) {
        self.kubelet_says(name, "Running", "True");
    }

    /// It runs and is not Ready.
    pub fn unready(&mut self, name: &str) {
        self.kubelet_says(name, "Running", "False");
    }

    /// Its containers have ended for good, in this phase.
    pub fn ended(&mut self, name: &str, phase: &str) {
        self.kubelet_says(name, phase, "False");
    }

    /// Somebody deletes it; it is Terminating until it is [`Cluster::gone`].
    pub fn delete(&mut self, key: &Key) {
        self.ask(&Request::delete(&Actor::user(), key.clone(), DeleteOptions::default()));
    }

    /// Its kubelet has ended it.
    pub fn gone(&mut self, name: &str) {
        let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() };
        self.ask(&Request::delete(&Actor::kubelet("node-1"), pod(name), options));
    }

    pub fn wait(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }

    /// The controller's caches hear of nothing more, or of everything again.
    pub fn stop_caches(&mut self, stop: bool) {
        self.stopped = stop.then(|| Cursors::at(Kind::ALL, self.api.store().revision()));
    }

    fn caches(&self) -> Cursors {
        self.stopped.clone().unwrap_or_else(|| Cursors::at(Kind::ALL, self.api.store().revision()))
    }

    /// The controller looks at the set once.
    pub fn sync(&mut self) -> Synced {
        let attempt = Attempt::new(set(), self.now, 0, self.caches());
        let mut attempt = attempt.with_own_writes(self.own_writes.clone());
        let mut synced =
            Synced { outcome: Outcome::Done, batches: Vec::new(), events: Vec::new(), reasons: Vec::new() };
        loop {
            let run = attempt.run(self.controller.as_ref(), self.api.store(), &self.memory);
            synced.events.extend(run.events.into_iter().map(|e| format!("{}: {}", e.reason, e.message)));
            let rule = |said: String| said.split([' ', '{']).next().unwrap_or_default().to_owned();
            synced.reasons.extend(run.reasons.iter().map(|reason| rule(format!("{reason:?}"))));
            match run.progress {
                Progress::Asks(requests) => {
                    let words = |r: &Request| format!("{} {}", r.verb.word(), r.key);
                    synced.batches.push(requests.iter().map(words).collect());
                    let answers = requests.iter().map(|request| self.carry_out(request)).collect();
                    attempt.answer(Rc::new(answers), self.caches());
                }
                Progress::Ends(outcome) => {
                    synced.outcome = outcome;
                    return synced;
                }
            }
        }
    }

    fn carry_out(&mut self, request: &Request) -> apiserver::Answer {
        let before = self.api.store().revision();
        let answer = self.api.handle(self.now, 0, request);
        if self.api.store().revision() > before {
            self.own_writes.insert(request.key.kind, self.api.store().revision());
        }
        answer
    }

    /// Controller and kubelets go on until there is nothing more to do. What leaves goes, and what is new
    /// becomes Ready, unless its image is called `bad`.
    pub fn settle(&mut self) {
        for _ in 0..100 {
            let idle = self.sync().is_idle();
            let pods: Vec<Rc<Object>> = self.api.store().list(Kind::Pod, "").cloned().collect();
            let mut still = true;
            for object in pods {
                let name = object.metadata.name.as_str();
                let containers = object.spec().list_at(&["containers"]);
                let is_bad = containers.iter().any(|c| c.str_at(&["image"]) == "bad");
                if object.metadata.is_deleting() {
                    self.gone(name);
                } else if is_bad || Pod(&object).is_running_and_ready() {
                    continue;
                } else {
                    self.ready(name);
                }
                still = false;
            }
            if idle && still {
                return;
            }
        }
        panic!("no end after a hundred syncs");
    }

    /// What the changes made by `change` make due.
    pub fn woken_by(&mut self, change: impl FnOnce(&mut Self)) -> Vec<Wake> {
        let before = self.api.store().revision();
        change(self);
        let cursors = self.caches();
        let seen = Seen::new(self.api.store(), &cursors);
        let changes: Vec<Rc<Change>> = self.api.store().changes_after(before).cloned().collect();
        changes.iter().flat_map(|change| self.controller.wakes(change, &seen)).collect()
    }
}
