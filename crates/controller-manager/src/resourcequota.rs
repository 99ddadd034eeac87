//! Writes what the objects of a namespace use into its quotas.
//!
//! The API server counts creations when it admits them. This controller counts again when something goes,
//! when the quota changes, and now and then.
//!
//! Models: `pkg/controller/resourcequota`, `k8s.io/apiserver/pkg/quota/v1` (`CalculateUsage`).

use std::rc::Rc;
use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Quantity;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use apiserver::admission::quota::{matches, usage};
use apiserver::{Change, Request};
use client::{Controller, Explain, Explanation, FactState, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Map, Value, json};

/// `--resource-quota-sync-period`.
const RESYNC: Duration = Duration::from_mins(5);
/// How long after a write the count is checked once more: a cache may have lagged behind an admission.
const RECHECK: Duration = Duration::from_secs(1);

/// The kinds that quotas can count. Events are not counted.
const KINDS: &[Kind] = &[
    Kind::ResourceQuota,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::Service,
    Kind::ConfigMap,
    Kind::Secret,
    Kind::StatefulSet,
    Kind::ControllerRevision,
    Kind::EndpointSlice,
    Kind::Endpoints,
    Kind::PodDisruptionBudget,
    Kind::ServiceAccount,
    Kind::LimitRange,
    Kind::Lease,
];

/// A reason of the quota controller.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the objects that the variants speak of
pub enum QuotaReason {
    /// The use of a quota has changed.
    CountsUsage { quota: Key, used: String },
}

impl Explain for QuotaReason {
    fn explain(&self) -> Explanation {
        let Self::CountsUsage { quota, used } = self;
        Explanation::deed(
            "CountsUsage",
            quota,
            [
                format!("{} counts again what is used: {used}.", quota.name),
                format!("{} 重新统计了用量：{used}。", quota.name),
            ],
            [
                "What is created is counted at once, what goes only when this controller has seen it go.",
                "创建时立即计入；删除后，要等这个控制器看到才会扣除。",
            ],
            "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
        )
        .quote(FactState::Satisfied, quota, used.clone())
    }
}

/// The controller.
#[derive(Debug, Clone, Copy, Default)]
pub struct ResourceQuotas;

/// Whether a change may have freed something, or taken more than was admitted.
fn replenishes(change: &Change) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return change.is_delete() };
    let ended = |pod: &Object| matches!(Pod(pod).phase(), "Succeeded" | "Failed");
    let member = |path: &[&str]| before.at(path) != after.at(path);
    match change.key.kind {
        Kind::Pod => !ended(before) && ended(after),
        Kind::Service => member(&["spec", "type"]),
        Kind::PersistentVolumeClaim => member(&["spec", "resources", "requests", "storage"]),
        _ => false,
    }
}

impl Controller for ResourceQuotas {
    fn name(&self) -> &'static str {
        "resourcequota-controller"
    }

    fn watches(&self) -> &'static [Kind] {
        KINDS
    }

    fn workers(&self) -> usize {
        5
    }

    fn wakes(&self, change: &Change, seen: &Seen<'_>) -> Vec<Wake> {
        let mut wakes = Vec::new();
        if let (Kind::ResourceQuota, Some(quota)) = (change.key.kind, &change.after) {
            let hard = |quota: &Object| quota.spec().at(&["hard"]).cloned();
            if change.before.as_ref().is_none_or(|before| hard(before) != hard(quota)) {
                wakes.push(Wake::now(change.key.clone()));
            }
        }
        if replenishes(change) {
            let quotas = seen.list(Kind::ResourceQuota, &change.key.namespace);
            wakes.extend(quotas.map(|quota| Wake::now(quota.key())));
        }
        wakes
    }

    #[inline(never)] // a gate
    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let Some(quota) = turn.seen().get(key).cloned() else { return Ok(Outcome::Done) };
        if !turn.caches_include_own_writes(&[Kind::ResourceQuota]) {
            return Ok(Outcome::Failed(String::new()));
        }
        let hard = quota.spec().at(&["hard"]).cloned().unwrap_or_else(|| json!({}));
        let used = count(&quota, &hard, &turn.seen());
        let known = amounts(quota.status().at(&["used"]));
        if amounts(quota.status().at(&["hard"])) == amounts(Some(&hard)) && known.as_ref() == Some(&used) {
            return Ok(Outcome::DoneAndRequeueAfter(RESYNC));
        }
        let words: Vec<String> = used.iter().map(|(name, amount)| format!("{name}={amount}")).collect();
        turn.because(QuotaReason::CountsUsage { quota: key.clone(), used: words.join(", ") });
        let used: Map<String, Value> =
            used.into_iter().map(|(name, amount)| (name, amount.to_string().into())).collect();
        let mut changed = Object::clone(&quota);
        changed.set_field("status", json!({"hard": hard, "used": used}));
        let request = Request::update_status(turn.actor(), changed);
        turn.request(request)?;
        Ok(Outcome::DoneAndRequeueAfter(RECHECK))
    }
}

fn amounts(list: Option<&Value>) -> Option<SortedMap<String, Quantity>> {
    let list = list?.as_object()?.iter();
    Some(list.filter_map(|(name, amount)| Some((name.clone(), Quantity::from_value(amount)?))).collect())
}

/// Whether a quota with these limits can count objects of a kind.
fn is_limited(hard: &Value, kind: Kind) -> bool {
    let info = kind.info();
    let counts = |name: &str| match name.strip_prefix("count/") {
        Some(resource) => resource == info.qualified_plural(),
        None => matches!(
            kind,
            Kind::Pod
                | Kind::PersistentVolumeClaim
                | Kind::Service
                | Kind::ConfigMap
                | Kind::Secret
                | Kind::ResourceQuota
        ),
    };
    hard.as_object().is_some_and(|hard| hard.keys().any(|name| counts(name)))
}

fn count(quota: &Object, hard: &Value, seen: &Seen<'_>) -> SortedMap<String, Quantity> {
    let names = hard.as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let mut sums: SortedMap<String, Quantity> = names.map(|name| (name, Quantity::ZERO)).collect();
    for kind in KINDS.iter().filter(|kind| is_limited(hard, **kind)) {
        let objects = seen.list(*kind, &quota.metadata.namespace);
        for object in objects.filter(|object: &&Rc<Object>| matches(quota, object)) {
            for (name, amount) in usage(object) {
                if let Some(sum) = sums.get_mut(&name) {
                    *sum = sum.plus(amount);
                }
            }
        }
    }
    sums
}
