//! Whether a manifest for server-side apply has the form that the field table gives its kind.
//!
//! Models: `sigs.k8s.io/structured-merge-diff/typed` (`validate.go`).

use api::{Key, PathElement};
use apimachinery::schema::{FieldType, Shape};
use apimachinery::{Reason, Status, gojson};
use serde_json::Value;

use super::typed::{Kinds, Part};

/// A value as Go prints it.
fn printed(value: &Value) -> String {
    gojson::printed(value, "<nil>")
}

/// What is wrong with a scalar; `None` if it is of its field's type.
fn scalar(value: &Value, ty: FieldType) -> Option<String> {
    match (ty, value) {
        (_, Value::Null) => None,
        (FieldType::String | FieldType::Bytes, value) if !value.is_string() => {
            let shown =
                if value.is_array() || value.is_object() { printed(value) } else { value.to_string() };
            Some(format!("expected string, got &value.valueUnstructured{{Value:{shown}}}"))
        }
        (FieldType::Bool, value) if !value.is_boolean() => {
            Some(format!("expected boolean, got &{{{}}}", printed(value)))
        }
        (FieldType::Int32 | FieldType::Int64 | FieldType::Double, value) if !value.is_number() => {
            let kind = match value {
                Value::Bool(_) => "bool",
                Value::String(_) => "string",
                Value::Array(_) => "list",
                _ => "map",
            };
            Some(format!("expected numeric (int or float), got {kind}"))
        }
        _ => None,
    }
}

fn walk(value: &Value, kinds: Kinds, part: Part, path: &str, errors: &mut Vec<String>) {
    let mut fail = |what: String| errors.push([path, ": ", &what].concat());
    match (kinds.shape, kinds.ty, value) {
        (_, _, Value::Null) | (_, FieldType::Raw, _) => return,
        (Shape::List, _, value) if !value.is_array() => {
            return fail(format!("expected list, got &{{{}}}", printed(value)));
        }
        (Shape::Map, _, value) | (Shape::One, FieldType::Object(_), value) if !value.is_object() => {
            return fail(format!("expected map, got &{{{}}}", printed(value)));
        }
        (Shape::One, ty, value) => {
            if let Some(what) = scalar(value, ty) {
                return fail(what);
            }
        }
        _ => {}
    }
    let mut seen: Vec<PathElement> = Vec::new();
    let mut unknown = None;
    for (step, below, member) in part.parts(Some(value)) {
        let place = [path, &step.printed()].concat();
        if seen.contains(&step) {
            errors.push(format!("{path}: duplicate entries for key {}", step.printed()));
            continue;
        }
        match part.kinds_of(&step) {
            Some(kinds) => walk(member, kinds, below, &place, errors),
            None => unknown = unknown.or(Some(format!("{place}: field not declared in schema"))),
        }
        seen.push(step);
    }
    errors.extend(unknown);
}

/// Refuses a manifest that does not have that form.
pub(super) fn check(config: &Value, part: Part, key: &Key) -> Result<(), Status> {
    let mut errors = Vec::new();
    let Part::Struct(id) = part else { return Ok(()) };
    walk(config, Kinds { shape: Shape::One, ty: FieldType::Object(id) }, part, "", &mut errors);
    let said = match errors.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("errors:\n  {}", many.join("\n  ")),
    };
    let info = key.kind.info();
    let place =
        if info.namespaced { format!("{}/{}", key.namespace, key.name) } else { format!("/{}", key.name) };
    let what = format!("{place}; {}/{}, Kind={}", info.group, info.version, info.name);
    Err(Status::new(Reason::Unknown, format!("failed to create typed patch object ({what}): {said}")))
}
