//! The tabs of a narrow page.

use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, PageAction, Region};
use crate::words::Words;

/// Properties of [`Tabs`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is shown.
    pub region: Region,
    /// What a person does.
    pub on_action: Callback<Action>,
}

impl Region {
    /// The value of `data-region`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Yaml => "yaml",
            Self::Terminal => "terminal",
            Self::Why => "why",
        }
    }
}

/// The tabs.
#[function_component]
pub fn Tabs(props: &Props) -> Html {
    let words = props.words;
    let all = [
        (Region::Stage, Icon::Stage, words.stage),
        (Region::Yaml, Icon::File, "YAML"),
        (Region::Terminal, Icon::Terminal, words.terminal),
        (Region::Why, Icon::Why, words.why),
    ];
    html! {
        <nav class="mtabs" aria-label={words.regions}>
            {for all.into_iter().map(|(region, shape, word)| {
                let on = region == props.region;
                let onclick = act(&props.on_action, PageAction::Region(region));
                html! {
                    <button key={region.name()} data-region={region.name()} class={on.then_some("on")} aria-pressed={on.to_string()} {onclick}>
                        {icon(shape)}{word}
                    </button>
                }
            })}
        </nav>
    }
}
