//! The status of a Pod, made from what the runtime says.
//!
//! Models: `pkg/kubelet/kubelet_pods.go` (`generateAPIPodStatus`, `getPhase`), `pkg/kubelet/status/generate.go`.

use api::Object;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::{Map, Value, json};

use crate::container::{Container, State, container_spec};
use crate::worker::{Sandbox, Worker};

/// The reason of a container that counts as ended because the runtime knows nothing of it.
pub const LOST: &str = "ContainerStatusUnknown";

fn restart_policy(pod: &Object) -> &str {
    match pod.spec().str_at(&["restartPolicy"]) {
        "" => "Always",
        policy => policy,
    }
}

impl Worker {
    /// Whether a container counts as ready.
    pub fn is_ready(&self, container: &Container) -> bool {
        if container.is_init && !container.is_sidecar {
            return container.is_complete();
        }
        let spec = container_spec(&self.pod, container);
        container.is_running() && self.forced_ready.unwrap_or_else(|| container.probes.is_ready(spec))
    }

    /// `status.phase`.
    pub fn phase(&self) -> &'static str {
        if let Some(phase) = self.final_phase {
            return phase;
        }
        if self.rejected.is_some() {
            return "Failed";
        }
        let (inits, mains): (Vec<&Container>, Vec<&Container>) =
            self.containers.iter().partition(|c| c.is_init);
        let policy = restart_policy(&self.pod);
        let any_main_ran = mains.iter().any(|c| c.has_ever_run());
        let init_open = |c: &&&Container| if c.is_sidecar { !c.is_running() } else { !c.is_complete() };
        if !any_main_ran {
            if policy == "Never" && inits.iter().any(|c| c.ended().is_some_and(|e| e.code != 0)) {
                return "Failed";
            }
            if inits.iter().any(|c| init_open(&c)) {
                return "Pending";
            }
        }
        if mains.iter().any(|c| !c.has_ever_run()) {
            return "Pending";
        }
        if mains.iter().any(|c| c.is_running()) || policy == "Always" {
            return "Running";
        }
        let all_ended = mains.iter().all(|c| c.ended().is_some());
        let failed = mains.iter().any(|c| c.ended().is_some_and(|e| e.code != 0));
        match (all_ended, failed) {
            (true, false) => "Succeeded",
            (true, true) if policy == "Never" => "Failed",
            _ => "Running",
        }
    }

    /// The phase when everything has stopped for good: `Succeeded` if all ended with 0.
    pub fn phase_at_the_end(&self) -> &'static str {
        let failed = |c: &Container| match &c.state {
            State::Ended(ended) => ended.code != 0,
            State::Waiting { .. } => c.last.as_ref().is_none_or(|last| last.code != 0),
            State::Running { .. } => false,
        };
        if self.containers.iter().filter(|c| !c.is_init).any(failed) { "Failed" } else { "Succeeded" }
    }

    /// The whole `status` as it stands at `now`.
    pub fn status(&self, now: Time, host_ip: &str) -> Value {
        let phase = self.phase();
        let mut status = Map::new();
        status.insert("phase".to_owned(), phase.into());
        status.insert("observedGeneration".to_owned(), self.pod.metadata.generation.into());
        if let Some((reason, message)) = &self.rejected {
            status.insert("reason".to_owned(), (*reason).into());
            status.insert("message".to_owned(), message.as_str().into());
            status.insert("startTime".to_owned(), self.accepted_at.rfc3339().into());
            status.insert("conditions".to_owned(), self.kept_conditions().into());
            return Value::Object(status);
        }
        status.insert("conditions".to_owned(), self.conditions(phase, now).into());
        status.insert("hostIP".to_owned(), host_ip.into());
        status.insert("hostIPs".to_owned(), json!([{"ip": host_ip}]));
        if !self.ip.is_empty() {
            status.insert("podIP".to_owned(), self.ip.as_str().into());
            status.insert("podIPs".to_owned(), json!([{"ip": self.ip}]));
        }
        status.insert("startTime".to_owned(), self.accepted_at.rfc3339().into());
        let of = |init: bool| -> Vec<Value> {
            let mine = self.containers.iter().filter(|c| c.is_init == init);
            mine.map(|c| c.status(container_spec(&self.pod, c), self.is_ready(c))).collect()
        };
        if self.containers.iter().any(|c| c.is_init) {
            status.insert("initContainerStatuses".to_owned(), of(true).into());
        }
        status.insert("containerStatuses".to_owned(), of(false).into());
        let qos = self.pod.status().str_at(&["qosClass"]);
        if !qos.is_empty() {
            status.insert("qosClass".to_owned(), qos.into());
        }
        Value::Object(status)
    }

    /// Conditions that others write.
    fn kept_conditions(&self) -> Vec<Value> {
        const OWN: [&str; 5] =
            ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
        let all = self.pod.status().list_at(&["conditions"]).iter();
        all.filter(|c| !OWN.contains(&c.str_at(&["type"]))).cloned().collect()
    }

    fn names(&self, wanted: impl Fn(&Container) -> bool) -> String {
        let names: Vec<&str> =
            self.containers.iter().filter(|c| wanted(c)).map(|c| c.name.as_str()).collect();
        names.join(" ")
    }

    fn initialized(&self, phase: &str) -> (bool, &'static str, String) {
        let main_ran = self.containers.iter().any(|c| !c.is_init && c.has_ever_run());
        let open =
            self.names(|c| c.is_init && !c.is_sidecar && !c.is_complete() || c.is_sidecar && !c.is_running());
        if phase == "Succeeded" {
            (true, "PodCompleted", String::new())
        } else if main_ran || open.is_empty() {
            (true, "", String::new())
        } else {
            (false, "ContainersNotInitialized", format!("containers with incomplete status: [{open}]"))
        }
    }

    fn containers_ready(&self, phase: &str) -> (bool, &'static str, String) {
        let unready = self.names(|c| (!c.is_init || c.is_sidecar) && !self.is_ready(c));
        match phase {
            "Succeeded" => (false, "PodCompleted", String::new()),
            "Failed" if self.final_phase.is_some() && self.has_run() => (false, "PodFailed", String::new()),
            _ if unready.is_empty() => (true, "", String::new()),
            _ => (false, "ContainersNotReady", format!("containers with unready status: [{unready}]")),
        }
    }

    fn has_run(&self) -> bool {
        let lost = |c: &Container| c.ended().is_some_and(|e| e.reason == LOST);
        self.containers.iter().any(|c| c.has_ever_run() && !lost(c))
    }

    fn ready(&self, phase: &str) -> (bool, &'static str, String) {
        let containers = self.containers_ready(phase);
        if !containers.0 {
            return containers;
        }
        let met = |gate: &str| {
            let conditions = self.pod.status().list_at(&["conditions"]);
            conditions.iter().any(|c| c.str_at(&["type"]) == gate && c.str_at(&["status"]) == "True")
        };
        let gates = self.pod.spec().list_at(&["readinessGates"]).iter().map(|g| g.str_at(&["conditionType"]));
        let open: Vec<String> = gates
            .filter(|gate| !met(gate))
            .map(|gate| format!("the status of pod readiness gate \"{gate}\" is not \"True\", but False"))
            .collect();
        if open.is_empty() {
            (true, "", String::new())
        } else {
            (false, "ReadinessGatesNotReady", open.join(", "))
        }
    }

    fn conditions(&self, phase: &str, now: Time) -> Vec<Value> {
        let mut list = self.kept_conditions();
        let sandbox_up = (matches!(self.sandbox, Sandbox::Ready), "", String::new());
        for (kind, (on, reason, message)) in [
            ("PodReadyToStartContainers", sandbox_up),
            ("Initialized", self.initialized(phase)),
            ("Ready", self.ready(phase)),
            ("ContainersReady", self.containers_ready(phase)),
        ] {
            list.push(self.condition(kind, on, reason, &message, now));
        }
        let scheduled = self.pod.status().list_at(&["conditions"]).iter();
        let scheduled = scheduled.filter(|c| c.str_at(&["type"]) == "PodScheduled");
        let mut scheduled: Vec<Value> = scheduled.cloned().collect();
        if scheduled.is_empty() {
            scheduled.push(self.condition("PodScheduled", true, "", "", now));
        }
        for condition in &mut scheduled {
            apimachinery::value::set_at(
                condition,
                &["observedGeneration"],
                self.pod.metadata.generation.into(),
            );
        }
        list.extend(scheduled);
        list
    }

    /// A condition. The time of its last transition is kept as long as its status stays.
    fn condition(&self, kind: &str, on: bool, reason: &str, message: &str, now: Time) -> Value {
        let word = if on { "True" } else { "False" };
        let known =
            self.wrote.list_at(&["conditions"]).iter().chain(self.pod.status().list_at(&["conditions"]));
        let before = known.into_iter().find(|c| c.str_at(&["type"]) == kind);
        let since = before
            .filter(|c| c.str_at(&["status"]) == word)
            .map_or_else(|| now.rfc3339(), |c| c.str_at(&["lastTransitionTime"]).to_owned());
        let mut value = json!({
            "type": kind, "status": word, "observedGeneration": self.pod.metadata.generation,
            "lastProbeTime": null, "lastTransitionTime": since,
        });
        if let Some(map) = value.as_object_mut() {
            if !reason.is_empty() {
                map.insert("reason".to_owned(), reason.into());
            }
            if !message.is_empty() {
                map.insert("message".to_owned(), message.into());
            }
        }
        value
    }
}
