//! A scene of a cluster.

use std::rc::Rc;

use api::apps::{StatefulSet, UpdateStrategy, parent_and_ordinal};
use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::ValueExt;
use cluster::Cluster;
use coredns::{Data, RecordType};

use crate::look;
use crate::model::{
    Column, ColumnNote, DnsAnswer, DnsTag, Missing, NodeRow, NodeState, PodCard, PodLook, RevisionBadge,
    RevisionRole, Scene, ServiceScene, SetScene,
};
use crate::order;
use crate::revisions::{Revisions, short};
use crate::storage;
use crate::story::Story;

/// Sets larger than this are drawn without DNS tags, so none are looked up.
const DNS_COLUMNS_MAX: usize = 60;

/// The scene of a cluster at its moment. The story adds what the cluster no longer knows: the order in which
/// revisions appeared, and former addresses.
pub fn build(cluster: &Cluster, story: &Story) -> Scene {
    let store = cluster.store();
    let records = dns(cluster);
    let sets: Vec<SetScene> =
        store.list(Kind::StatefulSet, "").map(|set| set_scene(cluster, story, set, &records)).collect();
    let shown: SortedSet<Key> = sets
        .iter()
        .flat_map(|s| s.columns.iter())
        .filter_map(|c| c.pod.as_ref().map(|p| p.key.clone()))
        .collect();
    let held: SortedSet<Key> = sets
        .iter()
        .flat_map(|s| s.columns.iter())
        .flat_map(|c| c.claims.iter())
        .filter_map(|claim| claim.disk.as_ref().map(|d| d.key.clone()))
        .collect();
    Scene {
        at_micros: cluster.now().micros_since(cluster.origin()),
        nodes: store.list(Kind::Node, "").map(|node| node_row(node)).collect(),
        other_pods: store
            .list(Kind::Pod, "")
            .filter(|pod| !shown.contains(&pod.key()))
            .map(|pod| pod_card(cluster, pod, &[]))
            .collect(),
        services: store
            .list(Kind::Service, "")
            .filter(|s| !matches!(s.metadata.name.as_str(), "kubernetes" | "kube-dns"))
            .map(|service| service_scene(service, &records))
            .collect(),
        loose_volumes: store
            .list(Kind::PersistentVolume, "")
            .filter(|volume| !held.contains(&volume.key()))
            .map(|volume| storage::slab(cluster, volume, &[]))
            .collect(),
        missing: missing(cluster),
        sets,
    }
}

/// Columns of a set that are drawn; the places beyond are only counted.
const COLUMNS_MAX: i64 = 1_000;

type Records = SortedMap<String, Vec<String>>;

