//! `kubectl apply`: create, or the three-way merge.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/apply`.

use std::rc::Rc;

use api::Object;
use api::schema::Schema;
use apimachinery::value::{ValueExt, remove_at, set_at};
use apimachinery::{Reason, gojson};
use apiserver::{Actor, Body, Patch, Request, Subresource, Verb, WriteOptions, patch};
use serde_json::{Value, json};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors;
use crate::manifest::{self, Resource, SOURCE};
use crate::world::World;

/// Where the manifest of the last apply is kept.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if call.args.value("filename").is_none() {
        return failed("error: must specify one of -f and -k\n".to_owned(), 1);
    }
    once(move |world, out| run(&call, world, out))
}

/// The suffix of a dry run's lines.
pub fn dry_run_suffix(mode: Option<&str>) -> &'static str {
    match mode {
        Some("client" | "unchanged") => " (dry run)",
        Some("server") => " (server dry run)",
        _ => "",
    }
}

fn run(call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
    let Some(text) = &call.stdin else {
        let path = call.args.value("filename").unwrap_or("-");
        out.complain(&format!("error: the path \"{path}\" does not exist"));
        return 1;
    };
    let resources = match manifest::read(text, &call.namespace) {
        Ok(resources) => resources,
        Err(message) => {
            out.stderr.push_str(&message);
            return 1;
        }
    };
    let mut code = 0;
    for resource in resources {
        if let Err(message) = apply_one(call, &resource, world, out) {
            out.stderr.push_str(&message);
            code = 1;
        }
    }
    code
}

/// The manifest with its own text in the annotation.
fn modified(resource: &Resource) -> Value {
    let mut bare = resource.value.clone();
    remove_at(&mut bare, &["metadata", "annotations", LAST_APPLIED]);
    if bare.at(&["metadata", "annotations"]).is_none() {
        set_at(&mut bare, &["metadata", "annotations"], json!({}));
    }
    if resource.key.kind.info().namespaced {
        set_at(&mut bare, &["metadata", "namespace"], resource.key.namespace.as_ref().into());
    }
    let text = format!("{}\n", gojson::compact(&bare));
    set_at(&mut bare, &["metadata", "annotations", LAST_APPLIED], text.into());
    bare
}

fn options(call: &Invocation) -> WriteOptions {
    WriteOptions {
        dry_run: call.args.value("dry-run").is_some_and(|m| m != "none"),
        field_manager: "kubectl-client-side-apply".to_owned(),
        ..WriteOptions::default()
    }
}

fn apply_one(call: &Invocation, resource: &Resource, world: &mut dyn World, out: &mut Output) -> Result<(), String> {
    let actor = Actor::user();
    let name = format!("{}/{}", resource.key.kind.info().qualified_singular(), resource.key.name);
    let suffix = dry_run_suffix(call.args.value("dry-run"));
    let modified = modified(resource);
    let context = format!("error when retrieving current configuration of: \"{SOURCE}\": ");
    if resource.key.name.is_empty() {
        return Err("error: error when retrieving current configuration of:\nresource name may not be empty\n".to_owned());
    }
    let current = match world.request(Request::get(&actor, resource.key.clone())) {
        Ok(answer) => answer.into_object(),
        Err(status) if status.reason == Reason::NotFound => None,
        Err(status) => return Err(errors::with_context(&status, &context)),
    };
    let Some(current) = current else {
        let verb = Verb::Create(Body::Untyped(modified), options(call));
        let request = Request { actor, key: resource.key.clone(), verb };
        let context = format!("error when creating \"{SOURCE}\": ");
        let answer = world.request(request).map_err(|s| errors::with_context(&s, &context))?;
        out.warn_all(&answer.warnings);
        out.say(&format!("{name} created{suffix}"));
        return Ok(());
    };
    let patch = patch_for(&current, &modified, resource, out);
    if patch.as_object().is_none_or(serde_json::Map::is_empty) {
        out.say(&format!("{name} unchanged{suffix}"));
        return Ok(());
    }
    if current.metadata.is_deleting() {
        out.complain(&format!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            resource.key.name
        ));
    }
    let verb = Verb::Patch(Patch::StrategicMerge(patch.clone()), Subresource::None, options(call));
    let request = Request { actor, key: resource.key.clone(), verb };
    match world.request(request) {
        Ok(answer) => {
            out.warn_all(&answer.warnings);
            out.say(&format!("{name} configured{suffix}"));
            Ok(())
        }
        Err(status) if status.reason == Reason::Invalid => Err(errors::text(&status)),
        Err(status) => Err(errors::with_context(&status, &patch_context(resource, &patch))),
    }
}

fn patch_context(resource: &Resource, patch: &Value) -> String {
    let info = resource.key.kind.info();
    let version = info.api_version();
    format!(
        "error when applying patch:\n{}\nto:\nResource: \"{version}, Resource={}\", GroupVersionKind: \"{version}, Kind={}\"\nName: \"{}\", Namespace: \"{}\"\nfor: \"{SOURCE}\": error when patching \"{SOURCE}\": ",
        gojson::compact(patch),
        info.plural,
        info.name,
        resource.key.name,
        resource.key.namespace
    )
}

fn patch_for(current: &Rc<Object>, modified: &Value, resource: &Resource, out: &mut Output) -> Value {
    let last = current.metadata.annotation(LAST_APPLIED);
    if last.is_empty() {
        out.complain(&format!(
            "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.",
            resource.key.kind.info().plural, resource.key.name
        ));
    }
    let original: Value = serde_json::from_str(last).unwrap_or_else(|_| json!({}));
    let ty = Schema::get().of_kind(resource.key.kind);
    let mut modified = modified.clone();
    let mut original = original;
    for value in [&mut modified, &mut original] {
        remove_at(value, &["status"]);
        if let Some(map) = value.as_object_mut() {
            map.remove("apiVersion");
            map.remove("kind");
        }
    }
    patch::three_way_strategic(&original, &modified, &current.to_value(), ty)
}
