//! How fast the engine is, in numbers that mean something on any machine: what a Pod costs at
//! three sizes of one set and the ratio between them, and what a person waits for (a checkpoint, a seek,
//! a scene, the marks under a text in the editor).
//!
//! The program `bench` prints them all natively; the program `engine` runs only the sets and is what
//! `run.mjs` calls as WebAssembly. `cargo xtask bench` builds and runs both. Read [`scenario`] first.

pub mod clock;
pub mod scenario;
pub mod wait;
