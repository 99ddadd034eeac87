//! A mistake of ours, caught at the shell.
//!
//! A panic ends the program, since nothing of it can be trusted afterwards. What a person typed and did is
//! kept in the browser at each step, so a new start is the way back: with everything but the last deed,
//! which led here.

use std::cell::{Cell, RefCell};

use apimachinery::Lang;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;

use super::{dom, storage};
use crate::effect::{Report, Stored};
use crate::words::{Words, clock};

thread_local! {
    /// What a report says of the session, and its inputs; the shell keeps both up to date.
    static REPORT: RefCell<(Report, String)> = RefCell::default();
    /// The language of the panel.
    static LANGUAGE: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// Sets what a report would say of the session.
pub fn set_report(report: Report) {
    REPORT.with(|slot| slot.borrow_mut().0 = report);
}

/// Sets the inputs that a report would hold.
pub fn set_inputs(inputs: String) {
    REPORT.with(|slot| slot.borrow_mut().1 = inputs);
}

/// Sets the language of the panel.
pub fn set_language(lang: Lang) {
    LANGUAGE.with(|slot| slot.set(lang));
}

/// From now on a panic shows the panel instead of a dead page.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let (report, inputs) = REPORT.with(|slot| slot.try_borrow().map(|r| r.clone()).unwrap_or_default());
        let facts = format!("seed {}, {} inputs, step {}", report.seed, report.inputs, report.steps);
        let text = format!("{info}\n\n{facts}\n{inputs}");
        web_sys::console::error_1(&text.clone().into());
        // The next start leaves out what led here.
        storage::keep(Stored::Failed, storage::YES);
        let said = info.payload().downcast_ref::<&str>().map(|text| (*text).to_owned());
        let said = said.or_else(|| info.payload().downcast_ref::<String>().cloned()).unwrap_or_default();
        let _ = show(&report, &format!("{facts}: {said}"), text);
    }));
}

/// Builds the panel by hand: Yew has stopped.
fn show(report: &Report, said: &str, text: String) -> Option<()> {
    let document = gloo::utils::document();
    let words = Words::of(LANGUAGE.with(Cell::get));
    let panel = document.create_element("div").ok()?;
    panel.set_class_name("mid l mistake");
    panel.set_attribute("role", "alertdialog").ok()?;
    panel.set_attribute("aria-label", words.mistake).ok()?;
    let add = |parent: &web_sys::Element, tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        parent.append_child(&element).ok()?;
        Some(element)
    };
    add(&panel, "h2", "", words.mistake)?;
    add(&panel, "p", "", &format!("{} {}{}", words.mistake_hint, clock(report.head), words.mistake_step))?;
    let acts = add(&panel, "div", "acts", "")?;
    let back = add(&acts, "button", "btn primary big", &format!("{} {}", words.recover, clock(report.back)))?;
    let copy = add(&acts, "button", "btn big", words.copy_report)?;
    add(&panel, "p", "mono", said)?;
    let details = add(&panel, "details", "", "")?;
    add(&details, "summary", "", words.report)?;
    add(&details, "pre", "mono", &text)?.set_attribute("tabindex", "0").ok()?;
    EventListener::new(&back, "click", |_| {
        let location = gloo::utils::window().location();
        let _ = location.set_hash("");
        let _ = location.reload();
    })
    .forget();
    EventListener::new(&copy, "click", move |_| dom::copy(&text)).forget();
    gloo::utils::body().append_child(&panel).ok()?;
    back.dyn_into::<web_sys::HtmlElement>().ok()?.focus().ok()
}
