//! One decision about one set, from its revisions to its status.
//!
//! Models: `stateful_set_control.go` (`UpdateStatefulSet`, `performUpdate`, `updateStatefulSet`,
//! `processCondemned`).

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;

use api::apps::{StatefulSet, UpdateStrategy};
use api::{Object, PodFacts};
use apimachinery::Time;
use apimachinery::labels::Selector;
use apiserver::{DeleteOptions, Request};
use client::{Halt, Turn};

use super::placed::{Placed, Slot, Standing};
use super::reason::{Owed, Reason};
use super::replicas::{self, delete_pod, record_deletion};
use super::revisions::{self, REVISION_LABEL, Revisions};
use super::tidy::TidyNow;
use super::{Gates, ordinal_in, ownership, retention, status};

/// What a decision works on.
pub struct Decision<'s> {
    /// The gates.
    pub gates: Gates,
    /// The set.
    pub set: &'s Rc<Object>,
    /// Its revisions.
    pub revisions: Revisions,
    /// Its Pods.
    pub placed: &'s Placed,
    /// The ordinals of the range, ascending.
    pub replicas: &'s [Slot],
    /// Pods outside the range, highest ordinal first.
    pub condemned: &'s [Rc<Object>],
    /// Its one notion of now.
    pub now: Time,
    /// `spec.minReadySeconds`.
    pub min_ready: Duration,
    /// Whether it keeps order.
    pub is_monotonic: bool,
    /// Whether its Pods have claims of their own.
    pub has_claims: bool,
    /// How many outdated Pods the update phase has deleted: the status counts them off blindly.
    pub current_deleted: i64,
}

/// Whether the decision goes on with the next phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// On.
    Continue,
    /// The sync ends here.
    Stop,
}

/// Decides; returns after which time to look again because a Pod becomes available.
pub fn update(
    gates: Gates,
    set: &Rc<Object>,
    selector: &Selector,
    placed: &Placed,
    turn: &mut Turn<'_>,
) -> Result<Option<Duration>, Halt> {
    let known = ownership::list_revisions(set, selector, turn);
    let revisions = revisions::resolve(set, &known, turn)?;
    let mut decision = Decision {
        gates,
        set,
        revisions,
        placed,
        replicas: &placed.replicas,
        condemned: &placed.condemned,
        now: turn.now(),
        min_ready: StatefulSet(set).min_ready(),
        is_monotonic: !StatefulSet(set).is_parallel(),
        has_claims: !StatefulSet(set).claim_templates().is_empty(),
        current_deleted: 0,
    };
    let failure = match decision.perform(turn) {
        Ok(()) => None,
        Err(Halt::Failed(status)) => Some(status),
        Err(Halt::Suspended) => return Err(Halt::Suspended),
    };
    // The status is written even after a failure, and history is cut; the first failure is returned.
    let written = status::write(&decision, turn);
    if written == Err(Halt::Suspended) {
        return Err(Halt::Suspended);
    }
    let cut = revisions::truncate(set, &known, &decision.revisions, placed, turn);
    if cut == Err(Halt::Suspended) {
        return Err(Halt::Suspended);
    }
    if let Some(status) = failure {
        return Err(Halt::Failed(status));
    }
    written?;
    cut?;
    if turn.has_said_nothing() && decision.is_as_asked() {
        turn.because(Reason::IsAsAsked { set: set.key(), replicas: decision.replicas.len() });
    }
    Ok(next_available(&decision))
}

/// After which time the next ready Pod becomes available.
fn next_available(decision: &Decision<'_>) -> Option<Duration> {
    if decision.min_ready.is_zero() {
        return None;
    }
    let pods = decision.replicas.iter().filter_map(|s| s.pod.as_ref()).chain(decision.condemned);
    pods.map(PodFacts::of)
        .filter(|p| p.is_running_and_ready() && !p.is_available(decision.min_ready, decision.now))
        .filter_map(|p| p.ready_since)
        .map(|since| (since + decision.min_ready).since(decision.now))
        .min()
}

