//! `kubectl delete`, which waits until the objects are gone.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/delete`.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::{Reason, Time};
use apiserver::{Actor, DeleteOptions, Propagation, Request};

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, Output, Plan, Poll, planned, printed};
use crate::errors::{self, Failure};
use crate::output::DryRun;
use crate::resources::{self, Ask, Asked, ENDPOINTS_WARNING, NOTHING_NAMED, Scope};
use crate::world::World;

const FORCE_WARNING: &str = "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.";
const CLUSTER_SCOPE_WARNING: &str =
    "Warning: deleting cluster-scoped resources, not scoped to the provided namespace";

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    planned(move |world, out| plan(&call, world, out))
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    if args.value("raw").is_some() {
        return Err(
            "Error from server (NotFound): the server could not find the requested resource\n".to_owned()
        );
    }
    let (propagation, warning) = cascade(args.value("cascade"))?;
    if let Some(warning) = warning {
        out.complain(warning);
    }
    let (asked, failures) = resources::named(call, &args.positional, world)?;
    if args.is_on("all") && asked.has_names() && args.value("filename").is_none() {
        return Err(errors::line("name cannot be provided when a selector is specified"));
    }
    if asked.is_empty() && failures.is_empty() {
        if args.value("filename").is_some() {
            return Ok(printed("No resources found\n".to_owned()));
        }
        return Err(NOTHING_NAMED.to_owned());
    }
    let selects =
        args.value("selector").is_some() || args.value("field-selector").is_some() || args.is_on("all");
    if asked.has_lists() && !selects {
        return Err(errors::line("resource(s) were provided, but no name was specified"));
    }
    let dry_run = DryRun::of(args)?;
    let grace = grace(args)?;
    contradictions(args, grace)?;
    if args.is_on("force") {
        out.complain(FORCE_WARNING);
    }
    let scope = Scope::of(args, &call.namespace);
    if args.is_on("interactive") && !is_confirmed(call, &asked, &scope, world, out) {
        out.say("deletion is cancelled");
        return Ok(printed(String::new()));
    }
    Ok(Box::new(Delete {
        asked,
        scope,
        options: DeleteOptions {
            grace_period_seconds: grace,
            propagation,
            dry_run: dry_run == DryRun::Server,
            ..DeleteOptions::default()
        },
        dry_run,
        wait: args.is_on_or("wait", true),
        warn_cluster_scope: args.value("namespace").is_some() && !args.is_on("all-namespaces"),
        only_names: args.value("output") == Some("name"),
        ignore_missing: args.is_on_or("ignore-not-found", selects),
        timeout: args.duration("timeout").filter(|timeout| !timeout.is_zero()),
        failures,
        waiting: None,
        deadline: None,
    }))
}

/// Lists what would be deleted and asks; no answer means no.
fn is_confirmed(
    call: &Invocation,
    asked: &Asked,
    scope: &Scope,
    world: &mut dyn World,
    out: &mut Output,
) -> bool {
    let mut names = Vec::new();
    for ask in &asked.asks {
        let kind = ask.kind.info().qualified_singular();
        if ask.names.is_empty() {
            let alone = Asked { asks: vec![ask.clone()], ..Asked::default() };
            let found = resources::find(&alone, scope, world);
            names.extend(found.all().map(|object| format!("{kind}/{}", object.metadata.name)));
        }
        names.extend(ask.names.iter().map(|name| format!("{kind}/{name}")));
    }
    out.say(&format!("You are about to delete the following {} resource(s):", names.len()));
    for name in &names {
        out.say(name);
    }
    out.stdout.push_str("Do you want to continue? (y/N): ");
    call.stdin.as_deref().is_some_and(|answer| answer.trim().eq_ignore_ascii_case("y"))
}

