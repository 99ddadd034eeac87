//! Mounts the volumes of a Pod before its containers start.
//!
//! Models: `pkg/kubelet/volumemanager` (`WaitForAttachAndMount`).

use std::time::Duration;

use apimachinery::Time;
use apimachinery::value::ValueExt;
use client::EventType;

use crate::context::Context;
use crate::reason::KubeletReason;
use crate::volumes::{self, Obstacle};
use crate::worker::Worker;

/// How long a Pod waits for its volumes before an event says so: `podAttachAndMountTimeout`.
const ATTACH_TIMEOUT: Duration = Duration::from_secs(123);

/// How often the volume manager looks at what must be mounted (`reconcilerLoopSleepPeriod`).
const RECONCILE: Duration = Duration::from_millis(100);

impl Worker {
    /// Mounts the volumes; returns whether all are mounted.
    pub(crate) fn mount(&mut self, cx: &mut Context<'_>) -> bool {
        if self.mounted {
            return true;
        }
        if self.pod.spec().list_at(&["volumes"]).is_empty() {
            self.mounted = true;
            return true;
        }
        if self.mount_ready_at.is_some_and(|at| at <= cx.now) {
            self.mounted = true;
            return true;
        }
        match volumes::obstacle(&self.pod, cx.seen) {
            None => {
                let took = cx.millis(40, 180);
                let at = *self.mount_ready_at.get_or_insert(cx.now + took);
                self.sync_by(at);
            }
            Some(Obstacle::ClaimUnbound(claim)) => {
                cx.because(KubeletReason::WaitsForVolume { pod: self.key(), claim });
                self.sync_by(cx.now + Duration::from_secs(1));
            }
            Some(Obstacle::NotAttached(volume)) => self.wait_for_attach(&volume, cx),
            Some(Obstacle::Missing(_)) if cx.now < self.accepted_at + RECONCILE => {
                self.sync_by(self.accepted_at + RECONCILE);
            }
            Some(Obstacle::Missing(error)) => {
                self.event(cx, None, EventType::Warning, "FailedMount", &error);
                cx.because(KubeletReason::MountFails { pod: self.key(), error });
                let wait = Duration::from_millis(500) * 2_u32.pow(self.mount_failures.min(8));
                self.mount_failures += 1;
                self.sync_by(cx.now + wait.min(Duration::from_secs(122)));
            }
        }
        false
    }

    /// Waits until the node's object says that a volume is attached; the kubelet only complains now and then.
    fn wait_for_attach(&mut self, volume: &str, cx: &mut Context<'_>) {
        let since = *self.attach_wait.get_or_insert(cx.now);
        if cx.now.since(since) < ATTACH_TIMEOUT {
            self.sync_by(since + ATTACH_TIMEOUT);
            return;
        }
        let error = format!(
            "Unable to attach or mount volumes: unmounted volumes=[{volume}], unattached volumes=[{volume}], \
             failed to process volumes=[]: context deadline exceeded"
        );
        self.event(cx, None, EventType::Warning, "FailedMount", &error);
        cx.because(KubeletReason::MountFails { pod: self.key(), error });
        self.attach_wait = Some(cx.now);
        self.sync_by(cx.now + ATTACH_TIMEOUT);
    }

    /// Looks again after a change of the node's object: perhaps a volume is attached now.
    pub fn heard_of_node(&mut self, now: Time) {
        if self.attach_wait.is_some() && !self.mounted {
            self.sync_by(now);
        }
    }
}
