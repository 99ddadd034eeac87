//! Agents at work: kubelets and provisioners, which keep state outside the API.

use std::rc::Rc;

use apimachinery::{Reason, Status, Time};
use apiserver::{Actor, Change, Request};
use client::{Agent, Effect, Seen};
use csi::Provisioner;
use kubelet::Kubelet;

use crate::agenda::Due;
use crate::cluster::{Cluster, StepLog};
use crate::record::{RecordId, What};

/// One of the agents.
#[derive(Debug, Clone)]
pub enum AnyAgent {
    /// A node's kubelet.
    Kubelet(Box<Kubelet>),
    /// An external provisioner.
    Provisioner(Box<Provisioner>),
}

/// An agent and when it acts next.
#[derive(Debug, Clone)]
pub struct AgentState {
    /// The agent.
    pub agent: AnyAgent,
    /// Its process.
    pub process: usize,
    /// The record that last told it something.
    cause: RecordId,
    wakeup: Option<(Time, u64)>,
}

impl AgentState {
    /// An agent that has not been told anything yet.
    pub fn new(agent: AnyAgent, process: usize) -> Self {
        Self { agent, process, cause: 0, wakeup: None }
    }

    fn as_dyn(&mut self) -> &mut dyn Agent {
        match &mut self.agent {
            AnyAgent::Kubelet(kubelet) => kubelet.as_mut(),
            AnyAgent::Provisioner(provisioner) => provisioner.as_mut(),
        }
    }

    /// The kubelet, if it is one.
    pub fn kubelet(&self) -> Option<&Kubelet> {
        match &self.agent {
            AnyAgent::Kubelet(kubelet) => Some(kubelet),
            AnyAgent::Provisioner(_) => None,
        }
    }

    fn actor(&mut self) -> Actor {
        match &self.agent {
            AnyAgent::Kubelet(kubelet) => Actor::kubelet(kubelet.node()),
            AnyAgent::Provisioner(provisioner) => Actor::component(provisioner.name()),
        }
    }

    /// Tells it of a change; says whether it wants to act on it.
    pub fn observe(&mut self, change: &Rc<Change>, seen: &Seen<'_>, now: Time) -> bool {
        if !self.as_dyn().watches().contains(&change.key.kind) {
            return false;
        }
        let stirs = self.as_dyn().observe(change, seen, now);
        if stirs {
            self.cause = change.cause;
        }
        stirs
    }
}

impl Cluster {
    /// An agent starts: it hears of every existing object as if it had just been made.
    pub(crate) fn start_agent(&mut self, agent: usize) {
        let now = self.now;
        let Some(state) = self.agents.get_mut(agent) else { return };
        let Some(process) = self.processes.get(state.process) else { return };
        let cursors = process.cursors.clone();
        let seen = Seen::new(self.api.store(), &cursors);
        for kind in state.as_dyn().watches() {
            for object in seen.list(*kind, "") {
                let change = Rc::new(Change {
                    revision: object.metadata.resource_version,
                    key: object.key(),
                    before: None,
                    after: Some(Rc::clone(object)),
                    at: now,
                    cause: 0,
                });
                state.observe(&change, &seen, now);
            }
        }
        self.schedule_agent_now(agent);
    }

    /// The agent acts at this very moment (after what else is due now).
    pub(crate) fn schedule_agent_now(&mut self, agent: usize) {
        self.schedule_agent_at(agent, self.now);
    }

    fn schedule_agent_at(&mut self, agent: usize, at: Time) {
        let now = self.now;
        let Some(state) = self.agents.get_mut(agent) else { return };
        if state.wakeup.is_some_and(|(planned, _)| planned <= at) {
            return;
        }
        let old = state.wakeup.take();
        if let Some(old) = old {
            self.agenda.cancel(old);
        }
        let handle = self.agenda.put(at.max(now), Due::Agent { agent });
        if let Some(state) = self.agents.get_mut(agent) {
            state.wakeup = Some(handle);
        }
    }