/// Flags that cannot stand together.
fn contradictions(args: &Args, grace: Option<i64>) -> Result<(), String> {
    let output = args.value("output").unwrap_or("");
    let contradiction = match (args.is_on("all"), args.value("selector"), args.value("field-selector")) {
        _ if !matches!(output, "" | "name") => {
            format!("unexpected -o output mode: {output}. We only support '-o name'")
        }
        (true, ..) if args.positional.is_empty() && args.value("filename").is_none() => {
            "at least one resource must be specified to use a selector".to_owned()
        }
        (true, Some(_), _) | (true, _, Some(_)) => {
            "setting 'all' parameter but found a non empty selector. ".to_owned()
        }
        _ if args.is_on("force") && grace.is_some_and(|g| g > 0) => {
            "--force and --grace-period greater than 0 cannot be specified together".to_owned()
        }
        _ => String::new(),
    };
    if contradiction.is_empty() { Ok(()) } else { Err(errors::line(&contradiction)) }
}

/// The grace period that is sent, in seconds. It can be 0 by force only.
fn grace(args: &Args) -> Result<Option<i64>, String> {
    let given = args.number("grace-period").filter(|grace| *grace != -1);
    if args.is_on("now") {
        let both = "--now and --grace-period cannot be specified together";
        return if given.is_some() { Err(errors::line(both)) } else { Ok(Some(1)) };
    }
    let grace = given.filter(|grace| *grace >= 0);
    Ok(match (grace, args.is_on("force")) {
        (None, true) => Some(0),
        (Some(0), false) => Some(1),
        (grace, _) => grace,
    })
}

/// The policy of `--cascade`, and the warning about an old spelling.
pub fn cascade(text: Option<&str>) -> Result<(Option<Propagation>, Option<&'static str>), String> {
    Ok(match text {
        None | Some("background") => (Some(Propagation::Background), None),
        Some("orphan") => (Some(Propagation::Orphan), None),
        Some("foreground") => (Some(Propagation::Foreground), None),
        Some("false") => (
            Some(Propagation::Orphan),
            Some(
                "warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.",
            ),
        ),
        Some("true") => (
            Some(Propagation::Background),
            Some(
                "warning: --cascade=true is deprecated (boolean value) and can be replaced with --cascade=background.",
            ),
        ),
        Some(other) => {
            return Err(format!(
                "error: invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\"\n"
            ));
        }
    })
}

#[allow(clippy::struct_excessive_bools)] // flags of the command line
#[derive(Clone)]
struct Delete {
    asked: Asked,
    scope: Scope,
    options: DeleteOptions,
    dry_run: DryRun,
    wait: bool,
    /// Whether to warn that objects have no namespace though one was named.
    warn_cluster_scope: bool,
    only_names: bool,
    ignore_missing: bool,
    timeout: Option<Duration>,
    failures: Vec<Failure>,
    /// Objects that are still there, with the UID that must go. `None` before the first poll.
    waiting: Option<Vec<(Key, String)>>,
    deadline: Option<Time>,
}

impl Delete {
    /// Deletes the objects; returns the exit code, unless there is something to wait for.
    fn begin(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let mut deleted = Vec::new();
        let mut named = !self.asked.absent.is_empty();
        let asked = std::mem::take(&mut self.asked);
        for ask in &asked.asks {
            if !ask.kind.info().namespaced {
                self.warn_of_scope(out);
            }
            if ask.kind == Kind::Endpoints && self.dry_run != DryRun::Client {
                out.complain(ENDPOINTS_WARNING);
            }
            if self.dry_run == DryRun::Client && !ask.names.is_empty() {
                // Nothing is asked of the server.
                self.pretend(ask, out);
                named = true;
                continue;
            }
            let alone = Asked { asks: vec![ask.clone()], ..Asked::default() };
            let found = resources::find(&alone, &self.scope, world);
            for object in found.all() {
                if self.delete(object, ask, world, out) {
                    deleted.push((object.key(), object.metadata.uid.clone()));
                }
            }
            named |= !found.errors.is_empty();
            for text in found.errors {
                self.not_found(text, ask);
            }
        }
        if asked.absent.iter().any(|(kind, _)| !kind.namespaced) {
            self.warn_of_scope(out);
        }
        for (kind, names) in asked.absent.iter().filter(|_| !self.ignore_missing) {
            self.failures.extend(names.iter().map(|name| kind.not_found(name).into()));
        }
        if !self.failures.is_empty() {
            return Some(errors::say(&self.failures, out));
        }
        // What is asked for by name counts as found until the API server says otherwise.
        if deleted.is_empty() && !named {
            out.say("No resources found");
        }
        if !self.wait || self.dry_run != DryRun::None || deleted.is_empty() {
            return Some(0);
        }
        self.deadline = self.timeout.map(|timeout| world.now() + timeout);
        self.waiting = Some(deleted);
        None
    }

