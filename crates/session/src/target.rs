//! What faults are done to: a Pod, and what stands around it.

use api::core::Pod;
use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use cluster::Cluster;

/// A Pod and what stands around it: what the faults of the menu are done to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The Pod.
    pub pod: Option<Key>,
    /// How long it has to end, in seconds.
    pub grace: i64,
    /// Its first container.
    pub container: String,
    /// The image of that.
    pub image: String,
    /// Its node.
    pub node: Option<Key>,
    /// Its first claim.
    pub claim: Option<Key>,
    /// The volume of that, or empty.
    pub volume: String,
}

impl Target {
    /// What a selected object leads to: itself, and the Pod, node and claim that belong to it. Without a
    /// selection it is the first Pod.
    pub fn of(cluster: &Cluster, selected: Option<&Key>) -> Self {
        let object = selected.and_then(|key| cluster.store().get(key));
        let pod = pods(cluster).find(|pod| object.is_some_and(|object| leads_to(object, pod)));
        let pod = match object.map(|object| object.kind) {
            // Nothing runs on the node, nobody uses the claim: then there is no Pod to speak of.
            Some(Kind::Node | Kind::PersistentVolumeClaim) => pod,
            _ => pod.or_else(|| pods(cluster).next()),
        };
        let mut target = pod.map(|pod| Self::around(cluster, pod)).unwrap_or_default();
        match selected.filter(|_| object.is_some()) {
            Some(key) if key.kind == Kind::Node => target.node = Some(key.clone()),
            Some(key) if key.kind == Kind::PersistentVolumeClaim => target.set_claim(cluster, key.clone()),
            _ => {}
        }
        if target.pod.is_none() && target.node.is_none() {
            target.node = cluster.store().list(Kind::Node, "").next().map(|node| node.key());
        }
        target
    }

    fn around(cluster: &Cluster, pod: &Object) -> Self {
        let container = pod.spec().list_at(&["containers"]).first();
        let text = |member: &str| container.map_or("", |c| c.str_at(&[member])).to_owned();
        let node = Some(Pod(pod).node_name()).filter(|node| !node.is_empty());
        let mut target = Self {
            pod: Some(pod.key()),
            grace: pod.spec().i64_at(&["terminationGracePeriodSeconds"]).unwrap_or(30),
            container: text("name"),
            image: text("image"),
            node: node.map(|node| Key::new(Kind::Node, "", node)),
            ..Self::default()
        };
        if let Some(claim) = Pod(pod).claims().next() {
            let claim = Key::new(Kind::PersistentVolumeClaim, pod.metadata.namespace.as_str(), claim);
            target.set_claim(cluster, claim);
        }
        target
    }

    fn set_claim(&mut self, cluster: &Cluster, claim: Key) {
        let bound = cluster.store().get(&claim);
        bound.map_or("", |claim| claim.spec().str_at(&["volumeName"])).clone_into(&mut self.volume);
        self.claim = Some(claim);
    }
}

/// The Pods that faults may be done to: those of sets first, each in the order of its ordinals.
fn pods(cluster: &Cluster) -> impl Iterator<Item = &Object> {
    let mut pods: Vec<&Object> = cluster.store().list(Kind::Pod, "").map(|pod| &**pod).collect();
    let ordinal = |pod: &Object| {
        let is_of_set = pod.metadata.owner_references.iter().any(|owner| owner.kind == "StatefulSet");
        let (set, number) = pod.metadata.name.rsplit_once('-').unwrap_or((&pod.metadata.name, ""));
        (!is_of_set, pod.metadata.namespace.clone(), set.to_owned(), number.parse::<u64>().unwrap_or(0))
    };
    pods.sort_by_cached_key(|pod| ordinal(pod));
    pods.into_iter()
}

fn leads_to(object: &Object, pod: &Object) -> bool {
    let is_near = object.metadata.namespace == pod.metadata.namespace;
    match object.kind {
        Kind::Node => Pod(pod).node_name() == object.metadata.name,
        Kind::PersistentVolumeClaim => {
            is_near && Pod(pod).claims().any(|claim| claim == object.metadata.name)
        }
        _ => {
            let owners = &pod.metadata.owner_references;
            object.metadata.uid == pod.metadata.uid
                || owners.iter().any(|owner| owner.uid == object.metadata.uid)
        }
    }
}

/// What the arrow keys choose from: the Pods, or the nodes while there is no Pod.
pub fn targets(cluster: &Cluster) -> Vec<Key> {
    let found: Vec<Key> = pods(cluster).map(Object::key).collect();
    if found.is_empty() {
        cluster.store().list(Kind::Node, "").map(|node| node.key()).collect()
    } else {
        found
    }
}
