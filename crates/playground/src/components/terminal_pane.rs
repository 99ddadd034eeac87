//! The terminal.

use session::{Entry, EntryKind, Tone};
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, NodeRef, Properties, function_component, html,
    use_effect_with, use_node_ref,
};

use super::act;
use crate::platform::dom;
use crate::prompt::Prompt;
use crate::regions::{Action, TerminalAction};
use crate::view::{Notice, Running, Shared, SharedList};
use crate::words::Words;

/// Properties of [`TerminalPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on screen.
    pub entries: SharedList<Entry>,
    /// The line being typed.
    pub prompt: Prompt,
    /// Long lines are wrapped.
    pub wraps: bool,
    /// The command that runs, if one does.
    pub running: Running,
    /// How the engine stands.
    pub notice: Notice,
    /// The stage shows the past: typing begins a branch.
    pub in_past: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// What the screen is scrolled to the end for. A type of its own, by whose name the hook is part of the page and
/// not of the engine (`www/editor/split.mjs`).
#[derive(PartialEq)]
struct Seen {
    entries: SharedList<Entry>,
    is_running: bool,
}

/// What a key does in the line, if it is more than typing.
fn action_of(event: &KeyboardEvent, prompt: &Prompt) -> Option<TerminalAction> {
    let line = prompt.line.as_str();
    match event.key().as_str() {
        "r" if event.ctrl_key() => Some(TerminalAction::Search),
        "Enter" if !event.is_composing() && prompt.found.is_some() => {
            prompt.found.clone().map(TerminalAction::Command)
        }
        "Escape" | "Tab" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" if prompt.found.is_some() => {
            Some(TerminalAction::TakeFound)
        }
        "Enter" if !event.is_composing() => Some(TerminalAction::Command(line.to_owned())),
        "ArrowUp" => Some(TerminalAction::Recall(true)),
        "ArrowDown" => Some(TerminalAction::Recall(false)),
        // An empty line lets Tab leave, so that the keyboard is never trapped.
        "Tab" if !event.shift_key() && !line.is_empty() => Some(TerminalAction::Complete),
        "c" if event.ctrl_key() && !dom::has_selection() => Some(TerminalAction::Interrupt),
        "l" if event.ctrl_key() => Some(TerminalAction::Clear),
        _ => None,
    }
}

/// What the empty line says of itself.
fn hint(props: &Props) -> &'static str {
    let words = props.words;
    if props.prompt.found.is_some() {
        words.search_history
    } else if props.running.edits {
        words.editing
    } else if props.running.asks.is_some() {
        ""
    } else if props.running.is_on {
        words.running
    } else {
        words.type_command
    }
}

/// The terminal.
#[function_component]
pub fn TerminalPane(props: &Props) -> Html {
    let words = props.words;
    let (screen, input): (NodeRef, NodeRef) = (use_node_ref(), use_node_ref());
    {
        let screen = screen.clone();
        let seen = Seen { entries: props.entries.clone(), is_running: props.running.is_on };
        use_effect_with(seen, move |_| dom::scroll_to_end(&screen));
    }
    let oninput =
        props.on_action.reform(|event: InputEvent| TerminalAction::Line(dom::input_value(&event)).into());
    let onkeydown = {
        let props = props.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(action) = action_of(&event, &props.prompt) {
                event.prevent_default();
                props.on_action.emit(action.into());
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
    let sign =
        props.running.asks.clone().unwrap_or_else(|| if props.running.is_on { "" } else { "$" }.to_owned());
    html! {
        <>
        <div class={if props.wraps { "term wraps" } else { "term" }} key="term" ref={screen} {onclick}>
            // The outer box is turned upside down by the styles, so that it stays at its end whatever its size is.
            <div class="roll">
            <Screen key="lines" {words} entries={props.entries.clone()} />
            {props.notice.text(words).map(|text| html! { <pre class="hint" key="notice">{text}</pre> })}
            {props.in_past.then(|| html! { <pre class="hint" key="hint">{words.past_hint}</pre> })}
            <form class="prompt" key="prompt" onsubmit={Callback::from(|event: yew::SubmitEvent| event.prevent_default())}>
                <span class="ps" aria-hidden="true">{sign}</span>
                <label class="vh" for="terminal-input">{if search.is_some() { words.search_history } else { words.terminal }}</label>
                <input id="terminal-input" ref={input} value={props.prompt.line.clone()} {oninput} {onkeydown}
                    spellcheck="false" autocomplete="off" autocapitalize="off" placeholder={hint(props)} />
            </form>
            <div role="status">{search.map(|found| html! { <pre class="hint">{format!("(reverse-i-search) {found}")}</pre> })}</div>
            {(!props.prompt.offers.is_empty()).then(|| html! { <div class="comp" key="comp">{props.prompt.offers.join("  ")}</div> })}
            </div>
        </div>
        {touch_row(props)}
        </>
    }
}

/// The keys that a touch screen's keyboard lacks. The line keeps the cursor while one presses them.
fn touch_row(props: &Props) -> Html {
    let words = props.words;
    let keys = [
        ("Tab", "Tab", TerminalAction::Complete),
        ("↑", words.older, TerminalAction::Recall(true)),
        ("↓", words.newer, TerminalAction::Recall(false)),
        ("Ctrl C", "Ctrl C", TerminalAction::Interrupt),
    ];
    let onpointerdown = Callback::from(|event: yew::PointerEvent| event.prevent_default());
    let onmousedown = Callback::from(|event: yew::MouseEvent| event.prevent_default());
    html! {
        <div class="keys" key="keys" role="group" aria-label={words.touch_keys}>
            {for keys.into_iter().map(|(shown, name, action)| {
                let onclick = act(&props.on_action, action);
                html! {
                    <button key={shown} class="btn tap" aria-label={name} onpointerdown={onpointerdown.clone()}
                        onmousedown={onmousedown.clone()} {onclick}>{shown}</button>
                }
            })}
        </div>
    }
}

/// Properties of [`Screen`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct ScreenProps {
    words: &'static Words,
    entries: SharedList<Entry>,
}

/// What is on screen. Typing does not draw it again.
#[function_component]
fn Screen(props: &ScreenProps) -> Html {
    html! {
        <div class="lines" role="log" aria-label={props.words.terminal_output} tabindex="0">
            {for props.entries.iter().enumerate().map(|(at, entry)| html! { <Line key={at} entry={entry.clone()} /> })}
        </div>
    }
}

/// Properties of [`Line`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct LineProps {
    entry: Shared<Entry>,
}

/// A text on screen, drawn once.
#[function_component]
fn Line(props: &LineProps) -> Html {
    let text = &props.entry.text;
    match props.entry.kind {
        EntryKind::Typed => html! { <pre class="cmd"><span class="ps">{"$ "}</span>{text}</pre> },
        EntryKind::Fed => html! { <pre class="cmd">{text}</pre> },
        EntryKind::Stdout | EntryKind::Stderr => html! {
            {for props.entry.toned().into_iter().map(|(tone, text)| {
                let class = match tone {
                    Tone::Plain => None,
                    Tone::Notice => Some("no"),
                    Tone::Warning => Some("wa"),
                    Tone::Error => Some("er"),
                };
                html! { <pre {class}>{text}</pre> }
            })}
        },
    }
}
