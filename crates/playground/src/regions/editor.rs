//! The documents: edited, applied, kept in the browser, looked at while one types.

use api::Key;
use session::edits::edited;
use session::examples::EXAMPLES;
use session::hints::Remedy;
use session::{Diagnostic, Document, Drift};

use crate::effect::{Effect, Effects, Part, Timer};
use crate::model::Model;
use crate::regions::{LowerTab, Region, spaces, terminal, time};
use crate::show;
use crate::view::{Asked, Shared};

/// Typing is looked at after this pause, in milliseconds.
const DIAGNOSE_AFTER: u32 = 180;

/// What happens to the documents.
#[derive(Debug, Clone, PartialEq)]
pub enum EditorAction {
    /// The text was changed by the person.
    Edit(String),
    /// What is wrong with the text is found out, some time after the last change.
    Diagnose,
    /// The open document is applied, as it stands when the engine is there.
    Apply,
    /// Another document is opened, by its place.
    Open(usize),
    /// A range of the text is shown, in UTF-16 units.
    Reveal(usize, usize),
    /// A mistake is mended: its place, and the place of the quick fix.
    Fix(usize, usize),
    /// What the cluster has otherwise, by its place, is written into the text.
    Take(usize),
}

impl EditorAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Apply | Self::Fix(..) | Self::Take(_) => true,
            Self::Edit(_) | Self::Diagnose | Self::Open(_) | Self::Reveal(..) => false,
        }
    }
}

/// What the region remembers.
#[derive(Debug, Default)]
pub struct State {
    /// Names of the documents, and whether each differs from what was applied.
    pub tabs: Shared<Vec<(String, bool)>>,
    /// How many lines of the open one differ from what was applied.
    pub changed: usize,
    /// The open one is no example's.
    pub strayed: bool,
    /// What is wrong with the open one; not known before the engine has come.
    pub problems: Option<Shared<Vec<Diagnostic>>>,
    /// What the cluster has otherwise than the open one.
    pub drift: Shared<Vec<Drift>>,
    /// The objects that the open one describes, and how often each was written when the drift was looked for.
    described: (Vec<Key>, Vec<u64>),
    /// What the open one asks for; not known before the engine has come, or if there is no set in it.
    pub asked: Option<Asked>,
    /// A partition that is typed but not applied, by its set.
    pub drafts: Vec<(Key, i64)>,
}

/// Does it.
pub fn update(model: &mut Model, action: EditorAction, effects: &mut Effects) {
    match action {
        EditorAction::Edit(text) => edit(model, text, effects),
        EditorAction::Diagnose => {
            diagnose(model, effects);
            spaces::keep(model, effects);
        }
        EditorAction::Apply => apply(model, effects),
        EditorAction::Open(at) => {
            model.session.documents.open = at;
            show_document(model, effects);
        }
        EditorAction::Reveal(from, to) => effects.push(Effect::Reveal(from, to)),
        EditorAction::Fix(problem, fix) => mend(model, problem, fix, effects),
        EditorAction::Take(at) => take(model, at, effects),
    }
}

fn edit(model: &mut Model, text: String, effects: &mut Effects) {
    if !model.allowed.editable {
        return;
    }
    spaces::replaced(model, &text, effects);
    if let Some(document) = model.session.documents.current_mut() {
        document.text = text;
    }
    effects.push(Effect::Later(Timer::Diagnose, DIAGNOSE_AFTER, Box::new(EditorAction::Diagnose.into())));
}

/// Mends a mistake. It is looked for anew: what was typed since may have moved it.
fn mend(model: &mut Model, problem: usize, fix: usize, effects: &mut Effects) {
    let (text, _) = current(model);
    let known = model.editor.problems.as_ref().and_then(|all| all.get(problem)).map(|p| p.message.clone());
    let fresh = model.session.diagnose(&text);
    let same = |one: &&Diagnostic| Some(&one.message) == known.as_ref();
    let found = fresh.get(problem).filter(same).or_else(|| fresh.iter().find(same));
    let Some(fix) = found.and_then(|found| found.fixes.get(fix)) else { return diagnose(model, effects) };
    match &fix.remedy {
        Remedy::Edits(edits) if model.allowed.editable => {
            let text = edited(&text, edits);
            change(model, text, effects);
        }
        Remedy::Edits(_) => {}
        Remedy::Type(line) => terminal::type_line(model, line.clone(), effects),
    }
}

/// Takes what the cluster has into the text.
fn take(model: &mut Model, at: usize, effects: &mut Effects) {
    let (text, _) = current(model);
    let wanted = model.editor.drift.get(at).cloned();
    let fresh = model.session.drift(&text);
    let found = fresh.iter().find(|one| Some(*one) == wanted.as_ref()).or(fresh.get(at));
    let Some(edit) = found.and_then(|found| found.edit.clone()).filter(|_| model.allowed.editable) else {
        return;
    };
    change(model, edited(&text, &[edit]), effects);
}

/// Another text of the open document, as if it had been typed; the end of what differs is shown.
fn change(model: &mut Model, text: String, effects: &mut Effects) {
    let (before, _) = current(model);
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let (before, after) = (units(&before), units(&text));
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let end = after.len().saturating_sub(tail).max(head);
    let open = model.session.documents.open;
    write(model, open, text, Some((end, end)), effects);
}

