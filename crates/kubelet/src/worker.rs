//! A Pod on its node, from acceptance to removal.
//!
//! A worker is woken at moments: when a sync is due, when a step of a sync is done, when a container
//! does or ends something, when a probe is to be asked. Each sync writes the status as it stood before
//! it acts, as the real kubelet's does; the outcome of its own action shows in the next.
//!
//! Models: `pkg/kubelet/pod_workers.go`, `kuberuntime/kuberuntime_manager.go`, `pkg/kubelet/status`.

use std::rc::Rc;

use api::{Key, Object};
use apimachinery::Time;
use apimachinery::sorted::SortedSet;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, DeleteOptions, Patch, Request, Subresource};
use client::{Effect, EventSpec, EventType};
use serde_json::{Value, json};

use crate::container::{Container, State, container_spec};
use crate::context::Context;
use crate::ending::Ending;
use crate::images::Behaviour;

/// The Pod's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    /// It is not made yet.
    None,
    /// It is up.
    Ready,
    /// It is taken down.
    Down,
}

/// A step of a sync that takes time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// The sandbox is being made.
    Sandbox,
    /// The image of a container is being pulled; since when.
    Pull(usize, Time),
    /// A container is being created.
    Create(usize),
    /// A container is being started.
    Start(usize),
    /// A container's `postStart` hook runs.
    Hook(usize),
    /// A container that ignores SIGTERM is being restarted: its grace period runs.
    Kill(usize),
}

/// A request of a worker that has not been answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Its status, with the tag of the request.
    Status(u64),
    /// The removal of the object, with the tag of the request.
    Removal(u64),
}

/// A Pod on the node.
#[derive(Debug, Clone)]
pub struct Worker {
    /// The Pod as last heard.
    pub pod: Rc<Object>,
    /// When the kubelet took it.
    pub accepted_at: Time,
    /// Init containers first.
    pub containers: Vec<Container>,
    /// Its network.
    pub sandbox: Sandbox,
    /// Its address, or empty.
    pub ip: String,
    /// The address that its sandbox will have.
    pub reserved_ip: String,
    /// The step under way, and when it is done.
    pub job: Option<(Time, Job)>,
    /// When the next sync is due.
    pub sync_at: Option<Time>,
    /// The status last sent.
    pub wrote: Value,
    /// A status that waits for the answer to the one before.
    pub unsent: Option<Value>,
    /// The request under way.
    pub asked: Option<Asked>,
    /// Whether the volumes are mounted.
    pub mounted: bool,
    pub(crate) mount_ready_at: Option<Time>,
    pub(crate) mount_failures: u32,
    /// Since when it waits for a volume to be attached to the node.
    pub(crate) attach_wait: Option<Time>,
    /// Containers that this sync has already tried.
    tried: SortedSet<usize>,
    /// The end, once it has begun.
    pub ending: Option<Ending>,
    /// `Succeeded` or `Failed`, once everything has stopped for good.
    pub final_phase: Option<&'static str>,
    /// Reason and message, if the kubelet has refused the Pod.
    pub rejected: Option<(&'static str, String)>,
    /// The readiness that the laboratory forces, if it does.
    pub forced_ready: Option<bool>,
    /// Whether the object is gone from the API.
    pub is_gone: bool,
}

impl Worker {
    /// A Pod that was just assigned to the node.
    pub fn new(pod: Rc<Object>, now: Time) -> Self {
        let inits = pod.spec().list_at(&["initContainers"]);
        let mains = pod.spec().list_at(&["containers"]);
        let has_inits = !inits.is_empty();
        let init = inits.iter().enumerate().map(|(at, spec)| Container::new(spec, at, true, has_inits));
        let main = mains.iter().enumerate().map(|(at, spec)| Container::new(spec, at, false, has_inits));
        let containers = init.chain(main).collect();
        Self {
            accepted_at: now,
            containers,
            sandbox: Sandbox::None,
            ip: String::new(),
            reserved_ip: String::new(),
            job: None,
            sync_at: Some(now),
            wrote: Value::Null,
            unsent: None,
            asked: None,
            mounted: false,
            mount_ready_at: None,
            mount_failures: 0,
            attach_wait: None,
            tried: SortedSet::new(),
            ending: None,
            final_phase: None,
            rejected: None,
            forced_ready: None,
            is_gone: false,
            pod,
        }
    }

    /// The Pod's key.
    pub fn key(&self) -> Key {
        self.pod.key()
    }

