//! A mistake of ours, caught at the shell.
//!
//! A panic ends the program, since nothing of it can be trusted afterwards. What a person typed and did is
//! kept in the browser at each step, so a new start is the way back: with everything but the last deed,
//! which led here.

use std::cell::RefCell;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;

use super::{dom, storage};

/// What the panel says of the session.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// `seed 7, 4 inputs, step 512`.
    pub facts: String,
    /// How far the timeline goes.
    pub safe: String,
    /// Where the way back leads.
    pub back: String,
}

thread_local! {
    /// The shell keeps these up to date.
    static CONTEXT: RefCell<Context> = RefCell::default();
    /// How many inputs there were, and all of them as text.
    static INPUTS: RefCell<(usize, String)> = RefCell::default();
    /// The sentences of the panel: title, what is safe, what helps, "back to", "copy", "the report".
    static WORDS: RefCell<[&'static str; 6]> = const { RefCell::new([""; 6]) };
}

/// Where the shell finds, after a reload, that the last start ended badly.
pub const FAILED: &str = "failed";

/// Sets what the panel would say of the session.
pub fn set_context(context: Context) {
    CONTEXT.with(|slot| slot.replace(context));
}

/// Sets the inputs that a report would hold; they are written down only if their number is another one.
pub fn set_inputs(count: usize, inputs: impl FnOnce() -> String) {
    INPUTS.with(|slot| {
        if slot.borrow().0 != count {
            slot.replace((count, inputs()));
        }
    });
}

/// Sets the sentences of the panel: title, what is safe, what helps, "back to", "copy", "the report".
pub fn set_words(words: [&'static str; 6]) {
    WORDS.with(|slot| slot.replace(words));
}

/// From now on a panic shows the panel instead of a dead page.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let context = CONTEXT.with(|context| context.try_borrow().map(|c| c.clone()).unwrap_or_default());
        let inputs = INPUTS.with(|inputs| inputs.try_borrow().map(|i| i.1.clone()).unwrap_or_default());
        let report = format!("{info}\n\n{}\n{inputs}", context.facts);
        web_sys::console::error_1(&report.clone().into());
        storage::keep(FAILED, &true);
        let said = info.payload().downcast_ref::<&str>().map(|text| (*text).to_owned());
        let said = said.or_else(|| info.payload().downcast_ref::<String>().cloned()).unwrap_or_default();
        let _ = show(&context, &said, report);
    }));
}

/// Builds the panel by hand: Yew has stopped.
fn show(context: &Context, said: &str, report: String) -> Option<()> {
    let document = gloo::utils::document();
    let [title, safe, helps, back, copy, whole] = WORDS.with(|words| words.try_borrow().map(|w| *w).ok())?;
    let panel = document.create_element("div").ok()?;
    panel.set_class_name("mid l mistake");
    panel.set_attribute("role", "alertdialog").ok()?;
    panel.set_attribute("aria-label", title).ok()?;
    let add = |parent: &web_sys::Element, tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        parent.append_child(&element).ok()?;
        Some(element)
    };
    add(&panel, "h2", "", title)?;
    add(&panel, "p", "", &format!("{safe} {}{helps}", context.safe))?;
    let acts = add(&panel, "div", "acts", "")?;
    let back = add(&acts, "button", "btn primary big", &format!("{back} {}", context.back))?;
    let copy = add(&acts, "button", "btn big", copy)?;
    add(&panel, "p", "mono", &format!("{}: {said}", context.facts))?;
    let details = add(&panel, "details", "", "")?;
    add(&details, "summary", "", whole)?;
    add(&details, "pre", "mono", &report)?.set_attribute("tabindex", "0").ok()?;
    EventListener::new(&back, "click", |_| {
        let location = gloo::utils::window().location();
        let _ = location.set_hash("");
        let _ = location.reload();
    })
    .forget();
    EventListener::new(&copy, "click", move |_| dom::copy(&report)).forget();
    gloo::utils::body().append_child(&panel).ok()?;
    back.dyn_into::<web_sys::HtmlElement>().ok()?.focus().ok()
}