    /// Notes that an object was not found, in the words of a deletion.
    fn not_found(&mut self, text: String, ask: &Ask) {
        const HEAD: &str = "Error from server (NotFound): ";
        let Some(said) = text.strip_prefix(HEAD) else {
            self.failures.push(Failure::Text(text));
            return;
        };
        if self.ignore_missing {
            return;
        }
        let context =
            ask.source.as_ref().map_or_else(String::new, |s| format!("error when deleting \"{s}\": "));
        self.failures.push(Failure::Text(format!("{HEAD}{context}{said}")));
    }

    fn delete(&mut self, object: &Rc<Object>, ask: &Ask, world: &mut dyn World, out: &mut Output) -> bool {
        if self.dry_run != DryRun::Client {
            let request = Request::delete(&Actor::user(), object.key(), self.options.clone());
            match world.request(request) {
                Ok(answer) => out.warn_all(&answer.warnings),
                Err(status) if status.reason == Reason::NotFound && self.ignore_missing => return false,
                Err(status) => {
                    let source = ask.source.as_ref();
                    let context =
                        source.map_or_else(String::new, |s| format!("error when deleting \"{s}\": "));
                    self.failures.push(Failure::Refused(status, context));
                    return false;
                }
            }
        }
        self.report(object, out);
        true
    }

    fn warn_of_scope(&mut self, out: &mut Output) {
        if std::mem::take(&mut self.warn_cluster_scope) {
            out.complain(CLUSTER_SCOPE_WARNING);
        }
    }

    fn pretend(&self, ask: &Ask, out: &mut Output) {
        for name in &ask.names {
            self.report(&Object::new(ask.kind, self.scope.of_ask(ask), name), out);
        }
    }

    fn report(&self, object: &Object, out: &mut Output) {
        let name = &object.metadata.name;
        let kind = object.kind.info().qualified_singular();
        if self.only_names {
            out.say(&format!("{kind}/{name}"));
            return;
        }
        let deed = if self.options.grace_period_seconds == Some(0) { "force deleted" } else { "deleted" };
        let place = if object.kind.info().namespaced {
            format!(" from {} namespace", object.metadata.namespace)
        } else {
            String::new()
        };
        out.say(&format!("{kind} \"{name}\" {deed}{place}{}", self.dry_run.suffix()));
    }
}

/// Whether this very object is still there.
pub fn is_there(key: &Key, uid: &str, world: &mut dyn World) -> bool {
    let live = world.request(Request::get(&Actor::user(), key.clone())).ok();
    live.and_then(apiserver::Response::into_object).is_some_and(|object| object.metadata.uid == uid)
}

/// `pods/web-0`.
pub fn plural_name(kind: Kind, name: &str) -> String {
    format!("{}/{name}", kind.info().plural)
}

impl Command for Delete {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.waiting.is_none()
            && let Some(code) = self.begin(world, out)
        {
            return Poll::Exited(code);
        }
        let waiting = self.waiting.get_or_insert_default();
        waiting.retain(|(key, uid)| is_there(key, uid, world));
        if waiting.is_empty() {
            return Poll::Exited(0);
        }
        if self.deadline.is_none_or(|at| world.now() < at) {
            return Poll::Pending;
        }
        let late = waiting.iter().map(|(key, _)| {
            Failure::Plain(format!(
                "timed out waiting for the condition on {}",
                plural_name(key.kind, &key.name)
            ))
        });
        Poll::Exited(errors::say(&late.collect::<Vec<_>>(), out))
    }
}
