//! A recording of a real kubelet: what was done, what commands printed, and how every Pod and Event went.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};
use tests::repository::root;

use super::recording::{Recording, Step};
use super::repeats::Repeats;

/// Where the recordings lie.
const FOLDER: &str = "tests/conformance/node";

/// What was printed at a moment at which the recorder's slow machine was not as far as this one.
const TIMED: [(&str, usize); 3] = [("N03-crash", 5), ("N06-liveness", 2), ("N17-rolling-update", 3)];

/// The course of things, by object: what a Pod looked like after each write, and the Events in order.
#[derive(Debug, Default)]
pub struct Course {
    /// By name; a Pod of the same name goes on where the last one was gone.
    pub pods: BTreeMap<String, Vec<Value>>,
    /// By `pod/p, kubelet`: different sources do not wait for each other.
    pub events: BTreeMap<String, Vec<String>>,
}

impl Course {
    /// A Pod looks like this now. What did not change is no news.
    pub fn pod(&mut self, name: &str, looks: Value) {
        let before = self.pods.entry(name.to_owned()).or_default();
        if before.last() != Some(&looks) {
            before.push(looks);
        }
    }

    /// An Event. Whether an image was there depended on what was recorded before, and how often a Pod was
    /// tried while its claims were being bound, on who was faster.
    pub fn event(&mut self, about: &str, kind: &str, reason: &str, message: &str) {
        let binding = reason == "FailedScheduling" && message.to_lowercase().contains("persistentvolume");
        if binding || (reason == "Pulling" && !message.contains(":nope")) {
            return;
        }
        let message = if reason == "Pulled" { "(an image)" } else { message };
        self.events.entry(about.to_owned()).or_default().push(format!("{kind} {reason} {message}"));
    }
}

/// A recording.
#[derive(Debug)]
pub struct NodeRecording {
    /// Its steps, with a last one that stands for the course.
    pub recording: Recording,
    /// When each step began and the last entry was made, in seconds.
    pub times: Vec<f64>,
    /// What happened.
    pub course: Course,
    /// What the runs differed in: `pod web-0`, `event pod/p BackOff …`.
    pub unstable: Vec<String>,
}

/// All recordings, in the order of their names.
pub fn all() -> Vec<NodeRecording> {
    let folder = root().join(FOLDER);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{FOLDER}: {error}"));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a recording is text");
        recording(&serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    paths.iter().map(read).collect()
}

fn recording(value: &Value) -> NodeRecording {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
    let unstable: Vec<String> =
        list("unstable").iter().filter_map(|each| each.as_str().map(str::to_owned)).collect();
    let timed = TIMED.iter().filter(|(id, _)| *id == text("id"));
    let unstable: Vec<String> =
        unstable.into_iter().chain(timed.map(|(_, step)| format!("steps[{step}].result.stdout"))).collect();
    let mut steps: Vec<Step> =
        list("steps").iter().enumerate().map(|(at, each)| step(at, each, &unstable)).collect();
    let last = serde_json::json!({"do": {"in the end": "the course of all Pods and Events"}});
    steps.push(step(steps.len(), &last, &[]));
    let mut course = Course::default();
    let mut times: Vec<f64> = list("steps").iter().filter_map(|step| step["t"].as_f64()).collect();
    times.extend(list("timeline").last().and_then(|entry| entry["t"].as_f64()));
    for entry in list("timeline") {
        note(entry, &mut course);
    }
    let recording = Recording { id: text("id"), title: text("title"), steps };
    NodeRecording { recording, times, course, unstable }
}

fn step(at: usize, value: &Value, unstable: &[String]) -> Step {
    let act = value["do"].as_object().cloned().expect("a step has `do`");
    let mut read = Map::new();
    if let Some(result) = value.get("result") {
        read.insert("result".to_owned(), result.clone());
    }
    let mine = format!("steps[{at}].");
    let unstable: BTreeSet<String> =
        unstable.iter().filter_map(|each| each.strip_prefix(&mine).map(str::to_owned)).collect();
    Step { act, read, state: Value::Null, unstable, repeats: Repeats::default() }
}

fn note(mut entry: Value, course: &mut Course) {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    if entry.get("event").is_some() {
        let about = format!("{}, {}", text("object"), text("source"));
        course.event(&about, &text("type"), &text("event"), &text("message"));
    } else if entry.get("pod").is_some() {
        let name = text("pod");
        if let Some(map) = entry.as_object_mut() {
            map.retain(|member, _| !matches!(member.as_str(), "t" | "pod"));
        }
        course.pod(&name, entry);
    }
}
