//! What of the session was looked at last: what is the same now need not be looked at again.

use std::rc::Rc;

use api::Key;
use apimachinery::{Lang, Time};
use cluster::RecordId;
use scene::Ribbon;
use session::names::Lookup;
use session::{Forecast, Screen};

/// What "Why?" is answered from: the store's revision on stage, the last record before that moment, and the name that
/// a command has just not found, which leaves none. Records of long ago are gone; revisions stay.
pub type Happened = (u64, RecordId, Option<Lookup>);

/// What was looked at last.
#[derive(Debug, Default)]
pub struct Marks {
    /// The line of time.
    pub line: u64,
    /// How long it took to look all up the last time, in milliseconds, and when that was.
    pub took: f64,
    /// When that was, by the model's watch.
    pub refreshed: f64,
    /// The state of what is on stage.
    pub moment: Moment,
    /// What was missing at this revision, after so many deeds, in the past or not.
    pub missing: Option<(u64, usize, bool)>,
    /// The head's revision, and its last record, whose lives are on the timeline.
    pub lives: Option<(u64, RecordId)>,
    /// The lives up to the head.
    pub ribbons: Vec<Rc<Ribbon>>,
    /// The lives if nobody acts.
    pub ahead: Vec<Rc<Ribbon>>,
    /// The last thing that happens in them, in microseconds since 0:00.
    pub reach: i64,
    /// How many flags are on it.
    pub flags: Option<usize>,
    /// What the answer to "Why?" was asked of: it says something else only if something has happened since.
    pub why: Option<(Happened, Option<Key>, Lang)>,
    /// The same of what is announced.
    pub announced: Option<(Happened, Lang)>,
    /// What the offers were asked of.
    pub offers: Option<(Moment, Option<Key>)>,
    /// What the list of what is in force was asked of.
    pub in_force: Option<Moment>,
    /// What the menu of faults was asked of: the moment, the target, and what was typed.
    pub faults: Option<(Moment, Option<Key>, Option<String>, Lang)>,
    /// The store's revision whose Events are counted.
    pub events: Option<u64>,
    /// The store's revision whose Events are shown.
    pub rows: Option<u64>,
    /// The last record that has had its pill.
    pub piped: RecordId,
    /// What is on the terminal's screen.
    pub screen: Screen,
    /// A forecast that has not come to its end.
    pub looks_ahead: Option<Forecast>,
    /// The head's revision when the forecast was made.
    pub forecast: Option<u64>,
    /// The page's clock at that time, in milliseconds.
    pub forecast_at: f64,
    /// Whose decisions are on the timeline.
    pub decided_about: Option<Key>,
}

/// A state of what is on stage: its moment, and the steps, deeds and the last record that led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// When; nothing before the first look, or where only the state matters.
    pub now: Option<Time>,
    /// Steps of the cluster on stage.
    pub steps: u64,
    /// Deeds up to the head.
    pub deeds: usize,
    /// The last record up to the head.
    pub record: RecordId,
}
