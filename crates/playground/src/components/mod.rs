//! The components, one a file. They draw data and say what a person did.

pub mod bars;
pub mod editor_pane;
pub mod events_pane;
pub mod export_menu;
pub mod faults;
pub mod first_run;
pub mod gallery;
pub mod icons;
pub mod in_force;
pub mod keys_dialog;
pub mod missing_bar;
pub mod other_pods;
pub mod recording_bar;
mod recording_steps;
pub mod set_line;
pub mod space_tabs;
pub mod stage;
pub mod tabs;
pub mod terminal_pane;
pub mod timeline;
pub mod top_bar;
pub mod undo_bar;
mod why_answer;
pub mod why_panel;

use yew::{Callback, MouseEvent};

use crate::regions::Action;

/// A callback that emits `action` on a click.
pub fn act(on_action: &Callback<Action>, action: impl Into<Action>) -> Callback<MouseEvent> {
    let (on_action, action) = (on_action.clone(), action.into());
    Callback::from(move |_| on_action.emit(action.clone()))
}
