//! What holds of a Pod: the rule of its set that holds it back, or what its scheduler and kubelet said.

use std::rc::Rc;

use api::apps::{StatefulSet, parent_and_ordinal};
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use client::Outlook;
use controller_manager::{statefulset, tainteviction};

use super::sets;
use super::situation::Situation;
use super::view::{Said, View};
use crate::lookup::worker;

/// Why a Pod is as it is, or is not there.
pub(super) fn about<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    by_its_set(view, key).or_else(|| by_itself(view, key))
}

/// The set that a Pod of this name belongs to, whether or not the Pod exists.
fn set_of(key: &Key) -> Option<Key> {
    let (parent, _) = parent_and_ordinal(&key.name)?;
    Some(Key::new(Kind::StatefulSet, &*key.namespace, parent))
}

/// What the set's controller says, if it holds this very Pod back.
fn by_its_set<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let said = sets::by_its_controller(view, &set_of(key)?)?;
    if said.reason.subject() == *key && said.is_obstacle() {
        return Some(said);
    }
    let reason = said.reason.held_back(key, &view.everything())?;
    Some(Said { reason, record: said.record })
}

/// What is to be said of a Pod without its set.
pub(super) fn by_itself<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    match view.object(key) {
        None => absent(view, key),
        Some(pod) if pod.metadata.is_deleting() => leaving(view, pod),
        Some(pod) => present(view, pod),
    }
}

fn absent<'v>(view: &View<'v>, key: &Key) -> Option<Said<'v>> {
    let set = set_of(key).and_then(|set| view.object(&set));
    if let (Some(set), Some((_, ordinal))) = (set, parent_and_ordinal(&key.name)) {
        let (start, replicas) = (StatefulSet(set).start(), StatefulSet(set).replicas());
        if !(start..start + replicas).contains(&ordinal) {
            let record = view.decisions(key).next().and_then(|said| said.record);
            let not_asked_for = Situation::NotAskedFor { pod: key.clone(), set: set.key(), start, replicas };
            return Some(Said { record, ..Said::seen(not_asked_for) });
        }
    }
    view.decisions(key).next()
}

/// A Pod that has a deletion timestamp: who could end it, and who has asked for it.
fn leaving<'v>(view: &View<'v>, pod: &'v Rc<Object>) -> Option<Said<'v>> {
    let key = pod.key();
    if let Some(node) = silent_node(view, pod) {
        let record = view.decisions(&key).next().and_then(|said| said.record);
        return Some(Said { record, ..Said::seen(Situation::SilentNodeKeepsPod { pod: key, node }) });
    }
    let owner_gone = view.decisions(&key).find(|said| said.reason.name() == "OwnerGone");
    owner_gone.or_else(|| view.decisions(&key).next())
}

fn present<'v>(view: &View<'v>, pod: &'v Rc<Object>) -> Option<Said<'v>> {
    let key = pod.key();
    if let Some(node) = silent_node(view, pod) {
        let marked = view.decisions(&key).find(|said| said.reason.name() == "MarksPodNotReady");
        let asked = view.cluster().next_look(tainteviction::NAME, &key).map(|at| view.clock(at));
        let record = marked.and_then(|said| said.record);
        return Some(Said { record, ..Said::seen(Situation::SilentNodeHasPod { pod: key, node, asked }) });
    }
    let is_ready = Pod(pod).is_running_and_ready();
    if let Some(node) = unnoticed_node(view, pod).filter(|_| is_ready) {
        return Some(Said::seen(Situation::NobodyKnowsYet { pod: key, node }));
    }
    let worker = worker(view.cluster(), pod);
    if worker.is_some_and(|worker| worker.forced_ready == Some(false)) {
        return Some(Said::seen(Situation::ReadinessTaken { pod: key }));
    }
    // What the set's controller did or waits for is told elsewhere; an answer of the Pod's own is what fits its state.
    let own = |said: &Said<'_>| {
        let by_set = said.record.is_some_and(|record| record.actor.as_str() == statefulset::NAME);
        let fits = (said.reason.name() == "ContainerIsReady") == is_ready;
        !by_set && fits
    };
    // Another Pod may have had the name before.
    let life = || view.decisions(&key).take_while(|said| !said.reason.name().starts_with("Removes"));
    life().find(own).or_else(|| life().next())
}

/// The Pod's node, if Kubernetes holds it for lost.
fn silent_node(view: &View<'_>, pod: &Object) -> Option<Key> {
    let key = Key::new(Kind::Node, "", Pod(pod).node_name());
    let node = view.object(&key)?;
    let ready = node.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "Ready");
    ready.is_some_and(|ready| ready.str_at(&["status"]) == "Unknown").then_some(key)
}

/// The Pod's node, if it has no power and Kubernetes does not know.
fn unnoticed_node(view: &View<'_>, pod: &Object) -> Option<Key> {
    let name = Pod(pod).node_name();
    let kubelet = view.cluster().kubelet(name)?;
    (!kubelet.has_power()).then(|| Key::new(Kind::Node, "", name))
}

/// A Pod that counts as Ready on a node without power.
pub(super) fn unnoticed<'v>(view: &View<'v>) -> Option<Said<'v>> {
    let mut off = view.store().list(Kind::Node, "").filter(|node| {
        let kubelet = view.cluster().kubelet(&node.metadata.name);
        kubelet.is_some_and(|kubelet| !kubelet.has_power())
    });
    off.find_map(|node| {
        let mut pods =
            view.store().list(Kind::Pod, "").filter(|pod| Pod(pod).node_name() == node.metadata.name);
        let pod = pods.find(|pod| Pod(pod).is_running_and_ready() && !pod.metadata.is_deleting())?;
        silent_node(view, pod).is_none().then(|| present(view, pod)).flatten()
    })
}

/// Whether a Pod of the cluster is on its way out, or about to be: it would make room for others.
pub(super) fn some_leave(view: &View<'_>) -> bool {
    let mut pods = view.store().list(Kind::Pod, "").filter(|pod| !Pod(pod).node_name().is_empty());
    pods.any(|pod| {
        let is_leaving = pod.metadata.is_deleting() && silent_node(view, pod).is_none();
        let ends = pod.spec().str_at(&["restartPolicy"]) != "Always" && Pod(pod).phase() == "Running";
        is_leaving || ends
    })
}

/// When the kubelet ends a Pod that is leaving, whatever its containers do.
pub(super) fn killed_at(view: &View<'_>, key: &Key) -> Option<String> {
    let pod = view.object(key)?;
    let by_kubelet = !Pod(pod).node_name().is_empty() && silent_node(view, pod).is_none();
    let at = pod.metadata.deletion_timestamp.filter(|at| by_kubelet && *at > view.now)?;
    Some(view.clock(at))
}

/// What becomes of a wait, as far as it can be seen.
pub(super) fn is_stuck(view: &View<'_>, outlook: Outlook) -> bool {
    match outlook {
        Outlook::Passes | Outlook::Retries => false,
        Outlook::NeedsRoom => !some_leave(view),
        Outlook::Stays => true,
    }
}
