//! Each example comes to what the page says of it.

use std::time::Duration;

use api::core::Pod;
use api::{Kind, Object};
use apimachinery::value::ValueExt;
use cluster::Fault;

use super::{
    BAD_IMAGE, CANARY, EXAMPLES, Example, NO_CLASS, NOTE_000, NOTE_003, PARALLEL, SILENT_NODE, storage_class,
};
use crate::session::{Session, laboratory};

fn open(example: Example) -> Session {
    Session::new(laboratory(), Some(example))
}

/// Applies the document at a place; returns kubectl's exit code.
fn apply(session: &mut Session, at: usize) -> i32 {
    session.documents.open = at;
    session.apply()
}

fn pass(session: &mut Session, seconds: u64) {
    session.play(Duration::from_secs(seconds));
}

fn pods(session: &Session) -> Vec<&Object> {
    session.cluster().store().list(Kind::Pod, "default").map(|pod| &**pod).collect()
}

fn ready(session: &Session) -> usize {
    pods(session).into_iter().filter(|pod| Pod(pod).is_running_and_ready()).count()
}

fn image(pod: &Object) -> String {
    let containers = pod.spec().at(&["containers"]).and_then(|all| all.as_array()).cloned();
    containers.unwrap_or_default().first().map(|one| one.str_at(&["image"]).to_owned()).unwrap_or_default()
}

fn pod<'s>(session: &'s Session, name: &str) -> &'s Object {
    pods(session).into_iter().find(|pod| pod.metadata.name == name).expect("the Pod is there")
}

#[test]
fn every_example_has_a_name_of_its_own_and_can_be_applied() {
    for (at, example) in EXAMPLES.iter().enumerate() {
        assert!(EXAMPLES.iter().skip(at + 1).all(|other| other.slug != example.slug), "{}", example.slug);
        let mut session = open(*example);
        for (place, (name, _)) in example.files.iter().enumerate() {
            // Note 000's last manifest asks for what no update may change: that is what it shows.
            let refused = example.slug == NOTE_000.slug && *name == "storage.yaml";
            assert_eq!(apply(&mut session, place), i32::from(refused), "{} {name}", example.slug);
            pass(&mut session, 60);
        }
        assert!(!pods(&session).is_empty(), "{}", example.slug);
    }
}

#[test]
fn three_in_a_row_come_one_after_the_other_once_there_is_a_class() {
    let mut session = open(NOTE_003);
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    apply(&mut session, 0);
    pass(&mut session, 60);
    assert_eq!(ready(&session), 3);
    let created: Vec<_> = ["web-0", "web-1", "web-2"]
        .map(|name| pod(&session, name).metadata.creation_timestamp)
        .into_iter()
        .collect();
    assert!(created.is_sorted() && created.first() != created.last(), "{created:?}");
}

#[test]
fn a_canary_is_the_last_pod_only() {
    let mut session = open(CANARY);
    apply(&mut session, 0);
    pass(&mut session, 60);
    apply(&mut session, 1);
    pass(&mut session, 120);
    assert_eq!(ready(&session), 3);
    let images = ["web-0", "web-1", "web-2"].map(|name| image(pod(&session, name)));
    assert_eq!(images, ["nginx:1.7.9", "nginx:1.7.9", "nginx:1.25.3"]);
}

#[test]
fn a_bad_image_taken_back_heals_only_when_its_pod_is_deleted() {
    let mut session = open(BAD_IMAGE);
    apply(&mut session, 0);
    pass(&mut session, 60);
    apply(&mut session, 1);
    pass(&mut session, 60);
    assert_eq!((ready(&session), image(pod(&session, "web-2"))), (2, "nginx:1.99".to_owned()));
    apply(&mut session, 0);
    pass(&mut session, 600);
    assert_eq!((ready(&session), image(pod(&session, "web-2"))), (2, "nginx:1.99".to_owned()));
    session.command("kubectl delete pod web-2");
    pass(&mut session, 60);
    assert_eq!((ready(&session), image(pod(&session, "web-2"))), (3, "nginx:1.7.9".to_owned()));
}

#[test]
fn without_a_default_class_the_claim_waits_for_ever() {
    let mut session = open(NO_CLASS);
    apply(&mut session, 0);
    pass(&mut session, 3_600);
    let claims: Vec<&Object> = session
        .cluster()
        .store()
        .list(Kind::PersistentVolumeClaim, "default")
        .map(|claim| &**claim)
        .collect();
    assert_eq!(claims.iter().map(|claim| claim.status().str_at(&["phase"])).collect::<Vec<_>>(), ["Pending"]);
    assert_eq!((pods(&session).len(), ready(&session)), (1, 0));
}

#[test]
fn a_pod_on_a_silent_node_cannot_come_back() {
    let mut session = open(SILENT_NODE);
    apply(&mut session, 0);
    pass(&mut session, 60);
    let node = Pod(pod(&session, "web-1")).node_name().to_owned();
    session.fault(Fault::PowerOff { node: node.clone() }, "power off").expect("it can happen");
    pass(&mut session, 900);
    let web1 = pod(&session, "web-1");
    assert!(web1.metadata.deletion_timestamp.is_some(), "the node lifecycle controller has evicted it");
    assert_eq!(Pod(web1).node_name(), node);
    session.fault(Fault::PowerOn { node }, "power on").expect("it can happen");
    pass(&mut session, 120);
    assert_eq!(ready(&session), 3);
}

#[test]
fn parallel_pods_do_not_wait_for_each_other() {
    let mut session = open(PARALLEL);
    apply(&mut session, 0);
    pass(&mut session, 1);
    assert_eq!((pods(&session).len(), ready(&session)), (12, 0));
    pass(&mut session, 60);
    assert_eq!(ready(&session), 12);
}
