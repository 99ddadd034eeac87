//! Ribbons, ruler and cursor; a drag moves through time, Ctrl and the wheel or two fingers zoom.

use yew::{
    Callback, Html, KeyboardEvent, NodeRef, PointerEvent, UseStateHandle, function_component, html,
    use_effect_with, use_mut_ref, use_node_ref, use_state,
};

use super::Props;
use super::flags::Flags;
use super::lives::lives;
use super::scale::{self, Scale, Span};
use crate::platform::dom;
use crate::regions::{Action, Jump, TimeAction};
use crate::words::clock;

/// Top of the first lane, in CSS pixels.
pub const FIRST_LANE: f64 = 39.0;
/// Distance from lane to lane, in CSS pixels.
pub const LANE: f64 = 24.0;
/// Width of the cursor's chip, in CSS pixels.
const CHIP: f64 = 55.0;
/// A turn of the wheel by this many pixels doubles the span that is shown.
const WHEEL: f64 = 240.0;

/// Fingers and pointers that are down on the drawing, by their number and place (a share of its width).
type Down = Vec<(i32, f64)>;

/// Where the pointers are, what the drawing shows, and the way to change both.
#[derive(Clone)]
struct Hands {
    down: std::rc::Rc<std::cell::RefCell<Down>>,
    zoom: UseStateHandle<Option<Span>>,
    scale: Scale,
    width: f64,
    whole: i64,
    on_action: Callback<Action>,
}

impl Hands {
    fn seek(&self, share: f64) {
        let moment = self.scale.at(share * self.width).min(self.scale.until());
        self.on_action.emit(TimeAction::Jump(Jump::To(moment)).into());
    }

    fn put_down(&self, event: &PointerEvent) {
        dom::capture(event);
        let share = dom::share_of_width(event);
        let Ok(mut down) = self.down.try_borrow_mut() else { return };
        down.retain(|(id, _)| *id != event.pointer_id());
        down.push((event.pointer_id(), share));
        if down.len() == 1 {
            self.seek(share);
        }
    }

    fn moved(&self, event: &PointerEvent) {
        let share = dom::share_of_width(event);
        let Ok(mut down) = self.down.try_borrow_mut() else { return };
        let before = down.clone();
        let Some(finger) = down.iter_mut().find(|(id, _)| *id == event.pointer_id()) else { return };
        finger.1 = share;
        match (before.as_slice(), down.as_slice()) {
            (_, [_]) => self.seek(share),
            ([(_, a), (_, b)], [(_, c), (_, d)]) => {
                let factor = (a - b).abs().max(0.01) / (c - d).abs().max(0.01);
                let middle = self.scale.share(f64::midpoint(*c, *d) * self.width);
                self.zoom.set(self.tidy(self.scale.span.zoomed(middle, factor, self.whole)));
            }
            _ => {}
        }
    }

    fn let_go(&self, event: &PointerEvent) {
        if let Ok(mut down) = self.down.try_borrow_mut() {
            down.retain(|(id, _)| *id != event.pointer_id());
        }
    }

    /// The zoom for a span: `None`, which shows all and goes on showing all, if nothing is cut off.
    fn tidy(&self, span: Span) -> Option<Span> {
        (span.length < self.whole).then_some(span)
    }

    fn turned(&self, turn: dom::Turn) -> bool {
        if turn.zooms {
            // Twice as much at most, and a turn back undoes it. A power of two would be smoother by nothing that
            // one sees, and brings four kilobytes of tables.
            let by = (turn.by / WHEEL).clamp(-1.0, 1.0);
            let factor = if by < 0.0 { 1.0 / (1.0 - by) } else { 1.0 + by };
            let middle = self.scale.share(turn.share * self.width);
            self.zoom.set(self.tidy(self.scale.span.zoomed(middle, factor, self.whole)));
        } else if turn.sideways.abs() > turn.by.abs() && self.zoom.is_some() {
            self.zoom.set(Some(self.scale.span.moved(turn.sideways / self.width, self.whole)));
        } else {
            return false;
        }
        true
    }

    fn key(&self, key: &str, now: i64) -> bool {
        let jump = match key {
            "ArrowLeft" | "ArrowDown" => Jump::PreviousDecision,
            "ArrowRight" | "ArrowUp" => Jump::NextDecision,
            "PageDown" => Jump::PreviousInput,
            "PageUp" => Jump::NextInput,
            "0" => {
                self.zoom.set(None);
                return true;
            }
            "+" | "=" | "-" => {
                let factor = if key == "-" { 2.0 } else { 0.5 };
                let middle = self.scale.share(self.scale.x(now));
                self.zoom.set(self.tidy(self.scale.span.zoomed(middle, factor, self.whole)));
                return true;
            }
            _ => return false,
        };
        self.on_action.emit(TimeAction::Jump(jump).into());
        true
    }
}

