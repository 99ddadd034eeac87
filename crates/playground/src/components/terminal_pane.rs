//! The terminal.

use std::rc::Rc;

use session::{Entry, EntryKind};
use yew::{Callback, Html, InputEvent, KeyboardEvent, NodeRef, Properties, function_component, html, use_effect_with, use_node_ref, use_state};

use crate::action::Action;
use crate::platform::dom;
use crate::words::Words;

/// Properties of [`TerminalPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on screen.
    pub entries: Rc<Vec<Entry>>,
    /// What was typed before, oldest first.
    pub history: Rc<Vec<String>>,
    /// A command still runs.
    pub running: bool,
    /// The stage shows the past: typing begins a branch.
    pub in_past: bool,
    /// What Tab offers for a line.
    pub complete: Callback<String, Vec<String>>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The terminal.
#[function_component]
pub fn TerminalPane(props: &Props) -> Html {
    let words = props.words;
    let line = use_state(String::new);
    let back = use_state(|| 0_usize);
    let offered = use_state(Vec::<String>::new);
    let screen: NodeRef = use_node_ref();
    let input: NodeRef = use_node_ref();
    {
        let screen = screen.clone();
        let length: usize = props.entries.iter().map(|entry| entry.text.len() + 1).sum();
        use_effect_with((length, props.running), move |_| dom::scroll_to_end(&screen));
    }
    let oninput = {
        let (line, back, offered) = (line.clone(), back.clone(), offered.clone());
        Callback::from(move |event: InputEvent| {
            line.set(dom::input_value(&event));
            back.set(0);
            if !offered.is_empty() {
                offered.set(Vec::new());
            }
        })
    };
    let onkeydown = {
        let (props, line, back, offered) = (props.clone(), line.clone(), back.clone(), offered.clone());
        Callback::from(move |event: KeyboardEvent| {
            let recall = |n: usize| {
                let text = props.history.len().checked_sub(n).and_then(|at| props.history.get(at));
                line.set(text.cloned().unwrap_or_default());
                back.set(n);
            };
            match event.key().as_str() {
                "Enter" if !event.is_composing() => {
                    event.prevent_default();
                    props.on_action.emit(Action::Command((*line).clone()));
                    line.set(String::new());
                    back.set(0);
                    offered.set(Vec::new());
                }
                "ArrowUp" if *back < props.history.len() => {
                    event.prevent_default();
                    recall(*back + 1);
                }
                "ArrowDown" if *back > 0 => {
                    event.prevent_default();
                    recall(*back - 1);
                }
                "Tab" if !event.shift_key() && !line.is_empty() => {
                    event.prevent_default();
                    let found = props.complete.emit((*line).clone());
                    line.set(extended(&line, &found));
                    offered.set(if found.len() > 1 { found } else { Vec::new() });
                }
                "c" if event.ctrl_key() && !dom::has_selection() => {
                    event.prevent_default();
                    props.on_action.emit(Action::Interrupt);
                    line.set(String::new());
                }
                "l" if event.ctrl_key() => {
                    event.prevent_default();
                    props.on_action.emit(Action::ClearTerminal);
                }
                _ => {}
            }
        })
    };
    let onclick = {
        let input = input.clone();
        Callback::from(move |_: yew::MouseEvent| {
            if !dom::has_selection() {
                dom::focus(&input);
            }
        })
    };
    html! {
        <div class="term" ref={screen} {onclick}>
            <div class="lines" role="log" aria-label={words.terminal_output} tabindex="0">
                {for props.entries.iter().enumerate().map(|(at, entry)| match entry.kind {
                    EntryKind::Typed => html! { <pre key={at} class="cmd"><span class="ps">{"$ "}</span>{&entry.text}</pre> },
                    EntryKind::Stdout => html! { <pre key={at}>{&entry.text}</pre> },
                    EntryKind::Stderr => html! { <pre key={at} class="er">{&entry.text}</pre> },
                })}
            </div>
            {props.in_past.then(|| html! { <pre class="hint">{words.past_hint}</pre> })}
            <form class="prompt" onsubmit={Callback::from(|event: yew::SubmitEvent| event.prevent_default())}>
                <span class="ps" aria-hidden="true">{if props.running { "" } else { "$" }}</span>
                <label class="vh" for="terminal-input">{words.terminal}</label>
                <input id="terminal-input" ref={input} value={(*line).clone()} {oninput} {onkeydown} spellcheck="false"
                    autocomplete="off" autocapitalize="off" placeholder={if props.running { words.running } else { words.type_command }} />
            </form>
            {(!offered.is_empty()).then(|| html! { <div class="comp">{offered.join("  ")}</div> })}
        </div>
    }
}

/// The line with its last word grown by what all offers have in common.
fn extended(line: &str, offers: &[String]) -> String {
    let Some(first) = offers.first() else { return line.to_owned() };
    let mut common = first.as_str();
    for offer in offers {
        let shared = common.char_indices().zip(offer.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
        let end = shared.unwrap_or(common.len().min(offer.len()));
        common = common.get(..end).unwrap_or("");
    }
    let start = line.rfind([' ', '/', ',']).map_or(0, |at| at + 1);
    let (head, word) = line.split_at(start);
    if common.len() < word.len() {
        return line.to_owned();
    }
    let end = if offers.len() == 1 && !common.ends_with(['/', '=']) { " " } else { "" };
    format!("{head}{common}{end}")
}
