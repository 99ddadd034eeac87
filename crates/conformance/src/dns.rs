//! `dig`, as far as the recordings use it.

use cluster::Cluster;
use coredns::{Corefile, Question};

/// Asks cluster DNS; returns the response code and the records of the sections "answer" and "additional".
///
/// # Errors
/// There is no such record type, or the cluster has no DNS.
pub fn dig(cluster: &Cluster, name: &str, kind: &str) -> Result<(String, Vec<String>), String> {
    let seen = cluster.seen_by("coredns").ok_or("there is no cluster DNS")?;
    let kind = kind.parse().map_err(|()| format!("no such type: {kind}"))?;
    let recorded = Corefile { ttl: 30, ..Corefile::default() };
    let answer = recorded.answer(&seen, &Question::new(name, kind));
    let records = answer.answer.iter().chain(&answer.additional);
    Ok((answer.rcode.to_string(), records.map(ToString::to_string).collect()))
}
