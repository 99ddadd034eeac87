//! Pods that no kubelet will ever end: their node is gone, or they never had one.
//!
//! Models: `pkg/controller/podgc`.
//! Differs: instead of a look at all Pods every 20 s, the Pods that such a look would find are woken
//! when it would happen. Ended Pods are never too many here (the threshold is 12 500).

pub mod reason;

use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Reason as StatusReason;
use apimachinery::Time;
use apiserver::{Change, DeleteOptions, Request};
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::json;

use crate::conditions::{patch_pod_status, status_of, turned};
use crate::nodelifecycle::taints::{OUT_OF_SERVICE, has_key};
use reason::PodGcReason;

/// How often upstream looks at all Pods: `gcCheckPeriod`.
const PERIOD: Duration = Duration::from_secs(20);
/// After how long a missing node is believed to be gone.
const QUARANTINE: Duration = Duration::from_secs(40);

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct PodGc;

/// How long from `at` to the next look.
fn next_look(at: Time) -> Duration {
    let period = i64::try_from(PERIOD.as_micros()).unwrap_or(i64::MAX);
    let left = period - at.as_micros().rem_euclid(period);
    Duration::from_micros(u64::try_from(left).unwrap_or(0))
}

/// Whether a person has confirmed that nothing runs on the node any more.
fn is_out_of_service(node: &Object) -> bool {
    has_key(node, OUT_OF_SERVICE) && status_of(node, "Ready") != "True"
}

/// Why a Pod is to be removed; `None` if it stays.
fn verdict(pod: &Object, seen: &Seen<'_>) -> Option<PodGcReason> {
    let node = Pod(pod).node_name();
    if !pod.metadata.is_deleting() {
        return None;
    }
    if node.is_empty() {
        return Some(PodGcReason::RemovesUnscheduledPod { pod: pod.key() });
    }
    let node = seen.find(Kind::Node, "", node).filter(|node| is_out_of_service(node))?;
    Some(PodGcReason::RemovesPodOutOfService { pod: pod.key(), node: node.key() })
}

fn on_node<'a>(name: &str, seen: &Seen<'a>) -> impl Iterator<Item = &'a Rc<Object>> {
    let name = name.to_owned();
    seen.list(Kind::Pod, "").filter(move |pod| Pod(pod).node_name() == name)
}

fn pod_wakes(before: Option<&Rc<Object>>, pod: &Object, at: Time, seen: &Seen<'_>) -> Vec<Wake> {
    let mut wakes = Vec::new();
    let began_to_end =
        pod.metadata.is_deleting() && before.is_none_or(|before| !before.metadata.is_deleting());
    if began_to_end && verdict(pod, seen).is_some() {
        wakes.push(Wake::after(pod.key(), next_look(at)));
    }
    let node = Pod(pod).node_name();
    let came = !node.is_empty() && before.is_none_or(|before| Pod(before).node_name() != node);
    if came && seen.find(Kind::Node, "", node).is_none() {
        wakes.push(Wake::after(Key::new(Kind::Node, "", node), next_look(at) + QUARANTINE));
    }
    wakes
}

impl Controller for PodGc {
    fn name(&self) -> &'static str {
        "pod-garbage-collector-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Pod, Kind::Node]
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match (change.key.kind, &change.before, &change.after) {
            (Kind::Pod, before, Some(pod)) => pod_wakes(before.as_ref(), pod, change.at, seen),
            (Kind::Node, _, None) => vec![Wake::after(change.key.clone(), next_look(change.at) + QUARANTINE)],
            (Kind::Node, before, Some(node)) => {
                let turned =
                    is_out_of_service(node) && !before.as_ref().is_some_and(|n| is_out_of_service(n));
                if !turned {
                    return Vec::new();
                }
                let pods = on_node(&change.key.name, seen).filter(|pod| pod.metadata.is_deleting());
                pods.map(|pod| Wake::after(pod.key(), next_look(change.at))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let seen = turn.seen();
        if key.kind == Kind::Node {
            return remove_orphans(key, turn);
        }
        let Some(pod) = seen.get(key) else { return Ok(Outcome::Done) };
        if let Some(reason) = verdict(pod, &seen) {
            turn.because(reason);
            remove(&[Rc::clone(pod)], None, turn)?;
        }
        Ok(Outcome::Done)
    }
}

/// Removes the Pods of a node that is gone, if the API server does not know it either.
fn remove_orphans(node: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let seen = turn.seen();
    let orphans: Vec<Rc<Object>> = on_node(&node.name, &seen).cloned().collect();
    if orphans.is_empty() || seen.get(node).is_some() {
        return Ok(Outcome::Done);
    }
    let request = Request::get(turn.actor(), node.clone());
    if turn.try_request(request)?.is_ok() {
        return Ok(Outcome::Done);
    }
    for pod in &orphans {
        turn.because(PodGcReason::RemovesOrphan { pod: pod.key(), node: node.clone() });
    }
    remove(&orphans, Some("PodGC: node no longer exists"), turn)?;
    Ok(Outcome::Done)
}

/// Marks Pods as failed, so that nobody takes them for running, and removes them at once.
fn remove(pods: &[Rc<Object>], message: Option<&str>, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let now = turn.now();
    let mut patches = Vec::new();
    for pod in pods.iter().filter(|pod| !matches!(Pod(pod).phase(), "Succeeded" | "Failed")) {
        let wanted = message.map(|message| {
            json!({"type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC", "message": message,
                "observedGeneration": pod.metadata.generation})
        });
        let condition = wanted.and_then(|wanted| turned(pod, wanted, now));
        let others = json!({"phase": "Failed", "observedGeneration": pod.metadata.generation});
        patches.push(patch_pod_status(turn.actor(), pod, condition.as_ref(), others));
    }
    turn.request_all(patches)?;
    // With the uid: a successor of the same name is not meant.
    let at_once = |pod: &Object| DeleteOptions {
        grace_period_seconds: Some(0),
        uid: Some(pod.metadata.uid.clone()),
        ..DeleteOptions::default()
    };
    let deletions = pods.iter().map(|pod| Request::delete(turn.actor(), pod.key(), at_once(pod))).collect();
    for answer in turn.request_all(deletions)? {
        match answer {
            Err(status) if !matches!(status.reason, StatusReason::NotFound | StatusReason::Conflict) => {
                return Err(Halt::Failed(status));
            }
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}
