//! `kubectl drain`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/drain`, `k8s.io/kubectl/pkg/drain`.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Time};
use apiserver::{Actor, DeleteOptions, ListOptions, Request, Verb};

use crate::Invocation;
use crate::command::{Command, Output, Plan, Poll, failed, planned};
use crate::delete::is_there;
use crate::errors::{self, Failure};
use crate::nodes::{nodes, set_cordoned, usage};
use crate::output::DryRun;
use crate::world::World;

/// The pause between two tries to evict a Pod that a budget protects.
const RETRY: Duration = Duration::from_secs(5);

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    match usage(&call, "drain") {
        Some(message) => failed(message, 1),
        None => planned(move |world, out| plan(&call, world, out)),
    }
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    let dry_run = DryRun::of(args)?;
    if args.value("pod-selector").is_some_and(|text| Selector::parse(text).is_err()) {
        return Err(errors::line("--pod-selector=<pod_selector> must be a valid label selector"));
    }
    let nodes = nodes(call, world)?;
    let drain = Drain {
        timeout: args.duration("timeout").unwrap_or_default(),
        grace: args.number("grace-period").filter(|grace| *grace >= 0),
        selector: args.value("pod-selector").unwrap_or("").to_owned(),
        force: args.is_on("force"),
        empty_dirs: args.is_on("delete-emptydir-data"),
        evicts: !args.is_on("disable-eviction"),
        dry_run,
        begun: world.now(),
        nodes: nodes.iter().map(|node| node.metadata.name.clone()).collect(),
        leaving: None,
        undrained: Vec::new(),
    };
    for node in &nodes {
        set_cordoned(node, true, dry_run, world, out);
    }
    Ok(Box::new(drain))
}

/// A Pod that drain still has to see gone.
#[derive(Clone)]
struct Leaving {
    key: Key,
    uid: String,
    sent: bool,
    retry_at: Time,
}

#[derive(Clone)]
struct Drain {
    timeout: Duration,
    grace: Option<i64>,
    selector: String,
    force: bool,
    empty_dirs: bool,
    evicts: bool,
    dry_run: DryRun,
    begun: Time,
    /// Nodes still to be drained; the first one is being drained.
    nodes: VecDeque<String>,
    /// The Pods of the first node; `None` before they were looked for.
    leaving: Option<Vec<Leaving>>,
    undrained: Vec<(String, Vec<String>)>,
}

/// `Ok` with a warning, or empty, if a Pod may be deleted; `Err` with what keeps it.
fn verdict(pod: &Object, drain: &Drain) -> Result<&'static str, &'static str> {
    if matches!(pod.status().str_at(&["phase"]), "Succeeded" | "Failed") {
        return Ok("");
    }
    let local = pod.spec().list_at(&["volumes"]).iter().any(|volume| volume.get("emptyDir").is_some());
    if local && !drain.empty_dirs {
        return Err("Pods with local storage (use --delete-emptydir-data to override)");
    }
    match (pod.metadata.controller().is_some(), drain.force) {
        (true, _) => Ok(""),
        (false, true) => Ok("deleting Pods that declare no controller"),
        (false, false) => Err("Pods that declare no controller (use --force to override)"),
    }
}

