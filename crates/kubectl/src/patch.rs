//! `kubectl patch`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/patch`.

use std::rc::Rc;

use api::Object;
use api::schema::Schema;
use apimachinery::{jsonsyntax, yaml};
use apiserver::{Actor, Patch, Request, ResponseBody, Subresource, Verb, patch};

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::output::{DryRun, Reporter};
use crate::resources;
use crate::send::made;
use crate::world::World;

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if call.args.is_on("local") && !call.args.positional.is_empty() {
        return failed(errors::line("cannot specify --local and server resources"), 1);
    }
    once(move |world, out| match patch_of(&call, world) {
        Ok((patch, mut reporter)) => {
            let subresource = match call.args.value("subresource") {
                Some("status") => Subresource::Status,
                Some("scale") => Subresource::Scale,
                Some("resize") => Subresource::Resize,
                Some("ephemeralcontainers") => Subresource::EphemeralContainers,
                None | Some("") => Subresource::None,
                Some(_) => {
                    out.complain(
                        "Error from server (NotFound): the server could not find the requested resource",
                    );
                    return 1;
                }
            };
            let none = "error: no objects passed to patch\n";
            let is_local = call.args.is_on("local");
            resources::each(&call, &call.args.positional, none, world, out, &mut |object, world, out| {
                let patch = patch.as_ref().map_err(|said| Failure::Text(said.clone()))?;
                one(object, patch, subresource, is_local, &mut reporter, world, out)
            })
        }
        Err(message) => {
            out.stderr.push_str(&message);
            1
        }
    })
}

fn reporter(args: &Args) -> Result<Reporter, String> {
    Ok(Reporter::of(args)?.silent_about_dry_runs())
}

/// The patch that a command line gives, or, if its text is not a patch, what the server says of each object.
fn patch_of(call: &Invocation, world: &dyn World) -> Result<(Result<Patch, String>, Reporter), String> {
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
    let ty = args.value("type").filter(|ty| !ty.is_empty()).unwrap_or("strategic").to_ascii_lowercase();
    if !matches!(ty.as_str(), "json" | "merge" | "strategic") {
        let text = format!(
            "--type must be one of [json merge strategic], not \"{}\"",
            args.value("type").unwrap_or("")
        );
        return Err(errors::line(&text));
    }
    // What begins as JSON is sent as it is.
    let is_json = text.trim_start().starts_with('{');
    if let Some(problem) = is_json.then(|| jsonsyntax::problem(&text)).flatten() {
        let is_local = args.is_on("local") || DryRun::of(args)? == DryRun::Client;
        let said = match ty.as_str() {
            "merge" if is_local => errors::line("Invalid JSON Patch"),
            _ if is_local => errors::line("invalid JSON document"),
            "strategic" => format!("Error from server (BadRequest): {problem}\n"),
            _ => format!("Error from server (BadRequest): error decoding patch: {problem}\n"),
        };
        return Ok((Err(said), reporter(args)?));
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
    Ok((Ok(patch), reporter(args)?))
}

fn one(
    object: &Rc<Object>,
    patch: &Patch,
    subresource: Subresource,
    is_local: bool,
    reporter: &mut Reporter,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let patched = if is_local || reporter.dry_run == DryRun::Client {
        let value = object.to_value();
        let value = match patch {
            Patch::Json(operations) => patch::json(&value, operations)?,
            Patch::StrategicMerge(p) => {
                patch::strategic_merge(&value, p, Schema::get().of_kind(object.kind))?
            }
            Patch::Merge(p) | Patch::Apply(p) => patch::merge(value, p),
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
