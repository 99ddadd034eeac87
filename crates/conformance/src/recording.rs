//! A recording: what was done to a real cluster, and what it made of it.
//!
//! There are two kinds. Those of a *control plane* have everything that was read after each step; those of
//! a *node* have one course of Pods and Events for all steps ([`crate::course`]). The first kind comes in
//! two forms: as it was recorded, each step with its whole `state`, or compact, where a step's `state` is a
//! merge patch against the one before; the head of a compact file says `"state": "patches"`.
//! tests/conformance/README.md has the format in full.

use std::collections::BTreeSet;
use std::time::Duration;

use apimachinery::value::ValueExt;
use serde_json::{Map, Value};

use crate::course::Course;
use crate::repeats::{Late, Repeats, Told};
use crate::text::without_nulls;

/// What the head of a compact file says of `state`.
const PATCHES: &str = "patches";

/// A scenario with what was read after each of its steps.
#[derive(Debug)]
pub struct Recording {
    /// The name of the file without its extension.
    pub id: String,
    /// What it is about, in a few words.
    pub title: String,
    /// In order.
    pub steps: Vec<Step>,
    /// How Pods and Events went under a real kubelet. `None` if none ran, and steps played it.
    pub course: Option<Course>,
}

/// One thing done, and everything read when the cluster had come to rest.
#[derive(Debug, Default)]
pub struct Step {
    /// When it was done, in seconds since the start; 0 if that was not recorded.
    pub at: f64,
    /// What was done: one verb, and perhaps `settle` and `input`.
    pub act: Map<String, Value>,
    /// What was read: `result`, `changes`, `events`, `otherEvents` and their variants.
    pub read: Map<String, Value>,
    /// All objects at rest.
    pub state: Value,
    /// The parts that differed between the runs.
    pub unstable: BTreeSet<String>,
    /// Events that may come again, or not, as it chanced: see [`crate::repeats`].
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
        let beside = ["settle", "input", "timeout", "note"];
        let verb = self.act.iter().find(|(name, _)| !beside.contains(&name.as_str()));
        verb.map_or(("", &Value::Null), |(name, argument)| (name.as_str(), argument))
    }

    /// The YAML that was handed to the cluster; empty if none was.
    pub fn manifest(&self) -> &str {
        let verb = ["apply", "create", "input"].into_iter().find_map(|name| self.act.get(name)?.as_str());
        verb.unwrap_or_default()
    }

    /// What the cluster answered, wrote and told, a line each.
    pub fn answer(&self) -> String {
        let result = self.read.get("result").cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let list = |name: &str| self.read.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let printed = ["stdout", "stderr", "rcode"].map(|name| result.str_at(&[name]).trim_end().to_owned());
        let mut lines: Vec<String> = printed.into_iter().filter(|text| !text.is_empty()).collect();
        lines.extend(result.list_at(&["answer"]).iter().map(text));
        lines.extend(["changes", "changesUnordered"].into_iter().flat_map(list).map(|change| text(&change)));
        for event in ["events", "eventsUnordered"].into_iter().flat_map(list) {
            let parts = ["type", "reason", "message"].map(|name| event.str_at(&[name]));
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            lines.push(if said.is_empty() { text(&event) } else { said.join("  ") });
        }
        lines.join("\n")
    }

    /// A number beside the verb: `settle`, `timeout`.
    pub fn seconds(&self, name: &str) -> Option<f64> {
        self.act.get(name).and_then(Value::as_f64)
    }

    /// What in it is no span of time, though it should be one.
    fn timeless(&self) -> Option<&str> {
        let mut given = ["settle", "timeout", "wait"].into_iter().filter(|name| self.act.contains_key(*name));
        let is_span = |seconds: f64| (0.0..=SECONDS_MAX).contains(&seconds);
        let wrong = |name: &&str| !self.seconds(name).is_some_and(is_span);
        given.find(wrong).or((!is_span(self.at)).then_some("t"))
    }
}

/// The longest that a recording lasts: a day.
const SECONDS_MAX: f64 = 86_400.0;

/// So many seconds, at most a day; none if the number is negative or no number.
pub fn span(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.min(SECONDS_MAX)).unwrap_or_default()
}

/// Reads a recording of either kind and form.
///
/// # Errors
/// What is missing, in words.
pub fn read(text: &str) -> Result<Recording, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let text = |name: &str| value.str_at(&[name]).to_owned();
    let steps = value.list_at(&["steps"]);
    if text("id").is_empty() || steps.is_empty() {
        return Err("a recording has an id and steps".to_owned());
    }
    let course = value.get("timeline").map(|_| Course::recorded(&value));
    let steps = match course {
        Some(_) => steps.iter().enumerate().map(|(at, step)| of_a_node(at, step, &value)).collect(),
        None => of_a_control_plane(steps, text("state") == PATCHES),
    };
    if let Some(at) = steps.iter().position(|step: &Step| step.verb().0.is_empty()) {
        return Err(format!("step {at} does nothing"));
    }
    let wrong = steps.iter().enumerate().find_map(|(at, step)| Some((at, step.timeless()?)));
    if let Some((at, name)) = wrong {
        return Err(format!("step {at}: {name} is a number of seconds from 0 to {SECONDS_MAX}"));
    }
    Ok(Recording { id: text("id"), title: text("title"), steps, course })
}

