//! The bar at the top: where one is, examples, language, theme, keyboard.

use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, FaultsAction, Mode, PageAction};
use crate::words::Words;

/// Properties of [`TopBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// Which example is loaded, where some are offered.
    pub example: Option<usize>,
    /// Whether there is a button that copies a link to the moment on stage.
    pub shared: bool,
    /// How many faults are in force.
    pub in_force: usize,
    /// Whether the menu of faults is open.
    pub faults_open: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The top bar.
#[function_component]
pub fn TopBar(props: &Props) -> Html {
    let words = props.words;
    let act = |action: PageAction| act(&props.on_action, action);
    let example = |at: usize, name: &'static str| {
        let on = props.example == Some(at);
        html! {
            <button class={if on { "btn quiet on" } else { "btn quiet" }} aria-pressed={on.to_string()}
                onclick={act(PageAction::LoadExample(at))}>{name}</button>
        }
    };
    html! {
        <header class="top">
            <h1 class="vh">{words.title}</h1>
            <a class="brand" href="#/">
                <svg class="logo" viewBox="0 0 44 16" width="44" height="16" aria-hidden="true">
                    <rect x="1" y="2" width="12" height="12" rx="3" class="l1" />
                    <rect x="16" y="2" width="12" height="12" rx="3" class="l1" />
                    <rect x="31" y="2" width="12" height="12" rx="3" class="l2" />
                </svg>
                {"Ordinal"}
            </a>
            {props.example.is_some().then(|| html! {
                <nav class="examples" aria-label={words.examples}>
                    {example(0, words.note_003)}
                    {example(1, words.note_000)}
                </nav>
            })}
            <span class="sp"></span>
            <nav aria-label="Ordinal">
                {faults(props)}
                <a class="btn quiet parity-link" href="#/parity" title={words.parity_hint}>{words.parity}</a>
                {props.shared.then(|| html! {
                    <button class="btn quiet sq" aria-label={words.copy_link} title={words.copy_link}
                        onclick={act(PageAction::CopyLink)}>{icon(Icon::Link)}</button>
                })}
                <button class="btn quiet sq keys-btn" aria-label={words.keys} title={words.keys}
                    onclick={act(PageAction::Keys(true))}><kbd>{"?"}</kbd></button>
                <button class="btn quiet sq" aria-label={words.language} title={words.language}
                    onclick={act(PageAction::Language)}>{icon(Icon::Language)}</button>
                <button class="btn quiet sq" aria-label={words.theme} title={words.theme}
                    onclick={act(PageAction::Theme)}>{icon(Icon::Sun)}</button>
            </nav>
        </header>
    }
}

/// The button of the menu of faults; on a narrow page it says how many are in force.
fn faults(props: &Props) -> Html {
    let words = props.words;
    let label = match props.in_force {
        0 => words.faults.to_owned(),
        n => format!("{}{}{n} {}", words.faults, words.comma, words.in_force),
    };
    html! {
        <button class={if props.faults_open { "btn quiet faults-btn on" } else { "btn quiet faults-btn" }} aria-label={label} aria-haspopup="dialog"
            aria-keyshortcuts="F" onclick={act(&props.on_action, FaultsAction::Open(Mode::Menu))}>
            {icon(Icon::Fault)}<span class="wide">{words.faults}</span><kbd class="wide">{"F"}</kbd>
            {(props.in_force > 0).then(|| html! { <i class="badge narrow" aria-hidden="true">{props.in_force}</i> })}
        </button>
    }
}
