//! A node's kubelet: its Pods, its images, its levers.

use std::rc::Rc;
use std::time::Duration;

use api::{Kind, Object};
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use apimachinery::{Rng, Time};
use apiserver::{Actor, Answer, Change, Patch, Request, Subresource};
use client::{Agent, Effect, Seen};
use serde_json::json;

use crate::container::Container;
use crate::images::ImageBehaviours;
use crate::node_status::NodeStatus;
use crate::termination::Ending;
use crate::worker::{Asked, Context, Sandbox, Worker};

/// How often a kubelet tells that it lives.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How often a kubelet looks for containers that nobody wants: `housekeepingPeriod`.
const HOUSEKEEPING: Duration = Duration::from_secs(2);

/// A kubelet.
#[derive(Debug, Clone)]
pub struct Kubelet {
    node: String,
    rng: Rng,
    overrides: Rc<ImageBehaviours>,
    images: SortedSet<String>,
    /// By UID: a name may be taken again while its last bearer still runs.
    workers: SortedMap<String, Worker>,
    next_tag: u64,
    addresses: u32,
    /// Third byte of the node's Pod addresses.
    subnet: u32,
    host_ip: String,
    is_stopped: bool,
    is_off: bool,
    heartbeat: Option<Time>,
    node_status: NodeStatus,
    /// Something was heard since it last acted.
    stirred: bool,
}

