//! Which claims go with their Pod or their set: "PersistentVolumeClaim retention" in
//! `docs/concepts/workloads/controllers/statefulset`, KEP-1847.

use api::{Key, Object, OwnerReference};
use client::Outcome;
use serde_json::{Value, json};

use super::cluster::{Cluster, claim, pod, set, www};

const NOTHING: [&str; 0] = [];

fn spec(replicas: i64, deleted: &str, scaled: &str) -> Value {
    json!({"replicas": replicas, "volumeClaimTemplates": www(),
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": deleted, "whenScaled": scaled}})
}

/// An owner that has nothing to do with the set.
fn owner(kind: &str, controller: bool) -> OwnerReference {
    OwnerReference {
        api_version: "example.com/v1".to_owned(),
        kind: kind.to_owned(),
        name: "x".to_owned(),
        uid: "1".to_owned(),
        controller: controller.then_some(true),
        block_owner_deletion: None,
    }
}

fn policy(deleted: &str, scaled: &str) -> Value {
    json!({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": deleted, "whenScaled": scaled}}})
}

/// Recorded: G01, all four. The owners of the claim of a Pod in the range, and of one that is to go.
#[test]
fn the_policy_decides_who_owns_a_claim() {
    let set = ["StatefulSet web"].as_slice();
    let rows = [
        ("Retain", "Retain", [].as_slice(), [].as_slice()),
        ("Delete", "Retain", set, set),
        ("Retain", "Delete", [].as_slice(), ["Pod web-1"].as_slice()),
        ("Delete", "Delete", set, ["Pod web-1"].as_slice()),
    ];
    for (deleted, scaled, stays, goes) in rows {
        let mut cluster = Cluster::settled(spec(2, deleted, scaled));
        assert_eq!(cluster.owners(&claim("www-web-1")), stays, "whenDeleted {deleted}, whenScaled {scaled}");
        cluster.scale(1);
        cluster.sync();
        assert_eq!(cluster.owners(&claim("www-web-0")), stays, "whenDeleted {deleted}, whenScaled {scaled}");
        assert_eq!(cluster.owners(&claim("www-web-1")), goes, "whenDeleted {deleted}, whenScaled {scaled}");
    }
}

/// Not only when the Pod is looked at again: it may be deleted before.
#[test]
fn a_claim_gets_its_owner_together_with_its_pod() {
    let mut cluster = Cluster::new(spec(1, "Delete", "Retain"));
    assert_eq!(cluster.sync().claims(), ["POST www-web-0", "PUT www-web-0"]);
    assert_eq!(cluster.owners(&claim("www-web-0")), ["StatefulSet web"]);
}

/// KEP-3335: a Pod below the first ordinal is to go as well.
#[test]
fn the_range_begins_at_the_first_ordinal() {
    let mut cluster = Cluster::settled(spec(2, "Delete", "Delete"));
    cluster.patch_set(json!({"spec": {"ordinals": {"start": 1}}}));
    cluster.settle();
    assert_eq!(cluster.owners(&claim("www-web-0")), ["Pod web-0"]);
    assert_eq!(cluster.owners(&claim("www-web-1")), ["StatefulSet web"]);
    assert_eq!(cluster.owners(&claim("www-web-2")), ["StatefulSet web"]);
}

/// Recorded: G01. Otherwise a claim could lose its Pod before it has it as its owner.
#[test]
fn all_claims_are_prepared_before_the_first_pod_goes() {
    let mut cluster = Cluster::settled(spec(3, "Retain", "Delete"));
    cluster.scale(1);
    let synced = cluster.sync();
    assert_eq!(synced.claims(), ["PUT www-web-2", "PUT www-web-1"]);
    assert_eq!(synced.pods(), ["DELETE web-2"]);
    assert!(synced.batches.concat().iter().position(|asked| asked == "DELETE pod/web-2") > Some(1));
}

/// Recorded: G10. One update of each Pod, though no Pod changes.
#[test]
fn another_policy_comes_to_all_claims() {
    let mut cluster = Cluster::settled(spec(2, "Retain", "Retain"));
    cluster.patch_set(policy("Delete", "Retain"));
    let synced = cluster.sync();
    assert_eq!(synced.claims(), ["PUT www-web-0", "PUT www-web-1"]);
    let updated = |name: &str| format!("SuccessfulUpdate: Update Pod {name} in StatefulSet web successful");
    assert_eq!(synced.events, [updated("web-0"), updated("web-1")]);
    assert!(cluster.sync().is_idle());
    cluster.patch_set(policy("Retain", "Retain"));
    cluster.sync();
    assert_eq!(cluster.owners(&claim("www-web-0")), NOTHING);
}

/// Recorded: G09, T63.
#[test]
fn a_claim_of_another_controller_is_left_to_it() {
    let mut cluster = Cluster::settled(spec(1, "Delete", "Retain"));
    cluster.change(&claim("www-web-0"), |claim| {
        claim.metadata.owner_references = vec![owner("Keeper", true)];
    });
    cluster.patch_set(policy("Delete", "Delete"));
    let synced = cluster.sync();
    assert_eq!(synced.claims(), NOTHING);
    assert_eq!(cluster.owners(&claim("www-web-0")), ["Keeper x"]);
}

/// Recorded: G09. Where the set has its own reference beside, it takes it away and says so.
#[test]
fn the_conflict_with_another_controller_is_told() {
    let mut cluster = Cluster::settled(spec(1, "Delete", "Retain"));
    cluster.change(&claim("www-web-0"), |claim| {
        claim.metadata.owner_references[0].controller = Some(false);
        claim.metadata.owner_references.push(owner("Keeper", true));
    });
    let synced = cluster.sync();
    let text = "ConflictingController: PersistentVolumeClaim www-web-0 has a conflicting OwnerReference that acts \
        as a manging controller, the retention policy is ignored for this claim";
    assert_eq!(synced.events[0], text);
    assert_eq!(cluster.owners(&claim("www-web-0")), ["Keeper x"]);
}

/// Owners that are no controllers are nobody's business.
#[test]
fn other_owners_stay() {
    let mut cluster = Cluster::settled(spec(1, "Retain", "Retain"));
    cluster.change(&claim("www-web-0"), |claim| {
        claim.metadata.owner_references = vec![owner("ConfigMap", false)];
    });
    assert!(cluster.sync().is_idle());
    cluster.patch_set(policy("Delete", "Retain"));
    cluster.sync();
    assert_eq!(cluster.owners(&claim("www-web-0")), ["ConfigMap x", "StatefulSet web"]);
}

fn stale_owner(cluster: &mut Cluster, key: &Key, owner: &Object) {
    let mut reference = owner.controller_reference();
    reference.uid = "of a former one".to_owned();
    cluster.change(key, |claim| claim.metadata.owner_references = vec![reference]);
}

/// `isClaimOwnerUpToDate`: what belongs to a former set or Pod of the name is the garbage collector's.
#[test]
fn a_claim_of_a_former_owner_is_not_touched() {
    let mut cluster = Cluster::settled(spec(1, "Delete", "Retain"));
    let owners = [cluster.get(&set()), cluster.get(&pod("web-0"))];
    for owner in owners {
        stale_owner(&mut cluster, &claim("www-web-0"), &owner);
        let synced = cluster.sync();
        assert!(synced.is_idle(), "{synced:?}");
    }
}

/// Recorded: T22. `TestStaleOwnerRefOnScaleup` of Kubernetes' own tests.
#[test]
fn a_claim_of_a_former_pod_keeps_its_successor_from_being_made() {
    for (scaled, made) in [("Delete", [].as_slice()), ("Retain", ["POST web-1"].as_slice())] {
        let mut cluster = Cluster::settled(spec(2, "Retain", scaled));
        let owner = cluster.get(&pod("web-1"));
        stale_owner(&mut cluster, &claim("www-web-1"), &owner);
        cluster.gone("web-1");
        let synced = cluster.sync();
        assert_eq!((synced.pods().as_slice(), &synced.outcome), (made_of(made).as_slice(), &Outcome::Done));
        assert_eq!(synced.events.is_empty(), made.is_empty(), "it waits without a word: {synced:?}");
    }
}

fn made_of(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
