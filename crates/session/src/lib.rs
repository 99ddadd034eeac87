//! What a person does with a cluster: documents to edit, a terminal, time to move through, and the
//! answer to "why".
//!
//! [`Session`] is the one thing that a page holds. It is data with methods and knows no browser, so
//! a native test can do all that a person can. Read in this order: [`act`] is what a person does; [`world`] and
//! [`terminal`] run commands; [`present`] moves a cluster and its commands along time; [`history`] finds any moment
//! again; [`run`] is a line of history, [`branch`] one that was left; [`session`] holds them all, [`branching`]
//! goes from one to another, and [`script`] writes them down.
//! Then [`laboratory`], [`documents`], [`edits`], [`manifest`], [`diagnose`] with [`hints`], [`drift`], [`exec`], [`logs`],
//! [`forecast`], [`why`], [`offers`], [`missing`], [`reference`], [`examples`], [`export`].

pub mod act;
pub(crate) mod book;
pub mod branch;
mod branching;
pub(crate) mod container_shell;
mod decided;
mod decisions;
pub mod diagnose;
mod diagnostic;
pub mod documents;
pub mod drift;
pub mod edits;
pub mod everyday;
pub mod examples;
pub mod exec;
pub mod export;
mod fault_offers;
pub mod faults;
pub mod forecast;
pub mod hints;
mod history;
pub mod laboratory;
pub mod logs;
mod lookup;
pub mod manifest;
mod memory;
mod mend;
pub mod missing;
mod missing_words;
pub mod names;
mod names_reason;
mod nearest;
pub mod offer;
pub mod offers;
mod places;
pub mod present;
pub mod reference;
pub mod refusal;
pub mod run;
pub mod script;
#[allow(clippy::module_inception)] // the crate is the session, and so is its main type's file
pub mod session;
pub mod target;
pub mod terminal;
#[cfg(test)]
mod tests;
pub mod why;
pub mod world;

pub use act::{Act, Deed};
pub use branch::Branch;
pub use diagnostic::{Diagnostic, Severity};
pub use documents::{ChangedLine, Document, Documents};
pub use drift::Drift;
pub use forecast::Forecast;
pub use laboratory::{first_laboratory, laboratory};
pub use present::{Present, Spare};
pub use refusal::{Refusal, refusal};
pub use run::{Flag, Run};
pub use script::Script;
pub use session::Session;
pub use terminal::{Entry, EntryKind, Screen, Terminal, Tone};
pub use why::Why;
