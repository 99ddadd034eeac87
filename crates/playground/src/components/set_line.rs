//! The line above the stage: the set, how many are Ready, its revisions.

use scene::{RevisionRole, SetScene};
use yew::{Html, Properties, function_component, html};

use crate::components::stage::pattern_url;
use crate::words::{Words, count};

/// Properties of [`SetLine`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// The set; none before anything was applied.
    pub set: Option<SetScene>,
}

/// The set line.
#[function_component]
pub fn SetLine(props: &Props) -> Html {
    let words = props.words;
    let Some(set) = &props.set else {
        return html! { <div class="set"><span class="k">{words.nothing_running}</span></div> };
    };
    let revisions = set.revisions.iter().filter(|r| r.pods > 0 || r.role != RevisionRole::Old);
    html! {
        <div class="set">
            <h1>{&*set.key.name}</h1>
            <span class="v">{format!("{} {} {}", set.ready, words.of, set.replicas)}{" "}<span class="k">{words.ready}</span></span>
            {for revisions.map(|r| {
                let role = match r.role {
                    RevisionRole::Only => words.only,
                    RevisionRole::Current => words.current,
                    RevisionRole::Update => words.update,
                    RevisionRole::Old => words.old,
                };
                html! {
                    <span class="rev" key={r.name.clone()} title={r.name.clone()}>
                        <svg class="sw" viewBox="0 0 22 12" aria-hidden="true">
                            <rect width="22" height="12" rx="2" fill={pattern_url(r.pattern)} />
                        </svg>
                        {&r.short}
                        <span class="k">{format!("{role}, {}", count(r.pods, "Pod", "Pods"))}</span>
                    </span>
                }
            })}
            <span class="sp"></span>
            <span class="v policy">{&set.policy}</span>
        </div>
    }
}
