//! `kubectl rollout undo`.
//!
//! Models: `StatefulSetRollbacker` of `k8s.io/kubectl/pkg/polymorphichelpers`,
//! `k8s.io/kubectl/pkg/cmd/rollout/rollout_undo.go`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::set_at;
use apiserver::{Actor, Patch, Request, Subresource, Verb, WriteOptions};
use serde_json::{Value, json};

use super::history::{template_of, template_text, unvisited};
use super::{find, number, revisions_of};
use crate::Invocation;
use crate::annotation::LAST_APPLIED;
use crate::command::{Command, failed, once};
use crate::output::{DryRun, Reporter};
use crate::resources::{Asked, display_name};
use crate::world::World;

/// Begins the subcommand.
pub fn start(call: Invocation, asked: Asked) -> Box<dyn Command> {
    let revision = call.args.number("to-revision").unwrap_or(0);
    let dry_run = match DryRun::of(&call.args) {
        Ok(dry_run) => dry_run,
        Err(message) => return failed(message, 1),
    };
    let reporter = match Reporter::of(&call.args) {
        Ok(reporter) => reporter,
        Err(message) => return failed(message, 1),
    };
    once(move |world, out| {
        let found = find(&call, &asked, world, out);
        let mut code = i32::from(!found.errors.is_empty());
        let only_names = call.args.value("output") == Some("name");
        for object in found.all() {
            if object.metadata.annotations.contains_key(LAST_APPLIED) {
                out.complain(&warning(object));
            }
            match roll_back(object, revision, dry_run, world) {
                // What is printed is the object as it was found.
                Ok(_) if reporter.prints_objects() => {
                    if let Err(message) = reporter.clone().tell(object, "rolled back", out) {
                        out.stderr.push_str(&message);
                        code = 1;
                    }
                }
                Ok(_) if only_names => out.say(&display_name(object)),
                Ok(result) => {
                    out.say(&format!("{} {result}{}", display_name(object), dry_run.suffix()));
                }
                Err(message) => {
                    out.complain(&format!("error: {message}"));
                    code = 1;
                }
            }
        }
        code
    })
}

fn warning(object: &Object) -> String {
    let name = format!("{}/{}", object.kind.info().plural, object.metadata.name);
    format!(
        "Warning: resource {name} was previously managed with 'kubectl apply'. Rolling back will not update the {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead."
    )
}

/// The data of a revision that the set would store now.
fn patch_of(set: &Object) -> Value {
    let mut template = set.at(&["spec", "template"]).cloned().unwrap_or(Value::Null);
    set_at(&mut template, &["$patch"], "replace".into());
    json!({"spec": {"template": template}})
}

fn roll_back(set: &Rc<Object>, to: i64, dry_run: DryRun, world: &mut dyn World) -> Result<String, String> {
    if set.kind != Kind::StatefulSet {
        return Err(unvisited(set.kind, "rollbacker", "rollbacker"));
    }
    let unknown = || format!("unable to find specified revision {to} in history");
    if to < 0 {
        return Err(unknown());
    }
    let revisions = revisions_of(set, world);
    if to == 0 && revisions.len() <= 1 {
        return Err("no last revision to roll back to".to_owned());
    }
    let found =
        if to == 0 { revisions.iter().rev().nth(1) } else { revisions.iter().find(|r| number(r) == to) };
    let revision = found.ok_or_else(unknown)?;
    if dry_run == DryRun::Client {
        return Ok(format!("will roll back to {}", template_text(&template_of(revision))));
    }
    if patch_of(set) == *revision.field("data") {
        return Ok(format!("skipped rollback (current template already matches revision {to})"));
    }
    let options = WriteOptions { dry_run: dry_run == DryRun::Server, ..WriteOptions::default() };
    let patch = Patch::StrategicMerge(revision.field("data").clone());
    let verb = Verb::Patch(patch, Subresource::None, options);
    let request = Request { actor: Actor::user(), key: set.key(), verb };
    match world.request(request) {
        Ok(_) => Ok("rolled back".to_owned()),
        Err(status) => Err(format!("failed restoring revision {to}: {}", status.message)),
    }
}
