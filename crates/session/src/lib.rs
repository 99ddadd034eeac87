//! Timeline, terminal, documents: what a person does with a cluster.
