//! Time: what a frame brings, playing, seeking, branches.

use std::time::Duration;

use apimachinery::Time;
use session::Spare;

use crate::effect::{Effect, Effects};
use crate::model::Model;
use crate::regions::{editor, spaces};
use crate::view::{Pill, Shared};
use crate::window::{Sight, Window, WindowAction};
use crate::{past, show, window};

/// At most this much real time is caught up with in one frame: a hidden tab does not race on return.
const FRAME_MAX: f64 = 250.0;
/// Simulating takes at most so much of a frame, in milliseconds; what does not fit goes on in the next one.
const WORK_MAX: f64 = 7.0;
/// The same for a frame that has something else to do.
const WORK_LEAST: f64 = 1.0;
/// How much of the pace of the frames before counts for what is said of it.
const PACE_KEPT: f64 = 0.9;
/// Below this part of the chosen speed it is said how fast time really passes.
const PACE_TOLD: f64 = 0.9;
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
    /// The timeline shows another part of time, or other lanes.
    Window(WindowAction),
}

impl TimeAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Jump(_) | Self::SwitchBranch(_) => true,
            Self::Frame(_) | Self::PlayPause | Self::Speed(_) | Self::Window(_) => false,
        }
    }
}

/// What takes more than a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnderWay {
    /// A moment is being put on stage.
    To(Time),
    /// The first decision after a moment is being looked for.
    DecisionAfter(Time),
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
    /// What a jump still has to do.
    pub under_way: Option<UnderWay>,
    /// Simulated seconds a second, as they really pass, while that is less than was asked for.
    pub pace: Option<f64>,
    /// The pointer drags the cursor through time: nothing is eased.
    pub scrubbing: bool,
    /// Requests on their way across the stage.
    pub pills: Shared<Vec<Pill>>,
    /// The width of the lanes, in CSS pixels.
    pub lanes_width: f64,
    /// What the timeline shows.
    pub window: Window,
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
            under_way: None,
            pace: None,
            scrubbing: false,
            pills: Shared::default(),
            lanes_width: 1_200.0,
            window: Window::default(),
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
        TimeAction::Jump(jump) => jump_to(model, jump, effects),
        TimeAction::SwitchBranch(at) => {
            model.session.switch_branch(at);
            model.line += 1;
            model.time.under_way = None;
            spaces::keep(model, effects);
            effects.push(Effect::NextFrame);
        }
        TimeAction::Window(action) => model.time.window.act(action, sight(model)),
    }
}

/// What there is to look at through the timeline's window.
fn sight(model: &Model) -> Sight {
    let (shown, lanes) = (&model.shown, model.shown.timeline.lanes.len());
    Sight {
        now: shown.now,
        whole: shown.timeline.end,
        lanes,
        room: window::room(lanes, model.time.lanes_width),
        acting: shown.timeline.acting,
        playing: model.time.playing,
    }
}

