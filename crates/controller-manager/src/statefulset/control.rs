//! One decision about one set, from its revisions to its status.
//!
//! Models: `stateful_set_control.go` (`UpdateStatefulSet`, `performUpdate`, `updateStatefulSet`,
//! `processCondemned`).

use std::rc::Rc;
use std::time::Duration;

use api::apps::{StatefulSet, UpdateStrategy};
use api::{Object, PodFacts};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apiserver::{DeleteOptions, Request};
use client::{Halt, Turn};

use super::decision::{Decision, Flow};
use super::identity::{pod_key, pod_name};
use super::labels::REVISION_LABEL;
use super::placed::{Placed, SLOTS_MAX};
use super::podcontrol::{delete_pod, record_deletion};
use super::reason::{Owed, StatefulSetReason};
use super::tidy::TidyNow;
use super::{Gates, ordinal_in, ownership, replicas, retention, revisions, status};

/// Decides; returns how soon to look again, if a Pod becomes available then.
pub fn update(
    gates: Gates,
    set: &Rc<Object>,
    selector: &Selector,
    placed: &Placed,
    turn: &mut Turn<'_>,
) -> Result<Option<Duration>, Halt> {
    if set.status().i64_at(&["observedGeneration"]) != Some(set.metadata.generation) {
        tell_if_full(set, turn);
    }
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
    if turn.has_said_nothing() {
        tell_if_full(set, turn);
    }
    if turn.has_said_nothing() {
        decision.explain_rest(turn);
    }
    Ok(next_available(&decision))
}

/// Says that the laboratory does not hold as many Pods as are asked for.
fn tell_if_full(set: &Rc<Object>, turn: &mut Turn<'_>) {
    let (asked, start) = (StatefulSet(set).replicas(), StatefulSet(set).start());
    if asked > SLOTS_MAX {
        let first = pod_key(set, &pod_name(set, start + SLOTS_MAX));
        turn.because(StatefulSetReason::LaboratoryIsFull { set: set.key(), asked, pod: first });
    }
}

/// How soon the next ready Pod becomes available.
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
    fn perform(&mut self, turn: &mut Turn<'_>) -> Result<(), Halt> {
        if self.set.metadata.is_deleting() {
            turn.because(StatefulSetReason::SetIsBeingDeleted { set: self.set.key() });
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

    /// Gives the claims of condemned Pods their owners before the first of these Pods is deleted.
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

    fn delete_condemned(&self, turn: &mut Turn<'_>) -> Result<Flow, Halt> {
        if self.condemned.is_empty() {
            return Ok(Flow::Continue);
        }
        if !self.is_monotonic {
            let leaving = self.condemned.iter().filter(|p| !p.metadata.is_deleting());
            // Those that go wake the set, and the next sync deletes more.
            let leaving: Vec<&Rc<Object>> = leaving.take(replicas::BATCH_MAX).collect();
            return self.delete_all(&leaving, turn);
        }
        let Some(pod) = self.condemned.first() else { return Ok(Flow::Continue) };
        let first_unhealthy = self.first_unhealthy();
        let is_first_unhealthy = first_unhealthy.as_deref() == Some(&pod.metadata.name);
        if pod.metadata.is_deleting() {
            turn.because(StatefulSetReason::WaitsForTermination {
                set: self.set.key(),
                pod: pod.key(),
                returns: false,
                waiting: self.condemned.get(1).map(|p| (p.key(), Owed::Removal)),
            });
            return Ok(Flow::Stop);
        }
        if !is_first_unhealthy && !self.is_available(pod) {
            turn.because(StatefulSetReason::UnhealthyCondemnedBlocked {
                set: self.set.key(),
                pod: pod.key(),
                blocker: first_unhealthy.map(|name| pod_key(self.set, &name)),
            });
            return Ok(Flow::Stop);
        }
        turn.because(StatefulSetReason::DeletesHighestCondemned { set: self.set.key(), pod: pod.key() });
        if !StatefulSet(self.set).claim_templates().is_empty()
            && !StatefulSet(self.set).deletes_claims_on_scale_down()
        {
            turn.because(StatefulSetReason::KeepsClaimOnScaleDown { set: self.set.key(), pod: pod.key() });
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
            turn.because(StatefulSetReason::DeletesHighestCondemned { set: self.set.key(), pod: pod.key() });
            if let Err(status) = record_deletion(self.set, pod, answer.map(|_| ()), turn) {
                failure.get_or_insert(status);
            }
        }
        failure.map_or(Ok(Flow::Stop), |status| Err(Halt::Failed(status)))
    }

    /// The update phase: replaces outdated Pods from the highest ordinal down, one at a time.
    fn roll(&mut self, turn: &mut Turn<'_>) -> Result<(), Halt> {
        let update = self.revisions.update.metadata.name.clone();
        if StatefulSet(self.set).update_strategy() == UpdateStrategy::OnDelete {
            self.explain_on_delete(&update, turn);
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
                let made = pod_key(self.set, &pod_name(self.set, slot.ordinal));
                self.explain_unhealthy(made, false, (partition, &update), turn);
                return Ok(());
            };
            if pod.metadata.label(REVISION_LABEL) != update && !pod.metadata.is_deleting() {
                turn.because(StatefulSetReason::RollingUpdateDeletes {
                    set: self.set.key(),
                    pod: pod.key(),
                    revision: update,
                });
                delete_pod(self.set, &pod, turn)?;
                self.current_deleted += 1;
                return Ok(());
            }
            if !self.is_healthy(&pod) {
                self.explain_unhealthy(pod.key(), pod.metadata.is_deleting(), (partition, &update), turn);
                return Ok(());
            }
        }
        self.explain_partition(partition, &update, turn);
        Ok(())
    }

    /// The update phase with `maxUnavailable` (KEP-961), behind its gate.
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
            turn.because(StatefulSetReason::RollingUpdateDeletes {
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
