//! What a set's Pod is called and what it carries: "Pod Identity" in
//! `docs/concepts/workloads/controllers/statefulset`.

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use client::Outcome;
use serde_json::{Value, json};

use super::cluster::{Cluster, pod, set, www};

/// Recorded: B01, B12, A20.
#[test]
fn a_pod_carries_its_name_its_ordinal_and_its_revision() {
    let mut cluster = Cluster::new(json!({"replicas": 1, "ordinals": {"start": 7}}));
    cluster.sync();
    let made = cluster.get(&pod("web-7"));
    assert_eq!(made.metadata.generate_name, "web-");
    let labels: Vec<(&str, &str)> =
        made.metadata.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let revision = &cluster.names(Kind::ControllerRevision)[0];
    let expected = [
        ("app", "nginx"),
        ("apps.kubernetes.io/pod-index", "7"),
        ("controller-revision-hash", revision.as_str()),
        ("statefulset.kubernetes.io/pod-name", "web-7"),
    ];
    assert_eq!(labels, expected);
    assert_eq!(made.spec().str_at(&["hostname"]), "web-7");
    assert_eq!(made.spec().str_at(&["subdomain"]), "nginx");
    let owner = made.metadata.owner_references[0].to_value();
    let uid = &cluster.get(&set()).metadata.uid;
    let whole = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web", "uid": uid,
        "controller": true, "blockOwnerDeletion": true});
    assert_eq!((owner, made.metadata.owner_references.len()), (whole, 1));
}

/// Recorded: A09.
#[test]
fn without_a_service_name_there_is_no_subdomain() {
    let mut cluster = Cluster::new(json!({"replicas": 1, "serviceName": ""}));
    cluster.sync();
    assert_eq!(cluster.get(&pod("web-0")).spec().at(&["subdomain"]), None);
}

/// The volumes' names and their claims, without the one that admission adds.
fn volumes(pod: &Object) -> Vec<(&str, &str)> {
    let volumes = pod.spec().list_at(&["volumes"]).iter();
    let named = volumes.map(|v| (v.str_at(&["name"]), v.str_at(&["persistentVolumeClaim", "claimName"])));
    named.filter(|(name, _)| !name.starts_with("kube-api-access-")).collect()
}

/// Recorded: A19.
#[test]
fn claims_stand_before_the_templates_own_volumes_and_replace_those_of_their_name() {
    let template = json!({"metadata": {"labels": {"app": "nginx"}}, "spec": {
        "containers": [{"name": "nginx", "image": "nginx:1"}],
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "www", "emptyDir": {}}]}});
    let mut cluster =
        Cluster::new(json!({"replicas": 1, "template": template, "volumeClaimTemplates": www()}));
    cluster.sync();
    assert_eq!(volumes(&cluster.get(&pod("web-0"))), [("www", "www-web-0"), ("tmp", "")]);
}

/// Recorded: B03.
#[test]
fn a_changed_pod_name_label_is_put_back() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let name = "statefulset.kubernetes.io/pod-name";
    cluster.change(&pod("web-0"), |pod| drop(pod.metadata.labels.insert(name.to_owned(), "x".to_owned())));
    let synced = cluster.sync();
    assert_eq!(synced.pods(), ["PUT web-0"]);
    assert_eq!(synced.events, ["SuccessfulUpdate: Update Pod web-0 in StatefulSet web successful"]);
    assert_eq!(cluster.get(&pod("web-0")).metadata.label(name), "web-0");
}

/// Recorded: B04. `identityMatches` looks at name, namespace and the label with the name, at nothing else.
#[test]
fn a_missing_index_label_is_not_missed() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let name = "apps.kubernetes.io/pod-index";
    cluster.change(&pod("web-0"), |pod| drop(pod.metadata.labels.remove(name)));
    assert!(cluster.sync().is_idle());
}

/// Recorded: B13. `web-00` has the ordinal 0 and not that Pod's name: it is taken in, and cannot be renamed.
#[test]
fn a_name_with_leading_zeros_is_not_right() {
    let mut cluster = Cluster::empty();
    cluster.create_pod("web-00", json!({"app": "nginx", "statefulset.kubernetes.io/pod-name": "web-00"}));
    cluster.ready("web-00");
    cluster.create_set(json!({"replicas": 1}));
    let synced = cluster.sync();
    assert_eq!(synced.pods(), ["PATCH web-00", "PUT web-0"]);
    assert!(matches!(synced.outcome, Outcome::Failed(_)), "{synced:?}");
}

/// Recorded: B07. The hand-made Pod gets its labels; volumes cannot be added to it.
#[test]
fn an_adopted_pod_gets_its_identity() {
    let mut cluster = Cluster::empty();
    cluster.create_pod("web-0", json!({"app": "nginx"}));
    cluster.ready("web-0");
    cluster.create_set(json!({"replicas": 1}));
    let synced = cluster.sync();
    // It has no revision and so is not of the update revision.
    assert_eq!(synced.pods(), ["PATCH web-0", "PUT web-0", "DELETE web-0"]);
    let labels = cluster.get(&pod("web-0")).metadata.labels.clone();
    assert_eq!(labels.get("statefulset.kubernetes.io/pod-name").map(String::as_str), Some("web-0"));
    assert_eq!(labels.get("apps.kubernetes.io/pod-index").map(String::as_str), Some("0"));
}

/// Recorded: B07.
#[test]
fn an_adopted_pod_without_the_claims_volume_cannot_be_mended() {
    let mut cluster = Cluster::empty();
    cluster.create_pod("web-0", json!({"app": "nginx"}));
    cluster.ready("web-0");
    cluster.create_set(json!({"replicas": 1, "volumeClaimTemplates": www()}));
    let synced = cluster.sync();
    assert!(matches!(synced.outcome, Outcome::Failed(_)), "{synced:?}");
    assert_eq!(synced.claims(), ["POST www-web-0"]);
    assert!(
        synced.events.iter().any(|event| event.starts_with("FailedUpdate: Update Pod web-0")),
        "{synced:?}"
    );
    assert_eq!(volumes(&cluster.get(&pod("web-0"))), Vec::<(&str, &str)>::new());
}

/// What the API server refuses is told, with the reason. Recorded: A16.
#[test]
fn a_pod_that_is_refused_is_an_event() {
    let template = json!({"metadata": {"labels": {"app": "nginx"}, "annotations": {"a": "b"}},
        "spec": {"containers": [{"name": "nginx", "image": "nginx:1"}], "serviceAccountName": "nobody"}});
    let mut cluster = Cluster::new(json!({"replicas": 1, "template": template}));
    let synced = cluster.sync();
    let why = "pods \"web-0\" is forbidden: error looking up service account default/nobody: \
        serviceaccount \"nobody\" not found";
    let text = format!("FailedCreate: Create Pod web-0 in StatefulSet web failed error: {why}");
    assert_eq!(synced.events, [text]);
    assert_eq!(synced.outcome, Outcome::Failed(why.to_owned()));
    assert_eq!(cluster.status("observedGeneration"), 1, "the status is written nevertheless");
    assert_eq!(cluster.status("replicas"), Value::from(0));
}
