//! Makes, waits for and repairs the replicas, in ascending order.
//!
//! Models: `stateful_set_control.go` (`processReplica`, `runForAll`), `stateful_pod_control.go`
//! (`CreateStatefulPod`, `UpdateStatefulPod`).

use std::rc::Rc;

use api::apps::{StatefulSet, UpdateStrategy};
use api::core::Pod;
use api::{Key, Object, PodFacts};
use apimachinery::value::ValueExt;
use apimachinery::{Reason as StatusReason, Status};
use apiserver::{Answer, DeleteOptions, Request};
use client::{Halt, Turn};

use super::claims::{self, Wanted};
use super::decision::{Decision, Flow};
use super::identity::pod_key;
use super::labels::REVISION_LABEL;
use super::podcontrol::{record_pod, updated};
use super::reason::{Owed, StatefulSetReason, Waiting};
use super::repair::repair;
use super::tidy::TidyNow;
use super::{identity, retention};

/// How many replicas are worked on at once in `Parallel` mode: `MaxBatchSize`.
pub(super) const BATCH_MAX: usize = 500;
/// A sync of a `Parallel` set ends after it has made so many Pods; those wake the set for the next one. The real
/// controller has them all made by one sync, which a person could not interrupt here.
const MADE_MAX: usize = 1_000;

