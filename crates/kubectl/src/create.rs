//! `kubectl create` and `kubectl replace`, with `-f`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/create/create.go`, `k8s.io/kubectl/pkg/cmd/replace`.

mod force;

use api::{Key, Kind};
use apimachinery::yaml;
use apiserver::{Actor, DeleteOptions, Request, Subresource, Verb, WriteOptions};
use serde_json::Value;

use crate::Invocation;
use crate::annotation::with_last_applied;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::foreign_generate;
use crate::generate;
use crate::manifest;
use crate::output::{DryRun, Reporter};
use crate::resources::ENDPOINTS_WARNING;
use crate::send::{send, validation};
use crate::token;
use crate::world::World;

/// Begins `create`.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if let Some(word) = call.args.positional.first() {
        if let Some(ty) = foreign_generate::type_of(word) {
            return foreign_generate::start(call, ty);
        }
        if word == "token" {
            let mut call = call;
            call.args.positional.remove(0);
            return token::start(call);
        }
        if generate::knows(word) {
            return generate::start(call);
        }
        let words = call.args.positional.join(" ");
        return failed(errors::usage("create", &format!("Unexpected args: [{words}]")), 1);
    }
    if let Some(path) = call.args.value("raw").map(str::to_owned) {
        return once(move |world, out| raw(&call, &path, world, out));
    }
    once(move |world, out| write(&call, false, world, out))
}

/// Begins `replace`.
pub fn replace(call: Invocation) -> Box<dyn Command> {
    let args = &call.args;
    let is_force = args.is_on("force");
    let dry_run = DryRun::of(args).unwrap_or(DryRun::None);
    let given = |flag: &str| args.value(flag).is_some_and(|value| !matches!(value, "-1" | "0" | "0s"));
    let text = if args.value("raw").is_some() && args.repeated("filename").len() != 1 {
        "--raw can only use a single local file or stdin"
    } else if given("grace-period") && !is_force {
        "--grace-period must have --force specified"
    } else if given("timeout") && !is_force {
        "--timeout must have --force specified"
    } else if is_force && dry_run != DryRun::None {
        "--dry-run can not be used when --force is set"
    } else {
        ""
    };
    if !text.is_empty() {
        return failed(errors::line(text), 1);
    }
    if is_force {
        return force::start(call);
    }
    once(move |world, out| write(&call, true, world, out))
}

pub(super) fn write(call: &Invocation, replaces: bool, world: &mut dyn World, out: &mut Output) -> i32 {
    let planned =
        manifest::read(call, world).and_then(|m| Ok((m, Reporter::of(&call.args)?, validation(call)?)));
    let (manifest, mut reporter, field_validation) = match planned {
        Ok(planned) => planned,
        Err(message) => {
            out.stderr.push_str(&message);
            return 1;
        }
    };
    let options = WriteOptions { field_validation, ..reporter.options() };
    let mut failures = manifest.failures;
    if manifest.resources.is_empty() && failures.is_empty() {
        let verb = if replaces { "replace" } else { "create" };
        failures.push(Failure::Plain(format!("no objects passed to {verb}")));
    }
    if manifest.resources.iter().any(|resource| resource.key.kind == Kind::Endpoints) {
        out.complain(ENDPOINTS_WARNING);
    }
    let (doing, deed) = if replaces { ("replacing", "replaced") } else { ("creating", "created") };
    for resource in &manifest.resources {
        let mut value = resource.value.clone();
        if call.args.is_on("save-config") {
            value = with_last_applied(&value, &resource.key.namespace);
        }
        let part = match call.args.value("subresource") {
            Some("status") => Subresource::Status,
            Some("scale") => Subresource::Scale,
            _ => Subresource::None,
        };
        let updates = (replaces && !call.args.is_on("force")).then_some(part);
        match send(resource, value, updates, &options, &reporter, world, out) {
            Ok(object) => failures.extend(reporter.tell(&object, deed, out).err().map(Failure::Text)),
            Err(Failure::Refused(status, _)) => {
                failures.push(Failure::Refused(status, resource.context(doing)));
            }
            Err(other) => failures.push(other),
        }
    }
    errors::say(&failures, out)
}

/// `create --raw`: an eviction, the one thing that can be made only this way.
fn raw(call: &Invocation, path: &str, world: &mut dyn World, out: &mut Output) -> i32 {
    let text = match call.args.value("filename") {
        Some("-") => call.stdin.clone(),
        Some(file) => world.file(file).or_else(|| call.stdin.clone()),
        None => {
            out.complain("error: must specify one of -f and -k");
            return 1;
        }
    };
    let documents = yaml::read(&text.unwrap_or_default(), &yaml::Limits::default());
    let body = documents.first().and_then(|d| d.to_value().ok().flatten()).unwrap_or_default();
    let words: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (["api", "v1", "namespaces", namespace, "pods", name, "eviction"], true) =
        (words.as_slice(), body.is_object())
    else {
        out.complain("Error from server (NotFound): the server could not find the requested resource");
        return 1;
    };
    let options = DeleteOptions {
        grace_period_seconds: body.pointer("/deleteOptions/gracePeriodSeconds").and_then(Value::as_i64),
        ..DeleteOptions::default()
    };
    let key = Key::new(Kind::Pod, *namespace, *name);
    match world.request(Request { actor: Actor::user(), key, verb: Verb::Evict(options) }) {
        Ok(_) => {
            out.say("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\",\"code\":201}");
            0
        }
        Err(status) => errors::say(&[status.into()], out),
    }
}
