//! `kubectl cordon`, `uncordon`, `drain`, `taint`.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Time};
use apiserver::{Actor, DeleteOptions, ListOptions, Patch, Request, Subresource, Verb};
use serde_json::{Value, json};

use crate::Invocation;
use crate::command::{Command, Output, Poll, failed, once};
use crate::errors;
use crate::world::World;

/// Between two tries to evict a Pod that a budget protects.
const RETRY: std::time::Duration = std::time::Duration::from_secs(5);

fn node(name: &str, world: &mut dyn World) -> Result<Rc<Object>, String> {
    let key = Key::new(Kind::Node, "", name);
    let answer = world.request(Request::get(&Actor::user(), key)).map_err(|status| errors::text(&status))?;
    answer.into_object().ok_or_else(String::new)
}

fn set_cordoned(name: &str, on: bool, world: &mut dyn World, out: &mut Output) -> Result<(), String> {
    let node = node(name, world)?;
    let is = node.spec().bool_at(&["unschedulable"]) == Some(true);
    let word = if on { "cordoned" } else { "uncordoned" };
    if is == on {
        out.say(&format!("node/{name} already {word}"));
        return Ok(());
    }
    let value = if on { json!(true) } else { Value::Null };
    let patch = Patch::StrategicMerge(json!({"spec": {"unschedulable": value}}));
    let request = Request::patch(&Actor::user(), node.key(), patch, Subresource::None);
    world.request(request).map_err(|status| errors::text(&status))?;
    out.say(&format!("node/{name} {word}"));
    Ok(())
}

/// Begins `cordon` (or `uncordon`).
pub fn cordon(call: Invocation, on: bool) -> Box<dyn Command> {
    let names = call.args.positional.clone();
    if names.is_empty() {
        let verb = if on { "cordon" } else { "uncordon" };
        return failed(format!("error: USAGE: {verb} NODE [flags]\nSee 'kubectl {verb} -h' for help and examples\n"), 1);
    }
    once(move |world, out| {
        let mut code = 0;
        for name in &names {
            let name = name.trim_start_matches("node/").trim_start_matches("nodes/");
            if let Err(message) = set_cordoned(name, on, world, out) {
                out.stderr.push_str(&message);
                code = 1;
            }
        }
        code
    })
}

/// Begins `taint`.
pub fn taint(call: Invocation) -> Box<dyn Command> {
    let mut words = call.args.positional.clone().into_iter();
    let (Some(_), Some(name)) = (words.next(), words.next()) else {
        return failed("error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n".to_owned(), 1);
    };
    let edits: Vec<String> = words.collect();
    once(move |world, out| {
        let node = match node(&name, world) {
            Ok(node) => node,
            Err(message) => {
                out.stderr.push_str(&message);
                return 1;
            }
        };
        let mut taints = node.spec().list_at(&["taints"]).to_vec();
        let mut removed = false;
        for edit in &edits {
            if let Some(text) = edit.strip_suffix('-') {
                let (key, effect) = text.split_once(':').unwrap_or((text, ""));
                let key = key.split('=').next().unwrap_or(key);
                taints.retain(|t| t.str_at(&["key"]) != key || (!effect.is_empty() && t.str_at(&["effect"]) != effect));
                removed = true;
            } else {
                let (head, effect) = edit.split_once(':').unwrap_or((edit, "NoSchedule"));
                let (key, value) = head.split_once('=').unwrap_or((head, ""));
                let mut taint = json!({"key": key, "effect": effect});
                if !value.is_empty() {
                    apimachinery::value::set_at(&mut taint, &["value"], value.into());
                }
                taints.push(taint);
            }
        }
        let patch = Patch::Merge(json!({"spec": {"taints": taints}}));
        match world.request(Request::patch(&Actor::user(), node.key(), patch, Subresource::None)) {
            Ok(_) => {
                out.say(&format!("node/{name} {}", if removed { "untainted" } else { "tainted" }));
                0
            }
            Err(status) => {
                out.stderr.push_str(&errors::text(&status));
                1
            }
        }
    })
}

