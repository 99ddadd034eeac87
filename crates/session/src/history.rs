//! Finds any moment of a run again: takes the nearest checkpoint before it and plays the deeds that follow.
//!
//! A debug build panics if a replay records anything else than what was played.

use std::rc::Rc;

use apimachinery::Time;
use apiserver::Change;
use cluster::{Record, StepLog};

use crate::book::Book;
use crate::present::{Present, Spare};

/// How many checkpoints are kept; with more, every second one of the older half goes. One of 30 busy Pods takes a
/// third of a megabyte.
const CHECKPOINTS_MAX: usize = 192;

/// A moment of a run, and its place in the run's book.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    pub(crate) present: Present,
    /// How many deeds were done up to it.
    deeds: usize,
    /// The id of the last record; a replay is compared with those that follow.
    last_record: u64,
    /// What was written since it was kept.
    changes: Vec<Rc<Change>>,
}

impl Checkpoint {
    /// Goes on to `moment` as the book says, while there is time. Returns whether it came there.
    pub(crate) fn go_on(&mut self, book: &Book, moment: Time, spare: Spare<'_>) -> bool {
        let mut log = StepLog { changes: std::mem::take(&mut self.changes), ..StepLog::default() };
        let came = loop {
            let next = book.deeds.get(self.deeds).map(|deed| (book.moment_of(deed), deed));
            let next = next.filter(|(at, _)| *at <= moment);
            let until = next.map_or(moment, |(at, _)| at);
            while self.present.now() < until && spare() {
                let end = self.present.next_moment(until);
                self.present.run_until(end, &mut log);
            }
            if self.present.now() < until {
                break false;
            }
            let Some((_, deed)) = next else { break true };
            self.present.act(&deed.act, &mut log);
            self.deeds += 1;
        };
        debug_assert!(agrees(book, &log), "a replay differs from what was played");
        self.last_record = log.records.last().map_or(self.last_record, |record| record.id);
        self.changes = log.changes;
        came
    }

    /// What is written down up to this moment.
    pub(crate) fn book(&self, book: &Book) -> Book {
        book.until(self.deeds, self.last_record, self.present.cluster().store().revision())
    }
}

/// Whether a replay says what the book says, as far as that is kept.
fn agrees(book: &Book, log: &StepLog) -> bool {
    let played = |id: u64| {
        let at = book.log.records.binary_search_by_key(&id, |record| record.id);
        at.ok().and_then(|at| book.log.records.get(at))
    };
    let agrees = |record: &Record| played(record.id).is_none_or(|b| b.fingerprint() == record.fingerprint());
    log.records.iter().all(agrees)
}

/// Moments of a run that were kept, in the order of time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checkpoints(Vec<Checkpoint>);

impl Checkpoints {
    /// Keeps a moment, which is the end of what the book says.
    pub(crate) fn keep(&mut self, present: &Present, book: &Book) {
        let (deeds, last_record) = (book.deeds.len(), book.last_record());
        self.0.push(Checkpoint { present: present.clone(), deeds, last_record, changes: Vec::new() });
        if self.0.len() > CHECKPOINTS_MAX {
            self.thin_out();
        }
    }

    /// Gives up every second one of the older half.
    pub(crate) fn thin_out(&mut self) {
        let half = self.0.len() / 2;
        let mut at = 0;
        self.0.retain(|_| {
            at += 1;
            at == 1 || at > half || at % 2 == 0
        });
    }

    /// The nearest one that is not after `moment`.
    pub(crate) fn nearest(&self, moment: Time) -> Option<&Checkpoint> {
        let after = self.0.partition_point(|kept| kept.present.now() <= moment);
        self.0.get(after.checked_sub(1)?)
    }

    /// Those up to a moment that was kept.
    pub(crate) fn until(&self, end: &Checkpoint) -> Self {
        let before = |kept: &&Checkpoint| {
            kept.present.now() <= end.present.now()
                && kept.last_record <= end.last_record
                && kept.deeds <= end.deeds
        };
        Self(self.0.iter().take_while(before).cloned().collect())
    }
}
