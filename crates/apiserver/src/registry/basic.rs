//! Defaults and rules of the kinds.
use api::{Kind, Object};
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, set_at};
use apimachinery::{ErrorList, Path};
use serde_json::{Map, Value, json};

use super::{Context, content, objectmeta, pod};
use crate::etcd::Store;
use crate::request::Subresource;

fn default_to(map: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    map.entry(name.to_owned()).or_insert_with(|| value.into());
}

pub(super) fn defaults(object: &mut Object) {
    match object.kind {
        Kind::StatefulSet => stateful_set(object),
        Kind::Pod => {
            pod_spec(object.spec_mut());
            pod_only(object.spec_mut());
        }
        Kind::Service => service(object.spec_mut()),
        Kind::PersistentVolumeClaim => claim_spec(object.spec_mut()),
        Kind::PersistentVolume => {
            let spec = as_map_mut(object.spec_mut());
            default_to(spec, "persistentVolumeReclaimPolicy", "Retain");
            default_to(spec, "volumeMode", "Filesystem");
        }
        Kind::StorageClass => {
            for (name, value) in [("reclaimPolicy", "Delete"), ("volumeBindingMode", "Immediate")] {
                if object.field(name).is_null() {
                    object.set_field(name, value.into());
                }
            }
        }
        Kind::Secret => {
            if object.field("type").is_null() {
                object.set_field("type", "Opaque".into());
            }
        }
        Kind::Namespace => {
            set_at(object.spec_mut(), &["finalizers"], json!(["kubernetes"]));
            let name = object.metadata.name.clone();
            object.metadata.labels.insert("kubernetes.io/metadata.name".to_owned(), name);
        }
        _ => {}
    }
}

fn stateful_set(object: &mut Object) {
    let spec = as_map_mut(object.spec_mut());
    default_to(spec, "replicas", 1);
    default_to(spec, "revisionHistoryLimit", 10);
    default_to(spec, "podManagementPolicy", "OrderedReady");
    default_to(spec, "serviceName", "");
    let strategy = as_map_mut(spec.entry("updateStrategy").or_insert_with(|| json!({})));
    if strategy.get("type").is_none_or(|t| t == "") {
        strategy.insert("type".to_owned(), "RollingUpdate".into());
        default_to(strategy, "rollingUpdate", json!({}));
    }
    if strategy.get("type").is_some_and(|t| t == "RollingUpdate")
        && let Some(rolling) = strategy.get_mut("rollingUpdate")
    {
        let rolling = as_map_mut(rolling);
        default_to(rolling, "partition", 0);
        // The gate MaxUnavailableStatefulSet is off in v1.36: the field is dropped on write.
        rolling.remove("maxUnavailable");
    }
    let policy = as_map_mut(spec.entry("persistentVolumeClaimRetentionPolicy").or_insert_with(|| json!({})));
    default_to(policy, "whenDeleted", "Retain");
    default_to(policy, "whenScaled", "Retain");
    if spec.get("minReadySeconds").is_some_and(|v| v == 0) {
        spec.remove("minReadySeconds");
    }
    if let Some(template) = spec.get_mut("template") {
        let template = as_map_mut(template);
        if let Some(meta) = template.get_mut("metadata") {
            as_map_mut(meta).remove("creationTimestamp");
        }
        pod_spec(template.entry("spec").or_insert_with(|| json!({})));
    }
    if let Some(claims) = spec.get_mut("volumeClaimTemplates") {
        for claim in as_list_mut(claims) {
            let claim = as_map_mut(claim);
            default_to(claim, "apiVersion", "v1");
            default_to(claim, "kind", "PersistentVolumeClaim");
            claim_spec(claim.entry("spec").or_insert_with(|| json!({})));
            let status = as_map_mut(claim.entry("status").or_insert_with(|| json!({})));
            default_to(status, "phase", "Pending");
        }
    }
}

fn claim_spec(spec: &mut Value) {
    let spec = as_map_mut(spec);
    default_to(spec, "volumeMode", "Filesystem");
    default_to(spec, "resources", json!({}));
}

fn service(spec: &mut Value) {
    let spec = as_map_mut(spec);
    default_to(spec, "type", "ClusterIP");
    default_to(spec, "sessionAffinity", "None");
    if spec.get("type").is_some_and(|t| t != "ExternalName") {
        default_to(spec, "internalTrafficPolicy", "Cluster");
        let selectorless = spec.get("clusterIP").is_some_and(|c| c == "None")
            && spec.get("selector").is_none_or(|s| s.as_object().is_none_or(Map::is_empty));
        default_to(spec, "ipFamilyPolicy", if selectorless { "RequireDualStack" } else { "SingleStack" });
        default_to(spec, "ipFamilies", if selectorless { json!(["IPv4", "IPv6"]) } else { json!(["IPv4"]) });
    }
    if let Some(ports) = spec.get_mut("ports") {
        for port in as_list_mut(ports) {
            let port = as_map_mut(port);
            default_to(port, "protocol", "TCP");
            let number = port.get("port").cloned().unwrap_or(Value::Null);
            default_to(port, "targetPort", number);
        }
    }
}

