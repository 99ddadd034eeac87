//! A recording beside the stage: its steps, what the real cluster said, and what came out otherwise here.

use yew::{Callback, Html, Properties, function_component, html};

use super::icons::{Icon, icon};
use crate::played::{Played, PlayedStep};
use crate::regions::recording::Stand;
use crate::regions::{Action, RecordingAction};
use crate::words::Words;

/// Properties of [`RecordingBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// How the recording stands: loading, missing, or on stage.
    pub stand: Stand,
    /// The step that the moment on stage belongs to.
    pub at: usize,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The recording on stage, or why there is none.
#[function_component]
pub fn RecordingBar(props: &Props) -> Html {
    let words = props.words;
    let body = match &props.stand {
        Stand::Loading => html! { <p role="status">{words.recording_loading}</p> },
        Stand::Missing => html! { <p role="alert">{words.recording_missing}</p> },
        Stand::Shown(shown) => recording(props, shown),
    };
    html! {
        <section class="rec" aria-label={words.recording}>
            <div class="rec-h">
                {title(&props.stand)}
                <span class="sp"></span>
                <nav aria-label={words.recording}>
                    <a href="#/parity">{words.all_recordings}</a>
                    <a href="#">{words.to_laboratory}</a>
                </nav>
            </div>
            {body}
        </section>
    }
}

fn title(stand: &Stand) -> Html {
    match stand {
        Stand::Shown(shown) => {
            html! { <h2><code>{&shown.id}</code>{" "}<span lang="en">{&shown.title}</span></h2> }
        }
        Stand::Loading | Stand::Missing => html! {},
    }
}

fn recording(props: &Props, shown: &Played) -> Html {
    let words = props.words;
    let Some(step) = shown.steps.get(props.at) else { return html! {} };
    let last = shown.steps.len().saturating_sub(1);
    let go = |word: &'static str, shape: Icon, to: Option<usize>| {
        let on_action = props.on_action.clone();
        let onclick = Callback::from(move |_: yew::MouseEvent| {
            if let Some(to) = to {
                on_action.emit(RecordingAction::Step(to).into());
            }
        });
        html! {
            <button class="btn quiet sq" aria-label={word} title={word} disabled={to.is_none()} {onclick}>{icon(shape)}</button>
        }
    };
    html! {
        <>
            <div class="rec-step">
                {go(words.previous_step, Icon::Back, props.at.checked_sub(1))}
                {go(words.next_step, Icon::Forward, (props.at < last).then_some(props.at + 1))}
                <span role="status">{format!("{} {} / {last}", words.step, props.at)}</span>
                <code>{&step.did}</code>
            </div>
            {sides(words, step)}
            <p class="note">{if shown.scripted_kubelets { words.recording_without_kubelets } else { words.recording_not_kept }}</p>
        </>
    }
}

fn sides(words: &'static Words, step: &PlayedStep) -> Html {
    let answer = if step.answer.is_empty() { words.nothing_said } else { step.answer.as_str() };
    html! {
        <div class="sides">
            <div><h3>{words.real_cluster}</h3><pre tabindex="0" lang="en">{answer}</pre></div>
            <div>
                <h3>{words.this_engine}</h3>
                {if step.differences.is_empty() {
                    html! { <p class="same">{icon(Icon::Check)}{" "}{words.the_same}</p> }
                } else {
                    html! { <pre class="differs" tabindex="0" lang="en">{&step.differences}</pre> }
                }}
                {step.known.as_ref().map(|why| html! { <p>{words.why_it_differs}{" "}<span lang="en">{why}</span></p> })}
            </div>
        </div>
    }
}
