//! Answers `logs`, which the API server passes on to a kubelet.
//!
//! Models: `pkg/registry/core/pod/strategy.go` (`LogLocation`), `pkg/kubelet/kubelet_pods.go`
//! (`validateContainerLogStatus`), `pkg/kubelet/pod_container_deletor.go`.

use api::Object;
use api::core::Pod;
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Status, Time};
use cluster::Cluster;
use kubectl::{LogAnswer, LogRequest};
use kubelet::container::{Container, State, container_spec};
use serde_json::Value;

use crate::container_shell::Runner;
use crate::lookup::{pod, unreachable, worker};

/// Why a container has no output yet.
fn not_started(pod: &Object, container: &Container) -> Status {
    let reason = match &container.state {
        State::Waiting { reason: "ErrImagePull", .. } => "image can't be pulled",
        State::Waiting { reason: "ImagePullBackOff", .. } => "trying and failing to pull image",
        State::Waiting { reason, .. } => *reason,
        State::Running { .. } | State::Ended(_) => "PodInitializing",
    };
    Status::bad_request(format!(
        "container \"{}\" in pod \"{}\" is waiting to start: {reason}",
        container.name, pod.metadata.name
    ))
}

/// `GET pods/<name>/log`.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn logs(cluster: &Cluster, request: &LogRequest) -> Result<LogAnswer, Status> {
    let pod = pod(cluster, &request.namespace, &request.pod)?;
    if Pod(pod).node_name().is_empty() {
        return Ok(LogAnswer::default());
    }
    if let Some(why) = unreachable(cluster, pod) {
        let ip = why.split_whitespace().nth(2).unwrap_or("").trim_end_matches(':');
        let path = format!("{}/{}/{}", request.namespace, request.pod, request.container);
        let text = format!("Get \"https://{ip}/containerLogs/{path}\": {why}");
        return Err(Status::new(Reason::Unknown, text));
    }
    let Some(worker) = worker(cluster, pod) else { return Ok(LogAnswer::default()) };
    let Some(container) = worker.containers.iter().find(|c| c.name == request.container) else {
        return Err(Status::bad_request(format!(
            "container {} is not valid for pod {}",
            request.container, request.pod
        )));
    };
    if !container.has_ever_run() {
        return Err(not_started(pod, container));
    }
    let log = if request.previous {
        if container.last.is_none() {
            return Err(Status::bad_request(format!(
                "previous terminated container \"{}\" in pod \"{}\" not found",
                request.container, request.pod
            )));
        }
        if let Some(text) = collected(container) {
            return Ok(LogAnswer { rest: text, ..LogAnswer::default() });
        }
        &container.previous_log
    } else {
        &container.log
    };
    let told = if log.is_empty() { told(cluster, pod, container) } else { Vec::new() };
    let after = |at: Time| request.after.is_none_or(|limit| at > limit);
    let mut lines: Vec<_> = log.iter().chain(&told).filter(|(at, _)| after(*at)).cloned().collect();
    if let Some(tail) = request.tail {
        lines.drain(..lines.len().saturating_sub(tail));
    }
    Ok(LogAnswer { lines, open: container.is_running() && !request.previous, ..LogAnswer::default() })
}

/// The output of a container that has ended and whose command the kubelet cannot plan, because it looks at
/// names, files or DNS. The command runs when its output is read.
fn told(cluster: &Cluster, pod: &Object, container: &Container) -> Vec<(Time, String)> {
    let Some(ended) = container.ended() else { return Vec::new() };
    let spec = container_spec(pod, container);
    let words = ["command", "args"].iter().flat_map(|list| spec.list_at(&[list]).iter());
    let words: Vec<String> = words.filter_map(Value::as_str).map(str::to_owned).collect();
    let mut runner = Runner::new(cluster, pod, container, Vec::new());
    runner.run(&words, None);
    let lines = runner.answer.stdout.lines().chain(runner.answer.stderr.lines());
    lines.map(|line| (ended.finished, line.to_owned())).collect()
}

/// The kubelet keeps one dead instance of a container: when one dies, those before it go, and their output
/// with them (recorded: N03).
fn collected(container: &Container) -> Option<String> {
    let before = container.last.as_ref().filter(|_| matches!(container.state, State::Ended(_)))?;
    Some(format!("unable to retrieve container logs for {}", before.id))
}
