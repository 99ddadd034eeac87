//! What is on stage at a moment: a function of a cluster and its story, with no state of its own.
//!
//! A column is an identity, a row is a node, a ribbon is a life. Everything here is plain data in
//! the viewer's words: components draw it and decide nothing. [`model`] is that data; [`build`] makes a
//! [`Scene`] of a cluster, with [`look`], [`mod@order`] and [`storage`]; [`story`] makes ribbons of what was
//! written, and [`revisions`] gives each revision its pattern.

pub mod build;
pub mod look;
pub mod model;
pub mod order;
pub mod revisions;
pub mod storage;
pub mod story;

pub use build::build;
pub use model::*;
pub use revisions::Revisions;
pub use story::{Contact, Kept, Ribbon, Segment, Story};
