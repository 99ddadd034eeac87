//! The keyboard of the whole page.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::Callback;

use super::Guard;
use crate::keyboard::Press;

fn is_text(element: &web_sys::Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.closest(".cm-editor").ok().flatten().is_some()
}

fn is_button(element: &web_sys::Element) -> bool {
    matches!(element.tag_name().as_str(), "BUTTON" | "A")
        || element.get_attribute("role").is_some_and(|role| role == "button")
}

/// Listens. The callback says whether it has used the key, which then does nothing else.
pub fn listen(callback: Callback<Press, bool>) -> Guard {
    let options = EventListenerOptions::enable_prevent_default();
    Box::new(EventListener::new_with_options(&gloo::utils::document(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let press = Press {
            key: event.key(),
            command: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            in_text: target.as_ref().is_some_and(is_text),
            in_terminal: target.as_ref().is_some_and(|element| element.id() == "terminal-input"),
            on_button: target.as_ref().is_some_and(is_button),
        };
        // An open dialog has the keyboard for itself, its own Escape included.
        let in_dialog = gloo::utils::document().query_selector("dialog[open]").ok().flatten().is_some();
        if !event.alt_key() && !in_dialog && callback.emit(press) {
            event.prevent_default();
        }
    }))
}
