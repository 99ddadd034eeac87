//! What of the session is on the page: looked up after each action and in each frame, and only where it can have
//! changed. What did not change stays the same piece of data, so the views need not look at it.
//!
//! All that reads a session for the page is here, and all of it comes with the engine (`www/editor/split.mjs`).

mod timeline;

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::{Record, What};
use session::Session;
use session::everyday::only_creates as only_creates_everyday;
use session::offers::offers;

use crate::effect::Part;
use crate::marks::{Happened, Marks, Moment};
use crate::model::Model;
use crate::regions::recording::Stand;
use crate::regions::{self, LowerTab};
use crate::show_faults::faults;
use crate::view::{EventRow, Pill, Running, Shared, SharedList};
pub use timeline::look_ahead;

/// The state of what is on stage.
fn moment_of(session: &Session) -> Moment {
    let run = session.run();
    Moment {
        now: Some(session.now()),
        steps: session.cluster().steps(),
        deeds: run.deeds().len(),
        record: run.last_record(),
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
        *marks = Marks { line: model.line, piped: moment.record, ..Marks::default() };
        model.shown.entries = SharedList::default();
        terminal(model);
    }
    let marks = &mut model.shown.marks;
    if marks.moment != moment {
        marks.moment = moment;
        stage(model);
    }
    missing(model, moment);
    timeline::refresh(model);
    if speaks(model) {
        why(model);
        offered(model, moment);
        faults(model, moment);
    }
    events(model);
    model.shown.branches.renew(model.session.branches().iter().map(|b| b.name.clone()).collect());
}

fn stage(model: &mut Model) {
    let (session, shown) = (&mut model.session, &mut model.shown);
    shown.scene = Shared::new(session.scene());
    regions::stage::follow(&mut model.stage, &shown.scene);
    if let Stand::Shown(played) = &model.recording.stand {
        model.recording.at = played.at(session.now());
    }
}

/// What is missing, which no time alone changes.
fn missing(model: &mut Model, moment: Moment) {
    let asked = (model.session.cluster().store().revision(), moment.deeds, model.session.in_past());
    if model.shown.marks.missing != Some(asked) {
        model.shown.marks.missing = Some(asked);
        model.shown.missing.renew(session::missing::missing(model.session.cluster()));
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

fn happened(session: &Session) -> Happened {
    let (run, now) = (session.run(), session.now());
    let before = run.records().partition_point(|record| record.at <= now).checked_sub(1);
    let last = before.and_then(|at| run.records().get(at)).map_or(0, |record| record.id);
    (session.cluster().store().revision(), last, run.shown().unresolved().cloned())
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

/// Whether what puts reasons into words, offers and looks ahead has come: it comes with the commands.
fn speaks(model: &Model) -> bool {
    model.here >= Some(Part::Commands)
}

/// What is the matter now, for those who do not see it.
#[inline(never)]
pub fn announce(model: &mut Model) {
    if !speaks(model) {
        return;
    }
    let asked = (happened(&model.session), model.page.lang);
    if model.shown.marks.announced.as_ref() != Some(&asked) {
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
        let mut events: Vec<&Rc<Object>> = store.list(Kind::Event, "").collect();
        events.sort_by_cached_key(|event| std::cmp::Reverse(order_of(event)));
        shown.rows.renew(events.into_iter().map(|event| event_row(session, event)).collect());
    }
}

/// When an Event was last seen, as `kubectl events` reads it off the fields of both of its APIs.
fn last_seen(event: &Object) -> Time {
    let series = event.field("series");
    let fields = [series.str_at(&["lastObservedTime"]), event.field("lastTimestamp").as_str().unwrap_or("")];
    let known = fields.into_iter().chain(event.field("eventTime").as_str()).find_map(Time::parse_rfc3339);
    let seen = known.or(event.metadata.creation_timestamp).unwrap_or_default();
    // Half of the fields know no more than the second.
    Time::from_micros(seen.as_micros().div_euclid(1_000_000) * 1_000_000)
}

/// Where an Event stands: by the second in which it was last seen, and within a second in the order of arrival.
fn order_of(event: &Object) -> (Time, u64) {
    (last_seen(event), event.metadata.resource_version)
}

fn event_row(session: &Session, event: &Object) -> EventRow {
    let text = |name: &str| event.field(name).as_str().unwrap_or("").to_owned();
    let object = event.field("involvedObject");
    EventRow {
        name: event.metadata.name.clone(),
        at: session.since_start(last_seen(event)).max(0),
        warning: text("type") == "Warning",
        reason: text("reason"),
        object: format!("{}/{}", object.str_at(&["kind"]).to_ascii_lowercase(), object.str_at(&["name"])),
        message: text("message"),
        count: event.field("count").as_i64().unwrap_or(1),
    }
}

/// Requests since the last time that are to be seen on their way.
#[inline(never)]
pub fn fresh_pills(model: &mut Model, clock: f64) -> Vec<Pill> {
    let records = model.session.run().records();
    let piped = &mut model.shown.marks.piped;
    let fresh = records.get(records.partition_point(|record| record.id <= *piped)..).unwrap_or_default();
    *piped = model.session.run().last_record();
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
