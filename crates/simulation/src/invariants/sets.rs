//! What the StatefulSet controller may do, given what it saw when it began to decide.
//!
//! Source: `docs/concepts/workloads/controllers/statefulset` (deployment and scaling guarantees, rolling
//! updates, partitions), written down anew rather than taken from the controller's own code.

use std::rc::Rc;
use std::time::Duration;

use api::apps::{StatefulSet, UpdateStrategy, parent_and_ordinal};
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::labels::Selector;
use client::Seen;

use super::{Invariant, Step};

/// The controller.
const NAME: &str = "statefulset-controller";
/// The label with the revision of a Pod.
const REVISION: &str = "controller-revision-hash";

/// A set as its controller saw it.
struct View<'a> {
    set: &'a Rc<Object>,
    /// Its own Pods by ordinal, ascending.
    pods: Vec<(i64, &'a Rc<Object>)>,
    at: Time,
    min_ready: Duration,
}

impl<'a> View<'a> {
    fn of(set: &'a Rc<Object>, seen: Seen<'a>, at: Time) -> Self {
        let selector = Selector::from_label_selector(StatefulSet(set).selector());
        let own = seen.list(Kind::Pod, &set.metadata.namespace).filter_map(|pod| {
            let (parent, ordinal) = parent_and_ordinal(&pod.metadata.name)?;
            // Before anything else is decided, orphans that fit are adopted and Pods that do not are released.
            let fits = selector.as_ref().is_ok_and(|s| s.matches(&pod.metadata.labels));
            let orphan = pod.metadata.controller().is_none() && !pod.metadata.is_deleting();
            let own = fits && (pod.is_controlled_by(set) || orphan);
            (own && parent == set.metadata.name).then_some((ordinal, pod))
        });
        let mut pods: Vec<_> = own.collect();
        pods.sort_by_key(|(ordinal, _)| *ordinal);
        Self { set, pods, at, min_ready: StatefulSet(set).min_ready() }
    }

    fn is_well(&self, pod: &Object) -> bool {
        !pod.metadata.is_deleting() && Pod(pod).is_available(self.min_ready, self.at)
    }

    fn range(&self) -> std::ops::Range<i64> {
        let view = StatefulSet(self.set);
        view.start()..view.start() + view.replicas()
    }

    fn pod(&self, ordinal: i64) -> Option<&'a Rc<Object>> {
        self.pods.iter().find(|(at, _)| *at == ordinal).map(|(_, pod)| *pod)
    }

    /// The first place of `range` without a Pod that is well.
    fn unwell(&self, mut range: std::ops::Range<i64>) -> Option<i64> {
        range.find(|at| self.pod(*at).is_none_or(|pod| !self.is_well(pod)))
    }
}

/// `OrderedReady` makes a Pod only when all lower ordinals were well in its maker's view, and deletes from the
/// top; a rolling update takes the highest outdated Pod, and none below the partition.
pub(super) struct Order;

impl Invariant for Order {
    fn name(&self) -> &'static str {
        "Pods are made and deleted in the order that the set asks for"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes() {
            if actor.as_str() != NAME || change.key.kind != Kind::Pod {
                continue;
            }
            let pod = change.object();
            let Some((parent, ordinal)) = parent_and_ordinal(&pod.metadata.name) else {
                return Err(format!("{} has no ordinal", change.key));
            };
            let key = Key::new(Kind::StatefulSet, pod.metadata.namespace.as_str(), parent);
            let Some((at, seen)) = step.cluster.decision_in_flight(NAME, &key) else {
                return Err(format!("{} changed without a decision about {key}", change.key));
            };
            let Some(set) = seen.get(&key) else {
                return Err(format!("{} changed for {key}, which its maker did not see", change.key));
            };
            let view = View::of(set, seen, at);
            if change.is_create() {
                made(&view, ordinal)?;
            } else if starts_to_leave(change.before.as_ref(), change.after.as_ref()) {
                left(&view, ordinal, pod)?;
            }
        }
        Ok(())
    }
}

/// Whether this write begins a deletion.
fn starts_to_leave(before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) -> bool {
    before.is_some_and(|pod| !pod.metadata.is_deleting())
        && after.is_none_or(|pod| pod.metadata.is_deleting())
}

fn made(view: &View<'_>, ordinal: i64) -> Result<(), String> {
    let name = &view.set.metadata.name;
    if view.set.metadata.is_deleting() {
        return Err(format!("{name}-{ordinal} was made for a set that is being deleted"));
    }
    if !view.range().contains(&ordinal) {
        return Err(format!("{name}-{ordinal} was made outside of {:?}", view.range()));
    }
    if view.pod(ordinal).is_some() {
        return Err(format!("{name}-{ordinal} was made although its maker saw one"));
    }
    match view.unwell(view.range().start..ordinal) {
        Some(at) if !StatefulSet(view.set).is_parallel() => {
            Err(format!("{name}-{ordinal} was made while {name}-{at} was not Ready"))
        }
        _ => Ok(()),
    }
}

