//! `kubectl rollout status`: a line for each version of the object, until the rollout is done.
//!
//! Models: `StatefulSetStatusViewer`, `k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go`.

use std::rc::Rc;
use std::time::Duration;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;

use super::group_kind;
use crate::Invocation;
use crate::command::{Command, Output, Poll};
use crate::resources::{self, Asked, Scope};
use crate::world::World;

/// Begins the subcommand.
pub fn start(call: &Invocation, asked: Asked) -> Box<dyn Command> {
    Box::new(Status {
        asked,
        scope: Scope::of(&call.args, &call.namespace),
        watch: call.args.is_on_or("watch", true),
        timeout: call.args.duration("timeout").unwrap_or_default(),
        waiting: None,
        watched: None,
        errors: String::new(),
    })
}

#[derive(Clone)]
struct Status {
    asked: Asked,
    scope: Scope,
    watch: bool,
    timeout: Duration,
    /// Objects still to be watched, in reverse; `None` before the first poll.
    waiting: Option<Vec<Rc<Object>>>,
    watched: Option<Watched>,
    /// What could not be found, which is said at the end.
    errors: String,
}

/// The object whose rollout is watched.
#[derive(Clone)]
struct Watched {
    object: Rc<Object>,
    cursor: u64,
    deadline: Option<Time>,
}

/// What a version of the object means.
enum Step {
    Waits,
    Done,
    Fails,
}

impl Status {
    fn begin(&mut self, world: &mut dyn World, out: &mut Output) -> Result<(), i32> {
        let found = resources::find(&self.asked, &self.scope, world);
        self.errors = found.errors.concat();
        let mut objects: Vec<Rc<Object>> = found.all().cloned().collect();
        if objects.is_empty() && self.errors.is_empty() {
            out.complain(&format!("No resources found in {} namespace.", self.scope.namespace));
            return Err(0);
        }
        objects.reverse();
        self.waiting = Some(objects);
        Ok(())
    }

    /// Prints the line of a version; returns whether to go on.
    fn step(&self, object: &Object, out: &mut Output) -> Step {
        match line(object) {
            Err(message) => {
                out.complain(&format!("error: {message}"));
                Step::Fails
            }
            Ok((text, done)) => {
                out.say(&text);
                if done || !self.watch { Step::Done } else { Step::Waits }
            }
        }
    }

    /// Goes through the changes of the watched object since the last poll.
    fn follow(&mut self, world: &dyn World, out: &mut Output) -> Step {
        let Some(mut watched) = self.watched.take() else { return Step::Done };
        for change in world.changes_after(watched.cursor) {
            watched.cursor = change.revision;
            if change.key != watched.object.key() {
                continue;
            }
            if change.is_delete() {
                out.complain("error: object has been deleted");
                return Step::Fails;
            }
            match self.step(change.object(), out) {
                Step::Waits => {}
                end => return end,
            }
        }
        if watched.deadline.is_some_and(|deadline| deadline <= world.now()) {
            out.complain("error: timed out waiting for the condition");
            return Step::Fails;
        }
        self.watched = Some(watched);
        Step::Waits
    }
}

impl Command for Status {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.waiting.is_none()
            && let Err(code) = self.begin(world, out)
        {
            return Poll::Exited(code);
        }
        loop {
            let step = if self.watched.is_some() {
                self.follow(world, out)
            } else {
                let Some(object) = self.waiting.as_mut().and_then(Vec::pop) else {
                    out.stderr.push_str(&self.errors);
                    return Poll::Exited(i32::from(!self.errors.is_empty()));
                };
                let step = self.step(&object, out);
                if matches!(step, Step::Waits) {
                    let deadline = (!self.timeout.is_zero()).then(|| world.now() + self.timeout);
                    self.watched = Some(Watched { object, cursor: world.revision(), deadline });
                }
                step
            };
            match step {
                Step::Waits => return Poll::Pending,
                Step::Fails => return Poll::Exited(1),
                Step::Done => {}
            }
        }
    }
}

/// The line for a version of the object, and whether the rollout is done.
pub fn line(set: &Object) -> Result<(String, bool), String> {
    if set.kind != Kind::StatefulSet {
        return Err(format!("no status viewer has been implemented for {}", group_kind(set.kind)));
    }
    let (spec, status) = (set.spec(), set.status());
    let count = |member: &str| status.i64_at(&[member]).unwrap_or(0);
    if spec.str_at(&["updateStrategy", "type"]) != "RollingUpdate" {
        return Err("rollout status is only available for RollingUpdate strategy type".to_owned());
    }
    let observed = count("observedGeneration");
    if observed == 0 || set.metadata.generation > observed {
        return Ok(("Waiting for statefulset spec update to be observed...".to_owned(), false));
    }
    let replicas = spec.i64_at(&["replicas"]).unwrap_or(0);
    let missing = replicas - count("readyReplicas");
    if missing > 0 {
        return Ok((format!("Waiting for {missing} pods to be ready..."), false));
    }
    let updated = count("updatedReplicas");
    if let Some(rolling) = spec.at(&["updateStrategy", "rollingUpdate"]) {
        let wanted = replicas - rolling.i64_at(&["partition"]).unwrap_or(0);
        if rolling.at(&["partition"]).is_some() && updated < wanted {
            let text = "Waiting for partitioned roll out to finish:";
            return Ok((format!("{text} {updated} out of {wanted} new pods have been updated..."), false));
        }
        return Ok((format!("partitioned roll out complete: {updated} new pods have been updated..."), true));
    }
    let (current, update) = (status.str_at(&["currentRevision"]), status.str_at(&["updateRevision"]));
    if current != update {
        let text = "waiting for statefulset rolling update to complete";
        return Ok((format!("{text} {updated} pods at revision {update}..."), false));
    }
    let pods = count("currentReplicas");
    Ok((format!("statefulset rolling update complete {pods} pods at revision {current}..."), true))
}
