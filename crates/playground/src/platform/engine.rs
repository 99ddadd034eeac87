//! The program's larger part: `www/engine.js`, bound.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

#[wasm_bindgen(raw_module = "./engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn bring(program: &JsValue, arrived: JsValue);
}

/// Fetches the engine once the page has been painted, and calls back when it is there. Who calls one of its
/// functions earlier makes the page halt until it has come.
pub fn fetch(arrived: Callback<()>) {
    bring(&wasm_bindgen::exports(), Closure::once_into_js(move || arrived.emit(())));
}
