//! The engine as a JavaScript module, for programs and pages that want a cluster and no page of ours.
//!
//! `cargo xtask build` puts it into `dist/engine/`: an ES module with its wasm and its types, for Node and for
//! browsers, which knows no DOM. [`lab`] is the whole of it in plain Rust: a cluster on a line of time, a
//! command line, and what happened; [`options`], [`happened`] and [`played`] turn its values from and into
//! JSON. This file gives that to JavaScript, value by value as text: one parse on each side costs less code
//! than a binding for each member. `npm/` beside `src/` holds the rest of the package: the entry that finds the
//! wasm, and the README, whose examples tests run.

pub mod happened;
pub mod lab;
pub mod options;
pub mod played;

use lab::Span;
use serde_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// Any value as JavaScript has it.
fn js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}

/// A value of JavaScript; `undefined` is null.
fn json(value: &JsValue) -> Result<Value, JsError> {
    let text = js_sys::JSON::stringify(value).map_err(|_| JsError::new("this cannot be written as JSON"))?;
    let text = text.as_string().unwrap_or_else(|| "null".to_owned());
    serde_json::from_str(&text).map_err(|error| JsError::new(&error.to_string()))
}

fn thrown(message: String) -> JsError {
    JsError::new(&message)
}

/// A text. Anything else is a `TypeError`.
fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| js_sys::TypeError::new(&format!("{name} is a string")).into())
}

/// A text, or nothing.
fn optional_text(name: &str, value: &JsValue) -> Result<Option<String>, JsValue> {
    if is_absent(value) { Ok(None) } else { text(name, value).map(Some) }
}

fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// A number. Anything else is a `TypeError`.
fn number(name: &str, value: &JsValue) -> Result<f64, JsValue> {
    value.as_f64().ok_or_else(|| js_sys::TypeError::new(&format!("{name} is a number")).into())
}

/// Milliseconds. What is no number is a `TypeError`, one that no call can let pass a `RangeError`.
fn span(name: &str, value: &JsValue) -> Result<Span, JsValue> {
    Span::read(name, number(name, value)?).map_err(|said| js_sys::RangeError::new(&said).into())
}

/// Milliseconds, or nothing.
fn optional_span(name: &str, value: &JsValue) -> Result<Option<Span>, JsValue> {
    if is_absent(value) { Ok(None) } else { span(name, value).map(Some) }
}

/// A cluster of one's own. Time passes in it only while a method of this class lets it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Lab(lab::Lab);

/// A moment of a laboratory, to go back to.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Snapshot(lab::Lab);

#[wasm_bindgen]
impl Lab {
    /// A cluster at 0:00.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "LabOptions")] options: &JsValue,
    ) -> Result<Self, JsError> {
        let options = options::read(&json(options)?).map_err(thrown)?;
        Ok(Self(lab::Lab::new(options)))
    }

    /// Runs a command line to its end, with `stdin` on its standard input. Time passes while it waits, at
    /// most `limitMs` (ten minutes): a command that still runs then is ended, and `exit` is null.
    #[wasm_bindgen(unchecked_return_type = "RunResult")]
    pub fn run(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] line: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] stdin: &JsValue,
        #[wasm_bindgen(js_name = limitMs, unchecked_optional_param_type = "number | null")]
        limit_ms: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (line, stdin) = (text("line", line)?, optional_text("stdin", stdin)?);
        Ok(js(&self.0.run(&line, stdin.as_deref(), optional_span("limitMs", limit_ms)?)))
    }

    /// Lets a fault happen: `{ CutNetwork: { node: "node-1" } }`. Throws if there is nothing that it could happen to.
    pub fn fault(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "LabFault")] fault: &JsValue,
    ) -> Result<(), JsError> {
        self.0.fault(&json(fault)?).map_err(thrown)
    }

    /// Which faults are in force, each with what takes it back.
    #[wasm_bindgen(js_name = inForce, unchecked_return_type = "LabInForce[]")]
    pub fn in_force(&self) -> JsValue {
        js(&self.0.in_force())
    }

    /// Lets time pass, in milliseconds; at most a day in one call.
    pub fn advance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] ms: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.advance(span("ms", ms)?);
        Ok(())
    }

    /// Lets time pass until nothing has been written for three seconds, at most `limitMs` (ten minutes).
    /// Returns how long that was, in milliseconds.
    pub fn settle(
        &mut self,
        #[wasm_bindgen(js_name = limitMs, unchecked_optional_param_type = "number | null")]
        limit_ms: &JsValue,
    ) -> Result<f64, JsValue> {
        Ok(self.0.settle(optional_span("limitMs", limit_ms)?))
    }

    /// Milliseconds since 0:00.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        self.0.now()
    }

    /// All objects of a kind, as the API server gives them out: `pods`, `sts`, `StatefulSet`.
    #[wasm_bindgen(unchecked_return_type = "KubernetesObject[]")]
    pub fn objects(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] kind: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let objects = self.0.objects(&text("kind", kind)?);
        objects.map(|objects| js(&objects)).map_err(|said| thrown(said).into())
    }

    /// What happened, in order; with `from`, only records whose `id` is at least that.
    #[wasm_bindgen(unchecked_return_type = "LabRecord[]")]
    pub fn records(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "number | null")] from: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let from = if is_absent(from) { None } else { Some(number("from", from)?) };
        Ok(js(&self.0.records(from)))
    }

    /// Why an object (`pod/web-1`, in another namespace `other/pod/web-1`) is as it is: what its component
    /// decided last, and after it the same of each object that it waits for.
    #[wasm_bindgen(unchecked_return_type = "Why[]")]
    pub fn why(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let reasons = self.0.why(&text("reference", reference)?);
        reasons.map(|reasons| js(&reasons)).map_err(|said| thrown(said).into())
    }

    /// This moment, to go back to.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.clone())
    }

    /// Goes back to a moment of this laboratory, or takes over that of another one.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.0 = snapshot.0.clone();
    }
}

/// Plays a recording of a real Kubernetes and compares: the text of a file of `tests/conformance/`.
#[wasm_bindgen(js_name = playRecording, unchecked_return_type = "PlayedRecording")]
pub fn play_recording(
    #[wasm_bindgen(js_name = text, unchecked_param_type = "string")] recording: &JsValue,
) -> Result<JsValue, JsValue> {
    let outcome = played::play(&text("text", recording)?);
    outcome.map(|outcome| js(&outcome)).map_err(|said| thrown(said).into())
}
