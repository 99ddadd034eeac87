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
        line: &str,
        stdin: Option<String>,
        #[wasm_bindgen(js_name = limitMs)] limit_ms: Option<f64>,
    ) -> JsValue {
        js(&self.0.run(line, stdin.as_deref(), limit_ms))
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

    /// Lets time pass, in milliseconds.
    pub fn advance(&mut self, ms: f64) {
        self.0.advance(ms);
    }

    /// Lets time pass until nothing has been written for three seconds, at most `limitMs` (ten minutes).
    /// Returns how long that was, in milliseconds.
    pub fn settle(&mut self, #[wasm_bindgen(js_name = limitMs)] limit_ms: Option<f64>) -> f64 {
        self.0.settle(limit_ms)
    }

    /// Milliseconds since 0:00.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        self.0.now()
    }

    /// All objects of a kind, as the API server gives them out: `pods`, `sts`, `StatefulSet`.
    #[wasm_bindgen(unchecked_return_type = "KubernetesObject[]")]
    pub fn objects(&self, kind: &str) -> Result<JsValue, JsError> {
        self.0.objects(kind).map(|objects| js(&objects)).map_err(thrown)
    }

    /// What happened, in order; with `from`, only records whose `id` is at least that.
    #[wasm_bindgen(unchecked_return_type = "LabRecord[]")]
    pub fn records(&self, from: Option<f64>) -> JsValue {
        js(&self.0.records(from))
    }

    /// Why an object (`pod/web-1`, in another namespace `other/pod/web-1`) is as it is: what its component
    /// decided last, and after it the same of each object that it waits for.
    #[wasm_bindgen(unchecked_return_type = "Why[]")]
    pub fn why(&self, reference: &str) -> Result<JsValue, JsError> {
        self.0.why(reference).map(|reasons| js(&reasons)).map_err(thrown)
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
pub fn play_recording(text: &str) -> Result<JsValue, JsError> {
    played::play(text).map(|outcome| js(&outcome)).map_err(thrown)
}
