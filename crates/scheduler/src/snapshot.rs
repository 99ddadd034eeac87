//! The nodes and the Pods on them, at the moment of a decision.
//!
//! Models: `pkg/scheduler/backend/cache`.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use client::{Follows, Seen};

use crate::pending::{is_gated, is_pending, nominated};
use crate::resources::{self, Resources};

/// The Pods of a node: those that are bound to it, or about to be, and have not ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crew {
    pods: SortedMap<Key, Rc<Object>>,
    /// What they ask for.
    pub requested: Resources,
    /// CPU (in thousandths) and memory (in bytes) that they ask for; those that ask for nothing count a
    /// little.
    pub non_zero: (i64, i64),
    /// How many of them have an affinity of any kind.
    opinionated: usize,
}

impl Crew {
    fn charge(&mut self, occupant: &Occupant, sign: i64) {
        self.requested.charge(&occupant.requests, sign);
        self.non_zero.0 += sign * occupant.non_zero.0;
        self.non_zero.1 += sign * occupant.non_zero.1;
    }

    fn add(&mut self, pod: &Rc<Object>) {
        let occupant = Occupant::of(pod);
        self.charge(occupant, 1);
        self.opinionated += usize::from(occupant.has_affinity);
        self.pods.insert(pod.key(), Rc::clone(pod));
    }

    fn remove(&mut self, pod: &Rc<Object>) {
        if self.pods.remove(&pod.key()).is_some() {
            let occupant = Occupant::of(pod);
            self.charge(occupant, -1);
            self.opinionated -= usize::from(occupant.has_affinity);
        }
    }
}

/// The Pods of all nodes.
#[derive(Debug, Clone, Default, PartialEq)]
struct Crews(SortedMap<String, Rc<Crew>>);

impl Follows for Crews {
    fn answers(&self, _other: &Self) -> bool {
        true
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        for (pod, comes) in before.map(|pod| (pod, false)).into_iter().chain(after.map(|pod| (pod, true))) {
            let Some(node) = Occupant::of(pod).place() else { continue };
            let crew = Rc::make_mut(self.0.entry(node.to_owned()).or_default());
            if comes {
                crew.add(pod);
            } else {
                crew.remove(pod);
            }
            if crew.pods.is_empty() {
                self.0.remove(node);
            }
        }
    }
}

/// A node with what is on it.
#[derive(Debug, Clone)]
pub struct NodeInfo<'a> {
    /// The node.
    pub node: &'a Rc<Object>,
    /// What it has for Pods.
    pub allocatable: &'a Resources,
    /// Its Pods.
    pub crew: Rc<Crew>,
}

impl<'a> NodeInfo<'a> {
    /// A node with nothing on it.
    pub fn empty(node: &'a Rc<Object>) -> Self {
        Self { node, allocatable: &Object::derive(node, Allocatable::of).0, crew: Rc::default() }
    }

    /// Its Pods, in the order of their keys.
    pub fn pods(&self) -> impl ExactSizeIterator<Item = &Rc<Object>> {
        self.crew.pods.values()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.node.metadata.name
    }

    /// The value of one of its labels.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.node.metadata.labels.get(key).map(String::as_str)
    }
}

/// What a node has for Pods, read once per version of it.
struct Allocatable(Resources);

impl Allocatable {
    fn of(node: &Object) -> Self {
        Self(Resources::read(node.status().at(&["allocatable"])))
    }
}

/// What matters of a Pod when another one is decided, read once per version of it.
#[derive(Debug)]
pub struct Occupant {
    /// The node it is on or nominated for, or empty.
    node: String,
    requests: Resources,
    non_zero: (i64, i64),
    has_affinity: bool,
    has_ended: bool,
    /// Whether it was refused and waits for a decision: it has no node, none is chosen, and nothing holds
    /// it back.
    pub is_refused: bool,
}

impl Occupant {
    /// The node where it takes a place, if it takes one.
    pub fn place(&self) -> Option<&str> {
        (!self.node.is_empty() && !self.has_ended).then_some(self.node.as_str())
    }

    /// What matters of this version.
    pub fn of(pod: &Rc<Object>) -> &Self {
        Object::derive(pod, |pod| Self {
            node: if Pod(pod).node_name().is_empty() { nominated(pod) } else { Pod(pod).node_name() }
                .to_owned(),
            requests: resources::of_pod(pod),
            non_zero: resources::non_zero(pod),
            has_affinity: pod.spec().at(&["affinity"]).is_some(),
            has_ended: matches!(Pod(pod).phase(), "Succeeded" | "Failed"),
            is_refused: is_pending(pod)
                && Pod(pod).condition("PodScheduled").is_some()
                && !is_gated(pod)
                && nominated(pod).is_empty(),
        })
    }
}

/// All nodes, in the order of their names.
#[derive(Debug, Clone)]
pub struct Snapshot<'a> {
    /// The nodes.
    pub nodes: Vec<NodeInfo<'a>>,
}

impl<'a> Snapshot<'a> {
    /// Reads these caches for a decision about `pod`. A Pod whose node is chosen and whose volumes are being
    /// made (`nominatedNodeName`) takes its place already; `pod` itself takes none.
    pub fn of(seen: &Seen<'a>, pod: &Object) -> Self {
        let crews = seen.follow(Key::new(Kind::Node, "", ""), Crews::default(), Kind::Pod, "");
        let mut nodes: Vec<NodeInfo<'a>> = seen.list(Kind::Node, "").map(NodeInfo::empty).collect();
        let itself = itself(pod, seen);
        for info in &mut nodes {
            let Some(crew) = crews.0.get(&info.node.metadata.name) else { continue };
            info.crew = Rc::clone(crew);
            if let Some((known, _)) = itself.filter(|(_, node)| *node == info.name()) {
                Rc::make_mut(&mut info.crew).remove(known);
            }
        }
        Self { nodes }
    }

    /// Pods on nodes that have an affinity of any kind, each with its node.
    pub fn opinionated(&self) -> impl Iterator<Item = (&NodeInfo<'a>, &Rc<Object>)> {
        let some = self.nodes.iter().filter(|info| info.crew.opinionated > 0);
        let placed = some.flat_map(|info| info.pods().map(move |pod| (info, pod)));
        placed.filter(|(_, pod)| Occupant::of(pod).has_affinity)
    }

    /// Whether a Pod takes a place on one of the nodes.
    pub fn has_placed(&self, pod: &Rc<Object>) -> bool {
        let place = Occupant::of(pod).place();
        let info = self.nodes.iter().find(|info| Some(info.name()) == place);
        info.is_some_and(|info| info.crew.pods.contains_key(&pod.key()))
    }

    /// All Pods on nodes, each with its node.
    pub fn placed(&self) -> impl Iterator<Item = (&NodeInfo<'a>, &Rc<Object>)> {
        self.nodes.iter().flat_map(|info| info.pods().map(move |pod| (info, pod)))
    }
}

/// A Pod in the cache with the name of its node, if it takes a place on one.
pub fn itself<'a>(pod: &Object, seen: &Seen<'a>) -> Option<(&'a Rc<Object>, &'a str)> {
    let known = seen.get(&pod.key()).filter(|known| known.metadata.uid == pod.metadata.uid)?;
    Some((known, Occupant::of(known).place()?))
}
