//! What is added to, and held against, objects on their way in.
//!
//! Models: `plugin/pkg/admission` (the default plugins of v1.36).

pub mod quota;

use api::{Kind, Object};
use apimachinery::Status;
use apimachinery::names;
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, set_at};
use serde_json::{Value, json};

use crate::etcd::Store;
use crate::registry::Context;

/// Completes an object: service account, tolerations, priority, default class, protection.
pub fn mutate(object: &mut Object, old: Option<&Object>, context: &mut Context<'_>) -> Result<(), Status> {
    match (object.kind, old) {
        (Kind::Pod, None) => pod(object, context),
        (Kind::PersistentVolumeClaim, None) => {
            default_storage_class(object, context.store);
            add_finalizer(object, "kubernetes.io/pvc-protection");
            Ok(())
        }
        (Kind::PersistentVolume, None) => {
            add_finalizer(object, "kubernetes.io/pv-protection");
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Refuses what may not be.
pub fn validate(_object: &Object, _old: Option<&Object>, _store: &Store) -> Result<(), Status> {
    Ok(())
}

fn add_finalizer(object: &mut Object, name: &str) {
    if !object.metadata.finalizers.iter().any(|f| f == name) {
        object.metadata.finalizers.push(name.to_owned());
    }
}

fn default_storage_class(object: &mut Object, store: &Store) {
    if object.spec().as_object().is_some_and(|s| s.contains_key("storageClassName")) {
        return;
    }
    let is_default = |class: &&std::rc::Rc<Object>| {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .iter()
            .any(|a| class.metadata.annotation(a) == "true")
    };
    // The newest wins, ties by name.
    let newest = store.list(Kind::StorageClass, "").filter(is_default).max_by(|a, b| {
        let key = |o: &Object| o.metadata.creation_timestamp;
        key(a).cmp(&key(b)).then_with(|| b.metadata.name.cmp(&a.metadata.name))
    });
    if let Some(class) = newest {
        set_at(object.spec_mut(), &["storageClassName"], class.metadata.name.as_str().into());
    }
}

fn pod(object: &mut Object, context: &mut Context<'_>) -> Result<(), Status> {
    let generate = object.metadata.generate_name.clone();
    let name = if object.metadata.name.is_empty() { generate } else { object.metadata.name.clone() };
    let namespace = object.metadata.namespace.clone();
    let spec = as_map_mut(object.spec_mut());
    let account = spec
        .get("serviceAccountName")
        .and_then(Value::as_str)
        .filter(|s| !s.is_empty())
        .unwrap_or("default")
        .to_owned();
    spec.insert("serviceAccountName".to_owned(), account.as_str().into());
    spec.insert("serviceAccount".to_owned(), account.as_str().into());
    let key = api::Key::new(Kind::ServiceAccount, namespace.as_str(), account.as_str());
    if context.store.get(&key).is_none() {
        return Err(Status::forbidden(
            "pods",
            "",
            &name,
            &format!(
                "error looking up service account {namespace}/{account}: serviceaccount \"{account}\" not found"
            ),
        ));
    }
    if spec.get("automountServiceAccountToken") != Some(&Value::Bool(false)) {
        mount_token(spec, context);
    }
    tolerate_lost_nodes(spec);
    priority(spec, &name, context.store)
}

const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

fn mount_token(spec: &mut serde_json::Map<String, Value>, context: &mut Context<'_>) {
    let volume = format!("kube-api-access-{}", names::suffix(|| context.rng.next_u32()));
    let mut mounted = false;
    for list in ["initContainers", "containers"] {
        let Some(containers) = spec.get_mut(list) else { continue };
        for container in as_list_mut(containers) {
            let mounts = as_list_mut(as_map_mut(container).entry("volumeMounts").or_insert_with(|| json!([])));
            if mounts.iter().any(|m| m.str_at(&["mountPath"]) == TOKEN_PATH) {
                continue;
            }
            mounts.push(json!({"mountPath": TOKEN_PATH, "name": volume, "readOnly": true}));
            mounted = true;
        }
    }
    if !mounted {
        return;
    }
    let volumes = as_list_mut(spec.entry("volumes").or_insert_with(|| json!([])));
    volumes.push(json!({"name": volume, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
    ]}}));
}

/// `DefaultTolerationSeconds`: 300 s on a node that is not ready or unreachable.
fn tolerate_lost_nodes(spec: &mut serde_json::Map<String, Value>) {
    let tolerations = as_list_mut(spec.entry("tolerations").or_insert_with(|| json!([])));
    for taint in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let covered = tolerations.iter().any(|t| {
            let key = t.str_at(&["key"]);
            (key == taint || key.is_empty()) && matches!(t.str_at(&["effect"]), "NoExecute" | "")
        });
        if !covered {
            tolerations.push(json!({"effect": "NoExecute", "key": taint, "operator": "Exists", "tolerationSeconds": 300}));
        }
    }
}

fn priority(spec: &mut serde_json::Map<String, Value>, pod: &str, store: &Store) -> Result<(), Status> {
    let class = spec.get("priorityClassName").and_then(Value::as_str).unwrap_or("").to_owned();
    let builtin = match class.as_str() {
        "system-cluster-critical" => Some(2_000_000_000),
        "system-node-critical" => Some(2_000_001_000),
        _ => None,
    };
    let (value, policy) = if class.is_empty() {
        let global = store
            .list(Kind::PriorityClass, "")
            .find(|c| c.field("globalDefault") == &Value::Bool(true));
        if let Some(class) = global {
            spec.insert("priorityClassName".to_owned(), class.metadata.name.as_str().into());
        }
        global.map_or((0, "PreemptLowerPriority".to_owned()), |c| of_class(c))
    } else if let Some(value) = builtin {
        (value, "PreemptLowerPriority".to_owned())
    } else {
        let key = api::Key::new(Kind::PriorityClass, "", class.as_str());
        match store.get(&key) {
            Some(found) => of_class(found),
            None => {
                let why = format!("no PriorityClass with name {class} was found");
                return Err(Status::forbidden("pods", "", pod, &why));
            }
        }
    };
    spec.insert("priority".to_owned(), value.into());
    spec.insert("preemptionPolicy".to_owned(), policy.into());
    Ok(())
}

fn of_class(class: &Object) -> (i64, String) {
    let policy = class.field("preemptionPolicy").as_str().unwrap_or("PreemptLowerPriority");
    (class.field("value").as_i64().unwrap_or(0), policy.to_owned())
}
