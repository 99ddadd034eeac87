//! The kubelet: what happens to a Pod on its node.
//!
//! Read in this order: [`kubelet`] holds a node's Pods; [`worker`] is one of them and its sync loop;
//! [`mount`] waits for its volumes, [`start`] starts a container, [`prober`] and [`probe`] watch it,
//! [`termination`] ends it; [`status`] writes down what came of it; [`images`] and [`program`] stand for
//! the registry and for what runs; [`reason`] explains.
//!
//! Models: `pkg/kubelet` with containerd.
//! Differs: there are no processes, a container follows a plan made from its image, its command and the
//! behaviour that the laboratory gives it; images are a catalogue.

pub mod backoff;
pub mod check;
pub mod container;
pub mod context;
pub mod ending;
pub mod images;
pub mod kubelet;
pub mod mount;
pub mod news;
mod node_status;
pub mod probe;
pub mod prober;
pub mod program;
pub mod reason;
pub mod shell;
pub mod start;
pub mod status;
pub mod termination;
pub mod traces;
pub mod volumes;
pub mod worker;
mod workers;

pub use images::ImageBehaviours;
pub use kubelet::Kubelet;
