//! Everything at rest, in the form in which the recordings hold it.

use api::{Kind, Object};
use apimachinery::value::{ValueExt, as_map_mut, set_at};
use cluster::Cluster;
use serde_json::{Map, Value, json};

use crate::names::Names;
use crate::text::without_nulls;

/// The objects of the namespace, without what is chance.
pub fn snapshot(cluster: &Cluster, names: &Names) -> Value {
    let all = |kind: Kind, describe: &dyn Fn(&Object) -> Value| -> Value {
        let objects = cluster.store().list(kind, "default");
        Value::Object(objects.map(|o| (o.metadata.name.clone(), describe(o))).collect())
    };
    let state = json!({
        "statefulsets": all(Kind::StatefulSet, &set),
        "pods": all(Kind::Pod, &|o| pod(o, names)),
        "claims": all(Kind::PersistentVolumeClaim, &|o| claim(o, names)),
        "revisions": all(Kind::ControllerRevision, &|o| revision(o, names)),
        "endpoints": endpoints(cluster),
    });
    without_nulls(&names.value(&state))
}

fn set(object: &Object) -> Value {
    json!({
        "generation": object.metadata.generation, "deleting": object.metadata.is_deleting(),
        "replicas": object.spec().at(&["replicas"]), "status": object.status(),
    })
}

fn pod(object: &Object, names: &Names) -> Value {
    let (spec, status, served) = (object.spec(), object.status(), object.to_value());
    let ready = status.list_at(&["conditions"]).iter();
    let mut ready = ready.filter(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True");
    let images: Vec<&Value> =
        spec.list_at(&["containers"]).iter().map(|c| c.at(&["image"]).unwrap_or(&Value::Null)).collect();
    let claims = spec.list_at(&["volumes"]).iter().filter_map(|volume| {
        let claim = volume.at(&["persistentVolumeClaim", "claimName"])?;
        Some((volume.str_at(&["name"]).to_owned(), claim.clone()))
    });
    json!({
        "phase": status.at(&["phase"]), "ready": ready.next().is_some(),
        "deleting": object.metadata.is_deleting(), "bound": !spec.str_at(&["nodeName"]).is_empty(),
        "labels": labels(object), "owners": owners(object, names),
        "generateName": served.at(&["metadata", "generateName"]), "hostname": spec.at(&["hostname"]),
        "subdomain": spec.at(&["subdomain"]), "image": images, "claims": claims.collect::<Map<_, _>>(),
        "incarnation": incarnation(object, names),
    })
}

fn claim(object: &Object, names: &Names) -> Value {
    json!({
        "phase": object.status().at(&["phase"]), "deleting": object.metadata.is_deleting(),
        "labels": labels(object), "owners": owners(object, names),
        "finalizers": object.metadata.finalizers,
        "storage": object.spec().at(&["resources", "requests", "storage"]),
        "class": object.spec().at(&["storageClassName"]), "incarnation": incarnation(object, names),
    })
}

fn revision(object: &Object, names: &Names) -> Value {
    json!({
        "revision": object.field("revision"), "labels": labels(object),
        "owners": owners(object, names),
    })
}

fn labels(object: &Object) -> Map<String, Value> {
    object.metadata.labels.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect()
}

fn owners(object: &Object, names: &Names) -> Vec<Value> {
    let references = object.metadata.owner_references.iter();
    let owners = references.map(|owner| {
        let mut value = owner.to_value();
        let map = as_map_mut(&mut value);
        map.insert("uid".to_owned(), names.of_uid(&owner.uid).unwrap_or("stale").into());
        map.remove("apiVersion");
        value
    });
    owners.collect()
}

fn incarnation(object: &Object, names: &Names) -> usize {
    let named = format!("{}/{}", object.kind.info().name.to_lowercase(), object.metadata.name);
    names.incarnation(&named, &object.metadata.uid)
}

/// By Service and Pod.
fn endpoints(cluster: &Cluster) -> Value {
    let mut services = Map::new();
    for slice in cluster.store().list(Kind::EndpointSlice, "default") {
        let service = slice.metadata.labels.get("kubernetes.io/service-name").cloned().unwrap_or_default();
        let pods = services.entry(service).or_insert_with(|| json!({}));
        for endpoint in slice.field("endpoints").as_array().into_iter().flatten() {
            let condition = |name: &str| endpoint.at(&["conditions", name]);
            let pod = endpoint.at(&["targetRef", "name"]).and_then(Value::as_str).unwrap_or("?");
            let looks = json!({
                "hostname": endpoint.at(&["hostname"]), "ready": condition("ready"),
                "serving": condition("serving"), "terminating": condition("terminating"),
            });
            set_at(pods, &[pod], looks);
        }
    }
    services.into()
}