/// The timeline's window keeps what is to be seen in sight.
pub fn look_after_window(model: &mut Model) {
    let (sight, pointed) = (sight(model), model.time.scrubbing);
    model.time.window.look_after(sight, pointed);
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

fn jump_to(model: &mut Model, jump: Jump, effects: &mut Effects) {
    model.time.playing = false;
    let (session, run) = (&model.session, model.session.run());
    let moment = match jump {
        Jump::Start => run.origin(),
        Jump::Now => run.head().now(),
        Jump::PreviousDecision => session.previous_decision(),
        Jump::NextDecision => {
            model.time.under_way = Some(UnderWay::DecisionAfter(session.now()));
            return go_there(model, &mut spare(model.watch, WORK_MAX), effects);
        }
        Jump::PreviousInput => session.flag_beside(false),
        Jump::NextInput => session.flag_beside(true),
        Jump::To(micros) => run.origin() + Duration::from_micros(u64::try_from(micros).unwrap_or(0)),
    };
    put_on_stage(model, moment, effects);
}

/// Puts a moment on stage; if it takes more than a frame, the next ones go on.
pub fn put_on_stage(model: &mut Model, moment: Time, effects: &mut Effects) {
    model.time.under_way = Some(UnderWay::To(moment));
    go_there(model, &mut spare(model.watch, WORK_MAX), effects);
}

/// Goes on with a jump.
fn go_there(model: &mut Model, spare: Spare<'_>, effects: &mut Effects) {
    let is_there = match model.time.under_way {
        None => return,
        Some(UnderWay::To(moment)) => model.session.seek_within(moment, spare),
        Some(UnderWay::DecisionAfter(moment)) => model.session.next_decision_within(moment, spare),
    };
    if is_there {
        model.time.under_way = None;
    } else {
        effects.push(Effect::NextFrame);
    }
}

/// Whether there is time left in this frame.
fn spare(watch: fn() -> f64, work: f64) -> impl FnMut() -> bool {
    let until = watch() + work;
    move || watch() < until
}

fn frame(model: &mut Model, now: f64, effects: &mut Effects) {
    let passed = model.time.last_frame.map_or(0.0, |last| (now - last).clamp(0.0, FRAME_MAX));
    model.time.last_frame = Some(now);
    model.time.clock = now;
    // A frame does one long thing.
    let mut spare = spare(model.watch, if show::is_long_due(model) { WORK_LEAST } else { WORK_MAX });
    let mut goes_on = false;
    if model.has_engine() {
        goes_on = pass(model, passed, &mut spare, effects);
    }
    if model.has_engine() {
        goes_on |= show::refresh(model, true);
        launch_pills(model);
        goes_on |= !show::look_ahead(model, &mut spare);
        look_after_window(model);
        announce(model);
        report(model, effects);
    }
    goes_on |= now < model.time.moves_until;
    if goes_on {
        effects.push(Effect::NextFrame);
    } else {
        model.time.last_frame = None;
    }
}

/// Lets time pass, or does what goes before it: an earlier visit, a jump. Returns whether more is to come.
fn pass(model: &mut Model, millis: f64, spare: Spare<'_>, effects: &mut Effects) -> bool {
    if model.session.is_behind() {
        if model.session.catch_up(spare) {
            spaces::caught_up(model, effects);
            editor::show_document(model, effects);
        }
        return true;
    }
    if model.time.under_way.is_some() {
        go_there(model, spare, effects);
        return model.time.under_way.is_some() || model.time.playing;
    }
    if model.time.playing {
        play(model, millis, spare, effects);
    }
    model.time.playing
}

/// Lets time pass: the only place where it does.
fn play(model: &mut Model, millis: f64, spare: Spare<'_>, effects: &mut Effects) {
    // Only a command that runs opens documents, writes them or closes them.
    let before = model.shown.running.is_on.then(|| state_of_documents(model));
    let wanted = Duration::from_secs_f64(millis / 1_000.0 * model.time.speed);
    let passed = model.session.play_within(wanted, spare);
    note_pace(&mut model.time, passed.as_secs_f64(), wanted.as_secs_f64());
    if before.is_some_and(|before| before != state_of_documents(model)) {
        editor::show_document(model, effects);
        editor::note_documents(model);
    }
}

/// How fast time passes, if the machine does not keep up with the chosen speed.
fn note_pace(time: &mut State, passed: f64, wanted: f64) {
    if wanted > 0.0 {
        let now = (passed / wanted).min(1.0) * time.speed;
        let pace = time.pace.unwrap_or(time.speed) * PACE_KEPT + now * (1.0 - PACE_KEPT);
        time.pace = (pace < time.speed * PACE_TOLD || now < time.speed).then_some(pace);
    }
}

/// How fast time really passes, if that is to be told.
pub fn told_pace(time: &State) -> Option<f64> {
    time.pace.filter(|pace| time.playing && *pace < time.speed * PACE_TOLD)
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

/// Tells what a report of a mistake would say of the session.
fn report(model: &mut Model, effects: &mut Effects) {
    let report = past::report(&model.session);
    effects.push(Effect::Report(report));
    if model.time.reported != Some(report.inputs) {
        model.time.reported = Some(report.inputs);
        effects.push(Effect::ReportInputs(past::inputs(&model.session)));
    }
}
