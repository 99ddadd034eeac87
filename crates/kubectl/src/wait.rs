//! `kubectl wait`.
//!
//! It waits for one object after another; the deadline is for all of them together.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/wait`.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use api::Object;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, Request};
use serde_json::Value;

use crate::Invocation;
use crate::command::{Command, Output, Plan, Poll, planned};
use crate::delete::{is_there, plural_name};
use crate::errors::{self, Failure};
use crate::jsonpath::{Template, go_text};
use crate::output::Reporter;
use crate::resources::{self, Asked, Scope};
use crate::world::World;

/// What a negative time-out means: a week.
const WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);

#[derive(Clone)]
enum Condition {
    Created,
    Deleted,
    Status(String, String),
    JsonPath(Template, Option<String>),
}

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    planned(move |world, _| plan(&call, world))
}

const NO_FILES: &str = "error: you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n";

fn plan(call: &Invocation, world: &mut dyn World) -> Plan {
    if call.args.is_on("local") && call.args.value("filename").is_none() {
        return Err(NO_FILES.to_owned());
    }
    let given = call.args.repeated("for");
    let conditions = given.iter().map(|text| condition(text).map_err(|e| errors::line(&e)));
    let conditions: Vec<Condition> = conditions.collect::<Result<_, _>>()?;
    if conditions.is_empty() {
        return Err(errors::line("unrecognized condition: []"));
    }
    let timeout = match call.args.value("timeout") {
        Some(text) if text.starts_with('-') => WEEK,
        _ => call.args.duration("timeout").unwrap_or(Duration::from_secs(30)),
    };
    let names = resources::parse(&call.args.positional).is_ok_and(|asked| asked.has_names());
    let narrows = call.args.value("selector").is_some_and(|s| !s.is_empty()) || call.args.is_on("all");
    if names && narrows && call.args.value("filename").is_none() {
        return Err(errors::line(
            "selectors and the all flag cannot be used when passing resource/name arguments",
        ));
    }
    let (asked, failures) = resources::named(call, &call.args.positional, world)?;
    if asked.is_empty() && failures.is_empty() {
        return Err(resources::NOTHING_NAMED.to_owned());
    }
    let selects = call.args.value("selector").is_some() || call.args.value("field-selector").is_some();
    if asked.has_lists() && !selects && !call.args.is_on("all") {
        return Err(errors::line("resource(s) were provided, but no name was specified"));
    }
    Ok(Box::new(Wait {
        asked,
        scope: Scope::of(&call.args, &call.namespace),
        conditions,
        reporter: Reporter::of(&call.args)?,
        reads_stdin: call.args.value("filename") == Some("-"),
        timeout,
        deadline: None,
        objects: None,
        met: 0,
        failures,
    }))
}

fn condition(text: &str) -> Result<Condition, String> {
    let lower = text.to_ascii_lowercase();
    if lower == "delete" {
        return Ok(Condition::Deleted);
    }
    if lower == "create" {
        return Ok(Condition::Created);
    }
    if let Some(rest) = text.strip_prefix("condition=") {
        let (kind, value) = rest.split_once('=').unwrap_or((rest, "true"));
        return Ok(Condition::Status(kind.to_owned(), value.to_owned()));
    }
    let Some(rest) = text.strip_prefix("jsonpath=") else {
        return Err(format!("unrecognized condition: \"{text}\""));
    };
    let parts = split_at_single_equals(rest);
    let (path, value) = match parts.as_slice() {
        [path] => (path, None),
        [path, value] => (path, Some(value.trim_matches(['\'', '"']).to_owned())),
        _ => {
            return Err("jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'".to_owned());
        }
    };
    if path.is_empty() {
        return Err("jsonpath expression cannot be empty".to_owned());
    }
    if value.as_ref().is_some_and(String::is_empty) {
        return Err(
            "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3"
                .to_owned(),
        );
    }
    Ok(Condition::JsonPath(Template::relaxed(path)?, value))
}

/// Splits at single equals signs: `==` belongs to a filter in the path.
fn split_at_single_equals(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(last) = parts.last_mut() else { break };
        if c != '=' {
            last.push(c);
        } else if chars.next_if_eq(&'=').is_some() {
            last.push_str("==");
        } else {
            parts.push(String::new());
        }
    }
    parts
}

#[derive(Clone)]
struct Wait {
    asked: Asked,
    scope: Scope,
    conditions: Vec<Condition>,
    reporter: Reporter,
    /// Whether the objects come from standard input: `-f -`.
    reads_stdin: bool,
    timeout: Duration,
    deadline: Option<Time>,
    /// The objects whose conditions are not met yet; `None` until they were looked up.
    objects: Option<VecDeque<Rc<Object>>>,
    /// How many conditions of the first one are met.
    met: usize,
    failures: Vec<Failure>,
}

