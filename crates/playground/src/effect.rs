//! What an action asks of the browser, as data. `platform` carries it out; a test reads it.

use apimachinery::Lang;
use session::{ChangedLine, Diagnostic, Drift};

use crate::regions::{Action, Pane};
use crate::view::Shared;

/// Effects in the order in which they are carried out.
pub type Effects = Vec<Effect>;

/// Something that only a browser can do. What may fail answers with an action.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Another document stands in the editor, with a history of its own.
    OpenText {
        /// Its text.
        text: String,
        /// Its name.
        label: String,
    },
    /// Another text of the same document; what differs is replaced, and can be undone.
    SetText(String),
    /// What is wrong with the text, told in this language.
    Diagnostics(Shared<Vec<Diagnostic>>, Lang),
    /// Lines that differ from what was applied.
    ChangedLines(Vec<ChangedLine>),
    /// What the cluster has otherwise.
    Drift(Shared<Vec<Drift>>),
    /// The editor shows a range, in UTF-16 units.
    Show(usize, usize),
    /// The editor shows a range, and the cursor goes there.
    Reveal(usize, usize),
    /// The focus goes elsewhere, once the page is drawn.
    Focus(Spot),
    /// The editor follows the page's theme: whether it is dark.
    EditorTheme(bool),
    /// The page follows a theme that somebody chose.
    PageTheme(Theme),
    /// A pane has another size, in CSS pixels.
    PaneSize(Pane, f64),
    /// Page and editor speak another language; the open document's name stands beside it.
    Language(Lang, String),
    /// The page's title.
    Title(&'static str),
    /// The page's place in its address.
    Fragment(String),
    /// A text is kept in the browser; answers with `PageAction::Kept`.
    Keep(Stored, String),
    /// What was kept is no longer.
    Forget(Stored),
    /// Fetches the recordings; answers with `RecordingAction::Arrived`.
    FetchRecordings,
    /// Fetches a part of the program, with those before it; answers with `PageAction::Arrived` or
    /// `PageAction::NotArrived`.
    Fetch(Part, When),
    /// Asks for a frame; answers with `TimeAction::Frame`.
    NextFrame,
    /// Calls back with an action after so many milliseconds. A later call of the same timer takes its place.
    Later(Timer, u32, Box<Action>),
    /// Unpacks a link's payload; answers with `PageAction::LinkOpened`.
    OpenLink(String),
    /// Packs a session into a link and puts it on the clipboard; answers with `PageAction::LinkCopied`.
    CopyLink(String),
    /// What a report of a mistake of ours would say.
    Report(Report),
    /// The inputs that such a report would hold, as JSON.
    ReportInputs(String),
}

/// A part of the program that comes after first paint. Each needs those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The cluster, and what applies a document.
    Engine,
    /// All other commands of the terminal.
    Commands,
    /// The player of recordings.
    Recordings,
}

/// When a part is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// When the page has been painted.
    Painted,
    /// When the browser has nothing else to do.
    Idle,
    /// At once.
    Now,
}

/// Where the focus can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The line at the terminal.
    TerminalLine,
    /// The field that shows a link.
    Link,
    /// The region after the one that has the focus.
    NextRegion,
    /// The region before it.
    PreviousRegion,
}

/// A theme that somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// As the page's first script reads it, and the styles.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What is kept in the browser, each under its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// The editor's documents.
    Documents,
    /// What was done to the cluster.
    Session,
    /// What was done in an earlier visit and is not done again: the page could not read it, or was told to stop.
    Aside,
    /// That the last visit ended in a mistake of ours.
    Failed,
    /// The language that was chosen.
    Language,
    /// The theme that was chosen.
    Theme,
    /// How large the panes are.
    Panes,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// The end of typing, after which the text is looked at.
    Diagnose,
    /// The end of a notice that a link was copied.
    LinkNotice,
}

/// What a report says of the session. Numbers, since each frame tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// The cluster's seed.
    pub seed: u64,
    /// How many things a person did.
    pub inputs: usize,
    /// The cluster's steps.
    pub steps: u64,
    /// How far the timeline goes, in microseconds since 0:00.
    pub head: i64,
    /// Where the way back leads, in microseconds since 0:00.
    pub back: i64,
}
