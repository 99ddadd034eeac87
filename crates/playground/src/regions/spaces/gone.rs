//! What leaves the tabs, and comes back: the offer to undo, and the last five.

use session::Documents;

use super::{SpacesAction, keep, show, turn};
use crate::effect::{Effect, Effects, Timer};
use crate::model::Model;
use crate::regions::editor;
use crate::space::{Cause, Space, Undo};

/// Milliseconds for which undoing is offered.
const UNDO_FOR: u32 = 60_000;
/// How many that were closed or replaced can be had again.
const GONE_MAX: usize = 5;
/// How many that were put aside can be had again: a person did not ask for it, so these stay longer.
const ASIDE_MAX: usize = 20;

/// Takes one off the tabs; the one beside it comes on stage.
pub fn close(model: &mut Model, id: &str, effects: &mut Effects) {
    let Some(at) = model.spaces.place_of(id) else { return };
    let is_open = |space: &Space| space.gone.is_none();
    if at == model.spaces.current {
        keep(model, effects);
        let all = &model.spaces.all;
        let after = all.iter().skip(at + 1).position(is_open).map(|beyond| at + 1 + beyond);
        let beside = after.or_else(|| all.iter().take(at).rposition(is_open));
        let beside = beside.unwrap_or_else(|| {
            let id = model.spaces.id_of_example(0);
            model.spaces.all.push(Space::of_example(0, id));
            model.spaces.all.len() - 1
        });
        turn::to(model, beside, effects);
    }
    let gone = model.spaces.gone_now(Cause::Closed);
    let lang = model.page.lang;
    let Some(space) = model.spaces.all.get_mut(at) else { return };
    if !space.mine {
        // An untouched example is in the gallery.
        effects.push(Effect::ForgetSpace(space.id.clone()));
        model.spaces.all.remove(at);
        if at < model.spaces.current {
            model.spaces.current -= 1;
        }
        keep::keep_order(model, effects);
        return;
    }
    space.gone = Some(gone);
    let undo = Undo {
        name: space.label(lang),
        cause: Cause::Closed,
        files: space.session.documents.all.len(),
        inputs: turn::inputs(space),
        id: space.id.clone(),
        document: None,
    };
    keep::keep_parked(model, at, effects);
    offer_undo(model, undo, effects);
}

/// Offers to undo what went, and lets go of what went long ago.
pub fn offer_undo(model: &mut Model, undo: Undo, effects: &mut Effects) {
    model.spaces.undo = Some(undo);
    effects.push(Effect::Later(Timer::Undo, UNDO_FOR, Box::new(SpacesAction::CloseUndo.into())));
    let mut all: Vec<(u64, String)> = Vec::new();
    for space in &model.spaces.all {
        // What is kept aside is counted for itself.
        if let Some(gone) = space.gone.as_ref().filter(|gone| gone.cause != Cause::Aside) {
            all.push((gone.nth, space.id.clone()));
        }
    }
    all.sort();
    let surplus = all.len().saturating_sub(GONE_MAX);
    for (_, id) in all.drain(..surplus) {
        forget(model, &id, effects);
    }
}

/// Lets go of what was put aside long ago.
pub fn bound_aside(model: &mut Model, effects: &mut Effects) {
    let is_aside = |space: &&Space| space.gone.as_ref().is_some_and(|gone| gone.cause == Cause::Aside);
    let mut all: Vec<(u64, String)> = Vec::new();
    for space in model.spaces.all.iter().filter(is_aside) {
        all.extend(space.gone.as_ref().map(|gone| (gone.nth, space.id.clone())));
    }
    all.sort();
    let surplus = all.len().saturating_sub(ASIDE_MAX);
    for (_, id) in all.drain(..surplus) {
        forget(model, &id, effects);
    }
}

/// Lets go of one that is not on stage, for good.
fn forget(model: &mut Model, id: &str, effects: &mut Effects) {
    let Some(at) = model.spaces.place_of(id).filter(|at| *at != model.spaces.current) else { return };
    model.spaces.all.remove(at);
    if at < model.spaces.current {
        model.spaces.current -= 1;
    }
    effects.push(Effect::ForgetSpace(id.to_owned()));
}

/// Brings back what went last.
pub fn undo(model: &mut Model, effects: &mut Effects) {
    let Some(undo) = model.spaces.undo.take() else { return };
    let Some(document) = undo.document else {
        show(model, &undo.id, effects);
        return;
    };
    let documents: &mut Documents = &mut model.session.documents;
    if let Some(at) = documents.all.iter().position(|known| known.name == document.name) {
        documents.open = at;
        if let Some(known) = documents.all.get_mut(at) {
            known.text = document.text;
        }
        editor::show_document(model, effects);
    }
    forget(model, &undo.id, effects);
    keep(model, effects);
}
