//! A recording of a real Kubernetes on the stage.
//!
//! The parity page says of each step whether it goes as recorded; this shows it. The recording is played, and its
//! line of time takes the place of the person's session, which stays as it was kept. The step beside the stage is
//! the one that the moment on stage belongs to, so playing goes through the steps, and so do its buttons.

use std::time::Duration;

use crate::effect::{Effect, Effects};
use crate::model::Model;
use crate::place::{Place, of_step};
use crate::played::{Played, put_on_stage};
use crate::regions::{editor, time};
use crate::view::Shared;

/// What happens to the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingAction {
    /// The recordings have arrived, or cannot be had.
    Arrived(Option<String>),
    /// Another step is put on stage.
    Step(usize),
}

impl RecordingAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Arrived(_) | Self::Step(_) => true,
        }
    }
}

/// What the region remembers.
#[derive(Debug, Default)]
pub struct State {
    /// What there is to show.
    pub stand: Stand,
    /// The step that the moment on stage belongs to.
    pub at: usize,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Stand {
    /// The recordings are on their way.
    #[default]
    Loading,
    /// There is no such recording, or none could be had.
    Missing,
    /// It is on stage.
    Shown(Shared<Played>),
}

/// Does it.
pub fn update(model: &mut Model, action: RecordingAction, effects: &mut Effects) {
    match action {
        RecordingAction::Arrived(all) => arrived(model, all.as_deref(), effects),
        RecordingAction::Step(at) => step(model, at, effects),
    }
}

/// Asks for the recordings if one of them is to be shown.
pub fn fetch(model: &Model, effects: &mut Effects) {
    if let Place::Recording { .. } = model.place {
        effects.push(Effect::FetchRecordings);
    }
}

/// Plays the one that is asked for and puts it on stage.
fn arrived(model: &mut Model, all: Option<&str>, effects: &mut Effects) {
    let Place::Recording { id, step: first } = &model.place else { return };
    let Some((played, session)) = all.and_then(|all| put_on_stage(id, all)) else {
        model.recording.stand = Stand::Missing;
        return;
    };
    let first = (*first).min(played.steps.len().saturating_sub(1));
    model.recording.stand = Stand::Shown(Shared::new(played));
    model.put_on_stage(session);
    editor::show_document(model, effects);
    step(model, first, effects);
}

/// Puts the end of a step on stage.
fn step(model: &mut Model, at: usize, effects: &mut Effects) {
    let Stand::Shown(played) = model.recording.stand.clone() else { return };
    let Some(step) = played.steps.get(at) else { return };
    let head = model.session.run().head().now();
    let end = played.steps.get(at + 1).map_or(head, |next| next.begins - Duration::from_micros(1));
    model.time.playing = false;
    time::put_on_stage(model, end.max(step.begins), effects);
    effects.push(Effect::Fragment(of_step(&played.id, at)));
    if let Some(document) = step.document.filter(|document| *document != model.session.documents.open) {
        model.session.documents.open = document;
        editor::show_document(model, effects);
    }
}
