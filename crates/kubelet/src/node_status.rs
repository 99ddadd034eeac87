//! What a kubelet says of its own node.
//!
//! Models: `pkg/kubelet/kubelet_node_status.go`, `nodestatus/setters.go`.
//! Differs: a node here never runs short of anything, so that there is only one thing to say, and only
//! when the API server says otherwise; a node that starts after its object was deleted registers with
//! what it was before.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object, ObjectRef};
use apimachinery::Time;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, Patch, Request, Subresource};
use client::{Effect, EventSpec, Seen};
use serde_json::{Value, json};

/// What a kubelet says: for each condition type, status, reason, message, and the event of a change.
const CONDITIONS: [(&str, &str, &str, &str, &str); 4] = [
    (
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
        "NodeHasSufficientMemory",
    ),
    (
        "DiskPressure",
        "False",
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure",
        "NodeHasNoDiskPressure",
    ),
    (
        "PIDPressure",
        "False",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available",
        "NodeHasSufficientPID",
    ),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status", "NodeReady"),
];
/// How long a cache may not know yet what was said.
const CACHE_WAIT: Duration = Duration::from_secs(1);

/// What a kubelet knows of its own object.
#[derive(Debug, Clone, Default)]
pub(crate) struct NodeStatus {
    /// Whether something may have to be said.
    pub due: bool,
    /// Whether it has started and must make sure that its object exists.
    pub registers: bool,
    /// Its object when it was last seen.
    last: Option<Rc<Object>>,
    said: Option<Time>,
}

impl NodeStatus {
    /// Notes that the kubelet has just started.
    pub fn started(&mut self) {
        self.due = true;
        self.registers = true;
        self.said = None;
    }

    /// Says what has to be said of `node`.
    pub fn report(
        &mut self,
        node: &str,
        now: Time,
        seen: &Seen<'_>,
        tag: &mut u64,
        effects: &mut Vec<Effect>,
    ) {
        if !std::mem::take(&mut self.due) || self.said.is_some_and(|said| now.since(said) < CACHE_WAIT) {
            return;
        }
        let request = match seen.find(Kind::Node, "", node) {
            Some(object) => {
                self.last = Some(Rc::clone(object));
                self.registers = false;
                update(object, now, effects)
            }
            None => self.register(now),
        };
        if let Some(request) = request {
            self.said = Some(now);
            *tag += 1;
            effects.push(Effect::Request { tag: *tag, request });
        }
    }

    /// A request that makes the object anew as it was, with a new identity.
    fn register(&mut self, now: Time) -> Option<Request> {
        let last = self.last.as_ref().filter(|_| std::mem::take(&mut self.registers))?;
        let mut node = Object::new(Kind::Node, "", &last.metadata.name);
        node.metadata.labels.clone_from(&last.metadata.labels);
        let cidr = |name: &str| last.spec().at(&[name]).cloned().unwrap_or_default();
        node.set_field("spec", json!({"podCIDR": cidr("podCIDR"), "podCIDRs": cidr("podCIDRs")}));
        let mut status = last.status().clone();
        let conditions: Vec<Value> = CONDITIONS
            .iter()
            .map(|(kind, status, reason, text, _)| condition(kind, status, reason, text, now))
            .collect();
        set_at(&mut status, &["conditions"], conditions.into());
        node.set_field("status", status);
        Some(Request::create(&Actor::kubelet(&last.metadata.name), node))
    }
}

/// A patch of the conditions that the object has differently; `None` if there are none.
fn update(node: &Object, now: Time, effects: &mut Vec<Effect>) -> Option<Request> {
    let name = node.metadata.name.as_str();
    let known = node.status().list_at(&["conditions"]);
    let says = |kind: &str, status: &str| {
        known.iter().any(|c| c.str_at(&["type"]) == kind && c.str_at(&["status"]) == status)
    };
    let mut changed = Vec::new();
    for (kind, status, reason, message, event) in CONDITIONS.into_iter().filter(|c| !says(c.0, c.1)) {
        changed.push(condition(kind, status, reason, message, now));
        effects.push(Effect::Event(told(name, event)));
    }
    if changed.is_empty() {
        return None;
    }
    // New ones come last, known ones stay where they are.
    let kinds = known.iter().map(|c| c.str_at(&["type"]));
    let new = changed.iter().map(|c| c.str_at(&["type"])).filter(|kind| kinds.clone().all(|k| k != *kind));
    let order: Vec<Value> = kinds.clone().chain(new).map(|kind| json!({"type": kind})).collect();
    let status = json!({"$setElementOrder/conditions": order, "conditions": changed});
    let patch = Patch::StrategicMerge(json!({ "status": status }));
    Some(Request::patch(&Actor::kubelet(name), node.key(), patch, Subresource::Status))
}

fn condition(kind: &str, status: &str, reason: &str, message: &str, now: Time) -> Value {
    json!({"type": kind, "status": status, "reason": reason, "message": message,
        "lastHeartbeatTime": now.rfc3339(), "lastTransitionTime": now.rfc3339()})
}

/// An event of a kubelet about its node, which it knows by name only: the name stands for the UID.
fn told(node: &str, reason: &'static str) -> EventSpec {
    let object = Object::new(Kind::Node, "", node);
    let mut event =
        EventSpec::normal(&object, reason, format!("Node {node} status is now: {reason}"), "kubelet");
    event.regarding = ObjectRef { key: Key::new(Kind::Node, "", node), uid: node.to_owned() };
    node.clone_into(&mut event.host);
    event
}
