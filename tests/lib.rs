//! Helpers shared by the tests of this folder.

pub mod metadata;
pub mod repository;
pub mod source;
