//! The steps of a recording that is on stage: what the real cluster said, and what came otherwise here.

use yew::{Callback, Html, html};

use super::icons::{Icon, icon};
use crate::played::{Played, PlayedStep};
use crate::regions::{Action, RecordingAction};
use crate::words::Words;

/// The step on stage with the way to the others. Not inlined, so that it comes with the engine.
#[inline(never)]
pub fn steps(words: &'static Words, shown: &Played, at: usize, on_action: &Callback<Action>) -> Html {
    let Some(step) = shown.steps.get(at) else { return html! {} };
    let last = shown.steps.len().saturating_sub(1);
    let go = |word: &'static str, shape: Icon, to: Option<usize>| {
        let on_action = on_action.clone();
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
                {go(words.previous_step, Icon::Back, at.checked_sub(1))}
                {go(words.next_step, Icon::Forward, (at < last).then_some(at + 1))}
                <span role="status">{format!("{} {} / {last}", words.step, at)}</span>
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
