//! When components decided something: where the step buttons stop, and what the timeline marks.

use api::Key;
use apimachinery::Time;

use crate::run::Run;

impl Run {
    /// How many decisions components made up to a moment.
    pub fn decisions_until(&self, moment: Time) -> usize {
        self.decisions().moments().partition_point(|at| *at <= moment)
    }

    /// When a component next decided something after a moment, as far as it is known.
    pub fn decision_after(&self, moment: Time) -> Option<Time> {
        self.decisions().moments().get(self.decisions_until(moment)).copied()
    }

    /// When a component last decided something before a moment.
    pub fn decision_before(&self, moment: Time) -> Option<Time> {
        let decided = self.decisions().moments();
        decided.get(decided.partition_point(|at| *at < moment).checked_sub(1)?).copied()
    }

    /// When components decided something about an object, up to the head.
    pub fn decisions_about(&self, key: &Key) -> impl Iterator<Item = Time> {
        let mut moments: Vec<Time> =
            self.decisions().about(key, self.records(), self.head().now()).map(|record| record.at).collect();
        moments.reverse();
        moments.into_iter()
    }
}
