//! What a run's records say about an object, found without going through all of them: a page asks "Why?" after each
//! thing that happens, and a long run has many records.

use std::cell::RefCell;
use std::rc::Rc;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::sorted::SharedMap;
use apiserver::Change;
use client::SharedReason;
use cluster::{Record, What};

/// Places in a list, ascending.
type Places = SharedMap<Key, Rc<Vec<usize>>>;

/// Where the decisions about each object stand among a run's records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decisions {
    /// When components decided something, in order.
    at: Vec<Time>,
    /// The decisions whose reason is about an object, as far as somebody has asked: what a reason is about is among
    /// what it says, and the page that creates its first objects has come without that.
    about: RefCell<About>,
    /// The decisions that were made when a key was looked at.
    looked_at: Places,
    /// StatefulSets that were removed, in order.
    gone: Vec<Rc<Change>>,
    records: usize,
    changes: usize,
}

/// The decisions about objects among the first so many records.
#[derive(Debug, Clone, Default)]
struct About {
    places: Places,
    records: usize,
}

fn put(places: &mut Places, key: Key, place: usize) {
    match places.get_mut(&key) {
        Some(known) => Rc::make_mut(known).push(place),
        None => {
            places.insert(key, Rc::new(vec![place]));
        }
    }
}

/// The decision that a record tells of: the key that was looked at, and the reason.
pub(crate) fn decision(record: &Record) -> Option<(&Key, &SharedReason)> {
    match &record.what {
        What::Decided { key, reason } => Some((key, reason)),
        What::Requested { .. } | What::Failed { .. } | What::Fault(_) => None,
    }
}

impl Decisions {
    /// Notes what has come since the last call.
    pub(crate) fn follow(&mut self, records: &[Record], changes: &[Rc<Change>]) {
        for (place, record) in records.iter().enumerate().skip(self.records) {
            let Some((key, _)) = decision(record) else { continue };
            self.at.push(record.at);
            put(&mut self.looked_at, key.clone(), place);
        }
        let news = changes.iter().skip(self.changes);
        self.gone.extend(news.filter(|c| c.key.kind == Kind::StatefulSet && c.is_delete()).cloned());
        (self.records, self.changes) = (records.len(), changes.len());
    }

    /// When components decided something, in order.
    pub(crate) fn moments(&self) -> &[Time] {
        &self.at
    }

    /// The decisions about an object up to a moment, newest first.
    pub(crate) fn about<'r>(
        &self,
        key: &Key,
        records: &'r [Record],
        now: Time,
    ) -> impl Iterator<Item = &'r Record> + use<'r> {
        let mut about = self.about.borrow_mut();
        for (place, record) in records.iter().enumerate().skip(about.records) {
            if let Some((_, reason)) = decision(record) {
                put(&mut about.places, reason.subject(), place);
            }
        }
        about.records = records.len();
        newest_first(about.places.get(key), records, now)
    }

    /// The decisions up to a moment that were made when a key was looked at, newest first.
    pub(crate) fn looking_at<'r>(
        &self,
        key: &Key,
        records: &'r [Record],
        now: Time,
    ) -> impl Iterator<Item = &'r Record> + use<'r> {
        newest_first(self.looked_at.get(key), records, now)
    }

    /// The StatefulSets that were removed up to a moment, newest first.
    pub(crate) fn gone(&self, now: Time) -> impl Iterator<Item = &Rc<Change>> {
        let until = self.gone.partition_point(|change| change.at <= now);
        self.gone.get(..until).unwrap_or_default().iter().rev()
    }
}

fn newest_first<'r>(
    places: Option<&Rc<Vec<usize>>>,
    records: &'r [Record],
    now: Time,
) -> impl Iterator<Item = &'r Record> + use<'r> {
    let places = places.cloned().unwrap_or_default();
    let until = places.partition_point(|place| records.get(*place).is_some_and(|record| record.at <= now));
    (0..until).rev().filter_map(move |nth| records.get(*places.get(nth)?))
}
