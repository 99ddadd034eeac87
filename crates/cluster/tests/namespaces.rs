//! Namespaces and how they go: `docs/concepts/overview/working-with-objects/namespaces`, and KEP-5080 (Pods go first).
#![allow(clippy::unwrap_used)] // scenarios

mod support;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use apiserver::{Actor, DeleteOptions, Request};
use serde_json::json;
use support::{World, service, set};

/// The set of two Pods in a namespace of its own.
fn shop() -> World {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}));
    world.wait(1);
    world.create_in("shop", service());
    world.create_in("shop", set(2, None));
    world.wait(30);
    assert_eq!(pods(&world), 2);
    world
}

fn pods(world: &World) -> usize {
    world.cluster.store().list(Kind::Pod, "shop").count()
}

fn namespace(world: &World) -> Option<String> {
    world.find(Kind::Namespace, "shop").map(|object| object.status().str_at(&["phase"]).to_owned())
}

#[test]
fn a_namespace_goes_when_what_is_in_it_is_gone() {
    let mut world = shop();
    world.delete(Key::new(Kind::Namespace, "", "shop"), false);
    assert_eq!(namespace(&world).as_deref(), Some("Terminating"));
    world.wait(1);
    assert_eq!(pods(&world), 2, "they have their grace");
    assert!(world.cluster.store().list(Kind::StatefulSet, "shop").next().is_some(), "Pods go first");
    world.until(60, |w| pods(w) == 0);
    world.until(10, |w| namespace(w).is_none());
    let left = Kind::ALL.iter().map(|kind| world.cluster.store().list(*kind, "shop").count()).sum::<usize>();
    assert_eq!(left, 0);
}

#[test]
fn nothing_is_made_in_a_namespace_that_goes() {
    let mut world = shop();
    world.delete(Key::new(Kind::Namespace, "", "shop"), false);
    let config = api::Object::new(Kind::ConfigMap, "shop", "late");
    let refused = world.ask(Request::create(&Actor::user(), config)).unwrap_err();
    assert_eq!(
        refused.message,
        "configmaps \"late\" is forbidden: unable to create new content in namespace shop because it is being \
         terminated"
    );
    // Deleting it once more changes nothing.
    let revision = world.cluster.store().revision();
    world.delete(Key::new(Kind::Namespace, "", "shop"), false);
    assert_eq!(world.cluster.store().revision(), revision);
}

#[test]
fn some_namespaces_stay() {
    let mut world = World::with_nodes(&["node-1"]);
    for name in ["default", "kube-system", "kube-public"] {
        let key = Key::new(Kind::Namespace, "", name);
        let delete = Request::delete(&Actor::user(), key, DeleteOptions::default());
        let refused = world.ask(delete).unwrap_err();
        let text = format!("namespaces \"{name}\" is forbidden: this namespace may not be deleted");
        assert_eq!(refused.message, text);
    }
}
