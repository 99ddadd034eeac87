//! "Why?", answered: the sentence, the rule, what was read, how it came to this.

use api::{Key, Kind};
use client::FactState;
use session::Why;
use yew::{Callback, Html, Properties, function_component, html};

use super::icons::{Icon, icon};
use crate::action::{Action, Jump, Region};
use crate::view::{FaultChoice, Frame};
use crate::words::clock;

/// Properties of [`WhyPanel`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// What all components know.
    pub frame: Frame,
    /// The answer, if there is one.
    pub why: Option<Why>,
    /// What a person can do with the selected object.
    pub deeds: Vec<(&'static str, Deed)>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// Something that can be done with the selected object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A command line.
    Command(String),
    /// A fault.
    Fault(FaultChoice),
}

/// The panel.
#[function_component]
pub fn WhyPanel(props: &Props) -> Html {
    let words = props.frame.words;
    let act = |action: Action| {
        let on_action = props.on_action.clone();
        Callback::from(move |_: yew::MouseEvent| on_action.emit(action.clone()))
    };
    html! {
        <aside class="side" aria-label={words.why}>
            <div class="pane-h">
                {icon(Icon::Why)}<h2>{words.why}</h2><span class="sp"></span>
                {props.frame.selected.as_ref().map(|key| html! {
                    <button class="btn quiet" aria-label={words.clear_selection} onclick={act(Action::Select(None))}>
                        <span class="mono">{key.to_string()}</span>{icon(Icon::Cross)}
                    </button>
                })}
                <button class="btn quiet sq shut" aria-label={words.close} onclick={act(Action::Region(Region::Stage))}>{icon(Icon::Cross)}</button>
            </div>
            <div class="why">
                {match &props.why {
                    Some(why) => answer(props, why),
                    None => html! {
                        <div><h3>{words.nothing_to_explain}</h3><p class="ans">{words.nothing_to_explain_hint}</p></div>
                    },
                }}
                {(!props.deeds.is_empty()).then(|| html! {
                    <div class="acts">
                        {for props.deeds.iter().map(|(label, deed)| {
                            let action = match deed {
                                Deed::Command(line) => Action::Command(line.clone()),
                                Deed::Fault(choice) => Action::Fault(choice.clone()),
                            };
                            let title = match deed {
                                Deed::Command(line) => line.clone(),
                                Deed::Fault(_) => (*label).to_owned(),
                            };
                            html! { <button class="btn" key={*label} {title} onclick={act(action)}>{*label}</button> }
                        })}
                    </div>
                })}
            </div>
        </aside>
    }
}

fn answer(props: &Props, why: &Why) -> Html {
    let words = props.frame.words;
    html! {
        <>
            <div><h3>{&why.sentence}</h3></div>
            {(why.queue.len() > 1).then(|| queue(props, &why.queue))}
            <p class="ans">{&why.rule}</p>
            {(!why.facts.is_empty()).then(|| html! {
                <div>
                    <div class="lab">{words.what_read}</div>
                    <div class="facts">
                        {for why.facts.iter().map(|fact| {
                            let (class, shape) = match fact.state {
                                FactState::Satisfied => ("y", Icon::Check),
                                FactState::NotYet => ("n", Icon::More),
                                FactState::Wrong => ("x", Icon::Cross),
                            };
                            html! { <><span {class}>{icon(shape)}</span><span>{fact_text(props, fact)}</span></> }
                        })}
                    </div>
                </div>
            })}
            {(why.chain.len() > 1).then(|| chain(props, why))}
            {why.next.as_ref().map(|next| html! {
                <><hr class="sep" /><div><div class="lab">{words.what_next}</div><p class="ans">{next}</p></div></>
            })}
            {why.remedy.as_ref().map(|command| {
                let (on_action, line) = (props.on_action.clone(), command.clone());
                let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::Type(line.clone())));
                html! {
                    <div class="acts">
                        <button class="btn primary" {onclick}>{icon(Icon::Terminal)}{words.type_this}{" "}<code>{command}</code></button>
                    </div>
                }
            })}
            <div class="src">
                <a href={why.doc} target="_blank" rel="noreferrer">{words.documentation}</a>
                <code title={words.rule_name}>{why.name}</code>
            </div>
        </>
    }
}

fn fact_text(props: &Props, fact: &client::Fact) -> Html {
    match &fact.about {
        Some(key) if props.frame.selected.as_ref() != Some(key) && selectable(key) => {
            let (on_action, key) = (props.on_action.clone(), key.clone());
            let onclick =
                Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::Select(Some(key.clone()))));
            html! { <button class="lnk fact" {onclick}>{&fact.text}</button> }
        }
        _ => html! { {&fact.text} },
    }
}

fn selectable(key: &Key) -> bool {
    matches!(key.kind, Kind::Pod | Kind::PersistentVolumeClaim | Kind::StatefulSet | Kind::Node)
}

/// Who waits for whom, read from left to right.
fn queue(props: &Props, queue: &[Key]) -> Html {
    html! {
        <p class="queue mono" aria-label={props.frame.words.queue}>
            {for queue.iter().enumerate().map(|(at, key)| {
                let (on_action, target) = (props.on_action.clone(), key.clone());
                let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::Select(Some(target.clone()))));
                html! { <>{if at > 0 { " ← " } else { "" }}<button class="lnk" {onclick}>{&*key.name}</button></> }
            })}
        </p>
    }
}

fn chain(props: &Props, why: &Why) -> Html {
    let words = props.frame.words;
    let last = why.chain.len() - 1;
    html! {
        <>
            <hr class="sep" />
            <div>
                <div class="lab">{words.how_came}</div>
                <ol class="chain">
                    {for why.chain.iter().enumerate().map(|(at, link)| {
                        let class = if link.by_person { "me" } else if at == last { "now" } else { "" };
                        let (on_action, micros) = (props.on_action.clone(), link.at_micros);
                        let onclick = Callback::from(move |_: yew::MouseEvent| on_action.emit(Action::Jump(Jump::To(micros))));
                        html! {
                            <li {class} key={at}>
                                <time><button class="lnk t" {onclick} title={words.go_there}>{clock(link.at_micros)}</button></time>
                                <span>{&link.text}</span>
                            </li>
                        }
                    })}
                </ol>
            </div>
        </>
    }
}
