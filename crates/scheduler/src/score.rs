//! Which of the nodes that would do is the best.
//!
//! Models: `pkg/scheduler/framework/plugins` (`Score`, `NormalizeScore`) with the default profile's
//! weights, and `schedule_one.go` (`selectHost`).
//! Differs: image locality is not counted (every image counts as present or absent everywhere), and
//! every node is looked at, where upstream stops at a share of a large cluster.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::Rng;
use apimachinery::labels::Selector;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use client::Seen;
use serde_json::Value;

use crate::affinity;
use crate::resources;
use crate::snapshot::{NodeInfo, Snapshot};
use crate::spread::Preferences;

/// The best score of one plugin.
const MAX: i64 = 100;
/// How much each plugin counts.
const TAINT_TOLERATION: i64 = 3;
const NODE_AFFINITY: i64 = 2;
const RESOURCES_FIT: i64 = 1;
const TOPOLOGY_SPREAD: i64 = 2;
const INTER_POD_AFFINITY: i64 = 2;
const BALANCED_ALLOCATION: i64 = 1;
/// Pods of a Service or a set are spread softly by host and zone although nobody asked: label and
/// allowed skew.
const DEFAULT_SPREAD: [(&str, i64); 2] = [("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5)];
const HOSTNAME: &str = "kubernetes.io/hostname";

/// The node for a Pod among those that would do; equals are decided by `rng`.
pub fn best<'n, 's>(
    pod: &Object,
    nodes: &[&'n NodeInfo<'s>],
    snapshot: &Snapshot<'_>,
    seen: &Seen<'_>,
    rng: &mut Rng,
) -> Option<&'n NodeInfo<'s>> {
    let totals = totals(pod, nodes, snapshot, seen);
    let top = totals.iter().copied().max()?;
    let equals: Vec<_> = nodes.iter().zip(&totals).filter(|(_, total)| **total == top).collect();
    let choice = if equals.len() == 1 { 0 } else { rng.below(u32::try_from(equals.len()).unwrap_or(1)) };
    equals.get(choice as usize).map(|(node, _)| **node)
}

/// The weighted sum of all scores, node by node.
pub fn totals(pod: &Object, nodes: &[&NodeInfo<'_>], snapshot: &Snapshot<'_>, seen: &Seen<'_>) -> Vec<i64> {
    let each = |f: &dyn Fn(&NodeInfo<'_>) -> i64| nodes.iter().map(|info| f(info)).collect::<Vec<i64>>();
    let taints = each(&|info| {
        i64::try_from(affinity::untolerated(pod, info, &["PreferNoSchedule"]).len()).unwrap_or(i64::MAX)
    });
    let namespaces: Vec<&Object> = seen.list(Kind::Namespace, "").map(|n| &**n).collect();
    let near = Preferences::new(pod, snapshot, &namespaces);
    let scores = [
        (TAINT_TOLERATION, share_of_max(taints, true)),
        (NODE_AFFINITY, share_of_max(each(&|info| affinity::preference(pod, info.node)), false)),
        (RESOURCES_FIT, each(&|info| least_allocated(pod, info))),
        (TOPOLOGY_SPREAD, topology_spread(pod, nodes, snapshot, seen)),
        (INTER_POD_AFFINITY, between_extremes(&each(&|info| near.score(info)))),
        (BALANCED_ALLOCATION, each(&|info| balanced_allocation(pod, info))),
    ];
    let mut totals = vec![0; nodes.len()];
    for (weight, scores) in scores {
        for (total, score) in totals.iter_mut().zip(scores) {
            *total += weight * score;
        }
    }
    totals
}

/// Scores as shares of the largest; reversed, the largest is the worst.
fn share_of_max(scores: Vec<i64>, reversed: bool) -> Vec<i64> {
    let max = scores.iter().copied().max().unwrap_or(0);
    let share = |score: i64| if max == 0 { 0 } else { MAX * score / max };
    scores.into_iter().map(|score| if reversed { MAX - share(score) } else { share(score) }).collect()
}

/// Scores between the smallest (0) and the largest (100); all 0 if they are equal.
fn between_extremes(scores: &[i64]) -> Vec<i64> {
    let (min, max) = (scores.iter().min().copied().unwrap_or(0), scores.iter().max().copied().unwrap_or(0));
    let span = max - min;
    scores.iter().map(|score| if span == 0 { 0 } else { MAX * (score - min) / span }).collect()
}

/// The more is left of CPU and memory, the better.
fn least_allocated(pod: &Object, info: &NodeInfo<'_>) -> i64 {
    let (cpu, memory) = resources::non_zero(pod);
    let asked = [("cpu", info.non_zero.0 + cpu), ("memory", info.non_zero.1 + memory)];
    let left: Vec<i64> = asked
        .into_iter()
        .filter_map(|(name, asked)| {
            let total = info.allocatable.get(name);
            (total > 0).then(|| if asked > total { 0 } else { (total - asked) * MAX / total })
        })
        .collect();
    let count = i64::try_from(left.len()).unwrap_or(1).max(1);
    left.iter().sum::<i64>() / count
}

/// The closer the shares of CPU and memory are to each other, the better; Pods that ask for nothing
/// are not scored.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // upstream counts in floating point too
fn balanced_allocation(pod: &Object, info: &NodeInfo<'_>) -> i64 {
    let wanted = resources::of_pod(pod);
    if wanted.get("cpu") == 0 && wanted.get("memory") == 0 {
        return 0;
    }
    let share = |name: &str| {
        let (asked, total) = (info.requested.get(name) + wanted.get(name), info.allocatable.get(name));
        if total == 0 { 1.0 } else { (asked as f64 / total as f64).min(1.0) }
    };
    let deviation = (share("cpu") - share("memory")).abs() / 2.0;
    ((1.0 - deviation) * MAX as f64) as i64
}

/// A wish to be spread: label, allowed skew, which Pods count.
struct Spread {
    key: String,
    max_skew: i64,
    selector: Selector,
}

/// The wishes of a Pod, and whether they are its own.
fn spreads(pod: &Object, seen: &Seen<'_>) -> (Vec<Spread>, bool) {
    let own = pod.spec().list_at(&["topologySpreadConstraints"]);
    if !own.is_empty() {
        let soft = own.iter().filter(|c| c.str_at(&["whenUnsatisfiable"]) == "ScheduleAnyway");
        let read = |c: &Value| Spread {
            key: c.str_at(&["topologyKey"]).to_owned(),
            max_skew: c.i64_at(&["maxSkew"]).unwrap_or(1),
            selector: selector(c.at(&["labelSelector"])),
        };
        return (soft.map(read).collect(), true);
    }
    let Some(selector) = default_selector(pod, seen) else { return (Vec::new(), false) };
    let spread =
        |(key, max_skew): (&str, i64)| Spread { key: key.to_owned(), max_skew, selector: selector.clone() };
    (DEFAULT_SPREAD.map(spread).into(), false)
}

fn selector(value: Option<&Value>) -> Selector {
    Selector::from_label_selector(value.unwrap_or(&Value::Null)).unwrap_or_else(|_| Selector::nothing())
}

/// Which Pods are this one's fellows: those of its Services and of the set that manages it.
fn default_selector(pod: &Object, seen: &Seen<'_>) -> Option<Selector> {
    let mut labels = serde_json::Map::new();
    for service in seen.list(Kind::Service, &pod.metadata.namespace) {
        let Some(wanted) = service.spec().map_at(&["selector"]).filter(|wanted| !wanted.is_empty()) else {
            continue;
        };
        let has = |(key, value): (&String, &Value)| {
            pod.metadata.labels.get(key).map(String::as_str) == value.as_str()
        };
        if wanted.iter().all(has) {
            labels.extend(wanted.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
    }
    let owner = pod.metadata.controller().filter(|owner| owner.kind == "StatefulSet");
    let set = owner.and_then(|owner| seen.find(Kind::StatefulSet, &pod.metadata.namespace, &owner.name));
    let mut expressions = Vec::new();
    if let Some(wanted) = set.and_then(|set| set.spec().at(&["selector"])) {
        let pairs = wanted.map_at(&["matchLabels"]).into_iter().flatten();
        labels.extend(pairs.map(|(key, value)| (key.clone(), value.clone())));
        expressions = wanted.list_at(&["matchExpressions"]).to_vec();
    }
    if labels.is_empty() && expressions.is_empty() {
        return None;
    }
    let value = serde_json::json!({ "matchLabels": labels, "matchExpressions": expressions });
    Some(selector(Some(&value)))
}

/// The fewer fellows are near, the better. Nodes without the labels of a Pod's own wishes get nothing.
fn topology_spread(
    pod: &Object,
    nodes: &[&NodeInfo<'_>],
    snapshot: &Snapshot<'_>,
    seen: &Seen<'_>,
) -> Vec<i64> {
    let (spreads, own) = spreads(pod, seen);
    if spreads.is_empty() {
        return vec![0; nodes.len()];
    }
    let ignored = |info: &NodeInfo<'_>| own && spreads.iter().any(|s| info.label(&s.key).is_none());
    let counted: Vec<&NodeInfo<'_>> = nodes.iter().copied().filter(|info| !ignored(info)).collect();
    let mut raw: Vec<f64> = vec![0.0; nodes.len()];
    let mut fellows = Fellows::default();
    for spread in &spreads {
        let near = fellows.of(pod, &spread.selector, snapshot);
        let counts = count(pod, spread, own, &spreads, &counted, snapshot, near);
        let weight = weight(spread, &counted, counts.len());
        for (score, info) in raw.iter_mut().zip(nodes) {
            let Some(domain) = info.label(&spread.key) else { continue };
            let near = counts.get(domain).copied().unwrap_or(0);
            *score += to_float(near) * weight + to_float(spread.max_skew - 1);
        }
    }
    let rounded: Vec<i64> = raw.into_iter().map(to_whole).collect();
    let known = || nodes.iter().zip(&rounded).filter(|(info, _)| !ignored(info)).map(|(_, score)| *score);
    let (min, max) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
    let normal = |(info, score): (&&NodeInfo<'_>, &i64)| match (ignored(info), max) {
        (true, _) => 0,
        (false, 0) => MAX,
        (false, max) => MAX * (max + min - score) / max,
    };
    nodes.iter().zip(&rounded).map(normal).collect()
}

/// How many Pods on each node a selector means; wishes often share one.
#[derive(Default)]
struct Fellows<'s>(Option<(&'s Selector, Vec<i64>)>);

impl<'s> Fellows<'s> {
    fn of(&mut self, pod: &Object, selector: &'s Selector, snapshot: &Snapshot<'_>) -> &[i64] {
        if self.0.as_ref().is_none_or(|(known, _)| *known != selector) {
            let is_fellow = |other: &&&Rc<Object>| {
                other.metadata.namespace == pod.metadata.namespace
                    && !other.metadata.is_deleting()
                    && selector.matches(&other.metadata.labels)
            };
            let on = |info: &NodeInfo<'_>| info.pods.iter().filter(is_fellow).count();
            let counts = snapshot.nodes.iter().map(|info| i64::try_from(on(info)).unwrap_or(i64::MAX));
            self.0 = Some((selector, counts.collect()));
        }
        self.0.as_ref().map_or(&[], |(_, counts)| counts)
    }
}

/// Fellows by value of the label.
fn count(
    pod: &Object,
    spread: &Spread,
    own: bool,
    spreads: &[Spread],
    counted: &[&NodeInfo<'_>],
    snapshot: &Snapshot<'_>,
    fellows: &[i64],
) -> SortedMap<String, i64> {
    let domains: SortedSet<&str> = counted.iter().filter_map(|info| info.label(&spread.key)).collect();
    let mut counts: SortedMap<String, i64> = domains.iter().map(|d| ((*d).to_owned(), 0)).collect();
    for (info, near) in snapshot.nodes.iter().zip(fellows) {
        if !affinity::allows(pod, info.node) || (own && spreads.iter().any(|s| info.label(&s.key).is_none()))
        {
            continue;
        }
        let Some(slot) = info.label(&spread.key).and_then(|domain| counts.get_mut(domain)) else { continue };
        *slot += near;
    }
    counts
}

/// Labels with many values count more.
fn weight(spread: &Spread, counted: &[&NodeInfo<'_>], domains: usize) -> f64 {
    let size = if spread.key == HOSTNAME { counted.len() } else { domains };
    to_float(i64::try_from(size).unwrap_or(i64::MAX) + 2).ln()
}

#[allow(clippy::cast_precision_loss)] // counts of Pods and nodes
fn to_float(count: i64) -> f64 {
    count as f64
}

#[allow(clippy::cast_possible_truncation)] // scores are far below 2⁵³
fn to_whole(score: f64) -> i64 {
    score.round() as i64
}
