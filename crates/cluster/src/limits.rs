//! Nothing is unbounded.

use std::time::Duration;

/// Steps that one call of [`crate::Cluster::settle`] makes at most.
pub const SETTLE_STEPS_MAX: usize = 2_000_000;
/// Writes between two compactions of the store.
pub const COMPACT_EVERY: u64 = 256;
/// How long Events live: kube-apiserver's `--event-ttl`.
pub const EVENT_TTL: Duration = Duration::from_secs(3600);
