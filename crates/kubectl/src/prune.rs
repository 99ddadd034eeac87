//! What `kubectl apply` does beside applying: `--prune`, `view-last-applied`, `set-last-applied`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/apply` (`prune.go`, `apply_set_last_applied.go`).
//! Differs: kubectl's own log does not say that cluster-wide objects will not be pruned one day.

use api::{Kind, Object};
use apimachinery::value::{remove_at, set_at};
use apimachinery::{gojson, yaml};
use apiserver::{Actor, DeleteOptions, ListOptions, Patch, Propagation, Request, Subresource, Verb};
use serde_json::{Value, json};

use crate::Invocation;
use crate::apply::LAST_APPLIED;
use crate::args::Args;
use crate::command::Output;
use crate::create::made;
use crate::errors::{self, Failure};
use crate::get::ENDPOINTS_WARNING;
use crate::manifest;
use crate::output::{DryRun, Reporter};
use crate::resources::{self, Scope};
use crate::world::World;

/// What is pruned unless `--prune-allowlist` says otherwise, in order.
const KINDS: [Kind; 8] = [
    Kind::ConfigMap,
    Kind::Endpoints,
    Kind::Namespace,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::Pod,
    Kind::Secret,
    Kind::Service,
];

/// What is wrong with the flags, if anything.
pub fn check(args: &Args) -> &'static str {
    let selects = args.value("selector").is_some_and(|s| !s.is_empty());
    match (args.is_on("all"), selects) {
        _ if !args.is_on("prune") => "",
        _ if args.is_on("server-side") => {
            "--prune is in alpha and doesn't currently work on objects created by server-side apply"
        }
        (true, true) => "cannot set --all and --selector at the same time",
        (false, false) => {
            "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector"
        }
        _ => "",
    }
}

/// The kinds to prune; the error is what kubectl says of `--prune-allowlist`.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn kinds(args: &Args) -> Result<Vec<Kind>, Failure> {
    let words = args.values("prune-allowlist");
    if words.is_empty() {
        return Ok(KINDS.into_iter().chain([Kind::StatefulSet]).collect());
    }
    let read = |word: &&str| {
        let [group, version, kind] = word.split('/').collect::<Vec<_>>()[..] else {
            return Err(Failure::Plain(format!(
                "invalid GroupVersionKind format: {word}, please follow <group/version/kind>"
            )));
        };
        let version = if group == "core" { version.to_owned() } else { format!("{group}/{version}") };
        Kind::from_manifest(&version, kind)
            .ok_or_else(|| Failure::Plain(format!("no matches for kind \"{kind}\" in version \"{version}\"")))
    };
    words.iter().map(read).collect()
}

/// Deletes what an earlier apply has made and this one no longer names. `visited` are the UIDs and
/// namespaces of what it names.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn prune(
    call: &Invocation,
    visited: &[(String, String)],
    reporter: &mut Reporter,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let mut namespaces: Vec<&str> = visited.iter().map(|(_, namespace)| namespace.as_str()).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let selector = call.args.value("selector").unwrap_or("").to_owned();
    let options = ListOptions { label_selector: selector, ..ListOptions::default() };
    for kind in kinds(&call.args)? {
        let places = if kind.info().namespaced { namespaces.as_slice() } else { &[""] };
        for namespace in places.iter().filter(|n| !n.is_empty() || !kind.info().namespaced) {
            if kind == Kind::Endpoints {
                out.complain(ENDPOINTS_WARNING);
            }
            let found = world.request(Request::list(&Actor::user(), kind, namespace, options.clone()))?;
            for object in found.into_list() {
                let metadata = &object.metadata;
                if !metadata.annotations.contains_key(LAST_APPLIED)
                    || visited.iter().any(|(uid, _)| *uid == metadata.uid)
                {
                    continue;
                }
                if reporter.dry_run != DryRun::Client {
                    let options = DeleteOptions {
                        propagation: Some(Propagation::Background),
                        dry_run: reporter.dry_run == DryRun::Server,
                        ..DeleteOptions::default()
                    };
                    world.request(Request::delete(&Actor::user(), object.key(), options))?;
                }
                reporter.tell(&object, "pruned", out).map_err(Failure::Text)?;
            }
        }
    }
    Ok(())
}

