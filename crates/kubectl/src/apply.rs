//! `kubectl apply`: creates an object, sends a three-way merge, or leaves the merge to the server
//! (`--server-side`).
//!
//! Models: `k8s.io/kubectl/pkg/cmd/apply`.

mod last_applied;

use std::rc::Rc;

use api::schema::Schema;
use api::{Kind, Object};
use apimachinery::value::{ValueExt, remove_at};
use apimachinery::{Reason, Status, gojson, yaml};
use apiserver::{
    Actor, Answer, Body, DeleteOptions, Patch, Propagation, Request, Subresource, Verb, WriteOptions, patch,
};
use serde_json::{Value, json};

use crate::Invocation;
use crate::annotation::{LAST_APPLIED, with_last_applied};
use crate::command::{Command, Output, failed, once};
use crate::delete;
use crate::edit;
use crate::errors::{self, Failure};
use crate::manifest::{self, Resource};
use crate::output::{DryRun, Reporter};
use crate::prune;
use crate::resources::ENDPOINTS_WARNING;
use crate::send::validation;
use crate::server_side;
use crate::world::World;

/// Begins the verb.
pub fn start(mut call: Invocation) -> Box<dyn Command> {
    let about = match call.args.positional.first().map_or("", String::as_str) {
        "view-last-applied" => last_applied::view,
        "set-last-applied" => last_applied::set,
        "edit-last-applied" => {
            call.args.positional.remove(0);
            return edit::start(call, edit::What::LastApplied);
        }
        _ => return begin(call),
    };
    call.args.positional.remove(0);
    once(move |world, out| about(&call, world, out))
}

/// Begins `apply` itself.
pub(crate) fn begin(call: Invocation) -> Box<dyn Command> {
    match Apply::new(&call) {
        Ok(apply) => once(move |world, out| apply.clone().run(&call, world, out)),
        Err(message) => failed(message, 1),
    }
}

#[derive(Clone)]
struct Apply {
    reporter: Reporter,
    overwrite: bool,
    /// `--force`: what cannot be changed is deleted and made anew.
    force: bool,
    cascade: Option<Propagation>,
    server_side: bool,
    options: WriteOptions,
    subresource: Subresource,
    printed: Vec<Rc<Object>>,
    /// UIDs and namespaces of what the manifest names.
    visited: Vec<(String, String)>,
}

impl Apply {
    fn new(call: &Invocation) -> Result<Self, String> {
        let args = &call.args;
        if !args.positional.is_empty() {
            return Err(errors::usage("apply", &format!("Unexpected args: [{}]", args.positional.join(" "))));
        }
        let reporter = Reporter::of(args)?;
        let server_side = args.is_on("server-side");
        let wrong = match reporter.dry_run {
            _ if args.value("filename").is_none() && args.value("kustomize").is_none() => {
                "must specify one of -f and -k"
            }
            _ if args.value("filename").is_some() && args.value("kustomize").is_some() => {
                "only one of -f or -k can be specified"
            }
            _ if args.is_on("force-conflicts") && !server_side => {
                "--force-conflicts only works with --server-side"
            }
            DryRun::Client if server_side => {
                "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"
            }
            _ if server_side && args.value("field-manager") == Some("") => {
                return Err(
                    "The PatchOptions \"\" is invalid: fieldManager: Required value: is required for apply patch\n"
                        .to_owned(),
                );
            }
            _ if server_side && args.is_on("force") => "--force cannot be used with --server-side",
            DryRun::Server if args.is_on("force") => "--dry-run=server cannot be used with --force",
            _ if !prune::check(args).is_empty() => prune::check(args),
            _ if args.value("subresource").is_some() && !server_side => {
                "--subresource can only be specified for --server-side"
            }
            _ => "",
        };
        if !wrong.is_empty() {
            return Err(errors::line(wrong));
        }
        if args.is_on("prune") {
            prune::kinds(args).map_err(|failure| failure.alone())?;
        }
        let options = WriteOptions {
            force: args.is_on("force-conflicts"),
            field_validation: validation(call)?,
            ..reporter.options()
        };
        let status = args.value("subresource") == Some("status");
        let subresource = if status { Subresource::Status } else { Subresource::None };
        let overwrite = args.is_on_or("overwrite", true);
        let (printed, visited) = (Vec::new(), Vec::new());
        let (cascade, _) = delete::cascade(args.value("cascade"))?;
        let force = args.is_on("force");
        Ok(Self { reporter, overwrite, force, cascade, server_side, options, subresource, printed, visited })
    }

