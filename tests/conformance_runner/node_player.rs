//! Plays a recording of a real kubelet against this engine's.

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use cluster::{Config, Fault, Input, Latency, NodeSpec};
use kubectl::{Output, Poll};
use serde_json::{Value, json};
use session::Timeline;
use session::world::SessionWorld;

use super::compare::{Difference, walk};
use super::names::Names;
use super::node_course;
use super::node_recording::NodeRecording;
use super::player::{Outcome, trace};
use super::recording::Step;
use super::{programs, text};

/// A command is ended after this long, unless the step says otherwise.
const COMMAND_LIMIT: f64 = 25.0;
/// What is waited for comes within this long, unless the step says otherwise; or not, as recorded.
const UNTIL_LIMIT: f64 = 60.0;
/// What kubectl needs before its first request.
const COMMAND_BEGINS: Duration = Duration::from_millis(200);
/// What a command takes here, in seconds.
const COMMAND_TAKES: f64 = 0.3;
/// How often a waiting command, or whoever waits, looks again.
const LOOK: Duration = Duration::from_millis(100);

struct Player {
    timeline: Timeline,
    names: Names,
    heard: usize,
}

/// Plays all steps.
pub fn play(recording: &NodeRecording) -> Outcome {
    let mut player = Player { timeline: Timeline::new(config()), names: Names::default(), heard: 0 };
    let (mut steps, mut traces) = (Vec::new(), Vec::new());
    let begun = player.timeline.head().now();
    let times = &recording.times;
    let first = times.first().copied().unwrap_or_default();
    for (index, step) in recording.recording.steps.iter().enumerate() {
        // The recorder's machine was slow: a command did its work shortly before the next step.
        let is_command = matches!(step.verb().0, "apply" | "kubectl");
        let at = times.get(index).copied().unwrap_or_default();
        let end = times.get(index + 1).filter(|_| is_command).map_or(at, |next| at.max(next - COMMAND_TAKES));
        player.timeline.run_until(begun + Duration::from_secs_f64((end - first).max(0.0)));
        player.hear();
        let (mark, begun) = (player.timeline.records().len(), player.timeline.head().now());
        steps.push(player.step(step));
        let records = player.timeline.records().iter().skip(mark);
        traces.push(records.map(|record| trace(record, begun)).collect());
    }
    let course = node_course::observed(player.timeline.changes(), &player.names);
    if let Some(last) = steps.last_mut() {
        last.extend(node_course::compare(recording, &course));
    }
    Outcome { steps, traces }
}

/// The recorded cluster: one node, and a class whose volumes the controller makes itself.
fn config() -> Config {
    let node =
        NodeSpec { name: "node-1".to_owned(), cpu: "2".to_owned(), memory: "8Gi".to_owned(), pods: 110 };
    Config {
        nodes: vec![node],
        objects: vec![json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "my-storage-class"},
            "provisioner": "kubernetes.io/host-path",
        })],
        provisioners: Vec::new(),
        // Everything ran on one machine.
        watch_lag: Latency::micros(400, 600),
        request_latency: Latency::micros(2_000, 2_200),
        answer_latency: Latency::micros(1_500, 1_700),
        ..Config::default()
    }
}

impl Player {
    fn step(&mut self, step: &Step) -> Vec<Difference> {
        let (verb, argument) = step.verb();
        let words = argument.as_str().unwrap_or_default();
        let limit = step.act.get("timeout").and_then(Value::as_f64);
        let mut found = Vec::new();
        let result = match verb {
            "apply" => Some(self.kubectl("apply -f -", Some(&programs::taught(words)), COMMAND_LIMIT)),
            "kubectl" => Some(self.kubectl(words, None, limit.unwrap_or(COMMAND_LIMIT))),
            "wait" => {
                self.pass(Duration::from_secs_f64(argument.as_f64().unwrap_or_default()));
                None
            }
            "until" => {
                self.until(words, limit.unwrap_or(UNTIL_LIMIT));
                None
            }
            "shell" => {
                let node = "node-1".to_owned();
                let fault = match words {
                    "stop kubelet" => Fault::StopKubelet { node },
                    _ => Fault::StartKubelet { node },
                };
                self.timeline.submit(Input::Fault(fault));
                None
            }
            _ => None,
        };
        // Some things that a command printed were not recorded.
        let recorded = step.read.get("result").and_then(Value::as_object).into_iter().flatten();
        for (member, recorded) in recorded {
            let printed = result.as_ref().and_then(|result| result.get(member));
            let recorded = recorded.as_str().map_or(recorded.clone(), |text| programs::unhashed(text).into());
            walk(&format!("result.{member}"), Some(&recorded), printed, &step.unstable, &mut found);
        }
        found
    }

    fn kubectl(&mut self, words: &str, input: Option<&str>, limit: f64) -> Value {
        let mut command = kubectl::start(&format!("kubectl -n default {words}"), input);
        self.pass(COMMAND_BEGINS);
        let limit = self.timeline.head().now() + Duration::from_secs_f64(limit);
        let (mut stdout, mut stderr) = (String::new(), String::new());
        let exit = loop {
            let mut output = Output::default();
            let poll = command.poll(&mut SessionWorld::new(&mut self.timeline, &[]), &mut output);
            stdout.push_str(&output.stdout);
            stderr.push_str(&output.stderr);
            match poll {
                Poll::Exited(code) => break json!(code),
                Poll::Pending if self.timeline.head().now() >= limit => break json!("timeout"),
                Poll::Pending => self.pass(LOOK),
            }
        };
        self.hear();
        json!({"exit": exit, "stdout": self.printed(&stdout, words), "stderr": self.printed(&stderr, words)})
    }

    fn printed(&self, output: &str, words: &str) -> String {
        let output = programs::untaught(&node_course::named(&self.names.text(output)));
        programs::unhashed(&text::printed(&text::runtime(&output), words))
    }

    /// `web-0 ready`, `web-0 gone`, `web-0 Running`.
    fn until(&mut self, words: &str, limit: f64) {
        let (name, wanted) = words.split_once(' ').unwrap_or((words, "ready"));
        let limit = self.timeline.head().now() + Duration::from_secs_f64(limit);
        while !self.is(name, wanted) && self.timeline.head().now() < limit {
            self.pass(LOOK);
        }
    }

    fn is(&self, name: &str, wanted: &str) -> bool {
        let pod = self.timeline.head().store().get(&Key::new(Kind::Pod, "default", name));
        let Some(pod) = pod else { return wanted == "gone" };
        let mut conditions = pod.status().list_at(&["conditions"]).iter();
        match wanted {
            "gone" => false,
            "ready" => {
                !pod.metadata.is_deleting()
                    && conditions.any(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True")
            }
            phase => pod.status().str_at(&["phase"]) == phase,
        }
    }

    fn pass(&mut self, lasts: Duration) {
        let until = self.timeline.head().now() + lasts;
        self.timeline.run_until(until);
        self.hear();
    }

    fn hear(&mut self) {
        for change in self.timeline.changes().iter().skip(self.heard) {
            self.names.hear(change);
        }
        self.heard = self.timeline.changes().len();
    }
}
