//! Files that come and go: chosen, dropped on the page, saved; and the clipboard.

use gloo::events::{EventListener, EventListenerOptions};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DragEvent, FileList, HtmlAnchorElement, HtmlInputElement, Url};
use yew::Callback;

use super::Guard;

/// Files that are read at once, at most.
const FILES_MAX: u32 = 100;
/// A longer file, in bytes, is not read.
const BYTES_MAX: f64 = (16 << 20) as f64;

/// Files by name and text.
pub type Files = Vec<(String, String)>;

/// Reads files as text; those that are too long or cannot be read are left out.
fn read(list: FileList, callback: Callback<Files>) {
    spawn_local(async move {
        let mut files = Files::new();
        for file in (0..list.length().min(FILES_MAX)).filter_map(|at| list.item(at)) {
            if file.size() <= BYTES_MAX
                && let Ok(text) = JsFuture::from(file.text()).await
            {
                files.push((file.name(), text.as_string().unwrap_or_default()));
            }
        }
        callback.emit(files);
    });
}

/// Lets the person choose files.
pub fn pick(callback: Callback<Files>) -> Option<Guard> {
    let input = gloo::utils::document().create_element("input").ok()?.dyn_into::<HtmlInputElement>().ok()?;
    input.set_type("file");
    input.set_multiple(true);
    input.set_accept(".yaml,.yml,.json,.txt");
    let chosen = input.clone();
    let listener = EventListener::new(&input, "change", move |_| {
        if let Some(list) = chosen.files() {
            read(list, callback.clone());
        }
    });
    input.click();
    Some(Box::new(listener))
}

/// Calls back with files that are dropped anywhere on the page.
pub fn on_drop(callback: Callback<Files>) -> Vec<Guard> {
    let transfer = |event: &web_sys::Event| event.dyn_ref::<DragEvent>()?.data_transfer();
    let holds_files = move |event: &web_sys::Event| {
        transfer(event).is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
    };
    let options = EventListenerOptions { phase: gloo::events::EventListenerPhase::Capture, passive: false };
    let window = gloo::utils::window();
    // Without this the browser leaves the page for the file.
    let over = EventListener::new_with_options(&window, "dragover", options, move |event| {
        if holds_files(event) {
            event.prevent_default();
        }
    });
    let dropped = EventListener::new_with_options(&window, "drop", options, move |event| {
        let Some(list) = transfer(event).filter(|_| holds_files(event)).and_then(|data| data.files()) else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        read(list, callback.clone());
    });
    vec![Box::new(over), Box::new(dropped)]
}

/// Saves a text as a file, where the browser keeps its downloads.
pub fn save(name: &str, text: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link = gloo::utils::document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address).ok()
}

/// What is on the clipboard, if the browser tells.
pub fn clipboard(callback: Callback<Option<String>>) {
    let clipboard = gloo::utils::window().navigator().clipboard();
    // Without a secure context there is no clipboard at all.
    if clipboard.is_undefined() {
        callback.emit(None);
        return;
    }
    let text = clipboard.read_text();
    spawn_local(async move {
        callback.emit(JsFuture::from(text).await.ok().and_then(|text| text.as_string()));
    });
}
