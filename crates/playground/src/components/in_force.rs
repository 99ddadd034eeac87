//! What is in force: its number beside the set, and a list with an undo for each.

use session::faults::InForce;
use session::offers::OfferKind;
use yew::{Callback, Html, html};

use super::act;
use super::icons::{Icon, icon};
use crate::fault_words::{self, pick};
use crate::regions::{Action, FaultsAction};
use crate::view::Frame;
use crate::words::clock;

/// The button with the number, and the list if it is open; nothing while nothing is in force.
pub fn in_force(frame: &Frame, all: &[InForce], lists: bool, on_action: &Callback<Action>) -> Html {
    if all.is_empty() {
        return html! {};
    }
    html! {
        <span class="inforce">
            <button class="btn" aria-expanded={lists.to_string()} onclick={act(on_action, FaultsAction::List)}>
                {icon(Icon::Fault)}{format!("{} {}", all.len(), frame.words.in_force)}</button>
            {lists.then(|| html! {
                <div class="inpop" role="group" aria-label={frame.words.in_force}>
                    <h3>{pick(frame.lang, fault_words::IN_FORCE)}</h3>{entries(frame, all, on_action)}
                </div>
            })}
        </span>
    }
}

/// A line for each, with its undo.
pub fn entries(frame: &Frame, all: &[InForce], on_action: &Callback<Action>) -> Html {
    let lang = frame.lang;
    let line = |one: &InForce| {
        let (is, undo) = match one.what {
            OfferKind::Undo(what) => (fault_words::of(what).is(lang), fault_words::of(what).undo(lang)),
            _ => (pick(lang, fault_words::IS_ODD), frame.words.image_as_usual),
        };
        let text = format!("{} {is}", one.subject).trim_start().to_owned();
        let since = one.since.map(|at| clock(at.micros_since(frame.origin)));
        html! {
            <li key={text.clone()}>
                <span class="fdot"></span><b>{text}</b>
                {since.map(|at| html! { <span class="k">{format!("{} {at}", pick(lang, fault_words::SINCE))}</span> })}
                <span class="sp"></span>
                <button class="btn" onclick={act(on_action, FaultsAction::Take(one.undo.clone()))}>{icon(Icon::Undo)}{undo}</button>
            </li>
        }
    };
    html! { <ul class="fforce">{for all.iter().map(line)}</ul> }
}
