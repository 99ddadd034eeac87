//! The end of a Pod: hooks, SIGTERM, SIGKILL, the last status, the removal.
//!
//! Models: `pkg/kubelet/kubelet.go` (`SyncTerminatingPod`, `SyncTerminatedPod`), `kuberuntime_container.go`
//! (`killContainer`).

use std::time::Duration;

use apimachinery::Time;
use apimachinery::value::ValueExt;
use client::EventType::{Normal, Warning};
use serde_json::{Value, json};

use crate::container::{Container, Ended, State, container_spec};
use crate::context::Context;
use crate::ending::Ending;
use crate::images::{Behaviour, ImageBehaviours, OnTerm};
use crate::program;
use crate::reason::KubeletReason;
use crate::status::LOST;
use crate::worker::{Sandbox, Worker};

/// How long a container has at least after its hook.
const GRACE_MIN: Duration = Duration::from_secs(2);

/// How long a hook takes, and whether it succeeds.
pub fn hook_outcome(hook: &Value) -> (Duration, bool) {
    if let Some(seconds) = hook.at(&["sleep"]).and_then(|sleep| sleep.i64_at(&["seconds"])) {
        return (Duration::from_secs(u64::try_from(seconds).unwrap_or(0)), true);
    }
    if let Some(exec) = hook.at(&["exec"]) {
        let command = json!({"command": exec.list_at(&["command"])});
        let plan = program::plan(&command, None, &Behaviour::default(), &ImageBehaviours::default());
        return match plan.exits {
            Some((after, code)) => (after.max(Duration::from_millis(30)), code == 0),
            None if plan.refuses.is_some() => (Duration::from_millis(30), true),
            None => (Duration::from_secs(3_600), true),
        };
    }
    (Duration::from_millis(30), true)
}

impl Worker {
    /// Ends the Pod: begins with it, or notes that there is less time than before.
    pub(crate) fn end(&mut self, cx: &mut Context<'_>) {
        let grace =
            if self.is_gone { 1 } else { self.pod.metadata.deletion_grace_period_seconds.unwrap_or(30) };
        match self.ending {
            None => self.begin_ending(grace, cx),
            Some(Ending::Stopping { grace: before }) if grace < before => self.hurry(grace, cx),
            Some(Ending::Stopping { .. }) => self.look_whether_stopped(cx),
            Some(Ending::Stopped(_) | Ending::Finishing(_) | Ending::Removing) => {}
        }
    }

    fn begin_ending(&mut self, grace: i64, cx: &mut Context<'_>) {
        self.job = None;
        self.ending = Some(Ending::Stopping { grace });
        let running: Vec<usize> =
            self.containers.iter().enumerate().filter(|(_, c)| c.is_running()).map(|(at, _)| at).collect();
        if !running.is_empty() && !self.is_gone {
            cx.because(KubeletReason::StopsContainers { pod: self.key(), grace });
        }
        for at in running {
            self.stop_container(at, grace, cx);
        }
        self.forget_why_not_started();
        self.write_status(cx);
        self.look_whether_stopped(cx);
    }

    /// Forgets what keeps a container from its first start, since it will not be started (recorded: N02,
    /// N18).
    fn forget_why_not_started(&mut self) {
        let inits = !self.pod.spec().list_at(&["initContainers"]).is_empty();
        let reason = if inits { "PodInitializing" } else { "ContainerCreating" };
        for container in self.containers.iter_mut().filter(|c| !c.has_ever_run()) {
            container.wait(reason, String::new());
            container.next_reason = None;
        }
    }