fn of_a_control_plane(steps: &[Value], patches: bool) -> Vec<Step> {
    let mut state = Value::Null;
    let mut told = Told::default();
    let steps = steps.iter().map(|step| {
        let mut read = step.as_object().cloned().unwrap_or_default();
        match read.remove("state") {
            Some(patch) if patches => merge(&mut state, &patch),
            Some(whole) => state = without_nulls(&whole),
            None => {}
        }
        let repeats = told.repeats(&state);
        told.hear(&read, &state);
        let unstable = list(read.remove("unstable").unwrap_or_default());
        let act = act(read.remove("do"));
        Step { at: 0.0, act, read, state: state.clone(), unstable: unstable.collect(), repeats }
    });
    let mut steps: Vec<Step> = steps.collect();
    let mut late = Late::default();
    for step in steps.iter_mut().rev() {
        step.repeats.await_late(&late);
        late.hear(&step.read);
    }
    steps
}

fn of_a_node(at: usize, step: &Value, recording: &Value) -> Step {
    let read = step.as_object().cloned().unwrap_or_default();
    let read = read.into_iter().filter(|(name, _)| name == "result").collect();
    let mine = format!("steps[{at}].");
    let unstable = list(recording.at(&["unstable"]).cloned().unwrap_or_default());
    let unstable = unstable.filter_map(|each| each.strip_prefix(&mine).map(str::to_owned)).collect();
    let at = step.at(&["t"]).and_then(Value::as_f64).unwrap_or_default();
    Step { at, act: act(step.get("do").cloned()), read, unstable, ..Step::default() }
}

fn act(value: Option<Value>) -> Map<String, Value> {
    value.and_then(|act| act.as_object().cloned()).unwrap_or_default()
}

fn list(value: Value) -> impl Iterator<Item = String> {
    let list = value.as_array().cloned().unwrap_or_default();
    list.into_iter().filter_map(|each| each.as_str().map(str::to_owned))
}

/// RFC 7386: members that are null go, maps merge, everything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    let target = apimachinery::value::as_map_mut(target);
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_mean_the_same() {
        let whole = serde_json::json!({"id": "x", "title": "t", "steps": [
            {"do": {"ready": "web-0"}, "state": {"pods": {"web-0": {"ready": true, "x": null}, "web-1": {"ready": false}}}},
            {"do": {"stopped": "web-1", "settle": 3}, "state": {"pods": {"web-0": {"ready": true}}}},
            {"do": {"wait": 1}, "state": {"pods": {"web-0": {"ready": true}}}},
        ]});
        let compact = serde_json::json!({"id": "x", "title": "t", "state": "patches", "steps": [
            {"do": {"ready": "web-0"}, "state": {"pods": {"web-0": {"ready": true}, "web-1": {"ready": false}}}},
            {"do": {"stopped": "web-1", "settle": 3}, "state": {"pods": {"web-1": null}}},
            {"do": {"wait": 1}},
        ]});
        let states = |file: &Value| -> Vec<String> {
            let recording = read(&file.to_string()).unwrap();
            recording.steps.iter().map(|step| step.state.to_string()).collect()
        };
        assert_eq!(states(&compact), states(&whole));
        assert_eq!(states(&compact)[2], r#"{"pods":{"web-0":{"ready":true}}}"#);
        assert_eq!(read(&compact.to_string()).unwrap().steps[1].said(), "stopped web-1");
    }

    #[test]
    fn a_step_says_what_was_answered_and_written() {
        let file = serde_json::json!({"id": "x", "title": "t", "steps": [
            {"do": {"apply": "kind: Pod\n", "settle": 3},
                "result": {"exit": 0, "stdout": "pod/a created\n", "stderr": ""}, "changes": ["create Pod a"],
                "events": [{"type": "Normal", "reason": "Scheduled", "message": "to node-1"}]},
            {"do": {"dns": {"name": "a", "type": "A"}}, "result": {"rcode": "NOERROR", "answer": ["a. 30 IN A <ip>"]}},
        ]});
        let steps = read(&file.to_string()).unwrap().steps;
        assert_eq!(steps[0].manifest(), "kind: Pod\n");
        assert_eq!(steps[0].answer(), "pod/a created\ncreate Pod a\nNormal  Scheduled  to node-1");
        assert_eq!((steps[1].manifest(), steps[1].answer().as_str()), ("", "NOERROR\na. 30 IN A <ip>"));
    }

    #[test]
    fn what_is_no_recording_says_so() {
        assert!(read("{}").unwrap_err().contains("id and steps"));
        assert!(read(r#"{"id": "x", "steps": [{"do": {"settle": 1}}]}"#).unwrap_err().contains("step 0"));
        for wrong in ["\"settle\": -1", "\"timeout\": 1e300", "\"settle\": \"3\"", "\"settle\": null"] {
            let text = format!("{{\"id\": \"x\", \"steps\": [{{\"do\": {{\"wait\": 1, {wrong}}}}}]}}");
            assert!(read(&text).unwrap_err().ends_with("is a number of seconds from 0 to 86400"), "{wrong}");
        }
    }
}
