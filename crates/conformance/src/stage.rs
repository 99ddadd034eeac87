//! The cluster on which a recording is played, with what is heard and printed there.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apiserver::Change;
use cluster::{Config, Latency};
use kubectl::{Command, Output, Poll};
use serde_json::{Value, json};
use session::Timeline;

use crate::names::Names;
use crate::world::Reach;

/// What kubectl needs before its first request. Back-offs go on meanwhile.
const COMMAND_BEGINS: Duration = Duration::from_millis(200);
/// A waiting command looks again after this long at the latest.
const LOOK: Duration = Duration::from_millis(100);
/// How long a command that is left running had to begin and to end.
const WATCH_BEGINS: Duration = Duration::from_millis(800);
const WATCH_ENDS: Duration = Duration::from_millis(500);
/// A cluster is read after this long at the latest.
const SETTLE_LIMIT: Duration = Duration::from_mins(2);

/// What is chance in a play, beside what a recording says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    /// The cluster's seed.
    pub seed: u64,
    /// How late caches hear of a change.
    pub watch_lag: Latency,
}

impl Default for Chance {
    /// As on the recorder's machine, where everything ran.
    fn default() -> Self {
        Self { seed: 7, watch_lag: Latency::micros(400, 600) }
    }
}

/// The part of a configuration that both recorded clusters share: everything on one machine, volumes made by
/// the controller itself.
pub fn config(chance: Chance) -> Config {
    Config {
        seed: chance.seed,
        watch_lag: chance.watch_lag,
        request_latency: Latency::micros(2_000, 2_200),
        answer_latency: Latency::micros(1_500, 1_700),
        provisioners: Vec::new(),
        ..Config::default()
    }
}

/// A command that was left running.
struct Background {
    command: Box<dyn Command>,
    printed: String,
    exit: Option<i32>,
}

/// A cluster under way.
pub struct Stage {
    /// All that has happened.
    pub timeline: Timeline,
    /// Names for what is chance.
    pub names: Names,
    /// Changes that `names` has heard.
    heard: usize,
    watch: Option<Background>,
}

impl Stage {
    /// The first moment of a cluster.
    pub fn new(config: Config) -> Self {
        Self { timeline: Timeline::new(config), names: Names::default(), heard: 0, watch: None }
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.timeline.head().now()
    }

    /// What was written after the first `mark` changes.
    pub fn changes_since(&self, mark: usize) -> Vec<Rc<Change>> {
        self.timeline.changes().iter().skip(mark).cloned().collect()
    }

    /// Runs a command for at most `limit`: `exit`, `stdout` and `stderr` as printed.
    pub fn kubectl(&mut self, words: &str, input: Option<&str>, limit: Duration) -> (Value, String, String) {
        // The namespace is always named, which some commands remark upon.
        let mut command = kubectl::start_simple(&format!("kubectl -n default {words}"), input);
        self.pass(COMMAND_BEGINS);
        let limit = self.now() + limit;
        let mut output = Output::default();
        let exit = loop {
            match command.poll(&mut Reach(&mut self.timeline), &mut output) {
                Poll::Exited(code) => break json!(code),
                Poll::Pending if self.now() >= limit => break json!("timeout"),
                Poll::Pending => self.next_moment(limit),
            }
        };
        self.look();
        self.hear();
        (exit, output.stdout, output.stderr)
    }

    /// Leaves a command running.
    pub fn watch(&mut self, words: &str) {
        let command = kubectl::start_simple(&format!("kubectl -n default {words}"), None);
        self.watch = Some(Background { command, printed: String::new(), exit: None });
        self.pass(WATCH_BEGINS);
    }

    /// Ends the command that was left running: its exit code, if it ended by itself, and all it printed.
    pub fn unwatch(&mut self) -> Option<(Option<i32>, String)> {
        self.pass(WATCH_ENDS);
        self.hear();
        self.watch.take().map(|watch| (watch.exit, watch.printed))
    }

    /// The names hear of what was written meanwhile.
    pub fn hear(&mut self) {
        let changes = self.timeline.changes();
        for change in changes.iter().skip(self.heard).filter(|change| &*change.key.namespace == "default") {
            self.names.hear(change);
        }
        self.heard = changes.len();
    }

    /// Lets the command that was left running print.
    pub fn look(&mut self) {
        let Some(watch) = self.watch.as_mut().filter(|watch| watch.exit.is_none()) else { return };
        let mut output = Output::default();
        if let Poll::Exited(code) = watch.command.poll(&mut Reach(&mut self.timeline), &mut output) {
            watch.exit = Some(code);
        }
        watch.printed.push_str(&output.stdout);
        watch.printed.push_str(&output.stderr);
    }

    /// Does the next thing that is due, or waits a little, until `limit` at the latest.
    pub fn next_moment(&mut self, limit: Time) {
        let horizon = (self.now() + LOOK).min(limit);
        if self.timeline.head().next_due().is_some_and(|due| due <= horizon) {
            self.timeline.step();
        } else {
            self.timeline.run_until(horizon);
        }
        self.look();
    }

    /// Lets time pass.
    pub fn pass(&mut self, by: Duration) {
        let until = self.now() + by;
        self.look();
        while self.now() < until {
            self.next_moment(until);
        }
    }

    /// Lets time pass until nothing has been written for `quiet`.
    pub fn settle(&mut self, quiet: Duration) {
        let limit = self.now() + SETTLE_LIMIT;
        let (mut last, mut revision) = (self.now(), self.timeline.head().store().revision());
        while self.now() < (last + quiet).min(limit) {
            self.next_moment((last + quiet).min(limit));
            if self.timeline.head().store().revision() != revision {
                revision = self.timeline.head().store().revision();
                last = self.now();
            }
        }
        self.hear();
    }
}
