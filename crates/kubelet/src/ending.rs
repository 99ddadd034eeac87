//! How far a Pod's end has come.

use apimachinery::Time;

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Containers are stopping.
    Stopping {
        /// The grace period that was counted from, in seconds.
        grace: i64,
    },
    /// They have stopped; the last status follows then.
    Stopped(Time),
    /// The last status is written; the object is removed then.
    Finishing(Time),
    /// The removal is asked for.
    Removing,
}

impl Ending {
    /// When the next step is due.
    pub fn next_due(&self) -> Option<Time> {
        match self {
            Self::Stopped(at) | Self::Finishing(at) => Some(*at),
            Self::Stopping { .. } | Self::Removing => None,
        }
    }
}
