//! `StatefulSet`s.
//!
//! Models: `pkg/apis/apps/v1/defaults.go`, `pkg/apis/apps/validation`,
//! `pkg/registry/apps/statefulset/strategy.go`. The gate `MaxUnavailableStatefulSet` is off in
//! v1.36: the field is dropped on write.

use api::Object;
use apimachinery::labels::Selector;
use apimachinery::sorted::SortedMap;
use apimachinery::value::{ValueExt, as_list_mut, as_map_mut, remove_at};
use apimachinery::{ErrorList, Path};
use serde_json::{Map, Value, json};

use super::Context;
use super::content::{self, NameCheck};
use super::fill::{default, default_text, each, inner};
use super::golang::{internal, round_trip_status};
use super::objectmeta::{
    invalid_each, validate_label_selector, validate_nonnegative, validate_object_meta,
    validate_object_meta_update,
};
use super::persistentvolumeclaim::validate_claim_spec;
use super::place::Place;
use super::podspec::defaults::default_pod_spec;
use super::podspec::gates;
use super::podspec::validate_pod_template;
use super::podspec::warnings::pod_spec_warnings;
use super::strategy::{Strategy, count_change};
use crate::etcd::Store;

/// What an update may change; the rest of the spec is fixed.
const MUTABLE: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

pub(crate) struct StatefulSetStrategy;

impl Strategy for StatefulSetStrategy {
    fn name_check(&self) -> NameCheck {
        content::name_is_label
    }

    fn defaults(&self, object: &mut Object) {
        default_spec(as_map_mut(object.spec_mut()));
    }

    fn prepare_for_create(&self, object: &mut Object, _context: &mut Context<'_>) {
        object.set_field("status", json!({}));
        round_trip_status(object);
        drop_disabled(object, None);
    }

    fn prepare_for_update(&self, new: &mut Object, old: &Object, _context: &mut Context<'_>) {
        drop_disabled(new, Some(old));
        count_change(new, old);
    }

    fn validate_create(&self, errors: &mut ErrorList, object: &Object, _store: &Store) {
        validate_object_meta(errors, object, self.name_check());
        let spec = Place::new(object.spec(), Path::new("spec"));
        validate_spec(errors, &spec, Template::New);
        let service = spec.str("serviceName");
        if !service.is_empty() {
            invalid_each(errors, &spec.at("serviceName"), service, content::dns_label(service));
        }
    }

    fn validate_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_object_meta_update(errors, new, old);
        let (new, old) = (new.spec(), old.spec());
        // Sets from before a rule may be changed in spite of it.
        let mut before = ErrorList::new();
        validate_template(&mut before, &Place::new(old, Path::new("spec")), Template::Checked);
        let template = if before.is_empty() { Template::Checked } else { Template::Grandfathered };
        validate_spec(errors, &Place::new(new, Path::new("spec")), template);
        let fixed = |spec: &Value| {
            let mut spec = spec.clone();
            for name in MUTABLE {
                remove_at(&mut spec, &[name]);
            }
            spec
        };
        if fixed(new) != fixed(old) {
            let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
            errors.forbidden(&Path::new("spec"), detail);
        }
    }

    fn validate_status_update(&self, errors: &mut ErrorList, new: &Object, old: &Object) {
        validate_status(errors, &Place::new(new.status(), Path::new("status")));
        validate_object_meta_update(errors, new, old);
        let count = |object: &Object| object.status().i64_at(&["collisionCount"]);
        if count(old).is_some_and(|before| count(new).is_none_or(|after| after < before)) {
            let path = Path::new("status.collisionCount");
            errors.invalid(&path, count(new).unwrap_or(0), "cannot be decremented");
        }
    }

    fn warnings(&self, new: &Object, old: Option<&Object>) -> Vec<String> {
        let spec = Place::new(new.spec(), Path::new("spec"));
        let template = spec.member("template").member("spec");
        let old_spec = old.map(|old| Place::new(old.spec(), Path::new("spec")));
        let old_template = old_spec.as_ref().map(|spec| spec.member("template").member("spec"));
        let mut out = Vec::new();
        if old_template.as_ref().is_none_or(|old| old.value != template.value) {
            out = pod_spec_warnings(&template, old_template.as_ref());
        }
        if spec.int("revisionHistoryLimit").is_some_and(|limit| limit < 0) {
            out.push("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended".to_owned());
        }
        out
    }
}

