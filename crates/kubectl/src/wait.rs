//! `kubectl wait`.

use std::time::Duration;

use api::Object;
use apimachinery::value::ValueExt;
use apimachinery::{Time, duration};

use crate::Invocation;
use crate::command::{Command, Output, Poll, failed};
use crate::resources::{self, Asked, Scope, display_name};
use crate::world::World;

enum Condition {
    Deleted,
    Status(String, String),
    JsonPath(String, Option<String>),
}

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let asked = match resources::parse(&call.args.positional) {
        Ok(asked) => asked,
        Err(message) => return failed(message, 1),
    };
    let condition = match call.args.value("for").unwrap_or("") {
        "delete" => Condition::Deleted,
        text if text.starts_with("condition=") => {
            let text = text.trim_start_matches("condition=");
            let (kind, value) = text.split_once('=').unwrap_or((text, "True"));
            Condition::Status(kind.to_owned(), value.to_owned())
        }
        text if text.starts_with("jsonpath=") => {
            let text = text.trim_start_matches("jsonpath=");
            let (path, value) = text.split_once('=').map_or((text, None), |(p, v)| (p, Some(v.to_owned())));
            Condition::JsonPath(path.to_owned(), value)
        }
        other => return failed(format!("error: unrecognized condition: \"{other}\"\n"), 1),
    };
    let timeout = match call.args.value("timeout").map_or(Ok(Duration::from_secs(30)), duration::parse_go) {
        Ok(timeout) => timeout,
        Err(message) => return failed(format!("error: {message}\n"), 1),
    };
    let scope = Scope::of(&call.args, &call.namespace);
    Box::new(Wait { asked, scope, condition, timeout, deadline: None, met: Vec::new(), seen: Vec::new() })
}

struct Wait {
    asked: Asked,
    scope: Scope,
    condition: Condition,
    timeout: Duration,
    deadline: Option<Time>,
    met: Vec<String>,
    seen: Vec<String>,
}

impl Wait {
    fn holds(&self, object: &Object) -> bool {
        match &self.condition {
            Condition::Deleted => false,
            Condition::Status(kind, value) => object.status().list_at(&["conditions"]).iter().any(|c| {
                c.str_at(&["type"]).eq_ignore_ascii_case(kind) && c.str_at(&["status"]).eq_ignore_ascii_case(value)
            }),
            Condition::JsonPath(path, value) => {
                let found = crate::get::json_path(path, &object.to_value()).unwrap_or_default();
                value.as_ref().map_or(!found.is_empty(), |v| found == *v)
            }
        }
    }
}

impl Command for Wait {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let first = self.deadline.is_none();
        let deadline = *self.deadline.get_or_insert(world.now() + self.timeout);
        let found = resources::find(&self.asked, &self.scope, world);
        let deleted = matches!(self.condition, Condition::Deleted);
        if first && !deleted && !found.errors.is_empty() {
            out.stderr.push_str(&found.errors.concat());
            return Poll::Exited(1);
        }
        let mut open = Vec::new();
        for object in found.all() {
            let name = display_name(object);
            if !self.seen.contains(&name) {
                self.seen.push(name.clone());
            }
            if self.holds(object) {
                if !self.met.contains(&name) {
                    out.say(&format!("{name} condition met"));
                    self.met.push(name);
                }
            } else {
                open.push(format!("{}/{}", object.kind.info().plural, object.metadata.name));
            }
        }
        if deleted {
            let gone: Vec<String> = self.seen.iter().filter(|n| !found.all().any(|o| display_name(o) == **n)).cloned().collect();
            for name in gone.into_iter().filter(|n| !self.met.contains(n)).collect::<Vec<_>>() {
                out.say(&format!("{name} condition met"));
                self.met.push(name);
            }
        }
        if open.is_empty() {
            if self.seen.is_empty() && !deleted {
                out.complain("error: no matching resources found");
                return Poll::Exited(1);
            }
            return Poll::Exited(0);
        }
        if world.now() >= deadline {
            for name in open {
                out.complain(&format!("error: timed out waiting for the condition on {name}"));
            }
            return Poll::Exited(1);
        }
        Poll::Pending
    }
}