fn apply(model: &mut Model, effects: &mut Effects) {
    if !model.allowed.editable {
        return;
    }
    let before = current(model);
    model.before_deed();
    model.session.apply();
    show_if_other(model, &before, effects);
    if model.session.terminal().last_exit() != 0 {
        model.terminal.tab = LowerTab::Terminal;
    } else if model.page.region == Region::Yaml {
        model.page.region = Region::Stage;
    }
    diagnose(model, effects);
    spaces::keep(model, effects);
    time::go_on(model, effects);
}

/// The open document's text and name.
pub fn current(model: &Model) -> (String, String) {
    let document = model.session.documents.current();
    document.map_or_else(Default::default, |document| (document.text.clone(), document.name.clone()))
}

/// The open document's name.
pub fn label(model: &Model) -> String {
    model.session.documents.current().map_or_else(String::new, |document| document.name.clone())
}

/// Writes another text into a document, as if it had been typed, and shows a range of it (UTF-16 units).
pub fn write(
    model: &mut Model,
    at: usize,
    text: String,
    range: Option<(usize, usize)>,
    effects: &mut Effects,
) {
    if at != model.session.documents.open {
        model.session.documents.open = at;
        show_document(model, effects);
    }
    effects.push(Effect::SetText(text.clone()));
    effects.extend(range.map(|(from, to)| Effect::Show(from, to)));
    if let Some(document) = model.session.documents.current_mut() {
        document.text = text;
    }
    diagnose(model, effects);
    spaces::keep(model, effects);
}

/// Shows the open document in the editor.
pub fn show_document(model: &mut Model, effects: &mut Effects) {
    let (text, label) = current(model);
    effects.push(Effect::OpenText { text, label });
    diagnose(model, effects);
}

/// A command may open a document, or close it. Returns whether it did.
pub fn show_if_other(model: &mut Model, before: &(String, String), effects: &mut Effects) -> bool {
    let other = current(model) != *before;
    if other {
        show_document(model, effects);
    }
    other
}

/// Brings up to date what is said of the documents around the editor.
pub fn note_documents(model: &mut Model) {
    let documents = &model.session.documents;
    let is_unapplied = |d: &Document| d.applied.as_ref().is_some_and(|applied| *applied != d.text);
    model.editor.tabs.renew(documents.all.iter().map(|d| (d.name.clone(), is_unapplied(d))).collect());
    model.editor.changed = documents.current().map_or(0, |document| document.changed_lines().len());
    let mut given = EXAMPLES.iter().flat_map(|example| example.files).map(|(_, text)| *text);
    model.editor.strayed =
        documents.current().is_some_and(|document| given.all(|text| text != document.text));
}

/// The part of the program that applying the open document needs: to create everyday objects, none but the engine.
/// Whether it is that can be said as soon as that is here.
pub fn apply_needs(model: &Model) -> Part {
    if model.has_engine() && !show::only_creates(model) { Part::Commands } else { Part::Engine }
}

/// Finds out what is wrong with the open document and what it asks for.
pub fn diagnose(model: &mut Model, effects: &mut Effects) {
    if !model.has_engine() {
        return; // whether a name exists is for the cluster to say
    }
    let (text, _) = current(model);
    // The document is judged by applying it to a copy, which comes with the commands.
    let is_judged = model.here >= Some(Part::Commands);
    let problems = is_judged.then(|| Shared::new(model.session.diagnose(&text)));
    model.editor.problems.clone_from(&problems);
    model.editor.asked = session::manifest::asked(&text).map(|asked| Asked {
        name: asked.name,
        replicas: asked.replicas,
        first: asked.start,
        parallel: asked.parallel,
    });
    read_drafts(model);
    effects.push(Effect::Diagnostics(problems.unwrap_or_default(), model.page.lang));
    let changed = model.session.documents.current().map(Document::changed_lines);
    effects.push(Effect::ChangedLines(changed.unwrap_or_default()));
    if is_judged {
        let described = session::drift::described(&text);
        let versions = session::drift::versions(model.session.run().head(), &described);
        model.editor.described = (described, versions);
        look_for_drift(model, &text, effects);
    }
}

/// Looks for drift again if an object that the open document describes was written since.
pub fn follow(model: &mut Model, effects: &mut Effects) {
    if model.here < Some(Part::Commands) {
        return;
    }
    let (described, known) = &model.editor.described;
    let versions = session::drift::versions(model.session.run().head(), described);
    if versions != *known {
        model.editor.described.1 = versions;
        let (text, _) = current(model);
        look_for_drift(model, &text, effects);
    }
}

fn look_for_drift(model: &mut Model, text: &str, effects: &mut Effects) {
    model.editor.drift.renew(model.session.drift(text));
    effects.push(Effect::Drift(model.editor.drift.clone()));
}

/// Which sets have a partition in their manifest that differs from the one that was applied.
fn read_drafts(model: &mut Model) {
    let scene = model.session.scene();
    let documents = model.session.documents.all.iter();
    let changed = documents.filter_map(|d| Some((d.text.as_str(), d.applied.as_deref()?)));
    let changed: Vec<_> = changed.filter(|(text, applied)| text != applied).collect();
    let partition = session::manifest::partition;
    let sets = scene.sets.iter().map(|set| &set.key);
    model.editor.drafts = sets
        .filter_map(|set| {
            let typed = |(text, applied): &(&str, &str)| {
                let typed = partition(text, set)?;
                (partition(applied, set) != Some(typed)).then(|| (set.clone(), typed))
            };
            changed.iter().find_map(typed)
        })
        .collect();
}
