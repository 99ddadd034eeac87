//! The timeline: transport, flags, ribbons, ruler, and the forecast behind the cursor.

mod flags;
mod hands;
mod lanes;
mod layout;
mod lives;
mod overview;
mod ribbon;
mod scale;

use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, Jump, TimeAction};
use crate::view::{Frame, Shared, TimelineView};
use crate::window::{Mode, Window, WindowAction};
use crate::words::{clock, count};
use lanes::Lanes;
use overview::Overview;

/// Speeds that can be chosen.
const SPEEDS: [(f64, &str); 4] = [(0.25, "¼×"), (1.0, "1×"), (8.0, "8×"), (60.0, "60×")];
/// Properties of [`Timeline`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What all components know.
    pub frame: Frame,
    /// Ribbons, flags, ends.
    pub view: TimelineView,
    /// Time passes.
    pub playing: bool,
    /// Simulated seconds per real second.
    pub speed: f64,
    /// Simulated seconds that really pass per real second, if the machine does not keep up with the speed.
    pub pace: Option<f64>,
    /// Decisions so far.
    pub decisions: usize,
    /// The stage shows the past.
    pub in_past: bool,
    /// Names of branches left behind.
    pub branches: Shared<Vec<String>>,
    /// What is shown of it.
    pub window: Window,
    /// The width to fill, in CSS pixels.
    pub width: f64,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The timeline.
#[function_component]
pub fn Timeline(props: &Props) -> Html {
    html! {
        <section class="tl" tabindex="-1" aria-label={props.frame.words.timeline}>
            {transport(props)}
            {overview::is_wanted(props).then(|| html! { <Overview key="over" ..props.clone() /> })}
            <Lanes key="lanes" ..props.clone() />
            {branches(props)}
        </section>
    }
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
                onclick={act(&props.on_action, TimeAction::Jump(Jump::PreviousDecision))}>{icon(Icon::Back)}</button>
            <button class="btn sq" aria-label={word} title={word} onclick={act(&props.on_action, TimeAction::PlayPause)}>{icon(shape)}</button>
            <button class="btn quiet sq" aria-label={words.next_decision} title={words.next_decision}
                onclick={act(&props.on_action, TimeAction::Jump(Jump::NextDecision))}>{icon(Icon::Forward)}</button>
            <span class="clock">{clock(props.frame.now)}</span>
            <span class="seg" role="group" aria-label={words.speed}>
                {for SPEEDS.iter().map(|(speed, label)| {
                    let on = (props.speed - speed).abs() < f64::EPSILON;
                    html! {
                        <button key={*label} class={on.then_some("on")} aria-pressed={on.to_string()}
                            onclick={act(&props.on_action, TimeAction::Speed(*speed))}>{*label}</button>
                    }
                })}
            </span>
            <button class="btn cycle" aria-label={format!("{} {}", words.speed, label_of(props.speed))}
                onclick={act(&props.on_action, TimeAction::Speed(next_speed(props.speed)))}>{label_of(props.speed)}</button>
            {props.pace.map(|pace| html! {
                <span class="note" key="pace" title={words.slower}><span class="vh">{words.slower}{" "}</span>{format!("≈ {pace:.1}×")}</span>
            })}
            <span class="note pl">{note}</span>
            <span class="sp"></span>
            {props.in_past.then(|| html! {
                <button class="btn wide" onclick={act(&props.on_action, TimeAction::Jump(Jump::Now))}>{words.to_now}</button>
            })}
            {zoom(props)}
        </div>
    }
}

/// What the window shows: less, more, all, or what goes on. On a phone one of the last two, which would do something.
fn zoom(props: &Props) -> Html {
    let words = props.frame.words;
    let (is_all, follows) = (props.window.mode() == Mode::All, props.window.follows());
    let button = |label: &'static str, shape: Icon, action: WindowAction| {
        html! { <button class="btn quiet sq" aria-label={label} title={label} onclick={act(&props.on_action, TimeAction::Window(action))}>{icon(shape)}</button> }
    };
    let named = |class: &'static str,
                 on: bool,
                 label: &'static str,
                 hint: &'static str,
                 shape: Icon,
                 action: WindowAction,
                 key: &'static str| {
        let class = if on { format!("btn quiet on {class}") } else { format!("btn quiet {class}") };
        html! {
            <button {class} aria-pressed={on.to_string()} aria-label={if key.is_empty() { label.to_owned() } else { format!("{label} {key}") }}
                title={hint} onclick={act(&props.on_action, TimeAction::Window(action))}>
                {icon(shape)}<span class="wide">{label}{" "}</span>{(!key.is_empty()).then(|| html! { <kbd class="wide">{key}</kbd> })}
            </button>
        }
    };
    let of_two = |other_is_wanted: bool| if other_is_wanted { "of-two" } else { "" };
    html! {
        <span class="zoom" role="group" aria-label={words.zoom}>
            {button(words.zoom_out, Icon::Minus, WindowAction::Zoom { factor: 2.0, around: None })}
            {button(words.zoom_in, Icon::Plus, WindowAction::Zoom { factor: 0.5, around: None })}
            {named(of_two(!follows), is_all, words.fit, words.fit_hint, Icon::Fit, WindowAction::Fit, "Z")}
            {named(of_two(follows), follows, words.follow, words.follow_hint, Icon::Follow, WindowAction::Follow, "")}
        </span>
    }
}

fn label_of(speed: f64) -> &'static str {
    SPEEDS.iter().find(|(s, _)| (s - speed).abs() < f64::EPSILON).map_or("1×", |(_, label)| *label)
}

/// The next higher speed, after the highest the lowest.
fn next_speed(speed: f64) -> f64 {
    SPEEDS.iter().map(|(s, _)| *s).find(|s| *s > speed).unwrap_or(0.25)
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
                <button key={at} class="tab" aria-pressed="false" onclick={act(&props.on_action, TimeAction::SwitchBranch(at))}>
                    {icon(Icon::Fork)}{" "}{if name.is_empty() { words.other_branch } else { name.as_str() }}
                </button>
            })}
        </div>
    }
}
