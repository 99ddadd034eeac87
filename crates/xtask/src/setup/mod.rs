//! Brings what a command needs: looks first, installs only what is missing.

pub mod browser;
pub mod node;
pub mod rust;
pub mod small_std;
