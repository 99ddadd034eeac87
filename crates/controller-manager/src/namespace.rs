//! What every namespace gets, and how a namespace is emptied and goes.
//!
//! Models: `pkg/controller/serviceaccount`, `pkg/controller/certificates/rootcacertpublisher`,
//! `pkg/controller/namespace` (`deletion/namespaced_resources_deleter.go`, with `OrderedNamespaceDeletion`).
//! Differs: the conditions that tell what a namespace still waits for are not written.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::Reason as StatusReason;
use apiserver::{Body, Change, DeleteOptions, ListOptions, Request, Subresource, Verb, WriteOptions};
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::json;

/// How soon to look again while something is left.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What the config map `kube-root-ca.crt` says of itself.
const CA_DESCRIPTION: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/// Makes the service account `default` and the config map `kube-root-ca.crt`; empties a namespace
/// that is being deleted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Namespaces;

impl Controller for Namespaces {
    fn name(&self) -> &'static str {
        "namespace-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Namespace, Kind::ServiceAccount, Kind::ConfigMap]
    }

    fn wakes(&self, change: &Change, _seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::Namespace => vec![Wake::now(change.key.clone())],
            _ if change.is_delete() => {
                vec![Wake::now(Key::new(Kind::Namespace, "", change.key.namespace.as_ref()))]
            }
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(namespace) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if namespace.metadata.is_deleting() {
            return empty(&namespace, turn);
        }
        let name = namespace.metadata.name.as_str();
        let account = Object::new(Kind::ServiceAccount, name, "default");
        let mut ca = Object::new(Kind::ConfigMap, name, "kube-root-ca.crt");
        let description = "kubernetes.io/description".to_owned();
        ca.metadata.annotations.insert(description, CA_DESCRIPTION.to_owned());
        ca.set_field("data", json!({"ca.crt": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"}));
        let missing = [account, ca].into_iter().filter(|o| turn.seen().get(&o.key()).is_none());
        let requests = missing.map(|o| Request::create(turn.actor(), o)).collect::<Vec<_>>();
        for answer in turn.request_all(requests)? {
            match answer {
                Err(status) if status.reason != StatusReason::AlreadyExists => {
                    return Err(Halt::Failed(status));
                }
                _ => {}
            }
        }
        Ok(Outcome::Done)
    }
}

/// Deletes what is in the namespace: Pods first, since they may need the rest until they have ended. Lets the
/// namespace go when nothing is left.
#[inline(never)] // a gate
fn empty(namespace: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let name = namespace.metadata.name.as_str();
    let others: Vec<Kind> =
        Kind::ALL.iter().copied().filter(|kind| kind.info().namespaced && *kind != Kind::Pod).collect();
    if delete_all(&[Kind::Pod], name, turn)? || delete_all(&others, name, turn)? {
        return Ok(Outcome::DoneAndRequeueAfter(LOOK_AGAIN));
    }
    let mut emptied = namespace.clone();
    emptied.set_field("spec", json!({}));
    let verb = Verb::Update(Body::Object(emptied), Subresource::Finalize, WriteOptions::default());
    turn.try_request(Request { actor: turn.actor().clone(), key: namespace.key(), verb })?.ok();
    Ok(Outcome::Done)
}

/// Deletes all objects of some kinds; returns whether there were any.
fn delete_all(kinds: &[Kind], namespace: &str, turn: &mut Turn<'_>) -> Result<bool, Halt> {
    let mut left = false;
    for kind in kinds {
        let request = Request::list(turn.actor(), *kind, namespace, ListOptions::default());
        let objects = turn.try_request(request)??.into_list();
        left |= !objects.is_empty();
        let going = objects.iter().filter(|object| !object.metadata.is_deleting());
        let delete =
            |object: &Rc<Object>| Request::delete(turn.actor(), object.key(), DeleteOptions::default());
        let requests = going.map(delete).collect();
        turn.request_all(requests)?;
    }
    Ok(left)
}
