//! The controller: one Pod at a time gets a node, or an answer why not.
//!
//! Models: `pkg/scheduler/schedule_one.go` (`ScheduleOne`, `schedulingCycle`, `bindingCycle`,
//! `handleSchedulingFailure`), `plugins/volumebinding/binder.go` (`BindPodVolumes`).
//! Differs: waiting for volumes is not a goroutine but a second decision: `nominatedNodeName` says
//! that the node is chosen, and no other Pod gets the place. The wait has no end of its own, where
//! upstream gives up after ten minutes and begins anew.

use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Reason, Rng, Status};
use apiserver::{Change, Patch, Request, Subresource, Verb};
use client::{Backoff, Controller, EventSpec, Foregone, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Value, json};

use crate::filter::{Filters, Refusal};
use crate::reason::SchedulerReason;
use crate::snapshot::{self, NodeInfo, Snapshot};
use crate::volume::{self, Blocked, Plan, Volumes};
use crate::wishes::Wishes;
use crate::{again, message, requeue, score};

/// The name of the default profile, which Pods ask for by `spec.schedulerName`.
pub const NAME: &str = "default-scheduler";
/// A Pod that was refused is tried again after this long even if nothing changes
/// (`DefaultPodMaxInUnschedulablePodsDuration`).
pub const UNSCHEDULABLE_MAX: Duration = Duration::from_mins(5);
/// Pauses after errors (`podInitialBackoffSeconds`, `podMaxBackoffSeconds`).
const BACKOFF: Backoff = Backoff { base: Duration::from_secs(1), max: Duration::from_secs(10) };

/// kube-scheduler with the default profile.
#[derive(Debug, Clone, Copy)]
pub struct Scheduler {
    seed: u64,
}

impl Scheduler {
    /// `seed` decides between nodes that are equally good.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }
}

impl Controller for Scheduler {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [Kind] {
        &[
            Kind::Pod,
            Kind::Node,
            Kind::PersistentVolumeClaim,
            Kind::PersistentVolume,
            Kind::StorageClass,
            Kind::Namespace,
            Kind::Service,
            Kind::StatefulSet,
        ]
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        requeue::wakes(change, seen)
    }

    fn wakes_by_all(&self, changes: &[Rc<Change>], seen: &Seen<'_>) -> Vec<(Wake, u64)> {
        requeue::wakes_by_all(changes, seen)
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let seen = turn.assumed();
        let Some(pod) = seen.get(key).filter(|pod| is_pending(pod)) else { return Ok(Outcome::Done) };
        if is_gated(pod) {
            let gates = pod.spec().list_at(&["schedulingGates"]).iter();
            let gates = gates.map(|gate| gate.str_at(&["name"]).to_owned()).collect();
            turn.because(SchedulerReason::WaitsForGates { pod: pod.key(), gates });
            return Ok(Outcome::Done);
        }
        if pod.metadata.is_deleting() {
            let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
            let text = format!("skip schedule deleting pod: {namespace}/{name}");
            turn.event(failed(pod, text));
            turn.because(SchedulerReason::SkipsDeletingPod { pod: pod.key() });
            return Ok(Outcome::Done);
        }
        let decided = turn.once(|| {
            let mut rng = Rng::stream(self.seed, &format!("schedule/{}", pod.metadata.uid));
            (decide(pod, &seen, &mut rng), rng)
        });
        let (decision, mut rng) = (*decided).clone();
        match decision {
            Decision::Fits { node, plan, fitting, nodes } => {
                if !plan.is_empty() {
                    return bind_volumes(pod, &node, &plan, turn);
                }
                turn.because(SchedulerReason::AssignsNode {
                    pod: pod.key(),
                    node: node.clone(),
                    fitting,
                    nodes,
                });
                bind(pod, &node, turn)
            }
            refused => refuse(pod, refused, &mut rng, turn),
        }
    }

    fn knows_own_writes(&self) -> bool {
        true
    }

    fn foregone(&self, key: &Key, seen: &Seen<'_>) -> Option<Foregone> {
        again::foregone(seen.get(key)?, seen)
    }

    fn backoff(&self) -> Backoff {
        BACKOFF
    }
}

/// Whether a Pod is this scheduler's business: it has no node and has not ended.
pub fn is_pending(pod: &Object) -> bool {
    let scheduler = pod.spec().str_at(&["schedulerName"]);
    Pod(pod).node_name().is_empty()
        && matches!(scheduler, "" | NAME)
        && !matches!(Pod(pod).phase(), "Succeeded" | "Failed")
}

