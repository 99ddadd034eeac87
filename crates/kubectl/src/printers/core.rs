//! Rows of the other kinds.

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::{age, object_age, or_none};

/// Columns of `get events -o wide`.
pub const WIDE_EVENT: &[&str] = &[
    "LAST SEEN",
    "TYPE",
    "REASON",
    "OBJECT",
    "SUBOBJECT",
    "SOURCE",
    "MESSAGE",
    "FIRST SEEN",
    "COUNT",
    "NAME",
];

/// The object that manages an object: `statefulset.apps/web`.
fn controller(object: &Object) -> String {
    let Some(owner) = object.metadata.controller() else { return "<none>".to_owned() };
    let kind = Kind::from_manifest(&owner.api_version, &owner.kind);
    let word = kind.map_or_else(|| owner.kind.to_ascii_lowercase(), |k| k.info().qualified_singular());
    format!("{word}/{}", owner.name)
}

pub fn cells(object: &Object, now: Time) -> Vec<String> {
    let name = object.metadata.name.clone();
    let age = object_age(object, now);
    let (spec, status) = (object.spec(), object.status());
    match object.kind {
        Kind::StatefulSet => {
            let ready = status.i64_at(&["readyReplicas"]).unwrap_or(0);
            let wanted = spec.i64_at(&["replicas"]).unwrap_or(0);
            let containers = spec.list_at(&["template", "spec", "containers"]);
            let list =
                |member: &str| containers.iter().map(|c| c.str_at(&[member])).collect::<Vec<_>>().join(",");
            vec![name, format!("{ready}/{wanted}"), age, list("name"), list("image")]
        }
        Kind::Service => service(object, age, false),
        Kind::EndpointSlice => endpoint_slice(object, age),
        Kind::Endpoints => vec![name, endpoints(object), age],
        Kind::ControllerRevision => {
            vec![name, controller(object), object.field("revision").to_string(), age]
        }
        Kind::Node => node(object, age),
        Kind::Event => event(object, now),
        Kind::PodDisruptionBudget => {
            let cell = |path: &[&str]| spec.at(path).map_or_else(|| "N/A".to_owned(), plain);
            let allowed = status.i64_at(&["disruptionsAllowed"]).unwrap_or(0).to_string();
            vec![name, cell(&["minAvailable"]), cell(&["maxUnavailable"]), allowed, age]
        }
        Kind::Namespace => vec![name, status.str_at(&["phase"]).to_owned(), age],
        Kind::ConfigMap => {
            let count = |f: &str| object.field(f).as_object().map_or(0, serde_json::Map::len);
            vec![name, (count("data") + count("binaryData")).to_string(), age]
        }
        Kind::Secret => {
            let count = object.field("data").as_object().map_or(0, serde_json::Map::len);
            vec![name, object.field("type").as_str().unwrap_or("").to_owned(), count.to_string(), age]
        }
        Kind::ServiceAccount => vec![name, age],
        Kind::ResourceQuota => quota(object, age),
        Kind::LimitRange => {
            vec![name, object.metadata.creation_timestamp.map_or(String::new(), Time::rfc3339)]
        }
        Kind::PriorityClass => vec![
            name,
            object.field("value").to_string(),
            (object.field("globalDefault") == true).to_string(),
            age,
            object.field("preemptionPolicy").as_str().unwrap_or("PreemptLowerPriority").to_owned(),
        ],
        Kind::Lease => vec![name, object.spec().str_at(&["holderIdentity"]).to_owned(), age],
        Kind::Pod | Kind::PersistentVolumeClaim | Kind::PersistentVolume | Kind::StorageClass => {
            vec![name, age]
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The row of a Service in a wide table, which shows every address.
pub fn wide_service(object: &Object, now: Time) -> Vec<String> {
    service(object, object_age(object, now), true)
}

fn addresses(spec: &Value) -> Vec<String> {
    spec.list_at(&["externalIPs"]).iter().map(plain).collect()
}

/// The addresses of a load balancer; a narrow table shows their first 16 characters.
fn balanced(object: &Object, wide: bool) -> String {
    let points = object.status().list_at(&["loadBalancer", "ingress"]).iter();
    let points: Vec<&str> = points
        .map(|point| match point.str_at(&["ip"]) {
            "" => point.str_at(&["hostname"]),
            ip => ip,
        })
        .filter(|text| !text.is_empty())
        .collect();
    let mut shown = points.join(",");
    if !wide && shown.len() > 16 {
        shown = shown.chars().take(13).collect::<String>() + "...";
    }
    let all: Vec<String> =
        Some(shown).filter(|s| !s.is_empty()).into_iter().chain(addresses(object.spec())).collect();
    if all.is_empty() { "<pending>".to_owned() } else { all.join(",") }
}

fn service(object: &Object, age: String, wide: bool) -> Vec<String> {
    let spec = object.spec();
    let kind = spec.str_at(&["type"]);
    let ports = spec.list_at(&["ports"]).iter().map(|p| {
        let node = p.i64_at(&["nodePort"]).filter(|n| *n != 0).map_or(String::new(), |n| format!(":{n}"));
        format!("{}{node}/{}", p.i64_at(&["port"]).unwrap_or(0), p.str_at(&["protocol"]))
    });
    let external = match kind {
        "ExternalName" => spec.str_at(&["externalName"]).to_owned(),
        "LoadBalancer" => balanced(object, wide),
        _ => or_none(addresses(spec).join(",")),
    };
    let selector = spec.map_at(&["selector"]).into_iter().flatten();
    let selector: Vec<String> = selector.map(|(k, v)| format!("{k}={}", plain(v))).collect();
    vec![
        object.metadata.name.clone(),
        kind.to_owned(),
        or_none(spec.str_at(&["clusterIP"])),
        external,
        or_none(ports.collect::<Vec<_>>().join(",")),
        age,
        or_none(selector.join(",")),
    ]
}

fn up_to_three(items: &[String]) -> String {
    let shown: Vec<&str> = items.iter().take(3).map(String::as_str).collect();
    let text = shown.join(",");
    if items.len() > 3 { format!("{text} + {} more...", items.len() - 3) } else { text }
}

fn endpoint_slice(object: &Object, age: String) -> Vec<String> {
    let ports: Vec<String> = object
        .field("ports")
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| p.i64_at(&["port"]).map_or_else(|| "*".to_owned(), |n| n.to_string()))
        .collect();
    let endpoints = object.field("endpoints").as_array().into_iter().flatten();
    let addresses: Vec<String> = endpoints
        .flat_map(|e| e.list_at(&["addresses"]))
        .filter_map(|a| a.as_str().map(str::to_owned))
        .collect();
    let unset = |text: String| if text.is_empty() { "<unset>".to_owned() } else { text };
    vec![
        object.metadata.name.clone(),
        object.field("addressType").as_str().unwrap_or("").to_owned(),
        unset(up_to_three(&ports)),
        unset(up_to_three(&addresses)),
        age,
    ]
}

fn endpoints(object: &Object) -> String {
    let subsets = object.field("subsets").as_array();
    let Some(subsets) = subsets.filter(|s| !s.is_empty()) else { return "<none>".to_owned() };
    let mut items = Vec::new();
    for subset in subsets {
        for address in subset.list_at(&["addresses"]) {
            for port in subset.list_at(&["ports"]) {
                items.push(format!("{}:{}", address.str_at(&["ip"]), port.i64_at(&["port"]).unwrap_or(0)));
            }
        }
    }
    up_to_three(&items)
}

fn node(object: &Object, age: String) -> Vec<String> {
    let status = object.status();
    let ready = status.list_at(&["conditions"]).iter().find(|c| c.str_at(&["type"]) == "Ready");
    let mut word = match ready.map(|c| c.str_at(&["status"])) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    }
    .to_owned();
    if object.spec().bool_at(&["unschedulable"]) == Some(true) {
        word.push_str(",SchedulingDisabled");
    }
    let prefix = "node-role.kubernetes.io/";
    let roles: Vec<&str> = object.metadata.labels.keys().filter_map(|k| k.strip_prefix(prefix)).collect();
    let address = |kind: &str| {
        let found = status.list_at(&["addresses"]).iter().find(|a| a.str_at(&["type"]) == kind);
        or_none(found.map_or("", |a| a.str_at(&["address"])))
    };
    let info = |member: &str| status.str_at(&["nodeInfo", member]).to_owned();
    vec![
        object.metadata.name.clone(),
        word,
        or_none(roles.join(",")),
        age,
        info("kubeletVersion"),
        address("InternalIP"),
        address("ExternalIP"),
        info("osImage"),
        info("kernelVersion"),
        info("containerRuntimeVersion"),
    ]
}

/// `pod/web-0`: the object of an event.
pub fn involved(event: &Object) -> String {
    let object = event.field("involvedObject");
    format!("{}/{}", object.str_at(&["kind"]).to_ascii_lowercase(), object.str_at(&["name"]))
}

fn time(object: &Object, field: &str) -> Option<Time> {
    object.field(field).as_str().and_then(Time::parse_rfc3339)
}

/// When an Event came first and last, and how often: Events of the newer kind have a moment instead of two,
/// and a series instead of a count.
fn occurrences(event: &Object) -> (Option<Time>, Option<Time>, i64) {
    let first = time(event, "firstTimestamp").or_else(|| time(event, "eventTime"));
    let last = time(event, "lastTimestamp").or(first);
    let series = event.field("series");
    if series.is_object() {
        let last = Time::parse_rfc3339(series.str_at(&["lastObservedTime"]));
        return (first, last, series.i64_at(&["count"]).unwrap_or(0));
    }
    (first, last, event.field("count").as_i64().filter(|count| *count > 0).unwrap_or(1))
}

fn event(object: &Object, now: Time) -> Vec<String> {
    let text = |field: &str| object.field(field).as_str().unwrap_or("").to_owned();
    let (_, last, _) = occurrences(object);
    vec![age(last, now), text("type"), text("reason"), involved(object), text("message").trim().to_owned()]
}

/// The cells of `get events -o wide`.
pub fn wide_event(object: &Object, now: Time) -> Vec<String> {
    let text = |field: &str| object.field(field).as_str().unwrap_or("").to_owned();
    let (first, last, count) = occurrences(object);
    vec![
        age(last, now),
        text("type"),
        text("reason"),
        involved(object),
        object.field("involvedObject").str_at(&["fieldPath"]).to_owned(),
        event_source(object),
        text("message").trim().to_owned(),
        age(first, now),
        count.to_string(),
        object.metadata.name.clone(),
    ]
}

/// The component that an Event comes from, and its node.
fn event_source(event: &Object) -> String {
    let old = event.field("source");
    let new = |field: &str| event.field(field).as_str().unwrap_or("");
    let or = |old: &str, new: &str| if old.is_empty() { new.to_owned() } else { old.to_owned() };
    let component = or(old.str_at(&["component"]), new("reportingComponent"));
    let host = or(old.str_at(&["host"]), new("reportingInstance"));
    if host.is_empty() { component } else { format!("{component}, {host}") }
}

fn quota(object: &Object, age: String) -> Vec<String> {
    let hard = object.status().map_at(&["hard"]).or_else(|| object.spec().map_at(&["hard"]));
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (name, limit) in hard.into_iter().flatten() {
        let used = object.status().at(&["used", name]).map_or_else(|| "0".to_owned(), plain);
        let text = format!("{name}: {used}/{}", plain(limit));
        if name.starts_with("limits") { limits.push(text) } else { requests.push(text) }
    }
    vec![object.metadata.name.clone(), requests.join(", "), limits.join(", "), age]
}