fn left(view: &View<'_>, ordinal: i64, pod: &Object) -> Result<(), String> {
    let set = StatefulSet(view.set);
    let name = &view.set.metadata.name;
    let Some(seen) = view.pod(ordinal) else {
        return Err(format!("{name}-{ordinal} was deleted, which its set did not see as its own"));
    };
    if seen.metadata.uid != pod.metadata.uid {
        // A deletion by name meets a namesake that came meanwhile; the real one does this, too.
        return Ok(());
    }
    if view.set.metadata.is_deleting() {
        return Err(format!("{name}-{ordinal} was deleted by a controller whose set is being deleted"));
    }
    if matches!(Pod(seen).phase(), "Succeeded" | "Failed") {
        return Ok(());
    }
    let ordered = !set.is_parallel();
    if !view.range().contains(&ordinal) {
        let condemned = |at: i64| !view.range().contains(&at);
        return match view.pods.iter().rev().find(|(at, _)| condemned(*at)) {
            Some((highest, _)) if ordered && *highest != ordinal => {
                Err(format!("{name}-{ordinal} was condemned before {name}-{highest}"))
            }
            _ if ordered && view.unwell(view.range()).is_some() => {
                Err(format!("{name}-{ordinal} was condemned while a Pod of the range was not Ready"))
            }
            _ => Ok(()),
        };
    }
    updated(view, ordinal, seen)
}

/// A Pod of the range that was healthy enough leaves for an update only.
fn updated(view: &View<'_>, ordinal: i64, pod: &Object) -> Result<(), String> {
    let name = &view.set.metadata.name;
    let UpdateStrategy::RollingUpdate { partition } = StatefulSet(view.set).update_strategy() else {
        return Err(format!("{name}-{ordinal} was deleted by a set with OnDelete"));
    };
    if ordinal < view.range().start + partition.unwrap_or(0) {
        return Err(format!("{name}-{ordinal} was deleted below the partition {partition:?}"));
    }
    let above = ordinal + 1..view.range().end;
    if let Some(at) = view.unwell(above.clone()) {
        return Err(format!("{name}-{ordinal} was updated while {name}-{at} was not Ready"));
    }
    let revision = pod.metadata.label(REVISION);
    let newer = above.filter_map(|at| view.pod(at)).any(|higher| higher.metadata.label(REVISION) == revision);
    if newer {
        return Err(format!("{name}-{ordinal} was updated before a higher one of {revision}"));
    }
    Ok(())
}

/// A Pod that a set makes has all by which it belongs to the set.
pub(super) struct Belongings;

impl Invariant for Belongings {
    fn name(&self) -> &'static str {
        "a set's Pod carries its identity"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (actor, _, change) in step.changes() {
            let Some(pod) = change.after.as_ref().filter(|_| change.is_create()) else { continue };
            if actor.as_str() != NAME || change.key.kind != Kind::Pod {
                continue;
            }
            let ordinal = parent_and_ordinal(&pod.metadata.name).map_or(-1, |(_, ordinal)| ordinal);
            let wanted = [
                ("statefulset.kubernetes.io/pod-name", pod.metadata.name.clone()),
                ("apps.kubernetes.io/pod-index", ordinal.to_string()),
            ];
            for (label, value) in wanted {
                if pod.metadata.label(label) != value {
                    return Err(format!("{} has {label}={}", change.key, pod.metadata.label(label)));
                }
            }
            revision(step, pod)?;
        }
        Ok(())
    }
}

/// Its revision exists and records the template that it was made from.
fn revision(step: &Step<'_>, pod: &Object) -> Result<(), String> {
    let name = pod.metadata.label(REVISION);
    let key = Key::new(Kind::ControllerRevision, pod.metadata.namespace.as_str(), name);
    let image = |value: Option<&serde_json::Value>| value.cloned().unwrap_or_default();
    match step.cluster.store().get(&key) {
        None => Err(format!("{} was made from the revision `{name}`, which does not exist", pod.key())),
        Some(revision) => {
            let path = ["data", "spec", "template", "spec", "containers"];
            let recorded = image(revision.at(&path).and_then(|c| c.get(0)?.get("image")));
            let made = image(pod.at(&["spec", "containers"]).and_then(|c| c.get(0)?.get("image")));
            if recorded == made {
                Ok(())
            } else {
                Err(format!("{} runs {made}, {name} says {recorded}", pod.key()))
            }
        }
    }
}
