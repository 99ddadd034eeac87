//! What the views get: plain data in the viewer's words, shared, so that whether it changed is a comparison of
//! two pointers.

use std::ops::Deref;
use std::rc::Rc;

use api::Key;
use apimachinery::{Lang, Time};
use scene::{Ribbon, Scene};
use session::faults::{Group, InForce, Row};
use session::offers::Offer;
use session::target::Target;
use session::{Entry, Why};

use crate::marks::Marks;
use crate::space::Cause;
use crate::words::Words;

/// Data that is handed about; two are the same if they are one.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// To be shared from now on.
    pub fn new(data: T) -> Self {
        Self(Rc::new(data))
    }
}

impl<T> From<Rc<T>> for Shared<T> {
    fn from(data: Rc<T>) -> Self {
        Self(data)
    }
}

impl<T: PartialEq> Shared<T> {
    /// Takes newer data, but stays what it is if they say the same.
    pub fn renew(&mut self, data: T) {
        if *self.0 != data {
            *self = Self::new(data);
        }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A list whose items are shared each for itself.
pub type SharedList<T> = Shared<Vec<Shared<T>>>;

/// What every component knows: the words and who is selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Its texts.
    pub words: &'static Words,
    /// The selected object.
    pub selected: Option<Key>,
    /// The moment on stage, in microseconds since 0:00.
    pub now: i64,
    /// 0:00, as the cluster's clock says.
    pub origin: Time,
}

impl Frame {
    /// Microseconds since 0:00 of a moment of the cluster.
    pub fn since_start(&self, moment: Time) -> i64 {
        moment.micros_since(self.origin)
    }
}

/// A lane of the timeline: the life of one ordinal.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// `web-1`.
    pub name: Rc<str>,
    /// What has happened.
    pub life: Option<Shared<Ribbon>>,
    /// The same and what comes after it, if nobody acts.
    pub ahead: Option<Shared<Ribbon>>,
}

/// A piece of a lane of the overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Which row, from the top.
    pub row: usize,
    /// From, in microseconds since 0:00.
    pub from: i64,
    /// Until.
    pub until: i64,
    /// How it is painted.
    pub paint: Paint,
}

/// How a piece of the overview is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    /// As the revision with this pattern.
    Revision(u8),
    /// On its way.
    Busy,
    /// Leaving, or lost.
    Gone,
    /// Something goes wrong again and again.
    Bad,
}

/// All lanes at once, as far as they can be seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overview {
    /// How many rows there are.
    pub rows: usize,
    /// What is on them.
    pub strokes: Vec<Stroke>,
}

/// The timeline's data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimelineView {
    /// The lanes, by namespace, set and ordinal.
    pub lanes: Shared<Vec<Lane>>,
    /// How many characters the longest name of a lane has.
    pub name_length: usize,
    /// The lane of the Pod whose turn it is, or of the selected one.
    pub acting: Option<usize>,
    /// Something is known of what comes after the head.
    pub looks_ahead: bool,
    /// After the head nothing changes, if nobody acts.
    pub is_at_rest: bool,
    /// All lanes at once.
    pub overview: Shared<Overview>,
    /// When something was decided about the selected object.
    pub decisions: Shared<Vec<i64>>,
    /// What a person did: when (microseconds), and its words.
    pub flags: Shared<Vec<(i64, String)>>,
    /// The head, in microseconds since 0:00.
    pub head: i64,
    /// How far the ruler reaches.
    pub end: i64,
}

impl TimelineView {
    /// An empty one, as long as a short session.
    pub fn short() -> Self {
        Self { end: 45_000_000, ..Self::default() }
    }
}

