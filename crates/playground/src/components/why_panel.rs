//! "Why?", answered: the sentence, the rule, what was read, how it came to this.

use session::Why;
use yew::{Callback, Html, Properties, function_component, html};

use super::icons::{Icon, icon};
use super::why_answer::answer;
use crate::action::{Action, Region};
use crate::view::{FaultChoice, Frame};

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
        <aside class="side" tabindex="-1" aria-label={words.why}>
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
