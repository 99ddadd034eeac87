//! What a pod spec gets when it leaves something out.
//!
//! Models: `pkg/apis/core/v1/defaults.go` and the generated defaults of `core/v1`.

use apimachinery::value::{ValueExt, as_map_mut};
use serde_json::{Map, Value, json};

use super::image::default_pull_policy;
use super::volume_defaults::default_volume;
use crate::registry::fill::{default, default_number, default_text, each, inner};

/// Defaults of a pod spec, in a Pod or in a template: `SetDefaults_PodSpec` and below.
pub(crate) fn default_pod_spec(spec: &mut Value) {
    let spec = as_map_mut(spec);
    default_text(spec, "dnsPolicy", "ClusterFirst");
    default_text(spec, "restartPolicy", "Always");
    default(spec, "securityContext", json!({}));
    default(spec, "terminationGracePeriodSeconds", 30);
    default_text(spec, "schedulerName", "default-scheduler");
    mirror_service_account(spec);
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        each(spec, list).for_each(default_container);
    }
    each(spec, "volumes").for_each(default_volume);
}

/// Copies `serviceAccountName` to its old name `serviceAccount`, or the other way round.
fn mirror_service_account(spec: &mut Map<String, Value>) {
    let text = |name: &str| spec.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let (name, old_name) = (text("serviceAccountName"), text("serviceAccount"));
    if !name.is_empty() && name != old_name {
        spec.insert("serviceAccount".to_owned(), name.into());
    } else if name.is_empty() && !old_name.is_empty() {
        spec.insert("serviceAccountName".to_owned(), old_name.into());
    }
}

/// Defaults of a container of any sort.
fn default_container(container: &mut Map<String, Value>) {
    let image = container.get("image").and_then(Value::as_str).unwrap_or("");
    let policy = default_pull_policy(image);
    default_text(container, "imagePullPolicy", policy);
    default_text(container, "terminationMessagePath", "/dev/termination-log");
    default_text(container, "terminationMessagePolicy", "File");
    default(container, "resources", json!({}));
    each(container, "ports").for_each(|port| default_text(port, "protocol", "TCP"));
    for variable in each(container, "env") {
        if let Some(field) = inner(variable, "valueFrom").and_then(|v| inner(v, "fieldRef")) {
            default_text(field, "apiVersion", "v1");
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = inner(container, probe) {
            default_probe(probe);
        }
    }
    if let Some(lifecycle) = inner(container, "lifecycle") {
        for handler in ["postStart", "preStop"] {
            if let Some(get) = inner(lifecycle, handler).and_then(|h| inner(h, "httpGet")) {
                default_http_get(get);
            }
        }
    }
}

fn default_probe(probe: &mut Map<String, Value>) {
    default_number(probe, "timeoutSeconds", 1);
    default_number(probe, "periodSeconds", 10);
    default_number(probe, "successThreshold", 1);
    default_number(probe, "failureThreshold", 3);
    if let Some(get) = inner(probe, "httpGet") {
        default_http_get(get);
    }
    if let Some(grpc) = inner(probe, "grpc") {
        default(grpc, "service", "");
    }
}

fn default_http_get(get: &mut Map<String, Value>) {
    default_text(get, "path", "/");
    default_text(get, "scheme", "HTTP");
}

/// What only Pods get, not templates: `SetDefaults_Pod`.
pub(crate) fn default_pod_only(spec: &mut Value) {
    let spec = as_map_mut(spec);
    for list in ["containers", "initContainers"] {
        for container in each(spec, list) {
            if let Some(resources) = inner(container, "resources") {
                default_requests(resources);
            }
        }
    }
    default_pod_level_requests(spec);
    if spec.get("terminationGracePeriodSeconds").and_then(Value::as_i64).is_some_and(|grace| grace < 0) {
        spec.insert("terminationGracePeriodSeconds".to_owned(), 1.into());
    }
    default(spec, "enableServiceLinks", true);
    if spec.get("hostNetwork").and_then(Value::as_bool) == Some(true) {
        for list in ["containers", "initContainers"] {
            for port in each(spec, list).flat_map(|c| each(c, "ports")) {
                let number = port.get("containerPort").and_then(Value::as_i64).unwrap_or(0);
                default_number(port, "hostPort", number);
            }
        }
    }
}

/// Fills in missing requests from the limits.
fn default_requests(resources: &mut Map<String, Value>) {
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else { return };
    let requests = as_map_mut(resources.entry("requests").or_insert_with(|| json!({})));
    for (name, amount) in limits {
        requests.entry(name).or_insert(amount);
    }
}

/// Fills in requests of a whole Pod that has limits: what its containers ask for, else the limits.
fn default_pod_level_requests(spec: &mut Map<String, Value>) {
    let whole = Value::Object(spec.clone());
    let Some(limits) = whole.map_at(&["resources", "limits"]).filter(|l| !l.is_empty()) else { return };
    let summed = super::resources::container_requests(&whole);
    let Some(resources) = inner(spec, "resources") else { return };
    let requests = as_map_mut(resources.entry("requests").or_insert_with(|| json!({})));
    for (name, amount) in summed {
        if matches!(name.as_str(), "cpu" | "memory") {
            requests.entry(name).or_insert_with(|| amount.to_string().into());
        }
    }
    for (name, amount) in limits {
        if matches!(name.as_str(), "cpu" | "memory") || name.starts_with("hugepages-") {
            requests.entry(name.clone()).or_insert_with(|| amount.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_gets_what_the_recorded_one_has() {
        let mut spec = json!({"containers": [{"name": "nginx", "image": "nginx:1.7.9",
            "ports": [{"containerPort": 80, "name": "web"}]}], "terminationGracePeriodSeconds": 10});
        default_pod_spec(&mut spec);
        assert_eq!(
            spec,
            json!({"containers": [{"image": "nginx:1.7.9", "imagePullPolicy": "IfNotPresent", "name": "nginx",
                "ports": [{"containerPort": 80, "name": "web", "protocol": "TCP"}], "resources": {},
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}],
                "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
                "securityContext": {}, "terminationGracePeriodSeconds": 10})
        );
    }

    #[test]
    fn only_pods_get_requests_from_limits() {
        let mut spec = json!({"containers": [{"name": "c", "image": "i",
            "resources": {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "1"}}}]});
        default_pod_only(&mut spec);
        let requests = spec.list_at(&["containers"]).first().and_then(|c| c.at(&["resources", "requests"]));
        assert_eq!(requests, Some(&json!({"cpu": "1", "memory": "1Gi"})));
        assert_eq!(spec.bool_at(&["enableServiceLinks"]), Some(true));
    }
}
