//! The timeline's data: lanes, flags, forecast, overview.

use std::cmp::Ordering;
use std::rc::Rc;

use api::Kind;
use scene::{Bead, Contact, PodLook, Ribbon, Segment};
use session::Spare;

use crate::model::Model;
use crate::view::{Lane, Overview, Paint, Shared, Shown, Stroke};

/// Real milliseconds between two forecasts while time passes.
const FORECAST_EVERY: f64 = 400.0;
/// With more Pods than this there is no forecast: it would take longer than one waits for a picture.
const FORECAST_PODS: usize = 60;
/// The overview has at most so many rows: they would be thinner than a pixel.
const OVERVIEW_ROWS: usize = 28;
/// Pieces of the overview that are shorter than this part of it cannot be told apart.
const OVERVIEW_GRAINS: i64 = 1_000;

/// Brings up to date what is shown of the timeline, but for what lies ahead.
pub fn refresh(model: &mut Model) {
    let (session, shown) = (&mut model.session, &mut model.shown);
    let revision = session.run().head().store().revision();
    let lives = Some((revision, session.run().last_record()));
    if shown.marks.lives != lives {
        shown.marks.lives = lives;
        shown.marks.ribbons = session.ribbons();
        lay_lanes(shown);
    }
    let flags = session.flags();
    if shown.marks.flags != Some(flags.len()) {
        shown.marks.flags = Some(flags.len());
        let told = flags.iter().map(|flag| (session.since_start(flag.at), flag.text.clone()));
        shown.timeline.flags.renew(told.collect());
    }
    shown.decisions = session.decisions();
    let acting = acting(model);
    model.shown.timeline.acting = acting;
}

/// Lanes for the lives so far, and those that the forecast adds.
fn lay_lanes(shown: &mut Shown) {
    let (mut lives, mut ahead) = (shown.marks.ribbons.iter().peekable(), shown.marks.ahead.iter().peekable());
    let mut lanes: Vec<Lane> = Vec::with_capacity(lives.len().max(ahead.len()));
    loop {
        let order = match (lives.peek(), ahead.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(life), Some(ahead)) => life.identity().cmp(&ahead.identity()),
        };
        let life = lives.next_if(|_| order.is_le());
        let ahead = ahead.next_if(|_| order.is_ge());
        let Some(known) = life.or(ahead) else { break };
        let at = lanes.len();
        let same = shown.timeline.lanes.get(at).filter(|lane| *lane.name == *known.name);
        let name = same.map_or_else(|| known.name.as_str().into(), |lane| Rc::clone(&lane.name));
        let share = |ribbon: Option<&Rc<Ribbon>>| ribbon.map(|ribbon| Shared::from(Rc::clone(ribbon)));
        lanes.push(Lane { name, life: share(life), ahead: share(ahead) });
    }
    shown.timeline.name_length = lanes.iter().map(|lane| lane.name.chars().count()).max().unwrap_or(0);
    shown.timeline.lanes.renew(lanes);
}

/// The lane of the Pod whose turn it is, as the order on stage says; else that of the selected one.
fn acting(model: &Model) -> Option<usize> {
    let (shown, selected) = (&model.shown, model.stage.selected.as_ref());
    let turn = shown.scene.sets.get(model.stage.set).and_then(|set| {
        let beads = set.order.as_ref()?.beads.iter();
        let at = beads.clone().position(|bead| matches!(bead, Bead::Now | Bead::Blocked))?;
        Some((&*set.key.namespace, &*set.columns.get(at)?.name))
    });
    let of_selected = || {
        let key = selected.filter(|key| key.kind == Kind::Pod)?;
        Some((&*key.namespace, &*key.name))
    };
    let (namespace, name) = turn.or_else(of_selected)?;
    let is_it = |lane: &Lane| {
        let ribbon = lane.life.as_ref().or(lane.ahead.as_ref());
        *lane.name == *name && ribbon.is_some_and(|ribbon| ribbon.namespace == namespace)
    };
    shown.timeline.lanes.iter().position(is_it)
}

