//! Stories: what a person does, and what "Why?" says to it. The sentences are those of the page's design.

use std::time::Duration;

use api::core::Pod;
use api::{Key, Kind};
use apimachinery::Lang;
use cluster::{Config, Fault, NodeSpec};

use super::Why;
use crate::examples::{NOTE_003, storage_class};
use crate::{Session, laboratory};

pub(super) fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub(super) fn pod(name: &str) -> Key {
    Key::new(Kind::Pod, "default", name)
}

fn claim(name: &str) -> Key {
    Key::new(Kind::PersistentVolumeClaim, "default", name)
}

fn web() -> Key {
    Key::new(Kind::StatefulSet, "default", "web")
}

/// Note 003 with `change` made to it, and with its class.
pub(super) fn applied(change: [&str; 2], config: Config) -> Session {
    let mut session = Session::new(config, Some(NOTE_003));
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    session.apply_text("web.yaml", &changed(change));
    session
}

pub(super) fn changed([from, to]: [&str; 2]) -> String {
    let text = NOTE_003.files[0].1;
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

/// Note 003 with its class, three Pods Ready.
pub(super) fn running() -> Session {
    let mut session = applied(["replicas: 3", "replicas: 3"], laboratory());
    session.play(seconds(60));
    session
}

fn why(session: &Session, key: &Key) -> Why {
    session.why(Some(key), Lang::En).expect("an answer")
}

pub(super) fn headline(session: &Session) -> String {
    session.why(None, Lang::En).map(|why| why.sentence).unwrap_or_default()
}

fn said(session: &Session, key: &Key) -> String {
    why(session, key).sentence
}

fn names(keys: &[Key]) -> Vec<&str> {
    keys.iter().map(|key| &*key.name).collect()
}

/// What is stuck for good is the same after ten minutes in which nobody acts.
fn assert_stuck(session: &Session) {
    let before = session.why(None, Lang::En).expect("an answer");
    assert_eq!(before.stuck, Some("Stuck for good: nothing is due that would free it."), "{before:?}");
    let mut later = session.clone();
    later.play(seconds(600));
    let after = later.why(None, Lang::En).expect("an answer");
    assert_eq!((after.sentence, after.stuck), (before.sentence, before.stuck));
}

#[test]
fn before_anything_was_asked_for_there_is_nothing_to_say() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    assert_eq!(session.why(None, Lang::En), None);
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    session.play(seconds(20));
    assert_eq!(session.why(None, Lang::En), None, "a class alone is no matter");
}

#[test]
fn a_missing_class_is_the_cause_of_the_whole_queue() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply();
    session.play(seconds(20));
    let told = session.why(None, Lang::En).expect("an answer");
    assert_eq!(
        told.sentence,
        "web-1 is not created yet, because the StorageClass my-storage-class does not exist."
    );
    assert_eq!(names(&told.queue), ["web-1", "web-0", "www-web-0", "my-storage-class"]);
    assert_eq!((told.name, told.cause), ("WaitsForReadyPredecessor", "WaitsForClass"));
    assert!(!told.next.as_ref().is_some_and(|next| next.contains("turn")), "{:?}", told.next);
    assert_stuck(&session);
    assert_eq!(
        session.why(None, Lang::ZhCn).map(|why| why.sentence).as_deref(),
        Some("web-1 还没有创建，因为 StorageClass my-storage-class 不存在。")
    );
    assert_eq!(said(&session, &web()), told.sentence, "the set follows the Pod that blocks it");
    let far = "web-2 is not created yet, because the StorageClass my-storage-class does not exist.";
    assert_eq!(said(&session, &pod("web-2")), far);
}

