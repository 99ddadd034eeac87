//! A mistake of ours, caught at the shell.
//!
//! A panic ends the program, since nothing of it can be trusted afterwards. What a person typed and did is
//! kept in the browser at each step, so a new start is the way back: with everything but the last deed,
//! which led here.

use std::cell::RefCell;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;

use super::{dom, storage};

thread_local! {
    /// What a report begins with: seed and inputs. The shell keeps it up to date.
    static CONTEXT: RefCell<String> = const { RefCell::new(String::new()) };
    /// The sentences of the panel: title, hint, back, copy.
    static WORDS: RefCell<[String; 4]> = const { RefCell::new([const { String::new() }; 4]) };
}

/// Where the shell finds, after a reload, that the last start ended badly.
pub const FAILED: &str = "failed";

/// Sets what a report would say of the session.
pub fn set_context(text: String) {
    CONTEXT.with(|context| *context.borrow_mut() = text);
}

/// Sets the sentences of the panel: title, hint, "back", "copy".
pub fn set_words(words: [&str; 4]) {
    WORDS.with(|slot| *slot.borrow_mut() = words.map(str::to_owned));
}

/// From now on a panic shows the panel instead of a dead page.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let context = CONTEXT.with(|context| context.try_borrow().map(|c| c.clone()).unwrap_or_default());
        let report = format!("{info}\n\n{context}");
        web_sys::console::error_1(&report.clone().into());
        storage::keep(FAILED, &true);
        let _ = show(&report);
    }));
}

/// Builds the panel by hand: Yew has stopped.
fn show(report: &str) -> Option<()> {
    let document = gloo::utils::document();
    let words = WORDS.with(|words| words.try_borrow().map(|w| w.clone()).unwrap_or_default());
    let [title, hint, back, copy] = words;
    let panel = document.create_element("div").ok()?;
    panel.set_class_name("mid l mistake");
    panel.set_attribute("role", "alertdialog").ok()?;
    panel.set_attribute("aria-label", &title).ok()?;
    let add = |tag: &str, class: &str, text: &str| -> Option<web_sys::Element> {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        panel.append_child(&element).ok()?;
        Some(element)
    };
    add("h3", "", &title)?;
    add("p", "", &hint)?;
    let pre = add("pre", "mono", report)?;
    pre.set_attribute("tabindex", "0").ok()?;
    let back = add("button", "btn primary", &back)?;
    let copy = add("button", "btn", &copy)?;
    EventListener::new(&back, "click", |_| {
        let location = gloo::utils::window().location();
        let _ = location.set_hash("");
        let _ = location.reload();
    })
    .forget();
    let text = report.to_owned();
    EventListener::new(&copy, "click", move |_| dom::copy(&text)).forget();
    gloo::utils::body().append_child(&panel).ok()?;
    back.dyn_into::<web_sys::HtmlElement>().ok()?.focus().ok()
}
