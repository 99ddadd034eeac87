//! The timeline: transport, flags, ribbons, ruler, and the forecast behind the cursor.

mod ribbon;
mod scale;

use yew::{Callback, Html, KeyboardEvent, PointerEvent, Properties, function_component, html, use_state};

use super::icons::{Icon, icon};
use crate::action::{Action, Jump};
use crate::platform::dom;
use crate::view::{Frame, TimelineView};
use crate::words::{clock, count};
use scale::Scale;

/// Speeds that can be chosen.
const SPEEDS: [(f64, &str); 4] = [(0.25, "¼×"), (1.0, "1×"), (8.0, "8×"), (60.0, "60×")];
/// Top of the first lane.
const FIRST_LANE: f64 = 39.0;
/// Lives drawn at most; a thousand lanes would cost more than they tell.
const LANES_MAX: usize = 60;
/// From lane to lane.
const LANE: f64 = 24.0;

/// Properties of [`Timeline`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What all components know.
    pub frame: Frame,
    /// Ribbons, flags, ends.
    pub view: TimelineView,
    /// Time passes.
    pub playing: bool,
    /// Simulated seconds a second.
    pub speed: f64,
    /// Decisions so far.
    pub decisions: usize,
    /// The stage shows the past.
    pub in_past: bool,
    /// Names of branches left behind.
    pub branches: Vec<String>,
    /// The width to fill.
    pub width: f64,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The timeline.
#[function_component]
pub fn Timeline(props: &Props) -> Html {
    html! {
        <section class="tl" aria-label={props.frame.words.timeline}>
            {transport(props)}
            <Lanes ..props.clone() />
            {branches(props)}
        </section>
    }
}

fn act(props: &Props, action: Action) -> Callback<yew::MouseEvent> {
    let on_action = props.on_action.clone();
    Callback::from(move |_| on_action.emit(action.clone()))
}

fn transport(props: &Props) -> Html {
    let words = props.frame.words;
    let (word, shape) = if props.playing { (words.pause, Icon::Pause) } else { (words.play, Icon::Play) };
    let inputs = props.view.flags.len();
    let note = format!(
        "{}{}{}",
        count(props.decisions, words.decision_one, words.decision_many),
        words.comma,
        count(inputs, words.input_one, words.input_many)
    );
    html! {
        <div class="tl-bar">
            <button class="btn quiet sq" aria-label={words.previous_decision} title={words.previous_decision}
                onclick={act(props, Action::Jump(Jump::PreviousDecision))}>{icon(Icon::Back)}</button>
            <button class="btn sq" aria-label={word} title={word} onclick={act(props, Action::PlayPause)}>{icon(shape)}</button>
            <button class="btn quiet sq" aria-label={words.next_decision} title={words.next_decision}
                onclick={act(props, Action::Jump(Jump::NextDecision))}>{icon(Icon::Forward)}</button>
            <span class="clock">{clock(props.frame.now)}</span>
            <span class="seg" role="group" aria-label={words.speed}>
                {for SPEEDS.iter().map(|(speed, label)| {
                    let on = (props.speed - speed).abs() < f64::EPSILON;
                    html! {
                        <button key={*label} class={on.then_some("on")} aria-pressed={on.to_string()}
                            onclick={act(props, Action::Speed(*speed))}>{*label}</button>
                    }
                })}
            </span>
            <span class="note pl">{note}</span>
            {(props.view.ribbons.len() > LANES_MAX).then(|| html! {
                <span class="note">{format!("+{} {}", props.view.ribbons.len() - LANES_MAX, words.more_lanes)}</span>
            })}
            <span class="sp"></span>
            {props.in_past.then(|| html! {
                <button class="btn" onclick={act(props, Action::Jump(Jump::Now))}>{words.to_now}</button>
            })}
        </div>
    }
}

/// The drawing under the transport; a drag along it moves through time.
#[function_component]
fn Lanes(props: &Props) -> Html {
    let dragging = use_state(|| false);
    let scale = Scale::new(props.width, props.view.end);
    let seek = {
        let (on_action, width) = (props.on_action.clone(), props.width);
        move |event: &PointerEvent| {
            on_action.emit(Action::Jump(Jump::To(scale.at(dom::share_of_width(event) * width))));
        }
    };
    let onpointerdown = {
        let (seek, dragging) = (seek.clone(), dragging.clone());
        Callback::from(move |event: PointerEvent| {
            dom::capture(&event);
            dragging.set(true);
            seek(&event);
        })
    };
    let onpointermove = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            if *dragging {
                seek(&event);
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| dragging.set(false));
    let names = lane_names(props);
    let bottom = FIRST_LANE + LANE * scale::float(names.len().max(1)) + 1.0;
    let height = bottom + 26.0;
    html! {
        <div class="lanes">
            <svg class="st" viewBox={format!("0 0 {} {height}", props.width)} width={props.width.to_string()} height={height.to_string()}
                role="group" aria-label={props.frame.words.timeline} {onpointerdown} {onpointermove} {onpointerup}>
                {lives(props, &scale, &names, bottom)}
                {ruler(&scale, bottom, props.width)}
                {flags(props, &scale, bottom)}
                {cursor(props, &scale, bottom)}
            </svg>
        </div>
    }
}