// A StorageClass wakes nobody: pv_controller_base.go looks at all claims every `--pvclaimbinder-sync-period`.
#[test]
fn a_class_that_was_made_is_told_with_the_next_look() {
    let mut session = Session::new(laboratory(), Some(NOTE_003));
    session.apply();
    session.play(seconds(20));
    session.apply_text("class.yaml", &storage_class("my-storage-class"));
    session.play(seconds(2));
    let told = session.why(None, Lang::En).expect("an answer");
    assert_eq!((told.cause, told.stuck.is_some()), ("WaitsForNextLook", false));
    let next = told.next.unwrap_or_default();
    let at = next.strip_prefix("The volume controller looks every 15 s, next at 0:").expect("when");
    let at: f64 = at.trim_end_matches('.').parse().expect("a moment");
    assert!((22.0..37.0).contains(&at), "{at}");
    session.play(Duration::from_secs_f64(at + 1.0 - 22.0));
    assert_ne!(why(&session, &claim("www-web-0")).name, "WaitsForNextLook", "it has looked");
}

#[test]
fn pods_that_are_made_at_once_wait_for_nobody() {
    let mut session = applied(["replicas: 3", "podManagementPolicy: Parallel\n  replicas: 3"], laboratory());
    session.play(seconds(2));
    let told = session.why(None, Lang::En).expect("an answer");
    assert_eq!(told.name, "AllAtOnce");
    assert!(told.rule.starts_with("With Parallel all Pods are made at once"), "{}", told.rule);
    assert!(!told.sentence.contains("revision"), "{}", told.sentence);
}

#[test]
fn many_pods_that_wait_for_the_same_are_one_sentence() {
    let nodes = ["node-1", "node-2", "node-3"].map(|name| NodeSpec { pods: 4, ..NodeSpec::named(name) });
    let config = Config { nodes: nodes.to_vec(), ..laboratory() };
    let mut session = applied(["replicas: 3", "podManagementPolicy: Parallel\n  replicas: 20"], config);
    session.play(seconds(60));
    assert_eq!(
        headline(&session),
        "8 Pods of web are not Ready, because no node has room for them: 4 a node."
    );
    assert_stuck(&session);
    // Who waits for room waits no longer than until somebody leaves.
    let mut pods = session.cluster().store().list(Kind::Pod, "default");
    let placed = pods.find(|pod| !Pod(pod).node_name().is_empty()).expect("twelve have a node");
    let line = format!("kubectl delete pod {} --wait=false", placed.metadata.name);
    session.command(&line);
    let is_stuck = |session: &Session| session.why(None, Lang::En).expect("an answer").stuck.is_some();
    let mut looks = 0;
    while is_stuck(&session) && looks < 20 {
        session.play(Duration::from_millis(100));
        looks += 1;
    }
    assert!(!is_stuck(&session));
}

#[test]
fn a_pod_of_a_lost_node_is_not_promised_to_come_back() {
    let mut session = running();
    let node = |session: &Session| {
        session
            .cluster()
            .store()
            .get(&pod("web-1"))
            .map(|pod| Pod(pod).node_name().to_owned())
            .expect("a node")
    };
    let node = node(&session);
    session.fault(Fault::PowerOff { node: node.clone() }, "power off").expect("it can happen");
    session.play(seconds(20));
    let unnoticed =
        format!("web-1 still counts as Ready, because Kubernetes does not know yet that {node} is off.");
    assert_eq!(headline(&session), unnoticed);
    session.play(seconds(60));
    let silent = format!("web-1 does not count as Ready, because {node} is silent; it may still run there.");
    assert_eq!(said(&session, &pod("web-1")), silent);
    session.play(seconds(330));
    let kept = format!("web-1 is not created again, because the old one may still be running on {node}.");
    assert_eq!((headline(&session), said(&session, &pod("web-1"))), (kept.clone(), kept));
    assert_stuck(&session);
}

#[test]
fn what_a_partition_holds_back_says_so_and_what_would_move_it() {
    let mut session = running();
    session.command(
        r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#,
    );
    session.command("kubectl set image sts/web nginx=nginx:1.25.3");
    session.play(seconds(60));
    for (name, index) in [("web-0", 0), ("web-1", 1)] {
        let told = why(&session, &pod(name));
        assert_eq!(told.name, "HeldBackByPartition");
        assert!(told.sentence.starts_with(&format!("{name} stays on ")), "{}", told.sentence);
        let next = told.next.unwrap_or_default();
        assert!(next.ends_with(&format!("only when the partition is lowered to {index}.")), "{next}");
    }
    assert_eq!(why(&session, &pod("web-2")).name, "ContainerIsReady");
    let all = "2 Pods of web stay on an older revision, because they are below the partition 2.";
    assert_eq!((headline(&session), said(&session, &web())), (all.to_owned(), all.to_owned()));
}

