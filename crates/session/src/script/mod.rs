//! A session written down: enough to come to the same place again, in a browser's storage, in a link, in a file.
//!
//! The text is JSON, version 1 or 2, described in `FORMAT.md` beside this file. [`read`] turns a text into a [`Script`]
//! and [`write`] a script into its one canonical text; [`options`] is a cluster's configuration in both directions.
//! Reading is bounded: a text that is longer, or asks for more than [`Limits`] allow, is refused before anything is
//! played. Playing is piece by piece: [`Session::open`] does nothing yet, [`Session::catch_up`] goes on while there
//! is time.

pub mod options;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Lang;
use cluster::Config;
use serde_json::Value;

use crate::act::{Act, Deed};
use crate::branch::Branch;
use crate::documents::{Document, Documents};
use crate::laboratory::laboratory;
use crate::run::Run;
use crate::session::Session;

pub use read::Refused;

/// The newest version. A session of an older laboratory is written in the version of that one.
const VERSION: u64 = 2;
/// The member that holds the version, and by which a text is known to be a script.
const MARK: &str = "ordinal";

/// A longer text, in bytes, is not written down if it was never sent.
const REFUSED_MAX: usize = 64 * 1024;

/// How much a script may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The length of its text, in bytes.
    pub bytes: usize,
    /// Deeds, those of branches included.
    pub deeds: usize,
    /// Simulated time from 0:00 to its last moment.
    pub span: Duration,
}

impl Limits {
    /// What a link may ask for: it comes from somebody else.
    pub const LINK: Self = Self { bytes: 1 << 20, deeds: 1_000, span: Duration::from_secs(24 * 3_600) };
    /// What a browser keeps of a person's own work.
    pub const KEPT: Self =
        Self { bytes: 16 << 20, deeds: 100_000, span: Duration::from_secs(30 * 24 * 3_600) };
}

/// A run as it stands in a script.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What was done, in the order of time.
    pub deeds: Vec<Rc<Deed>>,
    /// How far it goes, in microseconds since 0:00.
    pub until: i64,
}

/// A run written down, as far as it is played and beyond. A long text that was never sent to the API server is left
/// out: it would fill the browser's storage, and what comes after it would be lost.
fn written(run: Option<&Run>, ahead: &[Rc<Deed>], until: i64) -> Line {
    let kept = |run: &Run, place: usize, deed: &Rc<Deed>| {
        let (line, bytes) = match &deed.act {
            Act::Line { line, files } => (line.clone(), files.iter().map(|(_, text)| text.len()).sum()),
            Act::Apply { name, text } => (format!("kubectl apply -f {name}"), text.len()),
            _ => return deed.clone(),
        };
        if bytes <= REFUSED_MAX || run.has_flag(place) {
            return deed.clone();
        }
        Rc::new(Deed { at_micros: deed.at_micros, act: Act::Omitted { line, bytes } })
    };
    let played = run
        .into_iter()
        .flat_map(|run| run.deeds().iter().enumerate().map(move |(place, deed)| kept(run, place, deed)));
    Line { deeds: played.chain(ahead.iter().cloned()).collect(), until }
}

/// A run that was left, as it stands in a script.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Left {
    /// What it is called.
    pub name: String,
    /// Where it left another run, in microseconds since 0:00.
    pub forked_at: i64,
    /// The run.
    pub line: Line,
}

/// A session written down. Everything is optional: what is not given is as in a new laboratory.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The cluster; a script that was read always has one.
    pub cluster: Option<Config>,
    /// The editor's documents.
    pub documents: Vec<Document>,
    /// Which of them is open.
    pub open: usize,
    /// The current run.
    pub line: Line,
    /// Runs that were left.
    pub branches: Vec<Left>,
    /// The moment on stage if it is not the last one, in microseconds since 0:00.
    pub cursor: Option<i64>,
    /// The page's language.
    pub lang: Option<Lang>,
    /// What else the page shows, in its own words.
    pub view: Option<Value>,
}

impl Session {
    /// The session written down, with what is still to be done again of an earlier visit.
    pub fn script(&self) -> Script {
        let left = |branch: &Branch| Left {
            name: branch.name.clone(),
            forked_at: branch.forked_at,
            line: written(branch.run.as_ref(), &branch.deeds, branch.until),
        };
        let until = self.ahead.until.max(self.since_start(self.run.head().now()));
        Script {
            cluster: Some(self.config.clone()),
            documents: self.documents.all.clone(),
            open: self.documents.open,
            line: written(Some(&self.run), &self.ahead.deeds, until),
            branches: self.branches.iter().map(left).collect(),
            cursor: self.in_past().then(|| self.since_start(self.now())),
            lang: None,
            view: None,
        }
    }

    /// Begins a session that was written down, with its documents and with its cluster at 0:00. Its deeds are
    /// still to be done again, by [`Self::catch_up`].
    pub fn open(script: &Script) -> Self {
        let mut session = Self::new(script.cluster.clone().unwrap_or_else(laboratory), None);
        session.documents = Documents::of(script.documents.clone(), script.open);
        session.take_up(script);
        session
    }

    /// Takes up the runs that were written down, for a cluster at 0:00.
    pub fn take_up(&mut self, script: &Script) {
        let ahead =
            |line: &Line| Branch { deeds: line.deeds.clone(), until: line.until, ..Branch::default() };
        self.ahead = ahead(&script.line);
        let left =
            |left: &Left| Branch { name: left.name.clone(), forked_at: left.forked_at, ..ahead(&left.line) };
        self.branches = script.branches.iter().map(left).collect();
        self.cursor = script.cursor;
    }
}
