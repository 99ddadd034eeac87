//! A volume that one node has at a time, when that node falls silent.
#![allow(clippy::unwrap_used)] // scenarios

mod support;

use api::{Key, Kind};
use apimachinery::value::{ValueExt, set_at};
use cluster::Fault;
use serde_json::json;
use support::{World, service, set};

/// A ready Pod `web-0` with a volume that has to be attached, and the volume's name.
fn with_volume(nodes: &[&str]) -> (World, String) {
    let mut world = World::with_nodes(nodes);
    world.create(json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": {"name": "my-storage-class"}, "provisioner": "hostpath.csi.k8s.io"}));
    world.create(service());
    let mut set = set(1, Some(5));
    set_at(
        &mut set,
        &["spec", "volumeClaimTemplates"],
        json!([{"metadata": {"name": "www"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": "my-storage-class",
        "resources": {"requests": {"storage": "1Gi"}}}}]),
    );
    let mounts = json!([{"name": "nginx", "image": "nginx:1.7.9",
        "volumeMounts": [{"name": "www", "mountPath": "/data/www"}]}]);
    set_at(&mut set, &["spec", "template", "spec", "containers"], mounts);
    world.create(set);
    world.until(60, |w| w.is_ready("web-0"));
    let volume =
        world.get(Kind::PersistentVolumeClaim, "www-web-0").spec().str_at(&["volumeName"]).to_owned();
    (world, volume)
}

fn holders(world: &World) -> Vec<String> {
    let nodes = world.cluster.store().list(Kind::Node, "");
    let with = nodes.filter(|node| !node.status().list_at(&["volumesAttached"]).is_empty());
    with.map(|node| node.metadata.name.clone()).collect()
}

fn pod(name: &str) -> Key {
    Key::new(Kind::Pod, "default", name)
}

/// The Pod's node is off, the Pod was deleted by force, its successor is on another node.
fn lost(world: &mut World) -> String {
    let home = world.node_of("web-0");
    world.fault(Fault::PowerOff { node: home.clone() });
    world.until(70, |w| w.get(Kind::Pod, "web-0").metadata.is_deleting());
    world.delete(pod("web-0"), true);
    world.wait(5);
    assert_ne!(world.node_of("web-0"), home);
    home
}

#[test]
fn a_volume_follows_its_pod_from_node_to_node() {
    let (mut world, volume) = with_volume(&["node-1", "node-2"]);
    let home = world.node_of("web-0");
    assert_eq!(holders(&world), [home.as_str()]);
    let text = format!("AttachVolume.Attach succeeded for volume \"{volume}\" ");
    assert_eq!(world.events("Pod/web-0", "SuccessfulAttachVolume", &text), 1);
    world.patch(Key::new(Kind::Node, "", home.as_str()), json!({"spec": {"unschedulable": true}}));
    world.delete(pod("web-0"), false);
    world.until(30, |w| w.is_ready("web-0") && w.node_of("web-0") != home);
    let next = world.node_of("web-0");
    assert_eq!(holders(&world), [next.as_str()]);
    assert!(world.has_reason("AttachesVolume") && world.has_reason("DetachesVolume"));
    assert!(!world.has_reason("WaitsForOtherNode"));
    world.assert_smooth();
}

#[test]
fn a_silent_node_keeps_a_volume_for_six_minutes() {
    let (mut world, volume) = with_volume(&["node-1", "node-2"]);
    let home = lost(&mut world);
    let text = format!(
        "Multi-Attach error for volume \"{volume}\" Volume is already exclusively attached to one node and can't be \
         attached to another"
    );
    assert_eq!(world.events("Pod/web-0", "FailedAttachVolume", &text), 1);
    assert_eq!(holders(&world), [home.as_str()]);
    world.wait(340);
    assert!(!world.is_ready("web-0"));
    let waiting = world.get(Kind::Pod, "web-0").status().list_at(&["containerStatuses"])[0].clone();
    assert_eq!(waiting.str_at(&["state", "waiting", "reason"]), "ContainerCreating");
    let waited = world.until(60, |w| w.is_ready("web-0"));
    assert!((10.0..25.0).contains(&waited), "{waited}");
    assert_eq!(holders(&world), [world.node_of("web-0")]);
    for reason in ["WaitsForOtherNode", "KeepsAttached", "ForcesDetach"] {
        assert!(world.has_reason(reason), "{reason}");
    }
}

#[test]
fn an_out_of_service_node_gives_its_volumes_up_at_once() {
    let (mut world, _) = with_volume(&["node-1", "node-2"]);
    let home = lost(&mut world);
    let mut taints = world.get(Kind::Node, &home).spec().list_at(&["taints"]).to_vec();
    taints.push(
        json!({"key": "node.kubernetes.io/out-of-service", "value": "nodeshutdown", "effect": "NoExecute"}),
    );
    world.patch(Key::new(Kind::Node, "", home.as_str()), json!({"spec": {"taints": taints}}));
    world.until(10, |w| w.is_ready("web-0"));
    assert_eq!(holders(&world), [world.node_of("web-0")]);
}
