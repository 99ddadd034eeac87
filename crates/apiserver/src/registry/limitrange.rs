//! Limit ranges.
//!
//! Models: `ValidateLimitRange`, `SetDefaults_LimitRangeItem`.

use api::Object;
use apimachinery::sorted::{SortedMap, SortedSet};
use apimachinery::value::as_map_mut;
use apimachinery::{ErrorList, Path, Quantity};
use serde_json::{Map, Value, json};

use super::content;
use super::fill::each;
use super::objectmeta::invalid_each;
use super::place::Place;
use super::podspec::resources::{
    may_overcommit, resource_list, validate_container_resource_name, validate_resource_name,
};
use super::strategy::Strategy;

pub(crate) struct LimitRangeStrategy;

impl Strategy for LimitRangeStrategy {
    fn defaults(&self, object: &mut Object) {
        each(as_map_mut(object.spec_mut()), "limits").for_each(default_item);
    }

    fn validate(&self, errors: &mut ErrorList, object: &Object) {
        let spec = Place::new(object.spec(), Path::new("spec"));
        let mut types = SortedSet::new();
        for item in spec.list("limits") {
            let ty = item.str("type");
            let messages = content::qualified_name(ty);
            if messages.is_empty() {
                let standard = matches!(ty, "Pod" | "Container" | "PersistentVolumeClaim");
                if !ty.contains('/') && !standard {
                    let detail = "must be a standard limit type or fully qualified";
                    errors.invalid(&item.at("type"), ty, detail);
                }
            } else {
                invalid_each(errors, &item.at("type"), ty, messages);
            }
            if !types.insert(ty) {
                errors.duplicate(&item.at("type"), ty);
            }
            validate_item(errors, &item, ty);
        }
    }
}

/// Fills in the bounds of containers that are left out, from those that are given.
fn default_item(item: &mut Map<String, Value>) {
    if item.get("type").and_then(Value::as_str) != Some("Container") {
        return;
    }
    for (target, source) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
        let from = item.get(source).and_then(Value::as_object).cloned().unwrap_or_default();
        let into = as_map_mut(item.entry(target).or_insert_with(|| json!({})));
        for (name, amount) in from {
            into.entry(name).or_insert(amount);
        }
    }
    item.retain(|_, value| value.as_object().is_none_or(|map| !map.is_empty()));
}

type Amounts = SortedMap<&'static str, SortedMap<String, Quantity>>;

fn validate_item(errors: &mut ErrorList, item: &Place<'_>, ty: &str) {
    let mut amounts = Amounts::new();
    let mut names = SortedSet::new();
    for side in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        let list = resource_list(item.value.get(side));
        if ty == "Pod" && side.starts_with("default") {
            if !list.is_empty() {
                errors.forbidden(&item.at(side), "may not be specified when `type` is 'Pod'");
            }
            continue;
        }
        for name in list.keys() {
            let path = item.at(side).key(name);
            if matches!(ty, "Pod" | "Container") {
                validate_container_resource_name(errors, name, &path);
            } else {
                validate_resource_name(errors, name, &path);
            }
            names.insert(name.clone());
        }
        amounts.insert(side, list);
    }
    let storage = |side: &str| amounts.get(side).is_some_and(|list| list.contains_key("storage"));
    if ty == "PersistentVolumeClaim" && !storage("min") && !storage("max") {
        let detail = "either minimum or maximum storage value is required, but neither was provided";
        errors.required(&item.at("limits"), detail);
    }
    for name in &names {
        validate_relations(errors, item, &amounts, name);
    }
}

/// Reports each pair of bounds that is out of order, at the one that upstream names.
fn validate_relations(errors: &mut ErrorList, item: &Place<'_>, amounts: &Amounts, name: &str) {
    const ORDER: [(&str, &str, &str, &str, &str); 6] = [
        ("min", "max", "min", "min value", "max value"),
        ("min", "defaultRequest", "defaultRequest", "min value", "default request value"),
        ("defaultRequest", "max", "defaultRequest", "default request value", "max value"),
        ("defaultRequest", "default", "defaultRequest", "default request value", "default limit value"),
        ("min", "default", "default", "min value", "default value"),
        ("default", "max", "default", "default value", "max value"),
    ];
    let amount = |side: &str| amounts.get(side).and_then(|list| list.get(name)).copied();
    for (low, high, at, low_words, high_words) in ORDER {
        let (Some(l), Some(h)) = (amount(low), amount(high)) else { continue };
        if l > h {
            let shown = match (low, high) {
                ("min", "defaultRequest") | ("default", "max") => h,
                _ => l,
            };
            let detail = format!("{low_words} {l} is greater than {high_words} {h}");
            errors.invalid(&item.at(at).key(name), shown.to_string(), detail);
        }
    }
    if let Some(ratio) = amount("maxLimitRequestRatio") {
        validate_ratio(
            errors,
            &item.at("maxLimitRequestRatio").key(name),
            ratio,
            amount("min"),
            amount("max"),
        );
    }
    if let (Some(limit), Some(request)) = (amount("default"), amount("defaultRequest"))
        && !may_overcommit(name)
        && limit != request
    {
        let detail = format!("default value {limit} must equal to defaultRequest value {request} in {name}");
        errors.invalid(&item.at("defaultRequest").key(name), request.to_string(), detail);
    }
}

#[allow(clippy::cast_precision_loss)] // upstream compares and prints as float64
fn validate_ratio(
    errors: &mut ErrorList,
    path: &Path,
    ratio: Quantity,
    min: Option<Quantity>,
    max: Option<Quantity>,
) {
    if ratio < Quantity::from_count(1) {
        errors.invalid(path, ratio.to_string(), format!("ratio {ratio} is less than 1"));
    }
    if let (Some(min), Some(max)) = (min, max) {
        let greatest = max.milli_value() as f64 / min.milli_value() as f64;
        if ratio.milli_value() as f64 / 1000.0 > greatest {
            let detail = format!("ratio {ratio} is greater than max/min = {greatest:.6}");
            errors.invalid(path, ratio.to_string(), detail);
        }
    }
}
