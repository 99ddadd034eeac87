//! Deterministic simulation: random clusters, random commands, random faults, and after every step the question
//! whether Kubernetes would still be Kubernetes.
//!
//! A [`Scenario`] is data: a seed, and what is done when. [`generate::scenario`] makes one from a number;
//! [`play`](play::play) plays it on a real [`session::Run`] and looks at every invariant after every step,
//! then mends all faults and demands rest, and at rest that everything is as it was asked for. A rule that breaks
//! gives a [`Violation`]; [`shrink`](shrink::shrink) takes away what it does not need, and the rest is printed as
//! text that [`Scenario::parse`] reads again.
//!
//! [`orders`] is the other half: not chance but every order in which things that are due at one moment can come,
//! on small clusters, to a depth.
//!
//! Only rules that always hold are checked here; what exactly the engine does, recordings say
//! (`conformance`). Read in this order: [`scenario`], [`generate`], [`play`](mod@play), [`invariants`],
//! [`shrink`], [`orders`].

pub mod generate;
pub mod invariants;
pub mod orders;
pub mod play;
pub mod scenario;
pub mod shrink;

pub use invariants::Violation;
pub use play::{Summary, play};
pub use scenario::{Cue, Moment, Scenario};

/// The seed of the `index`-th scenario of a run with this seed: runs of neighbouring seeds share nothing.
pub fn seed_of(seed: u64, index: u64) -> u64 {
    apimachinery::Rng::stream(seed ^ (index << 32), "scenarios of a run").next_u64() >> 16
}
