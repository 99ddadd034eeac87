//! A ribbon: what a Pod of one ordinal was, when.

use std::fmt::Write as _;

use scene::{PodLook, Ribbon, Segment};
use yew::{Html, html};

use super::scale::Scale;
use crate::components::stage::pattern_url;
use crate::words::clock;

/// Height of a ribbon.
const HEIGHT: f64 = 14.0;

/// The part of a ribbon between two moments, its top at `y`.
pub fn draw(ribbon: &Ribbon, scale: &Scale, y: f64, from: i64, until: i64) -> Html {
    html! {
        {for ribbon.segments.iter().enumerate().filter_map(|(at, segment)| {
            let (start, end) = (segment.from_micros.max(from), segment.until_micros.unwrap_or(until).min(until));
            (end > start).then(|| piece(at, segment, scale.x(start), scale.x(end), y))
        })}
    }
}

fn piece(key: usize, segment: &Segment, from: f64, to: f64, y: f64) -> Html {
    let middle = y + HEIGHT / 2.0;
    let width = (to - from).max(0.5);
    match segment.look {
        PodLook::Pending | PodLook::PendingOnClaim => {
            html! { <path key={key} d={format!("M{from} {middle}H{to}")} class="tl-pend" /> }
        }
        PodLook::Creating => html! {
            <rect key={key} x={from.to_string()} y={(y + 3.1).to_string()} width={width.to_string()} height="7.8" class="tl-create" />
        },
        PodLook::Running => html! {
            <rect key={key} x={from.to_string()} y={(y + 1.0).to_string()} width={width.to_string()} height="12" class="tl-hollow" />
        },
        PodLook::Terminating => html! {
            <path key={key} d={format!("M{from} {y}L{to} {}V{}L{from} {}Z", middle - 1.0, middle + 1.0, y + HEIGHT)} class="tl-term" />
        },
        PodLook::CrashLoop | PodLook::ImagePull | PodLook::Failed => {
            html! { <path key={key} d={teeth(from, to, y)} class="tl-bad" /> }
        }
        PodLook::Ready | PodLook::Succeeded | PodLook::Unknown => html! {
            <g key={key}>
                <rect x={from.to_string()} y={y.to_string()} width={width.to_string()} height="14" rx="2" fill={pattern_url(segment.pattern)} />
                <rect x={(from + 0.5).to_string()} y={(y + 0.5).to_string()} width={(width - 1.0).max(0.1).to_string()} height="13" rx="2"
                    class={format!("tl-edge {}", edge(segment.pattern))} />
            </g>
        },
    }
}

const fn edge(pattern: u8) -> &'static str {
    match pattern % 4 {
        0 => "eA",
        1 => "eB",
        2 => "eC",
        _ => "eD",
    }
}

/// A zigzag for what goes wrong again and again.
fn teeth(from: f64, to: f64, y: f64) -> String {
    let mut path = format!("M{from} {}", y + 11.0);
    let (mut x, mut up) = (from, true);
    while x < to && path.len() < 20_000 {
        x = (x + 5.0).min(to);
        let _ = write!(path, "L{x:.1} {}", if up { y + 3.0 } else { y + 11.0 });
        up = !up;
    }
    path
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

/// The ribbon in words, for those who do not see it.
pub fn describe(ribbon: &Ribbon) -> String {
    let parts: Vec<String> = ribbon
        .segments
        .iter()
        .map(|segment| format!("{} {} {}", word(segment.look), clock(segment.from_micros), segment.revision))
        .collect();
    format!("{}: {}", ribbon.name, parts.join(", "))
}