    /// The agent does what is due.
    pub(crate) fn agent_due(&mut self, agent: usize, log: &mut StepLog) {
        let (now, revision) = (self.now, self.api.store().revision());
        let Some(state) = self.agents.get_mut(agent) else { return };
        state.wakeup = None;
        let Some(process) = self.processes.get_mut(state.process).filter(|p| !p.is_stopped) else { return };
        process.catch_up_idle(revision);
        let cursors = process.cursors.clone();
        let seen = Seen::new(self.api.store(), &cursors);
        let effects = state.as_dyn().act(now, &seen);
        let next = state.as_dyn().next_due();
        let (actor, cause) = (state.actor(), state.cause);
        for effect in effects {
            self.carry_out(agent, effect, &actor, cause, log);
        }
        if let Some(at) = next {
            self.schedule_agent_at(agent, at);
        }
    }

    fn carry_out(&mut self, agent: usize, effect: Effect, actor: &Actor, cause: RecordId, log: &mut StepLog) {
        match effect {
            Effect::Request { tag, request } => {
                let at = self.now + self.request_takes();
                self.agenda.put(at, Due::AgentAsk { agent, tag, request: Rc::new(request), cause });
            }
            Effect::Event(_) if self.is_agent_cut(agent) => {}
            Effect::Event(event) => self.emit(event, cause),
            Effect::Because(key, reason) => {
                self.record(actor.clone(), What::Decided { key, reason }, cause, log);
            }
            Effect::WriteDisk { volume, file, text, writer, revision } => {
                self.disks.write(&volume, &file, &text, &writer, &revision, self.now);
            }
        }
    }

    /// An agent's request reaches the API server.
    pub(crate) fn agent_ask(
        &mut self,
        agent: usize,
        tag: u64,
        request: &Request,
        cause: RecordId,
        log: &mut StepLog,
    ) {
        let answer = if self.is_agent_cut(agent) {
            Err(Status::new(Reason::Timeout, "dial tcp 192.168.49.1:8443: i/o timeout"))
        } else {
            self.request(request, cause, log)
        };
        let now = self.now;
        if let Some(state) = self.agents.get_mut(agent) {
            state.as_dyn().answered(tag, &answer, now);
        }
        self.schedule_agent_now(agent);
    }

    fn is_agent_cut(&self, agent: usize) -> bool {
        let process = self.agents.get(agent).and_then(|state| self.processes.get(state.process));
        process.is_some_and(|process| process.is_cut)
    }

    /// An agent ends: what it wanted to do is forgotten.
    pub(crate) fn end_agent(&mut self, agent: usize) {
        if let Some(state) = self.agents.get_mut(agent) {
            if let Some(handle) = state.wakeup.take() {
                self.agenda.cancel(handle);
            }
            if let AnyAgent::Provisioner(provisioner) = &mut state.agent {
                provisioner.restart();
            }
        }
        self.agenda.drop_requests_of_agent(agent);
    }

    /// All kubelets, in the order of the nodes.
    pub fn kubelets(&self) -> impl Iterator<Item = &Kubelet> {
        self.agents.iter().filter_map(AgentState::kubelet)
    }

    /// The kubelet of a node, if kubelets act here.
    pub fn kubelet(&self, node: &str) -> Option<&Kubelet> {
        self.kubelets().find(|kubelet| kubelet.node() == node)
    }

    pub(crate) fn on_kubelet(&mut self, node: &str, act: impl FnOnce(&mut Kubelet, Time)) {
        let now = self.now;
        let found = self.agents.iter_mut().enumerate().find_map(|(at, state)| match &mut state.agent {
            AnyAgent::Kubelet(kubelet) if kubelet.node() == node => Some((at, kubelet)),
            AnyAgent::Kubelet(_) | AnyAgent::Provisioner(_) => None,
        });
        if let Some((at, kubelet)) = found {
            act(kubelet, now);
            self.schedule_agent_now(at);
        }
    }

    pub(crate) fn node_of(&self, namespace: &str, pod: &str) -> String {
        let key = api::Key::new(api::Kind::Pod, namespace, pod);
        self.api
            .store()
            .get(&key)
            .and_then(|p| p.at(&["spec", "nodeName"]))
            .and_then(serde_json::Value::as_str)
            .unwrap_or("")
            .to_owned()
    }

    /// A command in a container (namespace, Pod, name) writes one of the container's own files.
    pub(crate) fn write_file(
        &mut self,
        place: (&str, &str, &str),
        path: &str,
        text: Option<&str>,
        append: bool,
    ) {
        let node = self.node_of(place.0, place.1);
        self.on_kubelet(&node, |kubelet, _| kubelet.write_file(place, path, text, append));
    }
}
