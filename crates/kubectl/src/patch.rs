//! `kubectl patch`.

use apimachinery::yaml;
use apiserver::{Actor, Patch, Request, Subresource};

use crate::Invocation;
use crate::command::{Command, failed, once};
use crate::errors;
use crate::resources::{self, Scope, display_name};

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let Some(text) = call.args.value("patch") else {
        return failed("error: must specify --patch or --patch-file containing the contents of the patch\n".to_owned(), 1);
    };
    let documents = yaml::read(text, &yaml::Limits::default());
    let value = documents.iter().find_map(|d| d.root.as_ref()).map(yaml::Node::to_value);
    let Some(value) = value else {
        return failed(format!("error: unable to parse \"{text}\"\n"), 1);
    };
    let patch = match call.args.value("type").unwrap_or("strategic") {
        "strategic" => Patch::StrategicMerge(value),
        "merge" => Patch::Merge(value),
        "json" => Patch::Json(value),
        other => {
            return failed(format!("error: --type must be one of [json merge strategic], not \"{other}\"\n"), 1);
        }
    };
    let subresource = match call.args.value("subresource") {
        Some("status") => Subresource::Status,
        Some("scale") => Subresource::Scale,
        _ => Subresource::None,
    };
    let asked = match resources::parse(&call.args.positional) {
        Ok(asked) => asked,
        Err(message) => return failed(message, 1),
    };
    let scope = Scope::of(&call.args, &call.namespace);
    once(move |world, out| {
        let found = resources::find(&asked, &scope, world);
        let mut code = i32::from(!found.errors.is_empty());
        for error in &found.errors {
            out.stderr.push_str(error);
        }
        for object in found.all() {
            let request = Request::patch(&Actor::user(), object.key(), patch.clone(), subresource);
            match world.request(request) {
                Ok(answer) => {
                    out.warn_all(&answer.warnings);
                    let changed = answer.into_object().is_none_or(|new| new != *object);
                    let note = if changed { "" } else { " (no change)" };
                    out.say(&format!("{} patched{note}", display_name(object)));
                }
                Err(status) => {
                    out.stderr.push_str(&errors::text(&status));
                    code = 1;
                }
            }
        }
        code
    })
}
