//! Chooses the best of the nodes that fit.
//!
//! Models: `pkg/scheduler/framework/plugins` (`Score`, `NormalizeScore`) with the default profile's
//! weights, and `schedule_one.go` (`selectHost`).
//! Differs: image locality is not counted (every image counts as present or absent everywhere), and
//! every node is looked at, where upstream stops at a share of a large cluster.

use api::Object;
use apimachinery::Rng;
use apimachinery::sorted::{SortedMap, SortedSet};

use crate::affinity;
use crate::resources;
use crate::snapshot::{NodeInfo, Snapshot};
use crate::spread::Preferences;
use crate::wishes::{Spread, Wishes};

/// The best score of one plugin.
const MAX: i64 = 100;
/// How much each plugin counts.
const TAINT_TOLERATION: i64 = 3;
const NODE_AFFINITY: i64 = 2;
const RESOURCES_FIT: i64 = 1;
const TOPOLOGY_SPREAD: i64 = 2;
const INTER_POD_AFFINITY: i64 = 2;
const BALANCED_ALLOCATION: i64 = 1;
const HOSTNAME: &str = "kubernetes.io/hostname";

/// The best node for a Pod of those that fit; `rng` decides between equal ones.
pub fn best<'n, 's>(
    pod: &Object,
    nodes: &[&'n NodeInfo<'s>],
    snapshot: &Snapshot<'_>,
    wishes: &Wishes,
    namespaces: &[&Object],
    rng: &mut Rng,
) -> Option<&'n NodeInfo<'s>> {
    let totals = totals(pod, nodes, snapshot, wishes, namespaces);
    let top = totals.iter().copied().max()?;
    let equals: Vec<_> = nodes.iter().zip(&totals).filter(|(_, total)| **total == top).collect();
    let choice = if equals.len() == 1 { 0 } else { rng.below(u32::try_from(equals.len()).unwrap_or(1)) };
    equals.get(choice as usize).map(|(node, _)| **node)
}

/// The weighted sum of all scores, node by node.
fn totals(
    pod: &Object,
    nodes: &[&NodeInfo<'_>],
    snapshot: &Snapshot<'_>,
    wishes: &Wishes,
    namespaces: &[&Object],
) -> Vec<i64> {
    let each = |f: &dyn Fn(&NodeInfo<'_>) -> i64| nodes.iter().map(|info| f(info)).collect::<Vec<i64>>();
    let taints = each(&|info| {
        i64::try_from(affinity::untolerated(pod, info, &["PreferNoSchedule"]).len()).unwrap_or(i64::MAX)
    });
    let near = Preferences::new(pod, snapshot, namespaces);
    let scores = [
        (TAINT_TOLERATION, share_of_max(taints, true)),
        (NODE_AFFINITY, share_of_max(each(&|info| affinity::preference(pod, info.node)), false)),
        (RESOURCES_FIT, each(&|info| least_allocated(pod, info))),
        (TOPOLOGY_SPREAD, topology_spread(pod, nodes, snapshot, wishes)),
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

/// Scores as shares of the largest, from 0 to 100; if `reversed`, the largest is the worst.
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
    let asked = [("cpu", info.crew.non_zero.0 + cpu), ("memory", info.crew.non_zero.1 + memory)];
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
        let (asked, total) = (info.crew.requested.get(name) + wanted.get(name), info.allocatable.get(name));
        if total == 0 { 1.0 } else { (asked as f64 / total as f64).min(1.0) }
    };
    let deviation = (share("cpu") - share("memory")).abs() / 2.0;
    ((1.0 - deviation) * MAX as f64) as i64
}

/// The fewer fellows (the Pods that count) are near, the better. Nodes without the labels of a Pod's own
/// wishes get 0.
fn topology_spread(
    pod: &Object,
    nodes: &[&NodeInfo<'_>],
    snapshot: &Snapshot<'_>,
    wishes: &Wishes,
) -> Vec<i64> {
    let (spreads, own) = (&wishes.spreads, wishes.own);
    if spreads.is_empty() {
        return vec![0; nodes.len()];
    }
    let ignored = |info: &NodeInfo<'_>| own && spreads.iter().any(|s| info.label(&s.key).is_none());
    let counted: Vec<&NodeInfo<'_>> = nodes.iter().copied().filter(|info| !ignored(info)).collect();
    let mut raw: Vec<f64> = vec![0.0; nodes.len()];
    for spread in spreads {
        let counts = count(pod, spread, wishes, &counted, snapshot);
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

/// How many fellows there are for each value of the label.
fn count(
    pod: &Object,
    spread: &Spread,
    wishes: &Wishes,
    counted: &[&NodeInfo<'_>],
    snapshot: &Snapshot<'_>,
) -> SortedMap<String, i64> {
    let domains: SortedSet<&str> = counted.iter().filter_map(|info| info.label(&spread.key)).collect();
    let mut counts: SortedMap<String, i64> = domains.iter().map(|d| ((*d).to_owned(), 0)).collect();
    for info in &snapshot.nodes {
        let lacks_label = || wishes.spreads.iter().any(|s| info.label(&s.key).is_none());
        if !affinity::allows(pod, info.node) || (wishes.own && lacks_label()) {
            continue;
        }
        let Some(slot) = info.label(&spread.key).and_then(|domain| counts.get_mut(domain)) else { continue };
        *slot += spread.near(info);
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
