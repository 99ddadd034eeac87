//! Plays a recording of a real kubelet against this engine's.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use cluster::{Config, Fault, NodeSpec};
use kubelet::ImageBehaviours;
use serde_json::{Value, json};
use session::Act;

use crate::compare::walk;
use crate::course::{self, Course};
use crate::difference::Difference;
use crate::recording::{Recording, Step, span};
use crate::stage::{Chance, Stage, config};
use crate::{Played, text};

/// A command is ended after this long, in seconds, unless the step says otherwise.
const COMMAND_LIMIT: f64 = 25.0;
/// A wait ends after this long, in seconds, unless the step says otherwise, even if nothing came of it.
const UNTIL_LIMIT: f64 = 60.0;
/// How long a command takes here, in seconds.
const COMMAND_TAKES: f64 = 0.3;
/// A step that waits looks again after this long.
const LOOK: Duration = Duration::from_millis(100);

/// A recorded command that took longer than this, in seconds, waited for something; `apply` never did.
const COMMAND_TOOK: f64 = 4.0;

/// The recorder's images, each with the tools of busybox 1.35. Its servers run a program of its own, `app`.
const IMAGES: [(&str, &str); 9] = [
    ("nginx", "runs=app,tools=busybox:1.35"),
    ("nginx:1.7.9", "runs=app,tools=busybox:1.35"),
    ("nginx:1.9.1", "runs=app,tools=busybox:1.35"),
    ("nginx:1.27", "runs=app,tools=busybox:1.35"),
    ("nginx:latest", "runs=app,tools=busybox:1.35"),
    ("busybox", "tools=busybox:1.35"),
    ("busybox:1.28.4", "tools=busybox:1.35"),
    ("busybox:1.36", "tools=busybox:1.35"),
    ("busybox:latest", "tools=busybox:1.35"),
];

/// `app` as a script of a shell. The recorder's machine took about a second to start it, hence `sleep 1`: it
/// never ended at the moment it began.
const PROGRAMS: [(&str, &str); 2] = [
    ("app crash", "trap exit TERM; echo started; sleep $1; sleep 1; echo exiting $2; exit $2"),
    ("app", "trap exit TERM; echo started; tail -f /dev/null"),
];

/// Plays all steps. The last entry of the result's `steps` is about the course of all of them.
pub fn play(recording: &Recording, recorded: &Course, chance: Chance) -> Played {
    let mut stage = Stage::new(recorded_cluster(chance));
    let mut played = Played::default();
    let begun = stage.now();
    let steps = &recording.steps;
    let first = steps.first().map_or(0.0, |step| step.at);
    let next = steps.iter().skip(1).map(|step| step.at).chain([recorded.ends]);
    for (step, next) in steps.iter().zip(next) {
        // The recorder's machine was slow: a command that did not wait for anything did its work shortly
        // before the next step.
        let at_once = match step.verb().0 {
            "apply" => false,
            "kubectl" => next - step.at > COMMAND_TOOK,
            _ => true,
        };
        let at = if at_once { step.at } else { step.at.max(next - COMMAND_TAKES) };
        stage.run.run_until(begun + span((at - first).max(0.0)));
        played.begins.push(stage.now());
        played.steps.push(act(&mut stage, step));
    }
    stage.run.run_until(begun + span((recorded.ends - first).max(0.0)));
    stage.hear();
    let observed = Course::observed(stage.run.records(), &stage.names, begun, first);
    played.steps.push(course::compare(recorded, &observed));
    played.run = Some(stage.run);
    played
}

/// One node, and a class whose volumes the controller makes itself.
fn recorded_cluster(chance: Chance) -> Config {
    let node =
        NodeSpec { name: "node-1".to_owned(), cpu: "2".to_owned(), memory: "8Gi".to_owned(), pods: 110 };
    let mut images = ImageBehaviours::default();
    for (image, behaviour) in IMAGES {
        images.set(image, behaviour);
    }
    for (words, script) in PROGRAMS {
        images.add_program(words, script);
    }
    Config {
        nodes: vec![node],
        objects: vec![json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "my-storage-class"},
            "provisioner": "kubernetes.io/host-path",
        })],
        // CoreDNS ran on the node, beside the kubelet.
        cluster_dns: Some("10.244.1.1".to_owned()),
        images: Rc::new(images),
        ..config(chance)
    }
}

/// Does what the step says, and compares what was printed.
fn act(stage: &mut Stage, step: &Step) -> Vec<Difference> {
    let (verb, argument) = step.verb();
    let words = argument.as_str().unwrap_or_default();
    let limit = |usual: f64| span(step.seconds("timeout").unwrap_or(usual));
    let mut found = Vec::new();
    let mut result = None;
    match verb {
        "apply" => result = Some(kubectl(stage, "apply -f -", Some(words), limit(COMMAND_LIMIT))),
        "kubectl" => result = Some(kubectl(stage, words, None, limit(COMMAND_LIMIT))),
        "wait" => stage.pass(span(argument.as_f64().unwrap_or_default())),
        "until" => until(stage, words, limit(UNTIL_LIMIT)),
        "shell" => {
            let node = "node-1".to_owned();
            let fault = match words {
                "stop kubelet" => Fault::StopKubelet { node },
                _ => Fault::StartKubelet { node },
            };
            stage.run.act(Act::Fault { fault, text: words.to_owned() });
        }
        _ => found.push(Difference::new("do", "done", format!("no such verb: {verb}"))),
    }
    // Some things that a command printed were not recorded.
    let recorded = step.read.get("result").and_then(Value::as_object).into_iter().flatten();
    for (member, recorded) in recorded {
        let printed = result.as_ref().and_then(|result| result.get(member));
        walk(&format!("result.{member}"), Some(recorded), printed, &step.unstable, &mut found);
    }
    found
}

fn kubectl(stage: &mut Stage, words: &str, input: Option<&str>, limit: Duration) -> Value {
    let (exit, stdout, stderr) = stage.kubectl(words, input, limit);
    let printed =
        |output: &str| text::printed(&text::runtime(&course::named(&stage.names.text(output))), words);
    json!({"exit": exit, "stdout": printed(&stdout), "stderr": printed(&stderr)})
}

/// Waits, at most for `limit`, until a Pod is as `words` say: `web-0 ready`, `web-0 gone`, `web-0 Running`.
fn until(stage: &mut Stage, words: &str, limit: Duration) {
    let (name, wanted) = words.split_once(' ').unwrap_or((words, "ready"));
    let limit = stage.now() + limit;
    while !is(stage, name, wanted) && stage.now() < limit {
        stage.pass(LOOK);
    }
}

fn is(stage: &Stage, name: &str, wanted: &str) -> bool {
    let pod = stage.run.head().store().get(&Key::new(Kind::Pod, "default", name));
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
