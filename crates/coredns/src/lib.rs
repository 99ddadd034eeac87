//! Cluster DNS: records, answers, resolvers.