    /// Whether nothing is left to do: the object is gone and nothing runs.
    pub fn is_over(&self) -> bool {
        self.is_gone && !self.containers.iter().any(Container::is_running)
    }

    /// When it wants to be woken.
    pub fn next_due(&self) -> Option<Time> {
        let containers = self.containers.iter().filter_map(Container::next_due);
        let probes = self
            .containers
            .iter()
            .filter(|c| c.is_running())
            .filter_map(|c| c.probes.next_due().map(|(at, _)| at));
        let own = [self.job.as_ref().map(|(at, _)| *at), self.sync_at.filter(|_| self.job.is_none())];
        let ending = self.ending.as_ref().and_then(Ending::next_due);
        containers.chain(probes).chain(own.into_iter().flatten()).chain(ending).min()
    }

    /// Does everything that is due.
    pub fn advance(&mut self, cx: &mut Context<'_>) {
        // Each round handles at least one due thing, and what it plans lies later: the bound is for
        // the day when that is wrong.
        for _ in 0..1_000 {
            if self.next_due().is_none_or(|due| due > cx.now) {
                return;
            }
            self.run_processes(cx);
            if self.job.as_ref().is_some_and(|(at, _)| *at <= cx.now) {
                self.job_done(cx);
            }
            self.ask_probes(cx);
            self.continue_ending(cx);
            if self.job.is_none() && self.sync_at.is_some_and(|at| at <= cx.now) {
                self.sync(cx);
            }
        }
    }

    /// Makes a sync due at `at` at the latest.
    pub fn sync_by(&mut self, at: Time) {
        self.sync_at = Some(self.sync_at.map_or(at, |known| known.min(at)));
    }

    /// Makes a sync due at the next relist: only then the runtime's changes are seen.
    fn sync_after_relist(&mut self, cx: &mut Context<'_>) {
        let wait = cx.millis(80, 950);
        self.sync_by(cx.now + wait);
    }

    /// Lets processes do what they do by themselves.
    pub(crate) fn run_processes(&mut self, cx: &mut Context<'_>) {
        for at in 0..self.containers.len() {
            self.run_process(at, cx);
        }
    }

    fn run_process(&mut self, at: usize, cx: &mut Context<'_>) {
        let pod = Rc::clone(&self.pod);
        let Some(container) = self.containers.get_mut(at) else { return };
        let spec = container_spec(&pod, container);
        while let Some((moment, trace)) = container.due_trace(cx.now) {
            crate::traces::carry_out(container, &pod, spec, moment, &trace, cx);
        }
        let Some((moment, code)) = container.due_end(cx.now) else { return };
        container.end(moment, code);
        self.sync_after_relist(cx);
    }

    fn sync(&mut self, cx: &mut Context<'_>) {
        self.sync_at = None;
        self.tried.clear();
        if self.pod.metadata.is_deleting() || self.is_gone {
            self.end(cx);
            return;
        }
        if self.rejected.is_some() || self.final_phase.is_some() {
            return;
        }
        let phase = self.phase();
        if matches!(phase, "Succeeded" | "Failed") {
            self.sandbox = Sandbox::Down;
            self.final_phase = Some(phase);
        }
        for container in &mut self.containers {
            container.show_next_reason();
        }
        self.write_status(cx);
        if self.final_phase.is_none() && self.mount(cx) {
            self.restart_changed(cx);
            self.go_on(cx);
        }
    }

    /// Sends the status if it has changed.
    pub fn write_status(&mut self, cx: &mut Context<'_>) {
        let status = self.status(cx.now, cx.host_ip);
        if status == self.wrote || self.is_gone {
            return;
        }
        self.wrote = status.clone();
        if self.asked.is_some() {
            self.unsent = Some(status);
            return;
        }
        self.send_status(status, cx);
    }

    fn send_status(&mut self, status: Value, cx: &mut Context<'_>) {
        let tag = cx.tag();
        self.asked = Some(Asked::Status(tag));
        // The uid makes the server refuse the status of an earlier Pod of this name.
        let mut patch = json!({"metadata": {"uid": self.pod.metadata.uid}});
        set_at(&mut patch, &["status"], status);
        let patch = Patch::Merge(patch);
        let request = Request::patch(&Actor::kubelet(cx.node), self.key(), patch, Subresource::Status);
        cx.effects.push(Effect::Request { tag, request });
    }

    /// Asks for the removal of the object.
    pub fn ask_removal(&mut self, cx: &mut Context<'_>) {
        let tag = cx.tag();
        self.asked = Some(Asked::Removal(tag));
        let uid = Some(self.pod.metadata.uid.clone());
        let options = DeleteOptions { grace_period_seconds: Some(0), uid, ..DeleteOptions::default() };
        let request = Request::delete(&Actor::kubelet(cx.node), self.key(), options);
        cx.effects.push(Effect::Request { tag, request });
    }

