//! `kubectl patch`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/patch`.

use std::rc::Rc;

use api::Object;
use api::schema::Schema;
use apimachinery::yaml;
use apiserver::{Actor, Patch, Request, ResponseBody, Subresource, Verb, patch};

use crate::Invocation;
use crate::command::{Command, Output, once};
use crate::create::made;
use crate::errors::{self, Failure};
use crate::output::{DryRun, Reporter};
use crate::resources;
use crate::world::World;

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    once(move |world, out| match patch_of(&call, world) {
        Ok((patch, mut reporter)) => {
            let subresource = match call.args.value("subresource") {
                Some("status") => Subresource::Status,
                Some("scale") => Subresource::Scale,
                Some("resize") => Subresource::Resize,
                None | Some("") => Subresource::None,
                Some(_) => {
                    out.complain(
                        "Error from server (NotFound): the server could not find the requested resource",
                    );
                    return 1;
                }
            };
            let none = "error: no objects passed to patch\n";
            resources::each(&call, &call.args.positional, none, world, out, &mut |object, world, out| {
                one(object, &patch, subresource, &mut reporter, world, out)
            })
        }
        Err(message) => {
            out.stderr.push_str(&message);
            1
        }
    })
}

/// The patch that a command line gives.
fn patch_of(call: &Invocation, world: &dyn World) -> Result<(Patch, Reporter), String> {
    let args = &call.args;
    let text = match (args.value("patch").filter(|p| !p.is_empty()), args.value("patch-file")) {
        (Some(_), Some(_)) => return Err(errors::line("cannot specify --patch and --patch-file together")),
        (Some(text), None) => text.to_owned(),
        (None, Some("-")) => call.stdin.clone().unwrap_or_default(),
        (None, Some(path)) => world.file(path).ok_or_else(|| {
            errors::line(&format!("unable to read patch file: open {path}: no such file or directory"))
        })?,
        (None, None) => {
            return Err(errors::line(
                "must specify --patch or --patch-file containing the contents of the patch",
            ));
        }
    };
    let ty = args.value("type").unwrap_or("strategic").to_ascii_lowercase();
    if !matches!(ty.as_str(), "json" | "merge" | "strategic") {
        let text = format!(
            "--type must be one of [json merge strategic], not \"{}\"",
            args.value("type").unwrap_or("")
        );
        return Err(errors::line(&text));
    }
    // What begins as JSON is sent as it is.
    if text.trim_start().starts_with('{')
        && let Err(problem) = serde_json::from_str::<serde_json::Value>(&text)
    {
        let decoding = if ty == "strategic" { "" } else { "error decoding patch: " };
        let line = text.lines().nth(problem.line().saturating_sub(1)).unwrap_or("");
        let letter = line.chars().nth(problem.column().saturating_sub(1));
        match letter {
            _ if problem.is_eof() => {
                let what = "unexpected end of JSON input";
                return Err(format!("Error from server (BadRequest): {decoding}{what}\n"));
            }
            Some(letter) if problem.to_string().starts_with("expected value") => {
                let what = format!("invalid character '{letter}' looking for beginning of value");
                return Err(format!("Error from server (BadRequest): {decoding}{what}\n"));
            }
            _ => {}
        }
    }
    let documents = yaml::read(&text, &yaml::Limits::default());
    let value = match documents.first().map(yaml::Document::to_value) {
        Some(Ok(value)) => value.unwrap_or_default(),
        Some(Err(problem)) => {
            let shown = args.value("patch").unwrap_or("");
            return Err(errors::line(&format!("unable to parse \"{shown}\": {}", problem.message)));
        }
        None => serde_json::Value::Null,
    };
    let patch = match ty.as_str() {
        "json" => Patch::Json(value),
        "merge" => Patch::Merge(value),
        _ => Patch::StrategicMerge(value),
    };
    Ok((patch, Reporter::of(args)?.silent_about_dry_runs()))
}

fn one(
    object: &Rc<Object>,
    patch: &Patch,
    subresource: Subresource,
    reporter: &mut Reporter,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let patched = if reporter.dry_run == DryRun::Client {
        let value = object.to_value();
        let value = match patch {
            Patch::Json(operations) => patch::json(&value, operations)?,
            Patch::StrategicMerge(p) => {
                patch::strategic_merge(&value, p, Schema::get().of_kind(object.kind))?
            }
            Patch::Merge(p) | Patch::Apply(p) => patch::merge(&value, p),
        };
        Rc::new(Object::from_value(object.kind, value))
    } else {
        let verb = Verb::Patch(patch.clone(), subresource, reporter.options());
        let request = Request { actor: Actor::user(), key: object.key(), verb };
        if subresource == Subresource::Scale {
            // The answer is a Scale.
            let answer = world.request(request)?;
            return match answer.body {
                ResponseBody::Scale(scale) if reporter.prints_objects() => {
                    out.stdout.push_str(&reporter.print_value(&scale).map_err(Failure::Text)?);
                    Ok(())
                }
                _ => {
                    out.say(&format!("scale.autoscaling/{} patched", object.metadata.name));
                    Ok(())
                }
            };
        }
        made(request, world, out)?
    };
    let deed = if patched == *object { "patched (no change)" } else { "patched" };
    reporter.tell(&patched, deed, out).map_err(Failure::Text)
}
