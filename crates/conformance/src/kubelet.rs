//! The kubelet as the recordings played it: a script says when a Pod becomes what.

use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, DeleteOptions, Patch, Request, Subresource};
use serde_json::{Map, Value, json};

use crate::stage::{ROUND_TRIP, Stage};

/// How long the recorder took to read a Pod before it wrote its status. Controllers are faster: they have
/// answered to one Pod before the next one follows.
const READING: Duration = Duration::from_millis(20);

/// What the script lets a Pod become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Play {
    /// Running and ready.
    Ready,
    /// Running and not ready.
    Unready,
    /// Waiting for an image that does not exist.
    PullError,
    /// Evicted by the kubelet.
    Fail,
    /// Done.
    Succeed,
    /// Gone, after its containers have ended.
    Stopped,
}

impl Play {
    /// What this word of a recording stands for.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "ready" => Self::Ready,
            "unready" => Self::Unready,
            "pullError" => Self::PullError,
            "fail" => Self::Fail,
            "succeed" => Self::Succeed,
            "stopped" => Self::Stopped,
            _ => return None,
        })
    }

    fn phase(self) -> &'static str {
        match self {
            Self::Ready | Self::Unready => "Running",
            Self::PullError => "Pending",
            Self::Fail | Self::Stopped => "Failed",
            Self::Succeed => "Succeeded",
        }
    }

    fn container_state(self, now: &str) -> Value {
        let terminated = |code: i32, reason: &str| json!({"terminated": {"exitCode": code, "reason": reason, "startedAt": now, "finishedAt": now}});
        match self {
            Self::Ready | Self::Unready => json!({"running": {"startedAt": now}}),
            Self::PullError => json!({"waiting": {"reason": "ErrImagePull", "message": "not found"}}),
            Self::Fail | Self::Stopped => terminated(137, "Error"),
            Self::Succeed => terminated(0, "Completed"),
        }
    }
}

/// Plays one Pod's kubelet; `addresses` counts the Pod IPs given so far.
pub fn play(play: Play, name: &str, stage: &mut Stage, addresses: &mut u32) -> Result<(), String> {
    stage.pass(READING);
    let key = Key::new(Kind::Pod, "default", name);
    let pod = stage.run.head().store().get(&key).cloned();
    let pod = pod.ok_or_else(|| format!("there is no Pod {name}"))?;
    let actor = Actor::kubelet(pod.spec().str_at(&["nodeName"]));
    let request = if play == Play::Stopped {
        if !pod.metadata.is_deleting() {
            return Err(format!("{name} is not terminating"));
        }
        let uid = Some(pod.metadata.uid.clone());
        Request::delete(
            &actor,
            key,
            DeleteOptions { grace_period_seconds: Some(0), uid, ..Default::default() },
        )
    } else {
        let now = stage.now().rfc3339();
        let patch =
            json!({"status": status(play, &pod, &now, addresses), "metadata": {"uid": pod.metadata.uid}});
        Request::patch(&actor, key, Patch::Merge(patch), Subresource::Status)
    };
    stage.pass(ROUND_TRIP);
    stage.run.request(request).map(|_| ()).map_err(|status| status.message)
}

fn status(play: Play, pod: &Object, now: &str, addresses: &mut u32) -> Value {
    let mut status = pod.status().as_object().cloned().unwrap_or_default();
    let containers = pod.spec().list_at(&["containers"]);
    let reports: Vec<Value> = containers
        .iter()
        .map(|container| {
            json!({
                "name": container.str_at(&["name"]), "image": container.str_at(&["image"]), "imageID": "",
                "ready": play == Play::Ready, "restartCount": 0, "started": play != Play::PullError,
                "state": play.container_state(now), "lastState": {},
            })
        })
        .collect();
    let names: Vec<&str> = containers.iter().map(|container| container.str_at(&["name"])).collect();
    let conditions = conditions(&status, play == Play::Ready, &names.join(" "), now);
    status.insert("phase".to_owned(), play.phase().into());
    status.insert("containerStatuses".to_owned(), reports.into());
    status.insert("conditions".to_owned(), conditions.into());
    status.entry("startTime").or_insert_with(|| now.into());
    if play == Play::Fail {
        status.insert("reason".to_owned(), "Evicted".into());
    }
    if !status.contains_key("podIP") {
        *addresses += 1;
        let (pod, host) = (format!("10.100.0.{}", *addresses % 250 + 1), "192.168.0.1");
        status.insert("podIP".to_owned(), pod.as_str().into());
        status.insert("podIPs".to_owned(), json!([{"ip": pod}]));
        status.insert("hostIP".to_owned(), host.into());
        status.insert("hostIPs".to_owned(), json!([{"ip": host}]));
    }
    status.into()
}

/// The kubelet's four conditions, then those of others.
fn conditions(status: &Map<String, Value>, ready: bool, containers: &str, now: &str) -> Vec<Value> {
    let old = status.get("conditions").and_then(Value::as_array).cloned().unwrap_or_default();
    let own = [
        ("PodReadyToStartContainers", true),
        ("Initialized", true),
        ("Ready", ready),
        ("ContainersReady", ready),
    ];
    let mut conditions = Vec::new();
    for (kind, on) in own {
        let word = if on { "True" } else { "False" };
        let same = old.iter().find(|c| c.str_at(&["type"]) == kind && c.str_at(&["status"]) == word);
        let since = same.map_or(now, |c| c.str_at(&["lastTransitionTime"]));
        let mut condition =
            json!({"type": kind, "status": word, "lastProbeTime": null, "lastTransitionTime": since});
        if !on {
            let message = format!("containers with unready status: [{containers}]");
            set_at(&mut condition, &["reason"], "ContainersNotReady".into());
            set_at(&mut condition, &["message"], message.into());
        }
        conditions.push(condition);
    }
    let others = old.into_iter().filter(|c| own.iter().all(|(kind, _)| c.str_at(&["type"]) != *kind));
    conditions.extend(others);
    conditions
}
