//! `kubectl rollout`: `status`, `history`, `undo`, `restart`, `pause`, `resume`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/rollout`, `k8s.io/kubectl/pkg/polymorphichelpers`.

mod history;
mod restart;
mod status;
mod undo;

use std::rc::Rc;

use api::{Kind, Object};
use apiserver::{Actor, ListOptions, Request};

use crate::Invocation;
use crate::command::{Command, Output, failed, once, planned};
use crate::describe::common::format_selector;
use crate::errors;
use crate::help;
use crate::resources::{self, Asked, Found, Scope};
use crate::world::World;

/// Begins the verb.
pub fn start(mut call: Invocation) -> Box<dyn Command> {
    if call.args.positional.is_empty() {
        return once(|_, out| {
            out.stdout.push_str(&help::of("rollout"));
            1
        });
    }
    let what = call.args.positional.remove(0);
    if !matches!(what.as_str(), "status" | "history" | "undo" | "restart" | "pause" | "resume") {
        return failed(errors::usage("rollout", &format!("unknown command \"{what}\"")), 1);
    }
    if call.args.positional.is_empty() && call.args.value("filename").is_none() {
        return failed("error: required resource not specified\n".to_owned(), 1);
    }
    planned(move |world, out| {
        let (asked, failures) = resources::named(&call, &call.args.positional, world)?;
        errors::say(&failures, out);
        let call = call.clone();
        Ok(match what.as_str() {
            "status" => status::start(&call, asked),
            "history" => history::start(call, asked),
            "undo" => undo::start(call, asked),
            "restart" => restart::start(call, asked),
            verb => refuse(call, asked, if verb == "pause" { "pausing" } else { "resuming" }),
        })
    })
}

/// The objects that the command line names; what cannot be found is said.
fn find(call: &Invocation, asked: &Asked, world: &mut dyn World, out: &mut Output) -> Found {
    let found = resources::find(asked, &Scope::of(&call.args, &call.namespace), world);
    for error in &found.errors {
        out.stderr.push_str(error);
    }
    found
}

/// `StatefulSet.apps`, `Pod`: a group and kind as Go prints them.
fn group_kind(kind: Kind) -> String {
    let info = kind.info();
    if info.group.is_empty() { info.name.to_owned() } else { format!("{}.{}", info.name, info.group) }
}

/// The revisions that a set controls, by number.
fn revisions_of(set: &Object, world: &mut dyn World) -> Vec<Rc<Object>> {
    let selector = set.at(&["spec", "selector"]).map_or_else(String::new, format_selector);
    let options = ListOptions { label_selector: selector, ..ListOptions::default() };
    let request = Request::list(&Actor::user(), Kind::ControllerRevision, &set.metadata.namespace, options);
    let mut revisions = world.request(request).map(apiserver::Response::into_list).unwrap_or_default();
    revisions.retain(|revision| revision.is_controlled_by(set));
    revisions.sort_by_key(|revision| number(revision));
    revisions
}

/// The number of a revision.
fn number(revision: &Object) -> i64 {
    revision.field("revision").as_i64().unwrap_or(0)
}

/// Begins `pause` or `resume`, which no kind here supports.
fn refuse(call: Invocation, asked: Asked, doing: &'static str) -> Box<dyn Command> {
    once(move |world, out| {
        let found = find(&call, &asked, world, out);
        for object in found.all() {
            let plural = object.kind.info().qualified_plural();
            out.complain(&format!("error: {plural} \"{}\" {doing} is not supported", object.metadata.name));
        }
        if found.all().next().is_none() && found.errors.is_empty() {
            out.complain(&format!("No resources found in {} namespace.", call.namespace));
            return 0;
        }
        1
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
