//! How workspaces are opened: examples, files, runs, what was pasted. What is open already stays as it is.

use session::examples::EXAMPLES;
use session::{Document, Documents};

use super::gone::offer_undo;
use super::{Over, TABS_MAX, keep, turn};
use crate::effect::{Effect, Effects, Spot};
use crate::model::Model;
use crate::space::{Cause, Said, Space, Undo, as_name, next_name};

/// Documents in one workspace.
const DOCUMENTS_MAX: usize = 100;
/// A text of fewer lines is not worth to be had again.
const LINES_MIN: usize = 3;

/// Opens an example, or goes to its tab if nothing was changed there.
pub fn example(model: &mut Model, at: usize, effects: &mut Effects) {
    let is_it = |space: &Space| space.gone.is_none() && space.example == Some(at) && !space.mine;
    if EXAMPLES.get(at).is_none() {
        return;
    }
    let known = model.spaces.all.iter().position(is_it);
    model.spaces.over = Over::Nothing;
    if let Some(known) = known {
        turn::to(model, known, effects);
        return;
    }
    let id = model.spaces.id_of_example(at);
    let space = Space::of_example(at, id);
    let (label, taken) = (space.label(model.page.lang), model.spaces.labels(model.page.lang));
    let name = taken.contains(&label).then(|| next_name(&label, &taken));
    add(model, Space { name, ..space }, effects);
}

/// Opens documents under a name; none of them means an empty one.
pub fn documents(model: &mut Model, name: &str, mut all: Vec<Document>, effects: &mut Effects) {
    if all.is_empty() {
        all.push(Document::new("web.yaml", ""));
    }
    all.truncate(DOCUMENTS_MAX);
    let space = named(model, name, Documents::of(all, 0));
    add(model, space, effects);
    effects.push(Effect::Focus(Spot::Editor));
}

/// A workspace with the next free name of this kind.
fn named(model: &mut Model, name: &str, documents: Documents) -> Space {
    let taken = model.spaces.labels(model.page.lang);
    let name = as_name(name).unwrap_or_else(|| model.words_of_spaces().empty_name.to_owned());
    let name = if taken.contains(&name) { next_name(&name, &taken) } else { name };
    Space { name: Some(name), ..Space::new(model.spaces.fresh(), documents) }
}

/// Adds a tab behind the others and puts it on stage.
fn add(model: &mut Model, space: Space, effects: &mut Effects) {
    model.spaces.over = Over::Nothing;
    if model.spaces.all.iter().filter(|space| space.gone.is_none()).count() >= TABS_MAX {
        model.spaces.said = Some(Said::Full);
        return;
    }
    model.spaces.all.push(space);
    turn::to(model, model.spaces.all.len() - 1, effects);
    keep(model, effects);
}

/// Opens what was on the clipboard; if the browser does not tell, an empty one to paste into.
pub fn pasted(model: &mut Model, text: Option<String>, effects: &mut Effects) {
    let name = model.words_of_spaces().pasted_name;
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) if is_run(&text) => run(model, name, text, effects),
        Some(text) => documents(model, name, vec![Document::new("web.yaml", &text)], effects),
        None => documents(model, name, Vec::new(), effects),
    }
}

/// Opens files: documents together, each run in a tab of its own.
pub fn files(model: &mut Model, files: Vec<(String, String)>, effects: &mut Effects) {
    let (runs, texts): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, text)| is_run(text));
    for (name, text) in runs {
        let name = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
        run(model, &name, text, effects);
    }
    if let Some((first, _)) = texts.first() {
        let name = first.rsplit_once('.').map_or(first.as_str(), |(stem, _)| stem).to_owned();
        let all = texts.iter().map(|(name, text)| Document::new(name, text)).collect();
        documents(model, &name, all, effects);
    }
}

/// Whether a text is a script; what is wrong with it turns out when it is taken up.
fn is_run(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"ordinal\"")
}

/// Opens a run, whose documents are in it.
fn run(model: &mut Model, name: &str, text: String, effects: &mut Effects) {
    let space = named(model, name, Documents::default());
    add(model, Space { run: Some(text), mine: true, ..space }, effects);
}

/// Whether one text has taken the place of another: less than half of it is left, and it was worth something.
fn takes_the_place(old: &str, new: &str) -> bool {
    let is_given = EXAMPLES.iter().flat_map(|example| example.files).any(|(_, text)| *text == old);
    let lines = old.lines().filter(|line| !line.trim().is_empty()).count();
    let start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - start;
    let end = old.bytes().rev().zip(new.bytes().rev()).take(room).take_while(|(a, b)| a == b).count();
    !is_given && lines >= LINES_MIN && 2 * (start + end) < old.len()
}

/// The open document is about to get another text; if that takes its place, the workspace as it is can be had again.
pub fn replaced(model: &mut Model, new: &str, effects: &mut Effects) {
    let Some(document) = model.session.documents.current() else { return };
    if !model.allowed.kept || !takes_the_place(&document.text, new) {
        return;
    }
    let document = document.clone();
    let lang = model.page.lang;
    let (id, gone) = (model.spaces.fresh(), model.spaces.gone_now(Cause::Replaced));
    let Some(space) = model.spaces.on_stage() else { return };
    let mut before = Space::new(id.clone(), model.session.documents.clone());
    (before.name, before.gone, before.mine) = (Some(space.label(lang)), Some(gone), true);
    before.run = turn::run_on_stage(model);
    let undo = Undo {
        name: document.name.clone(),
        cause: Cause::Replaced,
        files: 1,
        inputs: 0,
        id,
        document: Some(document),
    };
    model.spaces.all.push(before);
    keep::keep_parked(model, model.spaces.all.len() - 1, effects);
    offer_undo(model, undo, effects);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_replaces_nothing_and_pasting_over_everything_does() {
        let old = "kind: Pod\nmetadata:\n  name: a\nspec: {}\n";
        assert!(!takes_the_place(old, "kind: Pod\nmetadata:\n  name: b\nspec: {}\n"));
        assert!(!takes_the_place(old, &format!("{old}---\n{old}")));
        assert!(takes_the_place(old, ""));
        assert!(takes_the_place(old, "apiVersion: v1\n"));
        assert!(!takes_the_place("a: b\n", ""), "a line is soon typed again");
        let given = EXAMPLES[0].files[0].1;
        assert!(!takes_the_place(given, ""), "it is in the gallery");
    }
}