fn default_spec(spec: &mut Map<String, Value>) {
    default_text(spec, "podManagementPolicy", "OrderedReady");
    default(spec, "replicas", 1);
    default(spec, "revisionHistoryLimit", 10);
    default(spec, "serviceName", "");
    let strategy = as_map_mut(spec.entry("updateStrategy").or_insert_with(|| json!({})));
    if strategy.get("type").and_then(Value::as_str).unwrap_or("").is_empty() {
        strategy.insert("type".to_owned(), "RollingUpdate".into());
        default(strategy, "rollingUpdate", json!({}));
    }
    if strategy.get("type").and_then(Value::as_str) == Some("RollingUpdate")
        && let Some(rolling) = inner(strategy, "rollingUpdate")
    {
        default(rolling, "partition", 0);
    }
    let policy = as_map_mut(spec.entry("persistentVolumeClaimRetentionPolicy").or_insert_with(|| json!({})));
    default_text(policy, "whenDeleted", "Retain");
    default_text(policy, "whenScaled", "Retain");
    let template = as_map_mut(spec.entry("template").or_insert_with(|| json!({})));
    default_pod_spec(template.entry("spec").or_insert_with(|| json!({})));
    for claim in each(spec, "volumeClaimTemplates") {
        claim.insert("apiVersion".to_owned(), "v1".into());
        claim.insert("kind".to_owned(), "PersistentVolumeClaim".into());
        let claim_spec = as_map_mut(claim.entry("spec").or_insert_with(|| json!({})));
        default(claim_spec, "volumeMode", "Filesystem");
        let status = as_map_mut(claim.entry("status").or_insert_with(|| json!({})));
        default_text(status, "phase", "Pending");
    }
}

/// Drops fields whose gates are off, unless the stored object has them already.
fn drop_disabled(new: &mut Object, old: Option<&Object>) {
    const PATH: [&str; 3] = ["updateStrategy", "rollingUpdate", "maxUnavailable"];
    let kept = old.is_some_and(|old| old.spec().at(&PATH).is_some());
    if !kept && new.spec().at(&PATH).is_some() {
        remove_at(new.spec_mut(), &PATH);
    }
    let old = old.and_then(|old| old.spec().at(&["template", "spec"]));
    if let Some(template) = new.spec_mut().pointer_mut("/template/spec") {
        gates::drop_disabled(template, old);
    }
}

/// Whether the pod template is checked, or was wrong already and is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Template {
    /// It is that of a new set: its claim templates are checked, too. They cannot change later.
    New,
    Checked,
    Grandfathered,
}

/// `ValidateStatefulSetSpec`.
fn validate_spec(errors: &mut ErrorList, spec: &Place<'_>, template: Template) {
    match spec.str("podManagementPolicy") {
        "OrderedReady" | "Parallel" => {}
        other => {
            errors.invalid(&spec.at("podManagementPolicy"), other, "must be 'OrderedReady' or 'Parallel'");
        }
    }
    validate_update_strategy(errors, &spec.member("updateStrategy"));
    let policy = spec.member("persistentVolumeClaimRetentionPolicy");
    for name in ["whenDeleted", "whenScaled"] {
        let value = policy.str(name);
        if !matches!(value, "Retain" | "Delete") {
            errors.not_supported(&policy.at(name), value, &["Retain", "Delete"]);
        }
    }
    for name in ["replicas", "minReadySeconds"] {
        validate_nonnegative(errors, spec.int(name).unwrap_or(0), &spec.at(name));
    }
    if let Some(ordinals) = spec.get("ordinals") {
        validate_nonnegative(errors, ordinals.int("start").unwrap_or(0), &ordinals.at("start"));
    }
    let mut understood = true;
    match spec.get("selector") {
        None => errors.required(&spec.at("selector"), ""),
        Some(selector) => {
            let mut found = ErrorList::new();
            validate_label_selector(&mut found, &selector);
            understood = found.is_empty();
            errors.extend(found);
            let printed = internal::compact("LabelSelector", selector.value);
            if !understood {
                errors.invalid_printed(&selector.path, printed, "");
            } else if selector.map("matchLabels").is_none_or(Map::is_empty)
                && selector.items("matchExpressions").is_empty()
            {
                errors.invalid_printed(&selector.path, printed, "empty selector is invalid for statefulset");
            }
        }
    }
    // What the template should match must be known.
    if understood {
        validate_template_labels(errors, spec);
        if template != Template::Grandfathered {
            validate_template(errors, spec, template);
        }
    }
    let pod = spec.member("template").member("spec");
    if pod.str("restartPolicy") != "Always" {
        errors.not_supported(&pod.at("restartPolicy"), pod.str("restartPolicy"), &["Always"]);
    }
    if pod.has("activeDeadlineSeconds") {
        let detail = "activeDeadlineSeconds in StatefulSet is not Supported";
        errors.forbidden(&pod.at("activeDeadlineSeconds"), detail);
    }
}

