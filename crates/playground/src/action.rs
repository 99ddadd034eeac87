//! What a person can do, as nouns: the only way in which the page changes.

use api::Key;
use scene::Missing;

use crate::platform::engine::Part;

/// Which tab of the lower left is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LowerTab {
    /// The terminal.
    #[default]
    Terminal,
    /// The events.
    Events,
}

/// Which region a narrow page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Region {
    /// The stage.
    #[default]
    Stage,
    /// The editor.
    Yaml,
    /// The terminal and events.
    Terminal,
    /// The Why panel.
    Why,
}

/// Where to go in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// 0:00.
    Start,
    /// The head.
    Now,
    /// The decision before.
    PreviousDecision,
    /// The decision after.
    NextDecision,
    /// What a person did before.
    PreviousInput,
    /// What a person did after.
    NextInput,
    /// So many microseconds after 0:00.
    To(i64),
}

/// An action.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The browser draws; the time since the last frame in milliseconds.
    Frame(f64),
    /// Play or pause.
    PlayPause,
    /// How many simulated seconds a second takes.
    Speed(f64),
    /// A jump in time.
    Jump(Jump),
    /// The editor's text changed.
    Edit(String),
    /// The open document is applied.
    Apply,
    /// Another document is opened.
    OpenDocument(usize),
    /// An example is loaded, by its place.
    LoadExample(usize),
    /// A command line was typed.
    Command(String),
    /// The line at the terminal was changed.
    Line(String),
    /// An older command (true) or a newer one.
    Recall(bool),
    /// Ctrl-R: the history is searched, or searched further back.
    Search,
    /// The search of the history is left, with what was found.
    TakeFound,
    /// Tab.
    Complete,
    /// Ctrl-C.
    Interrupt,
    /// An object is selected, or nothing.
    Select(Option<Key>),
    /// An ordinal is selected.
    SelectOrdinal(i64),
    /// Another set is shown, by its place.
    SelectSet(usize),
    /// The cursor goes to the terminal.
    FocusTerminal,
    /// The focus goes to the next region, or (true) to the one before.
    FocusRegion(bool),
    /// Something missing is created.
    Create(Missing),
    /// A fault, by its words on the command line: `crash web-1`, `power-off node-2`.
    Fault(crate::view::FaultChoice),
    /// A range of the text is shown.
    Reveal(usize, usize),
    /// The partition of the set on stage is moved: an edit of its manifest, or a command that is typed.
    Partition(i64),
    /// A command line is typed at the terminal, but not run.
    Type(String),
    /// The terminal's screen is emptied.
    ClearTerminal,
    /// What is wrong with the text is found out, some time after the last change.
    Diagnose,
    /// Another branch.
    SwitchBranch(usize),
    /// The lower left tab.
    LowerTab(LowerTab),
    /// The region of a narrow page.
    Region(Region),
    /// The next language.
    Language,
    /// The next theme.
    Theme,
    /// The keyboard table.
    Keys(bool),
    /// The page is left, perhaps for good.
    Leave,
    /// The window changed its size.
    Resized,
    /// A part of the program has arrived, or the reason why it has not.
    Arrived(Part, Result<(), String>),
    /// A part that did not arrive is fetched again.
    FetchAgain(Part),
    /// The recordings have arrived, or cannot be had.
    Recordings(Option<String>),
    /// Another step of the recording on stage.
    Step(usize),
}

impl Action {
    /// Which part of the program it needs, if it needs more than a page: until that is here, it waits.
    pub const fn needs(&self) -> Option<Part> {
        match self {
            Self::Recordings(_) | Self::Step(_) => Some(Part::Recordings),
            Self::Command(_) | Self::Complete => Some(Part::Commands),
            Self::PlayPause
            | Self::Jump(_)
            | Self::Apply
            | Self::LoadExample(_)
            | Self::Create(_)
            | Self::Fault(_)
            | Self::Partition(_)
            | Self::SwitchBranch(_) => Some(Part::Engine),
            Self::Arrived(..)
            | Self::FetchAgain(_)
            | Self::Frame(_)
            | Self::Speed(_)
            | Self::Edit(_)
            | Self::OpenDocument(_)
            | Self::Line(_)
            | Self::Recall(_)
            | Self::Interrupt
            | Self::Select(_)
            | Self::SelectOrdinal(_)
            | Self::SelectSet(_)
            | Self::FocusTerminal
            | Self::FocusRegion(_)
            | Self::Reveal(..)
            | Self::Type(_)
            | Self::ClearTerminal
            | Self::Diagnose
            | Self::LowerTab(_)
            | Self::Region(_)
            | Self::Language
            | Self::Theme
            | Self::Keys(_)
            | Self::Search
            | Self::TakeFound
            | Self::Leave
            | Self::Resized => None,
        }
    }
}
