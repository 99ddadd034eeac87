//! What stands beside the sets: Pods and claims made by hand, volumes that nobody holds.

use api::Key;
use scene::Scene;
use yew::{Callback, Html, Properties, function_component, html};

use super::stage::press::select;
use crate::regions::Action;
use crate::view::Shared;
use crate::words::Words;

/// Properties of [`OtherPods`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// What is on stage.
    pub scene: Shared<Scene>,
    /// The selected object.
    pub selected: Option<Key>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// Three short lists; nothing if all are empty.
#[function_component]
pub fn OtherPods(props: &Props) -> Html {
    let (words, scene) = (props.words, &props.scene);
    let pressed = |key: &Key| (props.selected.as_ref() == Some(key)).to_string();
    html! {
        <>
            {(!scene.other_pods.is_empty()).then(|| html! {
                <section class="beside" aria-label={words.other_pods}>
                    <h2>{words.other_pods}</h2>
                    {for scene.other_pods.iter().map(|pod| html! {
                        <button class="btn chip" key={pod.uid.clone()}
                            aria-pressed={pressed(&pod.key)} onclick={select(&props.on_action, pod.key.clone())}>
                            <span class="vh">{"Pod "}</span><b>{&*pod.key.name}</b>{" "}{&pod.word}{" "}<span class="mono">{pod.node.clone().unwrap_or_default()}</span>
                        </button>
                    })}
                </section>
            })}
            {(!scene.loose_claims.is_empty()).then(|| html! {
                <section class="beside" aria-label={words.loose_claims}>
                    <h2>{words.loose_claims}</h2>
                    {for scene.loose_claims.iter().map(|claim| html! {
                        <button class="btn chip" key={claim.key.to_string()} aria-pressed={pressed(&claim.key)} onclick={select(&props.on_action, claim.key.clone())}>
                            <b>{&*claim.key.name}</b>{" "}{claim.state.word()}{" "}{&claim.size}
                        </button>
                    })}
                </section>
            })}
            {(!scene.loose_volumes.is_empty()).then(|| html! {
                <section class="beside" aria-label={words.loose_volumes}>
                    <h2>{words.loose_volumes}</h2>
                    {for scene.loose_volumes.iter().map(|disk| html! {
                        <button class="btn chip" key={disk.key.name.to_string()} aria-pressed={pressed(&disk.key)} onclick={select(&props.on_action, disk.key.clone())}>
                            <span class="mono">{disk.key.name.chars().take(12).collect::<String>()}</span>{" "}{&disk.phase}{" "}{&disk.reclaim}
                        </button>
                    })}
                </section>
            })}
        </>
    }
}
