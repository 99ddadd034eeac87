//! The editor: `www/editor-shim.js`, bound.

use js_sys::{Object, Reflect};
use serde_json::{Value, json};
use session::{Diagnostic, Severity};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::{Callback, NodeRef};

use crate::effect::Effect;

#[wasm_bindgen(raw_module = "./editor-shim.js")]
extern "C" {
    type Handle;
    #[wasm_bindgen(js_name = mount)]
    fn mount(parent: &web_sys::Element, options: &Object) -> Handle;
    #[wasm_bindgen(method)]
    fn open(this: &Handle, text: &str, label: &str);
    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Handle, text: &str);
    #[wasm_bindgen(method, js_name = setDiagnostics)]
    fn set_diagnostics(this: &Handle, json: &str);
    #[wasm_bindgen(method, js_name = setChangedLines)]
    fn set_changed_lines(this: &Handle, json: &str);
    #[wasm_bindgen(method, js_name = setTheme)]
    fn set_theme(this: &Handle, dark: bool);
    #[wasm_bindgen(method, js_name = setLang)]
    fn set_lang(this: &Handle, lang: &str, label: &str);
    #[wasm_bindgen(method, js_name = setReadOnly)]
    fn set_read_only(this: &Handle, read_only: bool);
    #[wasm_bindgen(method)]
    fn reveal(this: &Handle, from: u32, to: u32);
    #[wasm_bindgen(method)]
    fn focus(this: &Handle);
    #[wasm_bindgen(method)]
    fn destroy(this: &Handle);
}

/// An editor on the page.
pub struct Editor {
    handle: Handle,
    /// They must live as long as the editor calls them.
    _on_change: Closure<dyn FnMut(String)>,
    _on_apply: Closure<dyn FnMut()>,
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").finish_non_exhaustive()
    }
}

/// What an editor begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start<'a> {
    /// The document.
    pub text: &'a str,
    /// Its name.
    pub label: &'a str,
    /// The page's language.
    pub lang: &'a str,
    /// Whether the page is dark.
    pub dark: bool,
    /// Whether the text only is to be looked at.
    pub read_only: bool,
}

impl Editor {
    /// Puts an editor into an element; none if it is not on the page.
    pub fn new(
        parent: &NodeRef,
        start: Start<'_>,
        on_change: Callback<String>,
        on_apply: Callback<()>,
    ) -> Option<Self> {
        let parent = parent.cast::<web_sys::Element>()?;
        let on_change = Closure::<dyn FnMut(String)>::new(move |text| on_change.emit(text));
        let on_apply = Closure::<dyn FnMut()>::new(move || on_apply.emit(()));
        let options = Object::new();
        let set = |name: &str, value: &JsValue| {
            let _ = Reflect::set(&options, &name.into(), value);
        };
        set("text", &start.text.into());
        set("label", &start.label.into());
        set("lang", &start.lang.into());
        set("dark", &start.dark.into());
        set("onChange", on_change.as_ref());
        set("onApply", on_apply.as_ref());
        let handle = mount(&parent, &options);
        handle.set_read_only(start.read_only);
        Some(Self { handle, _on_change: on_change, _on_apply: on_apply })
    }

    /// Carries out an effect, if it is one of the editor's.
    pub fn carry(&self, effect: Effect) {
        let unit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        match effect {
            Effect::OpenText { text, label } => self.handle.open(&text, &label),
            Effect::SetText(text) => self.handle.set_text(&text),
            Effect::Diagnostics(all) => self.handle.set_diagnostics(&diagnostics(&all).to_string()),
            Effect::ChangedLines(lines) => self.handle.set_changed_lines(&changed_lines(&lines).to_string()),
            Effect::Show(from, to) => self.handle.reveal(unit(from), unit(to)),
            Effect::Reveal(from, to) => {
                self.handle.reveal(unit(from), unit(to));
                self.handle.focus();
            }
            Effect::EditorTheme(dark) => self.handle.set_theme(dark),
            Effect::Focus(_)
            | Effect::PageTheme(_)
            | Effect::Language(..)
            | Effect::Title(_)
            | Effect::Fragment(_)
            | Effect::Keep(..)
            | Effect::Forget(_)
            | Effect::KeepSpace { .. }
            | Effect::ForgetSpace(_)
            | Effect::PickFiles
            | Effect::ReadClipboard
            | Effect::CopyText(_)
            | Effect::Save(..)
            | Effect::FetchRecordings
            | Effect::Fetch(..)
            | Effect::NextFrame
            | Effect::Later(..)
            | Effect::OpenLink(_)
            | Effect::CopyLink(_)
            | Effect::Report(_)
            | Effect::ReportInputs(_) => {}
        }
    }

    /// Puts the cursor into it.
    pub fn focus(&self) {
        self.handle.focus();
    }

    /// Follows the page's language.
    pub fn set_lang(&self, lang: &str, label: &str) {
        self.handle.set_lang(lang, label);
    }
}

/// As the shim describes it.
fn diagnostics(all: &[Diagnostic]) -> Value {
    let one = |d: &Diagnostic| {
        let severity = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        json!({"from": d.from, "to": d.to, "severity": severity, "message": d.message})
    };
    Value::Array(all.iter().map(one).collect())
}

/// As the shim describes it.
fn changed_lines(lines: &[(usize, String)]) -> Value {
    let one =
        |(line, was): &(usize, String)| json!({"line": line, "was": Some(was).filter(|w| !w.is_empty())});
    Value::Array(lines.iter().map(one).collect())
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.handle.destroy();
    }
}
