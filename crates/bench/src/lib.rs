//! How fast the engine is, in numbers that mean something on any machine: what a Pod costs in sets of several
//! sizes, without a claim and with one, and the ratios between these; the longest single step; and what a person
//! waits for (a checkpoint, a seek, a scene, the marks under a text in the editor).
//!
//! The program `bench` prints them all natively, `cargo xtask bench` builds and runs it. What the same sets cost
//! as WebAssembly is told by a test of the JavaScript module, `tests/engine/engine.test.js`. Read [`scenario`]
//! first, then [`measure`] and [`bounds`].

pub mod bounds;
pub mod clock;
pub mod measure;
pub mod scale;
pub mod scenario;
pub mod wait;
