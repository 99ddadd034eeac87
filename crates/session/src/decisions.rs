//! From decision to decision, and from one thing that a person did to the next.

use api::Key;
use cluster::{Record, What};

use crate::session::{FORECAST, Session};

impl Session {
    /// Puts the next decision after the moment on stage, simulating at most a minute to find one.
    pub fn next_decision(&mut self) {
        let now = self.now();
        let found = |records: &[Record]| records.iter().find(|r| r.at > now && is_decision(r)).map(|r| r.at);
        let limit = now + FORECAST;
        while found(self.timeline.records()).is_none()
            && self.timeline.head().next_due().is_some_and(|due| due <= limit)
        {
            self.timeline.step();
        }
        let at = found(self.timeline.records()).unwrap_or(limit);
        self.timeline.run_until(at);
        self.seek(at);
    }

    /// Puts the decision before the moment on stage.
    pub fn previous_decision(&mut self) {
        let now = self.now();
        let before = self.timeline.records().iter().rev().find(|r| r.at < now && is_decision(r));
        let at = before.map_or(self.timeline.origin(), |r| r.at);
        self.seek(at);
    }

    /// Puts the previous (or next) thing that a person did on stage.
    pub fn seek_flag(&mut self, forward: bool) {
        let now = self.now();
        let flags = self.timeline.flags();
        let at = if forward {
            flags.iter().find(|f| f.at > now).map_or(self.timeline.head().now(), |f| f.at)
        } else {
            flags.iter().rev().find(|f| f.at < now).map_or(self.timeline.origin(), |f| f.at)
        };
        self.seek(at);
    }

    /// How many decisions were made up to the moment on stage.
    pub fn decisions(&self) -> usize {
        let now = self.now();
        self.timeline.records().iter().take_while(|r| r.at <= now).filter(|r| is_decision(r)).count()
    }

    /// When components decided something about an object, in microseconds since 0:00, up to the head.
    pub fn decisions_about(&self, key: &Key) -> Vec<i64> {
        let about = |record: &&Record| matches!(&record.what, What::Decided { reason, .. } if reason.subject() == *key);
        self.timeline.records().iter().filter(about).map(|record| self.since_start(record.at)).collect()
    }
}

/// Whether a record is a decision of a component: what the step buttons stop at.
fn is_decision(record: &Record) -> bool {
    matches!(record.what, What::Decided { .. })
}
