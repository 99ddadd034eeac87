//! Time: what a frame brings, playing, seeking, branches.

use std::time::Duration;

use crate::effect::{Effect, Effects};
use crate::model::Model;
use crate::place::Place;
use crate::regions::editor;
use crate::view::{Pill, Shared};
use crate::{past, show};

/// At most this much real time is caught up with in one frame: a hidden tab does not race on return.
const FRAME_MAX: f64 = 250.0;
/// What moves on the stage has come to rest after so many milliseconds, and a pill has arrived.
pub const REST: f64 = 600.0;
/// Pills in one column at once.
const PILLS_MAX: usize = 1;
/// From one announcement to the next, in milliseconds.
const ANNOUNCE_EVERY: f64 = 1_000.0;

/// Where to go in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// 0:00.
    Start,
    /// The head.
    Now,
    /// The decision before.
    PreviousDecision,
    /// The decision after.
    NextDecision,
    /// What a person did before.
    PreviousInput,
    /// What a person did after.
    NextInput,
    /// So many microseconds after 0:00.
    To(i64),
}

/// What happens to time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeAction {
    /// The browser draws; its clock in milliseconds.
    Frame(f64),
    /// Play or pause.
    PlayPause,
    /// How many simulated seconds a second takes.
    Speed(f64),
    /// A jump.
    Jump(Jump),
    /// Another branch, by its place.
    SwitchBranch(usize),
}

impl TimeAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Jump(_) | Self::SwitchBranch(_) => true,
            Self::Frame(_) | Self::PlayPause | Self::Speed(_) => false,
        }
    }
}

/// What the region remembers.
#[derive(Debug)]
pub struct State {
    /// Time passes.
    pub playing: bool,
    /// Simulated seconds a second.
    pub speed: f64,
    /// The page's clock at the last frame, in milliseconds.
    pub clock: f64,
    /// The pointer drags the cursor through time: nothing is eased.
    pub scrubbing: bool,
    /// Requests on their way across the stage.
    pub pills: Shared<Vec<Pill>>,
    /// The width of the lanes, in CSS pixels.
    pub lanes_width: f64,
    /// The clock at the frame before, while frames come.
    last_frame: Option<f64>,
    /// Something still moves until then.
    moves_until: f64,
    /// When something was last announced.
    announced: f64,
    /// How many inputs the report of a mistake knows.
    reported: Option<usize>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            playing: false,
            speed: 1.0,
            clock: 0.0,
            scrubbing: false,
            pills: Shared::default(),
            lanes_width: 1_200.0,
            last_frame: None,
            moves_until: 0.0,
            announced: 0.0,
            reported: None,
        }
    }
}

/// Does it.
pub fn update(model: &mut Model, action: TimeAction, effects: &mut Effects) {
    match action {
        TimeAction::Frame(now) => frame(model, now, effects),
        TimeAction::PlayPause if model.time.playing => model.time.playing = false,
        TimeAction::PlayPause => go_on(model, effects),
        TimeAction::Speed(speed) => model.time.speed = speed,
        TimeAction::Jump(jump) => to(model, jump),
        TimeAction::SwitchBranch(at) => {
            model.session.switch_branch(at);
            model.line += 1;
            editor::keep(model, effects);
        }
    }
}

/// Time goes on from here, if it did not already.
pub fn go_on(model: &mut Model, effects: &mut Effects) {
    model.time.playing = true;
    effects.push(Effect::NextFrame);
}

/// Frames come until what moves has come to rest.
pub fn ease(model: &mut Model, effects: &mut Effects) {
    model.time.moves_until = model.time.clock + REST;
    effects.push(Effect::NextFrame);
}

fn to(model: &mut Model, jump: Jump) {
    model.time.playing = false;
    let session = &mut model.session;
    let origin = session.timeline().origin();
    match jump {
        Jump::Start => session.seek(origin),
        Jump::Now => session.seek(session.timeline().head().now()),
        Jump::PreviousDecision => session.previous_decision(),
        Jump::NextDecision => session.next_decision(),
        Jump::PreviousInput => session.seek_flag(false),
        Jump::NextInput => session.seek_flag(true),
        Jump::To(micros) => {
            session.seek(origin + Duration::from_micros(u64::try_from(micros).unwrap_or(0)));
        }
    }
}

fn frame(model: &mut Model, now: f64, effects: &mut Effects) {
    let passed = model.time.last_frame.map_or(0.0, |last| (now - last).clamp(0.0, FRAME_MAX));
    model.time.last_frame = Some(now);
    model.time.clock = now;
    let plays = model.time.playing && model.has_engine();
    if plays {
        play(model, Duration::from_secs_f64(passed / 1_000.0 * model.time.speed), effects);
    }
    let mut report_is_new = false;
    if model.has_engine() {
        show::refresh(model);
        launch_pills(model);
        show::look_ahead(model);
        announce(model);
        report_is_new = report(model, effects);
    }
    if plays || now < model.time.moves_until || (report_is_new && model.place == Place::Mistake) {
        effects.push(Effect::NextFrame);
    } else {
        model.time.last_frame = None;
    }
}

/// Lets time pass: the only place where it does.
fn play(model: &mut Model, by: Duration, effects: &mut Effects) {
    // Only a command that runs opens documents, writes them or closes them.
    let before = model.shown.running.is_on.then(|| state_of_documents(model));
    model.session.play(by);
    if before.is_some_and(|before| before != state_of_documents(model)) {
        editor::show_document(model, effects);
        editor::note_documents(model);
    }
}

/// How many documents there are, which is open, and how long it is.
fn state_of_documents(model: &Model) -> (usize, usize, usize) {
    let documents = &model.session.documents;
    (documents.all.len(), documents.open, documents.current().map_or(0, |document| document.text.len()))
}

/// New requests become pills; at high speed, or in the past, there are none.
fn launch_pills(model: &mut Model) {
    let now = model.time.clock;
    let fresh = show::fresh_pills(model, now);
    let under_way = model.time.pills.iter().filter(|pill| now - pill.since < REST).cloned();
    let mut pills: Vec<Pill> = under_way.collect();
    if model.time.playing && model.animates() && !model.shown.in_past {
        for pill in fresh {
            if pills.iter().filter(|p| p.pod == pill.pod).count() < PILLS_MAX {
                pills.push(pill);
            }
        }
    }
    if !pills.is_empty() {
        model.time.moves_until = now + REST;
    }
    model.time.pills.renew(pills);
}

/// Says what is the matter now: at most a sentence a second, and none while somebody moves through time.
fn announce(model: &mut Model) {
    let now = model.time.clock;
    if !model.time.scrubbing && now - model.time.announced >= ANNOUNCE_EVERY {
        model.time.announced = now;
        show::announce(model);
    }
}

/// Tells what a report of a mistake would say of the session. Returns whether its inputs are other ones.
fn report(model: &mut Model, effects: &mut Effects) -> bool {
    // The panel for mistakes is part of the page, so there is a way to see it.
    let is_asked_for = model.place == Place::Mistake && model.time.reported.is_some();
    assert!(!is_asked_for, "asked for by the page's address");
    let report = past::report(&model.session);
    effects.push(Effect::Report(report));
    let is_new = model.time.reported != Some(report.inputs);
    if is_new {
        model.time.reported = Some(report.inputs);
        effects.push(Effect::ReportInputs(past::inputs(&model.session)));
    }
    is_new
}
