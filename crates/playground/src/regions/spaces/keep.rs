//! How workspaces are kept in the browser, beside other browser tabs that keep theirs there.
//!
//! Only what changed is written, and only over what this page knows to be there. Where another browser tab has
//! written the same workspace since, both stay: theirs under its name, this one under the next.

use serde_json::Value;
use session::{Document, Documents};

use super::{EARLIER, turn};
use crate::effect::{Effect, Effects, Stored};
use crate::model::Model;
use crate::space::{Said, Space, Texts, next_name};

/// The documents as an earlier release kept them: which example, which is open, and name, text, applied text of each.
type EarlierDocuments = (usize, usize, Vec<(String, String, Option<String>)>);
/// The name of the workspace that is made of them.
const EARLIER_ID: &str = "first";

/// The workspace that an earlier release has kept.
pub fn before(texts: Texts) -> Option<Space> {
    let (example, open, documents) = serde_json::from_str::<EarlierDocuments>(texts.head.as_deref()?).ok()?;
    let all = documents.into_iter().map(|(name, text, applied)| Document { name, text, applied });
    let mut space = Space::new(EARLIER_ID.to_owned(), Documents::of(all.collect(), open));
    // It knew two examples, in this order.
    let slug = ["note-003", "note-000"].get(example).copied();
    space.example = session::examples::EXAMPLES.iter().position(|known| Some(known.slug) == slug);
    space.run = texts.run;
    Some(space)
}

/// Keeps the workspace on stage, if it is not kept as it is.
pub fn keep(model: &mut Model, effects: &mut Effects) {
    if !model.allowed.kept {
        return;
    }
    let Some(now) = on_stage(model) else { return };
    if model.spaces.on_stage().is_none_or(|space| space.written == now) {
        return;
    }
    let mut now = now;
    if model.spaces.on_stage().is_some_and(|space| space.theirs.is_some()) {
        split(model, model.spaces.current);
        now = on_stage(model).unwrap_or(now);
    }
    let at = model.spaces.current;
    write(model, at, now, effects);
    keep_order(model, effects);
}

/// Keeps one that is not on stage.
pub fn keep_parked(model: &mut Model, at: usize, effects: &mut Effects) {
    let Some(space) = model.spaces.all.get(at) else { return };
    let now = Texts { head: Some(space.head(&space.session.documents)), run: turn::run_of(space) };
    if model.allowed.kept && space.written != now {
        write(model, at, now, effects);
    }
    keep_order(model, effects);
}

fn on_stage(model: &Model) -> Option<Texts> {
    let head = model.spaces.on_stage()?.head(&model.session.documents);
    Some(Texts { head: Some(head), run: turn::run_on_stage(model) })
}

fn write(model: &mut Model, at: usize, now: Texts, effects: &mut Effects) {
    let Some(space) = model.spaces.all.get_mut(at) else { return };
    let was = std::mem::replace(&mut space.written, now.clone());
    space.known.clone_from(&was);
    let id = space.id.clone();
    let is_earlier = id == EARLIER_ID;
    effects.push(Effect::KeepSpace { id, was, now });
    if is_earlier {
        effects.extend(EARLIER.map(Effect::Forget));
    }
}

/// Keeps which tabs there are, in which order, and which of them is on stage.
pub fn keep_order(model: &mut Model, effects: &mut Effects) {
    let Some(current) = model.spaces.on_stage().filter(|_| model.allowed.kept) else { return };
    let ids: Vec<Value> = model.spaces.all.iter().map(|space| space.id.as_str().into()).collect();
    let order = Value::Array(vec![current.id.as_str().into(), ids.into()]).to_string();
    if model.spaces.order != order {
        model.spaces.order.clone_from(&order);
        effects.push(Effect::Keep(Stored::Tabs, order));
    }
}

/// Another browser tab has written a workspace, or has taken it away.
pub fn changed(model: &mut Model, id: &str, texts: Texts) {
    let lang = model.page.lang;
    let Some(at) = model.spaces.place_of(id) else {
        model.spaces.all.extend(Space::read(id, texts));
        return;
    };
    let is_on_stage = at == model.spaces.current;
    let Some(space) = model.spaces.all.get_mut(at).filter(|space| space.written != texts) else { return };
    if texts.head.is_none() {
        if is_on_stage {
            // It comes back with the next change.
            space.written = texts;
        } else {
            model.spaces.all.remove(at);
            if at < model.spaces.current {
                model.spaces.current -= 1;
            }
        }
        return;
    }
    let theirs = Space::read(id, texts.clone());
    if is_on_stage && space.theirs.is_none() && space.written.is_same_work(&texts) {
        // Nothing was done there that is not here.
        space.written = texts;
    } else if is_on_stage
        && space.theirs.is_none()
        && theirs.as_ref().is_some_and(|theirs| theirs.gone.is_some())
    {
        // They have closed it; here it is open.
        space.written = texts;
    } else if is_on_stage {
        space.theirs = Some(texts);
        let label = space.label(lang);
        model.spaces.said = Some(Said::Elsewhere(label));
    } else if let Some(theirs) = theirs {
        // What is not on stage is kept as it is, so nothing is lost.
        *space = theirs;
    }
}

/// A workspace was not written, since another browser tab has written it: this one goes on beside it.
pub fn refused(model: &mut Model, id: &str, texts: Texts, effects: &mut Effects) {
    let Some(at) = model.spaces.place_of(id) else { return };
    if let Some(space) = model.spaces.all.get_mut(at) {
        // What was refused is not kept, so it counts as not written; what they did not do stays ours to write.
        let is_theirs_older = space.known.is_same_work(&texts);
        space.written = if is_theirs_older { texts.clone() } else { Texts::default() };
        space.theirs = (!is_theirs_older).then_some(texts);
    }
    if at == model.spaces.current {
        keep(model, effects);
    } else {
        let is_split = model.spaces.all.get(at).is_some_and(|space| space.theirs.is_some());
        let at = if is_split { split(model, at) } else { at };
        keep_parked(model, at, effects);
    }
}

/// What another browser tab has written gets a tab of its own; ours goes on under the next name. Returns where.
fn split(model: &mut Model, at: usize) -> usize {
    let lang = model.page.lang;
    let (fresh, taken) = (model.spaces.fresh(), model.spaces.labels(lang));
    let Some(space) = model.spaces.all.get_mut(at) else { return at };
    let theirs = space.theirs.take();
    let id = std::mem::replace(&mut space.id, fresh);
    let name = next_name(&space.label(lang), &taken);
    space.name = Some(name.clone());
    space.written = Texts::default();
    model.spaces.said = Some(Said::Split(name));
    let Some(theirs) = theirs.and_then(|texts| Space::read(&id, texts)) else { return at };
    model.spaces.all.insert(at, theirs);
    if at <= model.spaces.current {
        model.spaces.current += 1;
    }
    at + 1
}

/// Puts on stage what another browser tab has written.
pub fn show_theirs(model: &mut Model, effects: &mut Effects) {
    let Some(space) = model.spaces.on_stage_mut() else { return };
    let Some(theirs) = space.theirs.take().and_then(|texts| Space::read(&space.id, texts)) else { return };
    *space = theirs;
    model.spaces.said = None;
    turn::bring(model, effects);
}
