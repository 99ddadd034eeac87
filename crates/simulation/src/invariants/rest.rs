//! What must come true once nothing is broken any more: the cluster comes to rest, and at rest everything is as
//! it was asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use api::apps::{StatefulSet, UpdateStrategy, parent_and_ordinal};
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, Change, Store};
use cluster::Cluster;

use super::{disruptions, names, quotas};
use crate::generate::BAD_IMAGES;

/// The label with the revision of a Pod.
const REVISION: &str = "controller-revision-hash";

/// Whether a write shows that the cluster has not come to rest: heartbeats and Events go on for ever, and so
/// does a kubelet that tries an image again and again.
pub(crate) fn is_restless(actor: &Actor, change: &Change) -> bool {
    match change.key.kind {
        Kind::Lease | Kind::Event | Kind::Node => false,
        Kind::Pod => !actor.as_str().starts_with("kubelet/"),
        _ => true,
    }
}

/// The rules for a cluster at rest.
pub(crate) struct Rest<'a>(pub &'a Cluster);

impl<'a> Rest<'a> {
    fn store(&self) -> &'a Store {
        self.0.store()
    }

    /// Whether a container ends again and again for good, so that no rest is to be expected.
    pub(crate) fn is_impossible(&self) -> bool {
        self.store().list(Kind::Pod, "").any(|pod| image(pod) == "busybox:1.36")
    }

    /// All checks; the first that fails, by name.
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        let checks = [
            ("at rest a healthy Pod is Ready", self.pods_are_ready()),
            ("at rest a set is as it was asked for", self.sets_are_full()),
            ("at rest the status of a set says what there is", self.statuses_are_true()),
            ("at rest history is as short as it should be", self.history_is_short()),
            ("at rest nothing leaves or lacks its owner", self.nothing_is_left_over()),
            ("at rest a budget counts what there is", disruptions::at_rest(self.0)),
            ("at rest a quota counts what there is", quotas::at_rest(self.0)),
            ("at rest DNS lists exactly what it should", names::at_rest(self.0)),
        ];
        checks.into_iter().try_for_each(|(name, found)| found.map_err(|what| (name, what)))
    }

    fn pods_are_ready(&self) -> Result<(), String> {
        for pod in self.store().list(Kind::Pod, "") {
            let view = Pod(pod);
            let over = matches!(view.phase(), "Succeeded" | "Failed") || view.node_name().is_empty();
            if over || BAD_IMAGES.contains(&image(pod)) || pod.metadata.is_deleting() {
                continue;
            }
            if !view.is_running_and_ready() {
                let state = pod.status().list_at(&["containerStatuses"]).first().map(|c| c.at(&["state"]));
                return Err(format!("{} on {} is {}: {state:?}", pod.key(), view.node_name(), view.phase()));
            }
        }
        Ok(())
    }

    fn sets(&self) -> impl Iterator<Item = (&'a Rc<Object>, BTreeMap<i64, &'a Rc<Object>>)> {
        let store = self.store();
        store.list(Kind::StatefulSet, "").map(move |set| {
            let pods = store.list(Kind::Pod, &set.metadata.namespace);
            let own = pods.filter(|pod| pod.is_controlled_by(set));
            let by_ordinal = own.filter_map(|pod| Some((parent_and_ordinal(&pod.metadata.name)?.1, pod)));
            (set, by_ordinal.collect())
        })
    }

    fn sets_are_full(&self) -> Result<(), String> {
        self.sets().try_for_each(|(set, pods)| self.is_full(set, &pods))
    }

    /// A set has exactly the Pods of its range, each of the right revision; unless one of its Pods is unwell,
    /// somebody else has one of its names, or a quota stops it.
    fn is_full(&self, set: &Rc<Object>, pods: &BTreeMap<i64, &Rc<Object>>) -> Result<(), String> {
        let view = StatefulSet(set);
        let range: BTreeSet<i64> = (view.start()..view.start() + view.replicas()).collect();
        let taken = range.iter().any(|at| {
            let name = format!("{}-{at}", set.metadata.name);
            let key = Key::new(Kind::Pod, set.metadata.namespace.as_str(), name.as_str());
            self.store().get(&key).is_some_and(|pod| !pod.is_controlled_by(set))
        });
        // Volumes cannot be added: a Pod that was adopted without them blocks its set until somebody deletes it.
        let lacks = |pod: &Object, template: &serde_json::Value| {
            let volume = template.str_at(&["metadata", "name"]);
            Pod(pod).claim_of_volume(volume) != Some(format!("{volume}-{}", pod.metadata.name).as_str())
        };
        let unmendable = pods.values().any(|pod| view.claim_templates().iter().any(|t| lacks(pod, t)));
        let limited = self.store().list(Kind::ResourceQuota, &set.metadata.namespace).next().is_some();
        if taken || unmendable || limited || !pods.values().all(|pod| Pod(pod).is_running_and_ready()) {
            return Ok(());
        }
        let found: BTreeSet<i64> = pods.keys().copied().collect();
        if found != range {
            return Err(format!("{} has the Pods {found:?}, not {range:?}", set.key()));
        }
        let UpdateStrategy::RollingUpdate { partition } = view.update_strategy() else { return Ok(()) };
        let held = view.start() + partition.unwrap_or(0);
        let outdated = |pod: &Object| pod.metadata.label(REVISION) != view.update_revision();
        match pods.range(held..).find(|(_, pod)| outdated(pod)) {
            Some((_, pod)) => Err(format!("{} is not of {}", pod.key(), view.update_revision())),
            None if held <= view.start() && view.current_revision() != view.update_revision() => Err(
                format!("{} was updated but its currentRevision is {}", set.key(), view.current_revision()),
            ),
            None => Ok(()),
        }
    }

    fn statuses_are_true(&self) -> Result<(), String> {
        for (set, pods) in self.sets().filter(|(set, _)| !set.metadata.is_deleting()) {
            let view = StatefulSet(set);
            let count =
                |what: &dyn Fn(&Object) -> bool| number(pods.values().filter(|pod| what(pod)).count());
            let stays = |pod: &Object| !pod.metadata.is_deleting();
            // The delay after which a Pod is available is one with the back-off of a set that fails (the queue
            // keeps the earlier of two, and a failure asks for no other): such a count may be late by minutes.
            let fails = self.0.failures_of("statefulset-controller", &set.key()) > 0;
            let expected = [
                ("observedGeneration", set.metadata.generation),
                ("replicas", count(&|_| true)),
                ("readyReplicas", count(&|pod| Pod(pod).is_running_and_ready())),
                ("availableReplicas", count(&|pod| Pod(pod).is_available(view.min_ready(), self.0.now()))),
                (
                    "currentReplicas",
                    count(&|p| stays(p) && p.metadata.label(REVISION) == view.current_revision()),
                ),
                (
                    "updatedReplicas",
                    count(&|p| stays(p) && p.metadata.label(REVISION) == view.update_revision()),
                ),
            ];
            for (name, wanted) in expected {
                let said = set.status().i64_at(&[name]).unwrap_or(0);
                // A status decided about the set's predecessor of the same name may have come here: see
                // `objects::Generations`.
                let inherited = name == "observedGeneration" && said > wanted;
                let late = name == "availableReplicas" && fails && said < wanted;
                if said != wanted && !inherited && !late {
                    return Err(format!("{} says {name}={said}, there are {wanted}", set.key()));
                }
            }
        }
        Ok(())
    }

    fn history_is_short(&self) -> Result<(), String> {
        for (set, pods) in self.sets().filter(|(set, _)| !set.metadata.is_deleting()) {
            let view = StatefulSet(set);
            let used = |name: &str| {
                [view.current_revision(), view.update_revision()].contains(&name)
                    || pods.values().any(|pod| pod.metadata.label(REVISION) == name)
            };
            let revisions = self.store().list(Kind::ControllerRevision, &set.metadata.namespace);
            let own: Vec<_> = revisions.filter(|revision| revision.is_controlled_by(set)).collect();
            let unused = number(own.iter().filter(|revision| !used(&revision.metadata.name)).count());
            if unused > view.revision_history_limit() {
                return Err(format!("{} keeps {unused} old revisions", set.key()));
            }
        }
        Ok(())
    }

    fn nothing_is_left_over(&self) -> Result<(), String> {
        let store = self.store();
        let in_use: BTreeSet<Key> = store.list(Kind::Pod, "").flat_map(claims).collect();
        let kinds = [
            Kind::Pod,
            Kind::StatefulSet,
            Kind::PersistentVolumeClaim,
            Kind::ControllerRevision,
            Kind::Namespace,
        ];
        for object in kinds.iter().flat_map(|kind| store.list(*kind, "")) {
            // A namespace waits for what is in it.
            let waits = object.kind == Kind::Namespace || in_use.contains(&object.key());
            if object.metadata.is_deleting() && !waits {
                return Err(format!("{} is still being deleted", object.key()));
            }
            let owners = &object.metadata.owner_references;
            let lives = |kind: &str, name: &str, uid: &str| {
                let kind = if kind == "Pod" { Kind::Pod } else { Kind::StatefulSet };
                let owner = store.get(&Key::new(kind, object.metadata.namespace.as_str(), name));
                owner.is_some_and(|owner| owner.metadata.uid == uid)
            };
            let gone = !owners.is_empty() && !owners.iter().any(|o| lives(&o.kind, &o.name, &o.uid));
            if gone && !object.metadata.is_deleting() {
                return Err(format!("{} has outlived its owners", object.key()));
            }
        }
        Ok(())
    }
}

/// The claims that a Pod mounts.
fn claims(pod: &Rc<Object>) -> impl Iterator<Item = Key> {
    let namespace = pod.metadata.namespace.clone();
    Pod(pod).claims().map(move |name| Key::new(Kind::PersistentVolumeClaim, namespace.as_str(), name))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn image(pod: &Object) -> &str {
    pod.spec().list_at(&["containers"]).first().map_or("", |container| container.str_at(&["image"]))
}

/// The cluster counts as at rest when nothing has happened for this long: longer than any back-off of a
/// kubelet, and longer than the scheduler leaves a Pod aside.
pub(crate) const REST: Duration = Duration::from_secs(330);
/// Rest comes within this long.
pub(crate) const REST_LIMIT: Duration = Duration::from_secs(2_400);
