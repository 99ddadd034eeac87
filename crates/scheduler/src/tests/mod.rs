//! What the scheduler does, played on an API server. Texts are those of the recordings of v1.36.3.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)] // `json!` is written where it is used

mod cluster;
mod refusals;
mod requeue;
mod score;
mod volumes;
