//! What of the session is on the page: looked up after each action and in each frame, and only where it can have
//! changed. What did not change stays the same piece of data, so the views need not look at it.
//!
//! All that reads a session for the page is here, and all of it comes with the engine (`www/editor/split.mjs`).

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::{Record, What};
use scene::{PodLook, Ribbon};
use session::everyday::only_creates as only_creates_everyday;
use session::offers::offers;
use session::{Session, Spare};

use crate::marks::{Marks, Moment};
use crate::model::Model;
use crate::regions::LowerTab;
use crate::regions::recording::Stand;
use crate::view::{EventRow, LIVES_MAX, Life, Pill, Running, Shared, SharedList};
use crate::words::clock;

/// Real milliseconds between two forecasts while time passes.
const FORECAST_EVERY: f64 = 400.0;
/// With more Pods than this there is no forecast: it would take longer than one waits for a picture.
const FORECAST_PODS: usize = 60;

/// The state of what is on stage.
fn moment_of(session: &Session) -> Moment {
    let run = session.run();
    Moment {
        now: Some(session.now()),
        steps: session.cluster().steps(),
        deeds: run.deeds().len(),
        records: run.records().len(),
    }
}

/// Looking all up takes long if it takes so many milliseconds, as with hundreds of Pods.
const LONG: f64 = 3.0;
/// What took long is not looked up again before so many times as long have passed.
const APART: f64 = 5.0;

/// Whether the next refresh takes long, and it is time for it.
pub fn is_long_due(model: &Model) -> bool {
    let marks = &model.shown.marks;
    marks.took > LONG && (model.watch)() >= marks.refreshed + marks.took * APART
}

/// Brings up to date what is shown of the session. What takes long may wait (`may_wait`) for a later frame, but for
/// the clock and the terminal; returns whether it does.
#[inline(never)]
pub fn refresh(model: &mut Model, may_wait: bool) -> bool {
    let begun = (model.watch)();
    clock_and_terminal(model);
    let is_other = model.shown.marks.line != model.line;
    if may_wait && !is_other && model.shown.marks.took > LONG && !is_long_due(model) {
        return model.shown.marks.moment != moment_of(&model.session);
    }
    look_up(model);
    let marks = &mut model.shown.marks;
    marks.refreshed = (model.watch)();
    marks.took = marks.refreshed - begun;
    false
}

/// What is to be seen of each moment, however many Pods there are.
fn clock_and_terminal(model: &mut Model) {
    let (session, shown) = (&model.session, &mut model.shown);
    shown.origin = session.run().origin();
    shown.now = session.since_start(session.now());
    shown.in_past = session.in_past();
    shown.timeline.head = session.since_start(session.run().head().now());
    terminal(model);
}

fn look_up(model: &mut Model) {
    let moment = moment_of(&model.session);
    let marks = &mut model.shown.marks;
    if marks.line != model.line {
        // Another line of time: nothing that was known of the last one holds.
        *marks = Marks { line: model.line, piped: moment.records, ..Marks::default() };
        model.shown.entries = SharedList::default();
    }
    if marks.moment != moment {
        marks.moment = moment;
        stage(model);
    }
    timeline(model);
    why(model);
    offered(model, moment);
    events(model);
    model.shown.branches.renew(model.session.branches().iter().map(|b| b.name.clone()).collect());
}

fn stage(model: &mut Model) {
    let (session, shown) = (&mut model.session, &mut model.shown);
    shown.scene = Shared::new(session.scene());
    model.stage.set = model.stage.set.min(shown.scene.sets.len().saturating_sub(1));
    if let Stand::Shown(played) = &model.recording.stand {
        model.recording.at = played.at(session.now());
    }
}

fn terminal(model: &mut Model) {
    let (terminal, shown) = (model.session.terminal(), &mut model.shown);
    let running = Running {
        is_on: terminal.is_running(),
        asks: terminal.prompt().map(str::to_owned),
        edits: terminal.document().is_some(),
    };
    if shown.running != running {
        shown.running = running;
    }
    // An entry that did not change is the one that it was, and so is a screen.
    if !Rc::ptr_eq(&shown.marks.screen, terminal.screen()) {
        shown.marks.screen = Rc::clone(terminal.screen());
        shown.entries = Shared::new(terminal.screen().iter().map(Rc::clone).map(Shared::from).collect());
    }
}