/// Looks ahead while there is time, and at what was decided about the selected object, if something has changed
/// since the last time: the only place where a forecast is made. Returns whether all of it is done.
#[inline(never)]
pub fn look_ahead(model: &mut Model, spare: Spare<'_>) -> bool {
    let speaks = super::speaks(model);
    let (session, shown, clock) = (&mut model.session, &mut model.shown, model.time.clock);
    let revision = session.run().head().store().revision();
    let (known, known_at) = (shown.marks.forecast, shown.marks.forecast_at);
    let is_young = known.is_some() && model.time.playing && clock - known_at < FORECAST_EVERY;
    let is_known = known == Some(revision) || is_young || !speaks;
    if !is_known || speaks && shown.marks.decided_about != model.stage.selected {
        shown.marks.decided_about.clone_from(&model.stage.selected);
        let decisions = model.stage.selected.as_ref().map(|key| session.decisions_about(key));
        shown.timeline.decisions.renew(decisions.unwrap_or_default());
    }
    // One that has begun comes to its end before the next one, even if something happens meanwhile.
    if !is_known && shown.marks.looks_ahead.is_none() {
        (shown.marks.forecast, shown.marks.forecast_at) = (Some(revision), clock);
        if shown.timeline.lanes.len() > FORECAST_PODS {
            shown.marks.ahead.clear();
            shown.marks.reach = 0;
            (shown.timeline.looks_ahead, shown.timeline.is_at_rest) = (false, false);
            lay_lanes(shown);
            shown.timeline.overview.renew(overview(shown));
        } else {
            shown.marks.looks_ahead = Some(session.forecast());
        }
    }
    let mut is_done = true;
    if let Some(forecast) = &mut shown.marks.looks_ahead {
        is_done = forecast.go_on(spare);
        if is_done {
            shown.marks.ahead = forecast.ribbons();
            shown.marks.reach = shown.marks.ahead.iter().map(|ribbon| last_change(ribbon)).max().unwrap_or(0);
            shown.marks.looks_ahead = None;
            shown.timeline.looks_ahead = true;
            shown.timeline.is_at_rest = shown.marks.reach <= shown.timeline.head;
            lay_lanes(shown);
            shown.timeline.overview.renew(overview(shown));
        }
    }
    // The ruler reaches a little further than what is known, and grows in steps, so that it does not creep.
    let end = shown.marks.reach.max(shown.timeline.head) + 8_000_000;
    let step = if end > 600_000_000 { 120_000_000 } else { 15_000_000 };
    shown.timeline.end = (end / step + 1) * step;
    is_done
}

/// When a life last changed, in microseconds since 0:00.
fn last_change(ribbon: &Ribbon) -> i64 {
    let changed = |from: i64, until: Option<i64>| until.unwrap_or(from);
    let life = ribbon.segments.last().map_or(0, |last| changed(last.from_micros, last.until_micros));
    ribbon.kept.last().map_or(0, |last| changed(last.from_micros, last.until_micros)).max(life)
}

/// All lanes at once: of many some stand for all.
fn overview(shown: &Shown) -> Overview {
    let (lanes, head) = (&shown.timeline.lanes, shown.timeline.head);
    let end = shown.timeline.end.max(head).max(shown.marks.reach);
    let rows = lanes.len().min(OVERVIEW_ROWS);
    let mut strokes = Vec::new();
    for row in 0..rows {
        let Some(lane) = lanes.get(row * lanes.len() / rows) else { continue };
        let Some(ribbon) = lane.ahead.as_ref().or(lane.life.as_ref()) else { continue };
        // Without a forecast nothing is known after the head.
        let until = if lane.ahead.is_some() { end } else { head };
        let pieces = ribbon.pieces(0, until, end / OVERVIEW_GRAINS);
        strokes.extend(pieces.map(|segment| Stroke {
            row,
            from: segment.from_micros,
            until: segment.until_micros.unwrap_or(until).min(until),
            paint: paint(segment),
        }));
    }
    Overview { rows, strokes }
}

const fn paint(segment: &Segment) -> Paint {
    match (segment.contact, segment.look) {
        (Contact::Lost, _) | (_, PodLook::Terminating | PodLook::Unknown) => Paint::Gone,
        (_, PodLook::Pending | PodLook::PendingOnClaim | PodLook::Creating | PodLook::Running) => Paint::Busy,
        (_, PodLook::Ready | PodLook::Succeeded) => Paint::Revision(segment.pattern),
        (_, PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed) => Paint::Bad,
    }
}
