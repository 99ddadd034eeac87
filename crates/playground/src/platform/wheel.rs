//! The wheel, and two fingers on a pad.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::{Callback, NodeRef};

use super::Guard;

/// How the wheel was turned over an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Where along the element's width, as a share of it.
    pub share: f64,
    /// Towards the person, in pixels.
    pub by: f64,
    /// Sideways, in pixels.
    pub sideways: f64,
    /// With Ctrl or Cmd, or by two fingers on a pad, which browsers tell in the same way.
    pub zooms: bool,
}

/// Calls back when the wheel turns over an element; who has used it says so, and the page does not.
pub fn on_wheel(node: &NodeRef, callback: Callback<Turn, bool>) -> Option<Guard> {
    let element = node.cast::<web_sys::Element>()?;
    let options = EventListenerOptions::enable_prevent_default();
    let over = element.clone();
    let listener = EventListener::new_with_options(&element, "wheel", options, move |event| {
        let Some(wheel) = event.dyn_ref::<web_sys::WheelEvent>() else { return };
        let place = over.get_bounding_client_rect();
        let share = (f64::from(wheel.client_x()) - place.left()) / place.width().max(1.0);
        let zooms = wheel.ctrl_key() || wheel.meta_key();
        if callback.emit(Turn { share, by: wheel.delta_y(), sideways: wheel.delta_x(), zooms }) {
            event.prevent_default();
        }
    });
    Some(Box::new(listener))
}
