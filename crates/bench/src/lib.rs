//! How fast the engine is, in numbers that mean something on any machine: what a Pod costs at
//! three sizes of one set and the ratio between them, and what a person waits for (a checkpoint, a seek,
//! a scene, the marks under a text in the editor).
//!
//! The program `bench` prints them all natively, `cargo xtask bench` builds and runs it. What the same sets cost
//! as WebAssembly is told by a test of the JavaScript module, `tests/engine/engine.test.js`. Read [`scenario`]
//! first.

pub mod clock;
pub mod scale;
pub mod scenario;
pub mod wait;
