//! What is on stage at a moment: a function of a cluster, with no state of its own.
//!
//! A column is an identity, a row is a place, a ribbon is a life. Everything here is plain data in
//! the viewer's words: components draw it and decide nothing. [`model`] is that data; [`build`] makes a
//! [`Scene`] of a cluster; [`story`] makes ribbons of what was recorded.

pub mod model;

pub use model::*;
