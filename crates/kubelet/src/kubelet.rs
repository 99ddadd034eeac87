//! A node's kubelet: its Pods, its images, and what can be done to it from outside.

use std::rc::Rc;
use std::time::Duration;

use api::{Kind, Object};
use apimachinery::sorted::SortedSet;
use apimachinery::value::ValueExt;
use apimachinery::{Rng, Time};
use apiserver::{Actor, Answer, Change, Patch, Request, Subresource};
use client::{Agent, Effect, Seen};
use serde_json::json;

use crate::container::Container;
use crate::context::Context;
use crate::ending::Ending;
use crate::images::ImageBehaviours;
use crate::node_status::NodeStatus;
use crate::worker::{Asked, Sandbox, Worker};
use crate::workers::Workers;

/// How often a kubelet renews its Lease.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How often a kubelet tries to say again what the API server has not heard: `syncPeriod` of its status manager.
const STATUS_RETRY: Duration = Duration::from_secs(10);

/// How often a kubelet looks for containers that nobody wants: `housekeepingPeriod`.
const HOUSEKEEPING: Duration = Duration::from_secs(2);

/// A kubelet.
#[derive(Debug, Clone)]
pub struct Kubelet {
    node: String,
    rng: Rng,
    overrides: Rc<ImageBehaviours>,
    images: SortedSet<String>,
    workers: Workers,
    next_tag: u64,
    addresses: u32,
    /// Third byte of the node's Pod addresses.
    subnet: u32,
    host_ip: String,
    is_stopped: bool,
    is_off: bool,
    heartbeat: Option<Time>,
    node_status: NodeStatus,
    /// Volumes with no space left, by PersistentVolume.
    full: SortedSet<String>,
}

impl Kubelet {
    /// The kubelet of `node`.
    pub fn new(node: &str, seed: u64, overrides: Rc<ImageBehaviours>) -> Self {
        Self {
            node: node.to_owned(),
            rng: Rng::stream(seed, &format!("kubelet/{node}")),
            overrides,
            images: SortedSet::new(),
            workers: Workers::default(),
            next_tag: 0,
            addresses: 1,
            subnet: 1,
            host_ip: String::new(),
            is_stopped: false,
            is_off: false,
            heartbeat: None,
            node_status: NodeStatus::default(),
            full: SortedSet::new(),
        }
    }

    /// Its node.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Whether it runs: neither stopped nor without power.
    pub fn is_up(&self) -> bool {
        !self.is_stopped && !self.is_off
    }

    /// Whether its machine has power.
    pub fn has_power(&self) -> bool {
        !self.is_off
    }

