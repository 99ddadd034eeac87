//! The menu of faults: a letter for each, the same by typing, and a sheet on a narrow page.

use api::Key;
use session::faults::{Group, InForce, Row};
use session::offers::{FaultKind, Way};
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, Properties, function_component, html, use_effect_with,
    use_node_ref,
};

use super::act;
use super::icons::{Icon, icon};
use super::in_force::entries;
use crate::fault_words::{self, pick};
use crate::platform::dom;
use crate::regions::{Action, FaultsAction, Mode};
use crate::view::{FaultsView, Frame, Shared};

/// Properties of [`FaultsMenu`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What every component knows.
    pub frame: Frame,
    /// How it is open.
    pub mode: Mode,
    /// What is in it.
    pub view: Shared<FaultsView>,
    /// What is in force.
    pub in_force: Shared<Vec<InForce>>,
    /// The chosen row.
    pub at: usize,
    /// The tab of a narrow page.
    pub tab: Group,
    /// What was typed.
    pub text: String,
    /// Why the last row could not be taken.
    pub refused: Option<String>,
    /// Whether there is a terminal to write into.
    pub writes: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The mode, for the focus. A type of its own, by whose name the hook is part of the menu (`www/editor/split.mjs`).
#[derive(PartialEq)]
struct Seen(Mode);

/// The menu.
#[function_component]
pub fn FaultsMenu(props: &Props) -> Html {
    let lang = props.frame.lang;
    let (dialog, menu, field) = (use_node_ref(), use_node_ref(), use_node_ref());
    {
        let (dialog, menu, field) = (dialog.clone(), menu.clone(), field.clone());
        use_effect_with(Seen(props.mode), move |Seen(mode)| {
            dom::set_dialog(&dialog, true);
            dom::focus(if *mode == Mode::Typing { &field } else { &menu });
            // The dialog is closed before it goes, so that the focus is where it was.
            move || dom::set_dialog(&dialog, false)
        });
    }
    let onkeydown = {
        let props = props.clone();
        Callback::from(move |event: KeyboardEvent| {
            let press = (event.key(), event.ctrl_key() || event.meta_key(), event.shift_key());
            if !event.alt_key()
                && let Some(action) = pressed(&props, &press.0, press.1, press.2)
            {
                event.prevent_default();
                props.on_action.emit(action.into());
            }
        })
    };
    let class = if props.mode == Mode::Typing { "faults typing" } else { "faults" };
    html! {
        <dialog {class} ref={dialog} aria-label={props.frame.words.faults} closedby="any" {onkeydown}
            onclose={props.on_action.reform(|_: yew::Event| FaultsAction::Close.into())}>
            {if props.mode == Mode::Typing {
                let oninput = props.on_action.reform(|event: InputEvent| FaultsAction::Type(dom::input_value(&event)).into());
                html! { <>
                    <label class="fsearch" key="typing">{icon(Icon::Search)}
                        <input ref={field} value={props.text.clone()} {oninput} aria-label={props.frame.words.faults} spellcheck="false"
                            autocomplete="off" autocapitalize="off" placeholder={pick(lang, fault_words::HINT)} />
                        <kbd>{"Esc"}</kbd></label>
                    {found(props)}
                </> }
            } else {
                html! { <>
                    <button class="fsearch" key="menu" tabindex="-1" onclick={act(&props.on_action, FaultsAction::Open(Mode::Typing))}>
                        {icon(Icon::Search)}<span class="ph">{pick(lang, fault_words::HINT)}</span><kbd>{"Ctrl K"}</kbd></button>
                    {target(props)}
                    <div class="fnow">{entries(&props.frame, &props.in_force, &props.on_action)}</div>
                    {tabs(props)}
                    <div class="fgrid" ref={menu} role="menu" tabindex="0" aria-label={props.frame.words.faults}
                        aria-activedescendant={format!("fault-{}", props.at)}>
                        <div>{groups(props, &[Group::Pod, Group::Container])}</div>
                        <div>{groups(props, &[Group::Node, Group::Storage, Group::ControlPlane])}</div>
                    </div>
                </> }
            }}
            <p class="fsaid" role="status">{props.refused.clone()}</p>
        </dialog>
    }
}

