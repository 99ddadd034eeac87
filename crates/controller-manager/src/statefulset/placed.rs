//! A set's Pods in their places, and how each stands. What a decision asks of every Pod is found out when
//! that Pod changes, not each time one of a thousand does.

use std::rc::Rc;

use api::apps::StatefulSet;
use api::core::Pod;
use api::{Object, PodFacts};
use apimachinery::labels::Selector;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use client::Follows;
use serde_json::Value;

use super::claim_names::claim_prefix;
use super::facts::Facts;

/// How a Pod stands in a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Running and ready.
    pub is_ready: bool,
    /// It is being deleted.
    pub is_deleting: bool,
    /// It has not ended, its name and identity labels are right, and it mounts its claims.
    pub is_in_order: bool,
    /// The name of its revision: the same `Rc` for all Pods of one revision.
    pub revision: Rc<str>,
}

impl Standing {
    /// Whether the Pod was made from a revision, as [`Placed::revision`] names it.
    pub fn is_of(&self, revision: Option<&Rc<str>>) -> bool {
        revision.is_some_and(|revision| Rc::ptr_eq(revision, &self.revision))
    }
}

/// So many places of a set are looked at: as many Pods as the API server takes, see `apiserver::OBJECTS_MAX`.
pub(super) const SLOTS_MAX: i64 = 20_000;

/// A place in the range.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Its ordinal.
    pub ordinal: i64,
    /// Its Pod, from the cache.
    pub pod: Option<Rc<Object>>,
    /// How that Pod stands.
    pub standing: Option<Standing>,
}

impl Slot {
    /// A place without a Pod.
    fn empty(ordinal: i64) -> Self {
        Self { ordinal, pod: None, standing: None }
    }
}

/// What a Pod is to a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is the set's own.
    Ours,
    /// It is the set's own, but the selector does not select it any more.
    Release,
    /// It is nobody's, and the selector selects it.
    Adopt,
    /// It has nothing to do with the set.
    Ignore,
}

/// What decides whose a Pod is.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    uid: String,
    name: String,
    is_deleting: bool,
    selector: Selector,
    /// The names of the claim templates, with what comes before the ordinal in the names of their claims.
    templates: Vec<(String, String)>,
}

impl Terms {
    /// The terms of a set.
    pub fn of(set: &Object, selector: &Selector) -> Self {
        let named = |template: &Value| {
            (template.str_at(&["metadata", "name"]).to_owned(), claim_prefix(set, template))
        };
        Self {
            uid: set.metadata.uid.clone(),
            name: set.metadata.name.clone(),
            is_deleting: set.metadata.is_deleting(),
            selector: selector.clone(),
            templates: StatefulSet(set).claim_templates().iter().map(named).collect(),
        }
    }

    /// Whether a Pod mounts its claims.
    fn are_mounted(&self, pod: &Object, ordinal: i64) -> bool {
        self.templates.iter().all(|(volume, prefix)| {
            let claim =
                Pod(pod).claim_of_volume(volume).and_then(|claim| claim.strip_prefix(prefix.as_str()));
            claim.is_some_and(|digits| digits == ordinal.to_string())
        })
    }

    /// What a Pod is to the set.
    pub fn judge(&self, pod: &Rc<Object>) -> Relation {
        let ordinal = PodFacts::of(pod).ordinal_in(&pod.metadata.name, &self.name);
        let matches = ordinal.is_some() && self.selector.matches(&pod.metadata.labels);
        match pod.metadata.controller() {
            Some(owner) if owner.uid != self.uid => Relation::Ignore,
            Some(_) if matches => Relation::Ours,
            Some(_) if self.is_deleting => Relation::Ignore,
            Some(_) => Relation::Release,
            None if matches && !self.is_deleting && !pod.metadata.is_deleting() => Relation::Adopt,
            None => Relation::Ignore,
        }
    }
}

/// A set's Pods in their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    terms: Terms,
    start: i64,
    /// How many places there are.
    count: i64,
    /// The ordinals of the range, ascending.
    pub replicas: Vec<Slot>,
    /// Pods outside the range, highest ordinal first.
    pub condemned: Vec<Rc<Object>>,
    /// The names of the revisions that Pods were made from, each with the number of its Pods.
    revisions: SortedMap<Rc<str>, usize>,
    /// How many Pods are to be adopted or released.
    strangers: usize,
    /// Whether two Pods have had the same ordinal, as `web-1` and `web-01` do.
    collides: bool,
}

