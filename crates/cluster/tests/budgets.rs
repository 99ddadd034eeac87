//! Disruption budgets, quotas, and the older form of endpoints.
#![allow(clippy::unwrap_used)] // scenarios

mod support;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use serde_json::{Value, json};
use support::{World, service, set};

fn budget(spec: &Value) -> Value {
    let mut spec = spec.clone();
    apimachinery::value::set_at(&mut spec, &["selector"], json!({"matchLabels": {"app": "nginx"}}));
    json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": spec})
}

fn counts(world: &World) -> [i64; 4] {
    let budget = world.get(Kind::PodDisruptionBudget, "web");
    ["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"]
        .map(|name| budget.status().i64_at(&[name]).unwrap())
}

/// Recordings T57 and N24.
#[test]
fn a_budget_counts_healthy_pods_and_eviction_obeys_it() {
    let mut world = World::with_nodes(&["node-1", "node-2", "node-3"]);
    world.create(service());
    world.create(set(2, None));
    world.create(budget(&json!({"minAvailable": 2})));
    world.wait(1);
    assert!(world.events("PodDisruptionBudget/web", "NoPods", "No matching pods found") > 0);
    world.until(60, |w| w.is_ready("web-1"));
    world.wait(2);
    assert_eq!(counts(&world), [2, 2, 0, 2]);
    let status = world.get(Kind::PodDisruptionBudget, "web").status().clone();
    assert_eq!(status.i64_at(&["observedGeneration"]), Some(1));
    assert_eq!(
        world.condition(Kind::PodDisruptionBudget, "web", "DisruptionAllowed"),
        "False/InsufficientPods"
    );
    let refused = world.evict("web-1").unwrap_err();
    assert_eq!(refused.message, "Cannot evict pod as it would violate the pod's disruption budget.");

    world.patch(Key::new(Kind::StatefulSet, "default", "web"), json!({"spec": {"replicas": 3}}));
    world.until(30, |w| w.is_ready("web-2"));
    world.wait(1);
    assert_eq!(counts(&world), [3, 2, 1, 3]);
    assert_eq!(world.condition(Kind::PodDisruptionBudget, "web", "DisruptionAllowed"), "True/SufficientPods");
    world.evict("web-1").unwrap();
    assert!(world.evict("web-0").is_err(), "one at a time");
    world.wait(1);
    assert_eq!(counts(&world)[2], 0);
    world.until(60, |w| w.is_ready("web-1") && counts(w) == [3, 2, 1, 3]);
    let status = world.get(Kind::PodDisruptionBudget, "web").status().clone();
    assert_eq!(status.at(&["disruptedPods"]), None);
    assert!(world.has_reason("AllowsDisruptions") && world.has_reason("ForbidsDisruptions"));
    world.assert_smooth();
}

/// `docs/tasks/run-application/configure-pdb`, "Unhealthy Pod Eviction Policy".
#[test]
fn a_pod_that_is_not_ready_goes_while_the_ready_ones_are_enough() {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(service());
    world.create(set(3, None));
    world.create(budget(&json!({"minAvailable": 2})));
    world.until(60, |w| w.is_ready("web-2"));
    let unready = |world: &mut World, pod: &str| {
        let (namespace, pod) = ("default".to_owned(), pod.to_owned());
        world.fault(cluster::Fault::ForceReady { namespace, pod, ready: Some(false) });
        world.wait(2);
    };
    unready(&mut world, "web-2");
    assert_eq!(counts(&world), [2, 2, 0, 3]);
    assert!(world.evict("web-1").is_err(), "nothing is allowed");
    world.evict("web-2").unwrap();
    let status = world.get(Kind::PodDisruptionBudget, "web").status().clone();
    assert_eq!(status.at(&["disruptedPods"]), None, "it was not counted");

    world.until(60, |w| w.is_ready("web-2"));
    unready(&mut world, "web-1");
    unready(&mut world, "web-2");
    assert_eq!(counts(&world), [1, 2, 0, 3]);
    assert!(world.evict("web-2").is_err(), "the ready ones are not enough");
    let key = Key::new(Kind::PodDisruptionBudget, "default", "web");
    world.patch(key, json!({"spec": {"unhealthyPodEvictionPolicy": "AlwaysAllow"}}));
    world.wait(1);
    assert!(world.evict("web-0").is_err());
    world.evict("web-2").unwrap();
}

#[test]
fn shares_are_of_the_replicas_of_the_set() {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(service());
    world.create(set(3, None));
    world.create(budget(&json!({"maxUnavailable": "50%"})));
    world.until(60, |w| w.is_ready("web-0"));
    world.wait(1);
    // Three replicas are wanted from the first Pod on; half of three rounded up may be missing.
    let budget = counts(&world);
    assert_eq!((budget[1], budget[3]), (1, 3));
    world.until(60, |w| w.is_ready("web-2"));
    world.wait(1);
    assert_eq!(counts(&world), [3, 1, 2, 3]);
}

