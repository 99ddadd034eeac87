//! What can be pressed on the stage: a button of its own over each drawing.
//!
//! The button's name says the state in whole words. The drawing below says it in shorter ones, which are
//! hidden from screen readers.

use api::Key;
use yew::{Callback, Html, KeyboardEvent, MouseEvent, html};

use crate::platform::dom;
use crate::regions::{Action, StageAction};

/// A button that selects an object; its place is x, y, width, height.
pub fn press(
    key: &Key,
    name: &str,
    place: (f64, f64, f64, f64),
    selected: bool,
    on_action: &Callback<Action>,
) -> Html {
    press_at(key, kind(key), name, place, Some(selected), on_action)
}

/// The same for a drawing that only leads to an object: arrows go on to others of its kind.
pub fn press_at(
    key: &Key,
    kind: &'static str,
    name: &str,
    place: (f64, f64, f64, f64),
    selected: Option<bool>,
    on_action: &Callback<Action>,
) -> Html {
    let (x, y, w, h) = place;
    html! {
        <rect class="press" data-kind={kind} x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} rx="8"
            role="button" tabindex="0" aria-label={name.to_owned()} aria-pressed={selected.map(|on| on.to_string())}
            onclick={select(on_action, key.clone())} onkeydown={by_key(on_action, key.clone(), kind)} />
    }
}

fn kind(key: &Key) -> &'static str {
    key.kind.info().singular
}

/// Selects on a click.
pub fn select(on_action: &Callback<Action>, key: Key) -> Callback<MouseEvent> {
    let on_action = on_action.clone();
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        on_action.emit(StageAction::Select(Some(key.clone())).into());
    })
}

/// Along a row or a column first.
const BEND: f64 = 3.0;

/// Selects on Enter and Space, as a button does; arrows lead to what lies beside.
pub fn by_key(on_action: &Callback<Action>, key: Key, kind: &'static str) -> Callback<KeyboardEvent> {
    let on_action = on_action.clone();
    Callback::from(move |event: KeyboardEvent| {
        let used = match event.key().as_str() {
            "Enter" | " " => {
                on_action.emit(StageAction::Select(Some(key.clone())).into());
                true
            }
            "ArrowLeft" => aside(&event, kind, -1.0),
            "ArrowRight" => aside(&event, kind, 1.0),
            "ArrowUp" => dom::focus_beside(&event, ".press", (0.0, -1.0), BEND),
            "ArrowDown" => dom::focus_beside(&event, ".press", (0.0, 1.0), BEND),
            _ => false,
        };
        if used {
            event.prevent_default();
            event.stop_propagation();
        }
    })
}

/// From ordinal to ordinal, on whatever nodes they are; to something else only from the last one.
fn aside(event: &KeyboardEvent, kind: &str, dx: f64) -> bool {
    let same = format!(".press[data-kind=\"{kind}\"]");
    dom::focus_beside(event, &same, (dx, 0.0), 0.0) || dom::focus_beside(event, ".press", (dx, 0.0), BEND)
}
