//! Whose Pods and revisions they are: `pkg/controller/controller_ref_manager.go`, and "adopt matching orphans and
//! release non-matching pods" of Kubernetes' own tests.

use api::{Key, Kind};
use apiserver::{Actor, DeleteOptions, Propagation, Request};
use client::Outcome;
use serde_json::{Value, json};

use super::cluster::{Cluster, pod, set};

const NOTHING: [&str; 0] = [];

fn revision(name: &str) -> Key {
    Key::new(Kind::ControllerRevision, "default", name)
}

fn disown(cluster: &mut Cluster, key: &Key) {
    cluster.change(key, |object| object.metadata.owner_references.clear());
}

/// Recorded: B06.
#[test]
fn an_orphan_that_fits_is_adopted() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    disown(&mut cluster, &pod("web-0"));
    let synced = cluster.sync();
    assert_eq!(synced.batches[..2], [["GET statefulset/web"], ["PATCH pod/web-0"]], "the set is read live");
    let owner = cluster.get(&pod("web-0")).metadata.controller().cloned().unwrap();
    assert_eq!(owner, cluster.get(&set()).controller_reference());
}

/// Recorded: B08, B10.
#[test]
fn what_does_not_fit_is_left_alone() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    cluster.create_pod("web-1", json!({"app": "other"}));
    cluster.create_pod("other-0", json!({"app": "nginx"}));
    cluster.create_pod("web", json!({"app": "nginx"}));
    cluster.create_pod("web-2", json!({"app": "nginx"}));
    cluster.ready("web-2");
    cluster.delete(&pod("web-2"));
    let synced = cluster.sync();
    assert!(synced.is_idle(), "{synced:?}");
    assert_eq!(cluster.names(Kind::Pod), ["other-0", "web", "web-0", "web-1", "web-2"]);
}

#[test]
fn a_pod_of_another_controller_is_left_alone() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let mut owner = cluster.get(&set()).controller_reference();
    owner.uid = "another".to_owned();
    cluster.change(&pod("web-0"), |pod| pod.metadata.owner_references = vec![owner]);
    let synced = cluster.sync();
    assert_eq!(synced.pods(), ["POST web-0"], "its name is taken, and it is not of the set");
    assert_eq!((synced.events.as_slice(), &synced.reasons[0]), ([].as_slice(), &"WaitsForName".to_owned()));
    assert!(matches!(synced.outcome, Outcome::Failed(_)));
}

/// Recorded: B05.
#[test]
fn a_pod_without_the_sets_labels_is_released_and_its_name_stays_taken() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    cluster.change(&pod("web-1"), |pod| drop(pod.metadata.labels.remove("app")));
    let synced = cluster.sync();
    assert_eq!(synced.pods(), ["PATCH web-1", "POST web-1"]);
    assert_eq!(cluster.owners(&pod("web-1")), NOTHING);
    assert_eq!(synced.events, NOTHING);
    assert_eq!(synced.outcome, Outcome::Failed("pods \"web-1\" already exists".to_owned()));
    cluster.change(&pod("web-1"), |pod| drop(pod.metadata.labels.insert("app".into(), "nginx".into())));
    cluster.sync();
    assert_eq!(cluster.owners(&pod("web-1")), ["StatefulSet web"], "it is taken back");
}

/// A set on its way out neither takes nor gives.
#[test]
fn a_set_that_is_being_deleted_adopts_and_releases_nothing() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let options = DeleteOptions { propagation: Some(Propagation::Foreground), ..DeleteOptions::default() };
    cluster.ask(&Request::delete(&Actor::user(), set(), options));
    disown(&mut cluster, &pod("web-0"));
    cluster.change(&pod("web-1"), |pod| drop(pod.metadata.labels.remove("app")));
    assert_eq!(cluster.sync().pods(), NOTHING);
    assert_eq!(cluster.owners(&pod("web-0")), NOTHING);
    assert_eq!(cluster.owners(&pod("web-1")), ["StatefulSet web"]);
}

/// `RecheckDeletionTimestamp`: the cache may show a set that is gone, or is leaving.
#[test]
fn nothing_is_adopted_for_a_set_that_is_not_there_as_it_was_seen() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    disown(&mut cluster, &pod("web-0"));
    let uid = cluster.get(&pod("web-0")).metadata.uid.clone();
    let old = cluster.get(&set()).metadata.uid.clone();
    cluster.stop_caches(true);
    cluster.delete(&set());
    let why = |cluster: &mut Cluster| match cluster.sync() {
        synced if synced.pods().is_empty() => synced.outcome,
        synced => panic!("{synced:?}"),
    };
    let failed = |why: &str| Outcome::Failed(format!("can't adopt Pod default/web-0 ({uid}): {why}"));
    assert_eq!(why(&mut cluster), failed("statefulsets.apps \"web\" not found"));
    let new = cluster.create_set(json!({"replicas": 1})).metadata.uid.clone();
    let gone = format!("original StatefulSet default/web is gone: got uid {new}, wanted {old}");
    assert_eq!(why(&mut cluster), failed(&gone));
}

/// The live set is read once, however many orphans there are.
#[test]
fn the_set_is_read_once_for_all_orphans() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    for name in ["web-0", "web-1", "web-2"] {
        disown(&mut cluster, &pod(name));
    }
    let asked: Vec<String> = cluster.sync().batches.concat();
    assert_eq!(asked, ["GET statefulset/web", "PATCH pod/web-0", "PATCH pod/web-1", "PATCH pod/web-2"]);
}

/// Recorded: E08.
#[test]
fn revisions_without_an_owner_are_adopted_and_used() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let name = cluster.revision_of("web-0");
    disown(&mut cluster, &revision(&name));
    assert_eq!(cluster.sync().revisions(), [format!("PATCH {name}")]);
    assert_eq!(cluster.owners(&revision(&name)), ["StatefulSet web"]);
}

/// Listed are those that the set's selector matches and that are its own or nobody's.
#[test]
fn revisions_of_others_do_not_count() {
    let mut cluster = Cluster::settled(json!({"replicas": 1, "revisionHistoryLimit": 0}));
    let mut make = |name: &str, labels: Value, owners: Value| {
        cluster.create(json!({"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 9,
            "metadata": {"name": name, "namespace": "default", "labels": labels, "ownerReferences": owners},
            "data": {}}));
    };
    make("a", json!({"app": "other"}), json!([]));
    let owner = json!([{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "1",
        "controller": true}]);
    make("b", json!({"app": "nginx"}), owner);
    let synced = cluster.sync();
    assert!(synced.is_idle(), "they are no history of this set: {synced:?}");
}