    /// Its Pods.
    pub fn workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.iter()
    }

    /// The worker of a Pod: of those with this name, the one that still has an object.
    pub fn worker(&self, namespace: &str, pod: &str) -> Option<&Worker> {
        let mine = |w: &&Worker| w.pod.metadata.namespace == namespace && w.pod.metadata.name == pod;
        self.workers.iter().filter(mine).min_by_key(|w| w.is_gone)
    }

    /// How images behave here.
    pub fn image_behaviours(&self) -> &ImageBehaviours {
        &self.overrides
    }

    /// Stops the kubelet; its containers go on.
    pub fn stop(&mut self, _now: Time) {
        self.is_stopped = true;
    }

    /// Starts the kubelet again; it looks at everything anew.
    pub fn start(&mut self, now: Time) {
        self.is_stopped = false;
        self.heartbeat = Some(now);
        self.node_status.started();
        self.resync(now);
    }

    /// Switches the machine off: every container is gone.
    pub fn power_off(&mut self, now: Time) {
        self.is_off = true;
        self.workers.change_all(|worker| {
            worker.job = None;
            worker.sandbox = Sandbox::None;
            for container in &mut worker.containers {
                container.end(now, 255);
            }
        });
    }

    /// Switches the machine on again.
    pub fn power_on(&mut self, now: Time) {
        self.is_off = false;
        self.heartbeat = Some(now);
        self.node_status.started();
        self.resync(now);
    }

    fn resync(&mut self, now: Time) {
        self.workers.change_all(|worker| {
            // Of a Pod without an object only the housekeeping knows, which comes later (recorded: N25).
            worker.sync_at = Some(if worker.is_gone { now + HOUSEKEEPING } else { now });
        });
    }

    fn on_worker(&mut self, namespace: &str, pod: &str, act: impl FnOnce(&mut Worker)) {
        let uid = self.worker(namespace, pod).map(|worker| worker.pod.metadata.uid.clone());
        if let Some(uid) = uid {
            self.workers.change(&uid, act);
        }
    }

    /// Lets something happen to a container of a Pod; an empty name means the first one.
    fn on_container(&mut self, (namespace, pod, name): (&str, &str, &str), act: impl FnOnce(&mut Container)) {
        self.on_worker(namespace, pod, |worker| {
            let named = |c: &&mut Container| !c.is_init && (name.is_empty() || c.name == name);
            if let Some(container) = worker.containers.iter_mut().find(named) {
                act(container);
            }
        });
    }

    /// Ends a container's process with an exit code; an empty name means the first container.
    pub fn crash(&mut self, namespace: &str, pod: &str, container: &str, code: i32, now: Time) {
        self.on_container((namespace, pod, container), |container| {
            if container.is_running() {
                container.kill = Some((now, code));
            }
        });
    }

    /// Lets a container (namespace, Pod, name) use more memory than it may: the kernel kills its process.
    pub fn run_out_of_memory(&mut self, place: (&str, &str, &str), now: Time) {
        self.on_container(place, |container| {
            if container.is_running() {
                container.is_out_of_memory = true;
                container.kill = Some((now, 137));
            }
        });
    }

    /// Lets the process of a container (namespace, Pod, name) stand still, or go on.
    pub fn hang(&mut self, place: (&str, &str, &str), hangs: bool, now: Time) {
        self.on_container(place, |container| container.hang(hangs, now));
    }

    /// Makes a container (namespace, Pod, name) ignore SIGTERM, or hear it again.
    pub fn ignore_sigterm(&mut self, place: (&str, &str, &str), ignores: bool) {
        self.on_container(place, |container| container.ills.ignores_sigterm = ignores);
    }

    /// Leaves no space on a volume, or some again.
    pub fn fill_disk(&mut self, volume: &str, is_full: bool) {
        if is_full {
            self.full.insert(volume.to_owned());
        } else {
            self.full.remove(volume);
        }
    }

    /// Writes one of the own files of a running container (namespace, Pod, name): a new text, more text, or
    /// no file any more.
    pub fn write_file(&mut self, place: (&str, &str, &str), path: &str, text: Option<&str>, append: bool) {
        self.on_worker(place.0, place.1, |worker| {
            let named = |c: &&mut Container| c.name == place.2;
            if let Some(container) = worker.containers.iter_mut().find(named).filter(|c| c.is_running()) {
                container.write(path, text, append);
            }
        });
    }

    /// Forces a Pod's readiness, or leaves it to its probes (`None`).
    pub fn force_ready(&mut self, namespace: &str, pod: &str, ready: Option<bool>, now: Time) {
        self.on_worker(namespace, pod, |worker| {
            worker.forced_ready = ready;
            worker.sync_by(now);
        });
    }

    /// Makes an image behave differently from its next start on.
    pub fn set_image_behaviour(&mut self, image: &str, behaviour: &str, now: Time) {
        Rc::make_mut(&mut self.overrides).set(image, behaviour);
        self.resync(now);
    }

    fn address(&mut self) -> String {
        self.addresses += 1;
        let (page, last) = (self.addresses / 254, self.addresses % 254 + 1);
        format!("10.{}.{}.{last}", 244 + page, self.subnet)
    }

    /// Reads the node's own object: the addresses of its Pods come from there.
    fn read_node(&mut self, seen: &Seen<'_>) {
        if !self.host_ip.is_empty() {
            return;
        }
        let Some(node) = seen.find(Kind::Node, "", &self.node) else { return };
        let addresses = node.status().list_at(&["addresses"]);
        let internal = addresses.iter().find(|a| a.str_at(&["type"]) == "InternalIP");
        self.host_ip = internal.map_or("", |a| a.str_at(&["address"])).to_owned();
        let third = node.spec().str_at(&["podCIDR"]).split('.').nth(2);
        self.subnet = third.and_then(|byte| byte.parse().ok()).unwrap_or(1);
    }

    fn beat(&mut self, now: Time, effects: &mut Vec<Effect>) {
        let due = *self.heartbeat.get_or_insert(now + HEARTBEAT);
        if due > now {
            return;
        }
        self.heartbeat = Some(now + HEARTBEAT);
        self.node_status.due = true;
        self.next_tag += 1;
        let key = api::Key::new(Kind::Lease, "kube-node-lease", self.node.as_str());
        let patch = Patch::Merge(json!({"spec": {"renewTime": now.rfc3339_micro()}}));
        let request = Request::patch(&Actor::kubelet(&self.node), key, patch, Subresource::None);
        effects.push(Effect::Request { tag: self.next_tag, request });
    }
}