impl Decision<'_> {
    /// Whether every Pod is there, Ready and to stay, and none is there that should not be.
    fn is_as_asked(&self) -> bool {
        let is_fine = |pod: &Standing| pod.is_ready && !pod.is_deleting;
        let is_there = |slot: &Slot| slot.standing.as_ref().is_some_and(is_fine);
        self.condemned.is_empty() && self.replicas.iter().all(is_there)
    }

    /// Whether there is nothing to do about a place and its claims, and nothing to wait for.
    pub fn asks_nothing(&self, slot: &Slot, claims: &TidyNow) -> bool {
        let (Some(standing), Some(pod)) = (&slot.standing, &slot.pod) else { return false };
        let waits = || standing.is_deleting || !standing.is_ready || !self.is_available(pod);
        standing.is_in_order && claims.are_tidy(slot.ordinal) && !(self.is_monotonic && waits())
    }

    /// Whether the Pod of a place is of the update revision and healthy.
    fn is_rolled(&self, slot: &Slot, update: Option<&Rc<str>>) -> bool {
        let is_fine = |pod: &Standing| pod.is_ready && !pod.is_deleting && pod.is_of(update);
        slot.standing.as_ref().is_some_and(is_fine)
            && (self.min_ready.is_zero() || slot.pod.as_ref().is_some_and(|pod| self.is_healthy(pod)))
    }

    /// Ready for long enough.
    pub fn is_available(&self, pod: &Rc<Object>) -> bool {
        PodFacts::of(pod).is_available(self.min_ready, self.now)
    }

    /// Available and not on its way out.
    pub fn is_healthy(&self, pod: &Rc<Object>) -> bool {
        self.is_available(pod) && !pod.metadata.is_deleting()
    }

    /// `status.currentReplicas` as this sync begins with it: Pods of the current revision that are
    /// not terminating.
    pub fn current_replicas(&self) -> i64 {
        let current = self.placed.revision(&self.revisions.current.metadata.name);
        let of_current = self.standings().filter(|pod| !pod.is_deleting && pod.is_of(current));
        i64::try_from(of_current.count()).unwrap_or(i64::MAX)
    }

    /// How all Pods stand, those outside the range last.
    pub fn standings(&self) -> impl Iterator<Item = Cow<'_, Standing>> {
        let placed = self.replicas.iter().filter_map(|slot| slot.standing.as_ref()).map(Cow::Borrowed);
        placed.chain(self.condemned.iter().map(|pod| Cow::Owned(self.placed.standing(pod))))
    }

    fn perform(&mut self, turn: &mut Turn<'_>) -> Result<(), Halt> {
        if self.set.metadata.is_deleting() {
            turn.because(Reason::SetIsBeingDeleted { set: self.set.key() });
            return Ok(());
        }
        if replicas::process(self, turn)? == Flow::Stop {
            return Ok(());
        }
        if self.align_condemned_claims(turn)? == Flow::Stop {
            return Ok(());
        }
        if self.delete_condemned(turn)? == Flow::Stop {
            return Ok(());
        }
        self.roll(turn)
    }

    /// Claims of condemned Pods get their owners before the first of these Pods is deleted.
    fn align_condemned_claims(&self, turn: &mut Turn<'_>) -> Result<Flow, Halt> {
        if self.condemned.is_empty() {
            return Ok(Flow::Continue);
        }
        let keeps = !StatefulSet(self.set).deletes_claims_on_scale_down();
        let mut claims = TidyNow::of(self.set, turn);
        for pod in self.condemned {
            // With this policy the owners are the same outside the range as in it.
            if keeps && ordinal_in(self.set, pod).is_some_and(|ordinal| claims.are_tidy(ordinal)) {
                continue;
            }
            if !retention::claims_match(self.set, pod, turn)
                && let Err(status) = retention::update_claims(self.set, pod, turn)?
            {
                return Err(Halt::Failed(status));
            }
            claims.look(self.set, turn);
        }
        Ok(Flow::Continue)
    }

    /// The first Pod that is not healthy: in the range from the lowest ordinal up, else the lowest
    /// condemned one.
    fn first_unhealthy(&self) -> Option<String> {
        let in_range = self.replicas.iter().find(|s| s.pod.as_ref().is_none_or(|p| !self.is_healthy(p)));
        if let Some(slot) = in_range {
            return Some(super::identity::pod_name(self.set, slot.ordinal));
        }
        let condemned = self.condemned.iter().rev().find(|p| !self.is_healthy(p));
        condemned.map(|p| p.metadata.name.clone())
    }

    fn delete_condemned(&self, turn: &mut Turn<'_>) -> Result<Flow, Halt> {
        if self.condemned.is_empty() {
            return Ok(Flow::Continue);
        }
        if !self.is_monotonic {
            let leaving: Vec<&Rc<Object>> =
                self.condemned.iter().filter(|p| !p.metadata.is_deleting()).collect();
            return self.delete_all(&leaving, turn);
        }
        let Some(pod) = self.condemned.first() else { return Ok(Flow::Continue) };
        let first_unhealthy = self.first_unhealthy();
        let is_first_unhealthy = first_unhealthy.as_deref() == Some(&pod.metadata.name);
        if pod.metadata.is_deleting() {
            turn.because(Reason::WaitsForTermination {
                set: self.set.key(),
                pod: pod.key(),
                returns: false,
                waiting: self.condemned.get(1).map(|p| (p.key(), Owed::Removal)),
            });
            return Ok(Flow::Stop);
        }
        if !is_first_unhealthy && !self.is_available(pod) {
            turn.because(Reason::UnhealthyCondemnedBlocked {
                set: self.set.key(),
                pod: pod.key(),
                blocker: first_unhealthy.map(|name| pod_key(self.set, &name)),
            });
            return Ok(Flow::Stop);
        }
        turn.because(Reason::DeletesHighestCondemned { set: self.set.key(), pod: pod.key() });
        if !StatefulSet(self.set).claim_templates().is_empty()
            && !StatefulSet(self.set).deletes_claims_on_scale_down()
        {
            turn.because(Reason::KeepsClaimOnScaleDown { set: self.set.key(), pod: pod.key() });
        }
        delete_pod(self.set, pod, turn)?;
        Ok(Flow::Stop)
    }

    fn delete_all(&self, pods: &[&Rc<Object>], turn: &mut Turn<'_>) -> Result<Flow, Halt> {
        if pods.is_empty() {
            return Ok(Flow::Continue);
        }
        let requests =
            pods.iter().map(|p| Request::delete(turn.actor(), p.key(), DeleteOptions::default())).collect();
        let answers = turn.request_all(requests)?;
        let mut failure = None;
        for (pod, answer) in pods.iter().zip(answers) {
            turn.because(Reason::DeletesHighestCondemned { set: self.set.key(), pod: pod.key() });
            if let Err(status) = record_deletion(self.set, pod, answer.map(|_| ()), turn) {
                failure.get_or_insert(status);
            }
        }
        failure.map_or(Ok(Flow::Stop), |status| Err(Halt::Failed(status)))
    }

    /// The update phase: outdated Pods from the highest ordinal down, one at a time.
    fn roll(&mut self, turn: &mut Turn<'_>) -> Result<(), Halt> {
        let update = self.revisions.update.metadata.name.clone();
        if StatefulSet(self.set).update_strategy() == UpdateStrategy::OnDelete {
            let old = self.outdated(0, &update);
            if let Some(pod) = old.first() {
                turn.because(Reason::OnDeleteLeavesOldRevision {
                    set: self.set.key(),
                    pod: pod.key(),
                    count: old.len(),
                });
            }
            return Ok(());
        }
        let partition = usize::try_from(StatefulSet(self.set).partition().max(0)).unwrap_or(usize::MAX);
        if self.gates.max_unavailable {
            return self.roll_with_budget(partition, &update, turn);
        }
        let updated = self.placed.revision(&update);
        for at in (partition.min(self.replicas.len())..self.replicas.len()).rev() {
            let Some(slot) = self.replicas.get(at).filter(|slot| !self.is_rolled(slot, updated)) else {
                continue;
            };
            let Some(pod) = slot.pod.clone() else {
                // `Parallel` has just made it, so it is of the update revision and not healthy yet.
                let name = super::identity::pod_name(self.set, slot.ordinal);
                turn.because(Reason::RollingUpdateWaits {
                    set: self.set.key(),
                    pod: pod_key(self.set, &name),
                    next: self.outdated(partition, &update).last().map(|p| p.key()),
                });
                return Ok(());
            };
            if pod.metadata.label(REVISION_LABEL) != update && !pod.metadata.is_deleting() {
                turn.because(Reason::RollingUpdateDeletes {
                    set: self.set.key(),
                    pod: pod.key(),
                    revision: update,
                });
                delete_pod(self.set, &pod, turn)?;
                self.current_deleted += 1;
                return Ok(());
            }
            if !self.is_healthy(&pod) {
                turn.because(Reason::RollingUpdateWaits {
                    set: self.set.key(),
                    pod: pod.key(),
                    next: self.outdated(partition, &update).last().map(|p| p.key()),
                });
                return Ok(());
            }
        }
        self.explain_partition(partition, &update, turn);
        Ok(())
    }

    /// Pods of another revision at or above an index, lowest first.
    fn outdated(&self, from: usize, update: &str) -> Vec<&Rc<Object>> {
        let update = self.placed.revision(update);
        let is_old = |slot: &&Slot| slot.standing.as_ref().is_some_and(|pod| !pod.is_of(update));
        self.replicas.iter().skip(from).filter(is_old).filter_map(|slot| slot.pod.as_ref()).collect()
    }

    fn explain_partition(&self, partition: usize, update: &str, turn: &mut Turn<'_>) {
        if partition > 0
            && let Some(pod) = self.outdated(0, update).last()
        {
            turn.because(Reason::HeldBackByPartition {
                set: self.set.key(),
                pod: pod.key(),
                partition: StatefulSet(self.set).partition(),
            });
        }
    }

    /// KEP-961, behind its gate.
    fn roll_with_budget(&mut self, partition: usize, update: &str, turn: &mut Turn<'_>) -> Result<(), Halt> {
        let replicas = i64::try_from(self.replicas.len()).unwrap_or(i64::MAX);
        let budget = max_unavailable(self.set, replicas);
        let unavailable =
            self.replicas.iter().filter(|s| s.pod.as_ref().is_none_or(|p| !self.is_healthy(p))).count();
        let room = usize::try_from(budget).unwrap_or(1).saturating_sub(unavailable);
        let targets: Vec<Rc<Object>> = self
            .replicas
            .iter()
            .skip(partition)
            .rev()
            .filter_map(|s| s.pod.as_ref())
            .filter(|p| p.metadata.label(REVISION_LABEL) != update && !p.metadata.is_deleting())
            .take(room)
            .cloned()
            .collect();
        for pod in targets {
            turn.because(Reason::RollingUpdateDeletes {
                set: self.set.key(),
                pod: pod.key(),
                revision: update.to_owned(),
            });
            delete_pod(self.set, &pod, turn)?;
            self.current_deleted += 1;
        }
        Ok(())
    }
}

/// `rollingUpdate.maxUnavailable`: a number, or a percentage of the replicas rounded down; at least 1.
fn max_unavailable(set: &Object, replicas: i64) -> i64 {
    let value = set.at(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
    let number = match value {
        Some(serde_json::Value::String(text)) => {
            text.trim_end_matches('%').parse::<i64>().map_or(1, |percent| replicas * percent / 100)
        }
        Some(number) => number.as_i64().unwrap_or(1),
        None => 1,
    };
    number.max(1)
}

fn pod_key(set: &Object, name: &str) -> api::Key {
    api::Key::new(api::Kind::Pod, set.metadata.namespace.as_str(), name)
}
