//! `Endpoints`, the older form of [`super::endpointslice`]: one object per Service, with all addresses.
//!
//! Read in this order: here is the controller, [`subsets`] groups addresses by the ports they offer.
//!
//! Models: `pkg/controller/endpoint`.
//! Differs: the trigger time is that of the Pods whose addresses have moved, instead of remembered;
//! the object of a Service with many Pods follows up to five seconds behind, because each version of it
//! holds every address again.

pub mod subsets;

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object, PodFacts};
use apimachinery::Reason as StatusReason;
use apimachinery::value::ValueExt;
use apiserver::{Change, DeleteOptions, Request};
use client::{Controller, EventSpec, Halt, Outcome, Seen, Turn, Wake};

use crate::endpointslice::backends::Backends;
use crate::service::{HEADLESS, TRIGGER_TIME, is_news, selector_of};
use subsets::Subset;

const NAME: &str = "endpoint-controller";
const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";

/// How long changes of Pods are gathered.
const BATCH: Duration = Duration::from_millis(20);
/// How much longer they are gathered for each address beyond [`FEW`]: each version of the object holds all
/// addresses.
const BATCH_PER_ADDRESS: Duration = Duration::from_millis(50);
const BATCH_MAX: Duration = Duration::from_secs(5);
const FEW: usize = 10;

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct EndpointsController;

fn pod_wakes(change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
    let versions = [change.before.as_ref(), change.after.as_ref()];
    if !is_news(change) {
        return Vec::new();
    }
    let selects = |service: &Object| {
        let selector = selector_of(service);
        selector.is_some_and(|s| versions.into_iter().flatten().any(|pod| s.matches(&pod.metadata.labels)))
    };
    let services = seen.list(Kind::Service, &change.key.namespace).filter(|service| selects(service));
    services.map(|service| Wake::after(service.key(), batch(service, seen))).collect()
}

fn batch(service: &Object, seen: &Seen<'_>) -> Duration {
    let known = seen.find(Kind::Endpoints, &service.metadata.namespace, &service.metadata.name);
    let addresses = known.map_or(0, |known| subsets::count(known.field("subsets")));
    let beyond = u32::try_from(addresses.saturating_sub(FEW)).unwrap_or(u32::MAX);
    (BATCH + BATCH_PER_ADDRESS.saturating_mul(beyond)).min(BATCH_MAX)
}

impl Controller for EndpointsController {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [Kind] {
        &[Kind::Service, Kind::Pod, Kind::Endpoints]
    }

    fn workers(&self) -> usize {
        5
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        match change.key.kind {
            Kind::Service => vec![Wake::now(change.key.clone())],
            Kind::Pod => pod_wakes(change, seen),
            // Somebody took it away: the Service still wants it.
            Kind::Endpoints if change.is_delete() => {
                vec![Wake::now(Key::new(
                    Kind::Service,
                    change.key.namespace.as_ref(),
                    change.key.name.as_ref(),
                ))]
            }
            _ => Vec::new(),
        }
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        if !turn.caches_include_own_writes(&[Kind::Endpoints]) {
            return Ok(Outcome::Failed(String::new()));
        }
        let known = turn.find(Kind::Endpoints, &key.namespace, &key.name).cloned();
        let Some(service) = turn.seen().get(key).cloned() else { return remove(known.as_deref(), turn) };
        let Some(selector) = selector_of(&service) else { return Ok(Outcome::Done) };
        let old = known.unwrap_or_else(|| Rc::new(Object::new(Kind::Endpoints, &key.namespace, &key.name)));
        let seen = turn.seen();
        let new = turn.once(|| {
            let everybody = service.spec().bool_at(&["publishNotReadyAddresses"]).unwrap_or(false);
            let backends = seen.follow(key.clone(), Backends::of(selector), Kind::Pod, &key.namespace);
            let stays = |pod: &&Rc<Object>| everybody || !pod.metadata.is_deleting();
            let pods: Vec<&Rc<Object>> = backends.pods().filter(stays).collect();
            filled(&service, &old, subsets::of(&service, &pods), &pods)
        });
        if let Some(new) = &*new {
            write(&old, new.clone(), &service, turn)?;
        }
        Ok(Outcome::Done)
    }
}