/// Goes through the replicas: one by one and stopping at the first that is not as it should be, or,
/// in `Parallel` mode, in batches of 1, 2, 4, … where only errors stop.
pub fn process(decision: &Decision<'_>, turn: &mut Turn<'_>) -> Result<Flow, Halt> {
    let mut claims = TidyNow::of(decision.set, turn);
    if decision.is_monotonic {
        for at in 0..decision.replicas.len() {
            if process_batch(decision, at, at + 1, &mut claims, turn)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        return Ok(Flow::Continue);
    }
    let (mut from, mut size, mut made) = (0, 1, 0);
    while from < decision.replicas.len() {
        let to = (from + size).min(decision.replicas.len());
        made += decision.missing(from, to);
        process_batch(decision, from, to, &mut claims, turn)?;
        if made >= MADE_MAX {
            return Ok(Flow::Stop);
        }
        from = to;
        size = (size * 2).min(BATCH_MAX);
    }
    Ok(Flow::Continue)
}

fn process_batch(
    decision: &Decision<'_>,
    from: usize,
    to: usize,
    claims: &mut TidyNow,
    turn: &mut Turn<'_>,
) -> Result<Flow, Halt> {
    let slots = decision.replicas.get(from..to).unwrap_or_default();
    if slots.iter().all(|slot| decision.asks_nothing(slot, claims)) {
        return Ok(Flow::Continue);
    }
    let mut flow = Flow::Continue;
    let mut failure = None;
    let mut missing = Vec::new();
    let mut ended = Vec::new();
    for slot in slots {
        match &slot.pod {
            Some(pod) if PodFacts::of(pod).has_ended => ended.push(pod),
            Some(_) => {}
            None => missing.push(slot.ordinal),
        }
    }
    if !ended.is_empty() {
        flow = Flow::Stop;
        delete_ended(decision, &ended, turn)?;
    }
    if !missing.is_empty() {
        flow = Flow::Stop;
        if let Err(status) = create(decision, &missing, turn)? {
            failure.get_or_insert(status);
        }
    }
    for slot in slots {
        let Some(pod) = slot.pod.as_ref().filter(|p| !PodFacts::of(p).has_ended) else {
            continue;
        };
        claims.look(decision.set, turn);
        if decision.asks_nothing(slot, claims) {
            continue;
        }
        match look_after(decision, slot.ordinal, pod, turn)? {
            Ok(Flow::Stop) => flow = Flow::Stop,
            Ok(Flow::Continue) => {}
            Err(status) => {
                failure.get_or_insert(status);
            }
        }
    }
    claims.look(decision.set, turn);
    failure.map_or(Ok(flow), |status| Err(Halt::Failed(status)))
}

/// Deletes Pods that have ended for good, to make room for their successors.
fn delete_ended(decision: &Decision<'_>, ended: &[&Rc<Object>], turn: &mut Turn<'_>) -> Result<(), Halt> {
    let set = decision.set;
    let leaving: Vec<&&Rc<Object>> = ended.iter().filter(|p| !p.metadata.is_deleting()).collect();
    let requests =
        leaving.iter().map(|p| Request::delete(turn.actor(), p.key(), DeleteOptions::default())).collect();
    let answers = turn.request_all(requests)?;
    for (pod, answer) in leaving.iter().zip(answers) {
        turn.because(StatefulSetReason::RecreatesFailedPod {
            set: set.key(),
            pod: pod.key(),
            phase: Pod(pod).phase().to_owned(),
        });
        record_pod(
            set,
            "Delete",
            "SuccessfulDelete",
            "FailedDelete",
            &pod.metadata.name,
            answer.err(),
            turn,
        )?;
    }
    Ok(())
}

/// Makes the Pods of these ordinals, their claims first.
fn create(
    decision: &Decision<'_>,
    ordinals: &[i64],
    turn: &mut Turn<'_>,
) -> Result<Result<(), Status>, Halt> {
    let set = decision.set;
    let mut wanted: Vec<(i64, Wanted)> = Vec::new();
    for ordinal in ordinals {
        let name = identity::pod_name(set, *ordinal);
        if retention::is_stale(set, *ordinal, &name, turn) {
            turn.because(StatefulSetReason::StaleClaimBlocks { set: set.key(), pod: pod_key(set, &name) });
            continue;
        }
        wanted.push((*ordinal, claims::look_up(set, *ordinal, turn)));
    }
    let (ordinals, wanted): (Vec<i64>, Vec<Wanted>) = wanted.into_iter().unzip();
    let errors = claims::create(set, &wanted, turn)?;
    let mut failure = None;
    let mut free = Vec::new();
    for (ordinal, error) in ordinals.iter().zip(errors) {
        let name = identity::pod_name(set, *ordinal);
        if let Some(status) = error {
            turn.because(StatefulSetReason::ClaimRefused {
                set: set.key(),
                pod: pod_key(set, &name),
                why: status.message.clone(),
            });
            if let Err(status) =
                record_pod(set, "Create", "SuccessfulCreate", "FailedCreate", &name, Some(status), turn)
            {
                failure.get_or_insert(status);
            }
            continue;
        }
        free.push(*ordinal);
    }
    let pods = turn.once(|| {
        let current_replicas = decision.current_replicas();
        let new = |ordinal: &i64| identity::new_pod(set, &decision.revisions, *ordinal, current_replicas);
        free.iter().map(new).collect::<Vec<_>>()
    });
    let actor = turn.actor().clone();
    let answers = turn.request_each(pods.iter().map(|pod| Request::create(&actor, pod.clone())))?;
    for (pod, answer) in pods.iter().zip(answers) {
        if let Err(status) = created(decision, pod, answer, turn)? {
            failure.get_or_insert(status);
        }
    }
    Ok(failure.map_or(Ok(()), Err))
}

/// Takes the answer to a creation: sets the owners of the claims, then emits the event.
fn created(
    decision: &Decision<'_>,
    pod: &Object,
    answer: Answer,
    turn: &mut Turn<'_>,
) -> Result<Result<(), Status>, Halt> {
    let set = decision.set;
    let name = &pod.metadata.name;
    let error = match answer {
        Err(status) if status.reason == StatusReason::AlreadyExists => {
            turn.because(StatefulSetReason::WaitsForName { set: set.key(), pod: pod.key() });
            return Ok(Err(status));
        }
        Err(status) => {
            turn.because(StatefulSetReason::PodRefused {
                set: set.key(),
                pod: pod.key(),
                why: status.message.clone(),
            });
            Some(status)
        }
        Ok(response) => {
            turn.because(StatefulSetReason::CreatesPod {
                set: set.key(),
                pod: pod.key(),
                revision: pod.metadata.label(REVISION_LABEL).to_owned(),
                after: predecessor(decision, pod),
            });
            let stored = response.into_object();
            let stored = stored.as_deref().unwrap_or(pod);
            if let Err(status) = retention::update_claims(set, stored, turn)? {
                return Ok(record_pod(
                    set,
                    "Update",
                    "SuccessfulUpdate",
                    "FailedUpdate",
                    name,
                    Some(status),
                    turn,
                ));
            }
            None
        }
    };
    Ok(record_pod(set, "Create", "SuccessfulCreate", "FailedCreate", name, error, turn))
}

fn predecessor(decision: &Decision<'_>, pod: &Object) -> Option<Key> {
    let ordinal = super::ordinal_in(decision.set, pod)?;
    let first = decision.replicas.first()?.ordinal;
    let ordered = decision.is_monotonic && ordinal > first;
    ordered.then(|| pod_key(decision.set, &identity::pod_name(decision.set, ordinal - 1)))
}

/// Looks after a Pod that exists: makes missing claims, waits for it, repairs it.
fn look_after(
    decision: &Decision<'_>,
    ordinal: i64,
    pod: &Rc<Object>,
    turn: &mut Turn<'_>,
) -> Result<Result<Flow, Status>, Halt> {
    let set = decision.set;
    if decision.has_claims && PodFacts::of(pod).is_pending {
        let wanted = [claims::look_up(set, ordinal, turn)];
        if let Some(status) = claims::create(set, &wanted, turn)?.into_iter().flatten().next() {
            let why = status.message.clone();
            turn.because(StatefulSetReason::ClaimRefused { set: set.key(), pod: pod.key(), why });
            return Ok(Err(status));
        }
        if let Err(status) = retention::update_claims(set, pod, turn)? {
            return Ok(updated(decision, pod, Some(status), turn));
        }
    }
    if decision.is_monotonic && stops_here(decision, ordinal, pod, turn) {
        return Ok(Ok(Flow::Stop));
    }
    repair(decision, ordinal, pod, turn)
}

/// Whether `OrderedReady` waits for this Pod, because it is being deleted, is not Ready, or has not been so
/// for long enough.
fn stops_here(decision: &Decision<'_>, ordinal: i64, pod: &Rc<Object>, turn: &mut Turn<'_>) -> bool {
    let set = decision.set;
    let waiting = || next_in_line(decision, ordinal);
    if pod.metadata.is_deleting() {
        turn.because(StatefulSetReason::WaitsForTermination {
            set: set.key(),
            pod: pod.key(),
            returns: true,
            waiting: waiting(),
        });
        return true;
    }
    if !PodFacts::of(pod).is_running_and_ready() {
        let outdated = pod.metadata.label(REVISION_LABEL) != decision.revisions.update.metadata.name;
        let wanted = identity::takes_current_revision(set, ordinal, decision.current_replicas());
        let word = word_of(pod);
        turn.because(if outdated && !wanted {
            StatefulSetReason::BrokenPodBlocksUpdate {
                set: set.key(),
                pod: pod.key(),
                revision: pod.metadata.label(REVISION_LABEL).to_owned(),
                wanted: decision.revisions.update.metadata.name.clone(),
                word,
            }
        } else {
            let waiting = waiting();
            StatefulSetReason::WaitsForReadyPredecessor { set: set.key(), pod: pod.key(), waiting, word }
        });
        return true;
    }
    if !decision.is_available(pod) {
        turn.because(StatefulSetReason::WaitsForAvailable {
            set: set.key(),
            pod: pod.key(),
            waiting: waiting(),
            seconds: decision.min_ready.as_secs(),
        });
        return true;
    }
    false
}

/// What would be done next if this Pod were well: make the first missing Pod above it, else remove the
/// highest condemned one, else update the highest outdated one.
fn next_in_line(decision: &Decision<'_>, ordinal: i64) -> Option<Waiting> {
    let missing = decision.replicas.iter().find(|s| s.ordinal > ordinal && s.pod.is_none());
    if let Some(slot) = missing {
        let pod = pod_key(decision.set, &identity::pod_name(decision.set, slot.ordinal));
        return Some((pod, Owed::Creation));
    }
    if let Some(pod) = decision.condemned.first() {
        return Some((pod.key(), Owed::Removal));
    }
    let set = StatefulSet(decision.set);
    if set.update_strategy() == UpdateStrategy::OnDelete {
        return None;
    }
    let update = &decision.revisions.update.metadata.name;
    let from = usize::try_from(set.partition()).unwrap_or(0);
    let outdated = decision.replicas.iter().skip(from).rev().filter_map(|s| s.pod.as_ref());
    outdated
        .filter(|p| !p.metadata.is_deleting())
        .map(|p| (p, p.metadata.label(REVISION_LABEL)))
        .find(|(_, revision)| revision != update)
        .map(|(p, revision)| (p.key(), Owed::Update(revision.to_owned(), update.clone())))
}

/// Kubernetes' word for what keeps a Pod from being Ready.
fn word_of(pod: &Object) -> String {
    let status = pod.status();
    let waiting = status
        .list_at(&["containerStatuses"])
        .iter()
        .map(|c| c.str_at(&["state", "waiting", "reason"]))
        .find(|r| !r.is_empty());
    let scheduled = Pod(pod).condition("PodScheduled").is_some_and(|c| c.str_at(&["status"]) == "False");
    match waiting {
        Some(reason) => reason.to_owned(),
        None if scheduled => "Unschedulable".to_owned(),
        None => Pod(pod).phase().to_owned(),
    }
}
