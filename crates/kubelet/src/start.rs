//! Starts a container: back-off, image, creation, start, `postStart`.
//!
//! Models: `pkg/kubelet/images/image_manager.go`, `pkg/kubelet/kuberuntime/kuberuntime_container.go`.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apimachinery::duration::go;
use apimachinery::value::ValueExt;
use client::EventType::{Normal, Warning};
use serde_json::Value;

use crate::container::{Container, Ended, State, container_spec};
use crate::context::Context;
use crate::images::{OnTerm, Reference, look_up};
use crate::probe::ProbeKind;
use crate::program;
use crate::reason::KubeletReason;
use crate::volumes;
use crate::worker::{Job, Worker};

/// How often the kubelet asks the runtime what runs.
const RELIST: Duration = Duration::from_secs(1);

/// How often a Pod is looked at, at least: `syncFrequency`.
const RESYNC_MAX: Duration = Duration::from_secs(60);

/// A name of 64 digits, as the runtime gives it to an instance.
fn fresh_id(cx: &mut Context<'_>) -> String {
    let digits: String = (0..8).map(|_| format!("{:08x}", cx.rng.next_u32())).collect();
    format!("containerd://{digits}")
}

impl Worker {
    fn spec_of(&self, at: usize) -> Value {
        self.containers.get(at).map_or(Value::Null, |c| container_spec(&self.pod, c).clone())
    }

    /// Begins to start a container. Returns whether a step is under way.
    pub(crate) fn begin_start(&mut self, at: usize, cx: &mut Context<'_>) -> bool {
        let finished = self.containers.get(at).and_then(|c| match &c.state {
            State::Ended(ended) => Some((ended.finished, ended.code)),
            State::Waiting { .. } => c.last.as_ref().map(|ended| (ended.finished, ended.code)),
            State::Running { .. } => None,
        });
        if let Some((finished, code)) = finished
            && self.must_wait(at, finished, code, cx)
        {
            return false;
        }
        self.ensure_image(at, cx)
    }

    /// Whether the wait after the last end still holds; if not, the next one begins.
    fn must_wait(&mut self, at: usize, finished: Time, code: i32, cx: &mut Context<'_>) -> bool {
        let (pod, name) = (self.key(), self.containers.get(at).map(|c| c.name.clone()).unwrap_or_default());
        let Some(container) = self.containers.get_mut(at) else { return true };
        let Some((wait, end)) = container.crash_backoff.holds(finished, cx.now) else {
            container.crash_backoff.next(finished, cx.now);
            cx.because(KubeletReason::RestartsContainer { pod, container: name, code });
            return false;
        };
        let uid = &self.pod.metadata.uid;
        let full = format!("{}_{}({uid})", pod.name, pod.namespace);
        let message = format!("back-off {} restarting failed container={name} pod={full}", go(wait));
        container.next_reason = Some(("CrashLoopBackOff", message));
        let text = format!("Back-off restarting failed container {name} in pod {full}");
        self.event(cx, Some(at), Warning, "BackOff", &text);
        cx.because(KubeletReason::WaitsToRestart { pod, container: name, code, wait });
        // A container that ends as it starts is seen twice by the relist: a second sync follows at once,
        // and the first pause is told and shown early (recorded: N03, N15; not N04).
        let brief = |c: &Container| match &c.state {
            State::Ended(ended) => ended.finished.since(ended.started) < RELIST,
            State::Waiting { reason, .. } => *reason == "RunContainerError",
            State::Running { .. } => false,
        };
        let early = wait == Duration::from_secs(10) && self.containers.get(at).is_some_and(brief);
        // Whoever has to wait is looked at after the wait and up to half of it more (`completeWork`).
        // The part of a millisecond that is left counts as a whole one: a look after no time at all would find
        // the same wait, for ever.
        let rest = end.since(cx.now).min(RESYNC_MAX).as_micros().div_ceil(1_000);
        let rest = u64::try_from(rest).unwrap_or(u64::MAX);
        let pause = cx.millis(rest, rest + rest / 2);
        self.sync_by(cx.now + if early { Duration::from_millis(200) } else { pause });
        true
    }

