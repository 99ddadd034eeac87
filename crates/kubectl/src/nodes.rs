//! `kubectl cordon`, `uncordon`, `taint`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/drain`, `k8s.io/kubectl/pkg/cmd/taint`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::names::{label_value, qualified_name};
use apimachinery::value::ValueExt;
use apiserver::{Actor, Patch, Request, Subresource, Verb, WriteOptions};
use serde_json::{Value, json};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::output::{DryRun, Reporter};
use crate::resources::{self, Ask, Asked, Scope};
use crate::send::made;
use crate::world::World;

/// The nodes that a command names, by names or by `-l`; the error is whole lines.
pub fn nodes(call: &Invocation, world: &mut dyn World) -> Result<Vec<Rc<Object>>, String> {
    for word in &call.args.positional {
        let kind = word.split_once('/').and_then(|(kind, _)| Kind::from_resource(kind));
        if let Some(kind) = kind.filter(|kind| *kind != Kind::Node) {
            let info = kind.info();
            let (group, version, plural) = (info.group, info.version, info.plural);
            return Err(errors::line(&format!(
                "expected resource of type node, got \"{group}/{version}, Resource={plural}\""
            )));
        }
    }
    let bare = |word: &String| word.trim_start_matches("nodes/").trim_start_matches("node/").to_owned();
    let names: Vec<String> = call.args.positional.iter().map(bare).collect();
    let asked = Asked { asks: vec![Ask::new(Kind::Node, names)], ..Asked::default() };
    let found = resources::find(&asked, &Scope::of(&call.args, ""), world);
    match found.errors.first() {
        Some(error) => Err(error.clone()),
        None => Ok(found.all().cloned().collect()),
    }
}

/// What is wrong with the arguments of a verb that needs nodes.
pub fn usage(call: &Invocation, verb: &str) -> Option<String> {
    let selects = call.args.value("selector").is_some();
    let text = match (call.args.positional.is_empty(), selects) {
        (true, false) => format!("USAGE: {verb} NODE [flags]"),
        (false, true) => "error: cannot specify both a node name and a --selector option".to_owned(),
        _ => return None,
    };
    Some(errors::usage(verb, &text).replace("error: error: ", "error: "))
}

/// Marks a node as (un)schedulable, and says so.
pub fn set_cordoned(node: &Object, on: bool, dry_run: DryRun, world: &mut dyn World, out: &mut Output) {
    let name = &node.metadata.name;
    let word = if on { "cordoned" } else { "uncordoned" };
    let suffix = dry_run.suffix();
    if (node.spec().bool_at(&["unschedulable"]) == Some(true)) == on {
        out.say(&format!("node/{name} already {word}{suffix}"));
        return;
    }
    if dry_run != DryRun::Client {
        let value = if on { json!(true) } else { Value::Null };
        let patch = Patch::StrategicMerge(json!({"spec": {"unschedulable": value}}));
        let options = WriteOptions { dry_run: dry_run == DryRun::Server, ..WriteOptions::default() };
        let verb = Verb::Patch(patch, Subresource::None, options);
        if let Err(status) = world.request(Request { actor: Actor::user(), key: node.key(), verb }) {
            let verb = if on { "cordon" } else { "uncordon" };
            out.complain(&format!("error: unable to {verb} node \"{name}\": {}", status.message));
            return;
        }
    }
    out.say(&format!("node/{name} {word}{suffix}"));
}

/// Begins `cordon` (or `uncordon`).
pub fn cordon(call: Invocation, on: bool) -> Box<dyn Command> {
    if let Some(message) = usage(&call, if on { "cordon" } else { "uncordon" }) {
        return failed(message, 1);
    }
    once(move |world, out| {
        match nodes(&call, world).and_then(|nodes| Ok((nodes, DryRun::of(&call.args)?))) {
            Ok((nodes, dry_run)) => nodes.iter().for_each(|node| set_cordoned(node, on, dry_run, world, out)),
            Err(message) => {
                out.stderr.push_str(&message);
                return 1;
            }
        }
        0
    })
}

/// A taint of the command line: key, value, effect. To remove one, the effect may be left out.
#[derive(Clone, PartialEq)]
struct Taint {
    key: String,
    value: String,
    effect: String,
}

impl Taint {
    fn parse(text: &str, removes: bool) -> Result<Self, String> {
        let invalid = |why: &str| format!("invalid taint spec: {text}{why}");
        let bad = |problems: Vec<String>| {
            if problems.is_empty() { Ok(()) } else { Err(invalid(&format!(", {}", problems.join("; ")))) }
        };
        let (head, effect) = match text.split_once(':') {
            Some((head, effect)) => (head, effect),
            None => (text, ""),
        };
        if effect.contains(':') {
            return Err(invalid(""));
        }
        let (key, value) =
            if text.contains(':') { head.split_once('=').unwrap_or((head, "")) } else { (head, "") };
        if value.contains('=') {
            return Err(invalid(""));
        }
        bad(qualified_name(key))?;
        bad(label_value(value))?;
        if effect.is_empty() && !removes && !text.contains(':') {
            return Err(invalid(""));
        }
        let known = matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute");
        if !known && (!removes || !effect.is_empty()) {
            return Err(format!("invalid taint effect: {effect}, unsupported taint effect"));
        }
        Ok(Self { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() })
    }

