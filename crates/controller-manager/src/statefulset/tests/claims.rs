//! A Pod's claims: "Stable Storage" in `docs/concepts/workloads/controllers/statefulset`.

use api::Kind;
use apimachinery::value::{ValueExt, set_at};
use client::Outcome;
use serde_json::json;

use super::cluster::{Cluster, claim, www};

const NOTHING: [&str; 0] = [];

/// Recorded: A01, A18.
#[test]
fn claims_are_made_before_their_pod() {
    let mut cluster = Cluster::new(json!({"replicas": 1, "volumeClaimTemplates": www()}));
    let synced = cluster.sync();
    let asked: Vec<&[String]> = synced.batches.iter().map(Vec::as_slice).collect();
    assert_eq!(asked[1..3], [["POST persistentvolumeclaim/www-web-0"], ["POST pod/web-0"]]);
    let events = [
        "SuccessfulCreate: Create Claim www-web-0 Pod web-0 in StatefulSet web success",
        "SuccessfulCreate: Create Pod web-0 in StatefulSet web successful",
    ];
    assert_eq!(synced.events, events);
}

/// `getPersistentVolumeClaims`: the labels of the selector win over those of the template.
#[test]
fn a_claim_carries_the_labels_of_template_and_selector_and_has_no_owner() {
    let mut templates = www();
    set_at(&mut templates[0], &["metadata", "labels"], json!({"app": "mine", "tier": "data"}));
    set_at(&mut templates[0], &["metadata", "annotations"], json!({"a": "b"}));
    let mut cluster = Cluster::new(json!({"replicas": 1, "volumeClaimTemplates": templates}));
    cluster.sync();
    let made = cluster.get(&claim("www-web-0"));
    assert_eq!(made.metadata.label("app"), "nginx");
    assert_eq!(made.metadata.label("tier"), "data");
    assert_eq!(made.metadata.annotation("a"), "b");
    assert_eq!(made.spec().str_at(&["resources", "requests", "storage"]), "1Gi");
    assert_eq!(cluster.owners(&claim("www-web-0")), NOTHING);
}

/// Recorded: A17, C09.
#[test]
fn claims_outlive_their_pods_and_are_used_again() {
    let mut cluster = Cluster::settled(json!({"replicas": 2, "volumeClaimTemplates": www()}));
    let before = cluster.get(&claim("www-web-1")).metadata.uid.clone();
    cluster.scale(0);
    cluster.settle();
    assert_eq!(cluster.names(Kind::Pod), NOTHING);
    assert_eq!(cluster.names(Kind::PersistentVolumeClaim), ["www-web-0", "www-web-1"]);
    cluster.scale(2);
    cluster.settle();
    assert_eq!(cluster.get(&claim("www-web-1")).metadata.uid, before);
}

/// Recorded: A15.
#[test]
fn a_claim_that_is_being_deleted_keeps_its_pod_from_being_made() {
    let mut cluster = Cluster::empty();
    cluster.create(json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": {"name": "www-web-0", "namespace": "default", "finalizers": ["example.com/keep"]},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}));
    cluster.delete(&claim("www-web-0"));
    cluster.create_set(json!({"replicas": 1, "volumeClaimTemplates": www()}));
    let synced = cluster.sync();
    assert_eq!(synced.pods(), NOTHING);
    let why = "pvc www-web-0 is being deleted";
    let text = format!("FailedCreate: Create Pod web-0 in StatefulSet web failed error: {why}");
    assert_eq!((synced.events, synced.outcome), (vec![text], Outcome::Failed(why.to_owned())));
}

/// Recorded: F05. A claim that somebody deletes while its Pod has no node yet comes again; later it does not.
#[test]
fn a_missing_claim_of_a_pending_pod_is_made_again() {
    let mut cluster = Cluster::new(json!({"replicas": 1, "volumeClaimTemplates": www()}));
    cluster.sync();
    cluster.delete(&claim("www-web-0"));
    cluster.change(&claim("www-web-0"), |claim| claim.metadata.finalizers.clear());
    assert_eq!(cluster.names(Kind::PersistentVolumeClaim), NOTHING);
    assert_eq!(cluster.sync().claims(), ["POST www-web-0"]);
    cluster.ready("web-0");
    cluster.delete(&claim("www-web-0"));
    cluster.change(&claim("www-web-0"), |claim| claim.metadata.finalizers.clear());
    assert_eq!(cluster.sync().claims(), NOTHING);
}

/// All templates are tried, and all that went wrong is told at once.
#[test]
fn errors_of_several_claims_are_told_together() {
    let mut templates = www();
    let mut second = templates[0].clone();
    set_at(&mut second, &["metadata", "name"], "logs".into());
    templates.as_array_mut().unwrap().push(second);
    let mut cluster = Cluster::empty();
    cluster.create(json!({"apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "none", "namespace": "default"}, "spec": {"hard": {"persistentvolumeclaims": "0"}}}));
    let quota = api::Key::new(Kind::ResourceQuota, "default", "none");
    let mut counted = api::Object::clone(&cluster.get(&quota));
    let counts = json!({"hard": {"persistentvolumeclaims": "0"}, "used": {"persistentvolumeclaims": "0"}});
    counted.set_field("status", counts);
    let controller = apiserver::Actor::component("resourcequota-controller");
    cluster.ask(&apiserver::Request::update_status(&controller, counted));
    cluster.create_set(json!({"replicas": 1, "volumeClaimTemplates": templates}));
    let synced = cluster.sync();
    assert_eq!(synced.claims(), ["POST www-web-0", "POST logs-web-0"]);
    assert_eq!(synced.pods(), NOTHING);
    let Outcome::Failed(why) = synced.outcome else { panic!("{synced:?}") };
    assert!(
        why.starts_with("[failed to create PVC www-web-0: ")
            && why.contains(", failed to create PVC logs-web-0: ")
    );
    assert_eq!(synced.events.len(), 3, "one for each claim and one for the Pod: {:?}", synced.events);
}
