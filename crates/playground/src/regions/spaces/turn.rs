//! How a workspace comes on stage and leaves it, and how what was done in it is done again.

use std::mem;

use session::Session;

use super::Over;
use super::gone::bound_aside;
use super::keep::{keep, keep_order, keep_parked};
use crate::effect::{Effect, Effects, Stored, When};
use crate::model::{Engine, Model};
use crate::past;
use crate::prompt::Prompt;
use crate::regions::editor;
use crate::space::{Cause, Said, Space};
use crate::view::{Shown, TimelineView};

/// Sessions that are held beside the one on stage; more are written down, and done again when they are wanted.
const HELD_MAX: usize = 4;

/// Puts the one at a place on stage.
pub fn to(model: &mut Model, at: usize, effects: &mut Effects) {
    if at == model.spaces.current || at >= model.spaces.all.len() {
        return;
    }
    keep(model, effects);
    park(model, effects);
    model.spaces.current = at;
    bring(model, effects);
    let_go(model);
    keep_order(model, effects);
}

/// Takes the one on stage from it.
fn park(model: &mut Model, effects: &mut Effects) {
    if replays(model) {
        effects.push(Effect::Forget(Stored::Began));
    }
    model.spaces.over = Over::Nothing;
    model.spaces.count += 1;
    let seen = model.spaces.count;
    let has_deeds = has_deeds(model);
    let session = mem::replace(&mut model.session, Session::vacant(None));
    let selected = model.stage.selected.take();
    if let Some(space) = model.spaces.on_stage_mut() {
        space.mine = space.is_touched(&session.documents, has_deeds);
        (space.session, space.selected, space.seen) = (session, selected, seen);
    }
}

/// Puts the one that is now the current one on stage.
pub fn bring(model: &mut Model, effects: &mut Effects) {
    let session = model.spaces.take_session();
    model.put_on_stage(session);
    model.editor.problems = None;
    model.editor.asked = None;
    model.editor.drafts.clear();
    model.terminal.prompt = Prompt::default();
    model.stage.selected = model.spaces.on_stage_mut().and_then(|space| space.selected.take());
    if model.spaces.on_stage().is_some_and(|space| space.started) {
        begin_replay(model, effects);
        effects.push(Effect::NextFrame);
    } else if model.has_engine() {
        let wanted = model.begins_with();
        if model.here >= Some(wanted) {
            start(model, effects);
        } else {
            // As on arrival: there is no cluster until the part that it begins with is here.
            model.engine = Engine::Coming;
            model.shown = Shown { timeline: TimelineView::short(), ..Shown::default() };
            effects.push(Effect::Fetch(wanted, When::Now));
        }
    }
    editor::show_document(model, effects);
}

/// Writes down the sessions that were on stage longest ago.
fn let_go(model: &mut Model) {
    let current = model.spaces.current;
    let held = model.spaces.all.iter().enumerate().filter(|(at, space)| *at != current && space.started);
    let mut held: Vec<(u64, usize)> = held.map(|(at, space)| (space.seen, at)).collect();
    held.sort_unstable();
    let surplus = held.len().saturating_sub(HELD_MAX);
    for (_, at) in held.drain(..surplus) {
        if let Some(space) = model.spaces.all.get_mut(at) {
            space.run = run_of(space);
            let documents = mem::take(&mut space.session.documents);
            space.session = Session::vacant(None);
            space.session.documents = documents;
            space.started = false;
        }
    }
}

/// What was done in one that is not on stage, as a text; nothing if nothing was.
pub fn run_of(space: &Space) -> Option<String> {
    if space.run.is_some() || !space.started {
        return space.run.clone();
    }
    past::has_deeds(&space.session).then(|| past::kept(&space.session, space.selected.as_ref()))
}

/// What was done in the one on stage, as a text; nothing if nothing was.
pub fn run_on_stage(model: &Model) -> Option<String> {
    let space = model.spaces.on_stage()?;
    if space.run.is_some() || !space.started {
        return space.run.clone();
    }
    past::has_deeds(&model.session).then(|| past::kept(&model.session, model.stage.selected.as_ref()))
}

/// Whether something was done in the one on stage.
pub fn has_deeds(model: &Model) -> bool {
    model.spaces.on_stage().is_some_and(|space| {
        if space.started && space.run.is_none() { past::has_deeds(&model.session) } else { space.has_deeds() }
    })
}

/// How much a person did in one that is not on stage.
pub fn inputs(space: &Space) -> usize {
    if space.started {
        past::report(&space.session).inputs
    } else {
        space.run.iter().map(|text| text.matches("\"at\":").count()).sum()
    }
}