/// Deletes the addresses of a Service that is gone.
fn remove(known: Option<&Object>, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
    let Some(known) = known else { return Ok(Outcome::Done) };
    let request = Request::delete(turn.actor(), known.key(), DeleteOptions::default());
    match turn.try_request(request)? {
        Err(status) if status.reason != StatusReason::NotFound => Err(Halt::Failed(status)),
        Ok(_) | Err(_) => Ok(Outcome::Done),
    }
}

/// The object with the addresses that the Service should have; `None` if the stored one has them already.
fn filled(
    service: &Object,
    old: &Object,
    (wanted, is_truncated): (Vec<Subset>, bool),
    pods: &[&Rc<Object>],
) -> Option<Object> {
    let mut new = old.clone();
    new.metadata.labels.clone_from(&service.metadata.labels);
    new.metadata.labels.insert(MANAGED_BY.to_owned(), NAME.to_owned());
    if matches!(service.spec().str_at(&["clusterIP"]), "None" | "") {
        new.metadata.labels.insert(HEADLESS.to_owned(), String::new());
    } else {
        new.metadata.labels.remove(HEADLESS);
    }
    let annotations = &mut new.metadata.annotations;
    if is_truncated {
        annotations.insert(OVER_CAPACITY.to_owned(), "truncated".to_owned());
    } else {
        annotations.remove(OVER_CAPACITY);
    }
    let wanted = subsets::to_value(wanted);
    let is_new = old.metadata.uid.is_empty();
    let same_addresses = *old.field("subsets") == wanted && !is_new;
    if same_addresses && new.metadata == old.metadata {
        return None;
    }
    let annotations = &mut new.metadata.annotations;
    match trigger_time(service, old, pods, is_new) {
        Some(time) => annotations.insert(TRIGGER_TIME.to_owned(), time),
        None => annotations.remove(TRIGGER_TIME),
    };
    new.set_field("subsets", wanted);
    Some(new)
}

/// When the change began that is written now: when the first of the new or moved Pods became ready or stopped
/// being so, or when the Service was made.
fn trigger_time(service: &Object, old: &Object, pods: &[&Rc<Object>], is_new: bool) -> Option<String> {
    let known = subsets::by_uid(old.field("subsets"));
    let moved = pods.iter().filter(|pod| {
        let place = known.get(pod.metadata.uid.as_str());
        place.is_none_or(|ready| *ready != PodFacts::of(pod).has_ready_condition)
    });
    let turned = moved.filter_map(|pod| PodFacts::of(pod).ready_since);
    let made = service.metadata.creation_timestamp.filter(|_| is_new);
    turned.chain(made).min().map(apimachinery::Time::rfc3339)
}

fn write(old: &Object, new: Object, service: &Object, turn: &mut Turn<'_>) -> Result<(), Halt> {
    let (namespace, name) = (&service.metadata.namespace, &service.metadata.name);
    let is_new = old.metadata.uid.is_empty();
    let request =
        if is_new { Request::create(turn.actor(), new) } else { Request::update(turn.actor(), new) };
    let Err(status) = turn.try_request(request)? else { return Ok(()) };
    let (reason, text) = if is_new {
        (
            "FailedToCreateEndpoint",
            format!("Failed to create endpoint for service {namespace}/{name}: {}", status.message),
        )
    } else {
        (
            "FailedToUpdateEndpoint",
            format!("Failed to update endpoint {namespace}/{name}: {}", status.message),
        )
    };
    turn.event(EventSpec::warning(old, reason, text, NAME));
    Err(Halt::Failed(status))
}
