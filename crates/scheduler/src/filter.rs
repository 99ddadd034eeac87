//! Which nodes a Pod cannot have, and why.
//!
//! Models: `pkg/scheduler/framework/plugins` in the order of the default profile: the first plugin
//! that refuses a node gives its reasons.

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::{Value, json};

use crate::affinity;
use crate::refusal::Refusal;
use crate::resources::{self, Resources};
use crate::snapshot::{NodeInfo, Snapshot};
use crate::spread::{InterPod, TopologySpread};
use crate::volume::Volumes;

/// Everything about a Pod that does not depend on the node, worked out once.
#[derive(Debug)]
pub struct Filters<'a> {
    pod: &'a Object,
    requests: Resources,
    volumes: &'a Volumes<'a>,
    spread: TopologySpread,
    inter_pod: InterPod,
}

impl<'a> Filters<'a> {
    /// The filters for a Pod on these nodes.
    pub fn new(
        pod: &'a Object,
        volumes: &'a Volumes<'a>,
        snapshot: &Snapshot<'_>,
        namespaces: &[&Object],
    ) -> Self {
        Self {
            pod,
            requests: resources::of_pod(pod),
            volumes,
            spread: TopologySpread::new(pod, snapshot),
            inter_pod: InterPod::new(pod, snapshot, namespaces),
        }
    }

    /// Why the Pod cannot have this node; empty if it can.
    pub fn check(&self, info: &NodeInfo<'_>) -> Vec<Refusal> {
        if is_cordoned_for(self.pod, info) {
            return vec![Refusal::Unschedulable];
        }
        if !affinity::untolerated(self.pod, info, &["NoSchedule", "NoExecute"]).is_empty() {
            return vec![Refusal::UntoleratedTaint];
        }
        if !affinity::allows(self.pod, info.node) {
            return vec![Refusal::NodeAffinity];
        }
        if !ports_free(self.pod, info) {
            return vec![Refusal::FreePorts];
        }
        let short = self.shortages(info);
        if !short.is_empty() {
            return short;
        }
        if let Some(refusal) = self.volumes.check(info) {
            return vec![refusal];
        }
        self.spread.check(info).or_else(|| self.inter_pod.check(info)).into_iter().collect()
    }

    fn shortages(&self, info: &NodeInfo<'_>) -> Vec<Refusal> {
        let mut short = Vec::new();
        if i64::try_from(info.pods().len()).unwrap_or(i64::MAX) >= info.allocatable.get("pods") {
            short.push(Refusal::TooManyPods);
        }
        // CPU, memory and ephemeral storage first, as upstream looks at them.
        let known = ["cpu", "memory", "ephemeral-storage"];
        let rest = self.requests.iter().map(|(name, _)| name).filter(|name| !known.contains(name));
        for name in known.into_iter().chain(rest) {
            let wanted = self.requests.get(name);
            let total = info.allocatable.get(name);
            if wanted > 0 && wanted > total - info.crew.requested.get(name) {
                short.push(Refusal::Insufficient(name.to_owned(), wanted <= total));
            }
        }
        short
    }
}

fn is_cordoned_for(pod: &Object, info: &NodeInfo<'_>) -> bool {
    let cordon = json!({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"});
    info.node.spec().bool_at(&["unschedulable"]) == Some(true)
        && !pod.spec().list_at(&["tolerations"]).iter().any(|t| affinity::tolerates(t, &cordon))
}

/// Host ports of a Pod: protocol, address, number.
fn host_ports(pod: &Object) -> impl Iterator<Item = (&str, &str, i64)> {
    let containers =
        pod.spec().list_at(&["containers"]).iter().chain(pod.spec().list_at(&["initContainers"]));
    containers.flat_map(|c| c.list_at(&["ports"])).filter_map(|port: &Value| {
        let number = port.i64_at(&["hostPort"]).filter(|n| *n > 0)?;
        Some((port.str_at(&["protocol"]), port.str_at(&["hostIP"]), number))
    })
}

fn ports_free(pod: &Object, info: &NodeInfo<'_>) -> bool {
    let any = |ip: &str| matches!(ip, "" | "0.0.0.0");
    host_ports(pod).all(|(protocol, ip, number)| {
        !info.pods().flat_map(|other| host_ports(other)).any(|(other_protocol, other_ip, other)| {
            number == other && protocol == other_protocol && (ip == other_ip || any(ip) || any(other_ip))
        })
    })
}
