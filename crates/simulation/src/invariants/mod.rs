//! What must hold after every step, whatever was done and whatever broke.
//!
//! Each invariant looks at what the step has written and at the cluster as it stands. Where a rule is about
//! what a component may decide, it is checked against what that component *saw*: a controller with an old
//! cache that acts on it is right, one that acts against it is not.

mod actors;
mod claims;
mod disruptions;
mod names;
mod objects;
mod pods;
mod quotas;
mod rest;
mod sets;

use std::fmt;
use std::rc::Rc;

use apiserver::{Actor, Change};
use cluster::{Cluster, Record, What};

pub(crate) use rest::{REST, REST_LIMIT, Rest, is_restless};

/// What a step has left.
pub(crate) struct Step<'a> {
    /// The cluster after it.
    pub cluster: &'a Cluster,
    /// What happened in it.
    pub records: &'a [Record],
}

impl<'a> Step<'a> {
    /// Each change of the step, with who made it and by which verb.
    fn changes(&self) -> impl Iterator<Item = (&'a Actor, &'static str, &'a Rc<Change>)> + use<'a> {
        self.records.iter().flat_map(|record| match &record.what {
            What::Requested { verb, changes, .. } => {
                changes.iter().map(|change| (&record.actor, *verb, change)).collect::<Vec<_>>()
            }
            What::Decided { .. } | What::Failed { .. } | What::Fault(_) => Vec::new(),
        })
    }
}

/// A rule that must hold.
trait Invariant {
    /// Its name, in a few words.
    fn name(&self) -> &'static str;

    /// Looks at a step; says what is wrong.
    fn check(&mut self, step: &Step<'_>) -> Result<(), String>;
}

/// A rule that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub rule: &'static str,
    /// Milliseconds since 0:00.
    pub at_ms: i64,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms: {}: {}", self.at_ms, self.rule, self.what)
    }
}

/// All rules, with what they remember of the run.
pub(crate) struct Rules(Vec<Box<dyn Invariant>>);

impl Default for Rules {
    fn default() -> Self {
        Self(vec![
            Box::new(objects::Versions::default()),
            Box::new(objects::Generations),
            Box::new(actors::Business),
            Box::new(actors::Pace::default()),
            Box::new(sets::Order),
            Box::new(sets::Belongings),
            Box::new(pods::Lives::default()),
            Box::new(pods::OneOfAName::default()),
            Box::new(pods::Room),
            Box::new(claims::Keeping),
            Box::new(claims::Binding),
            Box::new(names::Addresses),
            Box::new(disruptions::Evictions::default()),
            Box::new(disruptions::Counts),
            Box::new(quotas::Limits::default()),
        ])
    }
}

impl Rules {
    /// The rules that remember nothing: for a step whose past was not looked at.
    pub(crate) fn without_memory() -> Self {
        Self(vec![
            Box::new(objects::Generations),
            Box::new(actors::Business),
            Box::new(sets::Order),
            Box::new(sets::Belongings),
            Box::new(pods::OneOfAName::default()),
            Box::new(pods::Room),
            Box::new(claims::Keeping),
            Box::new(claims::Binding),
            Box::new(names::Addresses),
            Box::new(disruptions::Counts),
        ])
    }

    /// Looks at a step with every rule.
    pub(crate) fn check(&mut self, step: &Step<'_>) -> Result<(), Violation> {
        for rule in &mut self.0 {
            rule.check(step).map_err(|what| violation(rule.name(), step.cluster, what))?;
        }
        Ok(())
    }
}

/// A broken rule, now.
pub(crate) fn violation(rule: &'static str, cluster: &Cluster, what: String) -> Violation {
    Violation { rule, at_ms: cluster.now().micros_since(cluster.origin()) / 1_000, what }
}
