//! What a Pod looks like, and the fact on its second line.

use api::Object;
use api::core::Pod;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::Cluster;
use kubelet::worker::{Job, Worker};
use serde_json::Value;

use crate::model::{PodDetail, PodLook};

fn main_statuses(pod: &Object) -> impl Iterator<Item = &Value> {
    let init = pod.status().list_at(&["initContainerStatuses"]).iter();
    // An init container that is through says nothing any more.
    let open = init.filter(|c| c.i64_at(&["state", "terminated", "exitCode"]) != Some(0));
    pod.status().list_at(&["containerStatuses"]).iter().chain(open)
}

fn waiting(pod: &Object) -> &str {
    main_statuses(pod)
        .map(|c| c.str_at(&["state", "waiting", "reason"]))
        .find(|r| !r.is_empty())
        .unwrap_or("")
}

fn ended(pod: &Object) -> Option<&Value> {
    main_statuses(pod).find_map(|c| c.at(&["state", "terminated"]))
}

/// The look of a Pod whose node answers.
pub fn look(pod: &Object) -> PodLook {
    if pod.metadata.is_deleting() {
        return PodLook::Terminating;
    }
    match Pod(pod).phase() {
        "Failed" => return PodLook::Failed,
        "Succeeded" => return PodLook::Succeeded,
        _ => {}
    }
    if Pod(pod).node_name().is_empty() {
        let message = Pod(pod).condition("PodScheduled").map_or("", |c| c.str_at(&["message"]));
        let on_claim = message.contains("persistentvolumeclaim") || message.contains("PersistentVolumeClaim");
        return if on_claim { PodLook::PendingOnClaim } else { PodLook::Pending };
    }
    match waiting(pod) {
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
            return PodLook::ImagePull;
        }
        "CrashLoopBackOff" | "RunContainerError" | "CreateContainerConfigError" | "CreateContainerError" => {
            return PodLook::CrashLoop;
        }
        _ => {}
    }
    if ended(pod).is_some() {
        return PodLook::CrashLoop;
    }
    if Pod(pod).is_running_and_ready() {
        PodLook::Ready
    } else if Pod(pod).phase() == "Running" {
        PodLook::Running
    } else {
        PodLook::Creating
    }
}

/// The fact on the second line of a Pod with this look.
pub fn detail(cluster: &Cluster, pod: &Object, look: PodLook, claim: Option<&str>) -> PodDetail {
    let node = Pod(pod).node_name();
    let worker = cluster
        .kubelet(node)
        .and_then(|kubelet| kubelet.worker(&pod.metadata.namespace, &pod.metadata.name))
        .filter(|worker| worker.pod.metadata.uid == pod.metadata.uid);
    match look {
        PodLook::Pending => PodDetail::NoNode(
            Pod(pod).condition("PodScheduled").map_or("", |c| c.str_at(&["message"])).to_owned(),
        ),
        PodLook::PendingOnClaim => {
            claim.map_or_else(|| PodDetail::NoNode(String::new()), |c| PodDetail::WaitsForClaim(c.to_owned()))
        }
        PodLook::Creating => worker.and_then(pulling).unwrap_or(match claim {
            Some(claim) => PodDetail::WaitsForClaim(claim.to_owned()),
            None => PodDetail::Starting,
        }),
        PodLook::Ready => Pod(pod).ready_since().map_or(PodDetail::None, PodDetail::Since),
        PodLook::Running => {
            PodDetail::NotReady(Pod(pod).condition("Ready").map_or("", |c| c.str_at(&["message"])).to_owned())
        }
        PodLook::Terminating if matches!(Pod(pod).phase(), "Succeeded" | "Failed") => PodDetail::Ended,
        PodLook::Terminating => match pod.metadata.deletion_timestamp {
            Some(ends) => {
                let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or(0);
                let grace = std::time::Duration::from_secs(u64::try_from(grace).unwrap_or(0));
                PodDetail::Grace { began: ends - grace, ends }
            }
            None => PodDetail::None,
        },
        PodLook::CrashLoop | PodLook::ImagePull => {
            let code = main_statuses(pod).find_map(|c| {
                c.i64_at(&["state", "terminated", "exitCode"])
                    .or_else(|| c.i64_at(&["lastState", "terminated", "exitCode"]))
            });
            let at = worker.and_then(|w| w.sync_at).filter(|at| *at > cluster.now());
            PodDetail::RetryAt { at, exit_code: code }
        }
        PodLook::Failed | PodLook::Succeeded => {
            let end = ended(pod);
            PodDetail::Exited {
                exit_code: end.and_then(|e| e.i64_at(&["exitCode"])).unwrap_or(0),
                reason: end
                    .map_or_else(|| pod.status().str_at(&["reason"]), |e| e.str_at(&["reason"]))
                    .to_owned(),
            }
        }
        PodLook::Unknown => {
            let since = cluster
                .store()
                .get(&api::Key::new(api::Kind::Node, "", node))
                .and_then(|node| node_silent_since(node));
            since.map_or(PodDetail::None, PodDetail::NodeSilent)
        }
    }
}

fn pulling(worker: &Worker) -> Option<PodDetail> {
    match &worker.job {
        Some((until, Job::Pull(_, since))) => Some(PodDetail::Pulling { since: *since, until: Some(*until) }),
        _ => None,
    }
}

/// Since when a node has been silent, if the node lifecycle controller has noticed.
pub fn node_silent_since(node: &Object) -> Option<Time> {
    let ready = node.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "Ready")?;
    if ready.str_at(&["status"]) != "Unknown" {
        return None;
    }
    Time::parse_rfc3339(ready.str_at(&["lastTransitionTime"]))
}