/// Makes the list say the same as `now`; items that it knows stay the data that they are.
fn renew<T: PartialEq + Clone>(list: &mut SharedList<T>, now: &[T]) {
    let gone = now.first().and_then(|first| list.iter().position(|known| **known == *first)).unwrap_or(0);
    let known = list.iter().skip(gone).map(Some).chain(std::iter::repeat(None));
    let item = |(now, known): (&T, Option<&Shared<T>>)| match known {
        Some(known) if **known == *now => known.clone(),
        Some(_) | None => Shared::new(now.clone()),
    };
    let all: Vec<Shared<T>> = now.iter().zip(known).map(item).collect();
    list.renew(all);
}

/// Ribbons with their words.
fn lives(ribbons: Vec<Ribbon>) -> Vec<Life> {
    ribbons.into_iter().map(|ribbon| Life { words: described(&ribbon).into(), ribbon }).collect()
}

/// A ribbon in words, for those who do not see it: Kubernetes' own, which are the same in every language.
fn described(ribbon: &Ribbon) -> String {
    let parts = ribbon
        .segments
        .iter()
        .map(|segment| format!("{} {} {}", word(segment.look), clock(segment.from_micros), segment.revision));
    format!("{}: {}", ribbon.name, parts.collect::<Vec<_>>().join(", "))
}

/// Kubernetes' word for a look; it is the same in every language.
const fn word(look: PodLook) -> &'static str {
    match look {
        PodLook::Pending | PodLook::PendingOnClaim => "Pending",
        PodLook::Creating => "ContainerCreating",
        PodLook::Running => "Running",
        PodLook::Ready => "Ready",
        PodLook::Terminating => "Terminating",
        PodLook::CrashLoop => "CrashLoopBackOff",
        PodLook::ImagePull => "ImagePullBackOff",
        PodLook::Failed => "Failed",
        PodLook::Succeeded => "Completed",
        PodLook::Unknown => "Unknown",
    }
}

fn timeline(model: &mut Model) {
    let (session, shown) = (&mut model.session, &mut model.shown);
    let head = session.run().head();
    let revision = head.store().revision();
    if shown.marks.lives != Some(revision) {
        shown.marks.lives = Some(revision);
        shown.timeline.more = session.lives().saturating_sub(LIVES_MAX);
        renew(&mut shown.timeline.ribbons, &lives(session.ribbons(LIVES_MAX)));
    }
    let flags = session.flags();
    if shown.marks.flags != Some(flags.len()) {
        shown.marks.flags = Some(flags.len());
        let told = flags.iter().map(|flag| (session.since_start(flag.at), flag.text.clone()));
        shown.timeline.flags.renew(told.collect());
    }
    shown.decisions = session.decisions();
}

/// How many records lie before the moment on stage: what "Why?" is answered from.
fn happened(session: &Session) -> usize {
    session.run().records().partition_point(|record| record.at <= session.now())
}

fn why(model: &mut Model) {
    let (session, shown, selected) = (&model.session, &mut model.shown, &model.stage.selected);
    let asked = (happened(session), selected.clone(), model.page.lang);
    if shown.marks.why.as_ref() != Some(&asked) {
        shown.marks.why = Some(asked);
        let why = session.why(selected.as_ref(), model.page.lang);
        match (&mut shown.why, why) {
            (Some(known), Some(why)) => known.renew(why),
            (known, why) => *known = why.map(Shared::new),
        }
    }
}

/// Whether the open document asks only for new objects of everyday kinds.
#[inline(never)]
pub fn only_creates(model: &Model) -> bool {
    let document = model.session.documents.current();
    document.is_none_or(|document| only_creates_everyday(&document.text, model.session.cluster()))
}

/// What is the matter now, for those who do not see it.
#[inline(never)]
pub fn announce(model: &mut Model) {
    let asked = (happened(&model.session), model.page.lang);
    if model.shown.marks.announced != Some(asked) {
        model.shown.marks.announced = Some(asked);
        let why = model.session.why(None, model.page.lang);
        model.page.announcement = why.map(|why| why.sentence).unwrap_or_default();
    }
}

/// What can be done with the selected object, which no time alone changes.
fn offered(model: &mut Model, moment: Moment) {
    let (session, shown, selected) = (&model.session, &mut model.shown, &model.stage.selected);
    let asked = (Moment { now: None, ..moment }, selected.clone());
    if shown.marks.offers.as_ref() != Some(&asked) {
        let all = selected.as_ref().map(|key| offers(session.cluster(), key));
        shown.marks.offers = Some(asked);
        shown.offers.renew(all.unwrap_or_default());
    }
}

