//! Evictions: deletions of Pods that a disruption budget may refuse.
//!
//! Models: `pkg/registry/core/pod/storage/eviction.go`.
//! Differs: a budget with two thousand Pods on their way takes one more.

use std::rc::Rc;

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Reason, Status, StatusCause};
use serde_json::{Value, json};

use crate::registry;
use crate::request::{Answer, DeleteOptions, Response, ResponseBody};
use crate::server::{ApiServer, Stamp};

impl ApiServer {
    /// Deletes a Pod if its budget allows: `policy/v1` Eviction.
    #[inline(never)] // a gate: `www/editor/split/parts.mjs`
    pub(crate) fn evict(&mut self, stamp: Stamp, key: &Key, options: &DeleteOptions) -> Answer {
        let pod = Rc::clone(self.find(key)?);
        let is_free = matches!(Pod(&pod).phase(), "Succeeded" | "Failed" | "Pending");
        if !is_free && !pod.metadata.is_deleting() {
            self.ask_budget(stamp, &pod, options.dry_run)?;
        }
        if !options.dry_run && !pod.metadata.is_deleting() {
            let mut marked = Object::clone(&pod);
            let condition = json!({"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI",
                "message": "Eviction API: evicting"});
            registry::pod::set_condition(&mut marked, condition, stamp.now);
            self.store.put(marked, stamp.now, stamp.cause);
        }
        self.delete(stamp, key, options)?;
        Ok(Response { body: ResponseBody::Success, warnings: Vec::new() })
    }

    /// Charges the budget of a Pod for its eviction, if the Pod is one that the budget guards.
    fn ask_budget(&mut self, stamp: Stamp, pod: &Object, dry_run: bool) -> Result<(), Status> {
        let budgets: Vec<Rc<Object>> = self
            .store
            .list(Kind::PodDisruptionBudget, &pod.metadata.namespace)
            .filter(|b| {
                Selector::from_label_selector(b.spec().at(&["selector"]).unwrap_or(&Value::Null))
                    .is_ok_and(|s| s.matches(&pod.metadata.labels))
            })
            .cloned()
            .collect();
        if budgets.len() > 1 {
            return Err(Status::new(
                Reason::InternalError,
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            ));
        }
        let Some(budget) = budgets.first() else { return Ok(()) };
        if !Pod(pod).has_ready_condition() && gives_up_unhealthy(budget) {
            return Ok(());
        }
        let status = budget.status();
        let allowed = status.i64_at(&["disruptionsAllowed"]).unwrap_or(0);
        let observed = status.i64_at(&["observedGeneration"]).unwrap_or(0) >= budget.metadata.generation;
        if allowed <= 0 || !observed {
            return Err(refused(budget, observed));
        }
        if !dry_run {
            let mut charged = Object::clone(budget);
            let status = charged.status_mut();
            set_at(status, &["disruptionsAllowed"], (allowed - 1).into());
            let at = stamp.now.rfc3339();
            set_at(status, &["disruptedPods", &pod.metadata.name], at.into());
            self.store.put(charged, stamp.now, stamp.cause);
        }
        Ok(())
    }
}

/// Whether a running Pod that is not Ready may be evicted without being counted: always if
/// `spec.unhealthyPodEvictionPolicy` says so, otherwise as long as enough Pods are Ready.
fn gives_up_unhealthy(budget: &Object) -> bool {
    let number = |name: &str| budget.status().i64_at(&[name]).unwrap_or(0);
    let (healthy, desired) = (number("currentHealthy"), number("desiredHealthy"));
    budget.spec().str_at(&["unhealthyPodEvictionPolicy"]) == "AlwaysAllow"
        || (healthy >= desired && desired > 0)
}

fn refused(budget: &Object, observed: bool) -> Status {
    let mut status = Status::new(
        Reason::TooManyRequests,
        "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    let message = if observed {
        format!(
            "The disruption budget {} needs {} healthy pods and has {} currently",
            budget.metadata.name,
            budget.status().i64_at(&["desiredHealthy"]).unwrap_or(0),
            budget.status().i64_at(&["currentHealthy"]).unwrap_or(0)
        )
    } else {
        format!("The disruption budget {} is still being processed by the server.", budget.metadata.name)
    };
    status.details.causes.push(StatusCause {
        reason: "DisruptionBudget".to_owned(),
        message,
        field: String::new(),
    });
    status
}
