//! How far a Pod's end has come.

use apimachinery::Time;

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Containers are stopping.
    Stopping {
        /// The grace period by which their deadline was set, in seconds.
        grace: i64,
    },
    /// They have stopped; at this moment the last status follows.
    Stopped(Time),
    /// The last status is written; at this moment the object is removed.
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