    fn ensure_image(&mut self, at: usize, cx: &mut Context<'_>) -> bool {
        let spec = self.spec_of(at);
        let name = spec.str_at(&["image"]).to_owned();
        let Some(reference) = Reference::parse(&name) else {
            let text = format!(
                "Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": invalid reference format"
            );
            self.event(cx, Some(at), Warning, "InspectFailed", &text);
            self.event(cx, Some(at), Warning, "Failed", "Error: InvalidImageName");
            self.pull_trouble(at, "InvalidImageName", text, None, cx);
            return false;
        };
        let present = cx.images.contains(&reference.full());
        match spec.str_at(&["imagePullPolicy"]) {
            "Never" if !present => {
                let text = format!("Container image \"{name}\" is not present with pull policy of Never");
                self.event(cx, Some(at), Warning, "ErrImageNeverPull", &text);
                self.event(cx, Some(at), Warning, "Failed", "Error: ErrImageNeverPull");
                self.pull_trouble(at, "ErrImageNeverPull", text, None, cx);
                return false;
            }
            "Always" => {}
            _ if present => {
                let text = format!(
                    "Container image \"{name}\" already present on machine and can be accessed by the pod"
                );
                self.event(cx, Some(at), Normal, "Pulled", &text);
                return self.create(at, cx);
            }
            _ => {}
        }
        self.pull(at, &reference, present, cx)
    }

    fn pull(&mut self, at: usize, reference: &Reference, present: bool, cx: &mut Context<'_>) -> bool {
        let name = self.spec_of(at).str_at(&["image"]).to_owned();
        let held = self.containers.get(at).and_then(|c| c.pull_backoff.holds_since_update(cx.now));
        if let Some((wait, _)) = held {
            let text = format!("Back-off pulling image \"{name}\"");
            self.event(cx, Some(at), Normal, "BackOff", &text);
            self.event(cx, Some(at), Warning, "Failed", "Error: ImagePullBackOff");
            let error = self.pull_error(at, reference, cx).unwrap_or_default();
            let message = format!("{text}: ErrImagePull: {error}");
            self.pull_trouble(at, "ImagePullBackOff", message, Some(wait), cx);
            return false;
        }
        self.event(cx, Some(at), Normal, "Pulling", &format!("Pulling image \"{name}\""));
        cx.because(KubeletReason::PullsImage { pod: self.key(), image: name });
        let behaviour = self.behaviour(at, cx);
        let took = match look_up(reference) {
            _ if behaviour.pull.is_some() => behaviour.pull.unwrap_or_default(),
            Ok(_) if present => cx.millis(350, 900),
            Ok(image) => cx.millis(image.pull_millis * 8 / 10, image.pull_millis * 13 / 10),
            Err(_) => cx.millis(700, 1_600),
        };
        self.job = Some((cx.now + took, Job::Pull(at, cx.now)));
        true
    }

    fn pull_error(&self, at: usize, reference: &Reference, cx: &Context<'_>) -> Option<String> {
        if self.behaviour(at, cx).pull_fails {
            let full = reference.full();
            return Some(format!(
                "rpc error: code = Unknown desc = failed to pull and unpack image \"{full}\": failed to resolve reference \"{full}\": failed to do request: Head \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: i/o timeout"
            ));
        }
        look_up(reference).err()
    }

    /// Notes that an image could not be pulled: the next sync shows it, a later one tries again.
    fn pull_trouble(
        &mut self,
        at: usize,
        reason: &'static str,
        message: String,
        wait: Option<Duration>,
        cx: &mut Context<'_>,
    ) {
        let image = self.spec_of(at).str_at(&["image"]).to_owned();
        cx.because(KubeletReason::ImageCannotBePulled {
            pod: self.key(),
            image,
            error: message.clone(),
            wait,
        });
        if let Some(container) = self.containers.get_mut(at) {
            container.next_reason = Some((reason, message));
        }
        let pause = cx.millis(10_000, 15_000);
        self.sync_by(cx.now + pause);
    }

