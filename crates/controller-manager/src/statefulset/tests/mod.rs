//! What the StatefulSet controller decides, sync by sync, on an API server. The rules are those of Kubernetes'
//! documentation and of its own tests; where a recording of v1.36.3 shows one, its name stands beside.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)] // `json!` is written where it is used

mod claims;
mod cluster;
mod order;
mod ownership;
mod pods;
mod retention;
mod revisions;
mod status;
mod triggers;
mod update;
