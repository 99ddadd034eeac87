//! Views of the `apps` kinds.

use std::time::Duration;

use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::object::Object;

/// A StatefulSet.
#[derive(Debug, Clone, Copy)]
pub struct StatefulSet<'a>(pub &'a Object);

/// How a set replaces its Pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateStrategy {
    /// One after the other from the highest ordinal; `partition` is `None` where `rollingUpdate` is
    /// absent, which makes a difference for new Pods.
    RollingUpdate {
        /// Ordinals below it keep the current revision; they are counted from `spec.ordinals.start`.
        partition: Option<i64>,
    },
    /// Only when somebody deletes them.
    OnDelete,
}

impl<'a> StatefulSet<'a> {
    /// `spec.replicas`.
    pub fn replicas(self) -> i64 {
        self.0.spec().i64_at(&["replicas"]).unwrap_or(1)
    }

    /// `spec.ordinals.start`.
    pub fn start(self) -> i64 {
        self.0.spec().i64_at(&["ordinals", "start"]).unwrap_or(0)
    }

    /// `spec.serviceName`.
    pub fn service_name(self) -> &'a str {
        self.0.spec().str_at(&["serviceName"])
    }

    /// `spec.selector`, or null.
    pub fn selector(self) -> &'a Value {
        self.0.spec().at(&["selector"]).unwrap_or(&Value::Null)
    }

    /// `spec.template`, or null.
    pub fn template(self) -> &'a Value {
        self.0.spec().at(&["template"]).unwrap_or(&Value::Null)
    }

    /// `spec.volumeClaimTemplates`.
    pub fn claim_templates(self) -> &'a [Value] {
        self.0.spec().list_at(&["volumeClaimTemplates"])
    }

    /// Whether `spec.podManagementPolicy` is `Parallel`.
    pub fn is_parallel(self) -> bool {
        self.0.spec().str_at(&["podManagementPolicy"]) == "Parallel"
    }

    /// `spec.minReadySeconds`.
    pub fn min_ready(self) -> Duration {
        let seconds = self.0.spec().i64_at(&["minReadySeconds"]).unwrap_or(0);
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
    }

    /// `spec.revisionHistoryLimit`; a negative one keeps every revision.
    pub fn revision_history_limit(self) -> i64 {
        self.0.spec().i64_at(&["revisionHistoryLimit"]).unwrap_or(10)
    }

    /// `spec.updateStrategy`.
    pub fn update_strategy(self) -> UpdateStrategy {
        let strategy = self.0.spec().at(&["updateStrategy"]).unwrap_or(&Value::Null);
        if strategy.str_at(&["type"]) == "OnDelete" {
            return UpdateStrategy::OnDelete;
        }
        let rolling = strategy.at(&["rollingUpdate"]);
        UpdateStrategy::RollingUpdate { partition: rolling.map(|r| r.i64_at(&["partition"]).unwrap_or(0)) }
    }

    /// The partition of `spec.updateStrategy`; 0 if there is none.
    pub fn partition(self) -> i64 {
        match self.update_strategy() {
            UpdateStrategy::RollingUpdate { partition } => partition.unwrap_or(0),
            UpdateStrategy::OnDelete => 0,
        }
    }

    /// Whether claims are deleted with the set: `whenDeleted: Delete`.
    pub fn deletes_claims_with_set(self) -> bool {
        self.0.spec().str_at(&["persistentVolumeClaimRetentionPolicy", "whenDeleted"]) == "Delete"
    }

    /// Whether claims are deleted when the set is scaled down: `whenScaled: Delete`.
    pub fn deletes_claims_on_scale_down(self) -> bool {
        self.0.spec().str_at(&["persistentVolumeClaimRetentionPolicy", "whenScaled"]) == "Delete"
    }

    /// `status.currentRevision`.
    pub fn current_revision(self) -> &'a str {
        self.0.status().str_at(&["currentRevision"])
    }

    /// `status.updateRevision`.
    pub fn update_revision(self) -> &'a str {
        self.0.status().str_at(&["updateRevision"])
    }
}

/// The set's name and the ordinal in a Pod's name: `web-10` is (`web`, 10). The ordinal may have leading
/// zeros, as upstream's expression `(.*)-([0-9]+)$` allows. `None` if the name ends with no ordinal, or with
/// one that does not fit 32 bits.
pub fn parent_and_ordinal(pod: &str) -> Option<(&str, i64)> {
    let (parent, digits) = pod.rsplit_once('-')?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<i32>().ok().map(|ordinal| (parent, i64::from(ordinal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_read_from_names() {
        assert_eq!(parent_and_ordinal("web-10"), Some(("web", 10)));
        assert_eq!(parent_and_ordinal("my-web-01"), Some(("my-web", 1)));
        assert_eq!(parent_and_ordinal("web"), None);
        assert_eq!(parent_and_ordinal("web-x"), None);
        assert_eq!(parent_and_ordinal("web-99999999999"), None);
    }
}
