//! Ribbons, ruler, flags and cursor. Lanes scroll between flags and ruler, which stand still.

use yew::{
    Callback, Html, KeyboardEvent, NodeRef, function_component, html, use_effect_with, use_mut_ref,
    use_node_ref, use_state,
};

use super::Props;
use super::flags::Flags;
use super::hands::{Down, Hands};
use super::layout::{FIRST_LANE, FLAGS, Layout, wide};
use super::lives::{forecast_text, lives};
use super::scale::{Scale, float};
use crate::platform::wheel;
use crate::words::clock;

/// What the cursor's chip has beside its time, in CSS pixels.
const CHIP: f64 = 14.0;
/// Width of the thumb.
const THUMB: f64 = 6.0;

/// The drawing under the transport.
#[function_component]
pub fn Lanes(props: &Props) -> Html {
    let (down, band) = (use_mut_ref(Down::default), use_state(|| None::<(f64, f64)>));
    let box_of = use_node_ref();
    let layout = Layout::of(props);
    let scale = Scale::new(layout.left, layout.width - layout.right, props.window.span(props.view.end));
    let hands = Hands { down, band: band.clone(), scale, layout, on_action: props.on_action.clone() };
    use_wheel(&box_of, &hands);
    let (bottom, height) = (layout.bottom(), layout.height());
    let head = scale.x(props.view.head.clamp(scale.span.from, scale.until()));
    let words = props.frame.words;
    html! {
        <div class={if layout.scrolls() { "lanes more" } else { "lanes" }} ref={box_of}>
            <svg class="st" viewBox={format!("0 0 {} {height}", layout.width)} width={layout.width.to_string()} height={height.to_string()}
                role="group" aria-label={words.timeline} onpointerdown={hands.pointer(Hands::put_down)} onpointermove={hands.pointer(Hands::moved)}
                onpointerup={hands.pointer(Hands::let_go)} onpointercancel={hands.pointer(Hands::taken_away)}>
                <clipPath id="rows"><rect x="0" y={(FIRST_LANE - 3.0).to_string()} width={scale.right().to_string()} height={(bottom - FIRST_LANE + 3.0).to_string()} /></clipPath>
                <rect x={head.to_string()} y="24" width={(layout.width - head).max(0.0).to_string()} height={(bottom - 24.0).to_string()} class="veil" />
                {(layout.lanes > 0).then(|| html! { <g clip-path="url(#rows)">{lives(props, &layout, &scale)}</g> })}
                {forecast_text(props, &scale)}
                {ruler(&scale, &layout)}
                {band.map(|(from, to)| chosen(&layout, from, to))}
                {(!props.view.flags.is_empty()).then(|| html! { <Flags flags={props.view.flags.clone()} {scale} now={props.frame.now} {bottom} width={layout.width} /> })}
                {layout.scrolls().then(|| thumb(props, &layout, hands.scroll_keys()))}
                {cursor(props, &scale, &layout, hands.keys())}
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
        let turned = Callback::from(move |turn: wheel::Turn| {
            let hands = current.borrow().clone();
            hands.turned(turn)
        });
        let guard = wheel::on_wheel(&node, turned);
        move || drop(guard)
    });
}

/// The moment on stage: a slider that goes from decision to decision.
fn cursor(props: &Props, scale: &Scale, layout: &Layout, onkeydown: Callback<KeyboardEvent>) -> Html {
    let now = props.frame.now;
    let shown = scale.span.holds(now);
    let x = scale.x(now.clamp(scale.span.from, scale.until()));
    let time = clock(now);
    let width = wide(&time) + CHIP;
    let chip = (x - width / 2.0).min(layout.width - width - 1.0).max(1.0);
    let seconds = |micros: i64| (micros / 1_000_000).to_string();
    html! {
        <g class={if shown { "cursor" } else { "cursor away" }} role="slider" tabindex="0" aria-label={props.frame.words.timeline} aria-valuemin="0"
            aria-valuemax={seconds(props.view.end)} aria-valuenow={seconds(now)} aria-valuetext={time.clone()} {onkeydown}>
            {shown.then(|| html! { <path d={format!("M{x} {FLAGS}V{}", layout.bottom())} /> })}
            <rect x={format!("{chip:.1}")} y="2" width={format!("{width:.1}")} height="20" rx="4" />
            {shown.then(|| html! { <path d={format!("M{} 21.5h8l-4 5Z", x - 4.0)} class="tip" /> })}
            <text x={format!("{:.1}", chip + width / 2.0)} y="16" text-anchor="middle" aria-hidden="true">{time}</text>
        </g>
    }
}

/// How far the lanes are scrolled.
fn thumb(props: &Props, layout: &Layout, onkeydown: Callback<KeyboardEvent>) -> Html {
    let (all, x) = (layout.lane * layout.room, layout.width - THUMB - 8.0);
    let part = |lanes: f64| all * lanes / float(layout.lanes);
    let names = |at: usize| props.view.lanes.get(at).map_or("", |lane| &lane.name);
    let in_sight = layout.in_sight();
    let said = format!("{} – {}", names(in_sight.start), names(in_sight.end.saturating_sub(1)));
    let hidden = float(layout.lanes) - layout.room;
    html! {
        <g class="scroller" role="slider" aria-orientation="vertical" tabindex="0" aria-label={props.frame.words.lanes} aria-valuemin="0"
            aria-valuemax={format!("{hidden:.0}")} aria-valuenow={format!("{:.0}", layout.top)} aria-valuetext={said} {onkeydown}>
            <rect x={(x - 6.0).to_string()} y={FIRST_LANE.to_string()} width={(THUMB + 12.0).to_string()} height={all.to_string()} class="hit" />
            <rect x={x.to_string()} y={FIRST_LANE.to_string()} width={THUMB.to_string()} height={all.to_string()} rx="3" class="track" />
            <rect x={x.to_string()} y={format!("{:.1}", FIRST_LANE + part(layout.top))} width={THUMB.to_string()}
                height={format!("{:.1}", part(layout.room).max(16.0))} rx="3" class="thumb" />
        </g>
    }
}

fn ruler(scale: &Scale, layout: &Layout) -> Html {
    let y = layout.bottom();
    html! {
        <g aria-hidden="true" class="ruler">
            <rect x="0" y={y.to_string()} width={layout.width.to_string()} height={(layout.height() - y).to_string()} class="rulerbg" />
            <path d={format!("M{} {}H{}", layout.left, y, scale.right())} class="base" />
            {for scale.ticks().into_iter().map(|(x, label)| {
                // A label at the edge moves in instead of being cut.
                let half = wide(&label) / 2.0;
                let at = x.clamp(half + 2.0, layout.width - half - 2.0);
                html! {
                    <><path d={format!("M{x} {}v5", y - 4.0)} class="tick" /><text x={at.to_string()} y={(y + 17.0).to_string()} class="rt" text-anchor="middle">{label}</text></>
                }
            })}
        </g>
    }
}

/// The part of the ruler that is being chosen.
fn chosen(layout: &Layout, from: f64, to: f64) -> Html {
    let (from, to) = (from.min(to).max(layout.left), from.max(to).min(layout.width - layout.right));
    html! { <rect x={from.to_string()} y={FLAGS.to_string()} width={(to - from).max(0.0).to_string()} height={(layout.height() - FLAGS).to_string()} class="win" /> }
}
