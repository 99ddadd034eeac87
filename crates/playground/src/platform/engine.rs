//! The program's other parts: `www/engine.js`, bound.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

use crate::effect::{Part, When};

#[wasm_bindgen(raw_module = "./engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = introduce)]
    fn introduce_program(program: &JsValue);
    #[wasm_bindgen(js_name = fetch)]
    fn fetch_part(part: &str, when: &str, told: JsValue);
}

/// Says who needs the parts; before anything else, since anything else may.
pub fn introduce() {
    introduce_program(&wasm_bindgen::exports());
}

/// Fetches a part and calls back when it is here, or with the reason why it is not, in the page's language. It
/// may be asked for again at any time: a request under way is shared, one that failed is made anew.
pub fn fetch(part: Part, when: When, told: Callback<Result<(), String>>) {
    let part = match part {
        Part::Engine => "engine",
        Part::Commands => "commands",
        Part::Recordings => "recordings",
    };
    let when = match when {
        When::Painted => "painted",
        When::Idle => "idle",
        When::Now => "now",
    };
    let told = move |reason: Option<String>| told.emit(reason.map_or(Ok(()), Err));
    fetch_part(part, when, Closure::once_into_js(told));
}

/// What stands in the place of a function whose part is not here (`www/editor/split.mjs`).
///
/// # Panics
/// Always: the page asks for a part before it uses it, so whoever comes here did not.
#[wasm_bindgen(js_name = calledTooEarly)]
pub fn called_too_early() {
    panic!("a part of the program was used before it had arrived");
}