#[test]
fn what_on_delete_leaves_as_it_is_says_so() {
    let mut session = running();
    session.command(
        r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'"#,
    );
    session.command("kubectl set image sts/web nginx=nginx:1.25.3");
    session.play(seconds(20));
    session.command("kubectl delete pod web-1");
    session.play(seconds(20));
    assert_eq!(why(&session, &pod("web-1")).name, "ContainerIsReady");
    for name in ["web-0", "web-2"] {
        let told = why(&session, &pod(name));
        assert_eq!(told.name, "OnDeleteLeavesOldRevision");
        let next = told.next.unwrap_or_default();
        assert!(next.starts_with(&format!("Delete {name}, and it comes back on ")), "{next}");
    }
    assert!(said(&session, &web()).starts_with("2 Pods of web stay on an older revision"));
}

#[test]
fn a_released_pod_ends_that_all_is_as_asked() {
    let mut session = running();
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.");
    session.command("kubectl label pod web-1 app-");
    session.play(seconds(10));
    assert_eq!(said(&session, &web()), "web-1 is not created, because another Pod has the name web-1.");
    assert_stuck(&session);
    // Its end wakes nobody: the sync is repeated after its back-off.
    session.command("kubectl delete pod web-1");
    session.play(seconds(3));
    let told = why(&session, &web());
    assert_eq!(told.name, "NameIsFree");
    let at = told.next.as_ref().and_then(|next| next.strip_prefix("It is tried again at 1:")).expect("when");
    let at: f64 = at.trim_end_matches('.').parse().expect("a moment");
    let tried = session.run().origin() + Duration::from_secs_f64(60.0 + at);
    session.play(tried.since(session.now()) + seconds(20));
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.");
}

#[test]
fn a_set_with_other_claims_than_its_pods_says_where_its_sync_fails() {
    let mut session = running();
    session.command("kubectl delete sts web --cascade=orphan");
    session.play(seconds(5));
    assert_eq!(
        headline(&session),
        "web is deleted, and its 3 Pods run on without it; 3 claims are kept, with their data."
    );
    session.apply_text("web.yaml", &changed(["name: www", "name: data"]));
    session.play(seconds(60));
    let told = session.why(None, Lang::En).expect("an answer");
    assert_eq!(told.name, "RepairRefused");
    assert_eq!(told.sentence, "web-0 is not as its set wants it, because the API server refuses the change.");
    assert_stuck(&session);
    let behind = why(&session, &pod("web-2"));
    assert_eq!(
        behind.sentence,
        "web-2 stays on the old revision, because web-0 cannot be changed as its set wants it."
    );
    // The way out that it names works, Pod by Pod.
    for name in ["web-0", "web-1", "web-2"] {
        let remedy = session.why(None, Lang::En).and_then(|why| why.remedy).expect("a way out");
        assert_eq!(remedy, format!("kubectl delete pod {name}"));
        session.command(&remedy);
        session.play(seconds(30));
    }
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.");
}

#[test]
fn a_container_that_ends_once_is_not_stuck_for_good() {
    let mut session = running();
    session.command("kubectl set image sts/web nginx=nginx:1.25.3");
    session.play(Duration::from_millis(200));
    let crash = |times: u64, session: &mut Session| {
        for _ in 0..times {
            let fault = Fault::CrashContainer {
                namespace: "default".to_owned(),
                pod: "web-1".to_owned(),
                container: "nginx".to_owned(),
                exit_code: 1,
            };
            session.fault(fault, "crash").expect("it can happen");
            session.play(seconds(3));
        }
    };
    crash(2, &mut session);
    let blocked =
        |session: &Session| session.why(None, Lang::En).filter(|why| why.name == "BrokenPodBlocksUpdate");
    let told = blocked(&session).expect("web-1 is not Ready while web-2 is new");
    assert!(told.stuck.is_none() && !told.sentence.contains("never"), "{told:?}");
    session.play(seconds(60));
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.", "it healed by itself");
}

