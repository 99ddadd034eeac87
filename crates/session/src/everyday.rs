//! Whether a text asks for nothing but new objects of everyday kinds.
//!
//! To create those is what a visitor does first, and the page can do it before the larger half of the program has
//! come: without what changes and deletes objects, and without the kinds that few manifests hold.

use api::{Key, Kind};
use apimachinery::sorted::SortedSet;
use apimachinery::value::ValueExt;
use apimachinery::yaml;
use cluster::Cluster;
use serde_json::Value;

/// What manifests of sets hold.
const EVERYDAY: [Kind; 8] = [
    Kind::ConfigMap,
    Kind::PersistentVolume,
    Kind::PersistentVolumeClaim,
    Kind::Pod,
    Kind::Service,
    Kind::ServiceAccount,
    Kind::StatefulSet,
    Kind::StorageClass,
];

/// Whether applying `text` would only create everyday objects, each of them once. Of a text that cannot be read
/// this is not known, so it is not said.
pub fn only_creates(text: &str, cluster: &Cluster) -> bool {
    let mut named = SortedSet::new();
    yaml::read(text, &yaml::Limits::default()).iter().all(|document| match document.to_value() {
        Ok(None) => true,
        Ok(Some(value)) => {
            key_of(&value).is_some_and(|key| cluster.store().get(&key).is_none() && named.insert(key))
        }
        Err(_) => false,
    })
}

/// The key of an object of an everyday kind.
fn key_of(object: &Value) -> Option<Key> {
    let kind = Kind::from_manifest(object.str_at(&["apiVersion"]), object.str_at(&["kind"]))?;
    let name = object.str_at(&["metadata", "name"]);
    let namespace = match object.str_at(&["metadata", "namespace"]) {
        "" if kind.info().namespaced => "default",
        named => named,
    };
    (EVERYDAY.contains(&kind) && !name.is_empty()).then(|| Key::new(kind, namespace, name))
}

#[cfg(test)]
mod tests {
    use super::only_creates;
    use crate::{Session, laboratory};

    const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None}\n";

    #[test]
    fn new_objects_of_everyday_kinds_are_only_created() {
        let session = Session::new(laboratory(), None);
        let creates = |text: &str| only_creates(text, session.cluster());
        assert!(creates(SERVICE));
        assert!(creates("# nothing but a comment\n---\n"));
        assert!(!creates(&format!("{SERVICE}---\n{SERVICE}")), "the second one changes the first");
        assert!(!creates("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few}\n"));
        assert!(!creates("apiVersion: v1\nkind: List\nitems: []\n"));
        assert!(!creates("kind: ["));
    }

    #[test]
    fn what_is_there_already_is_changed() {
        let mut session = Session::new(laboratory(), None);
        session.apply_text("web.yaml", SERVICE);
        assert!(!only_creates(SERVICE, session.cluster()));
        let other = SERVICE.replace("{name: web}", "{name: web, namespace: kube-system}");
        assert!(only_creates(&other, session.cluster()));
    }
}
