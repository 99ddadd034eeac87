//! A whole cluster as one value.
//!
//! > A cluster is a value. Its only way to change is a request to its API server, and its only
//! > source of surprise is its seed.
//!
//! [`Cluster`] joins the API server, the controllers behind their informers and queues, the
//! kubelets, the provisioners and DNS. [`Cluster::step`] does the next thing that is due;
//! [`Cluster::submit`] is how a person (or a fault) acts. A clone is a checkpoint: stepping it again
//! gives the same records. Read in this order: [`config`], [`cluster`], [`agenda`], [`record`],
//! [`process`], [`work`], [`relist`], [`reach`], [`agents`], [`events`], [`input`], [`faults`], [`bootstrap`], [`limits`].

pub mod agenda;
pub mod agents;
pub mod bootstrap;
#[allow(clippy::module_inception)] // the crate is the cluster, and so is its main type's file
pub mod cluster;
pub mod config;
pub mod events;
mod fault_value;
pub mod faults;
pub mod input;
pub mod limits;
pub mod process;
pub mod reach;
pub mod record;
pub mod relist;
pub mod work;

pub use cluster::{Cluster, StepLog};
pub use config::{Config, Latency, NodeSpec};
pub use input::{Fault, Input};
pub use record::{Record, RecordId, What};