/// The Events at the moment on stage: how many, and while somebody looks at them which.
fn events(model: &mut Model) {
    let (session, shown) = (&model.session, &mut model.shown);
    let store = session.cluster().store();
    let revision = Some(store.revision());
    if shown.marks.events != revision {
        shown.marks.events = revision;
        shown.events = store.list(Kind::Event, "").count();
    }
    if model.terminal.tab == LowerTab::Events && shown.marks.rows != revision {
        shown.marks.rows = revision;
        let mut rows: Vec<EventRow> = store.list(Kind::Event, "").map(|e| event_row(session, e)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.at));
        shown.rows.renew(rows);
    }
}

fn event_row(session: &Session, event: &Object) -> EventRow {
    let text = |name: &str| event.field(name).as_str().unwrap_or("").to_owned();
    let at = Time::parse_rfc3339(&text("lastTimestamp")).or(event.metadata.creation_timestamp);
    let object = event.field("involvedObject");
    EventRow {
        name: event.metadata.name.clone(),
        at: at.map_or(0, |at| session.since_start(at).max(0)),
        warning: text("type") == "Warning",
        reason: text("reason"),
        object: format!("{}/{}", object.str_at(&["kind"]).to_ascii_lowercase(), object.str_at(&["name"])),
        message: text("message"),
        count: event.field("count").as_i64().unwrap_or(1),
    }
}

/// Looks ahead while there is time, and at what was decided about the selected object, if something has changed
/// since the last time: the only place where a forecast is made. Returns whether all of it is done.
#[inline(never)]
pub fn look_ahead(model: &mut Model, spare: Spare<'_>) -> bool {
    let (session, shown, clock) = (&mut model.session, &mut model.shown, model.time.clock);
    let revision = session.run().head().store().revision();
    let (known, known_at) = (shown.marks.forecast, shown.marks.forecast_at);
    let is_young = known.is_some() && model.time.playing && clock - known_at < FORECAST_EVERY;
    let is_known = known == Some(revision) || is_young;
    if !is_known || shown.marks.decided_about != model.stage.selected {
        shown.marks.decided_about.clone_from(&model.stage.selected);
        let decisions = model.stage.selected.as_ref().map(|key| session.decisions_about(key));
        shown.timeline.decisions.renew(decisions.unwrap_or_default());
    }
    // One that has begun comes to its end before the next one, even if something happens meanwhile.
    if !is_known && shown.marks.looks_ahead.is_none() {
        (shown.marks.forecast, shown.marks.forecast_at) = (Some(revision), clock);
        let pods: usize = shown.scene.sets.iter().map(|set| set.columns.len()).sum();
        if pods > FORECAST_PODS {
            renew(&mut shown.timeline.forecast, &[]);
        } else {
            shown.marks.looks_ahead = Some(session.forecast());
        }
    }
    let mut is_done = true;
    if let Some(forecast) = &mut shown.marks.looks_ahead {
        is_done = forecast.go_on(spare);
        if is_done {
            renew(&mut shown.timeline.forecast, &lives(forecast.ribbons(LIVES_MAX)));
            shown.marks.looks_ahead = None;
        }
    }
    // The ruler reaches a little further than what is known, and grows in steps, so that it does not creep.
    let ahead = shown.timeline.forecast.iter().filter_map(|life| life.ribbon.segments.last());
    let known = ahead.map(|segment| segment.from_micros).max().unwrap_or(0);
    let end = known.max(shown.timeline.head) + 8_000_000;
    let step = if end > 600_000_000 { 120_000_000 } else { 15_000_000 };
    shown.timeline.end = (end / step + 1) * step;
    is_done
}

/// Requests since the last time that are to be seen on their way.
#[inline(never)]
pub fn fresh_pills(model: &mut Model, clock: f64) -> Vec<Pill> {
    let records = model.session.run().records();
    let piped = &mut model.shown.marks.piped;
    let fresh = records.get((*piped).min(records.len())..).unwrap_or_default();
    *piped = records.len();
    fresh.iter().filter_map(|record| pill(record, clock)).collect()
}

/// The pill of a record: a write to a Pod, by a controller or a kubelet.
fn pill(record: &Record, clock: f64) -> Option<Pill> {
    let What::Requested { verb, key, part, result: Ok(_), .. } = &record.what else { return None };
    if key.kind != Kind::Pod || record.actor.is_user() {
        return None;
    }
    let part = if part.is_empty() { String::new() } else { format!("/{part}") };
    Some(Pill {
        text: format!("{verb} {}{part}", key.name),
        pod: key.name.to_string(),
        upwards: record.actor.as_str().starts_with("kubelet/"),
        since: clock,
    })
}
