//! A container as the kubelet and the runtime remember it.

use std::collections::VecDeque;
use std::time::Duration;

use api::Object;
use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use serde_json::{Value, json};

use crate::backoff::BackoffEntry;
use crate::images::OnTerm;
use crate::probe::Probes;
use crate::program::Plan;

/// How many lines of output of one instance are kept.
const LOG_LINES_MAX: usize = 400;

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// When it began.
    pub started: Time,
    /// When it ended.
    pub finished: Time,
    /// Exit code.
    pub code: i32,
    /// `Completed`, `Error`, `StartError`, ….
    pub reason: &'static str,
    /// More, or empty.
    pub message: String,
    /// The name of the instance in the runtime.
    pub id: String,
}

/// What a container does now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It does not run, for a reason.
    Waiting {
        /// `ContainerCreating`, `ImagePullBackOff`, ….
        reason: &'static str,
        /// More, or empty.
        message: String,
    },
    /// It runs.
    Running {
        /// Since when.
        since: Time,
    },
    /// It has ended and not been started again.
    Ended(Ended),
}

/// The spec of a container of a Pod.
pub fn container_spec<'p>(pod: &'p Object, container: &Container) -> &'p Value {
    let field = if container.is_init { "initContainers" } else { "containers" };
    pod.spec().list_at(&[field]).get(container.index).unwrap_or(&Value::Null)
}

/// A container.
#[derive(Debug, Clone)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its place in its list of the spec.
    pub index: usize,
    /// Whether it is an init container.
    pub is_init: bool,
    /// An init container with `restartPolicy: Always`.
    pub is_sidecar: bool,
    /// What it does now.
    pub state: State,
    /// How the instance before ended.
    pub last: Option<Ended>,
    /// How often it was started again.
    pub restarts: i64,
    /// The name of the current instance in the runtime.
    pub id: String,
    /// The image of the current instance, as the spec names it.
    pub image: String,
    /// What the current instance does.
    pub plan: Option<Plan>,
    /// How many traces of its plan the current instance has left behind.
    pub traces_done: usize,
    /// Its own files by path, without those on volumes.
    pub files: SortedMap<String, String>,
    /// Output of the current instance.
    pub log: VecDeque<(Time, String)>,
    /// Output of the instance before.
    pub previous_log: VecDeque<(Time, String)>,
    /// The wait between starts.
    pub crash_backoff: BackoffEntry,
    /// The wait between pulls.
    pub pull_backoff: BackoffEntry,
    /// Its probes.
    pub probes: Probes,
    /// When it will end, and with what code, if that has been decided from outside.
    pub kill: Option<(Time, i32)>,
    /// Whether what ends it is the kernel, since its memory has run out.
    pub is_out_of_memory: bool,
    /// What is wrong with its process.
    pub ills: Ills,
    /// The reason and message for waiting that the next sync will show: the kubelet's reason cache.
    pub next_reason: Option<(&'static str, String)>,
}

/// What a fault has done to the process of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ills {
    /// Since when the current instance stands still, if it does.
    pub hangs_since: Option<Time>,
    /// For how long it stood still before: what it does by itself is late by that.
    stood: Duration,
    /// Whether it ignores SIGTERM, this instance and those after it.
    pub ignores_sigterm: bool,
}

impl Container {
    /// A container that has never run.
    pub fn new(spec: &Value, index: usize, is_init: bool, pod_has_inits: bool) -> Self {
        let reason = if pod_has_inits { "PodInitializing" } else { "ContainerCreating" };
        Self {
            name: spec.str_at(&["name"]).to_owned(),
            index,
            is_init,
            is_sidecar: is_init && spec.str_at(&["restartPolicy"]) == "Always",
            state: State::Waiting { reason, message: String::new() },
            last: None,
            restarts: 0,
            id: String::new(),
            image: spec.str_at(&["image"]).to_owned(),
            plan: None,
            traces_done: 0,
            files: SortedMap::new(),
            log: VecDeque::new(),
            previous_log: VecDeque::new(),
            crash_backoff: BackoffEntry::default(),
            pull_backoff: BackoffEntry::default(),
            probes: Probes::default(),
            kill: None,
            is_out_of_memory: false,
            ills: Ills::default(),
            next_reason: None,
        }
    }

