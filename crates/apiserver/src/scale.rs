//! The scale subresource: a small object that stands for the replicas of a big one.
//!
//! Models: `pkg/registry/apps/statefulset/storage` (`ScaleREST`).

use api::{Kind, Object};
use apimachinery::labels::Selector;
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{ErrorList, Path, Reason, Status};
use serde_json::{Value, json};

use crate::request::Body;

/// The `autoscaling/v1` Scale of a StatefulSet.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn of(object: &Object) -> Value {
    let selector = Selector::from_label_selector(object.spec().at(&["selector"]).unwrap_or(&Value::Null));
    let mut metadata = json!({
        "name": object.metadata.name, "namespace": object.metadata.namespace, "uid": object.metadata.uid,
        "resourceVersion": object.metadata.resource_version.to_string(),
    });
    if let Some(created) = object.metadata.creation_timestamp {
        set_at(&mut metadata, &["creationTimestamp"], created.rfc3339().into());
    }
    json!({
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": metadata,
        "spec": {"replicas": object.spec().i64_at(&["replicas"]).unwrap_or(0)},
        "status": {
            "replicas": object.status().i64_at(&["replicas"]).unwrap_or(0),
            "selector": selector.map(|s| s.to_string()).unwrap_or_default(),
        },
    })
}

/// Whether the replicas of a Scale are a number, in the words of the JSON decoder.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn check(value: &Value) -> Result<(), String> {
    let kind = match value.at(&["spec", "replicas"]) {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Number(number)) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => {
            return Ok(());
        }
        Some(Value::Number(number)) => format!("number {number}"),
        Some(Value::String(_)) => "string".to_owned(),
        Some(Value::Bool(_)) => "bool".to_owned(),
        Some(Value::Array(_)) => "array".to_owned(),
        Some(Value::Object(_)) => "object".to_owned(),
    };
    Err(format!("json: cannot unmarshal {kind} into Go struct field ScaleSpec.spec.replicas of type int32"))
}

/// The object with the replicas of a Scale.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn apply(old: &Object, body: &Body) -> Result<Object, Status> {
    let info = old.kind.info();
    if old.kind != Kind::StatefulSet {
        return Err(Status::new(Reason::NotFound, "the server could not find the requested resource"));
    }
    let Body::Untyped(value) = body else {
        return Err(Status::bad_request("a Scale is expected"));
    };
    let (named, version) = (value.str_at(&["kind"]), value.str_at(&["apiVersion"]));
    if !matches!(named, "" | "Scale") {
        let version = version.rsplit('/').next().unwrap_or(version);
        return Err(Status::bad_request(format!(
            "{named} in version \"{version}\" cannot be handled as a Scale: converting ({version}.{named}) to (autoscaling.Scale): unknown conversion"
        )));
    }
    let replicas = value.i64_at(&["spec", "replicas"]).unwrap_or(0);
    if replicas < 0 {
        let mut errors = ErrorList::new();
        errors.invalid(&Path::new("spec.replicas"), replicas, "must be greater than or equal to 0");
        return Err(Status::invalid("Scale", "autoscaling", &old.metadata.name, &errors));
    }
    let mut object = old.clone();
    let version = value.str_at(&["metadata", "resourceVersion"]);
    object.metadata.resource_version = version.parse().unwrap_or(0);
    if object.metadata.resource_version != 0
        && object.metadata.resource_version != old.metadata.resource_version
    {
        return Err(Status::stale(info.plural, info.group, &old.metadata.name));
    }
    set_at(object.spec_mut(), &["replicas"], replicas.into());
    Ok(object)
}