    fn run(mut self, call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
        let Some(manifest) = manifest::read_or_say(call, world, out) else { return 1 };
        let mut failures = manifest.failures;
        if manifest.resources.is_empty() && failures.is_empty() {
            failures.push(Failure::Plain("no objects passed to apply".to_owned()));
        }
        if manifest.resources.iter().any(|resource| resource.key.kind == Kind::Endpoints) {
            out.stderr.push_str(ENDPOINTS_WARNING);
            out.stderr.push('\n');
        }
        for resource in &manifest.resources {
            let applied = if self.server_side {
                self.on_server(resource, world, out)
            } else {
                self.one(resource, world, out)
            };
            failures.extend(applied.err());
        }
        if self.reporter.prints_objects() && failures.is_empty() {
            failures.extend(self.reporter.tell_all(&self.printed, out).err().map(Failure::Text));
        }
        if call.args.is_on("prune") && failures.is_empty() {
            failures.extend(prune::prune(call, &self.visited, &mut self.reporter, world, out).err());
        }
        errors::say(&failures, out)
    }

    fn tell(&mut self, object: Rc<Object>, deed: &str, out: &mut Output) -> Result<(), Failure> {
        self.visited.push((object.metadata.uid.clone(), object.metadata.namespace.clone()));
        if self.reporter.prints_objects() {
            self.printed.push(object);
            return Ok(());
        }
        self.reporter.tell(&object, deed, out).map_err(Failure::Text)
    }

    fn on_server(
        &mut self,
        resource: &Resource,
        world: &mut dyn World,
        out: &mut Output,
    ) -> Result<(), Failure> {
        let applied = server_side::apply(resource, self.subresource, &self.options, world, out)?;
        let Some(object) = applied else { return Ok(()) };
        warn_if_deleting(&object, out);
        self.tell(object, "serverside-applied", out)
    }

    fn one(&mut self, resource: &Resource, world: &mut dyn World, out: &mut Output) -> Result<(), Failure> {
        let namespace = if resource.key.kind.info().namespaced { &*resource.key.namespace } else { "" };
        let modified = with_last_applied(&resource.value, namespace);
        let retrieving =
            format!("retrieving current configuration of:\n{}\nfrom server for:", described(resource));
        if resource.key.name.is_empty() {
            let generated = resource.value.str_at(&["metadata", "generateName"]);
            return Err(Failure::Plain(if generated.is_empty() {
                format!("{}resource name may not be empty", resource.context(&retrieving))
            } else {
                format!("from {generated}: cannot use generate name with apply")
            }));
        }
        if let Some(wrong) = bad_name(&resource.key.name) {
            let text = format!("invalid resource name \"{}\": [{wrong}]", resource.key.name);
            return Err(Failure::Plain(format!("{}{text}", resource.context(&retrieving))));
        }
        let current = match world.request(Request::get(&Actor::user(), resource.key.clone())) {
            Ok(answer) => answer.into_object(),
            Err(status) if status.reason == Reason::NotFound => None,
            Err(status) => return Err(Failure::Refused(status, resource.context(&retrieving))),
        };
        match current {
            None => self.create(resource, modified, world, out),
            Some(current) => self.merge(resource, &current, &modified, world, out),
        }
    }

    /// Refuses, with `--overwrite=false`, to change what others have changed since the last apply.
    fn clash(&self, resource: &Resource, current: &Object, patch: &Value) -> Result<(), Failure> {
        if self.overwrite {
            return Ok(());
        }
        let last = current.metadata.annotation(LAST_APPLIED);
        let original: Value = serde_json::from_str(last).unwrap_or_else(|_| json!({}));
        let ty = Schema::get().of_kind(current.kind);
        let changed = patch::three_way_strategic(&original, &current.to_value(), &original, ty);
        if !conflict(patch, &changed) {
            return Ok(());
        }
        let text = format!(
            "patch:\n{}\nconflicts with changes made from original to current:\n{}\n",
            yaml::emit(patch),
            yaml::emit(&changed)
        );
        Err(Failure::Plain(format!("{}{text}", resource.context("creating patch"))))
    }

    fn create(
        &mut self,
        resource: &Resource,
        mut value: Value,
        world: &mut dyn World,
        out: &mut Output,
    ) -> Result<(), Failure> {
        prune_nulls(&mut value);
        let object = if self.reporter.dry_run == DryRun::Client {
            Some(Rc::new(Object::from_value(resource.key.kind, value)))
        } else {
            let verb = Verb::Create(Body::Untyped(value), self.options.clone());
            let request = Request { actor: Actor::user(), key: resource.key.clone(), verb };
            let answer = world.request(request);
            let answer = answer.map_err(|s| Failure::Refused(s, resource.context("creating")))?;
            out.warn_all(&answer.warnings);
            answer.into_object()
        };
        object.map_or(Ok(()), |object| self.tell(object, "created", out))
    }

