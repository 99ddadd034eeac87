//! Every Pod runs as a service account and finds its token in a volume.
//!
//! Models: `plugin/pkg/admission/serviceaccount`.
//! Differs: references to secrets are not limited to those of the account.

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, set_at};
use apimachinery::{Status, names};
use serde_json::{Map, Value, json};

use super::forbidden;
use crate::registry::Context;

const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// How long a token lives, in seconds: an hour and a little, so that it can be told from a period that
/// somebody chose.
const TOKEN_SECONDS: i64 = 3607;

/// Sets the account, mounts its token, hands on its pull secrets.
pub(super) fn admit(pod: &mut Object, context: &mut Context<'_>) -> Result<(), Status> {
    if pod.metadata.annotations.contains_key("kubernetes.io/config.mirror") {
        return Ok(());
    }
    let mut name = pod.spec().str_at(&["serviceAccountName"]).to_owned();
    if name.is_empty() {
        "default".clone_into(&mut name);
        set_at(pod.spec_mut(), &["serviceAccountName"], name.as_str().into());
        set_at(pod.spec_mut(), &["serviceAccount"], name.as_str().into());
    }
    let namespace = pod.metadata.namespace.as_str();
    let key = Key::new(Kind::ServiceAccount, namespace, name.as_str());
    let Some(account) = context.store.get(&key).cloned() else {
        let why = format!(
            "error looking up service account {namespace}/{name}: serviceaccount \"{name}\" not found"
        );
        return Err(forbidden(pod, &why));
    };
    let own = pod.spec().bool_at(&["automountServiceAccountToken"]);
    if own.or(account.field("automountServiceAccountToken").as_bool()).unwrap_or(true) {
        mount_token(as_map_mut(pod.spec_mut()), context);
    }
    let secrets = account.field("imagePullSecrets");
    if pod.spec().list_at(&["imagePullSecrets"]).is_empty()
        && secrets.as_array().is_some_and(|s| !s.is_empty())
    {
        set_at(pod.spec_mut(), &["imagePullSecrets"], secrets.clone());
    }
    Ok(())
}

/// Mounts the token where no container has put something else.
fn mount_token(spec: &mut Map<String, Value>, context: &mut Context<'_>) {
    let mut volume = String::new();
    for list in ["initContainers", "containers"] {
        let Some(containers) = spec.get_mut(list) else { continue };
        for container in as_list_mut(containers) {
            let mounts = container.list_at(&["volumeMounts"]);
            if mounts.iter().any(|mount| mount.str_at(&["mountPath"]) == TOKEN_PATH) {
                continue;
            }
            if volume.is_empty() {
                volume = format!("kube-api-access-{}", names::suffix(|| context.rng.next_u32()));
            }
            let mounts = as_map_mut(container).entry("volumeMounts").or_insert_with(|| json!([]));
            as_list_mut(mounts).push(json!({"mountPath": TOKEN_PATH, "name": volume, "readOnly": true}));
        }
    }
    if !volume.is_empty() {
        let volumes = spec.entry("volumes").or_insert_with(|| json!([]));
        as_list_mut(volumes).push(token_volume(&volume));
    }
}

fn token_volume(name: &str) -> Value {
    json!({"name": name, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace",
            "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
    ]}})
}
