//! What a run's records say about an object, found without going through all of them: a page asks "Why?" after each
//! thing that happens, and a long run has many records.
//!
//! Records thin out with age ([`crate::book`]), so they are found by their ids: a place in the list does not last.

use std::cell::RefCell;
use std::rc::Rc;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::sorted::SharedMap;
use apiserver::Change;
use client::SharedReason;
use cluster::{Record, RecordId, What};

/// The ids of records, ascending.
type Ids = SharedMap<Key, Rc<Vec<RecordId>>>;

/// Where the decisions about each object stand among a run's records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decisions {
    /// When components decided something, in order.
    at: Vec<Time>,
    /// The decisions whose reason is about an object, as far as somebody has asked: what a reason is about is among
    /// what it says, and the page that creates its first objects has come without that.
    about: RefCell<About>,
    /// The decisions that were made when a key was looked at.
    looked_at: Ids,
    /// StatefulSets that were removed, in order.
    gone: Vec<Rc<Change>>,
    /// The last record that it has seen.
    record: RecordId,
    /// The revision of the last change that it has seen.
    revision: u64,
}

/// The decisions about objects up to a record.
#[derive(Debug, Clone, Default)]
struct About {
    ids: Ids,
    record: RecordId,
}

fn put(ids: &mut Ids, key: Key, id: RecordId) {
    match ids.get_mut(&key) {
        Some(known) => Rc::make_mut(known).push(id),
        None => {
            ids.insert(key, Rc::new(vec![id]));
        }
    }
}

/// The records that follow one.
fn after(records: &[Record], id: RecordId) -> &[Record] {
    records.get(records.partition_point(|record| record.id <= id)..).unwrap_or_default()
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
        for record in after(records, self.record) {
            let Some((key, _)) = decision(record) else { continue };
            self.at.push(record.at);
            put(&mut self.looked_at, key.clone(), record.id);
        }
        let seen = changes.partition_point(|change| change.revision <= self.revision);
        let news = changes.iter().skip(seen);
        self.gone.extend(news.filter(|c| c.key.kind == Kind::StatefulSet && c.is_delete()).cloned());
        self.record = records.last().map_or(self.record, |record| record.id);
        self.revision = changes.last().map_or(self.revision, |change| change.revision);
    }

    /// Keeps of the decisions only those that are still among the records; their moments stay.
    pub(crate) fn forget(&mut self, records: &[Record]) {
        self.about = RefCell::default();
        self.looked_at = Ids::default();
        for record in records {
            if let Some((key, _)) = decision(record) {
                put(&mut self.looked_at, key.clone(), record.id);
            }
        }
    }

    /// What was known at a moment: `records` and `changes` are those up to it.
    pub(crate) fn until(&self, moment: Time, records: &[Record], changes: &[Rc<Change>]) -> Self {
        let mut until = Self {
            at: self.at.iter().copied().take_while(|at| *at <= moment).collect(),
            gone: self.gone.iter().take_while(|change| change.at <= moment).cloned().collect(),
            record: records.last().map_or(0, |record| record.id),
            revision: changes.last().map_or(0, |change| change.revision),
            ..Self::default()
        };
        until.forget(records);
        until
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
        for record in after(records, about.record) {
            if let Some((_, reason)) = decision(record) {
                put(&mut about.ids, reason.subject(), record.id);
            }
        }
        about.record = records.last().map_or(about.record, |record| record.id);
        newest_first(about.ids.get(key), records, now)
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
    ids: Option<&Rc<Vec<RecordId>>>,
    records: &'r [Record],
    now: Time,
) -> impl Iterator<Item = &'r Record> + use<'r> {
    let ids = ids.cloned().unwrap_or_default();
    let records = records.get(..records.partition_point(|record| record.at <= now)).unwrap_or_default();
    let last = records.last().map_or(0, |record| record.id);
    (0..ids.partition_point(|id| *id <= last)).rev().filter_map(move |nth| {
        let at = records.binary_search_by_key(ids.get(nth)?, |record| record.id).ok()?;
        records.get(at)
    })
}

#[cfg(test)]
mod tests {
    use client::{Explain, Explanation};

    use super::*;

    #[derive(Debug)]
    struct Says(Key);

    impl Explain for Says {
        fn explain(&self) -> Explanation {
            let sentence = ["It is so.".to_owned(), "是这样。".to_owned()];
            Explanation::deed("Says", &self.0, sentence, ["", ""], "")
        }
    }

    fn key(kind: Kind) -> Key {
        Key::new(kind, "default", "web-0")
    }

    /// Sets are looked at, and every other time something is said of a Pod.
    fn record(id: RecordId) -> Record {
        let said = key(if id.is_multiple_of(2) { Kind::Pod } else { Kind::StatefulSet });
        Record {
            id,
            at: Time::default() + std::time::Duration::from_secs(id),
            actor: apiserver::Actor::component("statefulset-controller"),
            what: What::Decided { key: key(Kind::StatefulSet), reason: Rc::new(Says(said)) },
            cause: 0,
        }
    }

    fn ids<'r>(found: impl Iterator<Item = &'r Record>) -> Vec<RecordId> {
        found.map(|record| record.id).collect()
    }

    #[test]
    fn decisions_are_found_after_records_were_dropped() {
        let (pod, set) = (key(Kind::Pod), key(Kind::StatefulSet));
        let at = |second| Time::default() + std::time::Duration::from_secs(second);
        let mut records: Vec<Record> = (1..=10).map(record).collect();
        let mut decisions = Decisions::default();
        decisions.follow(&records, &[]);
        assert_eq!(ids(decisions.about(&pod, &records, at(7))), [6, 4, 2]);
        // Whether they are forgotten only saves room.
        for forgets in [false, true] {
            let begun = records.last().map_or(0, |record| record.id);
            records.drain(..4);
            if forgets {
                decisions.forget(&records);
            }
            records.extend((begun + 1..=begun + 4).map(record));
            decisions.follow(&records, &[]);
            let kept = |also: fn(&RecordId) -> bool| {
                records.iter().rev().map(|record| record.id).filter(also).collect::<Vec<_>>()
            };
            assert_eq!(ids(decisions.about(&pod, &records, at(100))), kept(|id| id.is_multiple_of(2)));
            assert_eq!(ids(decisions.looking_at(&set, &records, at(100))), kept(|_| true));
            assert_eq!(ids(decisions.looking_at(&set, &records, at(10))).first(), Some(&10));
            assert_eq!(ids(decisions.looking_at(&set, &records, at(2))), [0; 0]);
        }
        assert_eq!(decisions.moments().len(), 18, "how many there were is known");
        let until: Vec<Record> = records.iter().take_while(|record| record.id <= 12).cloned().collect();
        let mut other = decisions.until(at(12), &until, &[]);
        assert_eq!((other.moments().len(), ids(other.about(&pod, &until, at(100)))), (12, vec![12, 10]));
        let further: Vec<Record> = until.into_iter().chain([record(13), record(14)]).collect();
        other.follow(&further, &[]);
        assert_eq!(
            (other.moments().len(), ids(other.about(&pod, &further, at(100)))),
            (14, vec![14, 12, 10])
        );
    }
}
