//! What holds for Pods and their containers: one life, one node, one of a name, room for it.

use std::collections::{BTreeMap, BTreeSet};

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::quantity::Quantity;
use apimachinery::value::ValueExt;

use super::{Invariant, Step};

/// A Pod goes one way only: it is bound once, keeps its address, and does not live again.
///
/// Source: `docs/concepts/workloads/pods/pod-lifecycle`.
#[derive(Default)]
pub(super) struct Lives {
    addresses: BTreeMap<String, String>,
}

impl Invariant for Lives {
    fn name(&self) -> &'static str {
        "a Pod goes one way only"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes().filter(|(_, _, c)| c.key.kind == Kind::Pod) {
            let Some(after) = &change.after else {
                self.addresses.retain(|_, uid| *uid != change.object().metadata.uid);
                continue;
            };
            if let Some(before) = &change.before {
                one_way(before, after).map_err(|what| format!("{} by {actor}: {what}", change.key))?;
            }
            self.address(after)?;
        }
        Ok(())
    }
}

fn one_way(before: &Object, after: &Object) -> Result<(), String> {
    let (old, new) = (Pod(before), Pod(after));
    if !old.node_name().is_empty() && old.node_name() != new.node_name() {
        return Err(format!("moved from {} to {}", old.node_name(), new.node_name()));
    }
    let ended = |phase: &str| matches!(phase, "Succeeded" | "Failed");
    if (ended(old.phase()) && old.phase() != new.phase())
        || (old.phase() == "Running" && new.phase() == "Pending")
    {
        return Err(format!("went from {} to {}", old.phase(), new.phase()));
    }
    if new.has_ready_condition() && (new.node_name().is_empty() || ended(new.phase())) {
        return Err(format!("is Ready on `{}` in phase {}", new.node_name(), new.phase()));
    }
    let restarts = |pod: &Object| -> i64 {
        let all = pod.status().list_at(&["containerStatuses"]).iter();
        all.map(|c| c.i64_at(&["restartCount"]).unwrap_or(0)).sum()
    };
    if restarts(after) < restarts(before) && !after.status().list_at(&["containerStatuses"]).is_empty() {
        return Err(format!("restarts went from {} to {}", restarts(before), restarts(after)));
    }
    Ok(())
}

impl Lives {
    /// No two Pods that live have one address.
    fn address(&mut self, pod: &Object) -> Result<(), String> {
        let (ip, uid) = (Pod(pod).ip(), &pod.metadata.uid);
        if ip.is_empty() || pod.spec().bool_at(&["hostNetwork"]) == Some(true) {
            return Ok(());
        }
        if matches!(Pod(pod).phase(), "Succeeded" | "Failed") {
            self.addresses.retain(|_, of| of != uid);
            return Ok(());
        }
        match self.addresses.insert(ip.to_owned(), uid.clone()) {
            Some(other) if other != *uid => Err(format!("{} has the address {ip} of another Pod", pod.key())),
            _ => Ok(()),
        }
    }
}

/// At most one Pod of an identity runs: two of a name only if somebody removed the first by force.
///
/// Source: `docs/tasks/run-application/force-delete-stateful-set-pod` (at most one semantics).
#[derive(Default)]
pub(super) struct OneOfAName {
    forced: BTreeSet<String>,
}

impl Invariant for OneOfAName {
    fn name(&self) -> &'static str {
        "at most one Pod of an identity runs"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes().filter(|(_, _, c)| c.key.kind == Kind::Pod) {
            if !change.is_delete() {
                continue;
            }
            let uid = &change.object().metadata.uid;
            let by_kubelet = actor.as_str().starts_with("kubelet/");
            if by_kubelet && running(step).any(|(_, runs)| runs == *uid) {
                return Err(format!("{} was removed by {actor} while it ran", change.key));
            }
            if !by_kubelet {
                self.forced.insert(uid.clone());
            }
        }
        let mut found: BTreeMap<Key, String> = BTreeMap::new();
        for (key, uid) in running(step).filter(|(_, uid)| !self.forced.contains(uid)) {
            if let Some(other) = found.insert(key.clone(), uid.clone()) {
                return Err(format!("{key} runs twice, as {other} and as {uid}"));
            }
        }
        Ok(())
    }
}

/// The Pods with a running container, by name and incarnation.
fn running<'a>(step: &Step<'a>) -> impl Iterator<Item = (Key, String)> + use<'a> {
    let nodes = step.cluster.store().list(Kind::Node, "");
    let kubelets = nodes.filter_map(|node| step.cluster.kubelet(&node.metadata.name));
    kubelets.flat_map(kubelet::Kubelet::workers).filter_map(|worker| {
        let runs = worker.containers.iter().any(kubelet::container::Container::is_running);
        runs.then(|| (worker.key(), worker.pod.metadata.uid.clone()))
    })
}

/// The scheduler puts no more on a node than it has room for.
pub(super) struct Room;

impl Invariant for Room {
    fn name(&self) -> &'static str {
        "a node gets no more than it has room for"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (_, verb, change) in step.changes() {
            if verb != "BIND" || change.key.kind != Kind::Pod {
                continue;
            }
            let node = Pod(change.object()).node_name().to_owned();
            let store = step.cluster.store();
            let Some(on) = store.get(&Key::new(Kind::Node, "", node.as_str())) else { continue };
            let there = store.list(Kind::Pod, "").filter(|pod| {
                Pod(pod).node_name() == node && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
            });
            let used: i64 = there.map(|pod| cpu(pod)).sum();
            let room = milli(on.status().at(&["allocatable", "cpu"]));
            if used > room {
                return Err(format!("{} makes {used}m of {room}m on {node}", change.key));
            }
        }
        Ok(())
    }
}

fn cpu(pod: &Object) -> i64 {
    let containers = pod.spec().list_at(&["containers"]).iter();
    containers.map(|c| milli(c.at(&["resources", "requests", "cpu"]))).sum()
}

fn milli(quantity: Option<&serde_json::Value>) -> i64 {
    quantity.and_then(Quantity::from_value).map_or(0, Quantity::milli_value)
}
