//! Deletion: graceful for Pods, through finalizers for everything.
//!
//! Models: `k8s.io/apiserver/pkg/registry/rest/delete.go`, `generic/registry/store.go`,
//! `pkg/registry/core/pod/strategy.go` (`CheckGracefulDelete`).

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{Status, Time};

use crate::registry::namespace;
use crate::request::{Answer, DeleteOptions, Propagation, Response, ResponseBody};
use crate::server::{ApiServer, Stamp};

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

impl ApiServer {
    /// Deletes the object at `key`, or marks it for deletion.
    pub(crate) fn delete(&mut self, stamp: Stamp, key: &Key, options: &DeleteOptions) -> Answer {
        let old = Rc::clone(self.find(key)?);
        namespace::check_deletion(&old)?;
        check_preconditions(&old, options)?;
        let mut object = Object::clone(&old);
        let finalizers_changed = propagate(&mut object, options.propagation);
        if namespace::is_held(&object) {
            namespace::terminate(&mut object, stamp.now);
            if object == *old {
                return Ok(Response::object(old));
            }
            return self.store_or_not(stamp, object, options.dry_run, Vec::new());
        }
        let grace = grace_seconds(&object, options);
        if let Some(seconds) = grace.filter(|s| *s > 0) {
            return self.begin_grace(stamp, object, seconds, finalizers_changed, options.dry_run);
        }
        if !object.metadata.finalizers.is_empty() {
            if !old.metadata.is_deleting() {
                mark(&mut object, stamp.now, 0);
            } else if object.kind == Kind::Pod && object.metadata.deletion_grace_period_seconds != Some(0) {
                object.metadata.deletion_grace_period_seconds = Some(0);
            }
            if object == *old {
                return Ok(Response::object(old));
            }
            return self.store_or_not(stamp, object, options.dry_run, Vec::new());
        }
        self.finish_deletion(stamp, &object, options.dry_run)
    }

    fn begin_grace(
        &mut self,
        stamp: Stamp,
        mut object: Object,
        seconds: i64,
        changed: bool,
        dry_run: bool,
    ) -> Answer {
        if let Some(stored) =
            object.metadata.deletion_grace_period_seconds.filter(|_| object.metadata.is_deleting())
        {
            // Only a shorter period moves the end, and never into the past.
            if seconds >= stored && !changed {
                return Ok(Response::object(Rc::new(object)));
            }
            if seconds < stored {
                let began = object.metadata.deletion_timestamp.unwrap_or(stamp.now) - secs(stored);
                let mut end = began + secs(seconds);
                let mut grace = seconds;
                if end <= stamp.now {
                    end = stamp.now.truncated_to_second() + secs(1);
                    grace = 1;
                }
                object.metadata.deletion_timestamp = Some(end.truncated_to_second());
                object.metadata.deletion_grace_period_seconds = Some(grace);
            }
        } else {
            mark(&mut object, stamp.now, seconds);
        }
        self.store_or_not(stamp, object, dry_run, Vec::new())
    }

    /// Removes the object. A Pod is written once more before that, with grace 0, so that watchers see both.
    pub(crate) fn finish_deletion(&mut self, stamp: Stamp, object: &Object, dry_run: bool) -> Answer {
        if dry_run {
            return Ok(Response { body: ResponseBody::Success, warnings: Vec::new() });
        }
        let key = object.key();
        if object.kind == Kind::Pod {
            let mut last = object.clone();
            if !last.metadata.is_deleting() {
                mark(&mut last, stamp.now, 0);
            }
            last.metadata.deletion_grace_period_seconds = Some(0);
            if self.store.get(&key).is_some_and(|stored| **stored != last) {
                self.store.put(last, stamp.now, stamp.cause);
            }
        } else if self
            .store
            .get(&key)
            .is_some_and(|stored| stored.metadata.finalizers != object.metadata.finalizers)
        {
            // The update that took the last finalizer away is not stored: the object goes with it.
        }
        let last = self.store.remove(&key, stamp.now, stamp.cause);
        Ok(last.map_or(Response { body: ResponseBody::Success, warnings: Vec::new() }, Response::object))
    }
}

fn secs(seconds: i64) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

fn mark(object: &mut Object, now: Time, seconds: i64) {
    object.metadata.deletion_timestamp = Some((now + secs(seconds)).truncated_to_second());
    object.metadata.deletion_grace_period_seconds = Some(seconds);
    if object.metadata.generation > 0 {
        object.metadata.generation += 1;
    }
}

/// The grace period in seconds; `None` for kinds that have none.
fn grace_seconds(object: &Object, options: &DeleteOptions) -> Option<i64> {
    if object.kind != Kind::Pod {
        return None;
    }
    let own = object.spec().i64_at(&["terminationGracePeriodSeconds"]).unwrap_or(0);
    let mut seconds = options.grace_period_seconds.unwrap_or(own);
    if object.spec().str_at(&["nodeName"]).is_empty() {
        seconds = 0;
    }
    if matches!(object.status().str_at(&["phase"]), "Failed" | "Succeeded") {
        seconds = 0;
    }
    Some(if seconds < 0 { 1 } else { seconds })
}

fn check_preconditions(old: &Object, options: &DeleteOptions) -> Result<(), Status> {
    let info = old.kind.info();
    if let Some(uid) = options.uid.as_ref().filter(|u| **u != old.metadata.uid) {
        return Err(Status::conflict(
            info.name,
            "",
            &old.metadata.name,
            &format!(
                "the UID in the precondition ({uid}) does not match the UID in record ({}). The object might have been deleted and then recreated",
                old.metadata.uid
            ),
        ));
    }
    if let Some(version) = options.resource_version.filter(|v| *v != old.metadata.resource_version) {
        return Err(Status::conflict(
            info.name,
            "",
            &old.metadata.name,
            &format!(
                "the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({}). The object might have been modified",
                old.metadata.resource_version
            ),
        ));
    }
    Ok(())
}

/// Sets the finalizers that a propagation policy asks for; returns whether they changed.
fn propagate(object: &mut Object, propagation: Option<Propagation>) -> bool {
    let before = object.metadata.finalizers.clone();
    let finalizers = &mut object.metadata.finalizers;
    match propagation {
        Some(Propagation::Orphan) => {
            finalizers.retain(|f| f != FOREGROUND && f != ORPHAN);
            finalizers.push(ORPHAN.to_owned());
        }
        Some(Propagation::Foreground) => {
            finalizers.retain(|f| f != FOREGROUND && f != ORPHAN);
            finalizers.push(FOREGROUND.to_owned());
        }
        Some(Propagation::Background) => finalizers.retain(|f| f != FOREGROUND && f != ORPHAN),
        None => {}
    }
    *finalizers != before
}
