//! `kubectl scale`.

use apimachinery::value::ValueExt;
use apiserver::{Actor, Patch, Request, Subresource};
use serde_json::json;

use crate::Invocation;
use crate::command::{Command, failed, once};
use crate::errors;
use crate::resources::{self, Scope, display_name};

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let Some(replicas) = call.args.value("replicas") else {
        return failed("error: required flag(s) \"replicas\" not set\n".to_owned(), 1);
    };
    let replicas: i64 = match replicas.parse() {
        Ok(n) if n >= 0 => n,
        Ok(_) => {
            let text = "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n";
            return failed(text.to_owned(), 1);
        }
        Err(_) => {
            return failed(
                format!(
                    "error: invalid argument \"{replicas}\" for \"--replicas\" flag: strconv.ParseInt: parsing \"{replicas}\": invalid syntax\nSee 'kubectl scale --help' for usage.\n"
                ),
                1,
            );
        }
    };
    let asked = match resources::parse(&call.args.positional) {
        Ok(asked) => asked,
        Err(message) => return failed(message, 1),
    };
    if asked.asks.is_empty() {
        return failed("error: You must provide one or more resources by argument or filename.\n".to_owned(), 1);
    }
    let scope = Scope::of(&call.args, &call.namespace);
    once(move |world, out| {
        let found = resources::find(&asked, &scope, world);
        let mut code = i32::from(!found.errors.is_empty());
        for error in &found.errors {
            out.stderr.push_str(error);
        }
        for object in found.all() {
            let current = object.spec().i64_at(&["replicas"]).unwrap_or(0);
            if let Some(expected) = call.args.value("current-replicas").and_then(|n| n.parse::<i64>().ok())
                && expected >= 0
                && expected != current
            {
                out.complain(&format!("error: Expected replicas to be {expected}, was {current}"));
                code = 1;
                continue;
            }
            let suffix = crate::apply::dry_run_suffix(call.args.value("dry-run"));
            if suffix.is_empty() {
                let patch = Patch::Merge(json!({"spec": {"replicas": replicas}}));
                let request = Request::patch(&Actor::user(), object.key(), patch, Subresource::Scale);
                if let Err(status) = world.request(request) {
                    out.stderr.push_str(&errors::text(&status));
                    code = 1;
                    continue;
                }
            }
            out.say(&format!("{} scaled{suffix}", display_name(object)));
        }
        code
    })
}
