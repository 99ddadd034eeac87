//! The browser's own beat.

use gloo::render::request_animation_frame;
use yew::Callback;

use super::Guard;

/// The next frame; dropping it takes it back. The callback gets the milliseconds since the page began.
pub fn next(callback: Callback<f64>) -> Guard {
    Box::new(request_animation_frame(move |millis| callback.emit(millis)))
}