impl Kubelet {
    /// The kubelet of `node`.
    pub fn new(node: &str, seed: u64, overrides: Rc<ImageBehaviours>) -> Self {
        Self {
            node: node.to_owned(),
            rng: Rng::stream(seed, &format!("kubelet/{node}")),
            overrides,
            images: SortedSet::new(),
            workers: SortedMap::new(),
            next_tag: 0,
            addresses: 1,
            subnet: 1,
            host_ip: String::new(),
            is_stopped: false,
            is_off: false,
            heartbeat: None,
            node_status: NodeStatus::default(),
            stirred: false,
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
        self.workers.values()
    }

    /// The worker of a Pod: of those with this name, the one that still has an object.
    pub fn worker(&self, namespace: &str, pod: &str) -> Option<&Worker> {
        let mine = self
            .workers
            .values()
            .filter(|w| w.pod.metadata.namespace == namespace && w.pod.metadata.name == pod);
        mine.min_by_key(|w| w.is_gone)
    }

    /// How images behave here.
    pub fn image_behaviours(&self) -> &ImageBehaviours {
        &self.overrides
    }

    /// The kubelet stops; its containers go on.
    pub fn stop(&mut self, _now: Time) {
        self.is_stopped = true;
    }

    /// The kubelet runs again and looks at everything anew.
    pub fn start(&mut self, now: Time) {
        self.is_stopped = false;
        self.heartbeat = Some(now);
        self.node_status.started();
        self.resync(now);
    }

    /// The machine is off: every container is gone.
    pub fn power_off(&mut self, now: Time) {
        self.is_off = true;
        for worker in self.workers.values_mut() {
            worker.job = None;
            worker.sandbox = Sandbox::None;
            for container in &mut worker.containers {
                container.end(now, 255);
            }
        }
    }

    /// The machine is on again.
    pub fn power_on(&mut self, now: Time) {
        self.is_off = false;
        self.heartbeat = Some(now);
        self.node_status.started();
        self.resync(now);
    }

    fn resync(&mut self, now: Time) {
        self.stirred = true;
        for worker in self.workers.values_mut() {
            // Of a Pod without an object only the housekeeping knows, which comes later (recorded: N25).
            worker.sync_at = Some(if worker.is_gone { now + HOUSEKEEPING } else { now });
        }
    }

    fn on_worker(&mut self, namespace: &str, pod: &str, act: impl FnOnce(&mut Worker)) {
        let mut mine: Vec<&mut Worker> = self
            .workers
            .values_mut()
            .filter(|w| w.pod.metadata.namespace == namespace && w.pod.metadata.name == pod)
            .collect();
        mine.sort_by_key(|w| w.is_gone);
        if let Some(worker) = mine.into_iter().next() {
            act(worker);
        }
    }

    /// A container's process ends; an empty name means the first container.
    pub fn crash(&mut self, namespace: &str, pod: &str, container: &str, code: i32, now: Time) {
        self.on_worker(namespace, pod, |worker| {
            let named = |c: &&mut Container| !c.is_init && (container.is_empty() || c.name == container);
            if let Some(container) = worker.containers.iter_mut().find(named).filter(|c| c.is_running()) {
                container.kill = Some((now, code));
            }
        });
    }

    /// A Pod's readiness is forced, or left to its probes.
    pub fn force_ready(&mut self, namespace: &str, pod: &str, ready: Option<bool>, now: Time) {
        self.on_worker(namespace, pod, |worker| {
            worker.forced_ready = ready;
            worker.sync_by(now);
        });
    }

    /// An image behaves otherwise from its next start on.
    pub fn set_image_behaviour(&mut self, image: &str, behaviour: &str, now: Time) {
        Rc::make_mut(&mut self.overrides).set(image, behaviour);
        self.resync(now);
    }

    fn address(&mut self) -> String {
        self.addresses += 1;
        let (page, last) = (self.addresses / 254, self.addresses % 254 + 1);
        format!("10.{}.{}.{last}", 244 + page, self.subnet)
    }

    /// The node's own object: where its Pods' addresses come from.
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

    fn observe(&mut self, change: &Change, _seen: &Seen<'_>, now: Time) {
        if change.key.kind == Kind::Node && *change.key.name == *self.node {
            self.node_status.due = true;
            for worker in self.workers.values_mut() {
                worker.heard_of_node(now);
            }
        }
        if change.key.kind != Kind::Pod {
            return;
        }
        let mine = |object: &Rc<Object>| object.spec().str_at(&["nodeName"]) == self.node;
        match (&change.before, &change.after) {
            (_, Some(pod)) if mine(pod) => {
                self.stirred = true;
                match self.workers.get_mut(&pod.metadata.uid) {
                    Some(worker) => worker.heard(pod, now),
                    None if matches!(pod.status().str_at(&["phase"]), "Succeeded" | "Failed") => {}
                    None => {
                        self.workers.insert(pod.metadata.uid.clone(), Worker::new(Rc::clone(pod), now));
                    }
                }
            }
            (Some(pod), None) if mine(pod) => {
                self.stirred = true;
                if let Some(worker) = self.workers.get_mut(&pod.metadata.uid) {
                    worker.lost(now);
                }
            }
            _ => {}
        }
    }

    fn next_due(&self) -> Option<Time> {
        if self.is_off {
            return None;
        }
        let workers = self.workers.values();
        if self.is_stopped {
            // Without its kubelet a container still ends when its process does.
            return workers.flat_map(|w| &w.containers).filter_map(Container::next_due).min();
        }
        workers.filter_map(Worker::next_due).chain(self.heartbeat).min()
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
        let due: Vec<String> = self
            .workers
            .iter()
            .filter(|(_, worker)| worker.next_due().is_some_and(|at| at <= now) || worker.unsent.is_some())
            .map(|(uid, _)| uid.clone())
            .collect();
        for uid in due {
            let needs_address =
                self.workers.get(&uid).is_some_and(|w| w.ip.is_empty() && w.reserved_ip.is_empty());
            let address = if needs_address { self.address() } else { String::new() };
            let Self { workers, rng, images, overrides, next_tag, node, host_ip, is_stopped, .. } = self;
            let Some(worker) = workers.get_mut(&uid) else { continue };
            if needs_address {
                worker.reserved_ip = address;
            }
            let mut cx =
                Context { now, seen, node, host_ip, rng, images, overrides, next_tag, effects: &mut effects };
            if *is_stopped {
                worker.run_processes(&mut cx);
            } else {
                worker.send_unsent(&mut cx);
                worker.advance(&mut cx);
            }
        }
        self.workers.retain(|_, worker| !worker.is_over());
        effects
    }

    fn answered(&mut self, tag: u64, answer: &Answer, now: Time) {
        let found =
            self.workers.values_mut().find_map(|worker| worker.take_answer(tag).map(|asked| (worker, asked)));
        let Some((worker, asked)) = found else { return };
        match (asked, answer) {
            (Asked::Status(_), Ok(_)) => {}
            (Asked::Status(_), Err(_)) => worker.wrote = serde_json::Value::Null,
            (Asked::Removal(_), Ok(_)) => {}
            (Asked::Removal(_), Err(status)) => {
                if status.reason != apimachinery::Reason::NotFound {
                    worker.ending = Some(Ending::Finishing(now + Duration::from_secs(1)));
                }
            }
        }
    }
}