/// Adds a Pod to the group of which `what` is said.
fn group(groups: &mut Vec<(&'static str, Vec<String>)>, what: &'static str, pod: &Object) {
    let name = format!("{}/{}", pod.metadata.namespace, pod.metadata.name);
    match groups.iter_mut().find(|(known, _)| *known == what) {
        Some((_, names)) => names.push(name),
        None => groups.push((what, vec![name])),
    }
}

impl Drain {
    /// The Pods of a node that have to go, or why they cannot.
    fn pods(
        &self,
        node: &str,
        world: &mut dyn World,
        out: &mut Output,
    ) -> Result<Vec<Rc<Object>>, Vec<String>> {
        let options = ListOptions {
            label_selector: self.selector.clone(),
            field_selector: format!("spec.nodeName={node}"),
        };
        let answer = world.request(Request::list(&Actor::user(), Kind::Pod, "", options));
        let pods = answer.map_err(|status| vec![status.message])?.into_list();
        let (mut warnings, mut refusals) = (Vec::new(), Vec::new());
        for pod in &pods {
            match verdict(pod, self) {
                Ok("") => {}
                Ok(warning) => group(&mut warnings, warning, pod),
                Err(refusal) => group(&mut refusals, refusal, pod),
            }
        }
        if !refusals.is_empty() {
            let texts =
                refusals.iter().map(|(what, pods)| format!("cannot delete {what}: {}", pods.join(", ")));
            return Err(texts.collect());
        }
        if !warnings.is_empty() {
            let texts = warnings.iter().map(|(what, pods)| format!("{what}: {}", pods.join(", ")));
            out.complain(&format!("Warning: {}", texts.collect::<Vec<_>>().join("; ")));
        }
        Ok(pods)
    }

    /// Looks for the Pods of the first node. Without any change that is all.
    fn begin(&mut self, node: &str, world: &mut dyn World, out: &mut Output) -> Result<(), Vec<String>> {
        let pods = self.pods(node, world, out)?;
        let now = world.now();
        let leaving = pods.iter().map(|pod| Leaving {
            key: pod.key(),
            uid: pod.metadata.uid.clone(),
            sent: false,
            retry_at: now,
        });
        let leaving: Vec<Leaving> = leaving.collect();
        if self.dry_run != DryRun::None {
            for pod in &leaving {
                let (namespace, name) = (&pod.key.namespace, &pod.key.name);
                out.say(&format!("evicting pod {namespace}/{name}{}", self.dry_run.suffix()));
            }
        }
        self.leaving = Some(if self.dry_run == DryRun::None { leaving } else { Vec::new() });
        Ok(())
    }

    fn is_late(&self, now: Time) -> bool {
        !self.timeout.is_zero() && self.begun + self.timeout <= now
    }

    /// Asks for a Pod to go. Returns whether there is still something to ask.
    fn send(&self, pod: &mut Leaving, world: &mut dyn World, out: &mut Output) {
        let (namespace, name) = (pod.key.namespace.clone(), pod.key.name.clone());
        if self.evicts {
            out.say(&format!("evicting pod {namespace}/{name}"));
            if self.is_late(world.now()) {
                return;
            }
        }
        let options = DeleteOptions { grace_period_seconds: self.grace, ..DeleteOptions::default() };
        let verb = if self.evicts { Verb::Evict(options) } else { Verb::Delete(options) };
        let request = Request { actor: Actor::user(), key: pod.key.clone(), verb };
        match world.request(request) {
            Err(status) if status.reason != Reason::NotFound => {
                pod.retry_at = world.now() + RETRY;
                out.complain(&format!(
                    "error when evicting pods/\"{name}\" -n \"{namespace}\" (will retry after 5s): {}",
                    status.message
                ));
            }
            Ok(_) | Err(_) => pod.sent = true,
        }
    }

    /// Takes a step for the first node; `None` while there are Pods and time is left.
    fn step(
        &mut self,
        node: &str,
        world: &mut dyn World,
        out: &mut Output,
    ) -> Option<Result<(), Vec<String>>> {
        if self.leaving.is_none()
            && let Err(errors) = self.begin(node, world, out)
        {
            return Some(Err(errors));
        }
        let mut leaving = self.leaving.take().unwrap_or_default();
        let now = world.now();
        let deed = if self.evicts { "evicted" } else { "deleted" };
        leaving.retain_mut(|pod| {
            if !pod.sent && pod.retry_at <= now {
                self.send(pod, world, out);
            }
            let there = is_there(&pod.key, &pod.uid, world);
            if !there {
                out.say(&format!("pod/{} {deed}", pod.key.name));
            }
            there
        });
        if leaving.is_empty() {
            return Some(Ok(()));
        }
        if !self.is_late(now) {
            self.leaving = Some(leaving);
            return None;
        }
        let timeout = apimachinery::duration::go(self.timeout);
        let late = leaving.iter().map(|pod| {
            let (namespace, name) = (&pod.key.namespace, &pod.key.name);
            if pod.sent {
                return format!(
                    "error when waiting for pod \"{name}\" in namespace \"{namespace}\" to terminate: global timeout reached: {timeout}"
                );
            }
            format!("error when evicting pods/\"{name}\" -n \"{namespace}\": global timeout reached: {timeout}")
        });
        let late: Vec<String> = late.collect();
        out.complain(&format!(
            "There are pending pods in node \"{node}\" when an error occurred: {}",
            joined(&late)
        ));
        for pod in &leaving {
            out.complain(&format!("pod/{}", pod.key.name));
        }
        Some(Err(late))
    }

    fn finish(&self, out: &mut Output) -> Poll {
        if self.undrained.is_empty() {
            return Poll::Exited(0);
        }
        out.complain("There are pending nodes to be drained:");
        self.undrained.iter().for_each(|(node, _)| out.complain(&format!(" {node}")));
        let all = self.undrained.iter().flat_map(|(_, errors)| errors);
        out.stderr.push_str(&all.map(|error| Failure::Plain(error.clone()).among()).collect::<String>());
        Poll::Exited(1)
    }
}

/// Several errors in one sentence.
fn joined(errors: &[String]) -> String {
    match errors {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}

impl Command for Drain {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        while let Some(node) = self.nodes.front().cloned() {
            match self.step(&node, world, out) {
                None => return Poll::Pending,
                Some(Ok(())) => out.say(&format!("node/{node} drained{}", self.dry_run.suffix())),
                Some(Err(errors)) => {
                    let what = joined(&errors);
                    out.stderr.push_str(&errors::line(&format!(
                        "unable to drain node \"{node}\" due to error: {what}, continuing command..."
                    )));
                    self.undrained.push((node, errors));
                }
            }
            self.leaving = None;
            self.nodes.pop_front();
        }
        self.finish(out)
    }
}