/// What of the session is on the page: made by `show`, drawn by `draw`.
#[derive(Debug, Default)]
pub struct Shown {
    /// The moment on stage, in microseconds since 0:00.
    pub now: i64,
    /// 0:00, as the cluster's clock says.
    pub origin: Time,
    /// The stage shows the past.
    pub in_past: bool,
    /// What is on stage.
    pub scene: Shared<Scene>,
    /// The timeline.
    pub timeline: TimelineView,
    /// Decisions up to the moment on stage.
    pub decisions: usize,
    /// Names of branches left behind.
    pub branches: Shared<Vec<String>>,
    /// What is on the terminal's screen.
    pub entries: SharedList<Entry>,
    /// The command that runs at the terminal.
    pub running: Running,
    /// Why the selected object, or whatever is stuck most, waits.
    pub why: Option<Shared<Why>>,
    /// What can be done with the selected object.
    pub offers: Shared<Vec<Offer>>,
    /// What is in force.
    pub in_force: Shared<Vec<InForce>>,
    /// The menu of faults, while it is open.
    pub faults: Option<Shared<FaultsView>>,
    /// How many Events there are at the moment on stage.
    pub events: usize,
    /// They themselves, newest first, while somebody looks at them.
    pub rows: Shared<Vec<EventRow>>,
    /// What of it was looked at last.
    pub marks: Marks,
}

/// The menu of faults.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultsView {
    /// What they are done to.
    pub target: Target,
    /// What the arrow keys choose from.
    pub targets: Vec<Key>,
    /// Its rows.
    pub rows: Vec<(Group, Vec<Row>)>,
    /// What was found by typing.
    pub found: Vec<Found>,
}

impl FaultsView {
    /// What is aimed at.
    pub const fn aimed(&self) -> Option<&Key> {
        if self.target.pod.is_some() { self.target.pod.as_ref() } else { self.target.node.as_ref() }
    }
}

/// A fault of some target, found by typing.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The row.
    pub row: Row,
    /// What it is called, with its target.
    pub label: String,
    /// What it is about, besides that: the Pod that runs on a node.
    pub says: String,
}

/// The command that runs at the terminal, if one does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Running {
    /// One runs.
    pub is_on: bool,
    /// What it asks with, if it reads lines.
    pub asks: Option<String>,
    /// It waits for its document.
    pub edits: bool,
}

/// What a manifest asks for. The page's own, since it is drawn before the engine has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The set's name.
    pub name: String,
    /// How many Pods.
    pub replicas: i64,
    /// The lowest ordinal.
    pub first: i64,
    /// All at once.
    pub parallel: bool,
}

/// A row of the event log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// The Event's name.
    pub name: String,
    /// When it last happened, in microseconds since 0:00.
    pub at: i64,
    /// Whether it is a Warning.
    pub warning: bool,
    /// `SuccessfulCreate`.
    pub reason: String,
    /// `statefulset/web`.
    pub object: String,
    /// Kubernetes' sentence.
    pub message: String,
    /// How often.
    pub count: i64,
}

/// A request on its way along a column, shown for a moment of real time.
#[derive(Debug, Clone, PartialEq)]
pub struct Pill {
    /// `PATCH web-1/status`.
    pub text: String,
    /// The identity that it is about, by Pod name.
    pub pod: String,
    /// From the kubelet up, not from a controller down.
    pub upwards: bool,
    /// When it began, on the page's clock in milliseconds.
    pub since: f64,
}

/// A tab of the top bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabView {
    /// The workspace's name in the storage.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// A person has changed something in it.
    pub mine: bool,
    /// It is on stage.
    pub on: bool,
}

/// A workspace that is no longer among the tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneView {
    /// Its name in the storage.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Why it went.
    pub cause: Cause,
    /// When, as a clock on the wall says.
    pub at: String,
}

/// How the engine stands, where somebody waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notice {
    /// Nobody waits.
    #[default]
    None,
    /// It is on its way, and something waits for it.
    Coming,
    /// It could not be loaded.
    Missing,
    /// It is here, and what was done in an earlier visit is being done again.
    Replaying,
}

impl Notice {
    /// What is said of it.
    pub const fn text(self, words: &'static Words) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Coming => Some(words.engine_coming),
            Self::Missing => Some(words.engine_missing),
            Self::Replaying => Some(words.replaying),
        }
    }
}
