//! Which of a set's claims ask for nothing: found out when a claim changes, not each time one of a thousand
//! Pods does.

use std::rc::Rc;

use api::apps::StatefulSet;
use api::{Key, Kind, Object, OwnerReference};
use apimachinery::sorted::SortedMap;
use client::{Follows, Turn};

use super::claim_names::claim_prefix;
use super::placed::SLOTS_MAX;

/// The tidy claims of a set, counted by ordinal. A claim is tidy if it stays, and if its owners are just those
/// that the retention policy wants for it while its Pod is in the range.
#[derive(Debug, Clone, PartialEq)]
pub struct Tidy {
    /// What comes before the ordinal in the names of claims, one for each template.
    prefixes: Vec<String>,
    owners: Vec<OwnerReference>,
    start: i64,
    replicas: usize,
    in_range: Vec<u32>,
    beyond: SortedMap<i64, u32>,
}

impl Tidy {
    fn question(set: &Object) -> Self {
        let view = StatefulSet(set);
        let owner = view.deletes_claims_with_set().then(|| set.controller_reference());
        Self {
            prefixes: view.claim_templates().iter().map(|template| claim_prefix(set, template)).collect(),
            owners: owner.into_iter().collect(),
            start: view.start(),
            replicas: usize::try_from(view.replicas().min(SLOTS_MAX)).unwrap_or(0),
            in_range: Vec::new(),
            beyond: SortedMap::new(),
        }
    }

    /// Whether there is a tidy claim of each template for an ordinal.
    pub fn has_all(&self, ordinal: i64) -> bool {
        let known =
            self.slot(ordinal).and_then(|at| self.in_range.get(at)).or_else(|| self.beyond.get(&ordinal));
        usize::try_from(known.copied().unwrap_or(0)).is_ok_and(|known| known == self.prefixes.len())
    }

    fn slot(&self, ordinal: i64) -> Option<usize> {
        usize::try_from(ordinal - self.start).ok().filter(|at| *at < self.in_range.len())
    }

    /// The ordinal of a claim, if it is one of the set's and tidy.
    fn ordinal(&self, claim: &Object) -> Option<i64> {
        let (prefix, digits) = claim.metadata.name.split_at(claim.metadata.name.rfind('-')? + 1);
        // A claim's name has the ordinal as a set writes it: without leading zeros.
        let is_plain =
            digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        let is_tidy = !claim.metadata.is_deleting() && claim.metadata.owner_references == self.owners;
        let is_ours = is_plain && is_tidy && self.prefixes.iter().any(|known| known == prefix);
        is_ours.then(|| digits.parse().ok()).flatten()
    }

    fn count(&mut self, ordinal: i64) -> &mut u32 {
        match self.slot(ordinal).and_then(|at| self.in_range.get_mut(at)) {
            Some(count) => count,
            None => self.beyond.entry(ordinal).or_default(),
        }
    }
}

impl Follows for Tidy {
    fn answers(&self, other: &Self) -> bool {
        self.prefixes == other.prefixes
            && self.owners == other.owners
            && self.start == other.start
            && self.replicas == other.replicas
    }

    fn begin(&mut self) {
        self.in_range = vec![0; self.replicas];
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        let (was, is) =
            (before.and_then(|claim| self.ordinal(claim)), after.and_then(|claim| self.ordinal(claim)));
        if was == is {
            return;
        }
        if let Some(ordinal) = was {
            *self.count(ordinal) -= 1;
            if self.beyond.get(&ordinal) == Some(&0) {
                self.beyond.remove(&ordinal);
            }
        }
        if let Some(ordinal) = is {
            *self.count(ordinal) += 1;
        }
    }
}

/// The tidy claims as the caches show them: those move on while a decision waits for answers.
#[derive(Debug, Default)]
pub struct TidyNow {
    /// None if the set has no templates.
    known: Option<(u64, Rc<Tidy>)>,
}

impl TidyNow {
    /// As they are at the beginning of a part of a decision.
    pub fn of(set: &Rc<Object>, turn: &mut Turn<'_>) -> Self {
        let mut now = Self::default();
        now.look(set, turn);
        now
    }

    /// As they are at this point of the decision.
    pub fn look(&mut self, set: &Rc<Object>, turn: &mut Turn<'_>) {
        if StatefulSet(set).claim_templates().is_empty() {
            return;
        }
        let seen = turn.seen();
        let revision = seen.revision_of(Kind::PersistentVolumeClaim);
        if self.known.as_ref().is_some_and(|(known, _)| *known == revision) {
            return;
        }
        let namespace = set.metadata.namespace.as_str();
        let about = Key::new(Kind::PersistentVolumeClaim, namespace, set.metadata.name.as_str());
        // Recalled when the decision is run again: by then the memory stands at a later moment.
        let tidy =
            turn.once(|| seen.follow(about, Tidy::question(set), Kind::PersistentVolumeClaim, namespace));
        self.known = Some((revision, Rc::clone(&tidy)));
    }

    /// Whether the claims of an ordinal ask for nothing; so do those of a set without templates.
    pub fn are_tidy(&self, ordinal: i64) -> bool {
        self.known.as_ref().is_none_or(|(_, tidy)| tidy.has_all(ordinal))
    }
}
