//! A process: components that share informers, and so share what they have not heard yet.

use api::Kind;
use apimachinery::Time;
use apimachinery::sorted::{SortedMap, SortedSet};
use client::Cursors;

/// A process with its informers.
#[derive(Debug, Clone)]
pub struct Process {
    /// `kube-controller-manager`, `kubelet/node-1`, ….
    pub name: String,
    /// What it has heard.
    pub cursors: Cursors,
    /// The kinds with changes that it has not heard of, and when it will.
    pub pending: SortedMap<Kind, Time>,
    /// Its controllers, as places in the cluster's list.
    pub controllers: Vec<usize>,
    /// Its agents, as places in the cluster's list.
    pub agents: Vec<usize>,
    /// Deliveries are held back until then: a fault.
    pub stalled_until: Option<Time>,
    /// The kinds that will be listed anew, since their watch was lost: a fault.
    pub lost: SortedSet<Kind>,
    /// Whether nothing reaches it and nothing of it arrives: a fault.
    pub is_cut: bool,
    /// Whether it does not run: a fault.
    pub is_stopped: bool,
}

impl Process {
    /// A process that watches these kinds and has heard of everything up to `revision`.
    pub fn new(name: &str, kinds: &[Kind], revision: u64) -> Self {
        Self {
            name: name.to_owned(),
            cursors: Cursors::at(kinds, revision),
            pending: SortedMap::new(),
            controllers: Vec::new(),
            agents: Vec::new(),
            stalled_until: None,
            lost: SortedSet::new(),
            is_cut: false,
            is_stopped: false,
        }
    }

    /// Informers of kinds without news stand at the store's revision: moves them there.
    pub fn catch_up_idle(&mut self, revision: u64) {
        let idle: Vec<Kind> = self.cursors.kinds().filter(|k| !self.pending.contains_key(k)).collect();
        for kind in idle {
            self.cursors.advance(kind, revision);
        }
    }

    /// The oldest revision that it may still read.
    pub fn oldest_revision(&self) -> Option<u64> {
        self.pending.keys().map(|k| self.cursors.of(*k)).min()
    }
}
