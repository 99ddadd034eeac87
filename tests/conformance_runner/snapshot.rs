//! Everything at rest, in the form in which the recordings hold it.

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use cluster::Cluster;
use serde_json::{Map, Value, json};

use super::names::Names;

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
        "replicas": object.spec()["replicas"], "status": object.status(),
    })
}

fn pod(object: &Object, names: &Names) -> Value {
    let (spec, status, served) = (object.spec(), object.status(), object.to_value());
    let ready = status.list_at(&["conditions"]).iter();
    let mut ready = ready.filter(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True");
    let images: Vec<&Value> = spec.list_at(&["containers"]).iter().map(|c| &c["image"]).collect();
    let claims = spec.list_at(&["volumes"]).iter().filter_map(|volume| {
        let claim = volume.at(&["persistentVolumeClaim", "claimName"])?;
        Some((volume.str_at(&["name"]).to_owned(), claim.clone()))
    });
    json!({
        "phase": status["phase"], "ready": ready.next().is_some(),
        "deleting": object.metadata.is_deleting(), "bound": !spec.str_at(&["nodeName"]).is_empty(),
        "labels": labels(object), "owners": owners(object, names),
        "generateName": served["metadata"]["generateName"], "hostname": spec["hostname"],
        "subdomain": spec["subdomain"], "image": images, "claims": claims.collect::<Map<_, _>>(),
        "incarnation": incarnation(object, names),
    })
}

fn claim(object: &Object, names: &Names) -> Value {
    json!({
        "phase": object.status()["phase"], "deleting": object.metadata.is_deleting(),
        "labels": labels(object), "owners": owners(object, names),
        "finalizers": object.metadata.finalizers,
        "storage": object.spec().at(&["resources", "requests", "storage"]),
        "class": object.spec()["storageClassName"], "incarnation": incarnation(object, names),
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
        value["uid"] = names.of_uid(&owner.uid).unwrap_or("stale").into();
        if let Some(map) = value.as_object_mut() {
            map.remove("apiVersion");
        }
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
            let conditions = &endpoint["conditions"];
            let pod = endpoint.at(&["targetRef", "name"]).and_then(Value::as_str).unwrap_or("?");
            pods[pod] = json!({
                "hostname": endpoint["hostname"], "ready": conditions["ready"],
                "serving": conditions["serving"], "terminating": conditions["terminating"],
            });
        }
    }
    services.into()
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect()
        }
        Value::Array(list) => list.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}
