//! Sends objects to the server: makes and replaces them, and says how strictly they are checked there.
//!
//! Models: `k8s.io/cli-runtime/pkg/resource` (`helper.go`), `CreateSubcommandOptions` of
//! `k8s.io/kubectl/pkg/cmd/create`.

use std::rc::Rc;

use api::schema::Schema;
use api::{Key, Kind, Object};
use apimachinery::gojson;
use apiserver::{Actor, Body, FieldValidation, Request, Subresource, Verb, WriteOptions};
use serde_json::{Value, json};

use crate::Invocation;
use crate::annotation::LAST_APPLIED;
use crate::command::Output;
use crate::errors::{self, Failure};
use crate::manifest::Resource;
use crate::output::{DryRun, Reporter};
use crate::world::World;

/// The `?fieldValidation=` that `--validate` asks for; the error is a whole line.
pub fn validation(call: &Invocation) -> Result<FieldValidation, String> {
    match call.args.value("validate") {
        None | Some("strict" | "true") => Ok(FieldValidation::Strict),
        Some("warn") => Ok(FieldValidation::Warn),
        Some("ignore" | "false") => Ok(FieldValidation::Ignore),
        Some(other) => Err(errors::line(&format!(
            "invalid - validate option \"{other}\"; must be one of: strict (or true), warn, ignore (or false)"
        ))),
    }
}

/// Sends a request whose answer is an object; prints the server's warnings.
pub fn made(request: Request, world: &mut dyn World, out: &mut Output) -> Result<Rc<Object>, Failure> {
    let answer = world.request(request)?;
    out.warn_all(&answer.warnings);
    answer.into_object().ok_or_else(|| Failure::Plain("the server gave no object".to_owned()))
}

/// Makes an object of a manifest; with a part of it in `updates`, replaces that part instead.
pub fn send(
    resource: &Resource,
    value: Value,
    updates: Option<Subresource>,
    options: &WriteOptions,
    reporter: &Reporter,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<Rc<Object>, Failure> {
    if reporter.dry_run == DryRun::Client {
        let mut object = Object::from_value(resource.key.kind, value);
        resource.key.namespace.as_ref().clone_into(&mut object.metadata.namespace);
        return Ok(Rc::new(object));
    }
    let body = Body::Untyped(value);
    let verb = if let Some(part) = updates {
        Verb::Update(body, part, options.clone())
    } else {
        Verb::Create(body, options.clone())
    };
    made(Request { actor: Actor::user(), key: resource.key.clone(), verb }, world, out)
}

/// Makes an object that kubectl has generated, and says so.
pub fn generated(
    call: &Invocation,
    kind: Kind,
    mut value: Value,
    deed: &str,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<Rc<Object>, Failure> {
    let mut reporter = Reporter::of(&call.args).map_err(Failure::Text)?.of_structs();
    validation(call).map_err(Failure::Text)?;
    let info = kind.info();
    let members = value.as_object_mut().map(|map| {
        map.insert("apiVersion".to_owned(), json!(info.api_version()));
        map.insert("kind".to_owned(), json!(info.name));
    });
    let _ = members;
    if info.namespaced && call.args.value("namespace").is_some() {
        apimachinery::value::set_at(&mut value, &["metadata", "namespace"], call.namespace.as_str().into());
    }
    // `run` keeps it out of what it only shows.
    let shows = call.args.command() == "run" && reporter.dry_run == DryRun::Client;
    if call.args.is_on("save-config") && !shows {
        let schema = Schema::get();
        let text = gojson::compact_tree(&schema.ordered(&value, schema.of_kind(kind))) + "\n";
        apimachinery::value::set_at(&mut value, &["metadata", "annotations", LAST_APPLIED], text.into());
    }
    let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("").to_owned();
    let key = Key::new(kind, call.namespace.as_str(), name.as_str());
    let resource = Resource { key, value: value.clone(), source: String::new() };
    let options = reporter.options();
    let object = send(&resource, value, None, &options, &reporter, world, out)?;
    if !deed.is_empty() {
        reporter.tell(&object, deed, out).map_err(Failure::Text)?;
    }
    Ok(object)
}
