//! The stage before anything was applied: three empty berths and one thing to press.

use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use crate::regions::{Action, EditorAction, SpacesAction};
use crate::view::Asked;
use crate::words::Words;

/// Properties of [`FirstRun`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// The open document's name.
    pub document: String,
    /// What it asks for; not known before the engine has come, or if there is no set in it.
    pub asked: Option<Asked>,
    /// The example is no longer what is in the editor.
    pub strayed: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The picture, the sentence, the button.
#[function_component]
pub fn FirstRun(props: &Props) -> Html {
    let words = props.words;
    let onclick = act(&props.on_action, EditorAction::Apply);
    let start_over = act(&props.on_action, SpacesAction::Example(0));
    let first = props.asked.as_ref().map_or(0, |asked| asked.first);
    let hint = props.asked.as_ref().map_or_else(
        || words.nothing_running_hint.to_owned(),
        |asked| words.asks_for(&asked.name, asked.replicas, asked.first, asked.parallel),
    );
    html! {
        <div class="mid">
            <svg class="st w640" viewBox="0 0 560 130" aria-hidden="true">
                {for (0..3).map(|at| {
                    let x = 10 + at * 185;
                    html! {
                        <g key={at} transform={format!("translate({x} 20)")}>
                            <path d="M28 -14V0M28 76V100" class="spine cut" />
                            <rect width="170" height="76" rx="8" class="ghost" />
                            <text x="28" y="45" class="num dim" text-anchor="middle">{first + at}</text>
                        </g>
                    }
                })}
            </svg>
            <h2>{words.nothing_running}</h2>
            <p><code>{&props.document}</code>{" "}{hint}</p>
            <div class="acts">
                <button class="btn primary big" {onclick}>{words.apply}{" "}{&props.document}</button>
                {props.strayed.then(|| html! { <button class="btn big" onclick={start_over}>{words.start_over}</button> })}
            </div>
        </div>
    }
}
