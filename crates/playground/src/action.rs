//! What a person can do, and what the browser tells, as nouns: the only way in which the page changes.
//!
//! Each region has its own, beside what they do: `regions`.

pub use crate::regions::editor::EditorAction;
pub use crate::regions::page::{PageAction, Region};
pub use crate::regions::recording::RecordingAction;
pub use crate::regions::stage::StageAction;
pub use crate::regions::terminal::{LowerTab, TerminalAction};
pub use crate::regions::time::{Jump, TimeAction};
pub use crate::regions::why::WhyAction;

/// An action, by its region.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The documents.
    Editor(EditorAction),
    /// The terminal, and the Events beside it.
    Terminal(TerminalAction),
    /// The timeline, and time itself.
    Time(TimeAction),
    /// The stage.
    Stage(StageAction),
    /// The Why panel.
    Why(WhyAction),
    /// The recording beside the stage.
    Recording(RecordingAction),
    /// The page around them.
    Page(PageAction),
}

impl Action {
    /// Whether it needs a cluster, not only a page: it waits until the engine has come.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Editor(action) => action.needs_engine(),
            Self::Terminal(action) => action.needs_engine(),
            Self::Time(action) => action.needs_engine(),
            Self::Stage(action) => action.needs_engine(),
            Self::Why(action) => action.needs_engine(),
            Self::Recording(action) => action.needs_engine(),
            Self::Page(action) => action.needs_engine(),
        }
    }
}

macro_rules! regions {
    ($($region:ident $action:ident,)*) => {
        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Self::$region(action)
            }
        })*
    };
}

regions! {
    Editor EditorAction,
    Terminal TerminalAction,
    Time TimeAction,
    Stage StageAction,
    Why WhyAction,
    Recording RecordingAction,
    Page PageAction,
}
