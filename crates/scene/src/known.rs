//! The sets that a run has known: what their claims are named after, and what they were when they went.
//!
//! A column is an identity, and an identity outlives its set: its claims stay. What belongs to it says the name,
//! as Kubernetes itself reads it: `<template>-<set>-<ordinal>` is a claim of a set that has or had such a template,
//! and of no other. So a claim that only looks like one makes no column.

use std::rc::Rc;

use api::apps::{StatefulSet, parent_and_ordinal};
use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use apiserver::Change;

/// A set that is gone.
#[derive(Debug, Clone)]
pub struct Gone {
    /// Since when, in microseconds since 0:00.
    pub since_micros: i64,
    /// What it was.
    pub last: Rc<Object>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    /// `www-web`: what its claims' names begin with, of all templates that it ever had.
    claims: SortedSet<String>,
    /// Each time it went.
    gone: Vec<Gone>,
}

/// All sets of a run, by namespace and name.
#[derive(Debug, Clone, Default)]
pub struct KnownSets(SortedMap<(String, String), Known>);

impl KnownSets {
    /// Takes in a change: a set that is made, or one that goes.
    pub fn follow(&mut self, change: &Change, origin: Time) {
        if change.key.kind != Kind::StatefulSet {
            return;
        }
        let key = (change.key.namespace.to_string(), change.key.name.to_string());
        match (&change.before, &change.after) {
            // Templates cannot be changed, so a set is read once.
            (None, Some(set)) => {
                self.0.entry(key).or_default().claims.extend(claim_prefixes(set));
            }
            (Some(set), None) => {
                let gone = Gone { since_micros: change.at.micros_since(origin), last: Rc::clone(set) };
                self.0.entry(key).or_default().gone.push(gone);
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    /// What a set was that had gone before `now` (microseconds since 0:00), of each that ever has.
    pub fn gone(&self, now: i64) -> impl Iterator<Item = &Gone> {
        self.0.values().filter_map(move |known| known.gone.iter().rfind(|gone| gone.since_micros <= now))
    }

    /// The ordinal of a claim of this set, by its name.
    pub fn ordinal_of_claim(&self, set: &Object, claim: &str) -> Option<i64> {
        let (parent, ordinal) = parent_and_ordinal(claim)?;
        let key = (set.metadata.namespace.clone(), set.metadata.name.clone());
        let known = self.0.get(&key).is_some_and(|known| known.claims.contains(parent));
        (known || claim_prefixes(set).any(|prefix| prefix == parent)).then_some(ordinal)
    }
}

fn claim_prefixes(set: &Object) -> impl Iterator<Item = String> {
    let templates = StatefulSet(set).claim_templates().iter();
    templates.map(|template| format!("{}-{}", template.str_at(&["metadata", "name"]), set.metadata.name))
}