    /// Goes on after a pull, whether it succeeded or not.
    pub(crate) fn pulled(&mut self, at: usize, began: Time, cx: &mut Context<'_>) {
        let name = self.spec_of(at).str_at(&["image"]).to_owned();
        let Some(reference) = Reference::parse(&name) else { return };
        if let Some(error) = self.pull_error(at, &reference, cx) {
            self.event(cx, Some(at), Warning, "Failed", &format!("Failed to pull image \"{name}\": {error}"));
            self.event(cx, Some(at), Warning, "Failed", "Error: ErrImagePull");
            let is_first = self
                .containers
                .get(at)
                .is_some_and(|c| c.pull_backoff == crate::backoff::BackoffEntry::default());
            if let Some(container) = self.containers.get_mut(at) {
                container.pull_backoff.next(cx.now, cx.now);
            }
            self.pull_trouble(at, "ErrImagePull", error, None, cx);
            if is_first {
                // A second sync follows the first failure at once (recorded: N02, N18).
                self.sync_by(cx.now + Duration::from_millis(400));
            }
            self.go_on(cx);
            return;
        }
        cx.images.insert(reference.full());
        let took = go(Duration::from_millis(u64::try_from(cx.now.since(began).as_millis()).unwrap_or(0)));
        let size = look_up(&reference).map_or(0, |image| image.size);
        let text = format!(
            "Successfully pulled image \"{name}\" in {took} ({took} including waiting). Image size: {size} bytes."
        );
        self.event(cx, Some(at), Normal, "Pulled", &text);
        if !self.create(at, cx) {
            self.go_on(cx);
        }
    }

    fn create(&mut self, at: usize, cx: &mut Context<'_>) -> bool {
        let spec = self.spec_of(at);
        if let Some(missing) = volumes::missing_environment(&self.pod, &spec, cx.seen) {
            self.event(cx, Some(at), Warning, "Failed", &format!("Error: {missing}"));
            let container = self.containers.get(at).map(|c| c.name.clone()).unwrap_or_default();
            let (pod, error) = (self.key(), missing.clone());
            cx.because(KubeletReason::ConfigIsMissing { pod, container, error });
            if let Some(container) = self.containers.get_mut(at) {
                container.next_reason = Some(("CreateContainerConfigError", missing));
            }
            let pause = cx.millis(10_000, 15_000);
            self.sync_by(cx.now + pause);
            return false;
        }
        let name = self.containers.get(at).map(|c| c.name.clone()).unwrap_or_default();
        cx.because(KubeletReason::StartsContainer { pod: self.key(), container: name });
        let took = cx.millis(30, 90);
        self.job = Some((cx.now + took, Job::Create(at)));
        true
    }

    /// Goes on after a container was created.
    pub(crate) fn created(&mut self, at: usize, cx: &mut Context<'_>) {
        self.event(cx, Some(at), Normal, "Created", "Container created");
        let took = cx.millis(80, 260);
        self.job = Some((cx.now + took, Job::Start(at)));
    }

    /// Goes on after a container was started.
    pub(crate) fn started(&mut self, at: usize, cx: &mut Context<'_>) {
        let spec = self.spec_of(at);
        let image = spec.str_at(&["image"]).to_owned();
        let known = Reference::parse(&image).and_then(|reference| look_up(&reference).ok());
        let plan = program::plan(&spec, known, &self.behaviour(at, cx), cx.overrides);
        let id = fresh_id(cx);
        if let Some(refusal) = plan.refuses {
            self.start_failed(at, &id, &refusal, cx);
            self.go_on(cx);
            return;
        }
        let now = cx.now;
        let pod = Rc::clone(&self.pod);
        if let Some(container) = self.containers.get_mut(at) {
            container.begin(now, id, &image, plan);
            container.probes.start(&spec, now);
            crate::traces::note_start(&pod, &spec, cx);
            if container.probes.is_ready(&spec) && !container.is_init {
                let name = container.name.clone();
                cx.because(KubeletReason::ContainerIsReady { pod: pod.key(), container: name });
            }
        }
        self.event(cx, Some(at), Normal, "Started", "Container started");
        if let Some(hook) = spec.at(&["lifecycle", "postStart"]) {
            let (took, _) = crate::termination::hook_outcome(hook);
            self.job = Some((now + took, Job::Hook(at)));
            return;
        }
        self.go_on(cx);
    }

