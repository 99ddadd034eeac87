//! Workspaces as tabs of the top bar, and the button that opens more.

use yew::{Callback, Html, KeyboardEvent, Properties, TargetCast, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use crate::platform::dom;
use crate::regions::spaces::Over;
use crate::regions::{Action, SpacesAction};
use crate::space_words::SpaceWords;
use crate::view::{Shared, TabView};

/// Properties of [`SpaceTabs`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static SpaceWords,
    /// The tabs.
    pub tabs: Shared<Vec<TabView>>,
    /// What is open of them.
    pub over: Over,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The tabs.
#[function_component]
pub fn SpaceTabs(props: &Props) -> Html {
    let words = props.words;
    let is_open = props.over == Over::Gallery;
    html! {
        <nav class="wtabs" aria-label={words.spaces}>
            {for props.tabs.iter().map(|tab| if tab.on && props.over == Over::Name { name_field(props, tab) } else { one(props, tab) })}
            <button class={if is_open { "btn quiet sq plus on" } else { "btn quiet sq plus" }} aria-label={words.open_gallery}
                title={words.open_gallery} aria-expanded={is_open.to_string()}
                onclick={act(&props.on_action, SpacesAction::Gallery(!is_open))}>{icon(Icon::Plus)}</button>
        </nav>
    }
}

fn one(props: &Props, tab: &TabView) -> Html {
    let words = props.words;
    // A second press on the one that is on stage is for its name.
    let press = if tab.on { SpacesAction::Renaming(true) } else { SpacesAction::Show(tab.id.clone()) };
    let close = SpacesAction::Close(tab.id.clone());
    html! {
        <span key={tab.id.clone()} class={if tab.on { "wtab on" } else { "wtab" }}>
            <button class="wname" aria-current={tab.on.then_some("page")} title={tab.on.then_some(words.rename)}
                onclick={act(&props.on_action, press)}>
                <span>{&tab.label}</span>{tab.mine.then(|| html! { <i class="dot" role="img" aria-label={words.mine}></i> })}
            </button>
            {tab.on.then(|| html! { <button class="wclose" aria-label={format!("{} {}", words.close_tab, tab.label)}
                onclick={act(&props.on_action, close)}>{icon(Icon::Cross)}</button> })}
        </span>
    }
}

fn name_field(props: &Props, tab: &TabView) -> Html {
    let on_action = props.on_action.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let name = dom::value_of(event.target_dyn_into());
        match event.key().as_str() {
            "Enter" => on_action.emit(SpacesAction::Rename(name).into()),
            "Escape" => on_action.emit(SpacesAction::Renaming(false).into()),
            _ => return,
        }
        event.prevent_default();
    });
    let on_action = props.on_action.clone();
    let onblur = Callback::from(move |event: yew::FocusEvent| {
        on_action.emit(SpacesAction::Rename(dom::value_of(event.target_dyn_into())).into());
    });
    html! {
        <span key={tab.id.clone()} class="wtab on">
            <input id="space-name" class="wfield" aria-label={props.words.name} maxlength="40" value={tab.label.clone()}
                onfocus={Callback::from(|event: yew::FocusEvent| dom::select_all(&event))} {onkeydown} {onblur} />
        </span>
    }
}
