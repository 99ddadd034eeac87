//! The documents: edited, applied, kept in the browser, looked at while one types.

use api::Key;
use session::examples::EXAMPLES;
use session::{Diagnostic, Document};

use crate::effect::{Effect, Effects, Part, Timer};
use crate::model::Model;
use crate::regions::{LowerTab, Region, spaces, time};
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
}

impl EditorAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Apply => true,
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
    // The document is judged by applying it to a copy.
    let is_judged = model.here >= Some(apply_needs(model));
    let problems = is_judged.then(|| Shared::new(model.session.diagnose(&text)));
    model.editor.problems.clone_from(&problems);
    model.editor.asked = session::manifest::asked(&text).map(|asked| Asked {
        name: asked.name,
        replicas: asked.replicas,
        first: asked.start,
        parallel: asked.parallel,
    });
    read_drafts(model);
    effects.push(Effect::Diagnostics(problems.unwrap_or_default()));
    let changed = model.session.documents.current().map(Document::changed_lines);
    effects.push(Effect::ChangedLines(changed.unwrap_or_default()));
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
