//! What every namespace gets, and how one goes.
//!
//! Models: `pkg/controller/serviceaccount`, `pkg/controller/certificates/rootcacertpublisher`,
//! `pkg/controller/namespace`.

use api::{Key, Kind, Object};
use apimachinery::Reason as StatusReason;
use apiserver::{Change, DeleteOptions, ListOptions, Request};
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::json;

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

/// Deletes what is in the namespace; the namespace itself goes when nothing is left.
fn empty(namespace: &Object, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let name = namespace.metadata.name.clone();
    let mut left = false;
    for kind in Kind::ALL.iter().filter(|k| k.info().namespaced) {
        let request = Request::list(turn.actor(), *kind, &name, ListOptions::default());
        let objects = turn.try_request(request)??.into_list();
        left |= !objects.is_empty();
        let going = objects.iter().filter(|o| !o.metadata.is_deleting());
        let requests =
            going.map(|o| Request::delete(turn.actor(), o.key(), DeleteOptions::default())).collect();
        turn.request_all(requests)?;
    }
    if left {
        return Ok(Outcome::DoneAndRequeueAfter(std::time::Duration::from_secs(1)));
    }
    let mut changed = namespace.clone();
    changed.set_field("spec", json!({}));
    changed.metadata.finalizers.clear();
    let request = Request::update(turn.actor(), changed);
    turn.try_request(request)?.ok();
    Ok(Outcome::Done)
}
