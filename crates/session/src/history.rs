//! Finds any moment of a run again: takes the nearest checkpoint before it and plays the deeds that follow.
//!
//! A debug build panics if a replay records anything else than what was played.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use cluster::StepLog;

use crate::act::Deed;
use crate::present::{Present, Spare};
use crate::world::Past;

/// How many checkpoints are kept; with more, every second one of the older half goes.
const CHECKPOINTS_MAX: usize = 512;

/// What is written down of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    /// What was done, in order.
    pub(crate) deeds: Vec<Rc<Deed>>,
    /// What happened.
    pub(crate) log: StepLog,
    /// 0:00.
    pub(crate) origin: Time,
}

impl Book {
    /// The moment of a deed.
    pub(crate) fn moment_of(&self, deed: &Deed) -> Time {
        self.origin + Duration::from_micros(u64::try_from(deed.at_micros).unwrap_or(0))
    }

    /// What is written down up to a moment that was kept.
    pub(crate) fn until(&self, kept: &Checkpoint) -> Self {
        let revision = kept.present.cluster().store().revision();
        Self {
            deeds: self.deeds.iter().take(kept.deeds).cloned().collect(),
            log: StepLog {
                records: self.log.records.iter().take(kept.records).cloned().collect(),
                changes: self.log.changes.iter().take_while(|c| c.revision <= revision).cloned().collect(),
            },
            origin: self.origin,
        }
    }
}

/// A moment of a run, and its place in the run's book.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    pub(crate) present: Present,
    /// How many deeds were done up to it.
    deeds: usize,
    /// How many records there were; a replay is compared with those that follow.
    records: usize,
}

impl Checkpoint {
    /// Goes on to `moment` as the book says, while there is time. Returns whether it came there.
    pub(crate) fn go_on(&mut self, book: &Book, moment: Time, spare: Spare<'_>) -> bool {
        let mut log = StepLog::default();
        let came = loop {
            let next = book.deeds.get(self.deeds).map(|deed| (book.moment_of(deed), deed));
            let next = next.filter(|(at, _)| *at <= moment);
            let until = next.map_or(moment, |(at, _)| at);
            while self.present.now() < until && spare() {
                let end = self.present.next_moment(until);
                self.present.run_until(end, &book.log.changes, &mut log);
            }
            if self.present.now() < until {
                break false;
            }
            let Some((_, deed)) = next else { break true };
            self.present.act(&deed.act, Past { before: &book.log.changes, log: &mut log });
            self.deeds += 1;
        };
        debug_assert!(self.agrees(book, &log), "a replay differs from what was played");
        self.records += log.records.len();
        came
    }

    fn agrees(&self, book: &Book, log: &StepLog) -> bool {
        let played = book.log.records.iter().skip(self.records);
        log.records.iter().zip(played).all(|(a, b)| a.fingerprint() == b.fingerprint())
    }
}

/// Moments of a run that were kept, in the order of time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checkpoints(Vec<Checkpoint>);

impl Checkpoints {
    /// Keeps a moment, which is the end of what the book says.
    pub(crate) fn keep(&mut self, present: &Present, book: &Book) {
        let (deeds, records) = (book.deeds.len(), book.log.records.len());
        self.0.push(Checkpoint { present: present.clone(), deeds, records });
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
            kept.present.now() <= end.present.now() && kept.records <= end.records && kept.deeds <= end.deeds
        };
        Self(self.0.iter().take_while(before).cloned().collect())
    }
}
