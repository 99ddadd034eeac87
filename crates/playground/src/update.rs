//! What an action does: `update` is the only way from one state of the page to the next.
//!
//! It knows no browser. What is to happen there comes back as effects, and what comes of those is the next
//! action. What needs the engine before it has come, or before an earlier visit is done again, waits, and is done
//! in order.

use crate::effect::{Effect, Effects, Part, When};
use crate::model::{Engine, Model};
use crate::prompt::Prompt;
use crate::regions::{Action, EditorAction, Jump, TerminalAction, TimeAction, editor, spaces, time};
use crate::show;

/// Actions that wait for the engine, at most; who goes on pressing has been told that it is on its way.
const WAITING_MAX: usize = 50;

/// Does it.
pub fn update(model: &mut Model, action: Action) -> Effects {
    let mut effects = Effects::new();
    if let Some(part) =
        action.needs(model).filter(|part| !model.is_ready_for(*part) || !model.waiting.is_empty())
    {
        wait(model, action, part, &mut effects);
        return effects;
    }
    act(model, action, &mut effects);
    while model
        .waiting
        .first()
        .is_some_and(|next| next.needs(model).is_none_or(|part| model.is_ready_for(part)))
    {
        let next = model.waiting.remove(0);
        act(model, next, &mut effects);
    }
    effects
}

/// Does it now. Afterwards the page shows what has become of the session.
fn act(model: &mut Model, action: Action, effects: &mut Effects) {
    // A frame shows by itself: between what has passed and what is made of it.
    let is_frame = matches!(action, Action::Time(TimeAction::Frame(_)));
    let scrubs = matches!(action, Action::Time(TimeAction::Jump(Jump::To(_))));
    if action.is_input() {
        spaces::on_input(model, effects);
    }
    action.carry_out(model, effects);
    if is_frame {
        return;
    }
    editor::note_documents(model);
    spaces::note(model);
    if model.has_engine() {
        show::refresh(model, false);
    }
    model.time.scrubbing = scrubs;
    time::look_after_window(model);
    if !model.time.playing {
        time::ease(model, effects);
    }
}

/// Keeps an action until the part that it needs has come, and what was asked for before is done.
fn wait(model: &mut Model, action: Action, part: Part, effects: &mut Effects) {
    if let Action::Terminal(TerminalAction::Command(_)) = &action {
        model.terminal.prompt = Prompt::default();
    }
    // Who presses Apply twice while nothing seems to happen wants it once.
    let is_repeated = action == Action::Editor(EditorAction::Apply) && model.waiting.last() == Some(&action);
    if action.is_answer() || (!is_repeated && model.waiting.len() < WAITING_MAX) {
        model.waiting.push(action);
    }
    if model.here < Some(part) {
        model.missing = None;
        if model.engine == Engine::Missing {
            model.engine = Engine::Coming;
        }
        effects.push(Effect::Fetch(part, When::Now));
    }
}
