//! How a new template comes to the Pods: "Update strategies" and "Rolling Updates" in
//! `docs/concepts/workloads/controllers/statefulset`.

use std::rc::Rc;

use api::apps::StatefulSet;
use api::{Key, Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::set_at;
use apiserver::Change;
use client::{Controller, Halt, Outcome, Seen, Turn, Wake};
use serde_json::{Value, json};

use super::cluster::{Cluster, image, pod, set};
use crate::statefulset::{Gates, NAME, control, ownership};

const NOTHING: [&str; 0] = [];

/// Recorded: D01, D02.
#[test]
fn the_highest_outdated_pod_goes_first_and_its_successor_is_waited_for() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    cluster.patch_set(image("nginx:2"));
    assert_eq!(cluster.sync().pods(), ["DELETE web-2"]);
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.gone("web-2");
    assert_eq!(cluster.sync().pods(), ["POST web-2"]);
    cluster.unready("web-2");
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.ready("web-2");
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
}

/// Recorded: D29. OrderedReady would have stopped before; in Parallel only the update itself waits.
#[test]
fn an_updated_pod_that_leaves_is_not_healthy_though_it_is_ready() {
    let mut cluster = Cluster::settled(json!({"replicas": 3, "podManagementPolicy": "Parallel"}));
    cluster.patch_set(image("nginx:2"));
    cluster.sync();
    cluster.gone("web-2");
    cluster.sync();
    cluster.ready("web-2");
    cluster.delete(&pod("web-2"));
    let synced = cluster.sync();
    assert_eq!((synced.pods(), synced.reasons), (vec![], vec!["WaitsForTermination".to_owned()]));
}

/// The update itself waits, too, for a Pod to be made in its own phase.
#[test]
fn in_parallel_an_updated_pod_that_is_not_ready_holds_the_next_one() {
    let mut cluster = Cluster::settled(json!({"replicas": 3, "podManagementPolicy": "Parallel"}));
    cluster.patch_set(image("nginx:2"));
    assert_eq!(cluster.sync().pods(), ["DELETE web-2"]);
    cluster.gone("web-2");
    assert_eq!(cluster.sync().pods(), ["POST web-2"], "the sync that makes it waits for it");
    cluster.unready("web-2");
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.ready("web-2");
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
}

/// Recorded: D21.
#[test]
fn an_updated_pod_must_be_ready_for_min_ready_seconds() {
    for policy in ["OrderedReady", "Parallel"] {
        let spec = json!({"replicas": 2, "podManagementPolicy": policy});
        let mut cluster = Cluster::settled(spec);
        cluster.wait(60);
        cluster.patch_set(json!({"spec": {"minReadySeconds": 10}}));
        cluster.patch_set(image("nginx:2"));
        assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
        cluster.gone("web-1");
        cluster.sync();
        cluster.ready("web-1");
        cluster.wait(9);
        assert_eq!(cluster.sync().pods(), NOTHING, "{policy}");
        cluster.wait(1);
        assert_eq!(cluster.sync().pods(), ["DELETE web-0"], "{policy}");
    }
}

/// Recorded: D08.
#[test]
fn no_pod_below_the_partition_is_updated() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": 2}}}}));
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    let (old, new) = (cluster.revision_of("web-0"), cluster.revision_of("web-2"));
    assert_ne!(old, new);
    assert_eq!(cluster.revision_of("web-1"), old);
    assert_eq!(cluster.sync().pods(), NOTHING);
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": 1}}}}));
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
}

/// Recorded: D10.
#[test]
fn a_partition_above_the_range_updates_nothing() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": 5}}}}));
    cluster.patch_set(image("nginx:2"));
    assert_eq!(cluster.sync().pods(), NOTHING);
}

