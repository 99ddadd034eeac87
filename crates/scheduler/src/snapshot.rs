//! The nodes, and the Pods on them, as of the moment of a decision.
//!
//! Models: `pkg/scheduler/backend/cache`.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::value::ValueExt;
use client::Seen;

use crate::resources::{self, Resources};

/// A node with what is on it.
#[derive(Debug, Clone)]
pub struct NodeInfo<'a> {
    /// The node.
    pub node: &'a Rc<Object>,
    /// Pods that are bound to it, or about to be, and have not ended.
    pub pods: Vec<&'a Rc<Object>>,
    /// What it has for Pods.
    pub allocatable: Resources,
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
            allocatable: Resources::read(node.status().at(&["allocatable"])),
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

/// The node that is chosen for a Pod while its volumes are being bound, or empty.
pub fn nominated(pod: &Object) -> &str {
    pod.status().str_at(&["nominatedNodeName"])
}

/// All nodes, in the order of their names.
#[derive(Debug, Clone)]
pub struct Snapshot<'a> {
    /// The nodes.
    pub nodes: Vec<NodeInfo<'a>>,
}

impl<'a> Snapshot<'a> {
    /// Of these caches, for a decision about `pod`. A Pod whose node is chosen and whose volumes are
    /// being made (`nominatedNodeName`) takes its place already.
    pub fn of(seen: &Seen<'a>, pod: &Object) -> Self {
        let mut nodes: Vec<NodeInfo<'a>> = seen.list(Kind::Node, "").map(NodeInfo::empty).collect();
        let places: BTreeMap<String, usize> =
            nodes.iter().enumerate().map(|(at, info)| (info.name().to_owned(), at)).collect();
        for pod in seen.list(Kind::Pod, "").filter(|other| other.metadata.uid != pod.metadata.uid) {
            let view = Pod(pod);
            if matches!(view.phase(), "Succeeded" | "Failed") {
                continue;
            }
            let node = if view.node_name().is_empty() { nominated(pod) } else { view.node_name() };
            let Some(info) = places.get(node).and_then(|at| nodes.get_mut(*at)) else { continue };
            info.requested.add(&resources::of_pod(pod));
            let (cpu, memory) = resources::non_zero(pod);
            info.non_zero = (info.non_zero.0 + cpu, info.non_zero.1 + memory);
            info.pods.push(pod);
        }
        Self { nodes }
    }

    /// All Pods on nodes, each with its node.
    pub fn placed(&self) -> impl Iterator<Item = (&NodeInfo<'a>, &'a Rc<Object>)> {
        self.nodes.iter().flat_map(|info| info.pods.iter().map(move |pod| (info, *pod)))
    }
}