#[test]
fn a_pod_that_is_replaced_does_not_wait_for_itself() {
    let mut session = applied(["replicas: 3", "podManagementPolicy: Parallel\n  replicas: 3"], laboratory());
    session.play(seconds(60));
    session.command("kubectl set image sts/web nginx=nginx:1.25.3");
    session.play(Duration::from_millis(400));
    assert_eq!(headline(&session), "web-1 stays on the old revision, because web-2 is terminating.");
    assert_eq!(why(&session, &pod("web-2")).name, "StopsContainers");
}

#[test]
fn a_pod_that_has_lost_its_readiness_says_so() {
    let mut session = running();
    let (namespace, name) = ("default".to_owned(), "web-1".to_owned());
    session
        .fault(Fault::ForceReady { namespace, pod: name, ready: Some(false) }, "web-1 unready")
        .expect("it can happen");
    session.play(seconds(5));
    let told = session.why(None, Lang::En).expect("an answer");
    assert_eq!(told.sentence, "web-1 is not Ready, because somebody has taken its readiness away.");
    assert_stuck(&session);
}

/// What is decided about a Pod is said of that one, not of another that had its name before.
#[test]
fn a_pod_that_came_back_speaks_of_its_own_life() {
    let mut session = running();
    session.command("kubectl delete pod web-1");
    let goes = |why: &Why| why.chain.iter().any(|link| link.text.starts_with("web-1 goes to "));
    let mut seen = Vec::new();
    for _ in 0..40 {
        session.play(Duration::from_millis(100));
        if session.cluster().store().get(&pod("web-1")).is_some_and(|pod| !pod.metadata.is_deleting()) {
            let told = why(&session, &pod("web-1"));
            assert_ne!(told.name, "RemovesPod", "{told:?}");
            seen.push(goes(&told));
        }
    }
    assert!(seen.contains(&true), "the scheduler has decided about this one, too");
}

#[test]
fn after_deletion_it_speaks_of_what_is_there() {
    let mut session = running();
    session.command("kubectl scale sts web --replicas=5");
    session.play(seconds(60));
    session.command("kubectl delete sts web --wait=false");
    session.play(Duration::from_millis(400));
    assert_eq!(
        headline(&session),
        "web is deleted, and its 5 Pods go with it; 5 claims are kept, with their data."
    );
    assert_eq!(said(&session, &pod("web-1")), "web-1 is deleted, because its owner web is deleted.");
    session.play(seconds(30));
    let told = why(&session, &web());
    assert_eq!(told.sentence, "web is deleted, 5 claims are kept, with their data.");
    assert_eq!((headline(&session), told.name), (told.sentence, "SetDeletedClaimsKept"));
    assert!(told.facts.iter().any(|fact| fact.text.contains("Service nginx is still there")));
    assert_eq!(told.chain.first().map(|link| link.text.as_str()), Some("You: delete sts web --wait=false"));
    assert_eq!(
        session.why(None, Lang::ZhCn).map(|why| why.sentence).as_deref(),
        Some("web 已删除，5 个申领和里面的数据都还在。")
    );
    session.apply();
    session.play(seconds(60));
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.");
}

/// A page asks after each thing that happens, so an answer must not cost more the longer a run is.
#[test]
fn an_answer_looks_at_few_of_many_records() {
    let mut session = running();
    let before = session.run().records().len();
    for round in 0..6 {
        session.command(&format!("kubectl scale sts web --replicas={}", 2 + round % 2));
        session.play(seconds(60));
    }
    assert!(session.run().records().len() > before + 100);
    let decided = session.decisions_about(&pod("web-2"));
    assert!(decided.is_sorted() && decided.len() > 10);
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.");
    session.seek(session.run().origin() + seconds(60));
    assert_eq!(headline(&session), "web is as asked: 3 of 3 Pods are Ready.", "also of a moment of the past");
}
