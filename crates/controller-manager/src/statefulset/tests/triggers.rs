//! What makes a set due, and when it waits for its own caches: the event handlers of `stateful_set.go`.

use std::time::Duration;

use apiserver::{Actor, DeleteOptions, Propagation, Request};
use client::{Outcome, Wake};
use serde_json::json;

use super::cluster::{Cluster, claim, pod, set, www};

fn due() -> Vec<Wake> {
    vec![Wake::now(set())]
}

#[test]
fn a_set_is_due_when_it_changes_and_when_a_pod_of_its_own_does() {
    let mut cluster = Cluster::new(json!({"replicas": 1, "volumeClaimTemplates": www()}));
    assert_eq!(cluster.woken_by(|c| c.scale(2)), due());
    // A revision, a claim, the Pod and the status: the Pod and the set are heard of.
    assert_eq!(cluster.woken_by(|c| drop(c.sync())), [due(), due()].concat());
    assert_eq!(
        cluster.woken_by(|c| c.unready("web-0")),
        [due(), due()].concat(),
        "bound, and then its status"
    );
    assert_eq!(cluster.woken_by(|c| c.delete(&pod("web-0"))), due());
    assert_eq!(cluster.woken_by(|c| c.gone("web-0")), [due(), due()].concat(), "its time is up, and it goes");
    assert_eq!(cluster.woken_by(|c| c.change(&claim("www-web-0"), |o| o.metadata.finalizers.clear())), []);
    assert_eq!(cluster.woken_by(|c| c.delete(&claim("www-web-0"))), []);
}

/// When a Pod becomes Ready, the moment at which it is available counts as well.
#[test]
fn a_pod_that_became_ready_is_looked_at_again_when_it_is_available() {
    let mut cluster = Cluster::new(json!({"replicas": 1, "minReadySeconds": 10}));
    cluster.sync();
    cluster.unready("web-0");
    let later = Wake::after(set(), Duration::from_secs(10));
    assert_eq!(cluster.woken_by(|c| c.ready("web-0")), [due(), vec![later]].concat());
    cluster.wait(1);
    assert_eq!(cluster.woken_by(|c| c.ready("web-0")), due(), "it was Ready before");
    assert_eq!(cluster.woken_by(|c| c.unready("web-0")), due());
}

#[test]
fn an_orphan_makes_the_sets_due_that_its_labels_fit() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    assert_eq!(cluster.woken_by(|c| drop(c.create_pod("x", json!({"app": "nginx"})))), due());
    assert_eq!(cluster.woken_by(|c| drop(c.create_pod("y", json!({"app": "other"})))), []);
    let label = |value: &'static str| {
        move |c: &mut Cluster| {
            c.change(&pod("y"), |pod| drop(pod.metadata.labels.insert("app".into(), value.into())));
        }
    };
    assert_eq!(cluster.woken_by(label("nginx")), due());
    let annotate = |c: &mut Cluster| {
        c.change(&pod("y"), |pod| drop(pod.metadata.annotations.insert("a".into(), "b".into())));
    };
    assert_eq!(cluster.woken_by(annotate), [], "its labels are as before");
    assert_eq!(cluster.woken_by(|c| c.gone("y")), [], "an orphan's end is nobody's business");
}

#[test]
fn a_pod_that_changes_hands_makes_its_former_owner_due() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let released = cluster.woken_by(|c| {
        c.change(&pod("web-0"), |pod| {
            pod.metadata.owner_references.clear();
            pod.metadata.labels.clear();
        });
    });
    assert_eq!(released, due());
}

/// A Pod of a former set of the same name is not the new one's.
#[test]
fn a_pod_of_a_former_set_makes_nobody_due() {
    let mut cluster = Cluster::settled(json!({"replicas": 1}));
    let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
    cluster.ask(&Request::delete(&Actor::user(), set(), options));
    cluster.create_set(json!({"replicas": 1}));
    assert_eq!(cluster.woken_by(|c| c.unready("web-0")), []);
}

/// `StaleControllerConsistencyStatefulSet`.
#[test]
fn no_decision_before_the_caches_have_the_last_ones_writes() {
    let mut cluster = Cluster::new(json!({"replicas": 1}));
    cluster.stop_caches(true);
    assert_eq!(cluster.sync().pods(), ["POST web-0"]);
    let synced = cluster.sync();
    assert_eq!((synced.outcome, synced.batches.len()), (Outcome::Failed(String::new()), 0));
    cluster.stop_caches(false);
    assert_eq!(cluster.sync().outcome, Outcome::Done);
}

#[test]
fn a_set_that_is_gone_is_no_work() {
    let mut cluster = Cluster::empty();
    let synced = cluster.sync();
    assert_eq!((synced.outcome, synced.batches.len()), (Outcome::Done, 0));
}
