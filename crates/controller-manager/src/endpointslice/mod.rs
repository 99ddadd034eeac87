//! `EndpointSlice`s: which Pods a Service has, ready or not, under which host names. [`backends`] are the
//! Pods, `endpoint` is what is said of one; [`slices`] compares what is stored with what should be stored.
//!
//! Models: `pkg/controller/endpointslice`, `staging/src/k8s.io/endpointslice`,
//! `pkg/controller/endpoint`.
//! Differs: slices of one Service are filled one after the other up to 100 endpoints; the real
//! reconciler moves endpoints between slices as little as it can, which no reader can tell.

pub(crate) mod backends;
mod endpoint;
mod slices;

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};

use backends::Backends;

use crate::service::{is_news, selector_of};

/// The slice's label with the name of its Service.
pub const SERVICE_LABEL: &str = "kubernetes.io/service-name";
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const MANAGER: &str = "endpointslice-controller.k8s.io";

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct EndpointSlices;

impl Controller for EndpointSlices {
    fn name(&self) -> &'static str {
        "endpointslice-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Service, Kind::Pod, Kind::EndpointSlice]
    }

    fn workers(&self) -> usize {
        5
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::Service => vec![Wake::now(change.key.clone())],
            Kind::Pod if is_news(change) => {
                let namespace = &change.object().metadata.namespace;
                let selects = |s: &Object| {
                    selector_of(s).is_some_and(|selector| {
                        [&change.before, &change.after]
                            .into_iter()
                            .flatten()
                            .any(|pod| selector.matches(&pod.metadata.labels))
                    })
                };
                // The real controller gathers changes for a moment before it looks.
                let services = seen.list(Kind::Service, namespace).filter(|s| selects(s));
                services.map(|s| Wake::after(s.key(), BATCH)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(service) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if !turn.caches_include_own_writes(&[Kind::EndpointSlice]) {
            return Ok(Outcome::Failed(String::new()));
        }
        // A Service that is another name has no endpoints.
        let selector = selector_of(&service).filter(|_| service.spec().str_at(&["type"]) != "ExternalName");
        let Some(selector) = selector else { return Ok(Outcome::Done) };
        let (seen, actor) = (turn.seen(), turn.actor().clone());
        let requests = turn.once(|| {
            let existing: Vec<&Rc<Object>> = seen
                .list(Kind::EndpointSlice, &key.namespace)
                .filter(|s| {
                    s.metadata.label(SERVICE_LABEL) == &*key.name && s.metadata.label(MANAGED_BY) == MANAGER
                })
                .collect();
            let backends = Backends::of(selector);
            let backends = seen.follow(key.clone(), backends, Kind::Pod, &key.namespace);
            slices::corrections(&actor, &service, &existing, &backends)
        });
        for answer in turn.request_each(requests.iter().cloned())? {
            answer?;
        }
        Ok(Outcome::Done)
    }
}

/// How long changes of Pods are gathered.
const BATCH: std::time::Duration = std::time::Duration::from_millis(20);