/// The ribbons so far, and the forecast behind the head.
fn lives(props: &Props, scale: &Scale, names: &[String], bottom: f64) -> Html {
    let head = scale.x(props.view.head);
    let lane = |at: usize| FIRST_LANE + LANE * scale::float(at);
    let ahead =
        props.view.forecast.iter().filter_map(|r| Some((names.iter().position(|n| *n == r.name)?, r)));
    let label_x = head.max(scale.x(props.frame.now)) + 60.0;
    html! {
        <>
            <rect x={head.to_string()} y="24" width={(props.width - head).max(0.0).to_string()} height={(bottom - 24.0).to_string()} class="veil" />
            {for names.iter().enumerate().map(|(at, name)| {
                let y = lane(at);
                let ribbon = props.view.ribbons.iter().find(|r| r.name == *name);
                html! {
                    <g key={name.clone()} role="img" aria-label={ribbon.map_or_else(|| name.clone(), ribbon::describe)}>
                        <text x="16" y={(y + 16.0).to_string()} class="lane">{name}</text>
                        <path d={format!("M{} {}H{head}", scale.x(0), y + 12.0)} class="base" />
                        {ribbon.map(|ribbon| ribbon::draw(ribbon, scale, y + 5.0, i64::MIN, props.view.head))}
                    </g>
                }
            })}
            <g class="future" aria-hidden="true">
                {for ahead.map(|(at, ribbon)| ribbon::draw(ribbon, scale, lane(at) + 5.0, props.view.head, props.view.end))}
            </g>
            {(props.width - head > 300.0 && !props.view.forecast.is_empty()).then(|| html! {
                <text x={label_x.to_string()} y="18" class="rt">{props.frame.words.forecast}</text>
            })}
        </>
    }
}

/// The moment on stage: a slider that goes from decision to decision.
fn cursor(props: &Props, scale: &Scale, bottom: f64) -> Html {
    let on_action = props.on_action.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let jump = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => Jump::PreviousDecision,
            "ArrowRight" | "ArrowUp" => Jump::NextDecision,
            "PageDown" => Jump::PreviousInput,
            "PageUp" => Jump::NextInput,
            _ => return,
        };
        event.prevent_default();
        on_action.emit(Action::Jump(jump));
    });
    let x = scale.x(props.frame.now);
    let time = clock(props.frame.now);
    let seconds = |micros: i64| (micros / 1_000_000).to_string();
    html! {
        <g class="cursor" role="slider" tabindex="0" aria-label={props.frame.words.timeline} aria-valuemin="0"
            aria-valuemax={seconds(props.view.end)} aria-valuenow={seconds(props.frame.now)} aria-valuetext={time.clone()} {onkeydown}>
            <path d={format!("M{x} 22V{bottom}")} />
            <rect x={(x - 27.5).max(0.0).to_string()} y="2" width="55" height="20" rx="4" />
            <path d={format!("M{} 21.5h8l-4 5Z", x - 4.0)} class="tip" />
            <text x={x.max(27.5).to_string()} y="16" text-anchor="middle" aria-hidden="true">{time}</text>
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
    longest.iter().take(LANES_MAX).map(|ribbon| ribbon.name.clone()).collect()
}

fn ruler(scale: &Scale, y: f64, width: f64) -> Html {
    html! {
        <g aria-hidden="true">
            <path d={format!("M{} {}H{}", scale.x(0), y, width - 24.0)} class="base" />
            {for scale.ticks().into_iter().map(|(x, label)| html! {
                <><path d={format!("M{x} {}v5", y - 4.0)} class="tick" /><text x={x.to_string()} y={(y + 17.0).to_string()} class="rt" text-anchor="middle">{label}</text></>
            })}
        </g>
    }
}

fn flags(props: &Props, scale: &Scale, bottom: f64) -> Html {
    let places: Vec<f64> = props.view.flags.iter().map(|(at, _)| scale.x(*at)).collect();
    html! {
        {for props.view.flags.iter().enumerate().map(|(i, (at, text))| {
            let x = scale.x(*at);
            let wanted = 14.0 + 6.35 * scale::float(text.chars().count());
            let room = places.get(i + 1).copied().unwrap_or(props.width) - x - 4.0;
            let fits = wanted <= room;
            html! {
                <g class="flag input" key={i} role="img" aria-label={format!("{} {text}", clock(*at))}>
                    <path d={format!("M{x} 22V{bottom}")} />
                    {if fits { html! {
                        <><path d={format!("M{x} 22h{wanted}l-4 8 4 8h-{wanted}Z")} /><text x={(x + 7.0).to_string()} y="34">{text}</text></>
                    } } else { html! { <path d={format!("M{x} 22h8v8h-8Z")} /> } }}
                    <title>{format!("{} {text}", clock(*at))}</title>
                </g>
            }
        })}
    }
}

fn branches(props: &Props) -> Html {
    if props.branches.is_empty() {
        return html! {};
    }
    let words = props.frame.words;
    html! {
        <div class="branches" role="group" aria-label={words.branches}>
            <button class="tab on" aria-pressed="true">{words.this_branch}</button>
            {for props.branches.iter().enumerate().map(|(at, name)| html! {
                <button key={at} class="tab" aria-pressed="false" onclick={act(props, Action::SwitchBranch(at))}>
                    {icon(Icon::Fork)}{" "}{if name.is_empty() { words.other_branch } else { name.as_str() }}
                </button>
            })}
        </div>
    }
}
