//! `kubectl scale`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/scale`, `k8s.io/kubectl/pkg/scale`.
//! Differs: `--timeout` does not wait for the Pods.

use std::rc::Rc;

use api::Object;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, Patch, Request, Subresource, Verb};
use serde_json::json;

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::output::{DryRun, Reporter};
use crate::resources;
use crate::world::World;

/// What is asked for.
#[derive(Clone)]
struct Scale {
    replicas: i64,
    current: Option<i64>,
    resource_version: String,
    reporter: Reporter,
}

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let scale = match Scale::new(&call) {
        Ok(scale) => scale,
        Err(message) => return failed(message, 1),
    };
    once(move |world, out| {
        let mut scale = scale.clone();
        let none = "error: no objects passed to scale\n";
        let mut has_failed = false;
        resources::each(&call, &call.args.positional, none, world, out, &mut |object, world, out| {
            // The first failure ends it.
            let done = if has_failed { Ok(()) } else { scale.one(object, world, out) };
            has_failed |= done.is_err();
            done
        })
    })
}

impl Scale {
    fn new(call: &Invocation) -> Result<Self, String> {
        let args = &call.args;
        let Some(replicas) = args.number("replicas") else {
            return Err(errors::line("required flag(s) \"replicas\" not set"));
        };
        let current = args.number("current-replicas").filter(|current| *current != -1);
        if replicas < 0 {
            return Err(errors::line(
                "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
            ));
        }
        if current.is_some_and(|current| current < -1) {
            return Err(errors::line("The --current-replicas must specify an integer of -1 or greater"));
        }
        let resource_version = args.value("resource-version").unwrap_or("").to_owned();
        Ok(Self { replicas, current, resource_version, reporter: Reporter::of(args)? })
    }

    fn one(&mut self, object: &Rc<Object>, world: &mut dyn World, out: &mut Output) -> Result<(), Failure> {
        let mut scaled = Object::clone(object);
        set_at(scaled.spec_mut(), &["replicas"], self.replicas.into());
        if self.reporter.dry_run == DryRun::Client {
            return self.reporter.tell(&scaled, "scaled", out).map_err(Failure::Text);
        }
        let expected = |what: &str, wanted: &str, was: &str| {
            if wanted.is_empty() || wanted == was {
                return Ok(());
            }
            Err(Failure::Plain(format!("Expected {what} to be {wanted}, was {was}")))
        };
        let was = object.spec().i64_at(&["replicas"]).unwrap_or(0).to_string();
        expected("replicas", &self.current.map_or_else(String::new, |n| n.to_string()), &was)?;
        let version = object.metadata.resource_version.to_string();
        expected("resource version", &self.resource_version, &version)?;
        let patch = Patch::Merge(json!({"spec": {"replicas": self.replicas}}));
        let verb = Verb::Patch(patch, Subresource::Scale, self.reporter.options());
        world.request(Request { actor: Actor::user(), key: object.key(), verb })?;
        self.reporter.tell(&scaled, "scaled", out).map_err(Failure::Text)
    }
}
