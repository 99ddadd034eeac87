//! The terminal.

use std::rc::Rc;

use session::{Entry, EntryKind};
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, NodeRef, Properties, function_component, html,
    use_effect_with, use_node_ref,
};

use crate::action::Action;
use crate::platform::dom;
use crate::prompt::Prompt;
use crate::words::Words;

/// Properties of [`TerminalPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on screen.
    pub entries: Rc<Vec<Entry>>,
    /// The line being typed.
    pub prompt: Prompt,
    /// A command still runs.
    pub running: bool,
    /// What a running command asks with, if it reads lines.
    pub asks: Option<String>,
    /// The running command waits for its document.
    pub editing: bool,
    /// The stage shows the past: typing begins a branch.
    pub in_past: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// What a key does in the line, if it is more than typing.
fn action_of(event: &KeyboardEvent, prompt: &Prompt) -> Option<Action> {
    let line = prompt.line.as_str();
    match event.key().as_str() {
        "r" if event.ctrl_key() => Some(Action::Search),
        "Enter" if !event.is_composing() && prompt.found.is_some() => {
            prompt.found.clone().map(Action::Command)
        }
        "Escape" | "Tab" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" if prompt.found.is_some() => {
            Some(Action::TakeFound)
        }
        "Enter" if !event.is_composing() => Some(Action::Command(line.to_owned())),
        "ArrowUp" => Some(Action::Recall(true)),
        "ArrowDown" => Some(Action::Recall(false)),
        // An empty line lets Tab leave, so that the keyboard is never trapped.
        "Tab" if !event.shift_key() && !line.is_empty() => Some(Action::Complete),
        "c" if event.ctrl_key() && !dom::has_selection() => Some(Action::Interrupt),
        "l" if event.ctrl_key() => Some(Action::ClearTerminal),
        _ => None,
    }
}

/// The terminal.
#[function_component]
pub fn TerminalPane(props: &Props) -> Html {
    let words = props.words;
    let (screen, input): (NodeRef, NodeRef) = (use_node_ref(), use_node_ref());
    {
        let screen = screen.clone();
        let length: usize = props.entries.iter().map(|entry| entry.text.len() + 1).sum();
        use_effect_with((length, props.running), move |_| dom::scroll_to_end(&screen));
    }
    let oninput = props.on_action.reform(|event: InputEvent| Action::Line(dom::input_value(&event)));
    let onkeydown = {
        let props = props.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(action) = action_of(&event, &props.prompt) {
                event.prevent_default();
                props.on_action.emit(action);
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
    let search = props.prompt.found.as_deref();
    let hint = if search.is_some() {
        words.search_history
    } else if props.editing {
        words.editing
    } else if props.asks.is_some() {
        ""
    } else if props.running {
        words.running
    } else {
        words.type_command
    };
    html! {
        <>
        <div class="term" key="term" ref={screen} {onclick}>
            {lines(props)}
            {props.in_past.then(|| html! { <pre class="hint" key="hint">{words.past_hint}</pre> })}
            <form class="prompt" key="prompt" onsubmit={Callback::from(|event: yew::SubmitEvent| event.prevent_default())}>
                <span class="ps" aria-hidden="true">{props.asks.as_deref().unwrap_or(if props.running { "" } else { "$" })}</span>
                <label class="vh" for="terminal-input">{if search.is_some() { words.search_history } else { words.terminal }}</label>
                <input id="terminal-input" ref={input} value={props.prompt.line.clone()} {oninput} {onkeydown}
                    spellcheck="false" autocomplete="off" autocapitalize="off" placeholder={hint} />
            </form>
            <div role="status">{search.map(|found| html! { <pre class="hint">{format!("(reverse-i-search) {found}")}</pre> })}</div>
            {(!props.prompt.offers.is_empty()).then(|| html! { <div class="comp" key="comp">{props.prompt.offers.join("  ")}</div> })}
        </div>
        {touch_row(props)}
        </>
    }
}

/// The keys that a touch screen's keyboard lacks. The line keeps the cursor while one presses them.
fn touch_row(props: &Props) -> Html {
    let words = props.words;
    let keys = [
        ("Tab", "Tab", Action::Complete),
        ("↑", words.older, Action::Recall(true)),
        ("↓", words.newer, Action::Recall(false)),
        ("Ctrl C", "Ctrl C", Action::Interrupt),
    ];
    let onpointerdown = Callback::from(|event: yew::PointerEvent| event.prevent_default());
    let onmousedown = Callback::from(|event: yew::MouseEvent| event.prevent_default());
    html! {
        <div class="keys" key="keys" role="group" aria-label={words.touch_keys}>
            {for keys.into_iter().map(|(shown, name, action)| {
                let on_action = props.on_action.clone();
                let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(action.clone()));
                html! {
                    <button key={shown} class="btn tap" aria-label={name} onpointerdown={onpointerdown.clone()}
                        onmousedown={onmousedown.clone()} {onclick}>{shown}</button>
                }
            })}
        </div>
    }
}

fn lines(props: &Props) -> Html {
    html! {
        <div class="lines" key="lines" role="log" aria-label={props.words.terminal_output} tabindex="0">
            {for props.entries.iter().enumerate().map(|(at, entry)| match entry.kind {
                EntryKind::Typed => html! { <pre key={at} class="cmd"><span class="ps">{"$ "}</span>{&entry.text}</pre> },
                EntryKind::Fed => html! { <pre key={at} class="cmd">{&entry.text}</pre> },
                EntryKind::Stdout => html! { <pre key={at}>{&entry.text}</pre> },
                EntryKind::Stderr => html! { <pre key={at} class="er">{&entry.text}</pre> },
            })}
        </div>
    }
}
