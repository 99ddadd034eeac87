//! The line above the stage: the set, how many are Ready, its revisions.

use scene::{RevisionRole, Scene, SetLife, SetScene};
use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use crate::components::stage::pattern_url;
use crate::components::stage::press::select;
use crate::regions::{Action, StageAction};
use crate::view::Shared;
use crate::words::{Words, clock, count};

/// Properties of [`SetLine`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on stage; no set before anything was applied.
    pub scene: Shared<Scene>,
    /// Which of the sets is shown, by its place.
    pub at: usize,
    /// What is in force.
    pub in_force: Html,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The set line.
#[function_component]
pub fn SetLine(props: &Props) -> Html {
    let words = props.words;
    let Some(set) = props.scene.sets.get(props.at) else {
        return html! {
            <div class="set"><span class="k">{words.nothing_running}</span><span class="sp"></span>{props.in_force.clone()}</div>
        };
    };
    if set.life != SetLife::Here {
        return gone(props, set);
    }
    let revisions = set.revisions.iter().filter(|r| r.pods > 0 || r.role != RevisionRole::Old);
    html! {
        <div class="set">
            {name(props, set)}
            <span class="v">{format!("{} {} {}", set.ready, words.of, set.replicas)}{" "}<span class="k">{words.ready}</span></span>
            {for revisions.map(|r| {
                let role = match r.role {
                    RevisionRole::Only => words.only,
                    RevisionRole::Current => words.current,
                    RevisionRole::Update => words.update,
                    RevisionRole::Old => words.old,
                };
                html! {
                    <span class="rev" key={r.name.clone()} title={r.name.clone()}>
                        {swatch(r.pattern)}
                        {&r.short}
                        <span class="k">{format!("{role}{}{}", words.comma, count(r.pods, words.pod_one, words.pod_many))}</span>
                    </span>
                }
            })}
            <span class="sp"></span>
            {props.in_force.clone()}
            <span class="v policy">{&set.policy}</span>
        </div>
    }
}

/// What is left of a set that is deleted, or on its way.
fn gone(props: &Props, set: &SetScene) -> Html {
    let words = props.words;
    let (pods, claims) = (set.pods(), set.claims());
    let (state, since) = match set.life {
        SetLife::Here | SetLife::Deleting => (words.is_being_deleted, None),
        SetLife::Gone { since_micros } => (words.is_deleted, Some(since_micros)),
    };
    let parts = std::iter::once(state.to_owned())
        .chain((pods > 0).then(|| words.terminating(pods)))
        .chain((claims > 0).then(|| words.claims_kept(claims)));
    html! {
        <div class="set gone">
            {name(props, set)}
            <span class="v">{parts.collect::<Vec<_>>().join(" · ")}</span>
            {for set.revisions.iter().filter(|r| r.pods > 0).map(|r| html! {
                <span class="rev" key={r.name.clone()} title={r.name.clone()}>
                    {swatch(r.pattern)}
                    {&r.short}
                    <span class="k">{count(r.pods, words.pod_one, words.pod_many)}</span>
                </span>
            })}
            <span class="sp"></span>
            {since.map(|since| html! { <span class="v policy">{words.since(&clock(since))}</span> })}
        </div>
    }
}

fn swatch(pattern: u8) -> Html {
    html! {
        <svg class="sw" viewBox="0 0 22 12" aria-hidden="true">
            <rect width="22" height="12" rx="2" fill={pattern_url(pattern)} />
        </svg>
    }
}

/// The set's name, which selects it; several sets are a row of names.
fn name(props: &Props, set: &SetScene) -> Html {
    if props.scene.sets.len() < 2 {
        return html! { <h2><button class="lnk name" onclick={select(&props.on_action, set.key.clone())}>{&*set.key.name}</button></h2> };
    }
    html! {
        <h2 class="seg" role="group" aria-label={props.words.sets}>
            {for props.scene.sets.iter().enumerate().map(|(at, other)| {
                let on = at == props.at;
                // The one that is shown is selected, as the name of a single one is.
                let onclick = if on {
                    select(&props.on_action, other.key.clone())
                } else {
                    act(&props.on_action, StageAction::SelectSet(at))
                };
                html! { <button key={other.key.name.to_string()} class={on.then_some("on")} aria-pressed={on.to_string()} {onclick}>{&*other.key.name}</button> }
            })}
        </h2>
    }
}
