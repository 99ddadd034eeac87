//! An answer to "Why?": the sentence, the rule, what was read, how it came to this, the way out.

use api::{Key, Kind};
use client::FactState;
use session::Why;
use yew::{Html, html};

use super::act;
use super::icons::{Icon, icon};
use super::why_panel::Props;
use crate::regions::{Jump, StageAction, TerminalAction, TimeAction};
use crate::words::clock;

/// The answer.
#[inline(never)] // a gate
pub fn answer(props: &Props, why: &Why) -> Html {
    let words = props.words;
    html! {
        <>
            <div><h3>{&why.sentence}</h3></div>
            {(why.queue.len() > 1).then(|| queue(props, &why.queue))}
            {why.stuck.map(|stuck| html! { <p class="ans stuck">{stuck}</p> })}
            <p class="ans">{&why.rule}</p>
            {why.remedy.as_ref().map(|command| {
                let onclick = act(&props.on_action, TerminalAction::Type(command.clone()));
                html! {
                    <div class="acts">
                        <button class="btn primary" {onclick}>{icon(Icon::Terminal)}{words.type_this}{" "}<code>{command}</code></button>
                    </div>
                }
            })}
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
            <div class="src">
                <a href={why.doc} target="_blank" rel="noreferrer">{words.documentation}</a>
                <code title={words.rule_name}>{why.name}</code>
                {(why.cause != why.name && why.stuck.is_some()).then(|| html! { <code title={words.rule_name}>{why.cause}</code> })}
            </div>
        </>
    }
}

fn fact_text(props: &Props, fact: &client::Fact) -> Html {
    match &fact.about {
        Some(key) if props.selected.as_ref() != Some(key) && selectable(key) => {
            let onclick = act(&props.on_action, StageAction::Select(Some(key.clone())));
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
        <p class="queue mono" aria-label={props.words.queue}>
            {for queue.iter().enumerate().map(|(at, key)| {
                let onclick = act(&props.on_action, StageAction::Select(Some(key.clone())));
                html! { <>{if at > 0 { " ← " } else { "" }}<button class="lnk" {onclick}>{&*key.name}</button></> }
            })}
        </p>
    }
}

fn chain(props: &Props, why: &Why) -> Html {
    let words = props.words;
    let last = why.chain.len() - 1;
    html! {
        <>
            <hr class="sep" />
            <div>
                <div class="lab">{words.how_came}</div>
                <ol class="chain">
                    {for why.chain.iter().enumerate().map(|(at, link)| {
                        let class = if link.by_person { "me" } else if at == last { "now" } else { "" };
                        let onclick = act(&props.on_action, TimeAction::Jump(Jump::To(link.at_micros)));
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
