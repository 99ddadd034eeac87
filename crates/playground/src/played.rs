//! A recording, played: what the page shows of its steps, and the session that it makes.
//!
//! It comes with the engine (`www/editor/split.mjs`).

use apimachinery::Time;
use conformance::{Chance, Recording, known, report};
use session::{Document, Documents, Session};

/// A recording on stage.
#[derive(Debug, PartialEq)]
pub struct Played {
    /// Its name.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// Whether steps play the kubelets.
    pub scripted_kubelets: bool,
    /// In order.
    pub steps: Vec<PlayedStep>,
}

/// A step of it.
#[derive(Debug, PartialEq)]
pub struct PlayedStep {
    /// When it begins.
    pub begins: Time,
    /// What was done, in a few words.
    pub did: String,
    /// What the real cluster answered, wrote and told.
    pub answer: String,
    /// What came otherwise here; nothing if it is the same.
    pub differences: String,
    /// Why it is known to differ.
    pub known: Option<String>,
    /// Its manifest's place among the documents.
    pub document: Option<usize>,
}

impl Played {
    /// The step that a moment belongs to.
    pub fn at(&self, moment: Time) -> usize {
        self.steps.partition_point(|step| step.begins <= moment).saturating_sub(1)
    }
}

/// The recording of this name.
fn named(id: &str, all: &str) -> Option<Recording> {
    let mut lines = all.lines().filter(|line| line.contains(id));
    lines.find_map(|line| conformance::read(line).ok().filter(|recording| recording.id == id))
}

/// Plays the recording of this name, out of all of them. Not inlined, so that it comes with the engine.
#[inline(never)]
pub fn put_on_stage(id: &str, all: &str) -> Option<(Played, Session)> {
    let recording = named(id, all)?;
    let played = conformance::play(&recording, Chance::default());
    let mut run = played.run?;
    let known = known::known(known::COMMITTED).unwrap_or_default().remove(&recording.id).unwrap_or_default();
    let mut documents = Vec::new();
    let mut steps = Vec::new();
    let parts = recording.steps.iter().zip(&played.begins).zip(&played.steps);
    for (at, ((step, begins), found)) in parts.enumerate() {
        let text = step.manifest();
        let document = (!text.is_empty()).then(|| {
            documents.push(applied(at, text));
            documents.len() - 1
        });
        // Steps that are no commands hand over a text, which stands among the documents.
        let did = match step.verb() {
            (verb @ ("apply" | "create"), _) => format!("{verb} {}", document_name(at)),
            _ => step.said(),
        };
        run.flag_at(*begins, did.clone());
        steps.push(PlayedStep {
            begins: *begins,
            did,
            answer: step.answer(),
            differences: found.iter().map(report::one).collect(),
            known: known.get(&at).cloned(),
            document,
        });
    }
    let scripted_kubelets = recording.course.is_none();
    let shown = Played { id: recording.id.clone(), title: recording.title.clone(), scripted_kubelets, steps };
    Some((shown, Session::of(run, Documents::of(documents, 0))))
}

fn document_name(step: usize) -> String {
    format!("step-{step}.yaml")
}

/// What a step handed to the cluster, as a document.
fn applied(step: usize, text: &str) -> Document {
    Document { name: document_name(step), text: text.to_owned(), applied: Some(text.to_owned()) }
}
