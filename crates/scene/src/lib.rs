//! What is on stage at a moment: a function of a cluster and its story, with no state of its own.
//!
//! A column is an identity, a row is a node, a ribbon is a life. Everything here is plain data in
//! the viewer's words: components draw it and decide nothing. [`model`] and [`columns`] are that data; [`build`] makes a
//! [`Scene`] of a cluster, with `set`, `card`, `dns`, [`look`], [`mod@order`] and [`storage`]; [`story`] makes [`ribbon`]s of what was
//! written, [`revisions`] gives each revision its pattern, and [`known`] remembers sets that are gone.

pub mod build;
mod card;
pub mod columns;
mod dns;
pub mod known;
pub mod look;
pub mod model;
pub mod order;
pub mod revisions;
pub mod ribbon;
mod set;
pub mod storage;
pub mod story;

pub use build::build;
pub use columns::*;
pub use model::*;
pub use revisions::Revisions;
pub use ribbon::{Contact, Kept, Ribbon, Segment};
pub use story::Story;
