//! `kubectl replace --force`: deletes all objects, and makes them anew when they are gone.
//!
//! Models: `forceReplace` of `k8s.io/kubectl/pkg/cmd/replace`.

use api::Key;
use apimachinery::Reason;
use apiserver::{Actor, DeleteOptions, Propagation, Request};

use super::write;
use crate::Invocation;
use crate::command::{Command, Output, Poll, failed};
use crate::delete;
use crate::errors::{self, Failure};
use crate::manifest::{self, Resource};
use crate::world::World;

/// Begins `replace --force`.
pub(super) fn start(call: Invocation) -> Box<dyn Command> {
    match delete::cascade(call.args.value("cascade")) {
        Ok((propagation, _)) => {
            let propagation = propagation.unwrap_or(Propagation::Background);
            Box::new(Force { call, propagation, waiting: None })
        }
        Err(message) => failed(message, 1),
    }
}

#[derive(Clone)]
struct Force {
    call: Invocation,
    propagation: Propagation,
    /// Objects that are still there, with the UID that must go. `None` before the first poll.
    waiting: Option<Vec<(Key, String)>>,
}

impl Force {
    /// Deletes the objects; returns those that it must wait for, or the exit code.
    fn begin(&self, world: &mut dyn World, out: &mut Output) -> Result<Vec<(Key, String)>, i32> {
        let manifest = manifest::read(&self.call, world).map_err(|message| {
            out.stderr.push_str(&message);
            1
        })?;
        let mut waiting = Vec::new();
        for resource in &manifest.resources {
            let key = &resource.key;
            let live = world.request(Request::get(&Actor::user(), key.clone())).ok();
            let Some(live) = live.and_then(apiserver::Response::into_object) else { continue };
            self.remove(resource, world, out).map_err(|failure| errors::say(&[failure], out))?;
            waiting.push((key.clone(), live.metadata.uid.clone()));
        }
        Ok(waiting)
    }

    fn remove(&self, resource: &Resource, world: &mut dyn World, out: &mut Output) -> Result<(), Failure> {
        let options = DeleteOptions {
            grace_period_seconds: Some(0),
            propagation: Some(self.propagation),
            ..DeleteOptions::default()
        };
        match world.request(Request::delete(&Actor::user(), resource.key.clone(), options)) {
            Ok(_) => {
                let info = resource.key.kind.info();
                let place = if info.namespaced {
                    format!(" from {} namespace", resource.key.namespace)
                } else {
                    String::new()
                };
                out.say(&format!("{} \"{}\" deleted{place}", info.qualified_singular(), resource.key.name));
                Ok(())
            }
            Err(status) if status.reason == Reason::NotFound => Ok(()),
            Err(status) => Err(Failure::Refused(status, resource.context("deleting"))),
        }
    }
}

impl Command for Force {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.waiting.is_none() {
            match self.begin(world, out) {
                Ok(waiting) => self.waiting = Some(waiting),
                Err(code) => return Poll::Exited(code),
            }
        }
        let waiting = self.waiting.get_or_insert_default();
        waiting.retain(|(key, uid)| delete::is_there(key, uid, world));
        if !waiting.is_empty() {
            return Poll::Pending;
        }
        Poll::Exited(write(&self.call, true, world, out))
    }
}