/// What a row does when it is taken; with Shift it is only written into the terminal, if it is a command.
fn taken(props: &Props, row: &Row, shift: bool) -> FaultsAction {
    match &row.way {
        Ok(Way::Command(line)) if shift && props.writes => FaultsAction::Write(line.clone()),
        Ok(way) => FaultsAction::Take(way.clone()),
        Err(refusal) => FaultsAction::Refuse(refusal.clone()),
    }
}

/// What a key does in the menu.
pub fn pressed(props: &Props, key: &str, command: bool, shift: bool) -> Option<FaultsAction> {
    let typing = props.mode == Mode::Typing;
    let mut rows = props.view.rows.iter().flat_map(|(_, rows)| rows);
    match key {
        "k" if command => Some(FaultsAction::Open(Mode::Typing)),
        _ if command => None,
        "ArrowDown" => Some(FaultsAction::Row { up: false }),
        "ArrowUp" => Some(FaultsAction::Row { up: true }),
        "Enter" if typing => props.view.found.get(props.at).map(|found| taken(props, &found.row, shift)),
        "Enter" => rows.nth(props.at).map(|row| taken(props, row, shift)),
        _ if typing => None,
        "ArrowLeft" => Some(FaultsAction::Beside { back: true }),
        "ArrowRight" => Some(FaultsAction::Beside { back: false }),
        "/" => Some(FaultsAction::Open(Mode::Typing)),
        letter => {
            let row = rows.find(|row| fault_words::of(row.what).letter.eq_ignore_ascii_case(letter))?;
            Some(taken(props, row, false))
        }
    }
}

/// What the faults are done to.
fn target(props: &Props) -> Html {
    let (lang, view) = (props.frame.lang, &props.view);
    let chip = |key: &Key| {
        let on = view.aimed() == Some(key);
        html! { <button key={key.to_string()} class={on.then_some("on")} aria-pressed={on.to_string()} tabindex="-1"
        onclick={act(&props.on_action, FaultsAction::Aim(key.clone()))}>{&*key.name}</button> }
    };
    let at = view.targets.iter().position(|key| view.aimed() == Some(key)).unwrap_or(0);
    // Of many the ones around the target.
    let from = at.saturating_sub(2).min(view.targets.len().saturating_sub(5));
    let node = view.target.node.as_ref().filter(|_| view.target.pod.is_some());
    html! {
        <div class="ftarget">
            <span class="k">{pick(lang, fault_words::TARGET)}</span>
            <span class="chips" role="group" aria-label={pick(lang, fault_words::TARGET)}>{for view.targets.iter().skip(from).take(5).map(chip)}</span>
            {node.map(|node| html! { <>
                <span class="k">{pick(lang, fault_words::SO)}</span><span class="tg">{&*node.name}</span>
                {view.target.claim.as_ref().map(|claim| html! { <span class="tg">{&*claim.name}</span> })}
            </> })}
            <span class="sp"></span>
            <span class="note"><kbd>{"←"}</kbd>{" "}<kbd>{"→"}</kbd>{" "}{pick(lang, fault_words::CHANGE)}</span>
        </div>
    }
}

/// The groups as tabs, on a narrow page.
fn tabs(props: &Props) -> Html {
    let tab = |(group, _): &(Group, Vec<Row>)| {
        let on = props.tab == *group;
        let [_, short] = fault_words::group(*group);
        html! { <button key={short[0]} class={on.then_some("on")} aria-pressed={on.to_string()}
        onclick={act(&props.on_action, FaultsAction::Tab(*group))}>{pick(props.frame.lang, short)}</button> }
    };
    html! { <div class="ftabs">{for props.view.rows.iter().map(tab)}</div> }
}

