//! Rules about which Pods may be near which: topology spread, affinity and anti-affinity.
//!
//! Models: `plugins/podtopologyspread`, `plugins/interpodaffinity` (their filters).

use api::Object;
use apimachinery::labels::Selector;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::affinity;
use crate::refusal::Refusal;
use crate::snapshot::{NodeInfo, Snapshot};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

fn selector(value: Option<&Value>) -> Selector {
    Selector::from_label_selector(value.unwrap_or(&Value::Null)).unwrap_or_else(|_| Selector::nothing())
}

#[derive(Debug)]
struct Constraint {
    key: String,
    max_skew: i64,
    least: i64,
    counts: SortedMap<String, i64>,
    matches_self: i64,
}

/// The `DoNotSchedule` constraints of a Pod.
#[derive(Debug)]
pub struct TopologySpread(Vec<Constraint>);

impl TopologySpread {
    /// Counts the Pods in each domain.
    pub fn new(pod: &Object, snapshot: &Snapshot<'_>) -> Self {
        let wanted: Vec<&Value> = pod
            .spec()
            .list_at(&["topologySpreadConstraints"])
            .iter()
            .filter(|c| c.str_at(&["whenUnsatisfiable"]) != "ScheduleAnyway")
            .collect();
        let keys: Vec<&str> = wanted.iter().map(|c| c.str_at(&["topologyKey"])).collect();
        let counted = |info: &&NodeInfo<'_>| {
            keys.iter().all(|key| info.label(key).is_some()) && affinity::allows(pod, info.node)
        };
        let constraint = |constraint: &&Value| {
            let key = constraint.str_at(&["topologyKey"]);
            let selector = selector(constraint.at(&["labelSelector"]));
            let mut counts: SortedMap<String, i64> = SortedMap::new();
            for info in snapshot.nodes.iter().filter(counted) {
                let near = info.pods().filter(|other| {
                    other.metadata.namespace == pod.metadata.namespace
                        && !other.metadata.is_deleting()
                        && selector.matches(&other.metadata.labels)
                });
                let found = i64::try_from(near.count()).unwrap_or(i64::MAX);
                *counts.entry(info.label(key).unwrap_or("").to_owned()).or_insert(0) += found;
            }
            let domains = i64::try_from(counts.len()).unwrap_or(i64::MAX);
            let enough = domains >= constraint.i64_at(&["minDomains"]).unwrap_or(1);
            Constraint {
                key: key.to_owned(),
                max_skew: constraint.i64_at(&["maxSkew"]).unwrap_or(1),
                least: if enough { counts.values().copied().min().unwrap_or(0) } else { 0 },
                matches_self: i64::from(selector.matches(&pod.metadata.labels)),
                counts,
            }
        };
        Self(wanted.iter().map(constraint).collect())
    }

    /// Whether the Pod may not go there.
    pub fn check(&self, info: &NodeInfo<'_>) -> Option<Refusal> {
        for constraint in &self.0 {
            let Some(domain) = info.label(&constraint.key) else { return Some(Refusal::TopologySpreadLabel) };
            let here = constraint.counts.get(domain).copied().unwrap_or(0);
            if here + constraint.matches_self - constraint.least > constraint.max_skew {
                return Some(Refusal::TopologySpread);
            }
        }
        None
    }
}

/// One term of affinity or anti-affinity.
#[derive(Debug)]
pub struct Term {
    /// The label that says what is near: nodes with the same value are.
    pub key: String,
    selector: Selector,
    namespaces: SortedSet<String>,
}

impl Term {
    /// Reads a term of a Pod.
    pub fn read(value: &Value, owner: &Object, namespaces: &[&Object]) -> Self {
        let mut named: SortedSet<String> =
            value.list_at(&["namespaces"]).iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        if let Some(wanted) = value.at(&["namespaceSelector"]) {
            let wanted = selector(Some(wanted));
            let chosen = namespaces.iter().filter(|n| wanted.matches(&n.metadata.labels));
            named.extend(chosen.map(|n| n.metadata.name.clone()));
        } else if named.is_empty() {
            named.insert(owner.metadata.namespace.clone());
        }
        Self {
            key: value.str_at(&["topologyKey"]).to_owned(),
            selector: selector(value.at(&["labelSelector"])),
            namespaces: named,
        }
    }

    /// Whether it is about this Pod.
    pub fn matches(&self, pod: &Object) -> bool {
        self.namespaces.contains(&pod.metadata.namespace) && self.selector.matches(&pod.metadata.labels)
    }
}

fn terms(pod: &Object, kind: &str, namespaces: &[&Object]) -> Vec<Term> {
    let values = pod.spec().list_at(&["affinity", kind, REQUIRED]);
    values.iter().map(|value| Term::read(value, pod, namespaces)).collect()
}

/// Places, each a label and its value.
type Places = SortedSet<(String, String)>;

/// The required affinity and anti-affinity between a Pod and those on nodes.
#[derive(Debug)]
pub struct InterPod {
    affinity: Vec<Term>,
    wanted_places: Places,
    may_be_first: bool,
    anti: Vec<Term>,
    anti_places: Places,
    refused_by_others: Places,
}

