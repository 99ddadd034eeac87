//! What holds for quotas.
//!
//! Source: `docs/concepts/policy/resource-quotas`.

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::Quantity;
use apimachinery::value::ValueExt;
use apiserver::Store;
use cluster::Cluster;

use super::{Invariant, Step};

/// What is made fits into the quotas of its namespace.
pub(super) struct Limits;

impl Invariant for Limits {
    fn name(&self) -> &'static str {
        "what is made fits into the quotas of its namespace"
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        let store = step.cluster.store();
        for (actor, _, change) in step.changes().filter(|(_, _, change)| change.is_create()) {
            if !matches!(change.key.kind, Kind::Pod | Kind::PersistentVolumeClaim) {
                continue;
            }
            for quota in store.list(Kind::ResourceQuota, &change.key.namespace) {
                for (name, used) in counted(store, quota) {
                    let hard = amount(quota.spec().at(&["hard", name]));
                    if used > hard {
                        let key = &change.key;
                        return Err(format!(
                            "{actor} made {key}: {used} of {hard} {name}, {}",
                            quota.status()
                        ));
                    }
                }
            }
        }
        Ok(())
    }
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
        ("requests.storage", storage.fold(Quantity::ZERO, |sum, size| sum.plus(size))),
    ];
    all.into_iter().filter(|(name, _)| quota.spec().at(&["hard", name]).is_some()).collect()
}

/// At rest a quota says what there is.
pub(super) fn at_rest(cluster: &Cluster) -> Result<(), String> {
    for quota in cluster.store().list(Kind::ResourceQuota, "") {
        for (name, used) in counted(cluster.store(), quota) {
            let said = amount(quota.status().at(&["used", name]));
            if said != used {
                return Err(format!("{} says {said} {name}, there are {used}", quota.key()));
            }
        }
    }
    Ok(())
}
