//! Decisions that are clear before they are made.
//!
//! A change may make a thousand keys due of which the controller can only say again what it said last. Then
//! nothing is decided: the last word is taken as said again, with what follows from it.

use api::Key;
use client::{Cursors, Foregone, Outcome, Progress, Seen, SharedReason};

use crate::cluster::Cluster;

impl Cluster {
    /// Settles the next due key of a controller, which knows so much, if it is clear what its decision comes to
    /// and if that was the controller's last word. Says whether it did.
    pub(crate) fn repeat(&mut self, controller: usize, known: &Cursors) -> bool {
        let now = self.now;
        let Some(c) = self.controllers.get_mut(controller) else { return false };
        let Some(key) = c.queue.next_ready().cloned() else { return false };
        let seen = Seen::new(self.api.store(), known).with(&c.memory);
        let Some(foregone) = c.controller.foregone(&key, &seen) else { return false };
        let Some(cause) = c.queue.park_next(&foregone.reason, now, now + foregone.longest) else {
            return false;
        };
        debug_assert!(self.decides_so(controller, &key, cause, &foregone), "it was not: {foregone:?}");
        self.emit(foregone.event, cause);
        true
    }

    /// Whether a decision comes to what was clear beforehand.
    fn decides_so(&self, controller: usize, key: &Key, cause: u64, known: &Foregone) -> bool {
        let (Some(c), Some(mut attempt)) =
            (self.controllers.get(controller), self.attempt(controller, key, cause))
        else {
            return false;
        };
        let run = attempt.run(c.controller.as_ref(), self.api.store(), &c.memory);
        let is_same_reason = |reason: &SharedReason| format!("{reason:?}") == *known.reason;
        matches!(run.progress, Progress::Ends(Outcome::Parked(longest)) if longest == known.longest)
            && matches!(run.events.as_slice(), [event] if *event == known.event)
            && matches!(run.reasons.as_slice(), [reason] if is_same_reason(reason))
            && run.wakes.is_empty()
    }
}