impl InterPod {
    /// Finds the places that matter.
    pub fn new(pod: &Object, snapshot: &Snapshot<'_>, namespaces: &[&Object]) -> Self {
        let (near, far) = (terms(pod, "podAffinity", namespaces), terms(pod, "podAntiAffinity", namespaces));
        let mut found = Self {
            wanted_places: Places::new(),
            may_be_first: near.iter().all(|t| t.matches(pod)),
            anti_places: Places::new(),
            refused_by_others: Places::new(),
            affinity: near,
            anti: far,
        };
        let place =
            |info: &NodeInfo<'_>, key: &str| info.label(key).map(|value| (key.to_owned(), value.to_owned()));
        let asks = !(found.affinity.is_empty() && found.anti.is_empty());
        for (info, other) in asks.then(|| snapshot.placed()).into_iter().flatten() {
            if !found.affinity.is_empty() && found.affinity.iter().all(|t| t.matches(other)) {
                found.wanted_places.extend(found.affinity.iter().filter_map(|t| place(info, &t.key)));
            }
            let hits: Vec<_> =
                found.anti.iter().filter(|t| t.matches(other)).filter_map(|t| place(info, &t.key)).collect();
            found.anti_places.extend(hits);
        }
        for (info, other) in snapshot.opinionated() {
            if other.spec().at(&["affinity", "podAntiAffinity", REQUIRED]).is_some() {
                let theirs = terms(other, "podAntiAffinity", namespaces);
                let hits = theirs.iter().filter(|t| t.matches(pod)).filter_map(|t| place(info, &t.key));
                found.refused_by_others.extend(hits);
            }
        }
        found
    }

    /// Whether the Pod may not go there.
    pub fn check(&self, info: &NodeInfo<'_>) -> Option<Refusal> {
        let at = |key: &str| info.label(key).map(|value| (key.to_owned(), value.to_owned()));
        let labelled = self.affinity.iter().all(|t| info.label(&t.key).is_some());
        let near = self.affinity.iter().all(|t| at(&t.key).is_some_and(|p| self.wanted_places.contains(&p)));
        // The first of a group that wants to be together has nobody to be near to.
        let first = self.wanted_places.is_empty() && self.may_be_first;
        if !(labelled && (near || first)) {
            return Some(Refusal::PodAffinity);
        }
        if self.anti.iter().any(|t| at(&t.key).is_some_and(|p| self.anti_places.contains(&p))) {
            return Some(Refusal::PodAntiAffinity);
        }
        let refused = self.refused_by_others.iter().any(|(key, value)| info.label(key) == Some(value));
        refused.then_some(Refusal::ExistingAntiAffinity)
    }
}

/// The preferred affinity of a Pod, and that of other Pods towards it: how much each place is wished for.
#[derive(Debug, Default)]
pub struct Preferences(SortedMap<(String, String), i64>);

/// How much a required affinity of a Pod on a node counts as a wish.
const HARD_AFFINITY_WEIGHT: i64 = 1;
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

impl Preferences {
    /// Weighs every place where a Pod is.
    pub fn new(pod: &Object, snapshot: &Snapshot<'_>, namespaces: &[&Object]) -> Self {
        let mut places: SortedMap<(String, String), i64> = SortedMap::new();
        let mut add = |info: &NodeInfo<'_>, term: &Term, weight: i64| {
            if let Some(value) = info.label(&term.key) {
                *places.entry((term.key.clone(), value.to_owned())).or_insert(0) += weight;
            }
        };
        let mine = wishes(pod, namespaces);
        let placed = (!mine.is_empty()).then(|| snapshot.placed());
        for (info, other) in placed.into_iter().flatten() {
            for (term, weight) in mine.iter().filter(|(term, _)| term.matches(other)) {
                add(info, term, *weight);
            }
        }
        for (info, other) in snapshot.opinionated() {
            for (term, weight) in wishes(other, namespaces).iter().filter(|(term, _)| term.matches(pod)) {
                add(info, term, *weight);
            }
            for term in terms(other, "podAffinity", namespaces).iter().filter(|term| term.matches(pod)) {
                add(info, term, HARD_AFFINITY_WEIGHT);
            }
        }
        Self(places)
    }

    /// The sum of the weights of a node's places.
    pub fn score(&self, info: &NodeInfo<'_>) -> i64 {
        self.0
            .iter()
            .filter(|((key, value), _)| info.label(key) == Some(value))
            .map(|(_, weight)| weight)
            .sum()
    }
}

/// The preferred terms of a Pod, those against being near with a negative weight.
fn wishes(pod: &Object, namespaces: &[&Object]) -> Vec<(Term, i64)> {
    let read = |kind: &str, sign: i64| {
        let values = pod.spec().list_at(&["affinity", kind, PREFERRED]);
        let term = |value: &Value| {
            let term = Term::read(value.at(&["podAffinityTerm"]).unwrap_or(&Value::Null), pod, namespaces);
            (term, sign * value.i64_at(&["weight"]).unwrap_or(0))
        };
        values.iter().map(term).collect::<Vec<_>>()
    };
    let mut all = read("podAffinity", 1);
    all.extend(read("podAntiAffinity", -1));
    all
}
