//! The timeline: transport, flags, ribbons, ruler, and the forecast behind the cursor.

mod flags;
mod lanes;
mod lives;
mod ribbon;
mod scale;

use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, Jump, TimeAction};
use crate::view::{Frame, Shared, TimelineView};
use crate::words::{clock, count};
use lanes::Lanes;

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
            <Lanes ..props.clone() />
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
            {(props.view.more > 0).then(|| html! {
                <span class="note">{format!("+{} {}", props.view.more, words.more_lanes)}</span>
            })}
            <span class="sp"></span>
            {props.in_past.then(|| html! {
                <button class="btn wide" onclick={act(&props.on_action, TimeAction::Jump(Jump::Now))}>{words.to_now}</button>
            })}
        </div>
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
