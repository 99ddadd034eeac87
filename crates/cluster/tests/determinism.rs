//! The same inputs make the same life: everything that a checkpoint, a replay and a fork rest on.
#![allow(clippy::unwrap_used)] // scenarios

mod support;

use api::{Key, Kind};
use apimachinery::hash::fnv1a_32;
use apimachinery::value::set_at;
use cluster::{Cluster, Config, Fault, NodeSpec, Record, StepLog};
use serde_json::{Value, json};
use support::{World, service, set};

fn world(seed: u64) -> World {
    let nodes = ["node-1", "node-2", "node-3"].map(NodeSpec::named).to_vec();
    World { cluster: Cluster::new(Config { seed, nodes, ..Config::default() }), log: StepLog::default() }
}

fn key(kind: Kind, name: &str) -> Key {
    Key::new(kind, "default", name)
}

/// A set with claims, and one without that starts all at once.
fn sets() -> [Value; 2] {
    let mut ordered = set(3, Some(5));
    let template = json!({"metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "storageClassName": "slow", "resources": {"requests": {"storage": "1Gi"}}}});
    set_at(&mut ordered, &["spec", "volumeClaimTemplates"], json!([template]));
    let mounts = json!([{"name": "nginx", "image": "nginx:1.7.9",
        "volumeMounts": [{"name": "www", "mountPath": "/usr/share/nginx/html"}]}]);
    set_at(&mut ordered, &["spec", "template", "spec", "containers"], mounts);
    let mut parallel = set(12, None);
    set_at(&mut parallel, &["metadata", "name"], "many".into());
    set_at(&mut parallel, &["spec", "podManagementPolicy"], "Parallel".into());
    [ordered, parallel]
}

/// Two sets come, are rolled, scaled, disturbed.
fn begin(world: &mut World) {
    world.create(json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": {"name": "slow"}, "provisioner": "hostpath.csi.k8s.io",
        "volumeBindingMode": "WaitForFirstConsumer"}));
    world.create(service());
    for set in sets() {
        world.create(set);
    }
    world.wait(60);
    let image = json!({"spec": {"template": {"metadata": {"annotations": {"turn": "2"}}}}});
    world.patch(key(Kind::StatefulSet, "web"), image);
    world.wait(20);
    world.fault(Fault::CrashContainer {
        namespace: "default".to_owned(),
        pod: "many-3".to_owned(),
        container: String::new(),
        exit_code: 1,
    });
    world.patch(key(Kind::StatefulSet, "many"), json!({"spec": {"replicas": 17}}));
    world.wait(15);
}

/// A node falls silent, Pods and sets go.
fn end(world: &mut World) {
    world.evict("many-5").unwrap();
    world.fault(Fault::StopKubelet { node: "node-2".to_owned() });
    world.delete(key(Kind::Pod, "many-1"), true);
    world.wait(70);
    world.fault(Fault::StartKubelet { node: "node-2".to_owned() });
    world.fault(Fault::RestartController { name: "statefulset-controller".to_owned() });
    world.patch(key(Kind::StatefulSet, "many"), json!({"spec": {"replicas": 2}}));
    world.wait(40);
    world.delete(key(Kind::StatefulSet, "web"), false);
    world.wait(60);
}

/// One number for all that has happened, and for everything that was written.
fn digest(log: &StepLog) -> (usize, u32, u32) {
    let happened: String = log.records.iter().map(|record| Record::fingerprint(record) + "\n").collect();
    let written: String = log
        .changes
        .iter()
        .map(|change| format!("{} {:?}\n", change.key, change.after.as_ref().map(|o| o.to_value())))
        .collect();
    (log.records.len(), fnv1a_32(happened.as_bytes()), fnv1a_32(written.as_bytes()))
}

fn life(seed: u64) -> (usize, u32, u32) {
    let mut world = world(seed);
    begin(&mut world);
    end(&mut world);
    digest(&world.log)
}

#[test]
fn two_lives_of_one_seed_are_the_same() {
    let first = life(7);
    assert!(first.0 > 500, "much has happened: {} records", first.0);
    assert_eq!(first, life(7));
    assert_ne!(first, life(8), "another seed is another life");
}

#[test]
fn a_copy_goes_on_as_its_original_does() {
    let mut original = world(7);
    begin(&mut original);
    let mut copy = World { cluster: original.cluster.clone(), log: original.log.clone() };
    end(&mut original);
    end(&mut copy);
    assert_eq!(digest(&original.log), digest(&copy.log));
}