/// The A records of the cluster's zone, by name.
fn dns(cluster: &Cluster) -> Records {
    let mut found = Records::new();
    let sizes = cluster.store().list(Kind::StatefulSet, "").map(|set| StatefulSet(set).replicas());
    if sizes.sum::<i64>() > i64::try_from(DNS_COLUMNS_MAX).unwrap_or(i64::MAX) {
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

fn node_row(node: &Object) -> NodeRow {
    let ready = node.status().list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "Ready");
    let state = match ready.map_or("", |c| c.str_at(&["status"])) {
        "True" => NodeState::Ready,
        "Unknown" => NodeState::Silent { since: look::node_silent_since(node).unwrap_or_default() },
        _ => NodeState::NotReady,
    };
    NodeRow {
        name: node.metadata.name.clone(),
        state,
        cordoned: node.spec().bool_at(&["unschedulable"]) == Some(true),
    }
}

fn service_scene(service: &Object, records: &Records) -> ServiceScene {
    let ip = service.spec().str_at(&["clusterIP"]);
    let name = format!("{}.{}.svc.cluster.local", service.metadata.name, service.metadata.namespace);
    ServiceScene {
        key: service.key(),
        headless: ip == "None",
        cluster_ip: if ip == "None" { String::new() } else { ip.to_owned() },
        addresses: records.get(&name).cloned().unwrap_or_default(),
    }
}

fn revisions(cluster: &Cluster, known: &Revisions, set: &Object, pods: &[&Rc<Object>]) -> Vec<RevisionBadge> {
    let mut all: Vec<&Rc<Object>> = cluster
        .store()
        .list(Kind::ControllerRevision, &set.metadata.namespace)
        .filter(|revision| revision.is_controlled_by(set))
        .collect();
    // A rollback gives an old revision a new number, so its first appearance counts.
    let namespace = set.metadata.namespace.as_str();
    all.sort_by_key(|revision| known.place(namespace, &set.metadata.name, &revision.metadata.name));
    let view = StatefulSet(set);
    let (current, update) = (view.current_revision(), view.update_revision());
    all.iter()
        .map(|revision| {
            let name = revision.metadata.name.clone();
            let role = match (name == current, name == update) {
                (true, true) => RevisionRole::Only,
                (true, false) => RevisionRole::Current,
                (false, true) => RevisionRole::Update,
                (false, false) => RevisionRole::Old,
            };
            let carries = |pod: &&&Rc<Object>| pod.metadata.label("controller-revision-hash") == name;
            RevisionBadge {
                short: short(&name),
                pattern: known.pattern(namespace, &set.metadata.name, &name),
                role,
                pods: pods.iter().filter(carries).count(),
                name,
            }
        })
        .collect()
}

fn set_scene(cluster: &Cluster, story: &Story, set: &Object, records: &Records) -> SetScene {
    let view = StatefulSet(set);
    let namespace = set.metadata.namespace.as_str();
    let pods: Vec<&Rc<Object>> =
        cluster.store().list(Kind::Pod, namespace).filter(|pod| pod.is_controlled_by(set)).collect();
    let badges = revisions(cluster, story.revisions(), set, &pods);
    let update = badges.iter().position(|r| r.name == view.update_revision());
    let (start, end) = (view.start(), view.start() + view.replicas());
    let mut ordinals: SortedSet<i64> = (start..end.min(start + COLUMNS_MAX)).collect();
    let by_ordinal: SortedMap<i64, &Rc<Object>> =
        pods.iter().filter_map(|pod| Some((parent_and_ordinal(&pod.metadata.name)?.1, *pod))).collect();
    ordinals.extend(by_ordinal.keys().copied());
    let claims = claims_by_ordinal(cluster, set);
    ordinals.extend(claims.keys().copied());
    let wanted = |o: i64| !set.metadata.is_deleting() && (start..end).contains(&o);
    let drawn = usize::try_from(COLUMNS_MAX).unwrap_or(usize::MAX);
    let beyond = i64::try_from(ordinals.len().saturating_sub(drawn)).unwrap_or(i64::MAX);
    let far = start + COLUMNS_MAX..end;
    let taken = i64::try_from(ordinals.iter().filter(|ordinal| far.contains(*ordinal)).count()).unwrap_or(0);
    let untaken = (far.end - far.start).max(0) - taken;
    let mut columns: Vec<Column> = ordinals
        .iter()
        .take(drawn)
        .map(|&ordinal| {
            let name = format!("{}-{ordinal}", set.metadata.name);
            let claims = claims.get(&ordinal).into_iter().flatten();
            Column {
                ordinal,
                wanted: wanted(ordinal),
                note: if wanted(ordinal) { ColumnNote::None } else { ColumnNote::ScaledAway },
                dns: dns_tag(cluster, story, set, &name, records),
                pod: by_ordinal.get(&ordinal).map(|pod| pod_card(cluster, pod, &badges)),
                claims: claims.map(|claim| storage::ticket(cluster, claim, &badges)).collect(),
                name,
            }
        })
        .collect();
    let order = order::order(set, &mut columns, update);
    let rolls = matches!(view.update_strategy(), UpdateStrategy::RollingUpdate { .. });
    SetScene {
        key: set.key(),
        ready: set.status().i64_at(&["readyReplicas"]).unwrap_or(0),
        replicas: view.replicas(),
        service: view.service_name().to_owned(),
        policy: if view.is_parallel() { "Parallel" } else { "OrderedReady" }.to_owned(),
        deleting: set.metadata.is_deleting(),
        revisions: badges,
        order,
        columns,
        beyond: beyond + untaken,
        partition: rolls.then(|| view.partition()),
    }
}

/// The claims that are named after the set's templates, by ordinal, with those of identities long gone.
fn claims_by_ordinal<'c>(cluster: &'c Cluster, set: &Object) -> SortedMap<i64, Vec<&'c Rc<Object>>> {
    let mut found: SortedMap<i64, Vec<&Rc<Object>>> = SortedMap::new();
    for template in StatefulSet(set).claim_templates() {
        let prefix = format!("{}-{}", template.str_at(&["metadata", "name"]), set.metadata.name);
        for claim in cluster.store().list(Kind::PersistentVolumeClaim, &set.metadata.namespace) {
            if let Some((parent, ordinal)) = parent_and_ordinal(&claim.metadata.name)
                && parent == prefix
            {
                found.entry(ordinal).or_default().push(claim);
            }
        }
    }
    found
}