    /// Goes on after a `postStart` hook.
    pub(crate) fn hook_done(&mut self, at: usize, cx: &mut Context<'_>) {
        let spec = self.spec_of(at);
        let ok =
            spec.at(&["lifecycle", "postStart"]).is_none_or(|hook| crate::termination::hook_outcome(hook).1);
        if !ok {
            self.event(cx, Some(at), Warning, "FailedPostStartHook", "PostStartHook failed");
            self.event(cx, Some(at), Normal, "Killing", "FailedPostStartHook");
            if let Some(container) = self.containers.get_mut(at) {
                container.end(cx.now, 137);
                container.next_reason = Some(("PostStartHookError", "PostStartHook failed".to_owned()));
            }
        }
        self.go_on(cx);
    }

    /// Notes that the process could not be started: the container counts as ended with 128 (recorded: N15).
    fn start_failed(&mut self, at: usize, id: &str, refusal: &str, cx: &mut Context<'_>) {
        let message = format!(
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {refusal}"
        );
        self.event(cx, Some(at), Warning, "Failed", &format!("Error: {message}"));
        let now = cx.now;
        if let Some(container) = self.containers.get_mut(at) {
            if container.last.is_some() || container.ended().is_some() {
                container.restarts += 1;
            }
            let ended = Ended {
                started: Time::from_unix_seconds(0),
                finished: now,
                code: 128,
                reason: "StartError",
                message: message.clone(),
                id: id.to_owned(),
            };
            container.state = State::Ended(ended);
            id.clone_into(&mut container.id);
            container.next_reason = Some(("RunContainerError", message));
        }
        self.sync_by(now + Duration::from_millis(500));
    }

    /// Ends the container's process and starts a new one in the same sync: a probe has failed, or the image
    /// has changed. A process that a fault keeps from hearing SIGTERM has its whole grace period first.
    pub(crate) fn restart_now(&mut self, at: usize, kind: Option<ProbeKind>, cx: &mut Context<'_>) {
        let Some(container) = self.containers.get_mut(at) else { return };
        let code = if container.on_term() == OnTerm::Ignores { 137 } else { 0 };
        let is_deaf = container.ills.hangs_since.is_some() || container.ills.ignores_sigterm;
        container.probes.stop_restarting();
        if is_deaf {
            let spec = container_spec(&self.pod, container);
            let own =
                kind.and_then(|kind| spec.at(&[kind.field()])?.i64_at(&["terminationGracePeriodSeconds"]));
            let pods = self.pod.spec().i64_at(&["terminationGracePeriodSeconds"]).unwrap_or(30);
            let grace = Duration::from_secs(u64::try_from(own.unwrap_or(pods)).unwrap_or(0));
            self.job = Some((cx.now + grace, Job::Kill(at)));
            return;
        }
        self.restart_killed(at, code, cx);
    }

    /// Ends a container that is restarted, and starts it again.
    pub(crate) fn restart_killed(&mut self, at: usize, code: i32, cx: &mut Context<'_>) {
        let before = self.containers.get(at).and_then(|c| c.last.clone());
        if let Some(container) = self.containers.get_mut(at) {
            container.end(cx.now, code);
        }
        // The back-off counts from the end of the instance before the one just ended: the status that
        // the sync began with knows no later one (recorded: N06).
        if let Some(Ended { finished, code, .. }) = before
            && self.must_wait(at, finished, code, cx)
        {
            if let Some(container) = self.containers.get_mut(at) {
                container.show_next_reason();
            }
            self.write_status(cx);
            return;
        }
        self.job = None;
        if !self.ensure_image(at, cx) {
            self.go_on(cx);
        }
    }
}

impl Container {
    /// Shows from now on what the sync before has found out.
    pub(crate) fn show_next_reason(&mut self) {
        if self.is_running() {
            self.next_reason = None;
        }
        if let Some((reason, message)) = self.next_reason.take() {
            self.wait(reason, message);
        }
    }
}
