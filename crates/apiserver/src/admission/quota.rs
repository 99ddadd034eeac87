//! `ResourceQuota`: what a namespace may hold.
//!
//! Models: `plugin/pkg/admission/resourcequota`.

use api::{Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Quantity, Status};
use serde_json::Value;

use crate::etcd::Store;

/// The quotas with their new `used`, or the refusal. Only new objects are charged.
pub fn charge(object: &Object, old: Option<&Object>, store: &Store) -> Result<Vec<Object>, Status> {
    if old.is_some() {
        return Ok(Vec::new());
    }
    let asked = usage(object);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut charged = Vec::new();
    for quota in store.list(Kind::ResourceQuota, &object.metadata.namespace) {
        if let Some(new) = charge_one(object, quota, &asked)? {
            charged.push(new);
        }
    }
    Ok(charged)
}

fn charge_one(object: &Object, quota: &Object, asked: &[(String, Quantity)]) -> Result<Option<Object>, Status> {
    let Some(hard) = quota.spec().map_at(&["hard"]) else { return Ok(None) };
    let limited: Vec<&(String, Quantity)> = asked.iter().filter(|(name, _)| hard.contains_key(name)).collect();
    if limited.is_empty() {
        return Ok(None);
    }
    let mut new = quota.clone();
    let (mut requested, mut used_text, mut limit_text) = (Vec::new(), Vec::new(), Vec::new());
    for (name, amount) in limited {
        let limit = hard.get(name).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO);
        let used = quota.status().at(&["used", name]).and_then(Quantity::from_value).unwrap_or(Quantity::ZERO);
        let total = used.plus(*amount);
        if total > limit {
            requested.push(format!("{name}={amount}"));
            used_text.push(format!("{name}={used}"));
            limit_text.push(format!("{name}={limit}"));
        }
        set_at(new.status_mut(), &["used", name], total.to_string().into());
        set_at(new.status_mut(), &["hard", name], limit.to_string().into());
    }
    if requested.is_empty() {
        return Ok(Some(new));
    }
    let info = object.kind.info();
    let why = format!(
        "exceeded quota: {}, requested: {}, used: {}, limited: {}",
        quota.metadata.name,
        requested.join(","),
        used_text.join(","),
        limit_text.join(",")
    );
    Err(Status::forbidden(info.plural, info.group, &object.metadata.name, &why))
}

/// What an object counts for, sorted by name.
pub fn usage(object: &Object) -> Vec<(String, Quantity)> {
    let one = Quantity::from_count(1);
    let info = object.kind.info();
    let mut usage = vec![(format!("count/{}", info.qualified_plural()), one)];
    match object.kind {
        Kind::Pod => {
            usage.push(("pods".to_owned(), one));
            for (side, prefix) in [("requests", "requests."), ("limits", "limits.")] {
                for resource in ["cpu", "memory"] {
                    let sum = sum_of(object.spec(), side, resource);
                    if sum.sign() > 0 {
                        usage.push((format!("{prefix}{resource}"), sum));
                        if side == "requests" {
                            usage.push((resource.to_owned(), sum));
                        }
                    }
                }
            }
        }
        Kind::PersistentVolumeClaim => {
            usage.push(("persistentvolumeclaims".to_owned(), one));
            let storage = object.spec().at(&["resources", "requests", "storage"]);
            if let Some(size) = storage.and_then(Quantity::from_value) {
                usage.push(("requests.storage".to_owned(), size));
                let class = object.spec().str_at(&["storageClassName"]);
                if !class.is_empty() {
                    let prefix = format!("{class}.storageclass.storage.k8s.io/");
                    usage.push((format!("{prefix}requests.storage"), size));
                    usage.push((format!("{prefix}persistentvolumeclaims"), one));
                }
            }
        }
        Kind::Service | Kind::ConfigMap | Kind::Secret => usage.push((info.plural.to_owned(), one)),
        _ => {}
    }
    usage.sort_by(|a, b| a.0.cmp(&b.0));
    usage
}

fn sum_of(spec: &Value, side: &str, resource: &str) -> Quantity {
    spec.list_at(&["containers"])
        .iter()
        .filter_map(|c| c.at(&["resources", side, resource]).and_then(Quantity::from_value))
        .fold(Quantity::ZERO, Quantity::plus)
}