impl Wait {
    fn has(&self, wanted: fn(&Condition) -> bool) -> bool {
        self.conditions.iter().any(wanted)
    }

    fn late(&mut self, object: &Object, what: &str) {
        let name = plural_name(object.kind, &object.metadata.name);
        self.failures.push(Failure::Plain(format!("{what} {name}")));
    }

    /// Looks the objects up; returns how the poll ends, if it does.
    fn begin(&mut self, world: &mut dyn World, out: &mut Output) -> Option<Poll> {
        // Standard input is read for each look, and has ended by the second one.
        if self.reads_stdin && self.has(|c| matches!(c, Condition::Created)) {
            out.complain("error: no matching resources found");
            return Some(Poll::Exited(1));
        }
        let mut found = resources::find(&self.asked, &self.scope, world);
        let nothing = found.all().next().is_none();
        if nothing && self.has(|c| matches!(c, Condition::Created)) {
            let late = self.deadline.is_some_and(|at| world.now() >= at);
            if late {
                out.complain("error: timed out waiting for the condition");
            }
            return Some(if late { Poll::Exited(1) } else { Poll::Pending });
        }
        let deletes = self.has(|c| matches!(c, Condition::Deleted));
        if deletes {
            found.ignore_missing();
        }
        if nothing && found.errors.is_empty() && self.failures.is_empty() && !deletes {
            out.complain("error: no matching resources found");
            return Some(Poll::Exited(1));
        }
        self.failures.extend(found.errors.iter().cloned().map(Failure::Text));
        self.objects = Some(found.all().cloned().collect());
        None
    }
}

/// Whether a condition holds for an object as it is now.
fn holds(condition: &Condition, object: &Object, world: &mut dyn World) -> Result<bool, Failure> {
    if matches!(condition, Condition::Deleted) {
        return Ok(!is_there(&object.key(), &object.metadata.uid, world));
    }
    let live = world.request(Request::get(&Actor::user(), object.key())).ok();
    let Some(live) = live.and_then(apiserver::Response::into_object) else { return Ok(false) };
    match condition {
        Condition::Created | Condition::Deleted => Ok(true),
        Condition::Status(kind, value) => Ok(has_condition(&live, kind, value)),
        Condition::JsonPath(path, value) => path_holds(path, value.as_deref(), &live.to_value()),
    }
}

fn has_condition(object: &Object, kind: &str, value: &str) -> bool {
    let conditions = object.status().list_at(&["conditions"]).iter();
    let found = conditions.into_iter().find(|c| c.str_at(&["type"]).eq_ignore_ascii_case(kind));
    found.is_some_and(|c| {
        // What was seen of an older object says nothing of this one.
        let seen =
            c.i64_at(&["observedGeneration"]).or_else(|| object.status().i64_at(&["observedGeneration"]));
        let stale = seen.is_some_and(|seen| seen < object.metadata.generation);
        !stale && c.str_at(&["status"]).eq_ignore_ascii_case(value)
    })
}

fn path_holds(path: &Template, value: Option<&str>, object: &Value) -> Result<bool, Failure> {
    let found = path.values(object).map_err(Failure::Plain)?;
    match found.as_slice() {
        [] => Ok(false),
        [_] if value.is_none() => Ok(true),
        [Value::Object(_) | Value::Array(_)] => {
            Err(Failure::Plain("jsonpath leads to a nested object or list which is not supported".to_owned()))
        }
        [one] => Ok(value.is_some_and(|wanted| go_text(one).trim() == wanted.trim())),
        _ => Err(Failure::Plain("given jsonpath expression matches more than one value".to_owned())),
    }
}

impl Command for Wait {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let deadline = *self.deadline.get_or_insert(world.now() + self.timeout);
        if self.objects.is_none()
            && let Some(poll) = self.begin(world, out)
        {
            return poll;
        }
        let mut objects = self.objects.take().unwrap_or_default();
        while let Some(object) = objects.front().cloned() {
            let Some(condition) = self.conditions.get(self.met) else {
                objects.pop_front();
                self.met = 0;
                continue;
            };
            match holds(condition, &object, world) {
                Ok(true) => {
                    if let Err(text) = self.reporter.tell(&object, "condition met", out) {
                        self.failures.push(Failure::Text(text));
                    }
                    self.met += 1;
                    continue;
                }
                Ok(false) if world.now() < deadline => {
                    self.objects = Some(objects);
                    return Poll::Pending;
                }
                Ok(false) if self.timeout.is_zero() => self.late(&object, "condition not met for"),
                // Nobody waits any more, not for the others either.
                Ok(false) => {
                    for left in objects.drain(..) {
                        self.late(&left, "timed out waiting for the condition on");
                    }
                }
                Err(failure) => self.failures.push(failure),
            }
            objects.pop_front();
            self.met = 0;
        }
        Poll::Exited(errors::say(&self.failures, out))
    }
}