    /// Whether a request of this tag is under way.
    pub fn awaits(&self, tag: u64) -> bool {
        self.asked.is_some_and(|asked| matches!(asked, Asked::Status(t) | Asked::Removal(t) if t == tag))
    }

    /// Sends the status that has waited for an answer.
    pub fn send_unsent(&mut self, cx: &mut Context<'_>) {
        if self.asked.is_none()
            && let Some(status) = self.unsent.take()
        {
            self.send_status(status, cx);
        }
    }

    /// An event about the Pod, or one of its containers.
    pub fn event(
        &self,
        cx: &mut Context<'_>,
        at: Option<usize>,
        kind: EventType,
        reason: &'static str,
        message: &str,
    ) {
        let mut event = EventSpec::new(&self.pod, kind, reason, message, "kubelet");
        cx.node.clone_into(&mut event.host);
        if let Some(container) = at.and_then(|at| self.containers.get(at)) {
            let list = if container.is_init { "initContainers" } else { "containers" };
            event.field_path = format!("spec.{list}{{{}}}", container.name);
        }
        cx.effects.push(Effect::Event(event));
    }

    /// Plans the next step of this sync, if there is one.
    pub fn go_on(&mut self, cx: &mut Context<'_>) {
        if self.job.is_some() || self.ending.is_some() {
            return;
        }
        if self.sandbox != Sandbox::Ready {
            let took = cx.millis(250, 500);
            self.job = Some((cx.now + took, Job::Sandbox));
            return;
        }
        while let Some(at) = self.next_to_start() {
            self.tried.insert(at);
            if self.begin_start(at, cx) {
                return;
            }
        }
    }

    /// The next container that ought to run and does not.
    fn next_to_start(&self) -> Option<usize> {
        let policy = self.pod.spec().str_at(&["restartPolicy"]);
        for (at, container) in self.containers.iter().enumerate().filter(|(_, c)| c.is_init) {
            let spec = container_spec(&self.pod, container);
            let main_ran = self.containers.iter().any(|c| !c.is_init && c.has_ever_run());
            match &container.state {
                State::Ended(_) if container.is_complete() && !container.is_sidecar => {}
                State::Running { .. } if container.is_sidecar && container.probes.is_started(spec) => {}
                _ if main_ran && !container.is_sidecar => {}
                State::Running { .. } => return None,
                State::Ended(_) if policy == "Never" && !container.is_sidecar => return None,
                State::Ended(_) | State::Waiting { .. } if !self.tried.contains(&at) => return Some(at),
                State::Ended(_) | State::Waiting { .. } => return None,
            }
        }
        let wants = |c: &Container| match &c.state {
            State::Running { .. } => false,
            State::Waiting { .. } => c.last.is_none() || policy != "Never",
            State::Ended(ended) => match policy {
                "Never" => false,
                "OnFailure" => ended.code != 0,
                _ => true,
            },
        };
        let mut mains = self.containers.iter().enumerate().filter(|(_, c)| !c.is_init);
        mains.find(|(at, c)| !self.tried.contains(at) && wants(c)).map(|(at, _)| at)
    }

    /// How a container behaves.
    pub fn behaviour(&self, at: usize, cx: &Context<'_>) -> Behaviour {
        let image = self.containers.get(at).map(|c| container_spec(&self.pod, c).str_at(&["image"]));
        cx.overrides.of(&self.pod, image.unwrap_or(""))
    }

    fn job_done(&mut self, cx: &mut Context<'_>) {
        let Some((_, job)) = self.job.take() else { return };
        let may_run = matches!(job, Job::Start(_) | Job::Hook(_));
        match job {
            Job::Sandbox => {
                self.sandbox = Sandbox::Ready;
                if self.ip.is_empty() {
                    self.ip = std::mem::take(&mut self.reserved_ip);
                }
                self.write_status(cx);
                self.go_on(cx);
            }
            Job::Pull(at, began) => self.pulled(at, began, cx),
            Job::Create(at) => self.created(at, cx),
            Job::Start(at) => self.started(at, cx),
            Job::Hook(at) => self.hook_done(at, cx),
            Job::Kill(at) => self.restart_killed(at, 137, cx),
        }
        if self.job.is_none() && may_run {
            self.sync_after_relist(cx);
        }
    }
}
