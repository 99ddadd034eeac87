//! A mistake of ours: `www/mistake.js`, bound.
//!
//! A panic ends the program, since nothing of it can be trusted afterwards, and a trap ends it without a word. The
//! panel that the person sees then is built without the program, from what is told here beforehand.

use apimachinery::Lang;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::effect::Report;
use crate::words::Words;

#[wasm_bindgen(raw_module = "./mistake.js")]
extern "C" {
    fn words(mistake: &str, hint: &str, step: &str, recover: &str, copy: &str, report: &str);
    fn facts(seed: f64, inputs: u32, steps: f64, head: f64, back: f64);
    fn inputs(json: &str);
    fn show(said: &str, text: &str);
}

/// Sets what a report would say of the session.
#[allow(clippy::cast_precision_loss)] // it is told to people
pub fn set_report(report: Report) {
    let count = u32::try_from(report.inputs).unwrap_or(u32::MAX);
    facts(report.seed as f64, count, report.steps as f64, report.head as f64, report.back as f64);
}

/// Sets the inputs that a report would hold.
pub fn set_inputs(json: &str) {
    inputs(json);
}

/// Sets the language of the panel.
pub fn set_language(lang: Lang) {
    let said = Words::of(lang);
    words(said.mistake, said.mistake_hint, said.mistake_step, said.recover, said.copy_report, said.report);
}

/// From now on a panic shows the panel instead of a dead page.
pub fn install() {
    set_language(Lang::En);
    yew::set_custom_panic_hook(Box::new(|info| {
        let said = info.payload().downcast_ref::<&str>().map(|text| (*text).to_owned());
        let said = said.or_else(|| info.payload().downcast_ref::<String>().cloned()).unwrap_or_default();
        show(&said, &info.to_string());
    }));
}