fn pod_spec(spec: &mut Value) {
    let spec = as_map_mut(spec);
    default_to(spec, "dnsPolicy", "ClusterFirst");
    default_to(spec, "restartPolicy", "Always");
    default_to(spec, "securityContext", json!({}));
    default_to(spec, "terminationGracePeriodSeconds", 30);
    default_to(spec, "schedulerName", "default-scheduler");
    if let Some(account) = spec.get("serviceAccountName").cloned() {
        spec.insert("serviceAccount".to_owned(), account);
    }
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        if let Some(containers) = spec.get_mut(list) {
            for c in as_list_mut(containers) {
                container(as_map_mut(c));
            }
        }
    }
    if let Some(volumes) = spec.get_mut("volumes") {
        for v in as_list_mut(volumes) {
            volume(as_map_mut(v));
        }
    }
}

fn container(c: &mut Map<String, Value>) {
    let image = c.get("image").and_then(Value::as_str).unwrap_or("").to_owned();
    default_to(c, "imagePullPolicy", pull_policy(&image));
    default_to(c, "terminationMessagePath", "/dev/termination-log");
    default_to(c, "terminationMessagePolicy", "File");
    default_to(c, "resources", json!({}));
    if let Some(ports) = c.get_mut("ports") {
        for port in as_list_mut(ports) {
            default_to(as_map_mut(port), "protocol", "TCP");
        }
    }
    if let Some(env) = c.get_mut("env") {
        for variable in as_list_mut(env) {
            if let Some(Value::Object(field)) = variable.get_mut("valueFrom").and_then(|v| v.get_mut("fieldRef")) {
                default_to(field, "apiVersion", "v1");
            }
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = c.get_mut(name) {
            let probe = as_map_mut(probe);
            default_to(probe, "timeoutSeconds", 1);
            default_to(probe, "periodSeconds", 10);
            default_to(probe, "successThreshold", 1);
            default_to(probe, "failureThreshold", 3);
            handler(probe);
        }
    }
    if let Some(Value::Object(lifecycle)) = c.get_mut("lifecycle") {
        for hook in lifecycle.values_mut() {
            handler(as_map_mut(hook));
        }
    }
}

fn handler(handler: &mut Map<String, Value>) {
    if let Some(Value::Object(http)) = handler.get_mut("httpGet") {
        default_to(http, "path", "/");
        default_to(http, "scheme", "HTTP");
    }
    if let Some(Value::Object(grpc)) = handler.get_mut("grpc") {
        default_to(grpc, "service", "");
    }
}

fn pull_policy(image: &str) -> &'static str {
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains('@') {
        return "IfNotPresent";
    }
    match last.split_once(':') {
        None => "Always",
        Some((_, "latest")) => "Always",
        Some(_) => "IfNotPresent",
    }
}

fn volume(v: &mut Map<String, Value>) {
    if v.len() <= 1 {
        v.insert("emptyDir".to_owned(), json!({}));
    }
    for name in ["configMap", "secret", "downwardAPI", "projected"] {
        if let Some(Value::Object(source)) = v.get_mut(name) {
            default_to(source, "defaultMode", 420);
        }
    }
    if let Some(Value::Object(path)) = v.get_mut("hostPath") {
        default_to(path, "type", "");
    }
}

fn pod_only(spec: &mut Value) {
    let map = as_map_mut(spec);
    default_to(map, "enableServiceLinks", true);
    for list in ["containers", "initContainers"] {
        let Some(containers) = map.get_mut(list) else { continue };
        for c in as_list_mut(containers) {
            let limits = c.map_at(&["resources", "limits"]).cloned().unwrap_or_default();
            for (name, amount) in limits {
                if c.at(&["resources", "requests", &name]).is_none() {
                    set_at(c, &["resources", "requests", &name], amount);
                }
            }
        }
    }
}

pub(super) fn prepare_for_create(object: &mut Object, context: &mut Context<'_>) {
    match object.kind {
        Kind::Pod => {
            let qos = pod::qos_class(object.spec());
            object.set_field("status", json!({"phase": "Pending", "qosClass": qos}));
        }
        Kind::StatefulSet => object.set_field("status", json!({"replicas": 0, "availableReplicas": 0})),
        Kind::PersistentVolumeClaim => object.set_field("status", json!({"phase": "Pending"})),
        Kind::PersistentVolume => object.set_field("status", json!({"phase": "Pending"})),
        Kind::Namespace => object.set_field("status", json!({"phase": "Active"})),
        Kind::Service => {
            object.set_field("status", json!({"loadBalancer": {}}));
            allocate_cluster_ip(object, context);
        }
        _ => {}
    }
}

