//! Plays a recording's inputs against this engine.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use cluster::{Cluster, Config, Latency, NodeSpec, Record, StepLog, What};
use kubectl::{Command, Output, Poll};
use serde_json::{Value, json};

use super::compare::{Difference, compare};
use super::kubelet::{self, Play};
use super::names::Names;
use super::observed::{self, Observed};
use super::recording::{Recording, Step};
use super::snapshot::snapshot;
use super::world::Reach;
use super::{dns, text};

/// The cluster is at rest when nothing was written for so long, in seconds, unless a step says otherwise.
const QUIET: f64 = 1.6;
/// It is read after this long at the latest.
const SETTLE_LIMIT: Duration = Duration::from_mins(2);
/// A command is ended after this long.
const COMMAND_LIMIT: Duration = Duration::from_secs(25);
/// What kubectl needs before its first request. Back-offs go on meanwhile.
const COMMAND_BEGINS: Duration = Duration::from_millis(200);
/// A waiting command looks again after this long at the latest.
const LOOK: Duration = Duration::from_millis(100);
/// How long a command that is left running had to begin and to end.
const WATCH_BEGINS: Duration = Duration::from_millis(800);
const WATCH_ENDS: Duration = Duration::from_millis(500);
/// More than any step needs.
const STEPS_MAX: u64 = 500_000;

/// What playing a recording came to.
#[derive(Debug)]
pub struct Outcome {
    /// The differences of each step.
    pub steps: Vec<Vec<Difference>>,
    /// What happened in each step: seconds, who, what.
    pub traces: Vec<Vec<String>>,
}

impl Outcome {
    /// The first step with differences.
    pub fn first(&self) -> Option<(usize, &[Difference])> {
        let mut steps = self.steps.iter().enumerate();
        steps.find(|(_, found)| !found.is_empty()).map(|(at, found)| (at, found.as_slice()))
    }
}

/// A command that was left running.
struct Background {
    command: Box<dyn Command>,
    printed: String,
    exit: Option<i32>,
}

struct Player {
    cluster: Cluster,
    log: StepLog,
    names: Names,
    /// Changes that `names` has heard.
    heard: usize,
    addresses: u32,
    watch: Option<Background>,
}

/// Plays all steps.
pub fn play(recording: &Recording) -> Outcome {
    let mut player = Player {
        cluster: Cluster::new(config()),
        log: StepLog::default(),
        names: Names::default(),
        heard: 0,
        addresses: 0,
        watch: None,
    };
    let (mut steps, mut traces) = (Vec::new(), Vec::new());
    for step in &recording.steps {
        let (mark, begun) = (player.log.records.len(), player.cluster.now());
        steps.push(player.step(step));
        traces.push(player.log.records[mark..].iter().map(|record| trace(record, begun)).collect());
    }
    Outcome { steps, traces }
}

/// A line of a trace: when, who, what.
pub fn trace(record: &Record, begun: Time) -> String {
    let what = match &record.what {
        What::Requested { verb, key, part, result, changes } => {
            let refusal = result.as_ref().err().map(|status| status.message.as_str()).unwrap_or_default();
            format!("{verb} {key} {part} {} changes {refusal}", changes.len())
        }
        What::Decided { key, reason } => format!("{key} {reason:?}"),
        What::Failed { key, message } => format!("{key} failed: {message}"),
        What::Fault(fault) => format!("{fault:?}"),
    };
    let millis = record.at.micros_since(begun) / 1_000;
    format!("{:6}.{:03} {} {what}", millis / 1_000, millis % 1_000, record.actor)
}

/// The recorded cluster.
fn config() -> Config {
    let class = |name: &str, mode: &str, policy: &str| {
        json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
            "provisioner": "kubernetes.io/host-path", "volumeBindingMode": mode, "reclaimPolicy": policy,
        })
    };
    let node = |name: &str| NodeSpec {
        name: name.to_owned(),
        cpu: "64".to_owned(),
        memory: "256Gi".to_owned(),
        pods: 2000,
    };
    Config {
        nodes: ["node-1", "node-2", "node-3"].map(node).to_vec(),
        objects: vec![
            class("standard", "Immediate", "Delete"),
            class("retain", "Immediate", "Retain"),
            class("wffc", "WaitForFirstConsumer", "Delete"),
        ],
        provisioners: Vec::new(),
        kubelets: false,
        node_lifecycle: false,
        // Everything ran on one machine.
        watch_lag: Latency::micros(400, 600),
        request_latency: Latency::micros(2_000, 2_200),
        answer_latency: Latency::micros(1_500, 1_700),
        ..Config::default()
    }
}

