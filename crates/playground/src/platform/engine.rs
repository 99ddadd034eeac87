//! The program's larger part: `www/engine.js`, bound.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

#[wasm_bindgen(raw_module = "./engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = introduce)]
    fn introduce_program(program: &JsValue);
    #[wasm_bindgen(js_name = fetch)]
    fn fetch_engine(arrived: JsValue);
}

/// Says who needs an engine; before anything else, since anything else may.
pub fn introduce() {
    introduce_program(&wasm_bindgen::exports());
}

/// Fetches the engine once the page has been painted, and calls back: whether it is there.
pub fn fetch(arrived: Callback<bool>) {
    fetch_engine(Closure::once_into_js(move |is_here: bool| arrived.emit(is_here)));
}