fn allocate_cluster_ip(object: &mut Object, context: &mut Context<'_>) {
    let spec = object.spec();
    if spec.str_at(&["type"]) == "ExternalName" {
        return;
    }
    let given = spec.str_at(&["clusterIP"]).to_owned();
    let ip = if given.is_empty() {
        let taken = |ip: &str| context.store.list(Kind::Service, "").any(|s| s.spec().str_at(&["clusterIP"]) == ip);
        loop {
            let (a, b) = (96 + context.rng.below(8), context.rng.below(256));
            let ip = format!("10.{a}.{b}.{}", 1 + context.rng.below(254));
            if !taken(&ip) {
                break ip;
            }
        }
    } else {
        given
    };
    let spec = object.spec_mut();
    set_at(spec, &["clusterIP"], ip.as_str().into());
    set_at(spec, &["clusterIPs"], json!([ip]));
}

pub(super) fn prepare_for_update(new: &mut Object, old: &Object, subresource: Subresource) {
    if subresource == Subresource::Status {
        let status = new.fields.get("status").cloned();
        new.fields.clone_from(&old.fields);
        match status {
            Some(status) => new.fields.insert("status".to_owned(), status),
            None => new.fields.remove("status"),
        };
        return;
    }
    if old.kind.info().has_status {
        match old.fields.get("status") {
            Some(status) => new.fields.insert("status".to_owned(), std::rc::Rc::clone(status)),
            None => new.fields.remove("status"),
        };
    }
    if old.kind.info().has_generation && new.fields.get("spec") != old.fields.get("spec") {
        new.metadata.generation = old.metadata.generation + 1;
    }
}

fn name_check(kind: Kind) -> content::NameCheck {
    match kind {
        Kind::StatefulSet | Kind::Service | Kind::Namespace => content::name_is_label,
        _ => content::name_is_subdomain,
    }
}

pub(super) fn validate_create(object: &Object, _store: &Store) -> ErrorList {
    let mut errors = ErrorList::new();
    objectmeta::validate_object_meta(&mut errors, object, name_check(object.kind));
    if object.kind == Kind::StatefulSet {
        stateful_set_errors(object, &mut errors);
    }
    errors
}

fn stateful_set_errors(object: &Object, errors: &mut ErrorList) {
    let spec = object.spec();
    let path = Path::new("spec");
    let policy = spec.str_at(&["podManagementPolicy"]);
    if !matches!(policy, "OrderedReady" | "Parallel") {
        errors.invalid(&path.child("podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'");
    }
    let kind = spec.str_at(&["updateStrategy", "type"]);
    if !matches!(kind, "RollingUpdate" | "OnDelete") {
        let value = json!({"Type": kind, "RollingUpdate": null});
        // Go prints the struct's members in their own order.
        let _ = value;
        errors.invalid(&path.child("updateStrategy"), json!({"Type": kind, "RollingUpdate": null}), "must be 'RollingUpdate' or 'OnDelete'");
    }
    for name in ["replicas", "minReadySeconds"] {
        if let Some(n) = spec.i64_at(&[name]).filter(|n| *n < 0) {
            errors.invalid(&path.child(name), n, content::NOT_NEGATIVE);
        }
    }
    let selector = spec.at(&["selector"]);
    if selector.is_none() {
        errors.required(&path.child("selector"), "");
    }
    let labels = spec.at(&["template", "metadata", "labels"]).cloned().unwrap_or(json!({}));
    let parsed = apimachinery::labels::Selector::from_label_selector(selector.unwrap_or(&Value::Null));
    let map = labels.as_object().into_iter().flatten();
    let map = map.map(|(k, v)| (k.clone(), v.as_str().unwrap_or("").to_owned())).collect();
    if parsed.is_ok_and(|s| !s.matches(&map)) {
        errors.invalid(
            &path.child("template").child("metadata").child("labels"),
            labels,
            "`selector` does not match template `labels`",
        );
    }
}

const STATEFUL_SET_UPDATE: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

pub(super) fn validate_update(new: &Object, old: &Object, subresource: Subresource) -> ErrorList {
    let mut errors = ErrorList::new();
    objectmeta::validate_object_meta_update(&mut errors, new, old);
    if new.kind == Kind::StatefulSet && subresource == Subresource::None {
        stateful_set_errors(new, &mut errors);
        let fixed = ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"];
        if fixed.iter().any(|f| new.spec().at(&[f]) != old.spec().at(&[f])) {
            errors.forbidden(&Path::new("spec"), STATEFUL_SET_UPDATE);
        }
    }
    errors
}

pub(super) fn warnings(_object: &Object) -> Vec<String> {
    Vec::new()
}
