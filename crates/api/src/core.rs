//! Views of the core kinds: the fields that controllers read, by Kubernetes' names.

use std::time::Duration;

use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::object::Object;

/// A Pod.
#[derive(Debug, Clone, Copy)]
pub struct Pod<'a>(pub &'a Object);

impl<'a> Pod<'a> {
    /// `status.phase`; empty for a Pod that is only in memory.
    pub fn phase(self) -> &'a str {
        self.0.status().str_at(&["phase"])
    }

    /// `spec.nodeName`, or empty.
    pub fn node_name(self) -> &'a str {
        self.0.spec().str_at(&["nodeName"])
    }

    /// The first of `status.podIPs`, or empty.
    pub fn ip(self) -> &'a str {
        self.0.status().str_at(&["podIP"])
    }

    /// The condition of this type, as it stands in `status.conditions`.
    pub fn condition(self, kind: &str) -> Option<&'a Value> {
        self.0.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == kind)
    }

    /// Whether condition Ready is True.
    pub fn has_ready_condition(self) -> bool {
        self.condition("Ready").is_some_and(|c| c.str_at(&["status"]) == "True")
    }

    /// Whether the phase is Running and condition Ready is True: what the StatefulSet controller calls
    /// running and ready.
    pub fn is_running_and_ready(self) -> bool {
        self.phase() == "Running" && self.has_ready_condition()
    }

    /// Whether it has been ready for at least `min_ready` at `now`: `podutil.IsPodAvailable`.
    pub fn is_available(self, min_ready: Duration, now: Time) -> bool {
        if !self.is_running_and_ready() {
            return false;
        }
        min_ready.is_zero() || self.ready_since().is_some_and(|since| since + min_ready <= now)
    }

    /// When condition Ready last turned.
    pub fn ready_since(self) -> Option<Time> {
        Time::parse_rfc3339(self.condition("Ready")?.str_at(&["lastTransitionTime"]))
    }

    /// Whether its deletion has begun.
    pub fn is_terminating(self) -> bool {
        self.0.metadata.is_deleting()
    }

    /// The name of the claim behind a volume of the Pod.
    pub fn claim_of_volume(self, volume: &str) -> Option<&'a str> {
        let volumes = self.0.spec().list_at(&["volumes"]);
        let found = volumes.iter().find(|v| v.str_at(&["name"]) == volume)?;
        found.at(&["persistentVolumeClaim", "claimName"])?.as_str()
    }

    /// Names of all claims that the Pod mounts.
    pub fn claims(self) -> impl Iterator<Item = &'a str> {
        let volumes = self.0.spec().list_at(&["volumes"]).iter();
        volumes.filter_map(|v| v.at(&["persistentVolumeClaim", "claimName"])?.as_str())
    }
}

/// A PersistentVolumeClaim.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a>(pub &'a Object);

impl<'a> Claim<'a> {
    /// `status.phase`.
    pub fn phase(self) -> &'a str {
        self.0.status().str_at(&["phase"])
    }

    /// `spec.storageClassName`: `None` if absent, which is not the same as `""`.
    pub fn class(self) -> Option<&'a str> {
        self.0.spec().at(&["storageClassName"])?.as_str()
    }

    /// `spec.volumeName`, or empty.
    pub fn volume_name(self) -> &'a str {
        self.0.spec().str_at(&["volumeName"])
    }
}