fn validate_update_strategy(errors: &mut ErrorList, strategy: &Place<'_>) {
    match strategy.str("type") {
        "" => errors.required(&strategy.path, ""),
        "OnDelete" => {
            if let Some(rolling) = strategy.get("rollingUpdate") {
                let printed = internal::compact("RollingUpdateStatefulSetStrategy", rolling.value);
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                errors.invalid_printed(&rolling.path, printed, detail);
            }
        }
        "RollingUpdate" => {
            if let Some(rolling) = strategy.get("rollingUpdate") {
                validate_nonnegative(errors, rolling.int("partition").unwrap_or(0), &rolling.at("partition"));
            }
        }
        _ => {
            let printed = internal::compact("StatefulSetUpdateStrategy", strategy.value);
            errors.invalid_printed(&strategy.path, printed, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

fn validate_template_labels(errors: &mut ErrorList, spec: &Place<'_>) {
    let selector = spec.member("selector");
    let Ok(parsed) = Selector::from_label_selector(selector.value) else { return };
    let labels = spec.member("template").member("metadata").member("labels");
    let map: SortedMap<String, String> = labels
        .value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(k, v)| (k.clone(), v.as_str().unwrap_or("").to_owned()))
        .collect();
    if !parsed.is_empty() && !parsed.matches(&map) {
        let detail = "`selector` does not match template `labels`";
        errors.invalid(&labels.path, labels.value.clone(), detail);
    }
}

/// Checks the pod template together with the volumes that claim templates become, then the claim templates.
fn validate_template(errors: &mut ErrorList, spec: &Place<'_>, which: Template) {
    let claims = spec.items("volumeClaimTemplates");
    let template = spec.member("template");
    let mut names: Vec<&str> = Vec::new();
    for name in claims.iter().map(|c| c.str_at(&["metadata", "name"])) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut combined = template.value.clone();
    let pod = as_map_mut(as_map_mut(&mut combined).entry("spec").or_insert_with(|| json!({})));
    // Every Pod gets its own.
    pod.remove("hostname");
    pod.remove("subdomain");
    if names.is_empty() {
        return validate_pod_template(errors, &Place::new(&combined, template.path.clone()));
    }
    let volumes = as_list_mut(pod.entry("volumes").or_insert_with(|| json!([])));
    volumes.retain(|volume| !names.contains(&volume.str_at(&["name"])));
    let become_volume = |name: &&str| json!({"name": name, "persistentVolumeClaim": {"claimName": name}});
    let all: Vec<Value> = names.iter().map(become_volume).chain(volumes.drain(..)).collect();
    *volumes = all;
    validate_pod_template(errors, &Place::new(&combined, template.path.clone()));
    for claim in spec.list("volumeClaimTemplates").filter(|_| which == Template::New) {
        validate_claim_spec(errors, &claim.member("spec"));
    }
}

/// `ValidateStatefulSetStatus`.
fn validate_status(errors: &mut ErrorList, status: &Place<'_>) {
    let count = |name: &str| status.int(name).unwrap_or(0);
    for name in [
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
        "collisionCount",
    ] {
        validate_nonnegative(errors, count(name), &status.at(name));
    }
    for name in ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] {
        if count(name) > count("replicas") {
            errors.invalid(&status.at(name), count(name), "cannot be greater than status.replicas");
        }
    }
    if count("availableReplicas") > count("readyReplicas") {
        let detail = "cannot be greater than status.readyReplicas";
        errors.invalid(&status.at("availableReplicas"), count("availableReplicas"), detail);
    }
}
