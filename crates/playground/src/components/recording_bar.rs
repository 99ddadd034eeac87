//! A recording beside the stage: its steps, what the real cluster said, and what came out otherwise here.

use yew::{Callback, Html, Properties, function_component, html};

use super::recording_steps::steps;
use crate::regions::Action;
use crate::regions::recording::Stand;
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
        Stand::Shown(played) => steps(words, played, props.at, &props.on_action),
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
