//! `kubectl create -f -` and `kubectl replace -f -`.

use apiserver::{Actor, Body, Request, Subresource, Verb, WriteOptions};

use crate::Invocation;
use crate::command::{Command, failed, once};
use crate::errors;
use crate::manifest::{self, SOURCE};

/// Begins `create`.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if call.args.value("filename").is_none() {
        if call.args.positional.is_empty() {
            return failed("error: must specify one of -f and -k\n".to_owned(), 1);
        }
        let words = call.args.positional.join(" ");
        return failed(format!("error: Unexpected args: [{words}]\nSee 'kubectl create -h' for help and examples\n"), 1);
    }
    write(call, false)
}

/// Begins `replace`.
pub fn replace(call: Invocation) -> Box<dyn Command> {
    if call.args.value("filename").is_none() {
        return failed("error: must specify one of -f and -k\n".to_owned(), 1);
    }
    write(call, true)
}

fn write(call: Invocation, replace: bool) -> Box<dyn Command> {
    once(move |world, out| {
        let text = call.stdin.clone().unwrap_or_default();
        let resources = match manifest::read(&text, &call.namespace) {
            Ok(resources) => resources,
            Err(message) => {
                out.stderr.push_str(&message.replace("passed to apply", if replace { "passed to replace" } else { "passed to create" }));
                return 1;
            }
        };
        let mut code = 0;
        for resource in resources {
            let options = WriteOptions {
                dry_run: call.args.value("dry-run").is_some_and(|m| m != "none"),
                ..WriteOptions::default()
            };
            let body = Body::Untyped(resource.value.clone());
            let verb = if replace { Verb::Update(body, Subresource::None, options) } else { Verb::Create(body, options) };
            let request = Request { actor: Actor::user(), key: resource.key.clone(), verb };
            match world.request(request) {
                Ok(answer) => {
                    out.warn_all(&answer.warnings);
                    let name = answer.into_object().map_or_else(|| resource.key.name.to_string(), |o| o.metadata.name.clone());
                    let deed = if replace { "replaced" } else { "created" };
                    let suffix = crate::apply::dry_run_suffix(call.args.value("dry-run"));
                    out.say(&format!("{}/{name} {deed}{suffix}", resource.key.kind.info().qualified_singular()));
                }
                Err(status) => {
                    let deed = if replace { "replacing" } else { "creating" };
                    out.stderr.push_str(&errors::with_context(&status, &format!("error when {deed} \"{SOURCE}\": ")));
                    code = 1;
                }
            }
        }
        code
    })
}
