//! What holds for quotas.
//!
//! Source: `docs/concepts/policy/resource-quotas`.

use std::collections::BTreeSet;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Quantity;
use apimachinery::value::ValueExt;
use apiserver::Store;
use cluster::Cluster;

use super::{Invariant, Step};

/// The controller that counts again what is used.
const COUNTER: &str = "resourcequota-controller";

/// What is made fits into the quotas of its namespace.
///
/// The API server adds to what a quota says is used. Its controller counts again, from caches that may not know of
/// the last object yet; until it has counted once more, one too many fits.
#[derive(Default)]
pub(super) struct Limits {
    /// Quotas that say less than is used.
    too_low: BTreeSet<Key>,
}

impl Invariant for Limits {
    fn name(&self) -> &'static str {
        "what is made fits into the quotas of its namespace"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        let store = step.cluster.store();
        for (actor, _, change) in step.changes() {
            match (change.key.kind, &change.after) {
                (Kind::ResourceQuota, Some(quota)) if actor.as_str() == COUNTER => {
                    let is_low = |(name, used): (&str, Quantity)| said(quota, name) < used;
                    if counted(store, quota).into_iter().any(is_low) {
                        self.too_low.insert(change.key.clone());
                    } else {
                        self.too_low.remove(&change.key);
                    }
                }
                (Kind::Pod | Kind::PersistentVolumeClaim, Some(_)) if change.is_create() => {
                    self.fits(store, &change.key).map_err(|what| format!("{actor} made {what}"))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Limits {
    fn fits(&self, store: &Store, made: &Key) -> Result<(), String> {
        let is_about = |name: &str| (name == "pods") == (made.kind == Kind::Pod);
        let quotas = store.list(Kind::ResourceQuota, &made.namespace);
        for quota in quotas.filter(|quota| !self.too_low.contains(&quota.key())) {
            for (name, used) in counted(store, quota).into_iter().filter(|(name, _)| is_about(name)) {
                let hard = amount(quota.spec().at(&["hard", name]));
                if used > hard {
                    return Err(format!("{made}: {used} of {hard} {name}, {}", quota.status()));
                }
            }
        }
        Ok(())
    }
}

fn said(quota: &Object, name: &str) -> Quantity {
    amount(quota.status().at(&["used", name]))
}

fn amount(value: Option<&serde_json::Value>) -> Quantity {
    value.and_then(Quantity::from_value).unwrap_or(Quantity::ZERO)
}

/// What there is of the resources that a quota limits: a Pod that has ended counts no longer.
fn counted(store: &Store, quota: &Object) -> Vec<(&'static str, Quantity)> {
    let namespace = &quota.metadata.namespace;
    let pods = store.list(Kind::Pod, namespace);
    let pods = pods.filter(|pod| !matches!(Pod(pod).phase(), "Succeeded" | "Failed")).count();
    let claims = store.list(Kind::PersistentVolumeClaim, namespace);
    let number = |count: usize| Quantity::from_count(i64::try_from(count).unwrap_or(i64::MAX));
    let size = |claim: &Object| amount(claim.spec().at(&["resources", "requests", "storage"]));
    let storage = store.list(Kind::PersistentVolumeClaim, namespace).map(|claim| size(claim));
    let all = [
        ("pods", number(pods)),
        ("persistentvolumeclaims", number(claims.count())),
        ("requests.storage", storage.fold(Quantity::ZERO, Quantity::plus)),
    ];
    all.into_iter().filter(|(name, _)| quota.spec().at(&["hard", name]).is_some()).collect()
}

/// At rest a quota says what there is.
pub(super) fn at_rest(cluster: &Cluster) -> Result<(), String> {
    for quota in cluster.store().list(Kind::ResourceQuota, "") {
        for (name, used) in counted(cluster.store(), quota) {
            let said = said(quota, name);
            if said != used {
                return Err(format!("{} says {said} {name}, there are {used}", quota.key()));
            }
        }
    }
    Ok(())
}