    fn is_like(&self, taint: &Value) -> bool {
        taint.str_at(&["key"]) == self.key
            && (self.effect.is_empty() || taint.str_at(&["effect"]) == self.effect)
    }

    fn to_value(&self) -> Value {
        let mut taint = json!({"effect": self.effect, "key": self.key});
        if !self.value.is_empty() {
            apimachinery::value::set_at(&mut taint, &["value"], self.value.as_str().into());
        }
        taint
    }

    fn text(&self) -> String {
        if self.effect.is_empty() { self.key.clone() } else { format!("{}:{}", self.key, self.effect) }
    }
}

/// Begins `taint`.
pub fn taint(call: Invocation) -> Box<dyn Command> {
    let is_edit = |w: &String| w.contains('=') || w.contains(':') || w.ends_with('-');
    let words = &call.args.positional;
    let first = words.iter().position(is_edit).unwrap_or(words.len());
    let (names, edits) = words.split_at(first);
    let names = names.to_vec();
    if names.is_empty() && !call.args.is_on("all") && call.args.value("selector").is_none() {
        return failed(errors::line("one or more resources must be specified as <resource> <name>"), 1);
    }
    if edits.is_empty() {
        return failed(errors::line("at least one taint update is required"), 1);
    }
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for edit in edits {
        let bare = edit.strip_suffix('-');
        match Taint::parse(bare.unwrap_or(edit), bare.is_some()) {
            Ok(taint) if bare.is_some() => remove.push(taint),
            Ok(taint) => add.push(taint),
            Err(message) => return failed(errors::usage("taint", &message), 1),
        }
    }
    let twice = add.iter().enumerate().find(|(at, taint)| {
        add.iter().take(*at).any(|before| before.key == taint.key && before.effect == taint.effect)
    });
    if let Some((_, Taint { key, value, effect })) = twice {
        let text =
            format!("duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}");
        return failed(errors::usage("taint", &text), 1);
    }
    let both = remove.iter().filter(|gone| add.iter().any(|new| gone.is_like(&new.to_value())));
    let both: Vec<String> = both.map(|gone| format!("{}={}", gone.key, gone.effect)).collect();
    if !both.is_empty() {
        let text = "can not both modify and remove the following taint(s) in the same command: ";
        return failed(errors::line(&format!("{text}{}", both.join(", "))), 1);
    }
    let ty = names.first().map_or("", |word| word.split('/').next().unwrap_or(word));
    match Kind::from_resource(ty) {
        Some(Kind::Node) => {}
        Some(_) => {
            let text = format!("invalid resource type {ty}, only node types are supported");
            return failed(errors::line(&text), 1);
        }
        None => return failed(resources::unknown_type(ty).replacen("error: ", "", 1), 1),
    }
    once(move |world, out| {
        let mut reporter = match Reporter::of(&call.args) {
            Ok(reporter) => reporter.silent_about_dry_runs().of_structs(),
            Err(message) => {
                out.stderr.push_str(&message);
                return 1;
            }
        };
        let overwrite = call.args.is_on("overwrite");
        resources::each(&call, &names, "", world, out, &mut |node, world, out| {
            edit(node, &add, &remove, overwrite, &mut reporter, world, out)
        })
    })
}

fn edit(
    node: &Rc<Object>,
    add: &[Taint],
    remove: &[Taint],
    overwrite: bool,
    reporter: &mut Reporter,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let old = node.spec().list_at(&["taints"]);
    let clash: Vec<&str> =
        add.iter().filter(|new| old.iter().any(|t| new.is_like(t))).map(|t| t.key.as_str()).collect();
    if !clash.is_empty() && !overwrite {
        let (name, keys) = (&node.metadata.name, clash.join(","));
        let text =
            format!("node {name} already has {keys} taint(s) with same effect(s) and --overwrite is false");
        return Err(Failure::Plain(text));
    }
    let missing: Vec<String> = remove
        .iter()
        .filter(|gone| !old.iter().any(|t| gone.is_like(t)))
        .map(|gone| format!("taint \"{}\" not found", gone.text()))
        .collect();
    if !missing.is_empty() {
        return Err(match missing.as_slice() {
            [one] => Failure::Plain(one.clone()),
            many => Failure::Text(format!("{}\n", many.join("\n"))),
        });
    }
    let mut taints: Vec<Value> = add.iter().map(Taint::to_value).collect();
    taints.extend(old.iter().filter(|t| !add.iter().chain(remove).any(|edit| edit.is_like(t))).cloned());
    let deed = match (clash.is_empty(), add.is_empty()) {
        (false, _) => "modified",
        (true, true) => "untainted",
        (true, false) if !remove.is_empty() => "modified",
        (true, false) => "tainted",
    };
    let value = if taints.is_empty() { Value::Null } else { taints.into() };
    let patch = json!({"spec": {"taints": value}});
    let told = if reporter.dry_run == DryRun::Client {
        let merged = apiserver::patch::merge(node.to_value(), &patch);
        Rc::new(Object::from_value(Kind::Node, merged))
    } else {
        let verb = Verb::Patch(Patch::Merge(patch), Subresource::None, reporter.options());
        made(Request { actor: Actor::user(), key: node.key(), verb }, world, out)?
    };
    reporter.tell(&told, deed, out).map_err(Failure::Text)
}
