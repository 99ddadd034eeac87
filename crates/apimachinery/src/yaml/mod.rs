//! YAML in and out, as kubectl reads and prints it.

mod analysis;
mod build;
mod check;
mod chunk;
mod document;
mod emit;
mod goyaml;
pub mod kyaml;
mod limits;
mod node;
mod problem;
mod scalar;
mod syntax;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
mod timestamp;
mod value;

pub use document::{Document, read};
pub use emit::emit;
pub use limits::Limits;
pub use node::{Entry, Node, NodeKind, Scalar, ScalarStyle, Span};
pub use problem::{Problem, ProblemKind};
