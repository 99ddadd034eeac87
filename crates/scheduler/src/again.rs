//! Pods whose claims are not bound, refused again.
//!
//! Upstream tries such a Pod again whenever any volume is written, since its plugins do not say which Pods that
//! could help (`volumebinding`, `EventsToRegister` without a hint). A set of a thousand Pods is refused some
//! hundred thousand times until all its claims are bound. Here a look at the claims tells that the refusal is the
//! same as before.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object, PodFacts};
use apimachinery::value::ValueExt;
use client::{EventSpec, Follows, Foregone, Seen};

use crate::message;
use crate::reason::SchedulerReason;
use crate::scheduler::{UNSCHEDULABLE_MAX, failed};
use crate::snapshot::Occupant;
use crate::volume::{self, Blocked};

/// The last refusal of a Pod for a claim that is not bound, as its condition has it, worked out once per
/// version of the Pod.
struct Refusal {
    /// How many nodes there were.
    nodes: usize,
    event: Rc<EventSpec>,
    /// The reason, should it be the claim of that place, as it prints itself.
    reasons: Vec<Rc<str>>,
}

impl Refusal {
    fn of(pod: &Rc<Object>) -> Option<&Self> {
        let read = |object: &Object| Self::read(pod, object);
        Object::derive(pod, read).as_ref()
    }

    fn read(pod: &Rc<Object>, object: &Object) -> Option<Self> {
        let condition = Pod(object).condition("PodScheduled").filter(|_| Occupant::of(pod).is_refused)?;
        let text = condition.str_at(&["message"]);
        let nodes = text.strip_prefix("0/")?.split(' ').next()?.parse().ok()?;
        let unbound = |claim: &str| Blocked::ClaimUnbound(claim.to_owned());
        let is_told = condition.str_at(&["status"]) == "False"
            && condition.str_at(&["reason"]) == "Unschedulable"
            && text == message::blocked(nodes, &unbound(""));
        let reason = |claim: &str| SchedulerReason::WaitsForClaim { pod: object.key(), why: unbound(claim) };
        let reasons =
            PodFacts::of(pod).claims.iter().map(|claim| format!("{:?}", reason(&claim.name)).into());
        is_told.then(|| Self {
            nodes,
            event: Rc::new(failed(object, message::note(text))),
            reasons: reasons.collect(),
        })
    }
}

/// How many nodes there are.
#[derive(Debug, Clone, PartialEq, Default)]
struct Nodes(usize);

impl Follows for Nodes {
    fn answers(&self, _other: &Self) -> bool {
        true
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        self.0 += usize::from(after.is_some());
        self.0 -= usize::from(before.is_some());
    }
}

/// The decision about a Pod, if it is refused for the same claim as before, among as many nodes.
pub fn foregone(pod: &Rc<Object>, seen: &Seen<'_>) -> Option<Foregone> {
    let refusal = Refusal::of(pod).filter(|_| !pod.metadata.is_deleting())?;
    let place = volume::unbound(pod, seen)?;
    let nodes = seen.follow(Key::new(Kind::Node, "", "count"), Nodes::default(), Kind::Node, "");
    if nodes.0 != refusal.nodes {
        return None;
    }
    Some(Foregone {
        reason: Rc::clone(refusal.reasons.get(place)?),
        event: Rc::clone(&refusal.event),
        longest: UNSCHEDULABLE_MAX,
    })
}
