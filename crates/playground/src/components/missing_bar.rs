//! What sets and Pods need and nobody has made: what blocks first, each with what it does and what mends it.

use apimachinery::Lang;
use session::missing::{Missing, Standing};
use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, StageAction};
use crate::view::{Shared, missing_shown};
use crate::words::{Words, count};

/// Properties of [`MissingBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// Its texts.
    pub words: &'static Words,
    /// What is missing, the worst first.
    pub missing: Shared<Vec<Missing>>,
    /// Names of what somebody has taken note of.
    pub dismissed: Vec<String>,
    /// Manifests can be changed.
    pub editable: bool,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// A row for each of the first three.
#[function_component]
pub fn MissingBar(props: &Props) -> Html {
    let (shown, more) = missing_shown(&props.missing, &props.dismissed);
    html! {
        <div class="missing" role="status">
            {for shown.iter().enumerate().map(|(at, one)| row(props, at, one))}
            {(more > 0).then(|| html! { <p class="more" key="more">{count(more, props.words.missing_more_one, props.words.missing_more_many)}</p> })}
        </div>
    }
}

fn row(props: &Props, at: usize, one: &Missing) -> Html {
    let (shape, tone, class) = match one.standing {
        Standing::Blocks => (Icon::Stop, "x", "lacks blocks"),
        Standing::WillBlock => (Icon::Bell, "w", "lacks"),
        Standing::Assumed => (Icon::Eye, "n", "lacks"),
    };
    let kind = one.kind();
    let fixes = one.fixes.iter().filter(|fix| props.editable || !fix.is_edit());
    html! {
        <div {class} key={format!("{kind}/{}/{}", one.namespace, one.name)}>
            <span class={tone}>{icon(shape)}</span>
            <p>
                <b>
                    {kind}{if kind.is_empty() { "" } else { " " }}
                    {(!one.name.is_empty()).then(|| html! { <><code>{&one.name}</code>{" "}</> })}
                    {one.state(props.lang)}
                </b>{" "}{one.consequence(props.lang)}
            </p>
            <span class="acts">
                {for fixes.enumerate().map(|(place, fix)| {
                    let is_primary = at == 0 && place == 0 && one.standing == Standing::Blocks;
                    let class = match one.standing {
                        _ if is_primary => "btn primary",
                        Standing::Assumed => "btn quiet",
                        Standing::Blocks | Standing::WillBlock => "btn",
                    };
                    let label = fix.label(one, props.lang);
                    let onclick = act(&props.on_action, StageAction::Mend(one.clone(), fix.clone()));
                    html! { <button {class} key={label.clone()} {onclick}>{label}</button> }
                })}
                {(one.standing == Standing::Assumed).then(|| html! {
                    <button class="btn quiet sq" key="close" aria-label={props.words.close}
                        onclick={act(&props.on_action, StageAction::Dismiss(one.clone()))}>{icon(Icon::Cross)}</button>
                })}
            </span>
        </div>
    }
}
