//! Plays a recording of a control plane: steps play the kubelets, and everything is read after each.

use std::time::Duration;

use apimachinery::value::ValueExt;
use cluster::{Config, NodeSpec};
use serde_json::{Value, json};

use crate::compare::compare;
use crate::difference::Difference;
use crate::kubelet::{self, Play};
use crate::observed::{self, Observed};
use crate::recording::{Recording, Step, span};
use crate::snapshot::snapshot;
use crate::stage::{Chance, Stage, config};
use crate::{Played, dns, text};

/// The cluster is at rest when nothing was written for this many seconds, unless a step says otherwise.
const QUIET: f64 = 1.6;
/// A command is ended after this long.
const COMMAND_LIMIT: Duration = Duration::from_secs(25);

/// Plays all steps.
pub fn play(recording: &Recording, chance: Chance) -> Played {
    let mut player = Player { stage: Stage::new(recorded_cluster(chance)), addresses: 0 };
    let mut played = Played::default();
    for step in &recording.steps {
        let mark = player.stage.run.changes().len();
        played.begins.push(player.stage.now());
        let mut found = Vec::new();
        let result = player.act(step).unwrap_or_else(|refusal| {
            found.push(Difference::new("do", "done", refusal));
            None
        });
        player.stage.settle(span(step.seconds("settle").unwrap_or(QUIET)));
        let observed = player.observed(result, mark);
        found.extend(compare(step, &observed));
        played.steps.push(found);
        played.states.push(observed.state);
    }
    played.run = Some(player.stage.run);
    played
}

/// Three equal nodes without kubelets, and classes whose volumes the controller makes itself.
fn recorded_cluster(chance: Chance) -> Config {
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
        kubelets: false,
        node_lifecycle: false,
        ..config(chance)
    }
}

struct Player {
    stage: Stage,
    /// Pod IPs given so far.
    addresses: u32,
}

impl Player {
    /// What is read after a step, whose changes are those after the first `mark` ones.
    fn observed(&self, result: Option<Value>, mark: usize) -> Observed {
        let (changes, names) = (self.stage.changes_since(mark), &self.stage.names);
        Observed {
            result,
            changes: observed::changes(&changes, names),
            events: observed::events(&changes, names),
            others: observed::others(&changes, names),
            state: snapshot(self.stage.run.head(), names),
        }
    }

    /// Does what the step says; returns what was printed or answered.
    fn act(&mut self, step: &Step) -> Result<Option<Value>, String> {
        let (verb, argument) = step.verb();
        let words = argument.as_str().unwrap_or_default();
        match verb {
            "apply" | "create" => Ok(Some(self.kubectl(&format!("{verb} -f -"), Some(words)))),
            "kubectl" => Ok(Some(self.kubectl(words, step.act.get("input").and_then(Value::as_str)))),
            "watch" => {
                self.stage.watch(words);
                Ok(None)
            }
            "unwatch" => Ok(self.stage.unwatch().map(
                |(exit, printed)| json!({"exit": exit, "stdout": self.printed(&printed, ""), "stderr": ""}),
            )),
            "wait" => {
                self.stage.pass(span(argument.as_f64().unwrap_or_default()));
                Ok(None)
            }
            "dns" => self.dns(argument).map(Some),
            _ => {
                let play = Play::named(verb).ok_or_else(|| format!("no such verb: {verb}"))?;
                let one = [argument.clone()];
                for pod in argument.as_array().map_or(&one[..], Vec::as_slice) {
                    let name = pod.as_str().unwrap_or_default();
                    kubelet::play(play, name, &mut self.stage, &mut self.addresses)?;
                }
                Ok(None)
            }
        }
    }

    fn kubectl(&mut self, words: &str, input: Option<&str>) -> Value {
        self.stage.hear();
        let (exit, stdout, stderr) = self.stage.kubectl(&self.with_uids(words), input, COMMAND_LIMIT);
        let stdout = self.printed(&stdout, words);
        let stdout = if words.starts_with("explain") && exit == 0 { outline(&stdout) } else { stdout };
        json!({"exit": exit, "stdout": stdout, "stderr": self.printed(&stderr, words)})
    }

    fn dns(&mut self, question: &Value) -> Result<Value, String> {
        let name = question.str_at(&["name"]);
        let kind = question.at(&["type"]).and_then(Value::as_str).unwrap_or("A");
        let (rcode, answer) = dns::dig(self.stage.run.head(), name, kind)?;
        let mut answer: Vec<String> = answer.iter().map(|line| self.stage.names.text(line)).collect();
        answer.sort();
        Ok(json!({"rcode": rcode, "answer": answer}))
    }

    /// A text of kubectl with placeholders for what is chance.
    fn printed(&self, printed: &str, command: &str) -> String {
        // `apply` and `create` are verbs of their own in a recording: no command to look into.
        text::printed(&self.stage.names.text(printed), command)
    }

    /// `uid(pod/web-0)` in a command stands for that UID.
    fn with_uids(&self, words: &str) -> String {
        text::replaced(words, |_, rest| {
            let named = rest.strip_prefix("uid(")?.split(')').next()?;
            Some((named.len() + 5, self.stage.names.uid(named).unwrap_or_default().to_owned()))
        })
    }
}

/// The names and types in a text of `explain`: recordings do not keep its prose.
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
