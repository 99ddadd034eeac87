//! Quotas: what a namespace may hold. No other plugin writes.
//!
//! Models: `plugin/pkg/admission/resourcequota`, `pkg/quota/v1/evaluator/core`.
//! Differs: the limit is the one in `spec`, not its copy in `status`, so that a raised quota does
//! not wait for its controller; where `status` says nothing yet, the stored objects are counted.

mod scope;
mod usage;

use api::{Kind, Object};
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Quantity, Status};
use serde_json::Value;

use super::forbidden;
use crate::etcd::Store;
use crate::registry::{ResourceList, resource_list};

pub use scope::matches;
pub use usage::usage;

/// Resources for which each container must say what it takes as soon as a quota limits them.
const EXPLICIT: [&str; 6] =
    ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];

/// Charges an object to the quotas of its namespace: returns them with their new `used`, or the refusal.
pub fn charge(object: &Object, old: Option<&Object>, store: &Store) -> Result<Vec<Object>, Status> {
    let are_there = store.list(Kind::ResourceQuota, &object.metadata.namespace).next().is_some();
    let charged_on_update = matches!(object.kind, Kind::PersistentVolumeClaim | Kind::Service);
    if !are_there || object.metadata.namespace.is_empty() || (old.is_some() && !charged_on_update) {
        return Ok(Vec::new());
    }
    charge_each(object, old, store)
}

#[inline(never)] // a gate
fn charge_each(object: &Object, old: Option<&Object>, store: &Store) -> Result<Vec<Object>, Status> {
    let quotas = store.list(Kind::ResourceQuota, &object.metadata.namespace);
    let delta = difference(&usage_list(object), &old.map(usage_list).unwrap_or_default());
    let mut charged = Vec::new();
    for quota in quotas.filter(|quota| matches(quota, object)) {
        let hard = resource_list(quota.spec().at(&["hard"]));
        if old.is_none() {
            require_explicit(object, quota, &hard)?;
        }
        let asked: ResourceList =
            delta.iter().filter(|(name, _)| hard.contains_key(*name)).map(|(k, v)| (k.clone(), *v)).collect();
        if !asked.is_empty() {
            charged.push(charge_one(object, quota, &hard, &asked, store)?);
        }
    }
    Ok(charged)
}

fn usage_list(object: &Object) -> ResourceList {
    usage(object).into_iter().collect()
}

/// By how much each amount has changed; amounts that stay are left out.
fn difference(new: &ResourceList, old: &ResourceList) -> ResourceList {
    let names: SortedSet<&String> = new.keys().chain(old.keys()).collect();
    let amount = |list: &ResourceList, name: &str| list.get(name).copied().unwrap_or(Quantity::ZERO);
    let changed = names.into_iter().map(|name| {
        let (new, old) = (amount(new, name), amount(old, name));
        (name.clone(), if old.sign() == 0 { new } else { new.minus(old) })
    });
    changed.filter(|(_, amount)| amount.sign() != 0).collect()
}

fn charge_one(
    object: &Object,
    quota: &Object,
    hard: &ResourceList,
    asked: &ResourceList,
    store: &Store,
) -> Result<Object, Status> {
    let known = resource_list(quota.status().at(&["used"]));
    let counted = if asked.keys().all(|name| known.contains_key(name)) {
        ResourceList::new()
    } else {
        count(quota, store)
    };
    let used = |name: &str| known.get(name).or(counted.get(name)).copied().unwrap_or(Quantity::ZERO);
    let limit = |name: &str| hard.get(name).copied().unwrap_or(Quantity::ZERO);
    let beyond: Vec<&String> = asked
        .iter()
        .filter(|(name, amount)| amount.sign() > 0 && used(name).plus(**amount) > limit(name))
        .map(|(name, _)| name)
        .collect();
    if !beyond.is_empty() {
        let print = |amount: &dyn Fn(&str) -> Quantity| {
            let parts: Vec<String> = beyond.iter().map(|name| format!("{name}={}", amount(name))).collect();
            parts.join(",")
        };
        let why = format!(
            "exceeded quota: {}, requested: {}, used: {}, limited: {}",
            quota.metadata.name,
            print(&|name| asked.get(name).copied().unwrap_or(Quantity::ZERO)),
            print(&used),
            print(&limit)
        );
        return Err(forbidden(object, &why));
    }
    let mut charged = quota.clone();
    for (name, amount) in asked {
        set_at(charged.status_mut(), &["used", name], used(name).plus(*amount).to_string().into());
        if charged.status().at(&["hard", name]).is_none() {
            set_at(charged.status_mut(), &["hard", name], limit(name).to_string().into());
        }
    }
    Ok(charged)
}

/// What the objects of the quota's namespace use, of the resources that it limits.
pub fn count(quota: &Object, store: &Store) -> ResourceList {
    let hard = resource_list(quota.spec().at(&["hard"]));
    let mut sums: ResourceList = hard.keys().map(|name| (name.clone(), Quantity::ZERO)).collect();
    for kind in Kind::ALL.iter().filter(|kind| kind.info().namespaced) {
        for object in store.list(*kind, &quota.metadata.namespace).filter(|o| matches(quota, o)) {
            for (name, amount) in usage(object) {
                if let Some(sum) = sums.get_mut(&name) {
                    *sum = sum.plus(amount);
                }
            }
        }
    }
    sums
}

/// Where a quota counts CPU or memory, each container must say how much it takes.
fn require_explicit(object: &Object, quota: &Object, hard: &ResourceList) -> Result<(), Status> {
    if object.kind != Kind::Pod {
        return Ok(());
    }
    let required: Vec<&str> = EXPLICIT.into_iter().filter(|name| hard.contains_key(*name)).collect();
    let mut missing: SortedMap<&str, SortedSet<&str>> = SortedMap::new();
    for list in ["containers", "initContainers"] {
        for container in object.spec().list_at(&[list]) {
            for name in required.iter().filter(|name| !says(container, name) && !says(object.spec(), name)) {
                missing.entry(name).or_default().insert(container.str_at(&["name"]));
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let parts: Vec<String> = missing
        .into_iter()
        .map(|(name, containers)| {
            let containers: Vec<&str> = containers.into_iter().collect();
            format!("{name} for: {}", containers.join(","))
        })
        .collect();
    let why = format!("failed quota: {}: must specify {}", quota.metadata.name, parts.join("; "));
    Err(forbidden(object, &why))
}

fn says(holder: &Value, name: &str) -> bool {
    let (side, resource) = match name.split_once('.') {
        Some(("limits", resource)) => ("limits", resource),
        Some((_, resource)) => ("requests", resource),
        None => ("requests", name),
    };
    holder.at(&["resources", side, resource]).is_some()
}
