//! Ribbons: the lives of Pods, made of what was written.

use std::rc::Rc;

use api::apps::parent_and_ordinal;
use api::core::Pod;
use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apiserver::Change;

use crate::look::look;
use crate::model::PodLook;
use crate::revisions::{Revisions, short};

/// The life of one ordinal: what its Pods looked like, and when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ribbon {
    /// `web-1`.
    pub name: String,
    /// Its pieces, in order, touching or with gaps.
    pub segments: Vec<Segment>,
}

/// A piece of a ribbon.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// From, in microseconds since 0:00.
    pub from_micros: i64,
    /// Until; `None` means it goes on.
    pub until_micros: Option<i64>,
    /// What the Pod was.
    pub look: PodLook,
    /// The pattern of its revision.
    pub pattern: u8,
    /// The short name of its revision.
    pub revision: String,
}

/// A former address is shown this long beside the new one, in microseconds.
const FORMER_SHOWN: i64 = 60_000_000;

/// The lives of the Pods of sets, growing as changes come in.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// By namespace, set and ordinal.
    lives: SortedMap<(String, String, i64), Ribbon>,
    revisions: Revisions,
    /// The addresses of each identity, by namespace and Pod name, with the moment of each.
    addresses: SortedMap<(String, String), Vec<(i64, String)>>,
    /// The revision of the last change that it has taken in.
    taken: u64,
}

impl Story {
    /// Takes in the changes that are new since the last call. Of those before nothing is needed any more.
    pub fn follow(&mut self, changes: &[Rc<Change>], origin: Time) {
        let last = changes.last().map_or(0, |change| change.revision);
        if self.taken > last {
            *self = Self::default();
        }
        let new = changes.partition_point(|change| change.revision <= self.taken);
        self.extend(changes.get(new..).unwrap_or_default(), origin);
        self.taken = last;
    }

    /// Takes in changes that follow those it knows: a forecast.
    pub fn extend(&mut self, changes: &[Rc<Change>], origin: Time) {
        for change in changes {
            self.revisions.follow(change);
            if change.key.kind == Kind::Pod {
                self.take(change, origin);
            }
        }
    }

    /// The first lives so far, at most so many, by set and ordinal.
    pub fn ribbons(&self, most: usize) -> Vec<Ribbon> {
        self.lives.values().take(most).cloned().collect()
    }

    /// How many lives there are.
    pub fn lives(&self) -> usize {
        self.lives.len()
    }

    /// Which pattern stands for which revision.
    pub fn revisions(&self) -> &Revisions {
        &self.revisions
    }

    /// The former address of an identity that got another one shortly before `now` (microseconds since 0:00).
    pub fn former_address(&self, namespace: &str, pod: &str, now: i64) -> Option<&str> {
        let known = self.addresses.get(&(namespace.to_owned(), pod.to_owned()))?;
        let at = known.iter().rposition(|(at, _)| *at <= now)?;
        let (since, _) = known.get(at)?;
        let (_, former) = known.get(at.checked_sub(1)?)?;
        (now - since < FORMER_SHOWN).then_some(former.as_str())
    }

    fn note_address(&mut self, pod: &Object, at: i64) {
        let ip = Pod(pod).ip();
        if ip.is_empty() {
            return;
        }
        let key = (pod.metadata.namespace.clone(), pod.metadata.name.clone());
        let known = self.addresses.entry(key).or_default();
        if known.last().is_none_or(|(_, last)| last != ip) {
            known.push((at, ip.to_owned()));
        }
    }

    fn take(&mut self, change: &Change, origin: Time) {
        let Some(pod) = change.after.as_ref().or(change.before.as_ref()) else { return };
        let owner = pod.metadata.controller().filter(|owner| owner.kind == "StatefulSet");
        let (Some(owner), Some((_, ordinal))) = (owner, parent_and_ordinal(&pod.metadata.name)) else {
            return;
        };
        let at = change.at.micros_since(origin);
        self.note_address(pod, at);
        let life = (pod.metadata.namespace.clone(), owner.name.clone(), ordinal);
        let segment = change.after.as_ref().map(|pod| self.segment(&owner.name, pod, at));
        let ribbon = self
            .lives
            .entry(life)
            .or_insert_with(|| Ribbon { name: pod.metadata.name.clone(), segments: Vec::new() });
        match segment {
            Some(new) => {
                if let Some(last) = ribbon.segments.last_mut().filter(|last| last.until_micros.is_none()) {
                    if (last.look, last.pattern) == (new.look, new.pattern) {
                        return;
                    }
                    last.until_micros = Some(at);
                }
                ribbon.segments.push(new);
            }
            None => {
                if let Some(last) = ribbon.segments.last_mut() {
                    last.until_micros.get_or_insert(at);
                }
            }
        }
    }

    fn segment(&self, set: &str, pod: &Object, at: i64) -> Segment {
        let revision = pod.metadata.label("controller-revision-hash");
        Segment {
            from_micros: at,
            until_micros: None,
            look: look(pod),
            pattern: self.revisions.pattern(&pod.metadata.namespace, set, revision),
            revision: short(revision),
        }
    }
}
