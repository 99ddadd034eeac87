//! Random manifests: Services, sets of all kinds, storage classes, budgets, quotas.

use apimachinery::value::set_at;
use serde_json::{Map, Value, json};

use super::Dice;

/// The sets that there may be: namespace and name. Two have the same name.
pub(crate) const SETS: [(&str, &str); 3] = [("default", "web"), ("default", "db"), ("shop", "web")];
/// Images that start well and listen on port 80.
pub(crate) const IMAGES: [&str; 3] = ["nginx:1.25", "nginx:1.27", "httpd:2.4"];
/// Images that do not start well: no such version, no such repository, and one that ends at once.
pub(crate) const BAD_IMAGES: [&str; 3] = ["nginx:1.99", "nowhere:1", "busybox:1.36"];
/// Storage classes: the first binds a claim when its Pod is there, the second at once.
const CLASSES: [&str; 2] = ["standard", "fast"];

/// What a scenario begins with.
pub(super) fn first(dice: &mut Dice) -> Vec<Value> {
    let reclaim = dice.of(&["Delete", "Retain"]);
    let mut all = vec![
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "standard"},
            "provisioner": "rancher.io/local-path", "volumeBindingMode": "WaitForFirstConsumer",
            "reclaimPolicy": reclaim}),
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"},
            "provisioner": "hostpath.csi.k8s.io", "volumeBindingMode": "Immediate", "reclaimPolicy": reclaim}),
    ];
    all.push(namespace());
    let chosen: &[usize] = match dice.between(0, 9) {
        0..=2 => &[0],
        3..=5 => &[0, 1],
        6..=7 => &[0, 2],
        _ => &[0, 1, 2],
    };
    for set in chosen.iter().filter_map(|at| SETS.get(*at)) {
        all.push(service(dice, *set));
        all.push(stateful_set(dice, *set));
    }
    if dice.percent(30) {
        all.push(budget(dice, ("default", "web")));
    }
    if dice.percent(20) {
        all.push(quota(dice, "default"));
    }
    all
}

/// The namespace that is not there from the beginning.
pub(super) fn namespace() -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
}

/// What a namespace may hold at most: it is enough for one small set, or for two.
pub(super) fn quota(dice: &mut Dice, namespace: &str) -> Value {
    let mut hard = json!({});
    if dice.percent(70) {
        set_at(&mut hard, &["pods"], dice.between(1, 6).to_string().into());
    }
    if dice.percent(50) {
        set_at(&mut hard, &["requests.storage"], format!("{}Gi", dice.between(1, 5)).into());
    }
    if dice.percent(20) {
        set_at(&mut hard, &["persistentvolumeclaims"], dice.between(0, 4).to_string().into());
    }
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "limit", "namespace": namespace},
        "spec": {"hard": hard}})
}

/// The headless Service of a set.
pub(super) fn service(dice: &mut Dice, (namespace, set): (&str, &str)) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": set, "namespace": namespace},
        "spec": {"clusterIP": "None", "selector": {"app": set},
            "publishNotReadyAddresses": dice.percent(25),
            "ports": [{"name": "web", "port": 80}]}})
}

/// A budget for a set.
pub(super) fn budget(dice: &mut Dice, (namespace, set): (&str, &str)) -> Value {
    let (name, number) = match dice.between(0, 7) {
        0..=1 => ("minAvailable", json!(1)),
        2 => ("minAvailable", json!(2)),
        3 => ("minAvailable", json!("50%")),
        4 => ("maxUnavailable", json!(0)),
        5 => ("maxUnavailable", json!("34%")),
        _ => ("maxUnavailable", json!(1)),
    };
    let mut spec = json!({"selector": {"matchLabels": {"app": set}}, name: number});
    if dice.percent(25) {
        let policy = dice.of(&["AlwaysAllow", "IfHealthyBudget"]);
        set_at(&mut spec, &["unhealthyPodEvictionPolicy"], policy.into());
    }
    json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"name": set, "namespace": namespace}, "spec": spec})
}

/// A set.
pub(super) fn stateful_set(dice: &mut Dice, (namespace, set): (&str, &str)) -> Value {
    let names: &[&str] = match dice.between(0, 7) {
        0..=3 => &[],
        4 => &["data", "logs"],
        _ => &["data"],
    };
    let mut spec = json!({
        "serviceName": set,
        "replicas": dice.between(0, 4),
        "podManagementPolicy": dice.of(&["OrderedReady", "OrderedReady", "Parallel"]),
        "selector": {"matchLabels": {"app": set}},
        "template": {"metadata": {"labels": {"app": set}}, "spec": pod_spec(dice, names)},
    });
    let Some(fields) = spec.as_object_mut() else { return spec };
    optional(dice, fields);
    claims(dice, names, fields);
    json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
        "metadata": {"name": set, "namespace": namespace}, "spec": spec})
}

fn optional(dice: &mut Dice, fields: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if dice.percent(30) {
        put("minReadySeconds", dice.of(&[1, 3, 8]).into());
    }
    if dice.percent(30) {
        put("revisionHistoryLimit", dice.of(&[0, 1, 3]).into());
    }
    if dice.percent(20) {
        put("ordinals", json!({"start": dice.of(&[1, 3])}));
    }
    match dice.between(0, 4) {
        0 => put("updateStrategy", json!({"type": "OnDelete"})),
        1 => put(
            "updateStrategy",
            json!({"type": "RollingUpdate", "rollingUpdate": {"partition": dice.between(0, 3)}}),
        ),
        2 => put("updateStrategy", json!({"type": "RollingUpdate"})),
        _ => None,
    };
}

fn pod_spec(dice: &mut Dice, claims: &[&str]) -> Value {
    let image = if dice.percent(15) { dice.of(&BAD_IMAGES) } else { dice.of(&IMAGES) };
    let mounts: Vec<Value> =
        claims.iter().map(|name| json!({"name": name, "mountPath": format!("/{name}")})).collect();
    let mut container = json!({"name": "app", "image": image, "volumeMounts": mounts,
        "ports": [{"name": "web", "containerPort": 80}]});
    if dice.percent(30) {
        let probe = json!({"httpGet": {"path": "/", "port": 80}, "periodSeconds": dice.of(&[1, 5])});
        set_at(&mut container, &["readinessProbe"], probe);
    }
    if dice.percent(25) {
        set_at(&mut container, &["resources", "requests", "cpu"], dice.of(&["500m", "3", "7"]).into());
    }
    json!({"containers": [container], "terminationGracePeriodSeconds": dice.of(&[0, 1, 5, 30])})
}

/// Claims of a set and what becomes of them.
fn claims(dice: &mut Dice, names: &[&str], fields: &mut Map<String, Value>) {
    if names.is_empty() {
        return;
    }
    let templates: Vec<Value> = names.iter().map(|name| claim(dice, name)).collect();
    fields.insert("volumeClaimTemplates".to_owned(), templates.into());
    if dice.percent(60) {
        let policy = json!({"whenDeleted": dice.of(&["Retain", "Delete"]),
            "whenScaled": dice.of(&["Retain", "Delete"])});
        fields.insert("persistentVolumeClaimRetentionPolicy".to_owned(), policy);
    }
}

fn claim(dice: &mut Dice, name: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": dice.of(&CLASSES),
        "resources": {"requests": {"storage": "1Gi"}}}})
}
