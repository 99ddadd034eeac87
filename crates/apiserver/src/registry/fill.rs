//! Fills in members of a map: all files of defaults share this.

use serde_json::{Map, Value};

/// Sets a member that is absent.
pub(crate) fn default(map: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    if map.get(name).is_none_or(Value::is_null) {
        map.insert(name.to_owned(), value.into());
    }
}

/// Sets a text that is absent or empty.
pub(crate) fn default_text(map: &mut Map<String, Value>, name: &str, value: &str) {
    if map.get(name).and_then(Value::as_str).unwrap_or("").is_empty() {
        map.insert(name.to_owned(), value.into());
    }
}

/// Sets a number that is absent or 0.
pub(crate) fn default_number(map: &mut Map<String, Value>, name: &str, value: i64) {
    if map.get(name).and_then(Value::as_i64).unwrap_or(0) == 0 {
        map.insert(name.to_owned(), value.into());
    }
}

/// The elements of a list that are maps.
pub(crate) fn each<'a>(
    map: &'a mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> + use<'a> {
    let items = map.get_mut(name).and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// A member that is a map.
pub(crate) fn inner<'a>(map: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Map<String, Value>> {
    map.get_mut(name).and_then(Value::as_object_mut)
}