    /// `--force`: what cannot be changed is deleted and made anew.
    fn replace(&self, resource: &Resource, modified: &Value, world: &mut dyn World) -> Answer {
        let options = DeleteOptions { propagation: self.cascade, ..DeleteOptions::default() };
        world.request(Request::delete(&Actor::user(), resource.key.clone(), options))?;
        let mut value = modified.clone();
        prune_nulls(&mut value);
        let verb = Verb::Create(Body::Untyped(value), self.options.clone());
        world.request(Request { actor: Actor::user(), key: resource.key.clone(), verb })
    }

    fn merge(
        &mut self,
        resource: &Resource,
        current: &Rc<Object>,
        modified: &Value,
        world: &mut dyn World,
        out: &mut Output,
    ) -> Result<(), Failure> {
        warn_without_annotation(current, out);
        let patch = patch_for(current, modified);
        self.clash(resource, current, &patch)?;
        let same = patch.as_object().is_none_or(serde_json::Map::is_empty);
        let object = if same {
            Rc::clone(current)
        } else if self.reporter.dry_run == DryRun::Client {
            let kind = current.kind;
            let merged = patch::strategic_merge(&current.to_value(), &patch, Schema::get().of_kind(kind))?;
            Rc::new(Object::from_value(kind, merged))
        } else {
            let verb =
                Verb::Patch(Patch::StrategicMerge(patch.clone()), Subresource::None, self.options.clone());
            let request = Request { actor: Actor::user(), key: resource.key.clone(), verb };
            let mut answer = world.request(request);
            let hopeless = |status: &Status| matches!(status.reason, Reason::Conflict | Reason::Invalid);
            if self.force && answer.as_ref().is_err_and(hopeless) {
                answer = self.replace(resource, modified, world);
            }
            let answer = answer.map_err(|status| {
                let patching = resource.context("patching");
                let applying = format!(
                    "applying patch:\n{}\nto:\n{}\nfor:",
                    gojson::compact(&patch),
                    described(resource)
                );
                Failure::Refused(status, format!("{}{patching}", resource.context(&applying)))
            })?;
            out.warn_all(&answer.warnings);
            answer.into_object().unwrap_or_else(|| Rc::clone(current))
        };
        warn_if_deleting(&object, out);
        self.tell(object, if same { "unchanged" } else { "configured" }, out)
    }
}

/// Whether two patches want different things of the same place.
fn conflict(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.iter().any(|(name, member)| other.get(name).is_some_and(|theirs| conflict(member, theirs)))
        }
        (one, other) => one != other,
    }
}

fn warn_if_deleting(object: &Object, out: &mut Output) {
    if object.metadata.is_deleting() {
        let name = &object.metadata.name;
        out.complain(&format!(
            "Warning: Detected changes to resource {name} which is currently being deleted."
        ));
    }
}

fn warn_without_annotation(object: &Object, out: &mut Output) {
    if !object.metadata.annotations.contains_key(LAST_APPLIED) {
        out.complain(&format!(
            "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.",
            object.kind.info().plural, object.metadata.name
        ));
    }
}

/// Why a name cannot stand in a path; `None` if it can.
fn bad_name(name: &str) -> Option<&'static str> {
    match name {
        "." => Some("may not be '.'"),
        ".." => Some("may not be '..'"),
        _ if name.contains('/') => Some("may not contain '/'"),
        _ if name.contains('%') => Some("may not contain '%'"),
        _ => None,
    }
}

/// An object as errors describe it.
fn described(resource: &Resource) -> String {
    let info = resource.key.kind.info();
    let version = format!("{}/{}", info.group, info.version);
    format!(
        "Resource: \"{version}, Resource={}\", GroupVersionKind: \"{version}, Kind={}\"\nName: \"{}\", Namespace: \"{}\"",
        info.plural, info.name, resource.key.name, resource.key.namespace
    )
}

/// Removes members that are null, which mean nothing in a new object.
fn prune_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, member| !member.is_null());
            map.values_mut().for_each(prune_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}

/// The patch that takes an object from the last manifest to this one.
pub fn patch_for(current: &Object, modified: &Value) -> Value {
    let last = current.metadata.annotation(LAST_APPLIED);
    let mut original: Value = serde_json::from_str(last).unwrap_or_else(|_| json!({}));
    let mut modified = modified.clone();
    for value in [&mut modified, &mut original] {
        for member in ["status", "apiVersion", "kind"] {
            remove_at(value, &[member]);
        }
    }
    let ty = Schema::get().of_kind(current.kind);
    patch::three_way_strategic(&original, &modified, &current.to_value(), ty)
}
