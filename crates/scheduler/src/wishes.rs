//! How a Pod prefers to be spread, and how many of the Pods that count for it are where.
//!
//! Models: `plugins/podtopologyspread` (`scoring.go`, the default constraints).

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use client::{Follows, Seen};
use serde_json::Value;

use crate::snapshot::{self, NodeInfo, Occupant};

/// The labels by which Pods of a Service or a set are spread without being asked, each with the skew that
/// does not matter.
const DEFAULT_SPREAD: [(&str, i64); 2] = [("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5)];

/// How many Pods on each node a selector selects.
#[derive(Debug, Clone, PartialEq)]
struct Fellows {
    selector: Selector,
    counts: SortedMap<String, i64>,
}

impl Fellows {
    /// The node of a Pod, if the Pod counts.
    fn place<'p>(&self, pod: &'p Rc<Object>) -> Option<&'p str> {
        let node = Occupant::of(pod).place().filter(|_| !pod.metadata.is_deleting())?;
        self.selector.matches(&pod.metadata.labels).then_some(node)
    }

    fn change(&mut self, node: &str, by: i64) {
        let count = self.counts.get(node).copied().unwrap_or(0) + by;
        if count == 0 {
            self.counts.remove(node);
        } else {
            self.counts.insert(node.to_owned(), count);
        }
    }
}

impl Follows for Fellows {
    fn answers(&self, other: &Self) -> bool {
        self.selector == other.selector
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        if let Some(node) = before.and_then(|pod| self.place(pod)) {
            self.change(node, -1);
        }
        if let Some(node) = after.and_then(|pod| self.place(pod)) {
            self.change(node, 1);
        }
    }
}

/// A wish to be spread.
pub struct Spread {
    /// The label by whose values Pods are spread.
    pub key: String,
    /// The difference in number that does not matter.
    pub max_skew: i64,
    fellows: Rc<Fellows>,
    /// The node where the Pod itself was counted, though it should not be.
    itself: Option<String>,
}

impl Spread {
    /// How many Pods on a node count.
    pub fn near(&self, info: &NodeInfo<'_>) -> i64 {
        let count = self.fellows.counts.get(info.name()).copied().unwrap_or(0);
        count - i64::from(self.itself.as_deref() == Some(info.name()))
    }
}

/// The wishes of a Pod.
pub struct Wishes {
    /// Each of them.
    pub spreads: Vec<Spread>,
    /// Whether they are the Pod's own; if not, they are those of the scheduler for Pods without any.
    pub own: bool,
}

impl Wishes {
    /// The wishes of a Pod, with the other Pods as `seen`.
    pub fn of(pod: &Object, seen: &Seen<'_>) -> Self {
        let own = pod.spec().list_at(&["topologySpreadConstraints"]);
        let spread = |key: &str, max_skew: i64, selector: &Selector| {
            let namespace = pod.metadata.namespace.as_str();
            let about = Key::new(Kind::Pod, namespace, selector.to_string());
            let question = Fellows { selector: selector.clone(), counts: SortedMap::new() };
            let fellows = seen.follow(about, question, Kind::Pod, namespace);
            let itself = snapshot::itself(pod, seen).and_then(|(known, _)| fellows.place(known));
            Spread { key: key.to_owned(), max_skew, itself: itself.map(str::to_owned), fellows }
        };
        if !own.is_empty() {
            let soft = own.iter().filter(|c| c.str_at(&["whenUnsatisfiable"]) == "ScheduleAnyway");
            let read = |c: &Value| {
                let skew = c.i64_at(&["maxSkew"]).unwrap_or(1);
                spread(c.str_at(&["topologyKey"]), skew, &selector(c.at(&["labelSelector"])))
            };
            return Self { spreads: soft.map(read).collect(), own: true };
        }
        let selector = default_selector(pod, seen);
        let default =
            selector.iter().flat_map(|selector| DEFAULT_SPREAD.map(|(key, skew)| (key, skew, selector)));
        Self {
            spreads: default.map(|(key, skew, selector)| spread(key, skew, selector)).collect(),
            own: false,
        }
    }
}

fn selector(value: Option<&Value>) -> Selector {
    Selector::from_label_selector(value.unwrap_or(&Value::Null)).unwrap_or_else(|_| Selector::nothing())
}

/// Selects the Pods that count: those of the Pod's Services and of the set that manages it.
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
