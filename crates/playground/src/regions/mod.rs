//! The regions of the page, one a file: what can happen in it, what it remembers, what each action does.
//!
//! An action is the only way in which the page changes, and the table below is where a region joins it.

pub mod editor;
pub mod faults;
pub mod page;
pub mod panes;
pub mod recording;
pub mod spaces;
pub mod stage;
pub mod terminal;
pub mod time;
pub mod why;

pub use editor::EditorAction;
pub use faults::{FaultsAction, Mode};
pub use page::{PageAction, Region};
pub use panes::PanesAction;
pub use recording::RecordingAction;
pub use spaces::SpacesAction;
pub use stage::StageAction;
pub use terminal::{LowerTab, TerminalAction};
pub use time::{Jump, TimeAction};
pub use why::WhyAction;

use crate::effect::{Effects, Part};
use crate::model::Model;

/// Makes the action of the page out of those of its regions.
macro_rules! regions {
    ($($(#[$doc:meta])* $region:ident($action:ident) in $module:ident;)*) => {
        /// What a person can do, and what the browser tells, as nouns, by region.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Action { $($(#[$doc])* $region($action),)* }

        impl Action {
            /// Whether it needs a cluster, not only a page.
            const fn needs_engine(&self) -> bool {
                match self { $(Self::$region(action) => action.needs_engine(),)* }
            }

            /// Does it, in its region.
            pub fn carry_out(self, model: &mut Model, effects: &mut Effects) {
                match self { $(Self::$region(action) => $module::update(model, action, effects),)* }
            }
        }

        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Self::$region(action)
            }
        })*
    };
}

regions! {
    /// The documents.
    Editor(EditorAction) in editor;
    /// The panes on the left.
    Panes(PanesAction) in panes;
    /// The terminal, and the Events beside it.
    Terminal(TerminalAction) in terminal;
    /// The timeline, and time itself.
    Time(TimeAction) in time;
    /// The stage.
    Stage(StageAction) in stage;
    /// The Why panel.
    Why(WhyAction) in why;
    /// The menu of faults.
    Faults(FaultsAction) in faults;
    /// The recording beside the stage.
    Recording(RecordingAction) in recording;
    /// Workspaces.
    Spaces(SpacesAction) in spaces;
    /// The page around them.
    Page(PageAction) in page;
}

impl Action {
    /// Which part of the program it needs, if it needs more than a page: it waits until that has come.
    pub fn needs(&self, model: &Model) -> Option<Part> {
        match self {
            Self::Recording(_) => Some(Part::Recordings),
            Self::Editor(EditorAction::Apply) => Some(editor::apply_needs(model)),
            Self::Stage(StageAction::Mend(missing, fix)) => Some(stage::mend_needs(missing, fix)),
            // What follows from what a person does to a running cluster comes with the commands.
            Self::Editor(EditorAction::Fix(..) | EditorAction::Take(_))
            | Self::Terminal(TerminalAction::Command(_) | TerminalAction::Complete)
            | Self::Why(WhyAction::Take(_))
            | Self::Page(PageAction::LinkOpened(_))
            | Self::Time(TimeAction::SwitchBranch(_)) => Some(Part::Commands),
            Self::Faults(action) => action.needs_engine().then_some(Part::Commands),
            Self::Spaces(action) => action.needs_engine().then_some(Part::Commands),
            Self::Editor(_)
            | Self::Panes(_)
            | Self::Terminal(_)
            | Self::Time(_)
            | Self::Stage(_)
            | Self::Page(_) => {
                if self.needs_engine() {
                    Some(Part::Engine)
                } else {
                    None
                }
            }
        }
    }

    /// Whether a person does something to documents or cluster with it, and goes on from there.
    pub const fn is_input(&self) -> bool {
        match self {
            Self::Editor(action) => matches!(action, EditorAction::Edit(_) | EditorAction::Apply),
            Self::Terminal(action) => {
                matches!(action, TerminalAction::Command(_) | TerminalAction::Interrupt)
            }
            Self::Stage(action) => matches!(action, StageAction::Mend(..) | StageAction::Partition(_)),
            Self::Why(action) => matches!(action, WhyAction::Take(_)),
            Self::Faults(action) => matches!(action, FaultsAction::Take(_)),
            Self::Panes(_) | Self::Time(_) | Self::Recording(_) | Self::Spaces(_) | Self::Page(_) => false,
        }
    }

    /// Whether the browser tells it, in answer to an effect: nobody can take it back, and it cannot be lost.
    pub const fn is_answer(&self) -> bool {
        matches!(self, Self::Page(PageAction::LinkOpened(_)) | Self::Recording(RecordingAction::Arrived(_)))
    }
}
