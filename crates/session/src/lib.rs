//! What a person does with a cluster: documents to edit, a terminal, time to move through, and the
//! answer to "why".
//!
//! [`Session`] is the one thing that a page holds. It is data with methods and knows no browser, so
//! a native test can do all that a person can. Read in this order: [`session`], [`timeline`],
//! [`documents`], [`manifest`], [`diagnose`], [`terminal`], [`world`], [`exec`], [`logs`], [`why`], [`examples`].

pub(crate) mod container_shell;
mod decisions;
mod deed_value;
pub mod diagnose;
pub mod documents;
pub mod examples;
pub mod exec;
pub mod logs;
pub mod manifest;
mod memory;
pub mod offers;
pub mod script;
#[allow(clippy::module_inception)] // the crate is the session, and so is its main type's file
pub mod session;
pub mod terminal;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod why;
pub mod world;

pub use diagnose::{Diagnostic, Severity};
pub use documents::{Document, Documents};
pub use script::{Act, Deed};
pub use session::{Session, laboratory};
pub use terminal::{Entry, EntryKind, Terminal};
pub use timeline::{Flag, Timeline};
pub use why::Why;
