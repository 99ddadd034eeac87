//! What the cluster's DNS answers for the names of sets.

use api::apps::{StatefulSet, parent_and_ordinal};
use api::{Kind, Object};
use apimachinery::sorted::SortedMap;
use cluster::Cluster;
use coredns::{Data, RecordType};

use crate::model::{DnsAnswer, DnsTag};
use crate::story::Story;

/// Sets larger than this are drawn without DNS tags, so none are looked up.
const COLUMNS_MAX: i64 = 60;

fn is_large(set: &Object) -> bool {
    StatefulSet(set).replicas() > COLUMNS_MAX
}

/// Addresses by name, without the dot at the end.
pub type Records = SortedMap<String, Vec<String>>;

/// The A records of the cluster's zone, by name.
pub fn records(cluster: &Cluster) -> Records {
    let mut found = Records::new();
    let mut sets = cluster.store().list(Kind::StatefulSet, "").peekable();
    if sets.peek().is_some() && sets.all(|set| is_large(set)) {
        return found;
    }
    let Some(seen) = cluster.seen_by("coredns") else { return found };
    for record in coredns::records(&seen) {
        if record.data.kind() == RecordType::A
            && let Data::A(address) = &record.data
        {
            found.entry(record.name.trim_end_matches('.').to_owned()).or_default().push(address.to_string());
        }
    }
    found
}

/// The ordinals of a set that have a record.
pub fn ordinals<'r>(set: &'r Object, records: &'r Records) -> impl Iterator<Item = i64> + 'r {
    let service = StatefulSet(set).service_name();
    let domain = format!(".{service}.{}.svc.cluster.local", set.metadata.namespace);
    records.keys().filter_map(move |name| {
        let (parent, ordinal) = parent_and_ordinal(name.strip_suffix(domain.as_str())?)?;
        (parent == set.metadata.name).then_some(ordinal)
    })
}

/// The tag of one identity of a set.
pub fn tag(cluster: &Cluster, story: &Story, set: &Object, pod: &str, records: &Records) -> DnsTag {
    let service = StatefulSet(set).service_name();
    if service.is_empty() {
        return DnsTag { name: String::new(), answer: DnsAnswer::NxDomain, former: None, unready: false };
    }
    let full = format!("{pod}.{service}.{}.svc.cluster.local", set.metadata.namespace);
    let address = records.get(&full).and_then(|all| all.first());
    let now = cluster.now().micros_since(cluster.origin());
    if is_large(set) {
        let name = format!("{pod}.{service}");
        return DnsTag { name, answer: DnsAnswer::Unasked, former: None, unready: false };
    }
    let former = story.former_address(&set.metadata.namespace, pod, now);
    DnsTag {
        name: format!("{pod}.{service}"),
        answer: address.map_or(DnsAnswer::NxDomain, |ip| DnsAnswer::A(ip.clone())),
        former: former.map(str::to_owned),
        unready: false,
    }
}
