//! A ribbon: the life of one ordinal along the timeline.

use std::fmt::Write as _;

use scene::{PodLook, Segment};
use yew::{Html, Properties, function_component, html};

use super::scale::Scale;
use crate::components::stage::pattern_url;
use crate::view::{Life, Shared};

/// Height of a ribbon.
const HEIGHT: f64 = 14.0;

/// Properties of [`Lived`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The life.
    pub life: Shared<Life>,
    /// Where moments are.
    pub scale: Scale,
    /// The top of the ribbon.
    pub y: f64,
}

/// The part of a life that is over. It is drawn again only if the life or the scale changes.
#[function_component]
pub fn Lived(props: &Props) -> Html {
    let segments = &props.life.ribbon.segments;
    let over =
        segments.iter().enumerate().filter_map(|(at, segment)| Some((at, segment, segment.until_micros?)));
    html! {
        {for over.filter_map(|(at, segment, until)| {
            between(at, segment, &props.scale, props.y, (props.scale.span.from, until))
        })}
    }
}

/// The part of a life that still goes on, up to the head.
pub fn living(life: &Life, scale: &Scale, y: f64, head: i64) -> Html {
    let last = life.ribbon.segments.last().filter(|segment| segment.until_micros.is_none());
    let drawn = last.and_then(|segment| between(0, segment, scale, y, (scale.span.from, head)));
    drawn.unwrap_or_default()
}

/// The part of a life after a moment, as far as the scale reaches.
pub fn ahead(life: &Life, scale: &Scale, y: f64, from: i64) -> Html {
    let segments = &life.ribbon.segments;
    let over = segments.partition_point(|segment| segment.until_micros.is_some_and(|until| until <= from));
    html! {
        {for segments.iter().enumerate().skip(over).filter_map(|(at, segment)| {
            let until = segment.until_micros.unwrap_or(scale.until());
            between(at, segment, scale, y, (from.max(scale.span.from), until))
        })}
    }
}

/// A segment as far as it lies between two moments, and in sight.
fn between(at: usize, segment: &Segment, scale: &Scale, y: f64, (from, until): (i64, i64)) -> Option<Html> {
    let (start, end) = (segment.from_micros.max(from), until.min(scale.until()));
    (end > start).then(|| piece(at, segment, scale.x(start), scale.x(end), y))
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
