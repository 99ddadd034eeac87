//! A recording of a real Kubernetes on the stage: `#/parity/<recording>/<step>`.
//!
//! The parity page says of each step whether it goes as recorded; this shows it. The recording is played, and its
//! line of time takes the place of the person's session, which stays as it was kept. The step beside the stage is
//! the one that the moment on stage belongs to, so playing goes through the steps, and so do its buttons.

use std::rc::Rc;

use apimachinery::Time;
use conformance::{Chance, Recording, known, report};
use session::{Document, Documents, Session};
use yew::Context;

use crate::action::Action;
use crate::app::App;
use crate::platform::{dom, recordings};

/// Where a recording's address begins.
const PLACE: &str = "#/parity/";

/// A recording that the page's address asks for.
#[derive(Debug)]
pub struct Visit {
    id: String,
    /// The step to begin with.
    first: usize,
    /// What there is to show of it.
    pub stand: Stand,
}

/// How far a visit is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stand {
    /// The recordings are on their way.
    Loading,
    /// There is no such recording, or none could be had.
    Missing,
    /// It is on stage.
    Shown(Rc<Shown>),
}

/// A recording on stage.
#[derive(Debug, PartialEq)]
pub struct Shown {
    /// Its name.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// Whether steps play the kubelets.
    pub scripted_kubelets: bool,
    /// In order.
    pub steps: Vec<ShownStep>,
}

/// A step of a recording on stage.
#[derive(Debug, PartialEq)]
pub struct ShownStep {
    /// When it begins.
    begins: Time,
    /// What was done, in a few words.
    pub did: String,
    /// What the real cluster answered, wrote and told.
    pub answer: String,
    /// What came otherwise here; nothing if it is the same.
    pub differences: String,
    /// Why it is known to differ.
    pub known: Option<String>,
    /// Its manifest's place among the documents.
    document: Option<usize>,
}

impl Visit {
    /// The recording that an address asks for, if it does.
    pub fn asked_for(fragment: &str) -> Option<Self> {
        let rest = fragment.strip_prefix(PLACE)?;
        let (id, step) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self { id: id.to_owned(), first: step.parse().unwrap_or(0), stand: Stand::Loading })
    }
}

impl Shown {
    /// The step that a moment belongs to.
    pub fn at(&self, moment: Time) -> usize {
        self.steps.partition_point(|step| step.begins <= moment).saturating_sub(1)
    }
}

impl App {
    /// Asks for the recordings if one of them is to be shown.
    pub(crate) fn fetch_recordings(&self, ctx: &Context<Self>) {
        if self.visit.is_some() {
            recordings::fetch(ctx.link().callback(Action::Recordings));
        }
    }

    /// Plays the one that is asked for and puts it on stage.
    pub(crate) fn show_recording(&mut self, all: Option<&str>) {
        let Some(visit) = &mut self.visit else { return };
        let Some((shown, session)) = all.and_then(|all| put_on_stage(&visit.id, all)) else {
            visit.stand = Stand::Missing;
            return;
        };
        let first = visit.first.min(shown.steps.len().saturating_sub(1));
        visit.stand = Stand::Shown(Rc::new(shown));
        self.session = session;
        self.show_document();
        self.show_step(first);
    }

    /// Puts the end of a step on stage.
    pub(crate) fn show_step(&mut self, at: usize) {
        let Some(Visit { stand: Stand::Shown(shown), .. }) = &self.visit else { return };
        let shown = shown.clone();
        let Some(step) = shown.steps.get(at) else { return };
        let head = self.session.timeline().head().now();
        let end = shown.steps.get(at + 1).map_or(head, |next| just_before(next.begins));
        self.playing = false;
        self.session.seek(end.max(step.begins));
        dom::set_fragment(&format!("{PLACE}{}/{at}", shown.id));
        if let Some(document) = step.document.filter(|document| *document != self.session.documents.open) {
            self.session.documents.open = document;
            self.show_document();
        }
    }
}

/// The last moment before another one.
fn just_before(moment: Time) -> Time {
    moment - std::time::Duration::from_micros(1)
}

/// The recording of this name.
fn named(id: &str, all: &str) -> Option<Recording> {
    let mut lines = all.lines().filter(|line| line.contains(id));
    lines.find_map(|line| conformance::read(line).ok().filter(|recording| recording.id == id))
}

/// Plays the recording of this name. Not inlined, so that it comes with the engine (`www/editor/split.mjs`).
#[inline(never)]
fn put_on_stage(id: &str, all: &str) -> Option<(Shown, Session)> {
    let recording = named(id, all)?;
    let played = conformance::play(&recording, Chance::default());
    let mut timeline = played.timeline?;
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
        timeline.flag_at(*begins, did.clone());
        steps.push(ShownStep {
            begins: *begins,
            did,
            answer: step.answer(),
            differences: found.iter().map(report::one).collect(),
            known: known.get(&at).cloned(),
            document,
        });
    }
    let scripted_kubelets = recording.course.is_none();
    let shown = Shown { id: recording.id.clone(), title: recording.title.clone(), scripted_kubelets, steps };
    Some((shown, Session::of(timeline, Documents::of(documents, 0))))
}

fn document_name(step: usize) -> String {
    format!("step-{step}.yaml")
}

/// What a step handed to the cluster, as a document.
fn applied(step: usize, text: &str) -> Document {
    Document { name: document_name(step), text: text.to_owned(), applied: Some(text.to_owned()) }
}
