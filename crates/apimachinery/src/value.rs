//! Reading and changing untyped JSON without panics.

use serde_json::{Map, Value};

/// Reading along a path of member names.
pub trait ValueExt {
    /// The value at `path`, a list of member names; `None` if a member is missing or null.
    fn at(&self, path: &[&str]) -> Option<&Value>;

    /// The string at `path`, or `""`.
    fn str_at(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Value::as_str).unwrap_or("")
    }

    /// The integer at `path`; `None` if there is none.
    fn i64_at(&self, path: &[&str]) -> Option<i64> {
        self.at(path).and_then(Value::as_i64)
    }

    /// The boolean at `path`; `None` if there is none.
    fn bool_at(&self, path: &[&str]) -> Option<bool> {
        self.at(path).and_then(Value::as_bool)
    }

    /// The list at `path`, or an empty one.
    fn list_at(&self, path: &[&str]) -> &[Value] {
        self.at(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The map at `path`; `None` if there is none.
    fn map_at(&self, path: &[&str]) -> Option<&Map<String, Value>> {
        self.at(path).and_then(Value::as_object)
    }
}

impl ValueExt for Value {
    fn at(&self, path: &[&str]) -> Option<&Value> {
        let mut here = self;
        for name in path {
            here = here.as_object()?.get(*name)?;
        }
        if here.is_null() { None } else { Some(here) }
    }
}

/// The map in `value`, which becomes an empty one if it is anything else.
pub fn as_map_mut(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("made an object just above"),
    }
}

/// The list in `value`, which becomes an empty one if it is anything else.
pub fn as_list_mut(value: &mut Value) -> &mut Vec<Value> {
    if !value.is_array() {
        *value = Value::Array(Vec::new());
    }
    match value {
        Value::Array(list) => list,
        _ => unreachable!("made an array just above"),
    }
}

/// Puts `new` at `path`, making the maps on the way.
pub fn set_at(value: &mut Value, path: &[&str], new: Value) {
    match path {
        [] => *value = new,
        [name, rest @ ..] => {
            let slot = as_map_mut(value).entry((*name).to_owned()).or_insert(Value::Null);
            set_at(slot, rest, new);
        }
    }
}

/// Takes away what is at `path`; returns it.
pub fn remove_at(value: &mut Value, path: &[&str]) -> Option<Value> {
    match path {
        [] => None,
        [name] => value.as_object_mut()?.remove(*name),
        [name, rest @ ..] => remove_at(value.as_object_mut()?.get_mut(*name)?, rest),
    }
}
