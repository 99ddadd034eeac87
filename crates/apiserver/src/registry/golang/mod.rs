//! What Go's encoding does to objects: which zero values vanish, and how internal structs are printed.

pub(crate) mod diff;
pub(crate) mod internal;
pub(crate) mod round_trip;

pub(crate) use diff::unified_diff;
pub(crate) use round_trip::{round_trip, round_trip_status, zero};
