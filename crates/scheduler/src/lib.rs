//! kube-scheduler: which node a Pod gets, or why it gets none.
//!
//! Read in this order: [`scheduler`] is the controller; [`snapshot`] is what it decides on; [`filter`]
//! refuses nodes, with [`affinity`], [`spread`] and [`volume`] as its larger rules; [`score`] chooses
//! among the rest; [`message`] says why there is none; [`requeue`] knows which changes are worth
//! another try, [`again`] which of those only repeat a refusal; [`reason`] explains it to people.
//!
//! Models: `pkg/scheduler` with the default profile.
//! Differs: nobody is preempted (a Pod of higher priority waits like any other); resource claims
//! (DRA), gangs, extenders and `matchLabelKeys` are not there; Pods are decided one after the other in
//! the order of arrival, not by priority.

pub mod affinity;
pub mod again;
pub mod filter;
pub mod message;
pub mod reason;
pub mod requeue;
pub mod resources;
pub mod scheduler;
pub mod score;
pub mod snapshot;
pub mod spread;
pub mod volume;
pub mod wishes;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use client::Controller;

pub use scheduler::Scheduler;

/// The default scheduler; `seed` decides between nodes that are equally good.
pub fn controller(seed: u64) -> Rc<dyn Controller> {
    Rc::new(Scheduler::new(seed))
}
