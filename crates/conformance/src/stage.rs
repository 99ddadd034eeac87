//! The cluster on which a recording is played, with what is heard and printed there.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apiserver::Change;
use cluster::{Config, Latency};
use serde_json::{Value, json};
use session::present::Job;
use session::{Act, Run};

use crate::names::Names;

/// How long kubectl takes before its first request. Back-offs go on meanwhile.
const COMMAND_BEGINS: Duration = Duration::from_millis(200);
/// How long a client's request takes. Controllers act meanwhile, as they did in the recordings.
pub(crate) const ROUND_TRIP: Duration = Duration::from_millis(5);
/// How long a command that is left running had to begin and to end.
const WATCH_BEGINS: Duration = Duration::from_millis(800);
const WATCH_ENDS: Duration = Duration::from_millis(500);
/// A cluster is read after this long at the latest.
const SETTLE_LIMIT: Duration = Duration::from_mins(2);

/// What a recording does not say, and what is chance when it is played.
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
        client_latency: ROUND_TRIP,
        provisioners: Vec::new(),
        ..Config::default()
    }
}

/// A cluster under way.
pub struct Stage {
    /// All that has happened.
    pub run: Run,
    /// Names for what is chance.
    pub names: Names,
    /// Changes that `names` has heard.
    heard: usize,
    /// The place of the command that was left running.
    watch: Option<usize>,
}

impl Stage {
    /// The first moment of a cluster.
    pub fn new(config: Config) -> Self {
        Self { run: Run::new(config), names: Names::default(), heard: 0, watch: None }
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.run.head().now()
    }

    /// What was written after the first `mark` changes.
    pub fn changes_since(&self, mark: usize) -> Vec<Rc<Change>> {
        self.run.changes().iter().skip(mark).cloned().collect()
    }

    /// Begins a command. The namespace is always named, which some commands remark upon.
    fn start(&mut self, words: &str, input: Option<&str>) -> usize {
        self.run.start(&format!("kubectl -n default {words}"), input, true)
    }

    /// Runs a command for at most `limit`: `exit`, `stdout` and `stderr` as printed.
    pub fn kubectl(&mut self, words: &str, input: Option<&str>, limit: Duration) -> (Value, String, String) {
        self.pass(COMMAND_BEGINS);
        let limit = self.now() + limit;
        let place = self.start(words, input);
        let exit = |run: &Run| run.job(place).and_then(Job::exit);
        while exit(&self.run).is_none() && self.now() < limit {
            self.run.run_moment(limit);
        }
        let code = exit(&self.run).map_or(json!("timeout"), |code| json!(code));
        self.run.act(Act::End { job: place });
        self.hear();
        let printed = self.run.job(place).map(|job| job.printed().clone()).unwrap_or_default();
        (code, printed.stdout, printed.stderr)
    }

    /// Leaves a command running.
    pub fn watch(&mut self, words: &str) {
        self.watch = Some(self.start(words, None));
        self.pass(WATCH_BEGINS);
    }

    /// Ends the command that was left running: its exit code, if it ended by itself, and all it printed.
    pub fn unwatch(&mut self) -> Option<(Option<i32>, String)> {
        self.pass(WATCH_ENDS);
        self.hear();
        let place = self.watch.take()?;
        self.run.act(Act::End { job: place });
        let job = self.run.job(place)?;
        Some((job.exit(), format!("{}{}", job.printed().stdout, job.printed().stderr)))
    }

    /// Takes in the names of what was written since the last call.
    pub fn hear(&mut self) {
        let changes = self.run.changes();
        for change in changes.iter().skip(self.heard).filter(|change| &*change.key.namespace == "default") {
            self.names.hear(change);
        }
        self.heard = changes.len();
    }

    /// Lets time pass.
    pub fn pass(&mut self, by: Duration) {
        self.run.run_until(self.now() + by);
    }

    /// Lets time pass until nothing has been written for `quiet`.
    pub fn settle(&mut self, quiet: Duration) {
        self.run.settle(quiet, SETTLE_LIMIT);
        self.hear();
    }
}
