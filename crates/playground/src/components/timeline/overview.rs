//! All lanes at once, and the window as a frame that can be dragged and has grips.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use yew::{Callback, Html, PointerEvent, Properties, function_component, html, use_mut_ref};

use super::hands::on_key;
use super::layout::Layout;
use super::scale::{Scale, float};
use super::{Props, ribbon::fill_of};
use crate::platform::dom;
use crate::regions::{Action, TimeAction};
use crate::view::{self, Paint, Shared};
use crate::window::{Mode, Span, WindowAction, exact, is_narrow};
use crate::words::clock_seconds;

/// Top and height of the strip, in CSS pixels.
const TOP: f64 = 4.0;
/// Its height.
const HEIGHT: f64 = 28.0;
/// Height of the drawing.
const ALL: f64 = 36.0;
/// From this many lanes on there is an overview.
const LANES: usize = 11;
/// A key moves the window, or an end of it, by this part of it.
const STEP: f64 = 0.1;
/// A grip can be taken from so far, with a mouse and with a finger, in CSS pixels.
const GRIP: (f64, f64) = (7.0, 16.0);

/// Whether there is more than one sees at a glance.
pub fn is_wanted(props: &Props) -> bool {
    let (view, span) = (&props.view, props.window.span(props.view.end));
    let is_long = props.window.mode() != Mode::All && view.end > 2 * span.length;
    !view.lanes.is_empty() && (view.lanes.len() >= LANES || is_long)
}

/// What a drag takes hold of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Frame,
    Start,
    End,
}

/// What is held, and what was shown when it was taken: the place of the pointer and the span.
type Held = Option<(Part, f64, Span)>;

#[derive(Clone)]
struct Frame {
    held: Rc<RefCell<Held>>,
    scale: Scale,
    span: Span,
    on_action: Callback<Action>,
}

impl Frame {
    fn show(&self, span: Span) {
        self.on_action.emit(TimeAction::Window(WindowAction::Show(span)).into());
    }

    fn put_down(&self, event: &PointerEvent) {
        dom::capture(event);
        let (x, _) = dom::place_in_drawing(event);
        let (start, end) = (self.scale.x(self.span.from), self.scale.x(self.span.until()));
        let reach = if dom::is_touch(event) { GRIP.1 } else { GRIP.0 };
        let part = if (x - start).abs() < reach.min((x - end).abs()) {
            Part::Start
        } else if (x - end).abs() < reach {
            Part::End
        } else {
            Part::Frame
        };
        let mut span = self.span;
        if part == Part::Frame && (x < start || x > end) {
            span.from = (self.scale.at(x) - span.length / 2).max(0);
            self.show(span);
        }
        self.held.replace(Some((part, x, span)));
    }

    fn moved(&self, event: &PointerEvent) {
        let Some((part, from, span)) = *self.held.borrow() else { return };
        let (x, _) = dom::place_in_drawing(event);
        self.show(dragged(part, span, self.scale.share(x - from) * exact(self.scale.span.length)));
    }

    fn let_go(&self, _: &PointerEvent) {
        self.held.replace(None);
    }

    fn pointer(&self, act: fn(&Self, &PointerEvent)) -> Callback<PointerEvent> {
        let frame = self.clone();
        Callback::from(move |event: PointerEvent| act(&frame, &event))
    }

    /// A part of the frame as a slider, which keys move.
    fn slider(&self, part: Part, label: &'static str, said: String, shape: Html) -> Html {
        let (now, most) = match part {
            Part::Frame | Part::Start => (self.span.from, self.scale.until()),
            Part::End => (self.span.until(), self.scale.until()),
        };
        let seconds = |micros: i64| (micros / 1_000_000).to_string();
        let frame = self.clone();
        let onkeydown = on_key(move |key| {
            let length = exact(frame.span.length);
            let by = match key {
                "ArrowLeft" | "ArrowDown" => -STEP * length,
                "ArrowRight" | "ArrowUp" => STEP * length,
                "PageDown" => -length,
                "PageUp" => length,
                "Home" => -exact(now),
                "End" => exact(most - now),
                _ => return false,
            };
            frame.show(dragged(part, frame.span, by));
            true
        });
        html! {
            <g role="slider" tabindex="0" aria-label={label} aria-valuemin="0" aria-valuemax={seconds(most)} aria-valuenow={seconds(now)}
                aria-valuetext={said} class={if part == Part::Frame { "frame" } else { "end" }} {onkeydown}>{shape}</g>
        }
    }
}

/// The span after a part of its frame has been moved by so many microseconds.
#[allow(clippy::cast_possible_truncation)] // a part of a run
fn dragged(part: Part, span: Span, by: f64) -> Span {
    let by = by as i64;
    match part {
        Part::Frame => Span { from: (span.from + by).max(0), ..span },
        Part::Start => {
            let from = (span.from + by).clamp(0, span.until() - 1);
            Span { from, length: span.until() - from }
        }
        Part::End => Span { length: (span.length + by).max(1), ..span },
    }
}

