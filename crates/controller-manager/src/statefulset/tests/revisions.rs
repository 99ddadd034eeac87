//! Revisions, their numbers, names and end: `pkg/controller/history`, and the recordings E01 to E12.

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use client::Outcome;
use serde_json::{Value, json};

use super::cluster::{Cluster, image, pod, set};

const NOTHING: [&str; 0] = [];

fn revision(name: &str) -> Key {
    Key::new(Kind::ControllerRevision, "default", name)
}

/// The revisions' numbers, ascending.
fn numbers(cluster: &Cluster) -> Vec<i64> {
    let all = cluster.api.store().list(Kind::ControllerRevision, "");
    let mut numbers: Vec<i64> = all.filter_map(|revision| revision.field("revision").as_i64()).collect();
    numbers.sort_unstable();
    numbers
}

/// Recorded: E01, E09.
#[test]
fn the_first_revision_records_the_template_and_the_sets_annotations() {
    let mut cluster = Cluster::new(json!({"replicas": 1}));
    cluster.change(&set(), |set| drop(set.metadata.annotations.insert("why".into(), "because".into())));
    cluster.sync();
    let name = cluster.names(Kind::ControllerRevision)[0].clone();
    let made = cluster.get(&revision(&name));
    assert_eq!(made.field("revision"), 1);
    assert_eq!(made.metadata.label("app"), "nginx");
    assert_eq!(name, format!("web-{}", made.metadata.label("controller.kubernetes.io/hash")));
    assert_eq!(made.metadata.annotation("why"), "because");
    assert_eq!(cluster.owners(&revision(&name)), ["StatefulSet web"]);
    let template = made.field("data").at(&["spec", "template"]).unwrap();
    assert_eq!(template.str_at(&["$patch"]), "replace");
    assert_eq!(template.at(&["spec"]), cluster.get(&set()).spec().at(&["template", "spec"]));
}

/// Recorded: D15, C11.
#[test]
fn only_the_template_makes_a_revision() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    cluster.scale(2);
    cluster.patch_set(json!({"spec": {"minReadySeconds": 1}}));
    assert_eq!(cluster.sync().revisions(), NOTHING);
    cluster.patch_set(image("nginx:2"));
    assert_eq!(cluster.sync().revisions().len(), 1);
    assert_eq!(numbers(&cluster), [1, 2]);
}

/// Recorded: D03, E10.
#[test]
fn an_old_template_takes_its_revision_up_again_with_the_next_number() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let first = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    cluster.patch_set(image("nginx:1"));
    assert_eq!(cluster.sync().revisions(), [format!("PUT {first}")]);
    assert_eq!(cluster.get(&revision(&first)).field("revision"), 3);
    assert_eq!(numbers(&cluster), [2, 3]);
    assert_eq!(cluster.status("updateRevision"), first.as_str());
    assert_eq!(cluster.sync().revisions(), NOTHING, "once is enough");
}

/// Recorded: E07.
#[test]
fn a_deleted_revision_is_made_again_under_its_name() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let name = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    let second = cluster.revision_of("web-0");
    for gone in [&name, &second] {
        cluster.delete(&revision(gone));
    }
    assert_eq!(cluster.sync().revisions(), [format!("POST {second}")]);
    assert_eq!(numbers(&cluster), [1], "no other was left");
    assert_eq!(cluster.sync().pods(), NOTHING, "its name is the same, so no Pod is outdated");
}

/// Recorded: E06. A current revision that is not there is the update revision.
#[test]
fn without_the_current_revision_the_update_revision_stands_for_it() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let old = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.sync();
    assert_eq!(cluster.status("currentRevision"), old.as_str());
    cluster.delete(&revision(&old));
    cluster.sync();
    assert_eq!(cluster.status("currentRevision"), cluster.status("updateRevision"));
}

/// The name that the next set's revision gets, with a count of collisions of 0 and 1.
fn names_of_next() -> [String; 2] {
    let name = |collides: bool| {
        let mut cluster = Cluster::empty();
        if collides {
            let first = names_first();
            cluster.create(foreign(&first, json!({"a": "b"})));
        }
        cluster.create_set(json!({"replicas": 0}));
        cluster.sync();
        cluster.status("updateRevision").as_str().unwrap().to_owned()
    };
    [name(false), name(true)]
}

fn names_first() -> String {
    let mut cluster = Cluster::new(json!({"replicas": 0}));
    cluster.sync();
    cluster.status("updateRevision").as_str().unwrap().to_owned()
}