impl Player {
    fn step(&mut self, step: &Step) -> Vec<Difference> {
        let mark = self.log.changes.len();
        let mut found = Vec::new();
        let result = self.act(step).unwrap_or_else(|refusal| {
            found.push(Difference::new("do", "done", refusal));
            None
        });
        let quiet = step.act.get("settle").and_then(Value::as_f64).unwrap_or(QUIET);
        self.settle(Duration::from_secs_f64(quiet));
        self.hear();
        let changes: Vec<Rc<_>> = self.log.changes[mark..].to_vec();
        let observed = Observed {
            result,
            changes: observed::changes(&changes, &self.names),
            events: observed::events(&changes, &self.names),
            others: observed::others(&changes, &self.names),
            state: snapshot(&self.cluster, &self.names),
        };
        found.extend(compare(step, &observed));
        found
    }

    /// Does what the step says; returns what was printed or answered.
    fn act(&mut self, step: &Step) -> Result<Option<Value>, String> {
        let (verb, argument) = step.verb();
        let words = argument.as_str().unwrap_or_default();
        match verb {
            "apply" | "create" => Ok(Some(self.kubectl(&format!("{verb} -f -"), Some(words)))),
            "kubectl" => {
                let input = step.act.get("input").and_then(Value::as_str);
                Ok(Some(self.kubectl(words, input)))
            }
            "watch" => {
                let command = kubectl::start(&format!("kubectl -n default {words}"), None);
                self.watch = Some(Background { command, printed: String::new(), exit: None });
                self.pass(WATCH_BEGINS);
                Ok(None)
            }
            "unwatch" => Ok(Some(self.unwatch())),
            "wait" => {
                self.pass(Duration::from_secs_f64(argument.as_f64().unwrap_or(0.0)));
                Ok(None)
            }
            "dns" => Ok(Some(self.dns(argument))),
            _ => {
                let play = Play::named(verb).ok_or_else(|| format!("no such verb: {verb}"))?;
                let one = [argument.clone()];
                let pods = argument.as_array().map_or(&one[..], Vec::as_slice);
                for pod in pods {
                    let mut reach = Reach { cluster: &mut self.cluster, log: &mut self.log };
                    kubelet::play(play, pod.as_str().unwrap_or_default(), &mut reach, &mut self.addresses)?;
                    self.look();
                }
                Ok(None)
            }
        }
    }

    fn kubectl(&mut self, words: &str, input: Option<&str>) -> Value {
        self.hear();
        // The namespace is always named, which some commands remark upon.
        let mut command = kubectl::start(&format!("kubectl -n default {}", self.with_uids(words)), input);
        self.pass(COMMAND_BEGINS);
        let limit = self.cluster.now() + COMMAND_LIMIT;
        let (mut stdout, mut stderr) = (String::new(), String::new());
        let exit = loop {
            let mut output = Output::default();
            let mut reach = Reach { cluster: &mut self.cluster, log: &mut self.log };
            let poll = command.poll(&mut reach, &mut output);
            stdout.push_str(&output.stdout);
            stderr.push_str(&output.stderr);
            match poll {
                Poll::Exited(code) => break json!(code),
                Poll::Pending if self.cluster.now() >= limit => break json!("timeout"),
                Poll::Pending => self.next_moment(limit),
            }
        };
        self.look();
        self.hear();
        let stdout = self.printed(&stdout, words);
        let stdout = if words.starts_with("explain") && exit == 0 { outline(&stdout) } else { stdout };
        json!({"exit": exit, "stdout": stdout, "stderr": self.printed(&stderr, words)})
    }