fn groups(props: &Props, wanted: &[Group]) -> Html {
    let mut before = 0;
    let mut all = Vec::new();
    for (group, rows) in &props.view.rows {
        if wanted.contains(group) {
            let [name, _] = fault_words::group(*group);
            let class = if props.tab == *group { "fgroup on" } else { "fgroup" };
            let of = rows.iter().enumerate().map(|(at, row)| line(props, row, before + at));
            all.push(html! {
                <section {class} key={name[0]}>
                    <h3>{pick(props.frame.lang, name)}<span>{subject(props, *group)}</span></h3>
                    {for of}
                </section>
            });
        }
        before += rows.len();
    }
    all.into_iter().collect()
}

/// What a group's faults are done to.
fn subject(props: &Props, group: Group) -> String {
    let name = |key: &Option<Key>| key.as_ref().map(|key| key.name.to_string()).unwrap_or_default();
    let target = &props.view.target;
    match group {
        Group::Pod => name(&target.pod),
        Group::Container => target.image.clone(),
        Group::Node => name(&target.node),
        Group::Storage => name(&target.claim),
        Group::ControlPlane => String::new(),
    }
}

/// A row of the menu.
fn line(props: &Props, row: &Row, at: usize) -> Html {
    let (lang, words) = (props.frame.lang, fault_words::of(row.what));
    let target = &props.view.target;
    let place = match row.what {
        FaultKind::Delete => target.grace.to_string(),
        _ => target.node.as_ref().map(|node| node.name.to_string()).unwrap_or_default(),
    };
    let does = match &row.way {
        Err(refusal) => refusal.sentence(lang),
        Ok(_) if row.is_in_force => words.undo(lang).to_owned(),
        Ok(_) => words.does(lang).replace("{}", &place),
    };
    let mut class = vec!["frow"];
    class.extend((props.at == at).then_some("hot"));
    class.extend(row.is_in_force.then_some("now"));
    html! {
        <button {class} key={words.letter} id={format!("fault-{at}")} role="menuitem" tabindex="-1" aria-keyshortcuts={words.letter}
            aria-disabled={row.way.is_err().to_string()} onclick={act(&props.on_action, taken(props, row, false))}>
            <kbd>{words.letter}</kbd><span class="fw">{words.name(lang)}</span><span class="fd">{does}</span>{icon(Icon::Right)}
        </button>
    }
}

/// What was found by typing.
fn found(props: &Props) -> Html {
    let (lang, view) = (props.frame.lang, &props.view);
    if view.found.is_empty() {
        return html! { <p class="fnone">{pick(lang, fault_words::NONE)}</p> };
    }
    let row = |(at, found): (usize, &crate::view::Found)| {
        let class = if at == props.at { "fhit hot" } else { "fhit" };
        let says = if let Err(refusal) = &found.row.way {
            refusal.sentence(lang)
        } else if found.row.is_in_force {
            fault_words::of(found.row.what).is(lang).to_owned()
        } else {
            let node = view.target.node.as_ref().map_or("", |node| &node.name);
            let does = fault_words::of(found.row.what).does(lang);
            let place = if found.row.what == FaultKind::Delete {
                view.target.grace.to_string()
            } else {
                node.to_owned()
            };
            let pod = if found.says.is_empty() { String::new() } else { format!("{} · ", found.says) };
            format!("{pod}{}", does.replace("{}", &place))
        };
        html! {
            <button key={found.label.clone()} {class} role="option" aria-selected={(at == props.at).to_string()} tabindex="-1"
                onclick={act(&props.on_action, taken(props, &found.row, false))}>
                {icon(if found.row.what == FaultKind::PowerOff { Icon::Power } else { Icon::Fault })}
                <span class="fw">{&found.label}</span><span class="fd">{says}</span>
            </button>
        }
    };
    html! {
        <>
        <div class="fhits" role="listbox" aria-label={props.frame.words.faults}>{for view.found.iter().enumerate().map(row)}</div>
        <p class="ffoot"><kbd>{"↑"}</kbd><kbd>{"↓"}</kbd>{pick(lang, fault_words::CHOOSE)}
            {props.writes.then(|| html! { <><kbd>{"Shift ↵"}</kbd>{pick(lang, fault_words::TYPES)}</> })}</p>
        </>
    }
}
