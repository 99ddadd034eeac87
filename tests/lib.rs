//! Helpers shared by the tests of this folder.

#![allow(clippy::missing_panics_doc)] // a helper that cannot read the repository is a test that has failed

pub mod imports;
pub mod metadata;
pub mod repository;
pub mod source;
