//! Limit ranges: defaults for containers, bounds for containers, Pods and claims.
//!
//! Models: `plugin/pkg/admission/limitranger`.

use api::{Kind, Object};
use apimachinery::sorted::SortedSet;
use apimachinery::value::{ValueExt, as_map_mut};
use apimachinery::{Quantity, Status};
use serde_json::{Value, json};

use super::forbidden;
use crate::etcd::Store;
use crate::registry::{ResourceList, resource_list};

const ANNOTATION: &str = "kubernetes.io/limit-ranger";

/// Whether a namespace has a limit range. Without one there is nothing to do here.
pub(super) fn bounds(namespace: &str, store: &Store) -> bool {
    store.list(Kind::LimitRange, namespace).next().is_some()
}

/// Fills in requests and limits that containers leave out, from every limit range of the namespace.
#[inline(never)] // a gate
pub(super) fn set_defaults(pod: &mut Object, store: &Store) {
    for range in store.list(Kind::LimitRange, &pod.metadata.namespace.clone()) {
        let (mut requests, mut limits) = (ResourceList::new(), ResourceList::new());
        for item in items(range, "Container") {
            requests.extend(resource_list(item.get("defaultRequest")));
            limits.extend(resource_list(item.get("default")));
        }
        let mut set = Vec::new();
        let spec = as_map_mut(pod.spec_mut());
        for (list, what) in [("containers", "container"), ("initContainers", "init container")] {
            for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                set.extend(merge(container, &requests, &limits, what));
            }
        }
        if !set.is_empty() {
            let text = format!("LimitRanger plugin set: {}", set.join("; "));
            pod.metadata.annotations.insert(ANNOTATION.to_owned(), text);
        }
    }
}

fn items<'a>(range: &'a Object, ty: &'static str) -> impl Iterator<Item = &'a Value> {
    range.spec().list_at(&["limits"]).iter().filter(move |item| item.str_at(&["type"]) == ty)
}

/// Fills in what is missing; returns what it was, in words.
fn merge(container: &mut Value, requests: &ResourceList, limits: &ResourceList, what: &str) -> Vec<String> {
    let name = container.str_at(&["name"]).to_owned();
    let resources = as_map_mut(as_map_mut(container).entry("resources").or_insert_with(|| json!({})));
    let mut said = Vec::new();
    for (side, word, defaults) in [("requests", "request", requests), ("limits", "limit", limits)] {
        if defaults.is_empty() {
            continue;
        }
        let amounts = as_map_mut(resources.entry(side).or_insert_with(|| json!({})));
        let missing: Vec<&String> = defaults.keys().filter(|name| !amounts.contains_key(*name)).collect();
        for resource in &missing {
            if let Some(amount) = defaults.get(*resource) {
                amounts.insert((*resource).clone(), amount.to_string().into());
            }
        }
        if !missing.is_empty() {
            let list: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
            said.push(format!("{} {word} for {what} {name}", list.join(", ")));
        }
    }
    said
}

/// Refuses a Pod that is out of bounds, as a whole or in one of its containers.
#[inline(never)] // a gate
pub(super) fn validate_pod(pod: &Object, store: &Store) -> Result<(), Status> {
    for range in store.list(Kind::LimitRange, &pod.metadata.namespace) {
        let mut wrong = Vec::new();
        for item in items(range, "Container") {
            for list in ["containers", "initContainers"] {
                for container in pod.spec().list_at(&[list]) {
                    let side = |side: &str| resource_list(container.at(&["resources", side]));
                    check(&mut wrong, item, &side("requests"), &side("limits"));
                }
            }
        }
        for item in items(range, "Pod") {
            check(&mut wrong, item, &sum(pod.spec(), "requests"), &sum(pod.spec(), "limits"));
        }
        refuse(pod, &wrong)?;
    }
    Ok(())
}

/// Refuses a claim whose size is out of bounds.
#[inline(never)] // a gate
pub(super) fn validate_claim(claim: &Object, store: &Store) -> Result<(), Status> {
    for range in store.list(Kind::LimitRange, &claim.metadata.namespace) {
        let mut wrong = Vec::new();
        let requests = resource_list(claim.spec().at(&["resources", "requests"]));
        for item in items(range, "PersistentVolumeClaim") {
            let bounds =
                Bounds { ty: "PersistentVolumeClaim", requests: &requests, limits: &ResourceList::new() };
            for (name, bound) in resource_list(item.get("min")) {
                wrong.extend(bounds.below(&name, bound));
            }
            for (name, bound) in resource_list(item.get("max")) {
                let word = format!("maximum {name} usage per PersistentVolumeClaim is {bound}");
                match requests.get(&name) {
                    None => wrong.push(format!("{word}.  No request is specified")),
                    Some(request) if *request > bound => {
                        wrong.push(format!("{word}, but request is {request}"));
                    }
                    Some(_) => {}
                }
            }
        }
        refuse(claim, &wrong)?;
    }
    Ok(())
}

