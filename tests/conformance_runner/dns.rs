//! `dig`, as far as the recordings use it.

use cluster::Cluster;
use coredns::{Corefile, Question};

/// Asks cluster DNS; returns the response code and the records of the sections "answer" and "additional".
pub fn dig(cluster: &Cluster, name: &str, kind: &str) -> (String, Vec<String>) {
    let seen = cluster.seen_by("coredns").expect("cluster DNS is one of the processes");
    let kind = kind.parse().unwrap_or_else(|()| panic!("no such type: {kind}"));
    let recorded = Corefile { ttl: 30, ..Corefile::default() };
    let answer = recorded.answer(&seen, &Question::new(name, kind));
    let records = answer.answer.iter().chain(&answer.additional);
    (answer.rcode.to_string(), records.map(ToString::to_string).collect())
}
