//! Adopts and releases Pods and revisions: which are the set's own?
//!
//! Models: `pkg/controller/controller_ref_manager.go`, `stateful_set.go`
//! (`getPodsForStatefulSet`, `adoptOrphanRevisions`).

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::{Reason as StatusReason, Status};
use apiserver::{Patch, Request, Subresource};
use client::{Halt, Turn};
use serde_json::json;

use super::placed::{Placed, Relation, Terms};
use super::reason::StatefulSetReason;

/// The set's Pods in their places: its own and those that it adopts, without those that it releases.
pub fn claim_pods(set: &Rc<Object>, selector: &Selector, turn: &mut Turn<'_>) -> Result<Rc<Placed>, Halt> {
    let question = Placed::question(set, selector);
    let placed = turn.seen().follow(set.key(), question, Kind::Pod, &set.metadata.namespace);
    if placed.is_complete() {
        return Ok(placed);
    }
    let mut placed = Placed::empty(set, selector);
    for pod in claim_each(set, selector, turn)? {
        placed.add(&pod);
    }
    Ok(Rc::new(placed))
}

fn claim_each(set: &Rc<Object>, selector: &Selector, turn: &mut Turn<'_>) -> Result<Vec<Rc<Object>>, Halt> {
    let terms = Terms::of(set, selector);
    let mut claimed = Vec::new();
    let mut may_adopt = None;
    let mut failure = None;
    let pods: Vec<Rc<Object>> = turn.list(Kind::Pod, &set.metadata.namespace).cloned().collect();
    for pod in pods {
        match terms.judge(&pod) {
            Relation::Ours => claimed.push(pod),
            Relation::Ignore => {}
            Relation::Release => {
                turn.because(StatefulSetReason::ReleasesPod { set: set.key(), pod: pod.key() });
                if let Err(status) = release(set, &pod, turn)? {
                    failure.get_or_insert(status);
                }
            }
            Relation::Adopt => {
                let allowed = match &may_adopt {
                    Some(allowed) => Result::clone(allowed),
                    None => may_adopt.insert(check_live(set, turn)?).clone(),
                };
                if let Err(why) = allowed {
                    let text = format!(
                        "can't adopt Pod {}/{} ({}): {why}",
                        pod.metadata.namespace, pod.metadata.name, pod.metadata.uid
                    );
                    failure.get_or_insert(Status::new(StatusReason::InternalError, text));
                    continue;
                }
                turn.because(StatefulSetReason::AdoptsPod { set: set.key(), pod: pod.key() });
                match adopt(set, &pod, turn)? {
                    Ok(adopted) => claimed.push(adopted.unwrap_or(pod)),
                    Err(status) if status.reason == StatusReason::NotFound => {}
                    Err(status) => {
                        failure.get_or_insert(status);
                    }
                }
            }
        }
    }
    failure.map_or(Ok(claimed), |status| Err(Halt::Failed(status)))
}

/// Reads the live set before an adoption: the cache must not decide that. The error is Kubernetes' own
/// sentence.
fn check_live(set: &Object, turn: &mut Turn<'_>) -> Result<Result<(), String>, Halt> {
    let request = Request::get(turn.actor(), set.key());
    Ok(match turn.try_request(request)? {
        Err(status) => Err(status.message),
        Ok(response) => match response.into_object() {
            Some(live) if live.metadata.uid != set.metadata.uid => Err(format!(
                "original StatefulSet {}/{} is gone: got uid {}, wanted {}",
                set.metadata.namespace, set.metadata.name, live.metadata.uid, set.metadata.uid
            )),
            Some(live) if live.metadata.is_deleting() => Err(format!(
                "{}/{} has just been deleted at {}",
                set.metadata.namespace,
                set.metadata.name,
                live.metadata.deletion_timestamp.unwrap_or_default()
            )),
            _ => Ok(()),
        },
    })
}

fn adopt(
    set: &Object,
    object: &Object,
    turn: &mut Turn<'_>,
) -> Result<Result<Option<Rc<Object>>, Status>, Halt> {
    let patch = json!({"metadata": {
        "ownerReferences": [set.controller_reference().to_value()], "uid": object.metadata.uid,
    }});
    let request = Request::patch(turn.actor(), object.key(), Patch::StrategicMerge(patch), Subresource::None);
    Ok(turn.try_request(request)?.map(apiserver::Response::into_object))
}

fn release(set: &Object, pod: &Object, turn: &mut Turn<'_>) -> Result<Result<(), Status>, Halt> {
    let patch = json!({"metadata": {
        "uid": pod.metadata.uid,
        "ownerReferences": [{"$patch": "delete", "uid": set.metadata.uid}],
    }});
    let request = Request::patch(turn.actor(), pod.key(), Patch::StrategicMerge(patch), Subresource::None);
    Ok(match turn.try_request(request)? {
        Err(status) if matches!(status.reason, StatusReason::NotFound | StatusReason::Invalid) => Ok(()),
        Err(status) => Err(status),
        Ok(_) => Ok(()),
    })
}

/// The revisions whose labels match the set and that are its own or nobody's, oldest first.
pub fn list_revisions(set: &Object, selector: &Selector, turn: &Turn<'_>) -> Vec<Rc<Object>> {
    let mut revisions: Vec<Rc<Object>> = turn
        .list(Kind::ControllerRevision, &set.metadata.namespace)
        .filter(|r| selector.matches(&r.metadata.labels))
        .filter(|r| r.metadata.controller().is_none_or(|c| c.uid == set.metadata.uid))
        .cloned()
        .collect();
    revisions.sort_by(|a, b| {
        let key = |r: &Object| (r.field("revision").as_i64(), r.metadata.creation_timestamp);
        key(a).cmp(&key(b)).then_with(|| a.metadata.name.cmp(&b.metadata.name))
    });
    revisions
}

/// Adopts revisions that nobody manages.
pub fn adopt_revisions(set: &Rc<Object>, selector: &Selector, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let orphans: Vec<Rc<Object>> = list_revisions(set, selector, turn)
        .into_iter()
        .filter(|r| r.metadata.controller().is_none())
        .collect();
    if orphans.is_empty() {
        return Ok(());
    }
    if let Err(why) = check_live(set, turn)? {
        let text = format!("can't adopt ControllerRevisions: {why}");
        return Err(Halt::Failed(Status::new(StatusReason::InternalError, text)));
    }
    for revision in orphans {
        adopt(set, &revision, turn)??;
    }
    Ok(())
}
