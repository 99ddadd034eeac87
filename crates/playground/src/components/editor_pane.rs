//! The editor's frame: tabs, Apply, what is wrong, what has changed. The text itself is CodeMirror's.

use apimachinery::Lang;
use session::{Diagnostic, Severity};
use yew::{Callback, Html, NodeRef, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, EditorAction};
use crate::view::{Notice, Shared};
use crate::words::{Words, count};

/// Entries below the editor.
const SHOWN_MAX: usize = 4;

/// Properties of [`EditorPane`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// Its texts.
    pub words: &'static Words,
    /// Names of the documents, and whether each differs from what was applied.
    pub tabs: Shared<Vec<(String, bool)>>,
    /// The open one.
    pub open: usize,
    /// What is wrong; not known before the engine has come.
    pub problems: Option<Shared<Vec<Diagnostic>>>,
    /// Lines changed since the last apply.
    pub changed: usize,
    /// Lines in which the cluster has something else.
    pub drift: usize,
    /// How many things are missing that block or will, and whether the first one blocks.
    pub missing: (usize, bool),
    /// The browser keeps nothing.
    pub unkept: bool,
    /// How the engine stands.
    pub notice: Notice,
    /// The text can be applied.
    pub editable: bool,
    /// Where the editor goes.
    pub place: NodeRef,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The pane.
#[function_component]
pub fn EditorPane(props: &Props) -> Html {
    let words = props.words;
    let found: Option<&[Diagnostic]> = props.problems.as_ref().map(|found| found.as_slice());
    html! {
        // Keys keep the editor's element where it is while its siblings come and go.
        <div class="pane edit">
            <div class="pane-h" key="head">
                {for props.tabs.iter().enumerate().map(|(at, (name, unapplied))| {
                    let on = at == props.open;
                    html! {
                        <button key={name.clone()} class={if on { "tab on" } else { "tab" }} aria-pressed={on.to_string()}
                            onclick={act(&props.on_action, EditorAction::Open(at))}>
                            {name}{unapplied.then(|| html! { <span class="dot" title={words.unapplied}></span> })}
                        </button>
                    }
                })}
                <span class="sp"></span>
                {props.editable.then(|| html! {
                    <button class="btn primary" onclick={act(&props.on_action, EditorAction::Apply)}>{words.apply}{" "}<kbd class="wide">{"Ctrl ↵"}</kbd></button>
                })}
            </div>
            <div class="code live" key="code" ref={props.place.clone()}></div>
            {found.filter(|found| !found.is_empty()).map(|found| problems(props, found))}
            <div class="status" role="status" key="status">
                {match found {
                    None => html! {},
                    Some([]) if props.missing.0 > 0 => html! {
                        <>
                        <span class={if props.missing.1 { "res x" } else { "res" }}>{icon(Icon::Cross)}{count(props.missing.0, words.missing_one, words.missing_many)}</span>
                        {props.missing.1.then(|| html! { <span>{words.first_blocks}</span> })}
                        </>
                    },
                    Some([]) => html! { <span class="ok">{icon(Icon::Check)}{words.no_problems}</span> },
                    Some(found) => html! {
                        <span class="res x">{icon(Icon::Cross)}{count(found.len(), words.problem_one, words.problem_many)}</span>
                    },
                }}
                {props.notice.text(words).map(|text| html! { <span>{text}</span> })}
                {props.unkept.then(|| html! { <span>{words.kept_in_tab}</span> })}
                {(props.drift > 0).then(|| html! { <span class="dr">{icon(Icon::Compare)}{count(props.drift, words.drift_one, words.drift_many)}</span> })}
                {(props.changed > 0).then(|| html! { <span>{count(props.changed, words.changed_one, words.changed_many)}</span> })}
            </div>
        </div>
    }
}

fn problems(props: &Props, found: &[Diagnostic]) -> Html {
    let words = props.words;
    html! {
        <div class="diags" key="diags">
            {for found.iter().take(SHOWN_MAX).enumerate().map(|(at, problem)| {
                let onclick = act(&props.on_action, EditorAction::Reveal(problem.from, problem.to));
                let class = if problem.severity == Severity::Warning { "diag warn" } else { "diag" };
                html! {
                    <div {class} key={at}>
                        <span class="x">{icon(if problem.severity == Severity::Warning { Icon::Bell } else { Icon::Stop })}</span>
                        <div>
                            <p>
                                <button class="lnk at" {onclick}>{format!("{} {}{}", words.line, problem.line, words.line_end)}</button>
                                {problem.hint.as_ref().map(|hint| html! { <b>{hint.sentence(props.lang)}{" "}</b> })}
                                {for problem.fixes.iter().enumerate().map(|(place, fix)| {
                                    let onclick = act(&props.on_action, EditorAction::Fix(at, place));
                                    html! { <button class="lnk" key={place} {onclick}>{fix.label.text(props.lang)}</button> }
                                })}
                            </p>
                            {problem.told_line.map(|told| html! { <p class="told-line">{words.counted_line(told)}</p> })}
                            <p class="api"><code>{&problem.message}</code></p>
                        </div>
                    </div>
                }
            })}
        </div>
    }
}