/// Whether what was done in an earlier visit is being done again on stage.
fn replays(model: &Model) -> bool {
    model.has_engine()
        && model.spaces.on_stage().is_some_and(|space| space.started)
        && model.session.is_behind()
}

/// Says in the storage that something is being done again: if that ends this visit, the next one asks first.
fn begin_replay(model: &Model, effects: &mut Effects) {
    if !model.allowed.kept || !replays(model) {
        return;
    }
    if let Some(space) = model.spaces.on_stage() {
        effects.push(Effect::Keep(Stored::Began, space.id.clone()));
    }
}

/// All is done again.
pub fn caught_up(model: &mut Model, effects: &mut Effects) {
    if model.allowed.kept {
        effects.push(Effect::Forget(Stored::Began));
    }
    model.stage.selected = model.spaces.on_stage_mut().and_then(|space| space.selected.take());
}

/// Starts the cluster of the one on stage, and takes up what was done in an earlier visit, which frames do again.
pub fn start(model: &mut Model, effects: &mut Effects) {
    model.session.start(session::laboratory());
    model.line += 1;
    let began = model.spaces.began.take();
    let failed = mem::take(&mut model.spaces.failed);
    if failed {
        effects.push(Effect::Forget(Stored::Failed));
    }
    if let Some(space) = model.spaces.on_stage_mut() {
        space.started = true;
        space.doubted = space.run.is_some() && began.as_ref() == Some(&space.id) && !failed;
    }
    if !model.spaces.on_stage().is_some_and(|space| space.doubted) {
        take_up(model, failed, effects);
    }
    editor::diagnose(model, effects);
    effects.push(Effect::NextFrame);
}

/// Takes up what was done in an earlier visit. After a mistake of ours the last deed is left out.
fn take_up(model: &mut Model, failed: bool, effects: &mut Effects) {
    let Some(run) = model.spaces.on_stage_mut().and_then(|space| space.run.take()) else { return };
    if failed {
        put_aside(model, run.clone(), Said::StepBack, effects);
    }
    match past::resume(&mut model.session, &run, failed) {
        Ok(selected) => {
            if let Some(space) = model.spaces.on_stage_mut() {
                space.selected = selected;
            }
            begin_replay(model, effects);
        }
        Err(_) => put_aside(model, run, Said::Aside, effects),
    }
    keep(model, effects);
}

/// Keeps a run aside, with the documents, among those that can be had again; and says so.
fn put_aside(model: &mut Model, run: String, said: fn(String) -> Said, effects: &mut Effects) {
    let (id, gone) = (model.spaces.fresh(), model.spaces.gone_now(Cause::Aside));
    let lang = model.page.lang;
    let Some(space) = model.spaces.on_stage() else { return };
    let label = space.label(lang);
    let mut aside = Space::new(id, model.session.documents.clone());
    (aside.name, aside.run, aside.gone) = (Some(label.clone()), Some(run), Some(gone));
    aside.mine = true;
    model.spaces.all.push(aside);
    keep_parked(model, model.spaces.all.len() - 1, effects);
    bound_aside(model, effects);
    model.spaces.said = Some(said(label));
}

/// The rest of an earlier visit is not done again; its text is kept aside.
pub fn stop_replay(model: &mut Model, effects: &mut Effects) {
    if !replays(model) {
        return;
    }
    let run = past::kept(&model.session, None);
    put_aside(model, run, Said::Aside, effects);
    model.session.give_up();
    effects.push(Effect::Forget(Stored::Began));
    editor::show_document(model, effects);
    keep(model, effects);
}

/// A person has decided about a run that ended an earlier visit.
pub fn decided(model: &mut Model, again: bool, effects: &mut Effects) {
    if again && model.spaces.on_stage().is_some_and(|space| space.doubted) {
        if let Some(space) = model.spaces.on_stage_mut() {
            space.doubted = false;
        }
        take_up(model, false, effects);
        effects.push(Effect::NextFrame);
    } else {
        decide(model, effects);
    }
}

/// Who goes on without deciding wants the documents only: what was done is kept aside.
pub fn decide(model: &mut Model, effects: &mut Effects) {
    let Some(space) = model.spaces.on_stage_mut().filter(|space| space.doubted) else { return };
    space.doubted = false;
    if let Some(run) = space.run.take() {
        put_aside(model, run, Said::Aside, effects);
    }
    effects.push(Effect::Forget(Stored::Began));
    keep(model, effects);
}

/// The page is left: what is being done again did not end it.
pub fn on_leave(model: &Model, effects: &mut Effects) {
    if model.allowed.kept && replays(model) {
        effects.push(Effect::Forget(Stored::Began));
    }
}