impl Placed {
    /// The question which Pods are in which places of a set.
    pub fn question(set: &Object, selector: &Selector) -> Self {
        Self {
            terms: Terms::of(set, selector),
            start: StatefulSet(set).start(),
            count: StatefulSet(set).replicas().min(SLOTS_MAX),
            replicas: Vec::new(),
            condemned: Vec::new(),
            revisions: SortedMap::new(),
            strangers: 0,
            collides: false,
        }
    }

    /// The places of a set, without Pods.
    pub fn empty(set: &Object, selector: &Selector) -> Self {
        let mut empty = Self::question(set, selector);
        empty.begin();
        empty
    }

    /// Whether all Pods that matter to the set are its own already.
    pub fn is_complete(&self) -> bool {
        self.strangers == 0
    }

    /// The name of a revision, shared with [`Standing::revision`], if a Pod was made from it.
    pub fn revision(&self, name: &str) -> Option<&Rc<str>> {
        self.revisions.keys().find(|known| ***known == *name)
    }

    /// How a Pod of the set stands.
    pub fn standing(&self, pod: &Rc<Object>) -> Standing {
        let (general, facts) = (PodFacts::of(pod), Facts::of(pod));
        let revision = self.revision(&facts.revision).cloned();
        Standing {
            is_ready: general.is_running_and_ready(),
            is_deleting: pod.metadata.is_deleting(),
            is_in_order: facts.is_named_right
                && !general.has_ended
                && self.ordinal(pod).is_some_and(|ordinal| self.terms.are_mounted(pod, ordinal)),
            revision: revision.unwrap_or_else(|| facts.revision.as_str().into()),
        }
    }

    /// Puts a Pod of the set in its place.
    pub fn add(&mut self, pod: &Rc<Object>) {
        let Some(ordinal) = self.ordinal(pod) else { return };
        let revision = &Facts::of(pod).revision;
        if let Some(count) = self.revisions.get_mut(revision.as_str()) {
            *count += 1;
        } else {
            self.revisions.insert(revision.as_str().into(), 1);
        }
        let standing = self.standing(pod);
        if let Some(slot) = self.slot(ordinal) {
            slot.standing = Some(standing);
            self.collides |= slot.pod.replace(Rc::clone(pod)).is_some();
        } else {
            let at = self.place_of_condemned(ordinal, pod).unwrap_or_else(|at| at);
            self.condemned.insert(at, Rc::clone(pod));
        }
    }

    fn remove(&mut self, pod: &Rc<Object>) {
        let Some(ordinal) = self.ordinal(pod) else { return };
        let revision = Facts::of(pod).revision.as_str();
        match self.revisions.get_mut(revision) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                self.revisions.remove(revision);
            }
        }
        if let Some(slot) = self.slot(ordinal) {
            (slot.pod, slot.standing) = (None, None);
        } else if let Ok(at) = self.place_of_condemned(ordinal, pod) {
            self.condemned.remove(at);
        }
    }

    fn ordinal(&self, pod: &Rc<Object>) -> Option<i64> {
        PodFacts::of(pod).ordinal_in(&pod.metadata.name, &self.terms.name)
    }

    fn slot(&mut self, ordinal: i64) -> Option<&mut Slot> {
        usize::try_from(ordinal - self.start).ok().and_then(|at| self.replicas.get_mut(at))
    }

    /// The place of a condemned Pod: by falling ordinal, then by name.
    fn place_of_condemned(&self, ordinal: i64, pod: &Rc<Object>) -> Result<usize, usize> {
        self.condemned.binary_search_by(|other| {
            let other_ordinal = self.ordinal(other).unwrap_or(i64::MIN);
            ordinal.cmp(&other_ordinal).then_with(|| other.metadata.name.cmp(&pod.metadata.name))
        })
    }
}

impl Follows for Placed {
    fn answers(&self, other: &Self) -> bool {
        self.terms == other.terms && self.start == other.start && self.count == other.count && !self.collides
    }

    fn begin(&mut self) {
        self.replicas = (self.start..self.start + self.count).map(Slot::empty).collect();
    }

    fn apply(&mut self, before: Option<&Rc<Object>>, after: Option<&Rc<Object>>) {
        if let Some(pod) = before {
            match self.terms.judge(pod) {
                Relation::Ours => self.remove(pod),
                Relation::Release | Relation::Adopt => self.strangers -= 1,
                Relation::Ignore => {}
            }
        }
        if let Some(pod) = after {
            match self.terms.judge(pod) {
                Relation::Ours => self.add(pod),
                Relation::Release | Relation::Adopt => self.strangers += 1,
                Relation::Ignore => {}
            }
        }
    }
}