/// Whether something keeps a Pod from being scheduled at all.
pub fn is_gated(pod: &Object) -> bool {
    !pod.spec().list_at(&["schedulingGates"]).is_empty()
}

/// What a look at all nodes came to.
#[derive(Clone)]
enum Decision {
    NoNodes,
    Blocked { nodes: usize, why: Blocked },
    Unfit(Vec<(Key, Vec<Refusal>)>),
    Fits { node: String, plan: Plan, fitting: usize, nodes: usize },
}

/// Looks for a node.
fn decide(pod: &Rc<Object>, seen: &Seen<'_>, rng: &mut Rng) -> Decision {
    let snapshot = Snapshot::of(seen, pod);
    let nodes = snapshot.nodes.len();
    if nodes == 0 {
        return Decision::NoNodes;
    }
    let volumes = match Volumes::of(pod, seen, &snapshot) {
        Ok(volumes) => volumes,
        Err(why) => return Decision::Blocked { nodes, why },
    };
    let namespaces: Vec<&Object> = seen.list(Kind::Namespace, "").map(|n| &**n).collect();
    let filters = Filters::new(pod, &volumes, &snapshot, &namespaces);
    let mut refusals = Vec::new();
    let mut fitting: Vec<&NodeInfo<'_>> = Vec::new();
    for info in &snapshot.nodes {
        let why = filters.check(info);
        if why.is_empty() {
            fitting.push(info);
        } else {
            refusals.push((info.node.key(), why));
        }
    }
    // A node that was chosen before, while volumes were being made, stays chosen if it still does.
    let chosen = fitting.iter().copied().find(|info| info.name() == snapshot::nominated(pod));
    let best = chosen.or_else(|| {
        let wishes = Wishes::of(pod, seen);
        score::best(pod, &fitting, &snapshot, &wishes, &namespaces, rng)
    });
    match best.and_then(|info| Some((info, volumes.plan(info)?))) {
        Some((info, plan)) => {
            Decision::Fits { node: info.name().to_owned(), plan, fitting: fitting.len(), nodes }
        }
        None => Decision::Unfit(refusals),
    }
}

/// What a refusal says, and why.
fn told(pod: &Object, decision: Decision) -> (String, SchedulerReason) {
    let key = pod.key();
    match decision {
        Decision::Blocked { nodes, why } => {
            (message::blocked(nodes, &why), SchedulerReason::WaitsForClaim { pod: key, why })
        }
        Decision::Unfit(refusals) => {
            let lists: Vec<_> = refusals.iter().map(|(_, refusals)| refusals.clone()).collect();
            (message::unfit(pod, &lists), SchedulerReason::NoNodeFits { pod: key, refusals })
        }
        Decision::NoNodes | Decision::Fits { .. } => {
            (message::NO_NODES.to_owned(), SchedulerReason::NoNodes { pod: key })
        }
    }
}

/// No node: event, condition, and a place aside until something changes. What has changed while the
/// condition was written counts too: upstream's queue keeps the events that came while a Pod was in flight.
fn refuse(pod: &Rc<Object>, decision: Decision, rng: &mut Rng, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let (text, reason) = told(pod, decision);
    turn.event(failed(pod, message::note(&text)));
    turn.because(reason);
    if set_unscheduled(pod, "Unschedulable", &text, turn)? {
        let now = decide(pod, &turn.seen(), rng);
        if matches!(now, Decision::Fits { .. }) || told(pod, now).0 != text {
            return Ok(Outcome::DoneAndRequeueAfter(Duration::ZERO));
        }
    }
    Ok(Outcome::Parked(UNSCHEDULABLE_MAX))
}

/// What people are told of a Pod that got no node.
pub fn failed(pod: &Object, text: impl Into<String>) -> EventSpec {
    EventSpec::warning(pod, "FailedScheduling", text, NAME).doing("Scheduling")
}

/// Writes condition PodScheduled=False, if it is not there like that; says whether it did. A Pod that is
/// gone meanwhile needs none.
fn set_unscheduled(pod: &Object, reason: &str, text: &str, turn: &mut Turn<'_>) -> Result<bool, Halt> {
    let old = Pod(pod).condition("PodScheduled");
    let same = |name: &str, value: &str| old.is_some_and(|old| old.str_at(&[name]) == value);
    let nominated = !snapshot::nominated(pod).is_empty();
    if same("status", "False") && same("reason", reason) && same("message", text) && !nominated {
        return Ok(false);
    }
    let since =
        old.filter(|old| old.str_at(&["status"]) == "False").map(|old| old.str_at(&["lastTransitionTime"]));
    let since = since.filter(|since| !since.is_empty()).map_or_else(|| turn.now().rfc3339(), str::to_owned);
    let mut status = json!({"conditions": [{
        "type": "PodScheduled", "status": "False", "reason": reason, "message": text,
        "observedGeneration": pod.metadata.generation, "lastProbeTime": null, "lastTransitionTime": since,
    }]});
    if nominated {
        set_at(&mut status, &["nominatedNodeName"], Value::Null);
    }
    patch_status(pod, &status, turn).map(|()| true)
}