fn dns_tag(cluster: &Cluster, story: &Story, set: &Object, pod: &str, records: &Records) -> DnsTag {
    let service = StatefulSet(set).service_name();
    if service.is_empty() {
        return DnsTag { name: String::new(), answer: DnsAnswer::NxDomain, former: None, unready: false };
    }
    let full = format!("{pod}.{service}.{}.svc.cluster.local", set.metadata.namespace);
    let address = records.get(&full).and_then(|all| all.first());
    let now = cluster.now().micros_since(cluster.origin());
    let former = story.former_address(&set.metadata.namespace, pod, now);
    DnsTag {
        name: format!("{pod}.{service}"),
        answer: address.map_or(DnsAnswer::NxDomain, |ip| DnsAnswer::A(ip.clone())),
        former: former.map(str::to_owned),
        unready: false,
    }
}

/// The first of a Pod's claims that is not bound.
fn unbound_claim(cluster: &Cluster, pod: &Object) -> Option<String> {
    let volumes = pod.spec().list_at(&["volumes"]).iter();
    let mut claims =
        volumes.map(|v| v.str_at(&["persistentVolumeClaim", "claimName"])).filter(|name| !name.is_empty());
    let bound = |name: &str| {
        let key = Key::new(Kind::PersistentVolumeClaim, pod.metadata.namespace.as_str(), name);
        cluster.store().get(&key).is_some_and(|claim| claim.status().str_at(&["phase"]) == "Bound")
    };
    claims.find(|name| !bound(name)).map(str::to_owned)
}

fn pod_card(cluster: &Cluster, pod: &Object, badges: &[RevisionBadge]) -> PodCard {
    let node = Pod(pod).node_name();
    let claim = unbound_claim(cluster, pod);
    let silent = cluster
        .store()
        .get(&Key::new(Kind::Node, "", node))
        .is_some_and(|node| look::node_silent_since(node).is_some());
    let mut shape = look::look(pod);
    if silent && !pod.metadata.is_deleting() {
        shape = PodLook::Unknown;
    }
    if shape == PodLook::Pending && claim.is_some() {
        shape = PodLook::PendingOnClaim;
    }
    let word = if shape == PodLook::Ready { "Ready".to_owned() } else { kubectl::printers::status_word(pod) };
    let restarts =
        pod.status().list_at(&["containerStatuses"]).iter().filter_map(|c| c.i64_at(&["restartCount"]));
    let revision = pod.metadata.label("controller-revision-hash");
    PodCard {
        key: pod.key(),
        uid: pod.metadata.uid.clone(),
        ordinal: parent_and_ordinal(&pod.metadata.name)
            .map(|(_, ordinal)| ordinal)
            .filter(|_| !badges.is_empty()),
        node: Some(node.to_owned()).filter(|node| !node.is_empty()),
        detail: look::detail(cluster, pod, shape, claim.as_deref()),
        look: shape,
        word,
        ready: kubectl::printers::ready(pod),
        restarts: restarts.sum(),
        image: pod.spec().list_at(&["containers"]).first().map_or("", |c| c.str_at(&["image"])).to_owned(),
        ip: Some(Pod(pod).ip().to_owned()).filter(|ip| !ip.is_empty()),
        revision: badges.iter().position(|r| r.name == revision),
        since: since(pod),
    }
}

fn since(pod: &Object) -> Time {
    Pod(pod).ready_since().or(pod.metadata.creation_timestamp).unwrap_or_default()
}

/// What the sets need and nobody has made.
fn missing(cluster: &Cluster) -> Vec<Missing> {
    let store = cluster.store();
    let mut found: Vec<Missing> = Vec::new();
    let mut add = |one: Missing| {
        if !found.contains(&one) {
            found.push(one);
        }
    };
    for set in store.list(Kind::StatefulSet, "").filter(|set| !set.metadata.is_deleting()) {
        for template in StatefulSet(set).claim_templates() {
            let class = template.str_at(&["spec", "storageClassName"]);
            if !class.is_empty() && store.get(&Key::new(Kind::StorageClass, "", class)).is_none() {
                add(Missing::StorageClass(class.to_owned()));
            }
        }
        let service = StatefulSet(set).service_name();
        let key = Key::new(Kind::Service, set.metadata.namespace.as_str(), service);
        if !service.is_empty() && store.get(&key).is_none() {
            add(Missing::Service(service.to_owned()));
        }
    }
    found
}
