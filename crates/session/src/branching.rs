//! How a session begins branches, goes over to them, and does again what was done in an earlier visit.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;

use crate::act::Deed;
use crate::branch::Branch;
use crate::present::Spare;
use crate::run::Run;
use crate::session::Session;

/// Branches kept besides the current run.
const BRANCHES_MAX: usize = 20;

impl Session {
    /// Runs that were left.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Begins a branch at the moment on stage if that is the past; the other run is kept.
    pub(crate) fn fork_if_past(&mut self) {
        let Some(fork) = self.run.fork() else { return };
        let forked_at = self.since_start(fork.head().now());
        let mut left = std::mem::replace(&mut self.run, fork);
        left.leave();
        let until = self.since_start(left.head().now());
        let name = Branch::name_of(left.deeds().iter(), forked_at);
        self.branches.push(Branch { name, forked_at, run: Some(left), deeds: Vec::new(), until });
        let surplus = self.branches.len().saturating_sub(BRANCHES_MAX);
        self.branches.drain(..surplus);
    }

    /// Goes over to a branch; the current run takes its place. If the branch is from an earlier visit, it is still to
    /// be played: see [`Self::catch_up`].
    pub fn switch_branch(&mut self, index: usize) {
        let Some(branch) = self.branches.get_mut(index) else { return };
        let run = branch.run.take().unwrap_or_else(|| Run::new(self.config.clone()).thinning_out());
        let mut left = std::mem::replace(&mut self.run, run);
        left.leave();
        let until = left.head().now().micros_since(left.origin());
        let ahead = std::mem::take(&mut self.ahead);
        let next =
            Branch { deeds: std::mem::take(&mut branch.deeds), until: branch.until, ..Branch::default() };
        *branch = Branch {
            until: until.max(ahead.until),
            name: String::new(),
            forked_at: branch.forked_at,
            run: Some(left),
            deeds: ahead.deeds,
        };
        branch.name = Branch::name_of(branch.all_deeds(), branch.forked_at);
        self.ahead = next;
        self.take_files();
    }

    /// Whether part of an earlier visit is still to be done again.
    pub fn is_behind(&self) -> bool {
        !self.ahead.deeds.is_empty() || self.run.head().now() < self.goal() || self.cursor.is_some()
    }

    /// The moment to which the current run went in an earlier visit.
    pub fn goal(&self) -> Time {
        self.run.origin() + micros_of(self.ahead.until)
    }

    /// Does again what was done in an earlier visit, while there is time. Returns whether all is done.
    pub fn catch_up(&mut self, spare: Spare<'_>) -> bool {
        if !self.is_behind() {
            return true;
        }
        let mut waiting = std::mem::take(&mut self.ahead.deeds).into_iter();
        while let Some(deed) = waiting.next() {
            if !self.run.run_within(self.run.moment_of(&deed), spare) {
                self.ahead.deeds = std::iter::once(deed).chain(waiting).collect();
                break;
            }
            self.act(deed.act.clone());
        }
        let came = self.ahead.deeds.is_empty() && self.run.run_within(self.goal(), spare);
        // What commands wrote then is among the documents that were kept.
        self.run.terminal_mut().take_saved();
        self.documents.show_edited(self.run.present().terminal().document());
        let cursor = self.cursor.filter(|_| came);
        let shown =
            cursor.is_none_or(|micros| self.run.seek_within(self.run.origin() + micros_of(micros), spare));
        if came && shown {
            self.cursor = None;
        }
        came && shown
    }

    /// Gives up what is still to be done again. Returns those deeds, so that nothing is lost.
    pub fn give_up(&mut self) -> Vec<Rc<Deed>> {
        self.cursor = None;
        std::mem::take(&mut self.ahead).deeds
    }
}

fn micros_of(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}
