//! What is written down of a run, and how it thins out with age.
//!
//! Any moment can be played again, so what happened long ago needs no records of its own: they are there to explain
//! it and to list it. Without a limit an idle set would take 1.6 MB in a simulated hour, most of it heartbeats of its
//! nodes, and a set whose Pod crashes many times as much.

use std::rc::Rc;
use std::time::Duration;

use api::Kind;
use apimachinery::Time;
use apiserver::Change;
use cluster::{Record, StepLog, What};

use crate::act::Deed;

/// Records that are kept; with more, the older ones go.
const RECORDS_MAX: usize = 8_192;
/// So many new records are looked through for what need not stay.
const LOOK_EVERY: usize = 512;
/// Heartbeats of nodes stay this long.
const HEARTBEATS: Duration = Duration::from_mins(10);

/// What is written down of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    /// What was done, in order.
    pub(crate) deeds: Vec<Rc<Deed>>,
    /// What happened, as far as it is kept.
    pub(crate) log: StepLog,
    /// 0:00.
    pub(crate) origin: Time,
    /// Before this moment only deeds are kept; 0:00 if everything is.
    pub(crate) forgotten: Time,
    /// How many records there were when they were looked through.
    looked_through: usize,
}

impl Book {
    /// An empty book that begins at 0:00.
    pub(crate) fn new(origin: Time) -> Self {
        Self { origin, forgotten: origin, ..Self::default() }
    }

    /// The moment of a deed.
    pub(crate) fn moment_of(&self, deed: &Deed) -> Time {
        self.origin + Duration::from_micros(u64::try_from(deed.at_micros).unwrap_or(0))
    }

    /// What is written down up to a moment: so many deeds, up to this record and this revision of the store.
    pub(crate) fn until(&self, deeds: usize, last_record: u64, revision: u64) -> Self {
        let is_before = |record: &&Record| record.id <= last_record;
        Self {
            deeds: self.deeds.iter().take(deeds).cloned().collect(),
            log: StepLog {
                records: self.log.records.iter().take_while(is_before).cloned().collect(),
                changes: self.log.changes.iter().take_while(|c| c.revision <= revision).cloned().collect(),
            },
            origin: self.origin,
            forgotten: self.forgotten,
            looked_through: 0,
        }
    }

    /// The id of the last record; 0 if there is none.
    pub(crate) fn last_record(&self) -> u64 {
        self.log.records.last().map_or(0, |record| record.id)
    }

    /// Whether enough has come to look through all.
    pub(crate) fn may_be_thinned(&self) -> bool {
        self.log.records.len() > self.looked_through + LOOK_EVERY
    }

    /// Drops old heartbeats. If there is still too much, the oldest quarter goes but for what people and faults did;
    /// and if they did most of it, that goes, too. Returns whether more than heartbeats went.
    pub(crate) fn thin_out(&mut self) -> bool {
        let StepLog { records, changes } = &mut self.log;
        let Some(last) = records.last().map(|record| record.at) else { return false };
        let recent = last - HEARTBEATS;
        records.retain(|record| record.at >= recent || !is_heartbeat(record));
        changes.retain(|change| change.at >= recent || change.key.kind != Kind::Lease);
        let mut has_forgotten = false;
        while records.len() > RECORDS_MAX
            && let Some(quarter) = records.get(records.len() / 4).map(|record| record.at)
        {
            let before = records.len();
            records.retain(|record| record.at >= quarter || is_of_a_person(record));
            if records.len() > before / 8 * 7 {
                records.retain(|record| record.at >= quarter);
            }
            changes.retain(|change| change.at >= quarter);
            (self.forgotten, has_forgotten) = (quarter, true);
            if records.len() == before {
                // All of it happened at one moment.
                break;
            }
        }
        self.looked_through = self.log.records.len();
        has_forgotten
    }
}

fn is_heartbeat(record: &Record) -> bool {
    let is_lease = |changes: &[Rc<Change>]| changes.iter().all(|change| change.key.kind == Kind::Lease);
    matches!(&record.what, What::Requested { key, changes, .. } if key.kind == Kind::Lease && is_lease(changes))
}

fn is_of_a_person(record: &Record) -> bool {
    record.actor.is_user() || matches!(record.what, What::Fault(_))
}
