//! The row of a Pod, the line of kubectl that is read most.
//!
//! Models: `printers.go` (`printPod`).

use api::Object;
use api::core::Pod;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::{age, object_age, or_none};

/// READY: how many containers are ready, of how many.
pub fn ready(pod: &Object) -> String {
    let statuses = pod.status().list_at(&["containerStatuses"]);
    let ready = statuses.iter().filter(|c| c.bool_at(&["ready"]) == Some(true)).count();
    let sidecars = pod.spec().list_at(&["initContainers"]).iter().filter(|c| is_sidecar(c));
    let names: Vec<&str> = sidecars.map(|c| c.str_at(&["name"])).collect();
    let init = pod.status().list_at(&["initContainerStatuses"]).iter();
    let ready_sidecars =
        init.filter(|c| names.contains(&c.str_at(&["name"])) && c.bool_at(&["ready"]) == Some(true)).count();
    format!("{}/{}", ready + ready_sidecars, pod.spec().list_at(&["containers"]).len() + names.len())
}

fn is_sidecar(container: &Value) -> bool {
    container.str_at(&["restartPolicy"]) == "Always"
}

/// The word for a terminated container: its reason, or signal or exit code.
fn ended(terminated: &Value) -> String {
    let reason = terminated.str_at(&["reason"]);
    if !reason.is_empty() {
        return reason.to_owned();
    }
    match terminated.i64_at(&["signal"]).filter(|s| *s != 0) {
        Some(signal) => format!("Signal:{signal}"),
        None => format!("ExitCode:{}", terminated.i64_at(&["exitCode"]).unwrap_or(0)),
    }
}

/// The word for a Pod that initialises: that of the first init container that is not done.
fn init_word(pod: &Object) -> Option<String> {
    let specs = pod.spec().list_at(&["initContainers"]);
    for (at, container) in pod.status().list_at(&["initContainerStatuses"]).iter().enumerate() {
        let state = container.at(&["state"]).unwrap_or(&Value::Null);
        let sidecar =
            specs.iter().any(|c| c.str_at(&["name"]) == container.str_at(&["name"]) && is_sidecar(c));
        if let Some(terminated) = state.at(&["terminated"]) {
            if terminated.i64_at(&["exitCode"]) == Some(0) {
                continue;
            }
            return Some(format!("Init:{}", ended(terminated)));
        }
        if sidecar && container.bool_at(&["started"]) == Some(true) {
            continue;
        }
        let waiting = state.str_at(&["waiting", "reason"]);
        if !waiting.is_empty() && waiting != "PodInitializing" {
            return Some(format!("Init:{waiting}"));
        }
        return Some(format!("Init:{at}/{}", specs.len()));
    }
    None
}

/// STATUS.
pub fn status_word(pod: &Object) -> String {
    let status = pod.status();
    let mut word = status.str_at(&["reason"]).to_owned();
    if word.is_empty() {
        status.str_at(&["phase"]).clone_into(&mut word);
    }
    if Pod(pod).condition("PodScheduled").is_some_and(|c| c.str_at(&["reason"]) == "SchedulingGated") {
        "SchedulingGated".clone_into(&mut word);
    }
    let init = init_word(pod);
    let initialised = Pod(pod).condition("Initialized").is_some_and(|c| c.str_at(&["status"]) == "True");
    match init {
        Some(init) if !initialised => word = init,
        _ => main_word(pod, &mut word),
    }
    let phase = status.str_at(&["phase"]);
    if pod.metadata.is_deleting() {
        if status.str_at(&["reason"]) == "NodeLost" {
            "Unknown".clone_into(&mut word);
        } else if !matches!(phase, "Succeeded" | "Failed") {
            "Terminating".clone_into(&mut word);
        }
    }
    word
}

/// Takes the word from the first main container that waits or has ended.
fn main_word(pod: &Object, word: &mut String) {
    let mut running = false;
    let mut failed = None;
    for container in pod.status().list_at(&["containerStatuses"]).iter().rev() {
        let state = container.at(&["state"]).unwrap_or(&Value::Null);
        let waiting = state.str_at(&["waiting", "reason"]);
        if !waiting.is_empty() {
            waiting.clone_into(word);
        } else if let Some(terminated) = state.at(&["terminated"]) {
            *word = ended(terminated);
            if terminated.i64_at(&["exitCode"]).unwrap_or(0) != 0 {
                failed = Some(word.clone());
            }
        } else if container.bool_at(&["ready"]) == Some(true) && state.at(&["running"]).is_some() {
            running = true;
        }
    }
    if word == "Completed" && running {
        *word = if Pod(pod).has_ready_condition() {
            "Running".to_owned()
        } else {
            failed.unwrap_or_else(|| "NotReady".to_owned())
        };
    }
}

/// RESTARTS: how often, and when a container last ended.
pub fn restarts(pod: &Object, now: Time) -> String {
    let initialising = init_word(pod).is_some()
        && Pod(pod).condition("Initialized").is_none_or(|c| c.str_at(&["status"]) != "True");
    let list = if initialising { "initContainerStatuses" } else { "containerStatuses" };
    let statuses = pod.status().list_at(&[list]);
    let count: i64 = statuses.iter().filter_map(|c| c.i64_at(&["restartCount"])).sum();
    let ends = statuses.iter().map(|c| c.str_at(&["lastState", "terminated", "finishedAt"]));
    let last = ends.filter_map(Time::parse_rfc3339).max();
    match last {
        Some(last) if count > 0 => format!("{count} ({} ago)", age(Some(last), now)),
        _ => count.to_string(),
    }
}

/// The cells of a Pod.
pub fn cells(pod: &Object, now: Time) -> Vec<String> {
    let gates = pod.spec().list_at(&["readinessGates"]);
    let met = gates.iter().filter(|g| {
        Pod(pod).condition(g.str_at(&["conditionType"])).is_some_and(|c| c.str_at(&["status"]) == "True")
    });
    let gates_text =
        if gates.is_empty() { String::new() } else { format!("{}/{}", met.count(), gates.len()) };
    vec![
        pod.metadata.name.clone(),
        ready(pod),
        status_word(pod),
        restarts(pod, now),
        object_age(pod, now),
        or_none(Pod(pod).ip()),
        or_none(Pod(pod).node_name()),
        or_none(pod.status().str_at(&["nominatedNodeName"])),
        or_none(gates_text),
    ]
}
