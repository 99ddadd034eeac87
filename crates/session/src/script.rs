//! What a person did, written down: enough to come to the same place again.

use std::time::Duration;

use apimachinery::Time;
use cluster::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::session::{Branch, Session};
use crate::world::File;

/// Something that a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Deed {
    /// When, in microseconds since 0:00.
    pub at_micros: i64,
    /// What.
    pub act: Act,
}

/// What a person did.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Typed a command line.
    Command {
        /// As typed.
        line: String,
        /// The documents that it named, as they were.
        files: Vec<File>,
    },
    /// Applied a text.
    Apply {
        /// The document's name.
        name: String,
        /// Its text at that moment.
        text: String,
    },
    /// Let something happen to the machines.
    Fault {
        /// What.
        fault: Fault,
        /// In words.
        text: String,
    },
}

impl Act {
    /// The bytes of its texts.
    fn size(&self) -> usize {
        match self {
            Self::Command { line, files } => {
                line.len() + files.iter().map(|(_, text)| text.len()).sum::<usize>()
            }
            Self::Apply { text, .. } => text.len(),
            Self::Fault { .. } => 0,
        }
    }
}

/// A refused text of more bytes is not done again in a later session.
const REFUSED_MAX: usize = 64 * 1024;
/// A replayed session may be this long.
const REPLAY_LIMIT: Duration = Duration::from_secs(3_600);
impl Session {
    /// What was done, in order: enough to come here again.
    pub fn script(&self) -> &[Deed] {
        &self.script
    }

    /// Does again what was done in an earlier session of the same cluster. Stops at the limit of
    /// simulated time that a page may spend on it.
    pub fn replay(&mut self, script: &[Deed]) {
        for deed in script {
            let at =
                self.timeline.origin() + Duration::from_micros(u64::try_from(deed.at_micros).unwrap_or(0));
            if at > self.timeline.origin() + REPLAY_LIMIT {
                return;
            }
            self.timeline.run_until(at);
            self.terminal.poll(&mut self.timeline);
            match &deed.act {
                Act::Command { line, files } => self.command_with(line, files.clone()),
                Act::Apply { name, text } => self.apply_text(name, text),
                Act::Fault { fault, text } => self.fault(fault.clone(), text),
            }
        }
    }

    /// Branches left behind, as what was done in each and when it was left.
    pub fn branch_scripts(&self) -> Vec<(i64, Vec<Deed>)> {
        self.branches.iter().map(|b| (self.since_start(b.forked_at), b.script.clone())).collect()
    }

    /// Takes up an earlier session of the same cluster: its branches, its deeds, and its last moment.
    pub fn restore(&mut self, branches: &[(i64, Vec<Deed>)], script: &[Deed], until_micros: i64) {
        let moment =
            |origin: Time, micros: i64| origin + Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        for (forked_at, deeds) in branches {
            let mut other = Self::new(self.timeline.head().config().clone(), None);
            other.replay(deeds);
            let forked_at = moment(other.timeline.origin(), *forked_at);
            let name = other
                .timeline
                .flags()
                .iter()
                .find(|f| f.at >= forked_at)
                .map_or(String::new(), |f| f.text.clone());
            self.branches.push(Branch { name, forked_at, timeline: other.timeline, script: deeds.clone() });
        }
        self.replay(script);
        let until = moment(self.timeline.origin(), until_micros).min(self.timeline.origin() + REPLAY_LIMIT);
        self.timeline.run_until(until);
        self.terminal.poll(&mut self.timeline);
    }

    pub(crate) fn note(&mut self, act: Act) {
        let at_micros = self.since_start(self.timeline.head().now());
        self.script.push(Deed { at_micros, act });
    }

    /// Only what changed the cluster gets a flag. A huge text that was refused is not kept: it would fill
    /// the browser's storage, and what comes after it would be lost.
    pub(crate) fn flag_if_acted(&mut self, inputs_before: usize, at: Time, text: &str) {
        if self.timeline.inputs().len() > inputs_before {
            self.timeline.flag_at(at, text.trim_start_matches("kubectl "));
        } else if self.script.last().is_some_and(|deed| deed.act.size() > REFUSED_MAX) {
            self.script.pop();
        }
    }
}
