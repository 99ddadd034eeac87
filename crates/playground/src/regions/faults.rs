//! The menu of faults, the same by typing, and the list of what is in force.

use api::Key;
use session::faults::Group;
use session::offers::Way;
use session::refusal::Refusal;

use crate::effect::Effects;
use crate::model::Model;
use crate::regions::{WhyAction, terminal, why};

/// How the menu is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As a menu, in which letters are keys.
    Menu,
    /// As a field, in which letters are letters.
    Typing,
}

/// What happens in the menu.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultsAction {
    /// It is opened, or goes over into another mode.
    Open(Mode),
    /// It is closed, and so is the list.
    Close,
    /// The list of what is in force is opened or closed.
    List,
    /// The target is the next one, or the one before.
    Beside {
        /// The one before.
        back: bool,
    },
    /// This is the target.
    Aim(Key),
    /// The next row is chosen, or the one above.
    Row {
        /// The one above.
        up: bool,
    },
    /// The tab of a narrow page.
    Tab(Group),
    /// This was typed.
    Type(String),
    /// A row is taken.
    Take(Way),
    /// A row is taken that cannot be.
    Refuse(Refusal),
    /// A row's command is written into the terminal.
    Write(String),
}

impl FaultsAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Open(_) | Self::List | Self::Take(_) => true,
            Self::Close
            | Self::Beside { .. }
            | Self::Aim(_)
            | Self::Row { .. }
            | Self::Tab(_)
            | Self::Type(_)
            | Self::Refuse(_)
            | Self::Write(_) => false,
        }
    }
}

/// What the menu remembers.
#[derive(Debug, Default)]
pub struct State {
    /// Whether and how it is open.
    pub open: Option<Mode>,
    /// Whether the list of what is in force is.
    pub lists: bool,
    /// What was chosen in the menu as its target; the selection without that.
    pub aim: Option<Key>,
    /// The chosen row, of those that are shown.
    pub at: usize,
    /// The tab of a narrow page.
    pub tab: Group,
    /// What was typed.
    pub text: String,
    /// Why the last row could not be taken.
    pub refused: Option<Refusal>,
}

/// Does it.
pub fn update(model: &mut Model, action: FaultsAction, effects: &mut Effects) {
    let state = &mut model.faults;
    state.refused = None;
    match action {
        FaultsAction::Open(mode) => {
            let aim = state.open.and(state.aim.take());
            *state = State { open: Some(mode), aim, tab: state.tab, ..State::default() };
        }
        FaultsAction::Close => (state.open, state.lists) = (None, false),
        FaultsAction::List => state.lists = !state.lists,
        FaultsAction::Beside { back } => beside(model, back),
        FaultsAction::Aim(key) => state.aim = Some(key),
        FaultsAction::Row { up } => {
            let all = if state.open == Some(Mode::Typing) {
                model.shown.faults.as_ref().map_or(0, |shown| shown.found.len())
            } else {
                let rows = model.shown.faults.iter().flat_map(|shown| &shown.rows);
                rows.map(|(_, rows)| rows.len()).sum()
            };
            let step = if up { all.saturating_sub(1) } else { 1 };
            state.at = (state.at + step).checked_rem(all).unwrap_or(0);
        }
        FaultsAction::Tab(tab) => state.tab = tab,
        FaultsAction::Type(text) => (state.text, state.at) = (text, 0),
        FaultsAction::Take(way) => {
            (state.open, state.lists) = (None, false);
            why::update(model, WhyAction::Take(way), effects);
        }
        FaultsAction::Refuse(refusal) => state.refused = Some(refusal),
        FaultsAction::Write(line) => {
            state.open = None;
            terminal::type_line(model, line, effects);
        }
    }
}

/// Aims at the next target, round and round.
fn beside(model: &mut Model, back: bool) {
    let Some(shown) = &model.shown.faults else { return };
    let now = shown.targets.iter().position(|key| Some(key) == shown.aimed());
    let last = shown.targets.len().saturating_sub(1);
    let next = match (now, back) {
        (None, _) => 0,
        (Some(at), false) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        (Some(at), true) => at.checked_sub(1).unwrap_or(last),
    };
    model.faults.aim = shown.targets.get(next).cloned();
}