    /// Lets its process stand still, as after SIGSTOP, or go on. What stands still answers nothing, does nothing
    /// and does not hear SIGTERM: a signal waits until the process goes on.
    pub fn hang(&mut self, hangs: bool, now: Time) {
        match (self.ills.hangs_since, hangs) {
            (None, true) if self.is_running() => self.ills.hangs_since = Some(now),
            (Some(since), false) => {
                self.ills.hangs_since = None;
                self.ills.stood += now.since(since);
                let on_term = self.on_term();
                if let (Some((deadline, 137)), OnTerm::Exits(after)) = (self.kill, on_term)
                    && now + after < deadline
                {
                    self.kill = Some((now + after, 0));
                }
            }
            (None | Some(_), _) => {}
        }
    }

    /// Since when its process would run if it had never stood still; nothing of its own happens while it does.
    pub(crate) fn own_time(&self) -> Option<Time> {
        let since = self.running_since()?;
        self.ills.hangs_since.is_none().then_some(since + self.ills.stood)
    }

    /// How it ends when it is asked to.
    pub fn on_term(&self) -> OnTerm {
        match &self.plan {
            Some(plan) if self.ills.hangs_since.is_none() && !self.ills.ignores_sigterm => plan.on_term,
            Some(_) | None => OnTerm::Ignores,
        }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Since when it runs.
    pub fn running_since(&self) -> Option<Time> {
        match self.state {
            State::Running { since } => Some(since),
            State::Waiting { .. } | State::Ended(_) => None,
        }
    }

    /// How the current instance ended, if it has.
    pub fn ended(&self) -> Option<&Ended> {
        match &self.state {
            State::Ended(ended) => Some(ended),
            State::Waiting { .. } | State::Running { .. } => None,
        }
    }

    /// Whether an instance ever began.
    pub fn has_ever_run(&self) -> bool {
        self.last.is_some() || !matches!(self.state, State::Waiting { .. })
    }

    /// Whether it is done for good: an init container that ended with 0.
    pub fn is_complete(&self) -> bool {
        self.ended().is_some_and(|ended| ended.code == 0)
    }

    /// Prints a line.
    pub fn print(&mut self, at: Time, line: &str) {
        self.log.push_back((at, line.to_owned()));
        if self.log.len() > LOG_LINES_MAX {
            self.log.pop_front();
        }
    }

    /// Begins a new instance.
    pub fn begin(&mut self, at: Time, id: String, image: &str, plan: Plan) {
        if let State::Ended(ended) = &self.state {
            self.last = Some(ended.clone());
        }
        if self.last.is_some() {
            self.restarts += 1;
            self.previous_log = std::mem::take(&mut self.log);
        }
        self.state = State::Running { since: at };
        self.id = id;
        image.clone_into(&mut self.image);
        self.plan = Some(plan);
        self.traces_done = 0;
        self.files = SortedMap::new();
        self.probes = Probes::default();
        self.kill = None;
        self.is_out_of_memory = false;
        self.ills = Ills { ignores_sigterm: self.ills.ignores_sigterm, ..Ills::default() };
        self.next_reason = None;
    }

    /// Ends the current instance with an exit code.
    pub fn end(&mut self, at: Time, code: i32) {
        if let State::Running { since } = self.state {
            let reason = match code {
                0 => "Completed",
                137 if self.is_out_of_memory => "OOMKilled",
                _ => "Error",
            };
            let id = self.id.clone();
            self.state = State::Ended(Ended {
                started: since,
                finished: at,
                code,
                reason,
                message: String::new(),
                id,
            });
        }
        self.kill = None;
        self.is_out_of_memory = false;
        self.ills.hangs_since = None;
        self.probes.stop();
    }

    /// Lets it wait from now on; how the last instance ended is kept.
    pub fn wait(&mut self, reason: &'static str, message: String) {
        if let State::Ended(ended) = &self.state {
            self.last = Some(ended.clone());
        }
        self.state = State::Waiting { reason, message };
    }

    /// When the next thing happens in the current instance by itself.
    pub fn next_due(&self) -> Option<Time> {
        self.running_since()?;
        let plan = self.plan.as_ref()?;
        let own = self.own_time();
        let exit = plan.exits.zip(own).map(|((after, _), since)| since + after);
        let trace = plan.traces.get(self.traces_done).zip(own).map(|((after, _), since)| since + *after);
        [exit, trace, self.kill.map(|(at, _)| at)].into_iter().flatten().min()
    }

    /// The value of `state` or `lastState`.
    fn state_value(state: &State) -> Value {
        match state {
            State::Waiting { reason, message } if message.is_empty() => {
                json!({"waiting": {"reason": reason}})
            }
            State::Waiting { reason, message } => json!({"waiting": {"reason": reason, "message": message}}),
            State::Running { since } => json!({"running": {"startedAt": since.rfc3339()}}),
            State::Ended(ended) => json!({"terminated": Self::ended_value(ended)}),
        }
    }

    fn ended_value(ended: &Ended) -> Value {
        let mut value = json!({
            "exitCode": ended.code, "reason": ended.reason,
            "startedAt": ended.started.rfc3339(), "finishedAt": ended.finished.rfc3339(),
        });
        if let Some(map) = value.as_object_mut() {
            if !ended.id.is_empty() {
                map.insert("containerID".to_owned(), ended.id.as_str().into());
            }
            if !ended.message.is_empty() {
                map.insert("message".to_owned(), ended.message.as_str().into());
            }
        }
        value
    }

    /// Its entry in `status.containerStatuses`.
    pub fn status(&self, spec: &Value, ready: bool) -> Value {
        let running = self.is_running();
        let started =
            if self.is_init && !self.is_sidecar { running } else { running && self.probes.is_started(spec) };
        let last = self.last.as_ref().filter(|_| !self.is_complete() || !self.is_init);
        let mut value = json!({
            "name": self.name,
            "state": Self::state_value(&self.state),
            "lastState": last.map_or_else(|| json!({}), |l| json!({"terminated": Self::ended_value(l)})),
            "ready": ready,
            "restartCount": self.restarts,
            "image": self.image,
            "imageID": "",
            "started": started,
        });
        if let Some(map) = value.as_object_mut() {
            if !self.id.is_empty() {
                map.insert("containerID".to_owned(), self.id.as_str().into());
                map.insert("imageID".to_owned(), image_id(&self.image).into());
                let user = json!({"linux": {"uid": 0, "gid": 0, "supplementalGroups": [0]}});
                map.insert("user".to_owned(), user);
            }
            let mounts: Vec<Value> = spec
                .list_at(&["volumeMounts"])
                .iter()
                .map(|m| {
                    let read_only = m.bool_at(&["readOnly"]).unwrap_or(false);
                    let mut mount =
                        json!({"name": m.str_at(&["name"]), "mountPath": m.str_at(&["mountPath"])});
                    if let Some(map) = mount.as_object_mut().filter(|_| read_only) {
                        map.insert("readOnly".to_owned(), true.into());
                        map.insert("recursiveReadOnly".to_owned(), "Disabled".into());
                    }
                    mount
                })
                .collect();
            if !mounts.is_empty() {
                map.insert("volumeMounts".to_owned(), mounts.into());
            }
            let resources = spec.at(&["resources"]).filter(|_| running);
            if let Some(resources) = resources {
                map.insert("resources".to_owned(), resources.clone());
                if let Some(requests) = resources.at(&["requests"]) {
                    map.insert("allocatedResources".to_owned(), requests.clone());
                }
            }
        }
        value
    }
}

/// A digest that stands for an image: made of its name, so that two nodes agree.
fn image_id(image: &str) -> String {
    let mut rng = apimachinery::Rng::stream(0, image);
    let digest: String = (0..8).map(|_| format!("{:08x}", rng.next_u32())).collect();
    let name = image.split('@').next().unwrap_or(image);
    let name = name.rsplit_once(':').map_or(name, |(path, tag)| if tag.contains('/') { name } else { path });
    let repository = crate::images::Reference::parse(name)
        .map_or_else(|| name.to_owned(), |reference| reference.repository);
    format!("{repository}@sha256:{digest}")
}