/// KEP-3335: the partition counts places, not ordinals.
#[test]
fn the_partition_counts_from_the_first_ordinal() {
    let mut cluster = Cluster::settled(json!({"replicas": 3, "ordinals": {"start": 5}}));
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": 2}}}}));
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    assert_eq!(cluster.revision_of("web-6"), cluster.revision_of("web-5"));
    assert_ne!(cluster.revision_of("web-7"), cluster.revision_of("web-5"));
}

/// Recorded: D09, D18.
#[test]
fn a_pod_made_anew_is_of_the_revision_that_its_place_asks_for() {
    let mut cluster = Cluster::settled(json!({"replicas": 3, "ordinals": {"start": 1}}));
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": 1}}}}));
    cluster.patch_set(image("nginx:2"));
    cluster.settle();
    let (old, new) = (cluster.revision_of("web-1"), cluster.revision_of("web-2"));
    assert_ne!(old, new);
    for name in ["web-1", "web-2", "web-3"] {
        cluster.delete(&pod(name));
        cluster.settle();
    }
    assert_eq!(cluster.revision_of("web-1"), old, "it is below the partition");
    assert_eq!(cluster.revision_of("web-2"), new, "it stands at the partition");
    assert_eq!(cluster.revision_of("web-3"), new);
}

/// Recorded: D18.
#[test]
fn on_delete_leaves_it_to_people() {
    let mut cluster = Cluster::settled(json!({"replicas": 2, "updateStrategy": {"type": "OnDelete"}}));
    let old = cluster.revision_of("web-0");
    cluster.patch_set(image("nginx:2"));
    let synced = cluster.sync();
    assert_eq!(
        (synced.pods(), synced.reasons.contains(&"OnDeleteLeavesOldRevision".to_owned())),
        (vec![], true)
    );
    cluster.delete(&pod("web-0"));
    cluster.settle();
    assert_ne!(cluster.revision_of("web-0"), old, "what is made anew is new");
    assert_eq!(cluster.revision_of("web-1"), old);
}

/// `newVersionedStatefulSetPod`: without `rollingUpdate` the current revision is for as many places as there are
/// Pods of it, from the first ordinal on. Recorded: C17, D32.
#[test]
fn without_rolling_update_the_count_of_current_pods_decides() {
    let strategy = json!({"type": "RollingUpdate"});
    let spec = json!({"replicas": 3, "ordinals": {"start": 2}, "updateStrategy": strategy});
    let mut cluster = Cluster::settled(spec);
    let old = cluster.revision_of("web-2");
    cluster.patch_set(image("nginx:2"));
    assert_eq!(cluster.sync().pods(), ["DELETE web-4"]);
    cluster.gone("web-4");
    cluster.delete(&pod("web-2"));
    cluster.gone("web-2");
    // One Pod of the current revision is left, web-3: web-2 is the one place for it, web-4 is not.
    assert_eq!(cluster.sync().pods(), ["POST web-2"]);
    assert_eq!(cluster.revision_of("web-2"), old);
    cluster.ready("web-2");
    assert_eq!(cluster.sync().pods(), ["POST web-4"]);
    assert_ne!(cluster.revision_of("web-4"), old);
}

/// k/k issue 67250. Recorded: D04.
#[test]
fn a_broken_update_blocks_its_own_revert() {
    let mut cluster = Cluster::settled(json!({"replicas": 2}));
    let good = cluster.revision_of("web-1");
    cluster.patch_set(image("bad"));
    cluster.settle();
    cluster.patch_set(image("nginx:1"));
    let synced = cluster.sync();
    assert_eq!((synced.pods(), synced.reasons.contains(&"BrokenPodBlocksUpdate".to_owned())), (vec![], true));
    cluster.delete(&pod("web-1"));
    cluster.settle();
    assert_eq!(cluster.revision_of("web-1"), good);
}

/// Recorded: D06.
#[test]
fn parallel_replaces_a_broken_outdated_pod_at_once() {
    let mut cluster = Cluster::settled(json!({"replicas": 2, "podManagementPolicy": "Parallel"}));
    cluster.patch_set(image("bad"));
    cluster.settle();
    cluster.patch_set(image("nginx:1"));
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
}