fn foreign(name: &str, data: Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 1, "data": data,
        "metadata": {"name": name, "namespace": "default"}})
}

/// Recorded: E05.
#[test]
fn a_name_that_is_taken_by_other_data_raises_the_collision_count() {
    let [first, second] = names_of_next();
    assert_ne!(first, second);
    let mut cluster = Cluster::empty();
    cluster.create(foreign(&first, json!({"a": "b"})));
    cluster.create(foreign(&second, json!({"a": "b"})));
    cluster.create_set(json!({"replicas": 1}));
    let synced = cluster.sync();
    let tried: Vec<String> = synced.revisions();
    let third = tried.last().unwrap().trim_start_matches("POST ").to_owned();
    let expected = ["POST", "GET", "POST", "GET", "POST"];
    let names = [&first, &first, &second, &second, &third];
    let pairs: Vec<String> =
        expected.iter().zip(names).map(|(verb, name)| format!("{verb} {name}")).collect();
    assert_eq!(tried, pairs);
    assert_eq!(cluster.status("collisionCount"), 2);
    assert_eq!(cluster.revision_of("web-0"), third);
    // The label keeps the first hash.
    let label = cluster.get(&revision(&third)).metadata.label("controller.kubernetes.io/hash").to_owned();
    assert_eq!(format!("web-{label}"), first);
    // From now on the count is part of every hash: the same template has the same name.
    cluster.ready("web-0");
    let again = cluster.sync();
    assert_eq!((again.revisions(), cluster.status("collisionCount")), (vec![], Value::from(2)));
}

/// `CreateControllerRevision`: equal data under the name is the revision, whoever owns it.
#[test]
fn a_name_that_is_taken_by_the_same_data_is_used_as_it_is() {
    let mut other = Cluster::new(json!({"replicas": 0}));
    other.sync();
    let name = other.status("updateRevision").as_str().unwrap().to_owned();
    let data = other.get(&revision(&name)).field("data").clone();
    let mut cluster = Cluster::empty();
    cluster.create(foreign(&name, data));
    cluster.create_set(json!({"replicas": 1}));
    assert_eq!(cluster.sync().revisions(), [format!("POST {name}"), format!("GET {name}")]);
    assert_eq!(cluster.status("updateRevision"), name.as_str());
    assert_eq!(cluster.status("collisionCount"), 0);
    assert_eq!(cluster.revision_of("web-0"), name);
}

/// Recorded: E02, E03, E04. Those in use are no history; the oldest goes when the rollout is complete.
#[test]
fn history_is_cut_to_its_limit_from_the_oldest() {
    for (limit, left) in [(2, vec![3, 4, 5]), (0, vec![5]), (-1, vec![1, 2, 3, 4, 5])] {
        let mut cluster = Cluster::settled(json!({"replicas": 1, "revisionHistoryLimit": limit}));
        for version in ["nginx:2", "nginx:3", "nginx:4", "nginx:5"] {
            cluster.patch_set(image(version));
            cluster.settle();
        }
        assert_eq!(numbers(&cluster), left, "limit {limit}");
    }
}

#[test]
fn a_revision_that_a_pod_was_made_from_is_no_history() {
    let mut cluster = Cluster::settled(json!({"replicas": 2, "revisionHistoryLimit": 0,
        "updateStrategy": {"type": "OnDelete"}}));
    let first = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    cluster.delete(&pod("web-1"));
    cluster.settle();
    let second = cluster.revision_of("web-1");
    cluster.patch_set(image("nginx:3"));
    cluster.settle();
    assert_eq!(numbers(&cluster), [1, 2, 3]);
    cluster.delete(&pod("web-1"));
    cluster.settle();
    assert!(cluster.find(&revision(&first)).is_some());
    assert!(cluster.find(&revision(&second)).is_none(), "no Pod is of it any more");
}

/// History is cut also when the sync fails.
#[test]
fn a_sync_that_fails_cuts_history_nevertheless() {
    let mut cluster = Cluster::settled(json!({"replicas": 1, "revisionHistoryLimit": 1}));
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    cluster.create_pod("web-1", json!({"app": "other"}));
    cluster.patch_set(json!({"spec": {"replicas": 2, "revisionHistoryLimit": 0}}));
    let synced = cluster.sync();
    assert!(matches!(synced.outcome, Outcome::Failed(_)), "{synced:?}");
    assert_eq!(numbers(&cluster), [2]);
}
