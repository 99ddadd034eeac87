//! The bar at the top: where one is, workspaces, language, theme, keyboard.

use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use super::space_tabs::SpaceTabs;
use crate::regions::spaces::Over;
use crate::regions::{Action, FaultsAction, Mode, PageAction, SpacesAction};
use crate::space_words::SpaceWords;
use crate::view::{Shared, TabView};
use crate::words::Words;

/// What the bar shows of workspaces.
#[derive(Debug, Clone, PartialEq)]
pub struct SpacesView {
    /// The texts.
    pub words: &'static SpaceWords,
    /// The tabs.
    pub tabs: Shared<Vec<TabView>>,
    /// What is open of them.
    pub over: Over,
}

/// Properties of [`TopBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// Workspaces, where there are some.
    pub spaces: Option<SpacesView>,
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
            {props.spaces.as_ref().map(|spaces| html! {
                <SpaceTabs words={spaces.words} tabs={spaces.tabs.clone()} over={spaces.over}
                    on_action={props.on_action.clone()} />
            })}
            <span class="sp"></span>
            <nav aria-label="Ordinal">
                {faults(props)}
                <a class="btn quiet parity-link" href="#/parity" title={words.parity_hint}>{words.parity}</a>
                {props.shared.then(|| html! {
                    <button class="btn quiet sq link-btn" aria-label={words.copy_link} title={words.copy_link}
                        onclick={act(PageAction::CopyLink)}>{icon(Icon::Link)}</button>
                })}
                {props.spaces.as_ref().map(|spaces| html! {
                    <button class={if spaces.over == Over::Export { "btn quiet sq on" } else { "btn quiet sq" }} aria-label={spaces.words.export}
                        title={spaces.words.export} aria-expanded={(spaces.over == Over::Export).to_string()}
                        onclick={self::act(&props.on_action, SpacesAction::Export(spaces.over != Over::Export))}>{icon(Icon::Export)}</button>
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
        0 => format!("{} F", words.faults),
        n => format!("{} F{}{n} {}", words.faults, words.comma, words.in_force),
    };
    html! {
        <button class={if props.faults_open { "btn quiet faults-btn on" } else { "btn quiet faults-btn" }} aria-label={label} aria-haspopup="dialog"
            aria-keyshortcuts="F" onclick={act(&props.on_action, FaultsAction::Open(Mode::Menu))}>
            {icon(Icon::Fault)}<span class="wide">{words.faults}{" "}</span><kbd class="wide">{"F"}</kbd>
            {(props.in_force > 0).then(|| html! { <i class="badge narrow" aria-hidden="true">{props.in_force}</i> })}
        </button>
    }
}