/// `apply view-last-applied`.
pub fn view_last_applied(call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
    match last_applied_of(call, world) {
        Ok(text) => {
            out.stdout.push_str(&text);
            0
        }
        Err(message) => {
            out.stderr.push_str(&message);
            1
        }
    }
}

fn last_applied_of(call: &Invocation, world: &mut dyn World) -> Result<String, String> {
    let (asked, failures) = resources::named(call, &call.args.positional, world)?;
    if asked.is_empty() && failures.is_empty() {
        return Err(resources::NOTHING_NAMED.to_owned());
    }
    if call.args.is_on("all") {
        return Err(errors::line("setting 'all' parameter but found a non empty selector. "));
    }
    let found = resources::find(&asked, &Scope::of(&call.args, &call.namespace), world);
    if let Some(error) = failures.first().map(Failure::alone).or_else(|| found.errors.first().cloned()) {
        return Err(error);
    }
    let mut text = String::new();
    let source = call.args.value("filename").map(|path| if path == "-" { "STDIN" } else { path });
    for object in found.all() {
        let applied = object.metadata.annotation(LAST_APPLIED);
        if applied.is_empty() {
            // The error that it tells of is none; of an object without a source it says nothing.
            let Some(source) = source else { continue };
            let name = &object.metadata.name;
            return Err(errors::line(&format!("error when {MISSING} {name}\n \"{source}\": <nil>")));
        }
        let value: Value = serde_json::from_str(applied).unwrap_or_default();
        match call.args.value("output").unwrap_or("yaml") {
            // The annotation ends its line itself.
            "json" => text.push_str(&(gojson::indent(&value, 2) + "\n")),
            "yaml" => text.push_str(&yaml::emit(&value)),
            other => {
                let problem = "the flag 'output' must be one of yaml|json";
                let said = format!("Unexpected -o output mode: {other}, {problem}");
                return Err(errors::usage("apply view-last-applied", &said));
            }
        }
    }
    Ok(text)
}

const MISSING: &str = "no last-applied-configuration annotation found on resource:";

/// `apply set-last-applied`.
pub fn set_last_applied(call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
    if call.args.value("filename").is_none() {
        out.stderr.push_str(resources::NOTHING_NAMED);
        return 1;
    }
    let planned = manifest::read(call, world).and_then(|m| Ok((m, Reporter::of(&call.args)?)));
    let (manifest, mut reporter) = match planned {
        Ok(planned) => planned,
        Err(message) => {
            out.stderr.push_str(&message);
            return 1;
        }
    };
    let mut failures = manifest.failures;
    for resource in &manifest.resources {
        // Other than `apply` it leaves annotations out where there are none.
        let mut bare = resource.value.clone();
        remove_at(&mut bare, &["metadata", "annotations", LAST_APPLIED]);
        if resource.key.kind.info().namespaced {
            set_at(&mut bare, &["metadata", "namespace"], resource.key.namespace.as_ref().into());
        }
        let text = gojson::compact(&bare) + "\n";
        let current = match made(Request::get(&Actor::user(), resource.key.clone()), world, out) {
            Ok(current) => current,
            Err(failure) => {
                failures.push(failure);
                break;
            }
        };
        if let Err(failure) = annotate(call, &current, text, &mut reporter, world, out) {
            failures.push(failure);
            break;
        }
    }
    errors::say(&failures, out)
}

fn annotate(
    call: &Invocation,
    current: &Object,
    text: String,
    reporter: &mut Reporter,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let name = &current.metadata.name;
    let last = current.metadata.annotation(LAST_APPLIED);
    if last.is_empty() && !call.args.is_on("create-annotation") {
        return Err(Failure::Plain(format!(
            "{MISSING} {name}, to create the annotation, run the command with --create-annotation"
        )));
    }
    if last == text {
        out.say(&format!("set-last-applied {name}: no changes required."));
        return Ok(());
    }
    if reporter.dry_run == DryRun::Client {
        return reporter.tell(current, "configured", out).map_err(Failure::Text);
    }
    let patch = Patch::Merge(json!({"metadata": {"annotations": {LAST_APPLIED: text}}}));
    let verb = Verb::Patch(patch, Subresource::None, reporter.options());
    let changed = made(Request { actor: Actor::user(), key: current.key(), verb }, world, out)?;
    reporter.tell(&changed, "configured", out).map_err(Failure::Text)
}
