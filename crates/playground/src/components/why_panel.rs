//! "Why?", answered: the sentence, the rule, what was read, how it came to this.

use api::Key;
use apimachinery::Lang;
use session::Why;
use session::offers::{FaultKind, Offer, OfferKind, Way};
use yew::{Callback, Html, Properties, function_component, html};

use super::act;
use super::icons::{Icon, icon};
use super::why_answer::answer;
use crate::fault_words;
use crate::regions::{Action, PageAction, Region, StageAction, WhyAction};
use crate::view::Shared;
use crate::words::Words;

/// Properties of [`WhyPanel`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts.
    pub words: &'static Words,
    /// Their language.
    pub lang: Lang,
    /// The selected object.
    pub selected: Option<Key>,
    /// The answer, if there is one.
    pub why: Option<Shared<Why>>,
    /// What a person can do with the selected object.
    pub offers: Shared<Vec<Offer>>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The panel.
#[function_component]
pub fn WhyPanel(props: &Props) -> Html {
    let (words, on_action) = (props.words, &props.on_action);
    html! {
        <aside class="side" tabindex="-1" aria-label={words.why}>
            <div class="pane-h">
                {icon(Icon::Why)}<h2>{words.why}</h2><span class="sp"></span>
                {props.selected.as_ref().map(|key| html! {
                    <button class="btn quiet" onclick={act(on_action, StageAction::Select(None))}>
                        <span class="mono">{key.to_string()}</span>{icon(Icon::Cross)}<span class="vh">{words.clear_selection}</span>
                    </button>
                })}
                <button class="btn quiet sq shut" aria-label={words.close} onclick={act(on_action, PageAction::Region(Region::Stage))}>{icon(Icon::Cross)}</button>
            </div>
            <div class="why">
                {match &props.why {
                    Some(why) => answer(props, why),
                    None => html! {
                        <div><h3>{words.nothing_to_explain}</h3><p class="ans">{words.nothing_to_explain_hint}</p></div>
                    },
                }}
                {(!props.offers.is_empty()).then(|| html! {
                    <div class="acts">{for props.offers.iter().map(|offer| button(props, offer))}</div>
                })}
            </div>
        </aside>
    }
}

#[inline(never)] // a gate
fn button(props: &Props, offer: &Offer) -> Html {
    let Some(label) = word(props, offer.what) else { return html! {} };
    let title = match &offer.way {
        Way::Command(line) => line.clone(),
        Way::Fault(..) => label.to_owned(),
    };
    let onclick = act(&props.on_action, WhyAction::Take(offer.way.clone()));
    html! { <button class="btn" key={label} {title} {onclick}>{label}</button> }
}

/// What a button says; nothing for what only the menu of faults has.
fn word(props: &Props, what: OfferKind) -> Option<&'static str> {
    let words = props.words;
    Some(match what {
        OfferKind::Describe => words.describe,
        OfferKind::LookUp => words.look_up,
        OfferKind::ScaleUp => words.scale_up,
        OfferKind::ScaleDown => words.scale_down,
        OfferKind::Restart => words.restart_rollout,
        OfferKind::ImageNeverReady => words.image_never_ready,
        OfferKind::ImageCrashes => words.image_crashes,
        OfferKind::ImageSlow => words.image_slow,
        OfferKind::ImageAsUsual => words.image_as_usual,
        OfferKind::Cause(FaultKind::Delete) => words.delete,
        OfferKind::Cause(
            what @ (FaultKind::Crash | FaultKind::LoseReadiness | FaultKind::PowerOff | FaultKind::Cordon),
        ) => fault_words::of(what).name(props.lang),
        OfferKind::Cause(_) => return None,
        OfferKind::Undo(what) => fault_words::of(what).undo(props.lang),
    })
}
