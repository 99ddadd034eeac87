//! What an action asks of the browser, as data. `platform` carries it out; a test reads it.

use apimachinery::Lang;
use session::{ChangedLine, Diagnostic, Drift};

use crate::regions::Action;
use crate::space::Texts;
use crate::view::Shared;

/// Something whose size a person drags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Editor and terminal, by their width.
    Left,
    /// The terminal, by its height.
    Lower,
}

impl Pane {
    /// The least and the most, in CSS pixels; the page may give less.
    pub const fn limits(self) -> (f64, f64) {
        match self {
            Self::Left => (320.0, 560.0),
            Self::Lower => (120.0, 1_200.0),
        }
    }
}

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
    /// A workspace is kept, if it is still there as this page knows it (`was`), or is already as it is to be; answers
    /// with `SpacesAction::Refused` if it is not, and with `PageAction::Kept`.
    KeepSpace {
        /// Its name.
        id: String,
        /// As this page knows it.
        was: Texts,
        /// As it is to be.
        now: Texts,
    },
    /// A workspace is kept no longer.
    ForgetSpace(String),
    /// The person chooses files; answers with `SpacesAction::Files`.
    PickFiles,
    /// What is on the clipboard; answers with `SpacesAction::Pasted`.
    ReadClipboard,
    /// A text is put on the clipboard, if the browser lets it.
    CopyText(String),
    /// A text is saved as a file of this name.
    Save(String, String),
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
    /// The selected Pod on the stage.
    Selected,
    /// The field that shows a link.
    Link,
    /// The region after the one that has the focus.
    NextRegion,
    /// The region before it.
    PreviousRegion,
    /// The editor.
    Editor,
    /// The field that searches the gallery.
    Gallery,
    /// The field for the name of the workspace on stage.
    SpaceName,
    /// The menu of what can be saved.
    Export,
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
    /// Workspaces: documents, and what was done.
    Spaces,
    /// Which tabs there are, and which of them is on stage.
    Tabs,
    /// The workspace in which what was done is being done again.
    Began,
    /// That the last visit ended in a mistake of ours.
    Failed,
    /// The documents that an earlier release has kept.
    Documents,
    /// What it has kept of what was done.
    Session,
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
    /// The end of the offer to undo.
    Undo,
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
