//! What the sets need and nobody has made, each with the button that makes it.

use scene::{Missing, Scene};
use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::regions::{Action, StageAction};
use crate::view::Shared;
use crate::words::Words;

/// Properties of [`MissingBar`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on stage, and what is missing there.
    pub scene: Shared<Scene>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// A bar for each.
#[function_component]
pub fn MissingBar(props: &Props) -> Html {
    let words = props.words;
    html! {
        <>
            {for props.scene.missing.iter().map(|missing| {
                let (kind, name, text, button) = match missing {
                    Missing::StorageClass(name) => (words.storage_class, name, words.class_missing, words.create_class),
                    Missing::Service(name) => (words.service, name, words.service_missing, words.create_service),
                };
                let onclick = act(&props.on_action, StageAction::Create(missing.clone()));
                html! {
                    <div class="bar missing" role="status" key={name.clone()}>
                        {icon(Icon::Bell)}
                        <span>{kind}{" "}<code>{name}</code>{" "}{text}</span>
                        <span class="sp"></span>
                        <button class="btn" {onclick}>{button}</button>
                    </div>
                }
            })}
        </>
    }
}