    fn unwatch(&mut self) -> Value {
        self.pass(WATCH_ENDS);
        self.hear();
        let Some(watch) = self.watch.take() else { return Value::Null };
        json!({"exit": watch.exit, "stdout": self.printed(&watch.printed, ""), "stderr": ""})
    }

    fn dns(&mut self, question: &Value) -> Value {
        self.hear();
        let name = question["name"].as_str().unwrap_or_default();
        let kind = question["type"].as_str().unwrap_or("A");
        let (rcode, answer) = dns::dig(&self.cluster, name, kind);
        let mut answer: Vec<String> = answer.iter().map(|line| self.names.text(line)).collect();
        answer.sort();
        json!({"rcode": rcode, "answer": answer})
    }

    /// A text of kubectl with placeholders for what is chance.
    fn printed(&self, printed: &str, command: &str) -> String {
        // `apply` and `create` are verbs of their own in a recording: no command to look into.
        text::printed(&self.names.text(printed), command)
    }

    /// `uid(pod/web-0)` in a command stands for that UID.
    fn with_uids(&self, words: &str) -> String {
        text::replaced(words, |_, rest| {
            let named = rest.strip_prefix("uid(")?.split(')').next()?;
            Some((named.len() + 5, self.names.uid(named).unwrap_or_default().to_owned()))
        })
    }

    /// The names hear of what was written meanwhile.
    fn hear(&mut self) {
        for change in &self.log.changes[self.heard..] {
            if &*change.key.namespace == "default" {
                self.names.hear(change);
            }
        }
        self.heard = self.log.changes.len();
    }

    /// Lets the command that was left running print.
    fn look(&mut self) {
        let Some(watch) = &mut self.watch else { return };
        if watch.exit.is_some() {
            return;
        }
        let mut output = Output::default();
        let mut reach = Reach { cluster: &mut self.cluster, log: &mut self.log };
        if let Poll::Exited(code) = watch.command.poll(&mut reach, &mut output) {
            watch.exit = Some(code);
        }
        watch.printed.push_str(&output.stdout);
        watch.printed.push_str(&output.stderr);
    }

    /// Does the next thing that is due, or waits a little.
    fn next_moment(&mut self, limit: Time) {
        let horizon = (self.cluster.now() + LOOK).min(limit);
        if self.cluster.next_due().is_some_and(|due| due <= horizon) {
            self.cluster.step(&mut self.log);
        } else {
            self.cluster.stand_at(horizon);
        }
        self.look();
    }

    /// Lets time pass.
    fn pass(&mut self, by: Duration) {
        let (until, begun) = (self.cluster.now() + by, self.cluster.steps());
        self.look();
        while self.cluster.now() < until {
            self.next_moment(until);
            assert!(self.cluster.steps() - begun < STEPS_MAX, "the cluster never stops");
        }
    }

    /// Lets time pass until nothing has been written for `quiet`.
    fn settle(&mut self, quiet: Duration) {
        let (limit, begun) = (self.cluster.now() + SETTLE_LIMIT, self.cluster.steps());
        let (mut last, mut revision) = (self.cluster.now(), self.cluster.store().revision());
        while self.cluster.now() < (last + quiet).min(limit) {
            self.next_moment((last + quiet).min(limit));
            if self.cluster.store().revision() != revision {
                revision = self.cluster.store().revision();
                last = self.cluster.now();
            }
            assert!(self.cluster.steps() - begun < STEPS_MAX, "the cluster never stops");
        }
    }
}

/// Of `explain` the recordings keep what is named and typed, not the prose.
fn outline(text: &str) -> String {
    let heads = ["GROUP:", "KIND:", "VERSION:", "FIELD:", "FIELDS:"];
    let typed = |line: &str| {
        let (name, kind) = line.split_once('\t').unwrap_or_default();
        let blanks = name.len() - name.trim_start().len();
        let word = !name.trim_start().is_empty() && !name.trim_start().contains(char::is_whitespace);
        blanks > 0 && word && kind.starts_with('<')
    };
    let kept = text.lines().filter(|line| heads.iter().any(|head| line.starts_with(head)) || typed(line));
    kept.flat_map(|line| [line, "\n"]).collect()
}
