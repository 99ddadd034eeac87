//! Who may ask for what, and how often.
//!
//! Source: `plugin/pkg/auth/authorizer/rbac/bootstrappolicy` (`controller_policy.go`, `policy.go`) and the node
//! authorizer. Components whose work is split here among several controllers share the role of the whole.

use std::collections::BTreeMap;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Time};
use apiserver::Actor;
use cluster::{Record, What};

use super::{Invariant, Step};

/// Any kind.
const ANY: &[Kind] = &[];
/// Verbs that write.
const WRITE: &[&str] = &["POST", "PUT", "PATCH"];
/// Verbs that write, and deletion.
const ALL: &[&str] = &["POST", "PUT", "PATCH", "DELETE"];
/// Verbs that change what exists.
const CHANGE: &[&str] = &["PUT", "PATCH"];
/// Deletion, and the writes that prepare it.
const REMOVE: &[&str] = &["PUT", "PATCH", "DELETE"];

/// Who, which verbs, on which kinds, and on which part of them (empty: any).
const ROLES: &[(&str, &[&str], &[Kind], &str)] = &[
    ("statefulset-controller", ALL, &[Kind::Pod, Kind::ControllerRevision], ""),
    ("statefulset-controller", WRITE, &[Kind::PersistentVolumeClaim], ""),
    ("statefulset-controller", CHANGE, &[Kind::StatefulSet], "status"),
    ("persistentvolume-controller", ALL, &[Kind::PersistentVolume], ""),
    ("persistentvolume-controller", CHANGE, &[Kind::PersistentVolumeClaim], ""),
    ("persistentvolume-reclaimer", REMOVE, &[Kind::PersistentVolume], ""),
    (
        "persistentvolume-expander-controller",
        CHANGE,
        &[Kind::PersistentVolumeClaim, Kind::PersistentVolume],
        "",
    ),
    ("persistentvolumeclaim-protection-controller", CHANGE, &[Kind::PersistentVolumeClaim], ""),
    ("persistentvolume-protection-controller", CHANGE, &[Kind::PersistentVolume], ""),
    ("attachdetach-controller", CHANGE, &[Kind::Node], "status"),
    ("endpointslice-controller", ALL, &[Kind::EndpointSlice], ""),
    ("endpoint-controller", ALL, &[Kind::Endpoints], ""),
    ("disruption-controller", CHANGE, &[Kind::PodDisruptionBudget, Kind::Pod], "status"),
    ("resourcequota-controller", CHANGE, &[Kind::ResourceQuota], "status"),
    ("generic-garbage-collector", REMOVE, ANY, ""),
    ("namespace-controller", REMOVE, ANY, ""),
    ("namespace-controller", &["POST"], &[Kind::ServiceAccount, Kind::ConfigMap], ""),
    ("pod-garbage-collector-controller", REMOVE, &[Kind::Pod], ""),
    ("node-lifecycle-controller", CHANGE, &[Kind::Node], ""),
    ("node-lifecycle-controller", CHANGE, &[Kind::Pod], "status"),
    ("taint-eviction-controller", REMOVE, &[Kind::Pod], ""),
    ("default-scheduler", &["BIND"], &[Kind::Pod], ""),
    ("default-scheduler", CHANGE, &[Kind::Pod], "status"),
    ("default-scheduler", CHANGE, &[Kind::PersistentVolumeClaim, Kind::PersistentVolume], ""),
    ("rancher.io/local-path", ALL, &[Kind::PersistentVolume], ""),
    ("rancher.io/local-path", CHANGE, &[Kind::PersistentVolumeClaim], ""),
    ("hostpath.csi.k8s.io", ALL, &[Kind::PersistentVolume], ""),
    ("hostpath.csi.k8s.io", CHANGE, &[Kind::PersistentVolumeClaim], ""),
    ("etcd", &["DELETE"], &[Kind::Event], ""),
];

/// An actor makes only requests that are its business.
pub(super) struct Business;

