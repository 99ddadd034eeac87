//! How a decision ends, and why it may stop on the way.

use std::time::Duration;

use apimachinery::Status;

/// How a decision ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing more to do until something changes; failures are forgotten.
    Done,
    /// Done, and look again after this long; failures are forgotten.
    DoneAndRequeueAfter(Duration),
    /// Failed: look again after the back-off.
    Failed(String),
    /// Failed for now: stay away until a [`crate::When::AfterBackoff`] (or any other) wake, at the latest
    /// for this long. Counts as a failure for the back-off.
    Parked(Duration),
}

/// Why a pass stops before the decision's end.
#[derive(Debug, Clone, PartialEq)]
pub enum Halt {
    /// A request has been asked for and not been answered yet.
    Suspended,
    /// A request failed, or the controller gives up for another reason: back-off, then again.
    Failed(Status),
}

impl From<Status> for Halt {
    fn from(status: Status) -> Self {
        Self::Failed(status)
    }
}
