//! `kubectl delete`, which waits until the objects are gone.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/delete`.

use std::rc::Rc;

use api::{Key, Object};
use apimachinery::Reason;
use apiserver::{Actor, DeleteOptions, Propagation, Request};

use crate::Invocation;
use crate::command::{Command, Output, Poll, failed};
use crate::errors;
use crate::manifest;
use crate::resources::{self, Ask, Asked, Scope};
use crate::world::World;

const NOTHING: &str = "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n";
const FORCE_WARNING: &str = "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.";
const CLUSTER_SCOPE_WARNING: &str =
    "Warning: deleting cluster-scoped resources, not scoped to the provided namespace";

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    match plan(&call) {
        Ok(delete) => Box::new(delete),
        Err(message) => failed(message, 1),
    }
}

fn plan(call: &Invocation) -> Result<Delete, String> {
    let args = &call.args;
    let asked = if args.value("filename").is_some() {
        let text = call.stdin.clone().unwrap_or_default();
        let asks = manifest::read(&text, &call.namespace)?
            .into_iter()
            .map(|r| Ask { kind: r.key.kind, names: vec![r.key.name.to_string()] });
        Asked { asks: asks.collect(), several: true }
    } else {
        resources::parse(&args.positional)?
    };
    if asked.asks.is_empty() {
        return Err(NOTHING.to_owned());
    }
    let selects = args.value("selector").is_some() || args.value("field-selector").is_some() || args.is_on("all");
    if asked.asks.iter().any(|a| a.names.is_empty()) && !selects {
        return Err("error: resource(s) were provided, but no name was specified\n".to_owned());
    }
    let (propagation, warning) = cascade(args.value("cascade"))?;
    let mut grace: Option<i64> = args.value("grace-period").and_then(|g| g.parse().ok()).filter(|g| *g >= 0);
    let force = args.is_on("force");
    if args.is_on("now") {
        grace = Some(1);
    }
    if force && grace.is_none() {
        grace = Some(0);
    }
    if grace == Some(0) && !force {
        grace = Some(1);
    }
    let timeout = args.value("timeout").map(apimachinery::duration::parse_go).transpose().map_err(|e| format!("error: {e}\n"))?;
    Ok(Delete {
        asked,
        scope: Scope::of(args, &call.namespace),
        options: DeleteOptions {
            grace_period_seconds: grace,
            propagation,
            dry_run: args.value("dry-run").is_some_and(|m| m != "none"),
            ..DeleteOptions::default()
        },
        warning,
        force: force && grace == Some(0),
        wait: args.is_on_or("wait", true),
        warn_cluster_scope: args.value("namespace").is_some(),
        quiet_name: args.value("output") == Some("name"),
        ignore_missing: args.is_on("ignore-not-found") || args.is_on("all"),
        timeout,
        deadline: None,
        waiting: None,
        code: 0,
    })
}

/// The policy, and the warning about an old spelling.
fn cascade(text: Option<&str>) -> Result<(Option<Propagation>, Option<&'static str>), String> {
    Ok(match text {
        None | Some("background") => (Some(Propagation::Background), None),
        Some("orphan") => (Some(Propagation::Orphan), None),
        Some("foreground") => (Some(Propagation::Foreground), None),
        Some("false") => (
            Some(Propagation::Orphan),
            Some("warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan."),
        ),
        Some("true") => (
            Some(Propagation::Background),
            Some("warning: --cascade=true is deprecated (boolean value) and can be replaced with --cascade=background."),
        ),
        Some(other) => {
            return Err(format!(
                "error: invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\"\n"
            ));
        }
    })
}

struct Delete {
    asked: Asked,
    scope: Scope,
    options: DeleteOptions,
    warning: Option<&'static str>,
    force: bool,
    wait: bool,
    /// A namespace was named, but an object may have none.
    warn_cluster_scope: bool,
    quiet_name: bool,
    ignore_missing: bool,
    timeout: Option<std::time::Duration>,
    deadline: Option<apimachinery::Time>,
    /// Objects that are still there, with the UID that must go.
    waiting: Option<Vec<(Key, String)>>,
    code: i32,
}

impl Delete {
    fn begin(&mut self, world: &mut dyn World, out: &mut Output) {
        if let Some(warning) = self.warning {
            out.complain(warning);
        }
        let found = resources::find(&self.asked, &self.scope, world);
        for error in &found.errors {
            if self.ignore_missing && error.starts_with("Error from server (NotFound)") {
                continue;
            }
            out.stderr.push_str(error);
            self.code = 1;
        }
        if self.force {
            out.complain(FORCE_WARNING);
        }
        let mut waiting = Vec::new();
        let objects: Vec<Rc<Object>> = found.all().cloned().collect();
        if objects.is_empty() && found.errors.is_empty() {
            out.say("No resources found");
        }
        for object in objects {
            if self.warn_cluster_scope && !object.kind.info().namespaced {
                out.complain(CLUSTER_SCOPE_WARNING);
                self.warn_cluster_scope = false;
            }
            let request = Request::delete(&Actor::user(), object.key(), self.options.clone());
            match world.request(request) {
                Ok(_) => {
                    self.report(&object, out);
                    waiting.push((object.key(), object.metadata.uid.clone()));
                }
                Err(status) if status.reason == Reason::NotFound && self.ignore_missing => {}
                Err(status) => {
                    out.stderr.push_str(&errors::text(&status));
                    self.code = 1;
                }
            }
        }
        let wait = self.wait && !self.options.dry_run && !self.force;
        self.deadline = self.timeout.filter(|t| !t.is_zero()).map(|t| world.now() + t);
        self.waiting = Some(if wait { waiting } else { Vec::new() });
    }

    fn report(&self, object: &Object, out: &mut Output) {
        let name = &object.metadata.name;
        let kind = object.kind.info().qualified_singular();
        if self.quiet_name {
            out.say(&format!("{kind}/{name}"));
            return;
        }
        let deed = if self.force { "force deleted" } else { "deleted" };
        let place = if object.kind.info().namespaced {
            format!(" from {} namespace", object.metadata.namespace)
        } else {
            String::new()
        };
        let suffix = if self.options.dry_run { " (dry run)" } else { "" };
        out.say(&format!("{kind} \"{name}\" {deed}{place}{suffix}"));
    }
}

impl Command for Delete {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.waiting.is_none() {
            self.begin(world, out);
        }
        let actor = Actor::user();
        if let Some(waiting) = &mut self.waiting {
            waiting.retain(|(key, uid)| {
                let live = world.request(Request::get(&actor, key.clone())).ok();
                live.and_then(apiserver::Response::into_object).is_some_and(|o| o.metadata.uid == *uid)
            });
            if waiting.is_empty() {
                return Poll::Exited(self.code);
            }
        }
        if self.deadline.is_some_and(|at| world.now() >= at) {
            let left = self.waiting.iter().flatten().map(|(key, _)| format!("{}/{}", key.kind.info().plural, key.name));
            for name in left {
                out.complain(&format!("error: timed out waiting for the condition on {name}"));
            }
            return Poll::Exited(1);
        }
        Poll::Pending
    }
}

