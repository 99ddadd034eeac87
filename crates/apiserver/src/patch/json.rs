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
    if operations.len() > OPERATIONS_MAX {
        let count = operations.len();
        return Err(Status::new(
            Reason::RequestEntityTooLarge,
            format!(
                "Request entity too large: The allowed maximum operations in a JSON patch is {OPERATIONS_MAX}, got {count}"
            ),
        ));
    }
    let mut patched = Patched { value: original.clone(), moved: 0 };
    for operation in operations {
        patched.apply(operation).ok_or_else(refused)?;
    }
    Ok(patched.value)
}

/// kube-apiserver's `maxJSONPatchOperations`.
const OPERATIONS_MAX: usize = 10_000;
/// Values that all operations may put somewhere, and elements of lists that make room for them. kube-apiserver limits
/// what is copied to 3 MiB (`JSONPatchMaxCopyBytes`), which is about as much.
const MOVED_MAX: usize = 200_000;
/// Levels of what a patch makes; see `decode.rs`.
const DEPTH_MAX: usize = 200;

/// How many values a value has in it, and how many levels.
fn size(value: &Value) -> (usize, usize) {
    let inside = |(count, depth): (usize, usize), value: &Value| {
        let (more, deep) = size(value);
        (count + more, depth.max(deep))
    };
    let (count, depth) = match value {
        Value::Array(items) => items.iter().fold((0, 0), inside),
        Value::Object(members) => members.values().fold((0, 0), inside),
        Value::String(text) => (text.len() / 64, 0),
        Value::Null | Value::Bool(_) | Value::Number(_) => (0, 0),
    };
    (count + 1, depth + 1)
}

/// A value on the way through a patch.
struct Patched {
    value: Value,
    moved: usize,
}

/// The refusal; it does not say which operation failed.
fn refused() -> Status {
    Status::new(Reason::Invalid, "the server rejected our request due to an error in our request")
}

fn segments(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect()
}

impl Patched {
    fn apply(&mut self, operation: &Value) -> Option<()> {
        let path = segments(operation.str_at(&["path"]));
        let argument = operation.as_object()?.get("value");
        // A pointer to the whole, or none at all, is refused.
        if path.is_empty() {
            return None;
        }
        match operation.str_at(&["op"]) {
            "add" => self.add(&path, argument?.clone()),
            "remove" => self.remove(&path).map(|_| ()),
            "replace" => {
                let new = argument?.clone();
                self.count(&path, &new)?;
                // A member that is not there yet is no mistake.
                match path.split_last() {
                    Some((last, parents)) if find(&mut self.value, &path).is_none() => {
                        find(&mut self.value, parents)?.as_object_mut()?.insert(last.clone(), new);
                    }
                    _ => *find(&mut self.value, &path)? = new,
                }
                Some(())
            }
            "move" => {
                let moved = self.remove(&segments(operation.str_at(&["from"])))?;
                self.add(&path, moved)
            }
            "copy" => {
                let copied = find(&mut self.value, &segments(operation.str_at(&["from"])))?.clone();
                self.add(&path, copied)
            }
            // What is not there equals null.
            "test" => {
                let there = find(&mut self.value, &path).map_or(&Value::Null, |v| &*v);
                (there == argument.unwrap_or(&Value::Null)).then_some(())
            }
            _ => None,
        }
    }

    fn move_by(&mut self, count: usize) -> Option<()> {
        self.moved += count;
        (self.moved <= MOVED_MAX).then_some(())
    }

    /// Counts a value that is put somewhere.
    fn count(&mut self, path: &[String], new: &Value) -> Option<()> {
        let (count, depth) = size(new);
        self.move_by(count)?;
        (path.len() + depth <= DEPTH_MAX).then_some(())
    }

    fn add(&mut self, path: &[String], new: Value) -> Option<()> {
        self.count(path, &new)?;
        let Some((last, parents)) = path.split_last() else {
            self.value = new;
            return Some(());
        };
        let mut behind = 0;
        match find(&mut self.value, parents)? {
            Value::Object(map) => {
                map.insert(last.clone(), new);
            }
            Value::Array(list) if last == "-" => list.push(new),
            Value::Array(list) => {
                let at = last.parse::<usize>().ok().filter(|at| *at <= list.len())?;
                behind = (list.len() - at) / 64;
                list.insert(at, new);
            }
            _ => return None,
        }
        self.move_by(behind)
    }

    fn remove(&mut self, path: &[String]) -> Option<Value> {
        let (last, parents) = path.split_last()?;
        let (behind, removed) = match find(&mut self.value, parents)? {
            Value::Object(map) => (0, map.remove(last)),
            Value::Array(list) => {
                let at = position(last, list.len())?;
                (list.len() - at, Some(list.remove(at)))
            }
            _ => return None,
        };
        self.move_by(behind / 64)?;
        removed
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_patch_doubles_or_nests_without_end() {
        let original = json!({"data": {"a": "0123456789"}, "list": []});
        let patch = |operations: Vec<Value>| json(&original, &operations.into());
        let copy = |from: &str, path: &str| json!({"op": "copy", "from": from, "path": path});
        assert_eq!(patch(vec![copy("/data/a", "/data/b")]).unwrap()["data"]["b"], "0123456789");
        let doubled = (0..40).map(|at| copy("/data", &format!("/data/d{at}"))).collect();
        assert_eq!(patch(doubled).unwrap_err(), refused());
        let nested = (0..300).map(
            |depth| json!({"op": "add", "path": format!("/data{}", "/x".repeat(depth + 1)), "value": {}}),
        );
        assert_eq!(patch(nested.collect()).unwrap_err(), refused());
        let mut value = json!({"x": "0123456789"});
        for _ in 0..100 {
            value = json!({"x": value});
        }
        let deep = (0..3).map(
            |at| json!({"op": "add", "path": format!("/data{}", "/x".repeat(100 * at + 1)), "value": value}),
        );
        assert_eq!(patch(deep.collect()).unwrap_err(), refused());
        let many = vec![json!({"op": "add", "path": "/list/0", "value": 1}); 10_001];
        let said = patch(many).unwrap_err();
        assert_eq!(
            (said.reason.code(), said.message.as_str()),
            (
                413,
                "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"
            )
        );
    }
}
