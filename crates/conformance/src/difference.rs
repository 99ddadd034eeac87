//! A difference between a recording and what happened here.

use serde_json::Value;

/// A part that differs.
#[derive(Debug)]
pub struct Difference {
    /// Which part: `state.pods.web-0.phase`, `result.stdout`, `changes`.
    pub part: String,
    /// As recorded.
    pub recorded: Value,
    /// As observed.
    pub observed: Value,
}

impl Difference {
    /// A part with its two sides.
    pub fn new(part: impl Into<String>, recorded: impl Into<Value>, observed: impl Into<Value>) -> Self {
        Self { part: part.into(), recorded: recorded.into(), observed: observed.into() }
    }
}