    fn stop_container(&mut self, at: usize, grace: i64, cx: &mut Context<'_>) {
        let Some(container) = self.containers.get(at) else { return };
        let spec = container_spec(&self.pod, container).clone();
        let name = container.name.clone();
        self.event(cx, Some(at), Normal, "Killing", &format!("Stopping container {name}"));
        let mut allowed = Duration::from_secs(u64::try_from(grace).unwrap_or(0));
        let mut hook_took = Duration::ZERO;
        if let Some(hook) = spec.at(&["lifecycle", "preStop"]) {
            let (took, ok) = hook_outcome(hook);
            hook_took = took.min(allowed);
            allowed = allowed.saturating_sub(hook_took).max(GRACE_MIN);
            if !ok {
                self.event(cx, Some(at), Warning, "FailedPreStopHook", "PreStopHook failed");
            }
        }
        let now = cx.now;
        let Some(container) = self.containers.get_mut(at) else { return };
        container.probes.stop_restarting();
        let deadline = now + hook_took + allowed;
        let on_term = container.on_term();
        container.kill = Some(match on_term {
            OnTerm::Exits(after) if now + hook_took + after <= deadline => (now + hook_took + after, 0),
            OnTerm::Exits(_) | OnTerm::Ignores => (deadline, 137),
        });
        if on_term == OnTerm::Ignores && !self.is_gone {
            cx.because(KubeletReason::WaitsOutGrace { pod: self.key(), container: name, grace });
        }
    }

    /// Moves the deadlines, since the grace period has become shorter.
    fn hurry(&mut self, grace: i64, cx: &mut Context<'_>) {
        self.ending = Some(Ending::Stopping { grace });
        let deadline = cx.now + Duration::from_secs(u64::try_from(grace.max(1)).unwrap_or(1));
        for container in self.containers.iter_mut().filter(|c| c.is_running()) {
            container.kill = Some(match container.kill {
                Some((at, code)) if at <= deadline => (at, code),
                Some(_) | None => (deadline, 137),
            });
        }
        self.look_whether_stopped(cx);
    }

    fn look_whether_stopped(&mut self, cx: &mut Context<'_>) {
        if self.containers.iter().any(Container::is_running)
            || !matches!(self.ending, Some(Ending::Stopping { .. }))
        {
            return;
        }
        let never_ran = !self.containers.iter().any(Container::has_ever_run);
        let took = if never_ran { cx.millis(900, 1_900) } else { cx.millis(120, 500) };
        self.ending = Some(Ending::Stopped(cx.now + took));
    }

    /// Takes the next step of the end, if it is due.
    pub(crate) fn continue_ending(&mut self, cx: &mut Context<'_>) {
        match self.ending {
            Some(Ending::Stopped(at)) if at <= cx.now => {
                let never_ran = !self.containers.iter().any(Container::has_ever_run);
                if never_ran && self.sandbox == Sandbox::Ready {
                    self.sandbox = Sandbox::Down;
                    self.write_status(cx);
                    let took = cx.millis(200, 700);
                    self.ending = Some(Ending::Stopped(cx.now + took));
                    return;
                }
                self.last_status(cx);
                let took = cx.millis(200, 900);
                self.ending = Some(Ending::Finishing(cx.now + took));
            }
            Some(Ending::Finishing(at)) if at <= cx.now => {
                if self.asked.is_some() || self.unsent.is_some() {
                    self.ending = Some(Ending::Finishing(cx.now + Duration::from_millis(20)));
                    return;
                }
                self.ending = Some(Ending::Removing);
                if !self.is_gone {
                    cx.because(KubeletReason::RemovesPod { pod: self.key() });
                    self.ask_removal(cx);
                }
            }
            _ => {}
        }
    }

    fn last_status(&mut self, cx: &mut Context<'_>) {
        self.sandbox = Sandbox::Down;
        let ran = self.containers.iter().any(Container::has_ever_run);
        let now = cx.now;
        for container in self.containers.iter_mut().filter(|c| !c.has_ever_run()) {
            // What never ran cannot be told from what got lost (recorded: N02, N18).
            container.state = State::Ended(Ended {
                started: Time::from_unix_seconds(0),
                finished: now,
                code: 137,
                reason: LOST,
                message: "The container could not be located when the pod was terminated".to_owned(),
                id: String::new(),
            });
        }
        if self.final_phase.is_none() {
            self.final_phase = Some(if ran { self.phase_at_the_end() } else { "Failed" });
        }
        self.write_status(cx);
    }
}
