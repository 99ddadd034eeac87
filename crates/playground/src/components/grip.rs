//! The edge of a pane: dragged, or moved by the arrow keys.

use yew::{Callback, Html, KeyboardEvent, PointerEvent, Properties, function_component, html};

use crate::effect::Pane;
use crate::platform::dom;
use crate::regions::{Action, PanesAction};

/// How far an arrow key moves it, in CSS pixels.
const STEP: f64 = 16.0;

/// Properties of [`Grip`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// Whose edge.
    pub pane: Pane,
    /// Its name.
    pub name: &'static str,
    /// The size that a person chose, in CSS pixels.
    pub size: Option<f64>,
    /// What a person does.
    pub on_action: Callback<Action>,
}

/// The edge.
#[function_component]
pub fn Grip(props: &Props) -> Html {
    let pane = props.pane;
    let (class, orientation) = match pane {
        Pane::Left => ("grip across", "vertical"),
        Pane::Lower => ("grip", "horizontal"),
    };
    let size = move |px: f64| Action::from(PanesAction::Size(pane, px));
    let onpointerdown = Callback::from(|event: PointerEvent| {
        event.prevent_default();
        dom::hold(&event);
    });
    let onpointermove = {
        let on_action = props.on_action.clone();
        Callback::from(move |event: PointerEvent| {
            if dom::is_held(&event) {
                on_action.emit(size(match pane {
                    Pane::Left => dom::from_left(&event, ".left"),
                    Pane::Lower => dom::to_bottom(&event, ".left"),
                }));
            }
        })
    };
    let onkeydown = {
        let on_action = props.on_action.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match (pane, event.key().as_str()) {
                (Pane::Left, "ArrowRight") | (Pane::Lower, "ArrowUp") => STEP,
                (Pane::Left, "ArrowLeft") | (Pane::Lower, "ArrowDown") => -STEP,
                (Pane::Left | Pane::Lower, _) => return,
            };
            event.prevent_default();
            event.stop_propagation();
            let now = match pane {
                Pane::Left => dom::width_of(".left"),
                Pane::Lower => dom::height_of(".pane.lower"),
            };
            on_action.emit(size(now + step));
            on_action.emit(PanesAction::Let.into());
        })
    };
    let onpointerup = props.on_action.reform(|_: PointerEvent| PanesAction::Let.into());
    let (least, most) = pane.limits();
    // Nobody has dragged it: what the styles give is somewhere in between.
    let now = props.size.unwrap_or(f64::midpoint(least, most));
    html! {
        <div {class} role="separator" tabindex="0" aria-orientation={orientation} aria-label={props.name}
            aria-valuemin={least.to_string()} aria-valuemax={most.to_string()} aria-valuenow={now.to_string()} {onpointerdown} {onpointermove} {onpointerup} {onkeydown}></div>
    }
}
