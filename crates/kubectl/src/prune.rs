//! `kubectl apply --prune`: deletes what an earlier manifest made and this one no longer names.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/apply` (`prune.go`).
//! Differs: kubectl's own log does not say that cluster-wide objects will not be pruned one day.

use api::Kind;
use apiserver::{Actor, DeleteOptions, ListOptions, Propagation, Request};

use crate::Invocation;
use crate::annotation::LAST_APPLIED;
use crate::args::Args;
use crate::command::Output;
use crate::errors::Failure;
use crate::output::{DryRun, Reporter};
use crate::resources::ENDPOINTS_WARNING;
use crate::world::World;

/// The kinds that are pruned unless `--prune-allowlist` says otherwise, in order.
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

/// What is wrong with the flags; empty if nothing is.
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