/// The overview.
#[function_component]
pub fn Overview(props: &Props) -> Html {
    let held = use_mut_ref(|| None);
    let layout = Layout::of(props);
    let (words, end) = (props.frame.words, props.view.end);
    let scale = Scale::new(layout.left, layout.width - layout.right, Span { from: 0, length: end });
    let span = props.window.span(end);
    let frame = Frame { held, scale, span, on_action: props.on_action.clone() };
    let (from, to) = (scale.x(span.from), scale.x(span.until().min(end)));
    let head = scale.x(props.view.head.min(end));
    let said = clock_seconds;
    let shown = format!("{} – {}", said(span.from), said(span.until().min(end)));
    html! {
        <svg class="st over" viewBox={format!("0 0 {} {ALL}", layout.width)} width={layout.width.to_string()} height={ALL.to_string()}
            role="group" aria-label={words.overview} onpointerdown={frame.pointer(Frame::put_down)} onpointermove={frame.pointer(Frame::moved)}
            onpointerup={frame.pointer(Frame::let_go)} onpointercancel={frame.pointer(Frame::let_go)}>
            {(!is_narrow(layout.width)).then(|| html! {
                <text x={layout.names.to_string()} y="22" class="rt" aria-hidden="true">{format!("0:00–{}", said(end))}</text>
            })}
            <rect x={layout.left.to_string()} y={TOP.to_string()} width={(scale.right() - layout.left).to_string()} height={HEIGHT.to_string()} rx="3" class="ovb" />
            <Strokes overview={props.view.overview.clone()} {scale} />
            <rect x={head.to_string()} y={(TOP + 0.5).to_string()} width={(scale.right() - head).max(0.0).to_string()} height={(HEIGHT - 1.0).to_string()} class="ovfuture" />
            {frame.slider(Part::Frame, words.window, shown, html! {
                <rect x={from.to_string()} y={(TOP - 2.0).to_string()} width={(to - from).max(2.0).to_string()} height={(HEIGHT + 4.0).to_string()} rx="3" class="win" />
            })}
            {for [(Part::Start, words.window_start, from, span.from), (Part::End, words.window_end, to, span.until())].map(|(part, label, x, at)| {
                frame.slider(part, label, said(at), html! {
                    <><rect x={(x - 6.0).to_string()} y={TOP.to_string()} width="12" height={HEIGHT.to_string()} class="hit" /><path d={format!("M{x} {}v12", TOP + 8.0)} class="grip2" /></>
                })
            })}
            <path d={format!("M{} {}v{}", scale.x(props.frame.now.min(end)), TOP - 2.0, HEIGHT + 4.0)} class="ovnow" />
        </svg>
    }
}

/// Properties of [`Strokes`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct StrokesProps {
    overview: Shared<view::Overview>,
    scale: Scale,
}

/// What is on the overview: a path for each paint. It is drawn again only when it changes.
#[function_component]
fn Strokes(props: &StrokesProps) -> Html {
    let (overview, scale) = (&props.overview, &props.scale);
    let row = HEIGHT / float(overview.rows.max(1));
    let thick = (row - 0.25).clamp(0.5, 5.0);
    let mut paths: Vec<(Paint, String)> = Vec::new();
    for stroke in &overview.strokes {
        let at = paths.iter().position(|(paint, _)| *paint == stroke.paint).unwrap_or_else(|| {
            paths.push((stroke.paint, String::new()));
            paths.len() - 1
        });
        let (from, to) = (scale.x(stroke.from), scale.x(stroke.until.min(scale.until())));
        let y = TOP + row * float(stroke.row) + (row - thick) / 2.0;
        if let Some((_, path)) = paths.get_mut(at) {
            let _ = write!(path, "M{from} {y:.2}H{:.1}v{thick:.2}H{from}Z", to.max(from + 0.7));
        }
    }
    html! {
        {for paths.into_iter().map(|(paint, d)| {
            let class = match paint {
                Paint::Revision(pattern) => fill_of(pattern),
                Paint::Busy => "ovc",
                Paint::Gone => "tl-term",
                Paint::Bad => "ovbad",
            };
            html! { <path {d} {class} /> }
        })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_moves_and_its_ends_stretch_it() {
        let span = Span { from: 10, length: 20 };
        assert_eq!(dragged(Part::Frame, span, -30.0), Span { from: 0, length: 20 });
        assert_eq!(dragged(Part::Start, span, 5.0), Span { from: 15, length: 15 });
        assert_eq!(dragged(Part::Start, span, 50.0).until(), span.until());
        assert_eq!(dragged(Part::End, span, -50.0), Span { from: 10, length: 1 });
    }
}
