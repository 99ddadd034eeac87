//! What an action does: `update` is the only way from one state of the page to the next.
//!
//! It knows no browser. What is to happen there comes back as effects, and what comes of those is the next
//! action. What needs the engine before it has come, or before an earlier visit is done again, waits, and is done
//! in order.

use crate::effect::{Effect, Effects};
use crate::model::{Engine, Model};
use crate::prompt::Prompt;
use crate::regions::{Action, EditorAction, Jump, TerminalAction, TimeAction, editor, time};
use crate::show;

/// Actions that wait for the engine, at most; who goes on pressing has been told that it is on its way.
const WAITING_MAX: usize = 50;

/// Does it.
pub fn update(model: &mut Model, action: Action) -> Effects {
    let mut effects = Effects::new();
    if !model.is_ready() && action.needs_engine() {
        wait(model, action, &mut effects);
        return effects;
    }
    act(model, action, &mut effects);
    if model.is_ready() {
        for action in std::mem::take(&mut model.waiting) {
            act(model, action, &mut effects);
        }
    }
    effects
}

/// Does it now. Afterwards the page shows what has become of the session.
fn act(model: &mut Model, action: Action, effects: &mut Effects) {
    // A frame shows by itself: between what has passed and what is made of it.
    let is_frame = matches!(action, Action::Time(TimeAction::Frame(_)));
    let scrubs = matches!(action, Action::Time(TimeAction::Jump(Jump::To(_))));
    action.carry_out(model, effects);
    if is_frame {
        return;
    }
    editor::note_documents(model);
    if model.has_engine() {
        show::refresh(model, false);
    }
    model.time.scrubbing = scrubs;
    if !model.time.playing {
        time::ease(model, effects);
    }
}

/// Keeps an action until the engine has come, and fetches it again if it could not be had.
fn wait(model: &mut Model, action: Action, effects: &mut Effects) {
    if let Action::Terminal(TerminalAction::Command(_)) = &action {
        model.terminal.prompt = Prompt::default();
    }
    // Who presses Apply twice while nothing seems to happen wants it once.
    let is_repeated = action == Action::Editor(EditorAction::Apply) && model.waiting.last() == Some(&action);
    if action.is_answer() || (!is_repeated && model.waiting.len() < WAITING_MAX) {
        model.waiting.push(action);
    }
    if model.engine == Engine::Missing {
        model.engine = Engine::Coming;
        effects.push(Effect::FetchEngine);
    }
}
