//! What is done to a cluster, and when: as data that can be made, printed, read and made smaller.
//!
//! The text has a line for each fact. Times are milliseconds since 0:00 of the timeline:
//!
//! ```text
//! seed 7
//! nodes 2
//! lag 2000..15000
//! 0 apply {"apiVersion":"v1","kind":"Service", …}
//! 1500 kubectl scale sts/web --replicas=3
//! 2500 fault {"PowerOff":{"node":"node-1"}}
//! ```

use std::fmt::{self, Write};
use std::time::Duration;

use apimachinery::value::ValueExt;
use cluster::{Config, Fault, Latency, NodeSpec};
use serde_json::Value;
use session::first_laboratory;

/// What is done to a cluster.
#[derive(Debug, Clone, PartialEq)]
pub enum Cue {
    /// `kubectl apply -f -` with this manifest.
    Apply(Value),
    /// A command line.
    Command(String),
    /// A fault.
    Fault(Fault),
}

/// When something is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Milliseconds since 0:00.
    pub at_ms: u64,
    /// What.
    pub cue: Cue,
}

/// A run, as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The cluster's seed.
    pub seed: u64,
    /// How many nodes it has.
    pub nodes: usize,
    /// How late caches are, at least and at most, in microseconds.
    pub lag: (u64, u64),
    /// What is done, in the order of time.
    pub moments: Vec<Moment>,
}

impl Scenario {
    /// The names of the nodes.
    pub fn node_names(&self) -> impl Iterator<Item = String> + use<> {
        (1..=self.nodes).map(|at| format!("node-{at}"))
    }

    /// The cluster that it is played on.
    pub fn config(&self) -> Config {
        Config {
            seed: self.seed,
            nodes: self.node_names().map(|name| NodeSpec::named(&name)).collect(),
            watch_lag: Latency::micros(self.lag.0, self.lag.1),
            // Scenarios that were found once go on being what they were.
            ..first_laboratory()
        }
    }

    /// Reads the text that [`fmt::Display`] writes. Lines that begin with `#` are comments.
    ///
    /// # Errors
    /// The line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut scenario = Self { seed: 0, nodes: 3, lag: (2_000, 15_000), moments: Vec::new() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            scenario.read_line(line).ok_or_else(|| format!("cannot read `{line}`"))?;
        }
        Ok(scenario)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "seed" => self.seed = rest.parse().ok()?,
            "nodes" => self.nodes = rest.parse().ok()?,
            "lag" => {
                let (min, max) = rest.split_once("..")?;
                self.lag = (min.parse().ok()?, max.parse().ok()?);
            }
            _ => self.moments.push(Moment { at_ms: word.parse().ok()?, cue: read_cue(rest)? }),
        }
        Some(())
    }

    /// Whether something in it may be refused for want of quota.
    pub fn has_quotas(&self) -> bool {
        let is_quota =
            |cue: &Cue| matches!(cue, Cue::Apply(manifest) if manifest.str_at(&["kind"]) == "ResourceQuota");
        self.moments.iter().any(|moment| is_quota(&moment.cue))
    }

    /// When the last thing is done.
    pub fn ends(&self) -> Duration {
        Duration::from_millis(self.moments.last().map_or(0, |moment| moment.at_ms))
    }
}

fn read_cue(text: &str) -> Option<Cue> {
    if let Some(json) = text.strip_prefix("apply ") {
        return serde_json::from_str(json).ok().map(Cue::Apply);
    }
    if let Some(json) = text.strip_prefix("fault ") {
        let value: Value = serde_json::from_str(json).ok()?;
        return Fault::try_from(value).ok().map(Cue::Fault);
    }
    text.starts_with("kubectl ").then(|| Cue::Command(text.to_owned()))
}

impl fmt::Display for Cue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apply(manifest) => write!(f, "apply {manifest}"),
            Self::Command(line) => f.write_str(line),
            Self::Fault(fault) => write!(f, "fault {}", Value::from(fault.clone())),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = self.lag;
        let mut text = format!("seed {}\nnodes {}\nlag {min}..{max}\n", self.seed, self.nodes);
        for moment in &self.moments {
            writeln!(text, "{} {}", moment.at_ms, moment.cue)?;
        }
        f.write_str(&text)
    }
}
