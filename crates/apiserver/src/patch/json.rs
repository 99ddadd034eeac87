//! JSON patch, RFC 6902.

use apimachinery::value::ValueExt;
use apimachinery::{Reason, Status};
use serde_json::Value;

/// Applies a list of operations.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn json(original: &Value, operations: &Value) -> Result<Value, Status> {
    if operations.is_null() {
        return Ok(original.clone());
    }
    let Some(operations) = operations.as_array() else {
        return Err(Status::bad_request(format!(
            "error decoding patch: json: cannot unmarshal {} into Go value of type []handlers.jsonPatchOp",
            if operations.is_object() { "object" } else { "string" }
        )));
    };
    if let Some(stray) = operations.iter().find(|operation| !operation.is_object()) {
        let kind = match stray {
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Bool(_) => "bool",
            _ => "number",
        };
        return Err(Status::bad_request(format!(
            "error decoding patch: json: cannot unmarshal {kind} into Go value of type handlers.jsonPatchOp"
        )));
    }
    let mut value = original.clone();
    for operation in operations {
        apply(&mut value, operation).ok_or_else(refused)?;
    }
    Ok(value)
}

/// The refusal; it does not say which operation failed.
fn refused() -> Status {
    Status::new(Reason::Invalid, "the server rejected our request due to an error in our request")
}

fn segments(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect()
}

fn apply(value: &mut Value, operation: &Value) -> Option<()> {
    let path = segments(operation.str_at(&["path"]));
    let argument = operation.as_object()?.get("value");
    // A pointer to the whole, or none at all, is refused.
    if path.is_empty() {
        return None;
    }
    match operation.str_at(&["op"]) {
        "add" => add(value, &path, argument?.clone()),
        "remove" => remove(value, &path).map(|_| ()),
        "replace" => {
            // A member that is not there yet is no mistake.
            match path.split_last() {
                Some((last, parents)) if find(value, &path).is_none() => {
                    find(value, parents)?.as_object_mut()?.insert(last.clone(), argument?.clone());
                }
                _ => *find(value, &path)? = argument?.clone(),
            }
            Some(())
        }
        "move" => {
            let moved = remove(value, &segments(operation.str_at(&["from"])))?;
            add(value, &path, moved)
        }
        "copy" => {
            let copied = find(value, &segments(operation.str_at(&["from"])))?.clone();
            add(value, &path, copied)
        }
        // What is not there equals null.
        "test" => {
            let there = find(value, &path).map_or(&Value::Null, |v| &*v);
            (there == argument.unwrap_or(&Value::Null)).then_some(())
        }
        _ => None,
    }
}

fn find<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    let mut here = value;
    for segment in path {
        here = match here {
            Value::Object(map) => map.get_mut(segment)?,
            Value::Array(list) => {
                let at = position(segment, list.len())?;
                list.get_mut(at)?
            }
            _ => return None,
        };
    }
    Some(here)
}

/// The index that a segment means in a list of `length` elements; `-1` is the last.
fn position(segment: &str, length: usize) -> Option<usize> {
    let at = match segment.strip_prefix('-') {
        Some(back) => length.checked_sub(back.parse().ok().filter(|back| *back > 0)?)?,
        None => segment.parse().ok()?,
    };
    (at < length).then_some(at)
}

fn add(value: &mut Value, path: &[String], new: Value) -> Option<()> {
    let Some((last, parents)) = path.split_last() else {
        *value = new;
        return Some(());
    };
    match find(value, parents)? {
        Value::Object(map) => {
            map.insert(last.clone(), new);
        }
        Value::Array(list) if last == "-" => list.push(new),
        Value::Array(list) => {
            let at = last.parse::<usize>().ok().filter(|at| *at <= list.len())?;
            list.insert(at, new);
        }
        _ => return None,
    }
    Some(())
}

fn remove(value: &mut Value, path: &[String]) -> Option<Value> {
    let (last, parents) = path.split_last()?;
    match find(value, parents)? {
        Value::Object(map) => map.remove(last),
        Value::Array(list) => Some(list.remove(position(last, list.len())?)),
        _ => None,
    }
}
