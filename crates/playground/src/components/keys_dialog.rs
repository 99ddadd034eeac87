//! The keyboard table.

use yew::{Callback, Html, Properties, function_component, html, use_effect_with, use_node_ref};

use super::icons::{Icon, icon};
use crate::platform::dom;
use crate::regions::{Action, PageAction};
use crate::words::Words;

/// Properties of [`KeysDialog`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// Whether it is open.
    pub open: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The dialog.
#[function_component]
pub fn KeysDialog(props: &Props) -> Html {
    let words = props.words;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.open, move |open| dom::set_dialog(&node, *open));
    }
    let close = {
        let on_action = props.on_action.clone();
        Callback::from(move |()| on_action.emit(PageAction::Keys(false).into()))
    };
    let rows: [(&str, &str); 18] = [
        ("Space", words.key_play),
        (", .", words.key_decisions),
        ("Shift , .", words.key_inputs),
        ("Home End", words.key_ends),
        ("+ − Z", words.key_zoom),
        ("0 – 9", words.key_ordinal),
        ("← ↑ ↓ →", words.key_beside),
        ("F6", words.key_region),
        ("F", words.key_faults),
        ("Ctrl K", words.key_palette),
        ("L", words.copy_link),
        ("W", words.why),
        ("E", words.events),
        ("`", words.terminal),
        ("Ctrl R", words.search_history),
        ("Ctrl Enter", words.apply),
        ("Esc", words.key_escape),
        ("?", words.keys),
    ];
    html! {
        <dialog class="dialog" ref={node} aria-label={words.keys} onclose={close.reform(|_: yew::Event| ())}>
            <div class="dialog-h"><h2>{words.keys}</h2><span class="sp"></span>
                <button class="btn quiet sq" aria-label={words.close} onclick={close.reform(|_: yew::MouseEvent| ())}>{icon(Icon::Cross)}</button>
            </div>
            <dl class="keytable">
                {for rows.iter().map(|(keys, does)| html! {
                    <><dt>{for keys.split(' ').map(|key| html! { <kbd>{key}</kbd> })}</dt><dd>{*does}</dd></>
                })}
            </dl>
        </dialog>
    }
}
