//! How much YAML is read before giving up. Every text is refused or read in bounded time, stack
//! and memory.

/// The API server's limit on a request body, in bytes.
pub(super) const MAX_BYTES: usize = 3 * 1024 * 1024;
/// Levels of nesting, aliases followed. A Pod template needs fewer than twenty; every walk over
/// the tree, and dropping it, recurses at most this far.
pub(super) const MAX_DEPTH: usize = 100;
/// Nodes written in one text.
pub(super) const MAX_NODES: usize = 250_000;
/// Nodes that the aliases of one document stand for.
pub(super) const MAX_ALIAS_NODES: u32 = 50_000;
/// Problems reported of one document.
pub(super) const MAX_PROBLEMS: usize = 100;

/// Bounds on what [`read`](super::read) takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text.
    pub max_bytes: usize,
    /// Levels of nesting; at most a few hundred, since walks recurse.
    pub max_depth: usize,
    /// Nodes of the whole text.
    pub max_nodes: usize,
    /// Nodes that the aliases of one document stand for.
    pub max_alias_nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_alias_nodes: MAX_ALIAS_NODES,
        }
    }
}