#[test]
fn a_spared_pod_loses_the_mark() {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(service());
    world.create(set(1, None));
    world.until(60, |w| w.is_ready("web-0"));
    let mut conditions = world.get(Kind::Pod, "web-0").status().list_at(&["conditions"]).to_vec();
    let now = world.cluster.now().rfc3339();
    conditions.push(json!({"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI",
        "lastTransitionTime": now}));
    let patch = apiserver::Patch::Merge(json!({"status": {"conditions": conditions}}));
    let key = Key::new(Kind::Pod, "default", "web-0");
    let user = apiserver::Actor::user();
    world.ask(apiserver::Request::patch(&user, key, patch, apiserver::Subresource::Status)).unwrap();
    world.wait(115);
    assert_eq!(world.condition(Kind::Pod, "web-0", "DisruptionTarget"), "True/EvictionByEvictionAPI");
    world.wait(10);
    assert_eq!(world.condition(Kind::Pod, "web-0", "DisruptionTarget"), "False");
    assert!(world.has_reason("ClearsStaleTarget"));
}

/// Recording T47, and what follows when Pods go.
#[test]
fn a_quota_follows_what_comes_and_goes() {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "limit"},
        "spec": {"hard": {"pods": "2", "count/statefulsets.apps": "5"}}}));
    world.wait(3);
    let used = |w: &World, name: &str| {
        w.get(Kind::ResourceQuota, "limit").status().str_at(&["used", name]).to_owned()
    };
    assert_eq!(used(&world, "pods"), "0");
    world.create(service());
    world.create(set(3, None));
    world.until(60, |w| w.is_ready("web-1"));
    world.wait(3);
    let status = world.get(Kind::ResourceQuota, "limit").status().clone();
    assert_eq!(
        status,
        json!({"hard": {"pods": "2", "count/statefulsets.apps": "5"},
        "used": {"pods": "2", "count/statefulsets.apps": "1"}})
    );
    assert!(world.find(Kind::Pod, "web-2").is_none());
    world.patch(Key::new(Kind::StatefulSet, "default", "web"), json!({"spec": {"replicas": 1}}));
    world.wait(10);
    assert_eq!(used(&world, "pods"), "1");
    world.patch(Key::new(Kind::ResourceQuota, "default", "limit"), json!({"spec": {"hard": {"pods": "4"}}}));
    world.wait(1);
    assert_eq!(world.get(Kind::ResourceQuota, "limit").status().str_at(&["hard", "pods"]), "4");
    assert!(world.has_reason("CountsUsage"));
}

#[test]
fn endpoints_list_ready_addresses_sorted_with_host_names() {
    let mut world = World::with_nodes(&["node-1"]);
    world.create(service());
    world.wait(1);
    let empty = world.get(Kind::Endpoints, "nginx");
    assert!(empty.field("subsets").is_null());
    let labels: Vec<(&str, &str)> =
        empty.metadata.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        labels,
        [
            ("app", "nginx"),
            ("endpoints.kubernetes.io/managed-by", "endpoint-controller"),
            ("service.kubernetes.io/headless", ""),
        ]
    );
    assert!(empty.metadata.annotations.contains_key("endpoints.kubernetes.io/last-change-trigger-time"));
    world.create(set(2, None));
    world.until(60, |w| w.is_ready("web-1"));
    world.wait(1);
    let subsets = world.get(Kind::Endpoints, "nginx").field("subsets").clone();
    let address = |world: &World, name: &str| {
        let pod = world.get(Kind::Pod, name);
        json!({"ip": pod.status().str_at(&["podIP"]), "hostname": name, "nodeName": "node-1", "targetRef":
            {"kind": "Pod", "namespace": "default", "name": name, "uid": pod.metadata.uid}})
    };
    let ports = json!([{"name": "web", "port": 80, "protocol": "TCP"}]);
    assert_eq!(
        subsets,
        json!([{"addresses": [address(&world, "web-0"), address(&world, "web-1")], "ports": ports}])
    );

    let key = Key::new(Kind::Pod, "default", "web-1");
    world.fault(cluster::Fault::ForceReady {
        namespace: "default".into(),
        pod: "web-0".into(),
        ready: Some(false),
    });
    world.wait(2);
    world.delete(key, false);
    world.cluster.advance(std::time::Duration::from_millis(60), &mut world.log);
    let subsets = world.get(Kind::Endpoints, "nginx").field("subsets").clone();
    assert_eq!(subsets, json!([{"notReadyAddresses": [address(&world, "web-0")], "ports": ports}]));

    world.delete(Key::new(Kind::Endpoints, "default", "nginx"), false);
    world.wait(1);
    assert!(world.find(Kind::Endpoints, "nginx").is_some(), "made again");
    world.delete(Key::new(Kind::Service, "default", "nginx"), false);
    world.wait(1);
    assert!(world.find(Kind::Endpoints, "nginx").is_none());
}
