//! `kubectl rollout restart`.
//!
//! Models: `defaultObjectRestarter` of `k8s.io/kubectl/pkg/polymorphichelpers`,
//! `k8s.io/kubectl/pkg/cmd/rollout/rollout_restart.go`.

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::{Actor, Patch, Request, Subresource, Verb, WriteOptions};
use serde_json::json;

use super::find;
use crate::Invocation;
use crate::command::{Command, once};
use crate::resources::{Asked, display_name};
use crate::world::World;

/// The annotation of the template that makes it differ from the one before.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// Begins the subcommand.
pub fn start(call: Invocation, asked: Asked) -> Box<dyn Command> {
    once(move |world, out| {
        let found = find(&call, &asked, world, out);
        let mut code = i32::from(!found.errors.is_empty());
        if found.all().next().is_none() && found.errors.is_empty() {
            out.complain(&format!("No resources found in {} namespace.", call.namespace));
        }
        for object in found.all() {
            match restart(object, world) {
                Ok(()) => out.say(&format!("{} restarted", display_name(object))),
                Err(message) => {
                    out.complain(&format!("error: {message}"));
                    code = 1;
                }
            }
        }
        code
    })
}

fn restart(object: &Object, world: &mut dyn World) -> Result<(), String> {
    let name = &object.metadata.name;
    if object.kind != Kind::StatefulSet {
        return Err(format!(
            "{} \"{name}\" restarting is not supported",
            object.kind.info().qualified_plural()
        ));
    }
    let now = world.now().rfc3339();
    if object.spec().str_at(&["template", "metadata", "annotations", RESTARTED_AT]) == now {
        return Err(format!(
            "failed to create patch for {name}: if restart has already been triggered within the past second, please wait before attempting to trigger another"
        ));
    }
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: now}}}}});
    let options = WriteOptions { field_manager: "kubectl-rollout".to_owned(), ..WriteOptions::default() };
    let verb = Verb::Patch(Patch::StrategicMerge(patch), Subresource::None, options);
    let request = Request { actor: Actor::user(), key: object.key(), verb };
    match world.request(request) {
        Ok(_) => Ok(()),
        Err(status) => Err(format!("failed to patch: {}", status.message)),
    }
}
