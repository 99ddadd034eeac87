//! What can be saved of the workspace on stage, and passed on.

use yew::{Callback, Html, KeyboardEvent, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, PageAction, SpacesAction};
use crate::space::Piece;
use crate::space_words::SpaceWords;

/// Properties of [`ExportMenu`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static SpaceWords,
    /// There is an answer to "why".
    pub why: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The menu.
#[function_component]
pub fn ExportMenu(props: &Props) -> Html {
    let words = props.words;
    let row = |shape: Icon, name: &'static str, hint: &'static str, ending: &'static str, action: Action| {
        html! {
            <li><button onclick={act(&props.on_action, action)}>
                {icon(shape)}<b>{name}</b><span>{hint}</span><span class="mono">{ending}</span>
            </button></li>
        }
    };
    let save = |shape: Icon, name: &'static str, hint: &'static str, piece: Piece| {
        row(shape, name, hint, piece.ending(), SpacesAction::Save(piece).into())
    };
    let on_action = props.on_action.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            on_action.emit(SpacesAction::Export(false).into());
        }
    });
    html! {
        <section class="pop exppop" role="dialog" aria-label={words.export} {onkeydown}>
            <h3>{words.this_tab}</h3>
            <ul>
                {save(Icon::File, words.files, words.files_hint, Piece::Files)}
                {save(Icon::Terminal, words.terminal, words.terminal_hint, Piece::Terminal)}
            </ul>
            <h3>{words.this_moment}</h3>
            <ul>
                {save(Icon::Stage, words.objects, words.objects_hint, Piece::Objects)}
                {props.why.then(|| save(Icon::Why, words.why, words.why_hint, Piece::Why))}
            </ul>
            <h3>{words.to_pass_on}</h3>
            <ul>
                {row(Icon::Link, words.link, words.link_hint, words.copies, PageAction::CopyLink.into())}
                {save(Icon::Fork, words.run, words.run_hint, Piece::Run)}
            </ul>
        </section>
    }
}