impl Invariant for Business {
    fn name(&self) -> &'static str {
        "no request from an actor that has no business making it"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for record in step.records {
            if let What::Requested { verb, key, part, .. } = &record.what
                && !may(record, verb, key, part, step)
            {
                return Err(format!("{} asked {verb} {key} {part}", record.actor));
            }
            refusal(record)?;
        }
        Ok(())
    }
}

fn may(record: &Record, verb: &str, key: &Key, part: &str, step: &Step<'_>) -> bool {
    let actor = record.actor.as_str();
    if record.actor.is_user() {
        return true;
    }
    if key.kind == Kind::Event && WRITE.contains(&verb) {
        return true; // everybody tells events
    }
    if let Some(node) = actor.strip_prefix("kubelet/") {
        return kubelet_may(node, record, verb, key, part, step);
    }
    ROLES.iter().any(|(name, verbs, kinds, only)| {
        *name == actor
            && verbs.contains(&verb)
            && (kinds.is_empty() || kinds.contains(&key.kind))
            && (only.is_empty() || *only == part)
    })
}

/// What the node authorizer allows a kubelet: its own Node and Lease, and status and removal of Pods that are
/// bound to its node.
fn kubelet_may(node: &str, record: &Record, verb: &str, key: &Key, part: &str, step: &Step<'_>) -> bool {
    match key.kind {
        Kind::Node => *key.name == *node && part == "status",
        Kind::Lease => *key.name == *node,
        Kind::Pod => {
            let bound = |pod: &Object| pod.spec().str_at(&["nodeName"]) == node;
            let What::Requested { changes, .. } = &record.what else { return false };
            let touched = changes.iter().all(|change| bound(change.object()));
            // A request about a Pod that is gone, or of which a namesake lives elsewhere, changes nothing.
            let fits = !changes.is_empty() || step.cluster.store().get(key).is_none_or(|pod| bound(pod));
            touched && (verb == "DELETE" || part == "status") && (fits || is_refused(record))
        }
        _ => false,
    }
}

fn is_refused(record: &Record) -> bool {
    matches!(&record.what, What::Requested { result: Err(_), .. })
}

/// A component asks for nothing that the API server calls invalid. Only the StatefulSet controller may: it
/// tries to mend what cannot be changed, and makes Pods of templates that only a Pod's own rules refuse. A
/// `uid` in a patch that meets a namesake is no mistake: it is there to be refused.
fn refusal(record: &Record) -> Result<(), String> {
    let What::Requested { verb, key, result: Err(status), .. } = &record.what else { return Ok(()) };
    let odd = matches!(
        status.reason,
        Reason::Invalid | Reason::BadRequest | Reason::MethodNotAllowed | Reason::InternalError
    );
    let namesake = status.message.contains("metadata.uid");
    if odd && !namesake && !record.actor.is_user() && record.actor.as_str() != "statefulset-controller" {
        return Err(format!("{} asked {verb} {key} and was refused: {}", record.actor, status.message));
    }
    Ok(())
}

/// Requests of one actor about one object within a second: more is a loop that nothing stops.
const PACE_MAX: u32 = 60;

/// Nobody asks for the same thing again and again without end.
#[derive(Default)]
pub(super) struct Pace {
    second: i64,
    counts: BTreeMap<(Actor, Key), u32>,
}

impl Invariant for Pace {
    fn name(&self) -> &'static str {
        "nobody asks about one object without end"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for record in step.records {
            let What::Requested { key, .. } = &record.what else { continue };
            if record.actor.is_user() {
                continue;
            }
            let second = seconds(record.at);
            if second != self.second {
                self.second = second;
                self.counts.clear();
            }
            let count = self.counts.entry((record.actor.clone(), key.clone())).or_insert(0);
            *count += 1;
            if *count > PACE_MAX {
                return Err(format!("{} asked about {key} {count} times within a second", record.actor));
            }
        }
        Ok(())
    }
}

fn seconds(at: Time) -> i64 {
    at.as_micros() / 1_000_000
}
