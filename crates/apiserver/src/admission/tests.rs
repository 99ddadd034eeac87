//! What the real server's plugins answered.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::needless_pass_by_value)]

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use serde_json::{Value, json};

use crate::registry::tests::{create, merge, server};

fn pod(name: &str, resources: Value) -> Value {
    json!({"metadata": {"name": name}, "spec": {"containers": [
        {"name": "nginx", "image": "nginx:1.7.9", "resources": resources}]}})
}

fn claim(name: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"accessModes": ["ReadWriteOnce"],
        "storageClassName": "standard", "resources": {"requests": {"storage": "1Gi"}}}})
}

fn quota(hard: Value) -> Value {
    json!({"metadata": {"name": "limit"}, "spec": {"hard": hard}})
}

#[test]
fn a_pod_gets_what_the_recorded_one_has() {
    let mut server = server();
    let manifest = json!({"metadata": {"name": "web-0"}, "spec": {"hostname": "web-0", "subdomain": "nginx",
        "terminationGracePeriodSeconds": 10, "containers": [{"name": "nginx", "image": "nginx:1.7.9",
            "ports": [{"containerPort": 80, "name": "web"}], "volumeMounts": [{"mountPath": "/data/www", "name": "www"}]}],
        "volumes": [{"name": "www", "persistentVolumeClaim": {"claimName": "www-web-0"}}]}});
    let stored = create(&mut server, Kind::Pod, &manifest).unwrap().into_object().unwrap();
    let token = stored.spec().list_at(&["volumes"])[1].str_at(&["name"]).to_owned();
    assert!(token.starts_with("kube-api-access-") && token.len() == 21);
    assert_eq!(
        stored.spec(),
        &json!({"containers": [{"image": "nginx:1.7.9", "imagePullPolicy": "IfNotPresent", "name": "nginx",
                "ports": [{"containerPort": 80, "name": "web", "protocol": "TCP"}], "resources": {},
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                "volumeMounts": [{"mountPath": "/data/www", "name": "www"},
                    {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": token, "readOnly": true}]}],
            "dnsPolicy": "ClusterFirst", "enableServiceLinks": true, "hostname": "web-0",
            "preemptionPolicy": "PreemptLowerPriority", "priority": 0, "restartPolicy": "Always",
            "schedulerName": "default-scheduler", "securityContext": {}, "serviceAccount": "default",
            "serviceAccountName": "default", "subdomain": "nginx", "terminationGracePeriodSeconds": 10,
            "tolerations": [
                {"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists", "tolerationSeconds": 300},
                {"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300}],
            "volumes": [{"name": "www", "persistentVolumeClaim": {"claimName": "www-web-0"}},
                {"name": token, "projected": {"defaultMode": 420, "sources": [
                    {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                    {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
                    {"downwardAPI": {"items": [{"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                        "path": "namespace"}]}}]}}]})
    );
    assert_eq!(stored.status(), &json!({"phase": "Pending", "qosClass": "BestEffort"}));
}

#[test]
fn no_token_where_it_is_not_wanted() {
    let mut manifest = pod("p", json!({}));
    manifest["spec"]["automountServiceAccountToken"] = false.into();
    let stored = create(&mut server(), Kind::Pod, &manifest).unwrap().into_object().unwrap();
    assert!(stored.spec().at(&["volumes"]).is_none());
}

#[test]
fn a_missing_account_or_class_refuses_the_pod() {
    let mut manifest = pod("web-0", json!({}));
    manifest["spec"]["serviceAccountName"] = "app".into();
    assert_eq!(
        create(&mut server(), Kind::Pod, &manifest).unwrap_err().message,
        "pods \"web-0\" is forbidden: error looking up service account default/app: serviceaccount \"app\" not found"
    );
    let mut manifest = pod("web-0", json!({}));
    manifest["spec"]["priorityClassName"] = "x".into();
    assert_eq!(
        create(&mut server(), Kind::Pod, &manifest).unwrap_err().message,
        "pods \"web-0\" is forbidden: no PriorityClass with name x was found"
    );
}

#[test]
fn limits_of_a_namespace_are_given_and_kept() {
    let mut server = server();
    let range = json!({"metadata": {"name": "limits"}, "spec": {"limits": [{"type": "Container",
        "max": {"cpu": "500m"}, "default": {"cpu": "500m"}, "defaultRequest": {"cpu": "100m"}}]}});
    create(&mut server, Kind::LimitRange, &range).unwrap();
    let stored = create(&mut server, Kind::Pod, &pod("web-0", json!({}))).unwrap().into_object().unwrap();
    assert_eq!(
        stored.spec().list_at(&["containers"])[0].at(&["resources"]),
        Some(&json!({"limits": {"cpu": "500m"}, "requests": {"cpu": "100m"}}))
    );
    assert_eq!(
        stored.metadata.annotation("kubernetes.io/limit-ranger"),
        "LimitRanger plugin set: cpu request for container nginx; cpu limit for container nginx"
    );
    let big = json!({"requests": {"cpu": 2, "memory": "1Gi"}, "limits": {"cpu": 2}});
    assert_eq!(
        create(&mut server, Kind::Pod, &pod("web-1", big)).unwrap_err().message,
        "pods \"web-1\" is forbidden: maximum cpu usage per Container is 500m, but limit is 2"
    );
}

#[test]
fn a_quota_counts_and_refuses() {
    let mut server = server();
    create(&mut server, Kind::ResourceQuota, &quota(json!({"pods": "2", "requests.storage": "2Gi"})))
        .unwrap();
    for name in ["0", "1"] {
        create(&mut server, Kind::Pod, &pod(&format!("web-{name}"), json!({}))).unwrap();
        create(&mut server, Kind::PersistentVolumeClaim, &claim(&format!("www-web-{name}"))).unwrap();
    }
    assert_eq!(
        create(&mut server, Kind::Pod, &pod("web-2", json!({}))).unwrap_err().message,
        "pods \"web-2\" is forbidden: exceeded quota: limit, requested: pods=1, used: pods=2, limited: pods=2"
    );
    assert_eq!(
        create(&mut server, Kind::PersistentVolumeClaim, &claim("www-web-2")).unwrap_err().message,
        "persistentvolumeclaims \"www-web-2\" is forbidden: exceeded quota: limit, requested: requests.storage=1Gi, used: requests.storage=2Gi, limited: requests.storage=2Gi"
    );
    let stored = server.store().get(&Key::new(Kind::ResourceQuota, "default", "limit")).unwrap();
    assert_eq!(stored.status().at(&["used"]), Some(&json!({"pods": "2", "requests.storage": "2Gi"})));
    merge(&mut server, Kind::ResourceQuota, "limit", json!({"spec": {"hard": {"pods": "4"}}})).unwrap();
    create(&mut server, Kind::Pod, &pod("web-2", json!({}))).unwrap();
}

#[test]
fn a_quota_of_cpu_wants_to_hear_of_cpu() {
    let mut server = server();
    create(&mut server, Kind::ResourceQuota, &quota(json!({"requests.cpu": "1", "limits.memory": "1Gi"})))
        .unwrap();
    assert_eq!(
        create(&mut server, Kind::Pod, &pod("p", json!({}))).unwrap_err().message,
        "pods \"p\" is forbidden: failed quota: limit: must specify limits.memory for: nginx; requests.cpu for: nginx"
    );
}

#[test]
fn a_bound_claim_grows_only_if_its_class_allows() {
    let mut server = server();
    let class = json!({"metadata": {"name": "standard"}, "provisioner": "kubernetes.io/host-path"});
    create(&mut server, Kind::StorageClass, &class).unwrap();
    let stored =
        create(&mut server, Kind::PersistentVolumeClaim, &claim("www-web-0")).unwrap().into_object().unwrap();
    assert_eq!(stored.metadata.finalizers, ["kubernetes.io/pvc-protection"]);
    let mut bound = api::Object::clone(&stored);
    bound.set_field("status", json!({"phase": "Bound", "capacity": {"storage": "1Gi"}}));
    let actor = crate::Actor::component("persistentvolume-controller");
    let request = crate::Request::update_status(&actor, bound);
    server.handle(apimachinery::Time::default(), 0, &request).unwrap();
    let bigger = json!({"spec": {"resources": {"requests": {"storage": "2Gi"}}}});
    assert_eq!(
        merge(&mut server, Kind::PersistentVolumeClaim, "www-web-0", bigger.clone()).unwrap_err().message,
        "persistentvolumeclaims \"www-web-0\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
    );
    merge(&mut server, Kind::StorageClass, "standard", json!({"allowVolumeExpansion": true})).unwrap();
    merge(&mut server, Kind::PersistentVolumeClaim, "www-web-0", bigger).unwrap();
}