/// Begins `drain`.
pub fn drain(call: Invocation) -> Box<dyn Command> {
    let Some(name) = call.args.positional.first().cloned() else {
        return failed("error: USAGE: drain NODE [flags]\nSee 'kubectl drain -h' for help and examples\n".to_owned(), 1);
    };
    let timeout = call.args.value("timeout").map_or(Ok(std::time::Duration::ZERO), apimachinery::duration::parse_go);
    let Ok(timeout) = timeout else { return failed("error: invalid timeout\n".to_owned(), 1) };
    Box::new(Drain { node: name, timeout, begun: None, waiting: Vec::new() })
}

/// A Pod that drain still has to see gone.
struct Leaving {
    key: Key,
    uid: String,
    evicted: bool,
    retry_at: Time,
}

struct Drain {
    node: String,
    timeout: std::time::Duration,
    begun: Option<Time>,
    waiting: Vec<Leaving>,
}

impl Drain {
    fn begin(&mut self, world: &mut dyn World, out: &mut Output) -> Result<(), String> {
        set_cordoned(&self.node, true, world, out)?;
        let options = ListOptions { field_selector: format!("spec.nodeName={}", self.node), ..ListOptions::default() };
        let request = Request::list(&Actor::user(), Kind::Pod, "", options);
        let pods = world.request(request).map_err(|status| errors::text(&status))?.into_list();
        let now = world.now();
        self.waiting = pods
            .iter()
            .map(|p| Leaving { key: p.key(), uid: p.metadata.uid.clone(), evicted: false, retry_at: now })
            .collect();
        Ok(())
    }

    fn evict(pod: &mut Leaving, world: &mut dyn World, out: &mut Output) {
        out.say(&format!("evicting pod {}/{}", pod.key.namespace, pod.key.name));
        let verb = Verb::Evict(DeleteOptions::default());
        let request = Request { actor: Actor::user(), key: pod.key.clone(), verb };
        match world.request(request) {
            Ok(_) => pod.evicted = true,
            Err(status) if status.reason == Reason::NotFound => pod.evicted = true,
            Err(status) => {
                pod.retry_at = world.now() + RETRY;
                out.complain(&format!(
                    "error when evicting pods/\"{}\" -n \"{}\" (will retry after 5s): {}",
                    pod.key.name, pod.key.namespace, status.message
                ));
            }
        }
    }

    fn give_up(&self, out: &mut Output) -> Poll {
        let (name, timeout) = (&self.node, apimachinery::duration::go(self.timeout));
        for pod in &self.waiting {
            let error = format!(
                "error when evicting pods/\"{}\" -n \"{}\": global timeout reached: {timeout}",
                pod.key.name, pod.key.namespace
            );
            out.complain(&format!("There are pending pods in node \"{name}\" when an error occurred: {error}"));
            out.complain(&format!("pod/{}", pod.key.name));
            out.complain(&format!("error: unable to drain node \"{name}\" due to error: {error}, continuing command..."));
            out.complain("There are pending nodes to be drained:");
            out.complain(&format!(" {name}"));
            out.complain(&error);
        }
        Poll::Exited(1)
    }
}

impl Command for Drain {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.begun.is_none() {
            self.begun = Some(world.now());
            if let Err(message) = self.begin(world, out) {
                out.stderr.push_str(&message);
                return Poll::Exited(1);
            }
        }
        let now = world.now();
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain_mut(|pod| {
            if !pod.evicted && pod.retry_at <= now {
                Self::evict(pod, world, out);
            }
            let live = world.request(Request::get(&Actor::user(), pod.key.clone())).ok();
            let there = live.and_then(apiserver::Response::into_object).is_some_and(|o| o.metadata.uid == pod.uid);
            if !there {
                out.say(&format!("pod/{} evicted", pod.key.name));
            }
            there
        });
        self.waiting = waiting;
        if self.waiting.is_empty() {
            out.say(&format!("node/{} drained", self.node));
            return Poll::Exited(0);
        }
        let late = self.begun.is_some_and(|begun| !self.timeout.is_zero() && begun + self.timeout <= now);
        if late { self.give_up(out) } else { Poll::Pending }
    }
}