fn refuse(object: &Object, wrong: &[String]) -> Result<(), Status> {
    match wrong {
        [] => Ok(()),
        [one] => Err(forbidden(object, one)),
        many => Err(forbidden(object, &format!("[{}]", many.join(", ")))),
    }
}

fn check(wrong: &mut Vec<String>, item: &Value, requests: &ResourceList, limits: &ResourceList) {
    let ty = item.str_at(&["type"]);
    let bounds = Bounds { ty, requests, limits };
    for (name, bound) in resource_list(item.get("min")) {
        wrong.extend(bounds.below(&name, bound));
    }
    for (name, bound) in resource_list(item.get("max")) {
        wrong.extend(bounds.above(&name, bound));
    }
    for (name, bound) in resource_list(item.get("maxLimitRequestRatio")) {
        wrong.extend(bounds.beyond_ratio(&name, bound));
    }
}

/// What somebody asks for, to be compared with the bounds of one type.
struct Bounds<'a> {
    ty: &'a str,
    requests: &'a ResourceList,
    limits: &'a ResourceList,
}

impl Bounds<'_> {
    fn below(&self, name: &str, bound: Quantity) -> Option<String> {
        let word = format!("minimum {name} usage per {} is {bound}", self.ty);
        match (self.requests.get(name), self.limits.get(name)) {
            (None, _) => Some(format!("{word}.  No request is specified")),
            (Some(request), _) if *request < bound => Some(format!("{word}, but request is {request}")),
            (_, Some(limit)) if *limit < bound => Some(format!("{word}, but limit is {limit}")),
            _ => None,
        }
    }

    fn above(&self, name: &str, bound: Quantity) -> Option<String> {
        let word = format!("maximum {name} usage per {} is {bound}", self.ty);
        match (self.limits.get(name), self.requests.get(name)) {
            (None, _) => Some(format!("{word}.  No limit is specified")),
            (Some(limit), _) if *limit > bound => Some(format!("{word}, but limit is {limit}")),
            (_, Some(request)) if *request > bound => Some(format!("{word}, but request is {request}")),
            _ => None,
        }
    }

    #[allow(clippy::cast_precision_loss)] // upstream compares and prints as float64
    fn beyond_ratio(&self, name: &str, bound: Quantity) -> Option<String> {
        let word = format!("{name} max limit to request ratio per {} is {bound}", self.ty);
        let amount = |list: &ResourceList| list.get(name).map_or(0, |amount| amount.milli_value());
        let (request, limit) = (amount(self.requests), amount(self.limits));
        if request == 0 {
            return Some(format!("{word}, but no request is specified or request is 0"));
        }
        if limit == 0 {
            return Some(format!("{word}, but no limit is specified or limit is 0"));
        }
        let ratio = limit as f64 / request as f64;
        let greatest = bound.milli_value() as f64 / 1000.0;
        (ratio > greatest).then(|| format!("{word}, but provided ratio is {ratio:.6}"))
    }
}

/// What the containers ask for together, without the resources that one of them leaves out.
fn sum(spec: &Value, side: &str) -> ResourceList {
    let lists = |list: &str| -> Vec<ResourceList> {
        spec.list_at(&[list]).iter().map(|c| resource_list(c.at(&["resources", side]))).collect()
    };
    let containers = lists("containers");
    let names: SortedSet<String> = containers.iter().flat_map(|list| list.keys().cloned()).collect();
    let mut sums = ResourceList::new();
    for name in names.iter().filter(|name| containers.iter().all(|list| list.contains_key(*name))) {
        let amounts = containers.iter().filter_map(|list| list.get(name)).copied();
        sums.insert(name.clone(), amounts.fold(Quantity::ZERO, Quantity::plus));
    }
    for (name, amount) in lists("initContainers").into_iter().flatten() {
        let greatest = sums.entry(name).or_insert(amount);
        *greatest = (*greatest).max(amount);
    }
    sums
}
