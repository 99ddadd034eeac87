//! A recording: what was done to a real control plane, and what it made of it.
//!
//! A file holds the head on its first line and then one step a line; `state` is a merge patch against
//! the state of the step before. tests/conformance/README.md has the format in full.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Map, Value};
use tests::repository::root;

use super::repeats::{Repeats, Told};

/// Where the recordings lie.
const FOLDER: &str = "tests/conformance/recordings";

/// A scenario with what was read after each of its steps.
#[derive(Debug)]
pub struct Recording {
    /// The name of the file without its extension.
    pub id: String,
    /// In a few words.
    pub title: String,
    /// In order.
    pub steps: Vec<Step>,
}

/// One thing done, and everything read when the cluster had come to rest.
#[derive(Debug)]
pub struct Step {
    /// What was done: one verb, and perhaps `settle` and `input`.
    pub act: Map<String, Value>,
    /// What was read: `result`, `changes`, `events`, `otherEvents` and their variants.
    pub read: Map<String, Value>,
    /// All objects at rest.
    pub state: Value,
    /// The parts that differed between the runs.
    pub unstable: BTreeSet<String>,
    /// Events that may come again, or not, as it chanced: see [`super::repeats`].
    pub repeats: Repeats,
}

impl Step {
    /// The verb and its argument, for people: `ready web-0`.
    pub fn said(&self) -> String {
        let (verb, argument) = self.verb();
        let argument = match argument {
            Value::String(text) if text.contains('\n') => format!("({} lines)", text.lines().count()),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        format!("{verb} {argument}")
    }

    /// The verb and its argument.
    pub fn verb(&self) -> (&str, &Value) {
        let verb = self.act.iter().find(|(name, _)| !matches!(name.as_str(), "settle" | "input" | "timeout"));
        verb.map(|(name, argument)| (name.as_str(), argument)).expect("a step has a verb")
    }
}

/// All recordings, in the order of their names.
pub fn all() -> Vec<Recording> {
    let folder = root().join(FOLDER);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{FOLDER}: {error}"));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("a recording is text");
            let value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            recording(&value)
        })
        .collect()
}

fn recording(value: &Value) -> Recording {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let mut state = Value::Null;
    let mut told = Told::default();
    let steps = value["steps"].as_array().expect("a recording has steps");
    let steps = steps.iter().map(|step| {
        let mut read = step.as_object().cloned().expect("a step is a map");
        if let Some(patch) = read.remove("state") {
            merge(&mut state, &patch);
        }
        let repeats = told.repeats(&state);
        told.hear(&read, &state);
        let act = read.remove("do").and_then(|act| act.as_object().cloned()).expect("a step has `do`");
        let unstable = read.remove("unstable").unwrap_or_default();
        let unstable = unstable.as_array().into_iter().flatten();
        let unstable = unstable.filter_map(|each| each.as_str().map(str::to_owned)).collect();
        Step { act, read, state: state.clone(), unstable, repeats }
    });
    Recording { id: text("id"), title: text("title"), steps: steps.collect() }
}

/// RFC 7386: members that are null go, maps merge, everything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let target = target.as_object_mut().expect("made a map just above");
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[test]
fn a_state_is_a_patch_of_the_one_before() {
    let file = serde_json::json!({"id": "x", "title": "t", "steps": [
        {"do": {"ready": "web-0"}, "state": {"pods": {"web-0": {"ready": true}, "web-1": {"ready": false}}}},
        {"do": {"stopped": "web-1", "settle": 3}, "state": {"pods": {"web-1": null}}},
        {"do": {"wait": 1}},
    ]});
    let recording = recording(&file);
    let states: Vec<String> = recording.steps.iter().map(|step| step.state.to_string()).collect();
    assert_eq!(states[1], r#"{"pods":{"web-0":{"ready":true}}}"#);
    assert_eq!(states[2], states[1]);
    assert_eq!(recording.steps[1].said(), "stopped web-1");
}
