//! `kubectl describe`.
//!
//! A description is written by levels and cells into a [`writer::Writer`] and aligned at the end. One
//! file describes one group of kinds; [`generic`] describes what has no file.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/describe`, `k8s.io/kubectl/pkg/describe`.

pub mod common;
pub mod container;
mod endpoints;
mod env;
pub mod events;
mod generic;
mod node;
mod pod;
mod quota;
mod service;
mod small;
mod statefulset;
mod storage;
mod usage;
mod volumes;
pub mod writer;

use api::{Kind, Object};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors;
use crate::resources::{self, Ask, Asked, ENDPOINTS_WARNING, Scope};
use crate::world::World;
use writer::Writer;

const NO_TYPE: &str = "error: You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.\n";

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if call.args.positional.is_empty() && call.args.value("filename").is_none() {
        return failed(NO_TYPE.to_owned(), 1);
    }
    once(move |world, out| {
        let words = &call.args.positional;
        let (asked, failures) = match resources::named(&call, words, world) {
            Ok(named) => named,
            Err(message) => {
                out.stderr.push_str(&message);
                return 1;
            }
        };
        // Only `describe pod web` may mean everything that begins with `web`.
        let prefix = match words.as_slice() {
            [_, name] if !name.contains('/') => Some(name.as_str()),
            _ => None,
        };
        errors::say(&failures, out).max(run(&call, &asked, prefix, world, out))
    })
}

fn run(
    call: &Invocation,
    asked: &Asked,
    prefix: Option<&str>,
    world: &mut dyn World,
    out: &mut Output,
) -> i32 {
    let scope = Scope::of(&call.args, &call.namespace);
    if asked.asks.iter().any(|ask| ask.kind == Kind::Endpoints) {
        out.complain(ENDPOINTS_WARNING);
    }
    let found = resources::find(asked, &scope, world);
    let objects: Vec<_> = found.all().cloned().collect();
    let several = objects.len() > 1 || !found.errors.is_empty();
    let events = call.args.value("show-events").map_or(!several, |value| value == "true");
    if let (Some(prefix), [ask], [error, ..]) = (prefix, asked.asks.as_slice(), found.errors.as_slice()) {
        return matching(ask, prefix, error, &scope, events, world, out);
    }
    for (at, object) in objects.iter().enumerate() {
        if at > 0 {
            out.stdout.push_str("\n\n");
        }
        out.stdout.push_str(&text(object, events, world));
    }
    for error in &found.errors {
        out.stderr.push_str(error);
    }
    if objects.is_empty() && found.errors.is_empty() {
        out.complain(&match scope.namespace.as_str() {
            "" => "No resources found".to_owned(),
            namespace => format!("No resources found in {namespace} namespace."),
        });
    }
    i32::from(!found.errors.is_empty())
}

/// Describes objects whose names begin with `prefix`, since none has that name; says `error` if there are
/// none.
fn matching(
    ask: &Ask,
    prefix: &str,
    error: &str,
    scope: &Scope,
    events: bool,
    world: &mut dyn World,
    out: &mut Output,
) -> i32 {
    let all = Asked { asks: vec![Ask::new(ask.kind, Vec::new())], ..Asked::default() };
    let found = resources::find(&all, scope, world);
    let objects: Vec<_> = found.all().filter(|o| o.metadata.name.starts_with(prefix)).cloned().collect();
    if objects.is_empty() {
        out.stderr.push_str(error);
        return 1;
    }
    for object in objects {
        out.say(&text(&object, events, world));
    }
    0
}

/// The description of an object.
pub fn text(object: &Object, with_events: bool, world: &mut dyn World) -> String {
    let now = world.now();
    let mut writer = Writer::new();
    let w = &mut writer;
    match object.kind {
        Kind::Pod => pod::describe(w, object, now),
        Kind::StatefulSet => statefulset::describe(w, object, world),
        Kind::Service => service::describe(w, object, world),
        Kind::PersistentVolumeClaim => storage::claim(w, object, now, world),
        Kind::PersistentVolume => storage::volume(w, object, now),
        Kind::StorageClass => storage::class(w, object),
        Kind::Node => node::describe(w, object, now, world),
        Kind::Namespace => quota::namespace(w, object, world),
        Kind::ResourceQuota => quota::quota(w, object),
        Kind::LimitRange => quota::limit_range(w, object),
        Kind::Endpoints => endpoints::endpoints(w, object),
        Kind::EndpointSlice => endpoints::slice(w, object),
        Kind::ConfigMap => small::config_map(w, object),
        Kind::Secret => small::secret(w, object),
        Kind::ServiceAccount => small::service_account(w, object),
        Kind::PriorityClass => small::priority_class(w, object),
        Kind::PodDisruptionBudget => small::disruption_budget(w, object),
        Kind::ControllerRevision | Kind::Event | Kind::Lease => generic::describe(w, object),
    }
    if with_events {
        let events = match object.kind {
            Kind::Namespace | Kind::ResourceQuota | Kind::LimitRange | Kind::Secret => None,
            Kind::Node => Some(node::events_about(object, world)),
            // Events of a Pod are found whatever kind they say.
            Kind::Pod => Some(events::search(object, "", &object.metadata.uid, world)),
            _ => Some(events::about(object, world)),
        };
        if let Some(events) = events {
            events::describe(w, events, now);
        }
    }
    writer.aligned()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
