//! The nodes, and the Pods on them, as of the moment of a decision.
//!
//! Models: `pkg/scheduler/backend/cache`.

use std::rc::Rc;

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use client::Seen;

use crate::resources::{self, Resources};
use crate::scheduler;

/// A node with what is on it.
#[derive(Debug, Clone)]
pub struct NodeInfo<'a> {
    /// The node.
    pub node: &'a Rc<Object>,
    /// Pods that are bound to it, or about to be, and have not ended.
    pub pods: Vec<&'a Rc<Object>>,
    /// What it has for Pods.
    pub allocatable: &'a Resources,
    /// What its Pods ask for.
    pub requested: Resources,
    /// CPU (thousandths) and memory (bytes) where Pods that ask for nothing count a little.
    pub non_zero: (i64, i64),
}

impl<'a> NodeInfo<'a> {
    /// A node with nothing on it.
    pub fn empty(node: &'a Rc<Object>) -> Self {
        Self {
            node,
            pods: Vec::new(),
            allocatable: &Object::derive(node, Allocatable::of).0,
            requested: Resources::default(),
            non_zero: (0, 0),
        }
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

/// What counts of a Pod when another one is decided, read once per version of it.
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
    /// Of this version.
    pub fn of(pod: &Rc<Object>) -> &Self {
        Object::derive(pod, |pod| Self {
            node: if Pod(pod).node_name().is_empty() { nominated(pod) } else { Pod(pod).node_name() }
                .to_owned(),
            requests: resources::of_pod(pod),
            non_zero: resources::non_zero(pod),
            has_affinity: pod.spec().at(&["affinity"]).is_some(),
            has_ended: matches!(Pod(pod).phase(), "Succeeded" | "Failed"),
            is_refused: scheduler::is_pending(pod)
                && Pod(pod).condition("PodScheduled").is_some()
                && !scheduler::is_gated(pod)
                && nominated(pod).is_empty(),
        })
    }
}

/// The node that is chosen for a Pod while its volumes are being bound, or empty.
pub fn nominated(pod: &Object) -> &str {
    pod.status().str_at(&["nominatedNodeName"])
}

/// All nodes, in the order of their names.
#[derive(Debug, Clone)]
pub struct Snapshot<'a> {
    /// The nodes.
    pub nodes: Vec<NodeInfo<'a>>,
    /// Pods that say which others they want near or far, each with the place of its node.
    opinionated: Vec<(usize, &'a Rc<Object>)>,
}

impl<'a> Snapshot<'a> {
    /// Of these caches, for a decision about `pod`. A Pod whose node is chosen and whose volumes are
    /// being made (`nominatedNodeName`) takes its place already.
    pub fn of(seen: &Seen<'a>, pod: &Object) -> Self {
        let mut nodes: Vec<NodeInfo<'a>> = seen.list(Kind::Node, "").map(NodeInfo::empty).collect();
        let names = nodes.iter().map(|info| info.node.metadata.name.as_str());
        let places: SortedMap<&str, usize> = names.zip(0..).collect();
        let mut opinionated = Vec::new();
        for other in seen.list(Kind::Pod, "") {
            let occupant = Occupant::of(other);
            if occupant.node.is_empty() || occupant.has_ended || other.metadata.uid == pod.metadata.uid {
                continue;
            }
            let Some(at) = places.get(occupant.node.as_str()).copied() else { continue };
            let Some(info) = nodes.get_mut(at) else { continue };
            info.requested.add(&occupant.requests);
            info.non_zero = (info.non_zero.0 + occupant.non_zero.0, info.non_zero.1 + occupant.non_zero.1);
            info.pods.push(other);
            if occupant.has_affinity {
                opinionated.push((at, other));
            }
        }
        Self { nodes, opinionated }
    }

    /// Pods on nodes that have an affinity of any kind, each with its node.
    pub fn opinionated(&self) -> impl Iterator<Item = (&NodeInfo<'a>, &'a Rc<Object>)> {
        self.opinionated.iter().filter_map(|(at, pod)| Some((self.nodes.get(*at)?, *pod)))
    }

    /// All Pods on nodes, each with its node.
    pub fn placed(&self) -> impl Iterator<Item = (&NodeInfo<'a>, &'a Rc<Object>)> {
        self.nodes.iter().flat_map(|info| info.pods.iter().map(move |pod| (info, *pod)))
    }
}