/// The drawing under the transport.
#[function_component]
pub fn Lanes(props: &Props) -> Html {
    let zoom = use_state(|| None::<Span>);
    let down = use_mut_ref(Down::default);
    let box_of = use_node_ref();
    let whole = props.view.end.max(1_000_000);
    let (now, seen) = (props.frame.now, use_mut_ref(|| 0));
    // The moment on stage stays in sight when it moves; a person who only looks around may leave it.
    let followed = zoom.map(|span| if *seen.borrow() == now { span } else { span.showing(now, whole) });
    *seen.borrow_mut() = now;
    if followed != *zoom {
        zoom.set(followed);
    }
    let scale = Scale::new(props.width, followed.unwrap_or(Span { from: 0, length: whole }));
    let hands = Hands { down, zoom, scale, width: props.width, whole, on_action: props.on_action.clone() };
    use_wheel(&box_of, &hands);
    let names = lane_names(props);
    let bottom = FIRST_LANE + LANE * scale::float(names.len().max(1)) + 1.0;
    let height = bottom + 26.0;
    let head = scale.x(props.view.head.clamp(scale.span.from, scale.until()));
    let pointer = |act: fn(&Hands, &PointerEvent)| {
        let hands = hands.clone();
        Callback::from(move |event: PointerEvent| act(&hands, &event))
    };
    let onkeydown = {
        let hands = hands.clone();
        Callback::from(move |event: KeyboardEvent| {
            if !event.ctrl_key() && !event.meta_key() && hands.key(&event.key(), now) {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    html! {
        <div class="lanes" ref={box_of}>
            <svg class="st" viewBox={format!("0 0 {} {height}", props.width)} width={props.width.to_string()} height={height.to_string()}
                role="group" aria-label={props.frame.words.timeline} onpointerdown={pointer(Hands::put_down)}
                onpointermove={pointer(Hands::moved)} onpointerup={pointer(Hands::let_go)} onpointercancel={pointer(Hands::let_go)}>
                <rect x={head.to_string()} y="24" width={(props.width - head).max(0.0).to_string()} height={(bottom - 24.0).to_string()} class="veil" />
                {(!names.is_empty()).then(|| lives(props, &scale, &names))}
                {ruler(&scale, bottom, props.width)}
                {(!props.view.flags.is_empty()).then(|| html! { <Flags flags={props.view.flags.clone()} {scale} {bottom} width={props.width} /> })}
                {cursor(props, &scale, bottom, onkeydown)}
            </svg>
        </div>
    }
}

/// Listens to the wheel over the drawing, for what it shows now.
#[yew::hook]
fn use_wheel(node: &NodeRef, hands: &Hands) {
    let current = use_mut_ref(|| hands.clone());
    *current.borrow_mut() = hands.clone();
    let node = node.clone();
    use_effect_with((), move |()| {
        let turned = Callback::from(move |turn: dom::Turn| {
            let hands = current.borrow().clone();
            hands.turned(turn)
        });
        let guard = dom::on_wheel(&node, turned);
        move || drop(guard)
    });
}

/// The moment on stage: a slider that goes from decision to decision.
fn cursor(props: &Props, scale: &Scale, bottom: f64, onkeydown: Callback<KeyboardEvent>) -> Html {
    let now = props.frame.now;
    let shown = scale.span.holds(now);
    let x = scale.x(now.clamp(scale.span.from, scale.until()));
    let chip = (x - CHIP / 2.0).min(props.width - CHIP - 1.0).max(1.0);
    let time = clock(now);
    let seconds = |micros: i64| (micros / 1_000_000).to_string();
    html! {
        <g class={if shown { "cursor" } else { "cursor away" }} role="slider" tabindex="0" aria-label={props.frame.words.timeline} aria-valuemin="0"
            aria-valuemax={seconds(props.view.end)} aria-valuenow={seconds(now)} aria-valuetext={time.clone()} {onkeydown}>
            {shown.then(|| html! { <path d={format!("M{x} 22V{bottom}")} /> })}
            <rect x={format!("{chip:.1}")} y="2" width={CHIP.to_string()} height="20" rx="4" />
            {shown.then(|| html! { <path d={format!("M{} 21.5h8l-4 5Z", x - 4.0)} class="tip" /> })}
            <text x={format!("{:.1}", chip + CHIP / 2.0)} y="16" text-anchor="middle" aria-hidden="true">{time}</text>
        </g>
    }
}

/// The lanes: lives so far, and those that the forecast adds.
fn lane_names(props: &Props) -> Vec<String> {
    let longest = if props.view.forecast.len() > props.view.ribbons.len() {
        &props.view.forecast
    } else {
        &props.view.ribbons
    };
    longest.iter().map(|life| life.ribbon.name.clone()).collect()
}

fn ruler(scale: &Scale, y: f64, width: f64) -> Html {
    html! {
        <g aria-hidden="true">
            <path d={format!("M{} {}H{}", scale.x(scale.span.from), y, width - 24.0)} class="base" />
            {for scale.ticks().into_iter().map(|(x, label)| html! {
                <><path d={format!("M{x} {}v5", y - 4.0)} class="tick" /><text x={x.to_string()} y={(y + 17.0).to_string()} class="rt" text-anchor="middle">{label}</text></>
            })}
        </g>
    }
}
