//! How fast nodes may be emptied. The more nodes of a zone are down, the likelier it is that the network is
//! to blame, not the nodes.
//!
//! Models: `node_lifecycle_controller.go` (`ComputeZoneState`, `setLimiterInZone`, `handleDisruption`).
//! Differs: the token of a zone is told from when its last taint was set, in whole seconds, instead of
//! kept in a bucket.

use std::rc::Rc;
use std::time::Duration;

use api::Object;
use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;

use super::taints::{NO_EXECUTE, NOT_READY, UNREACHABLE, find};
use crate::conditions::status_of;

/// `--node-eviction-rate`: 0.1 nodes a second.
const EVICTION_INTERVAL: Duration = Duration::from_secs(10);
/// `--secondary-node-eviction-rate`: 0.01 nodes a second.
const SECONDARY_INTERVAL: Duration = Duration::from_secs(100);
/// `--large-cluster-size-threshold`: zones up to this size are left alone when most of them is down.
const LARGE_ZONE: usize = 50;
/// `--unhealthy-zone-threshold`, in percent.
const UNHEALTHY_PERCENT: usize = 55;
const EXCLUDED: &str = "node.kubernetes.io/exclude-disruption";

#[derive(Debug, Clone, Copy, Default)]
struct Zone {
    ready: usize,
    not_ready: usize,
    last_taint: Option<Time>,
}

impl Zone {
    fn is_down(self) -> bool {
        self.ready == 0 && self.not_ready > 0
    }

    fn is_mostly_down(self) -> bool {
        let size = self.ready + self.not_ready;
        self.not_ready > 2 && self.not_ready * 100 >= size * UNHEALTHY_PERCENT
    }
}

/// The zones of a cluster.
#[derive(Debug, Clone, Default)]
pub struct Zones(SortedMap<String, Zone>);

/// The name of a node's zone, made of its region and zone labels.
fn name(node: &Object) -> String {
    let label = |key| node.metadata.label(key);
    format!("{}:\u{0}:{}", label("topology.kubernetes.io/region"), label("topology.kubernetes.io/zone"))
}

impl Zones {
    /// The zones of these nodes, as they are now.
    pub fn of(nodes: &[Rc<Object>]) -> Self {
        let mut zones = Self::default();
        for node in nodes {
            zones.count(node, status_of(node, "Ready") == "True");
            let taints = [NOT_READY, UNREACHABLE].into_iter().filter_map(|key| find(node, key, NO_EXECUTE));
            let newest = taints.filter_map(|t| Time::parse_rfc3339(t.str_at(&["timeAdded"]))).max();
            let zone = zones.0.entry(name(node)).or_default();
            zone.last_taint = zone.last_taint.max(newest);
        }
        zones
    }

    /// Counts a node.
    pub fn count(&mut self, node: &Object, ready: bool) {
        let zone = self.0.entry(name(node)).or_default();
        if node.metadata.labels.contains_key(EXCLUDED) {
            return;
        }
        if ready {
            zone.ready += 1;
        } else {
            zone.not_ready += 1;
        }
    }

    /// Whether no node of any zone is ready: then it is the control plane that is cut off.
    pub fn are_all_down(&self) -> bool {
        self.0.values().any(|zone| zone.is_down()) && self.0.values().all(|zone| zone.is_down())
    }

    /// Whether the node may be given a `NoExecute` taint now; if so, its zone's turn is used up.
    pub fn may_taint(&mut self, node: &Object, now: Time) -> bool {
        if self.are_all_down() {
            return false;
        }
        let zone = self.0.entry(name(node)).or_default();
        let interval = match (zone.is_down(), zone.is_mostly_down()) {
            (false, true) if zone.ready + zone.not_ready <= LARGE_ZONE => return false,
            (false, true) => SECONDARY_INTERVAL,
            (true, _) | (false, false) => EVICTION_INTERVAL,
        };
        let may = zone.last_taint.is_none_or(|last| now.since(last) >= interval);
        if may {
            zone.last_taint = Some(now);
        }
        may
    }
}