/// Recorded: C16.
#[test]
fn scaling_goes_before_updating() {
    let mut cluster = Cluster::settled(json!({"replicas": 3}));
    cluster.patch_set(image("nginx:2"));
    cluster.scale(2);
    assert_eq!(cluster.sync().pods(), ["DELETE web-2"]);
    cluster.gone("web-2");
    assert_eq!(cluster.sync().pods(), ["DELETE web-1"]);
}

/// The controller where `MaxUnavailableStatefulSet` is on, with this `maxUnavailable`: an API server whose gate
/// is off, as ours, would drop the field.
struct GateOn(Value);

impl Controller for GateOn {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [Kind] {
        &[]
    }

    fn wakes(&self, _change: &Change, _seen: &Seen<'_>) -> Vec<Wake> {
        Vec::new()
    }

    fn sync(&self, key: &Key, turn: &mut Turn<'_>) -> Result<Outcome, Halt> {
        let mut set = Object::clone(turn.seen().get(key).unwrap());
        set_at(set.spec_mut(), &["updateStrategy", "rollingUpdate", "maxUnavailable"], self.0.clone());
        let set = Rc::new(set);
        let selector = Selector::from_label_selector(StatefulSet(&set).selector()).unwrap();
        let placed = ownership::claim_pods(&set, &selector, turn)?;
        control::update(Gates { max_unavailable: true }, &set, &selector, &placed, turn)?;
        Ok(Outcome::Done)
    }
}

/// What the update takes of five Pods at once, those of `unready` not being well.
fn taken(max_unavailable: Value, partition: i64, unready: &[&str]) -> Vec<String> {
    let mut cluster = Cluster::settled(json!({"replicas": 5, "podManagementPolicy": "Parallel"}));
    cluster.patch_set(json!({"spec": {"updateStrategy": {"rollingUpdate": {"partition": partition}}}}));
    cluster.patch_set(image("nginx:2"));
    for name in unready {
        cluster.unready(name);
    }
    cluster.controller = Rc::new(GateOn(max_unavailable));
    let synced = cluster.sync();
    // The status counts off as many Pods of the current revision.
    let left = 5 - i64::try_from(synced.pods().len()).unwrap();
    assert_eq!(
        cluster.get(&set()).status().get("currentReplicas").and_then(Value::as_i64).unwrap_or(0),
        left
    );
    synced.pods()
}

/// KEP-961: a percentage is of all replicas, rounded down, and the budget is never below one.
#[test]
fn max_unavailable_is_a_number_or_a_percentage_rounded_down() {
    assert_eq!(taken(json!(2), 0, &[]), ["DELETE web-4", "DELETE web-3"]);
    assert_eq!(taken(json!("50%"), 0, &[]), ["DELETE web-4", "DELETE web-3"]);
    assert_eq!(taken(json!("60%"), 0, &[]), ["DELETE web-4", "DELETE web-3", "DELETE web-2"]);
    assert_eq!(taken(json!("10%"), 0, &[]), ["DELETE web-4"]);
    assert_eq!(taken(json!("100%"), 3, &[]), ["DELETE web-4", "DELETE web-3"]);
}

/// KEP-961: Pods that are unavailable already use the budget up, also those below the partition.
#[test]
fn max_unavailable_counts_every_pod_that_is_not_well() {
    assert_eq!(taken(json!(2), 3, &["web-0"]), ["DELETE web-4"]);
    assert_eq!(taken(json!(2), 0, &["web-0", "web-1"]), NOTHING);
    assert_eq!(taken(json!(2), 0, &["web-0", "web-1", "web-2"]), NOTHING);
    assert_eq!(taken(json!(3), 0, &["web-4"]), ["DELETE web-4", "DELETE web-3"]);
}
