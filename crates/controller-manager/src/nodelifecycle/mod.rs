//! Nodes that fall silent, and what that means for their Pods.
//!
//! Kubelets renew a Lease; a node without news is marked, tainted, and its Pods are no longer ready. What
//! becomes of the Pods then, [`super::tainteviction`] decides.
//!
//! Read in this order: [`monitor`] looks at the heartbeats every five seconds, [`taints`] says what is
//! wrong with a node in the scheduler's words, [`zone`] decides how fast nodes are emptied, [`reason`]
//! says why.
//!
//! Models: `pkg/controller/nodelifecycle`.
//! Differs: labels of nodes are not reconciled; a Pod that is bound to a silent node is not marked,
//! because nothing has said that it is ready.

pub mod monitor;
pub mod reason;
pub mod taints;
pub mod zone;

use api::{Key, Kind, Object};
use apiserver::Change;
use client::{Controller, EventSpec, Halt, Outcome, Seen, Turn, Wake};

use reason::NodeReason;

/// The source component of the controller's events.
pub const EVENT_SOURCE: &str = "node-controller";
/// The namespace of the nodes' Leases. Its key stands for the look at all nodes.
pub const LEASES: &str = "kube-node-lease";

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct NodeLifecycle;

impl Controller for NodeLifecycle {
    fn name(&self) -> &'static str {
        "node-lifecycle-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Node, Kind::Lease, Kind::Pod]
    }

    fn workers(&self) -> usize {
        8
    }

    /// Wakes nodes whose taints do not fit their conditions. The key of a node's Lease stands for the node's
    /// arrival. Heartbeats wake nobody.
    fn wakes(&self, change: &Change, _seen: &Seen<'_>) -> Vec<Wake> {
        if change.key.kind != Kind::Node {
            return Vec::new();
        }
        let mut wakes = Vec::new();
        if change.is_create() {
            wakes.push(Wake::now(Key::new(Kind::Lease, LEASES, change.key.name.as_ref())));
        }
        let (missing, stale) = taints::no_schedule_difference(change.object());
        if change.is_delete() || !missing.is_empty() || !stale.is_empty() {
            wakes.push(Wake::now(change.key.clone()));
        }
        wakes
    }

    fn starts_with(&self) -> Vec<Wake> {
        vec![Wake::now(Key::new(Kind::Namespace, "", LEASES))]
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        match key.kind {
            Kind::Namespace => return monitor::pass(turn),
            Kind::Node => taint(key, turn)?,
            _ => register(key, turn),
        }
        Ok(Outcome::Done)
    }
}

/// Emits the event that a node is known now.
fn register(lease: &Key, turn: &mut Turn<'_>) {
    let Some(node) = turn.find(Kind::Node, "", &lease.name) else { return };
    let name = &node.metadata.name;
    let text = format!("Node {name} event: Registered Node {name} in Controller");
    turn.event(EventSpec::normal(node, "RegisteredNode", text, EVENT_SOURCE));
}

/// Makes the taints of a node fit its conditions; emits an event if the node is gone.
fn taint(key: &Key, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let Some(node) = turn.seen().get(key) else {
        let node = Object::new(Kind::Node, "", &key.name);
        let text = format!("Node {0} event: Removing Node {0} from Controller", key.name);
        turn.event(EventSpec::normal(&node, "RemovingNode", text, EVENT_SOURCE));
        return Ok(());
    };
    let (missing, stale) = taints::no_schedule_difference(node);
    if missing.is_empty() && stale.is_empty() {
        return Ok(());
    }
    if !taints::swap(key, &missing, &stale, turn)? {
        return Err(Halt::Failed(apimachinery::Status::new(
            apimachinery::Reason::Conflict,
            format!("failed to swap taints of node {}", key.name),
        )));
    }
    for (taint, _) in missing {
        turn.because(NodeReason::KeepsNewPodsAway { node: key.clone(), taint });
    }
    for (taint, _) in stale {
        turn.because(NodeReason::LetsNewPodsCome { node: key.clone(), taint });
    }
    Ok(())
}
