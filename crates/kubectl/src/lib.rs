//! kubectl: a command line becomes requests, answers become text.
//!
//! A command is a small machine that is polled: it makes its requests through [`World`], writes to an
//! [`Output`], and either ends with an exit code or waits for the world to change. So `get -w`,
//! `rollout status` and `wait` stream while simulated time passes, and nothing here is asynchronous.

pub mod world;

pub use world::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

/// What a command has printed since it was last asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// Whether a command has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// It waits for the world to change, or for time to pass.
    Pending,
    /// It has ended with this exit code.
    Exited(i32),
}