impl Agent for Kubelet {
    fn name(&self) -> &'static str {
        "kubelet"
    }

    fn watches(&self) -> &'static [Kind] {
        &[
            Kind::Pod,
            Kind::Node,
            Kind::ConfigMap,
            Kind::Secret,
            Kind::PersistentVolumeClaim,
            Kind::PersistentVolume,
        ]
    }

    fn observe(&mut self, change: &Change, _seen: &Seen<'_>, now: Time) -> bool {
        if change.key.kind == Kind::Node && *change.key.name == *self.node {
            self.node_status.due = true;
            self.workers.change_all(|worker| worker.heard_of_node(now));
            return true;
        }
        if change.key.kind != Kind::Pod {
            return false;
        }
        let mine = |object: &Rc<Object>| object.spec().str_at(&["nodeName"]) == self.node;
        match (&change.before, &change.after) {
            (_, Some(pod)) if mine(pod) => {
                let known = self.workers.change(&pod.metadata.uid, |worker| worker.heard(pod, now));
                let has_ended = matches!(pod.status().str_at(&["phase"]), "Succeeded" | "Failed");
                if known.is_none() && !has_ended {
                    self.workers.insert(Worker::new(Rc::clone(pod), now));
                }
                true
            }
            (Some(pod), None) if mine(pod) => {
                self.workers.change(&pod.metadata.uid, |worker| worker.lost(now));
                true
            }
            _ => false,
        }
    }

    fn next_due(&self) -> Option<Time> {
        if self.is_off {
            return None;
        }
        if self.is_stopped {
            // Without its kubelet a container still ends when its process does.
            let containers = self.workers.iter().flat_map(|w| &w.containers);
            return containers.filter_map(Container::next_due).min();
        }
        self.workers.next_due().into_iter().chain(self.heartbeat).min()
    }

    fn act(&mut self, now: Time, seen: &Seen<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.read_node(seen);
        if self.is_off {
            return effects;
        }
        if !self.is_stopped {
            self.beat(now, &mut effects);
            self.node_status.report(&self.node, now, seen, &mut self.next_tag, &mut effects);
        }
        for uid in self.workers.due(now) {
            let needs_address =
                self.workers.get(&uid).is_some_and(|w| w.ip.is_empty() && w.reserved_ip.is_empty());
            let address = if needs_address { self.address() } else { String::new() };
            let Self { workers, rng, images, overrides, next_tag, node, host_ip, is_stopped, full, .. } =
                self;
            let mut cx = Context {
                now,
                seen,
                node,
                host_ip,
                rng,
                images,
                overrides,
                full,
                next_tag,
                effects: &mut effects,
            };
            workers.change(&uid, |worker| {
                if needs_address {
                    worker.reserved_ip = address;
                }
                if *is_stopped {
                    worker.run_processes(&mut cx);
                } else {
                    worker.send_unsent(&mut cx);
                    worker.advance(&mut cx);
                }
            });
        }
        self.workers.forget_over();
        effects
    }

    fn answered(&mut self, tag: u64, answer: &Answer, now: Time) {
        let asker = self.workers.iter().find(|worker| worker.awaits(tag));
        let Some(uid) = asker.map(|worker| worker.pod.metadata.uid.clone()) else { return };
        self.workers.change(&uid, |worker| match (worker.asked.take(), answer) {
            (None, _) | (Some(Asked::Status(_)), Ok(_)) => {}
            (Some(Asked::Status(_)), Err(status)) => {
                worker.wrote = serde_json::Value::Null;
                if status.reason == apimachinery::Reason::Timeout {
                    worker.sync_by(now + STATUS_RETRY);
                }
            }
            (Some(Asked::Removal(_)), Ok(_)) => {}
            (Some(Asked::Removal(_)), Err(status)) => {
                if status.reason == apimachinery::Reason::Timeout {
                    worker.ending = Some(Ending::Finishing(now + STATUS_RETRY));
                } else if status.reason != apimachinery::Reason::NotFound {
                    worker.ending = Some(Ending::Finishing(now + Duration::from_secs(1)));
                }
            }
        });
    }
}