/// Changes a Pod's status; it does not matter if the Pod is gone.
fn patch_status(pod: &Object, status: &Value, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let patch = Patch::StrategicMerge(json!({ "status": status }));
    let request = Request::patch(turn.actor(), pod.key(), patch, Subresource::Status);
    turn.try_request(request)?.map(drop).or_else(|status| match status.reason {
        Reason::NotFound => Ok(()),
        _ => Err(status.into()),
    })
}

/// Puts the Pod on the node.
fn bind(pod: &Rc<Object>, node: &str, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let verb = Verb::Bind { node: node.to_owned() };
    let request = Request { actor: turn.actor().clone(), key: pod.key(), verb };
    if let Err(status) = turn.try_request(request)? {
        return fail(pod, &status, "running Bind plugin \"DefaultBinder\"", turn);
    }
    let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
    let text = format!("Successfully assigned {namespace}/{name} to {node}");
    turn.event(EventSpec::normal(pod, "Scheduled", text, NAME).doing("Binding"));
    Ok(Outcome::Done)
}

/// Something could not be written: event, condition, back-off.
fn fail(pod: &Rc<Object>, status: &Status, doing: &str, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let text = format!("{doing}: {}", status.message);
    turn.event(failed(pod, message::note(&text)));
    turn.because(SchedulerReason::SchedulingFailed { pod: pod.key(), error: status.message.clone() });
    set_unscheduled(pod, "SchedulerError", &text, turn)?;
    Ok(Outcome::Failed(text))
}

/// Writes what the volumes of a Pod need on its node, and waits: the change of a claim wakes the Pod.
fn bind_volumes(pod: &Rc<Object>, node: &str, plan: &Plan, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let mut writes = Vec::new();
    for (claim, volume) in &plan.bindings {
        if !is_fully_reserved(volume, claim) {
            let volume_name = volume.metadata.name.clone();
            let (claim_key, node) = (claim.key(), node.to_owned());
            turn.because(SchedulerReason::ReservesVolume { claim: claim_key, volume: volume_name, node });
            writes.push(reserved(volume, claim));
        }
    }
    for claim in &plan.provisions {
        if claim.metadata.annotation(volume::SELECTED_NODE) != node {
            let (claim_key, chosen) = (claim.key(), node.to_owned());
            turn.because(SchedulerReason::SelectsNodeForClaim {
                claim: claim_key,
                pod: pod.key(),
                node: chosen,
            });
            writes.push(with_selected_node(claim, node));
        }
    }
    if snapshot::nominated(pod) != node {
        patch_status(pod, &json!({ "nominatedNodeName": node }), turn)?;
        let (node, claims) = (node.to_owned(), plan.claims());
        turn.because(SchedulerReason::WaitsForVolumes { pod: pod.key(), node, claims });
    }
    for object in writes {
        let request = Request::update(turn.actor(), object);
        if let Err(status) = turn.try_request(request)? {
            return fail(pod, &status, "running PreBind plugin \"VolumeBinding\"", turn);
        }
    }
    Ok(Outcome::Done)
}

/// Whether a volume names a claim with its UID: a reservation by name alone is still to be completed.
fn is_fully_reserved(volume: &Object, claim: &Object) -> bool {
    volume::is_reserved_for(volume, claim) && !volume.spec().str_at(&["claimRef", "uid"]).is_empty()
}

fn reserved(volume: &Object, claim: &Object) -> Object {
    let mut object = volume.clone();
    // A claimRef that a person has written is a reservation; what the scheduler adds is its own.
    if volume.spec().at(&["claimRef"]).is_none() {
        object.metadata.annotations.insert(volume::BOUND_BY_CONTROLLER.to_owned(), "yes".to_owned());
    }
    let reference = json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": claim.metadata.namespace,
        "name": claim.metadata.name, "uid": claim.metadata.uid,
        "resourceVersion": claim.metadata.resource_version.to_string(),
    });
    set_at(object.spec_mut(), &["claimRef"], reference);
    object
}

fn with_selected_node(claim: &Object, node: &str) -> Object {
    let mut object = claim.clone();
    object.metadata.annotations.insert(volume::SELECTED_NODE.to_owned(), node.to_owned());
    object
}
