//! The lives of the Pods as ribbons, with the decisions about the selected one, and what the forecast adds.

use std::fmt::Write as _;

use api::Kind;
use scene::{Contact, Kept, PodLook, Ribbon};
use yew::{Html, html};

use super::Props;
use super::layout::{FLAGS, Layout, fitting};
use super::ribbon::{Band, Lived, ahead, kept, kept_text, living};
use super::scale::Scale;
use crate::view::Lane;
use crate::words::{Words, clock};

/// From the cursor to what is said of the forecast: half of its chip, and some room, in CSS pixels.
const BESIDE_CURSOR: f64 = 40.0;

/// The lanes in sight: ribbons so far, and the forecast behind the head.
pub fn lives(props: &Props, layout: &Layout, scale: &Scale) -> Html {
    let (view, words) = (&props.view, props.frame.words);
    let head = scale.x(view.head.clamp(scale.span.from, scale.until()));
    let band = |at: usize| Band { scale: *scale, y: layout.ribbon(at), height: layout.ribbon, words };
    let in_sight = layout.in_sight();
    let lanes = || in_sight.clone().filter_map(|at| Some((at, view.lanes.get(at)?)));
    let acting = view.acting.filter(|at| layout.scrolls() && in_sight.contains(at));
    html! {
        <>
            {for acting.map(|at| html! {
                <rect x="0" y={layout.lane(at).to_string()} width={(layout.width - 30.0).to_string()} height={layout.lane.to_string()} class="nowlane" />
            })}
            {for lanes().map(|(at, lane)| one(props, layout, &band(at), (at, lane), acting == Some(at), head))}
            <g class="future" aria-hidden="true">
                {for lanes().filter_map(|(at, lane)| Some(ahead(lane.ahead.as_deref()?, &band(at), view.head)))}
            </g>
        </>
    }
}

fn one(
    props: &Props,
    layout: &Layout,
    band: &Band,
    (at, lane): (usize, &Lane),
    acts: bool,
    head: f64,
) -> Html {
    let (view, scale) = (&props.view, &band.scale);
    let y = layout.lane(at);
    let label =
        lane.life.as_ref().map_or_else(|| lane.name.to_string(), |life| described(life, scale, band.words));
    let selected = props.frame.selected.as_ref().is_some_and(|key| {
        let namespace = lane.life.as_ref().or(lane.ahead.as_ref()).map_or("", |ribbon| &ribbon.namespace);
        key.kind == Kind::Pod && *key.name == *lane.name && *key.namespace == *namespace
    });
    let middle = y + layout.lane / 2.0;
    html! {
        <g key={at} role="img" aria-label={label}>
            <text x={layout.names.to_string()} y={(middle + 4.0).to_string()} class={if acts { "lane lb" } else { "lane" }}>
                {layout.name(&lane.name)}
            </text>
            <path d={format!("M{} {middle}H{head}", layout.left)} class="base" />
            {for lane.life.as_ref().map(|life| html! {
                <><Lived life={life.clone()} band={*band} />{living(life, lane.ahead.as_deref(), band, view.head)}</>
            })}
            {selected.then(|| html! { <path d={ticks(&view.decisions, scale, y + layout.lane - 4.0)} class="tick" /> })}
        </g>
    }
}

/// What is said of the forecast, as far as there is room beside the cursor.
pub fn forecast_text(props: &Props, scale: &Scale) -> Html {
    let (view, words) = (&props.view, props.frame.words);
    if !view.looks_ahead || view.lanes.is_empty() || view.head >= scale.until() {
        return html! {};
    }
    let cursor = scale.x(props.frame.now.clamp(scale.span.from, scale.until()));
    let x = scale.x(view.head.max(scale.span.from)).max(cursor + BESIDE_CURSOR);
    let texts: &[&str] = if view.is_at_rest {
        &[words.forecast_rest, words.forecast_short]
    } else {
        &[words.forecast, words.forecast_short]
    };
    let told = fitting(texts, props.width - 4.0 - x);
    html! { {for told.map(|text| html! { <text x={x.to_string()} y={(FLAGS - 4.0).to_string()} class="rt">{text}</text> })} }
}

/// A tick for each decision in sight; those that would lie on each other are one.
fn ticks(decisions: &[i64], scale: &Scale, y: f64) -> String {
    let first = decisions.partition_point(|at| *at < scale.span.from);
    let mut rest = decisions.get(first..).unwrap_or_default();
    let mut path = String::new();
    while let Some(at) = rest.first().filter(|at| **at <= scale.until()) {
        let _ = write!(path, "M{} {y}v4", scale.x(*at).round());
        let next = rest.partition_point(|other| *other < at + scale.grain().max(1));
        rest = rest.get(next.max(1)..).unwrap_or_default();
    }
    path
}

/// The part of a life that is in sight in words, for those who do not see it. The states are Kubernetes' own words,
/// which are the same in every language.
fn described(life: &Ribbon, scale: &Scale, words: &Words) -> String {
    let span = scale.span;
    let mut parts: Vec<(i64, String)> = Vec::new();
    for segment in life.pieces(span.from, span.until(), scale.grain()) {
        let more = match segment.contact {
            Contact::Heard => "",
            Contact::Unnoticed => words.off_unnoticed,
            Contact::Lost if segment.cannot_end => words.cannot_end,
            Contact::Lost => words.node_lost,
        };
        let more = if more.is_empty() { String::new() } else { format!(" ({more})") };
        let told =
            format!("{} {} {}{more}", word(segment.look), clock(segment.from_micros), segment.revision);
        parts.push((segment.from_micros, told));
    }
    let is_told =
        |kept: &&Kept| kept.until_micros.is_none_or(|until| until > kept.from_micros + scale.grain());
    let kept = kept(life, span.from, span.until()).filter(is_told);
    parts.extend(
        kept.map(|kept| {
            (kept.from_micros, format!("{} {}", kept_text(kept, words), clock(kept.from_micros)))
        }),
    );
    parts.sort_by_key(|(from, _)| *from);
    let parts: Vec<String> = parts.into_iter().map(|(_, told)| told).collect();
    format!("{}: {}", life.name, parts.join(", "))
}

/// Kubernetes' word for a look.
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
