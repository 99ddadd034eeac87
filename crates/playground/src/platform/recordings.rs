//! The recordings of a real Kubernetes, which lie beside the page.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

/// One recording a line.
const ADDRESS: &str = "parity/recordings.jsonl";

/// Fetches them all, as one text; nothing if that cannot be done.
pub fn fetch(arrived: Callback<Option<String>>) {
    spawn_local(async move { arrived.emit(text().await.ok().flatten()) });
}

async fn text() -> Result<Option<String>, JsValue> {
    let response = JsFuture::from(gloo::utils::window().fetch_with_str(ADDRESS)).await?;
    let response: web_sys::Response = response.dyn_into()?;
    if !response.ok() {
        return Ok(None);
    }
    Ok(JsFuture::from(response.text()?).await?.as_string())
}
