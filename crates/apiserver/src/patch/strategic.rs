//! Strategic merge patch: lists of objects merge by their key, as the field table says.

use api::schema::Schema;
use apimachinery::field::quote_go;
use apimachinery::schema::{Field, FieldType, PatchStrategy, Shape, TypeId};
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Status};
use serde_json::{Map, Value};

const DIRECTIVE: &str = "$patch";
const DELETE_PRIMITIVES: &str = "$deleteFromPrimitiveList/";
const ELEMENT_ORDER: &str = "$setElementOrder/";
const RETAIN_KEYS: &str = "$retainKeys";

/// Applies a strategic merge patch to an object of type `ty`.
pub fn strategic_merge(original: &Value, patch: &Value, ty: TypeId) -> Result<Value, Status> {
    if patch.is_null() {
        return Ok(original.clone());
    }
    let Value::Object(patch) = patch else {
        let kind = if patch.is_string() {
            "string"
        } else if patch.is_array() {
            "array"
        } else {
            "number"
        };
        return Err(Status::bad_request(format!(
            "json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        )));
    };
    let original = original.as_object().cloned().unwrap_or_default();
    Ok(Value::Object(merge_maps(original, patch, Some(ty))?))
}

/// The refusal of a strategic merge patch whose result does not decode. It shows the patch as the merge has
/// left it, without the lists that give an order.
pub fn undecodable(patch: &Value, why: &str) -> Status {
    refused(format!("patch: Invalid value: {}: {why}", quote_go(&go_text(&merged_away(patch)))))
}

fn merged_away(patch: &Value) -> Value {
    let Value::Object(map) = patch else { return patch.clone() };
    let ordered = |name: &String| {
        name.starts_with(ELEMENT_ORDER) || map.contains_key(&format!("{ELEMENT_ORDER}{name}"))
    };
    map.iter().filter(|(name, _)| !ordered(name)).map(|(k, v)| (k.clone(), merged_away(v))).collect()
}

/// A value as Go's `%+v` prints it.
fn go_text(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => format!("[{}]", list.iter().map(go_text).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let members: Vec<String> = map.iter().map(|(k, v)| format!("{k}:{}", go_text(v))).collect();
            format!("map[{}]", members.join(" "))
        }
        other => other.to_string(),
    }
}

fn refused(message: String) -> Status {
    Status::new(Reason::Invalid, message)
}

fn merge_maps(
    mut original: Map<String, Value>,
    patch: &Map<String, Value>,
    ty: Option<TypeId>,
) -> Result<Map<String, Value>, Status> {
    match patch.get(DIRECTIVE).and_then(Value::as_str) {
        Some("replace") => {
            let mut new = patch.clone();
            new.remove(DIRECTIVE);
            return Ok(new);
        }
        Some("delete") => return Ok(Map::new()),
        Some("merge") | None => {}
        Some(other) => {
            let map = go_text(&Value::Object(patch.clone()));
            let text = format!("unknown patch type: {other} in map: {map}");
            return Err(Status::new(Reason::Unknown, text));
        }
    }
    if let Some(keep) = patch.get(RETAIN_KEYS).and_then(Value::as_array) {
        original.retain(|name, _| keep.iter().any(|k| k == name));
    }
    let schema = Schema::get();
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix(DELETE_PRIMITIVES) {
            if let (Some(Value::Array(items)), Some(gone)) = (original.get_mut(list), value.as_array()) {
                items.retain(|i| !gone.contains(i));
            }
            continue;
        }
        if name.starts_with('$') {
            continue;
        }
        if value.is_null() {
            original.remove(name);
            continue;
        }
        let field = ty.and_then(|ty| schema.ty(ty).field(name));
        let order = patch.get(&format!("{ELEMENT_ORDER}{name}")).and_then(Value::as_array);
        let merged = merge_member(original.remove(name), value, order.map(Vec::as_slice), field)?;
        original.insert(name.clone(), merged);
    }
    for (name, order) in patch {
        let Some(list) = name.strip_prefix(ELEMENT_ORDER).filter(|list| !patch.contains_key(*list)) else {
            continue;
        };
        let field = ty.and_then(|ty| schema.ty(ty).field(list));
        if let (Some(Value::Array(items)), Some(order), Some(field)) =
            (original.get_mut(list), order.as_array(), field)
        {
            *items = in_order(items.clone(), order, items, field.merge_key);
        }
    }
    Ok(original)
}

fn below(field: Option<&Field>) -> Option<TypeId> {
    match field.map(|f| f.ty) {
        Some(FieldType::Object(id)) => Some(id),
        _ => None,
    }
}

fn merge_member(
    original: Option<Value>,
    patch: &Value,
    order: Option<&[Value]>,
    field: Option<&Field>,
) -> Result<Value, Status> {
    match (original, patch) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            Ok(Value::Object(merge_maps(old, new, below(field))?))
        }
        (None, Value::Object(new)) => Ok(Value::Object(merge_maps(Map::new(), new, below(field))?)),
        // A list that was not there is taken as it is.
        (None, Value::Array(new)) => Ok(Value::Array(without_directives(new))),
        (old, Value::Array(new)) => {
            let old = match old {
                Some(Value::Array(old)) => old,
                _ => Vec::new(),
            };
            let merges = field.is_some_and(|f| f.shape == Shape::List && f.patch == PatchStrategy::Merge);
            let merges = merges || field.is_some_and(|f| f.shape == Shape::List && !f.merge_key.is_empty());
            if !merges {
                return Ok(Value::Array(without_directives(new)));
            }
            let merged = merge_lists(old.clone(), new, field)?;
            let key = field.map_or("", |f| f.merge_key);
            Ok(Value::Array(in_order(merged, order.unwrap_or(new), &old, key)))
        }
        (_, new) => Ok(new.clone()),
    }
}

fn without_directives(list: &[Value]) -> Vec<Value> {
    list.iter().filter(|v| v.str_at(&[DIRECTIVE]).is_empty()).cloned().collect()
}

fn merge_lists(
    mut original: Vec<Value>,
    patch: &[Value],
    field: Option<&Field>,
) -> Result<Vec<Value>, Status> {
    let key = field.map_or("", |f| f.merge_key);
    if key.is_empty() {
        for item in patch {
            if !original.contains(item) {
                original.push(item.clone());
            }
        }
        return Ok(original);
    }
    if patch.iter().any(|p| p.str_at(&[DIRECTIVE]) == "replace") {
        return Ok(without_directives(patch));
    }
    for item in patch {
        let Some(id) = item.at(&[key]) else {
            let text = format!("map: {} does not contain declared merge key: {key}", go_text(item));
            return Err(Status::new(Reason::Unknown, text));
        };
        let at = original.iter().position(|o| o.at(&[key]) == Some(id));
        if item.str_at(&[DIRECTIVE]) == "delete" {
            original.retain(|o| o.at(&[key]) != Some(id));
            continue;
        }
        let old = at.and_then(|at| original.get(at)).and_then(Value::as_object).cloned().unwrap_or_default();
        let empty = Map::new();
        let merged = Value::Object(merge_maps(old, item.as_object().unwrap_or(&empty), below(field))?);
        match at.and_then(|at| original.get_mut(at)) {
            Some(slot) => *slot = merged,
            None => original.push(merged),
        }
    }
    Ok(original)
}

/// Items of `merged` that `order` names take its order. The others keep the order of the `live` list; each
/// comes before the first named item that it preceded there, else after all of them.
fn in_order(merged: Vec<Value>, order: &[Value], live: &[Value], key: &str) -> Vec<Value> {
    let place = |list: &[Value], item: &Value| {
        list.iter().position(|o| if key.is_empty() { o == item } else { o.at(&[key]) == item.at(&[key]) })
    };
    let (mut named, others): (Vec<Value>, Vec<Value>) =
        merged.into_iter().partition(|item| place(order, item).is_some());
    named.sort_by_key(|item| place(order, item));
    let mut others = others.into_iter().peekable();
    let mut items = Vec::new();
    for next in named {
        let here = place(live, &next);
        while let Some(other) = others.next_if(|other| here.is_some() && place(live, other) < here) {
            items.push(other);
        }
        items.push(next);
    }
    items.extend(others);
    items
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set_type() -> TypeId {
        Schema::get().find("apps.v1.StatefulSet").unwrap()
    }

    #[test]
    fn containers_merge_by_name() {
        let original = json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]}}}});
        let patch = json!({"spec": {"template": {"spec": {"containers": [{"name": "b", "image": "z"}]}}}});
        let merged = strategic_merge(&original, &patch, set_type()).unwrap();
        assert_eq!(
            merged,
            json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "z"}]}}}})
        );
    }

    #[test]
    fn a_new_container_comes_first_unless_the_patch_orders_them() {
        let names = |names: &[&str]| names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>();
        let containers = |list: Vec<Value>| json!({"spec": {"template": {"spec": {"containers": list}}}});
        let original = containers(names(&["nginx"]));
        let merged = strategic_merge(&original, &containers(names(&["side"])), set_type()).unwrap();
        assert_eq!(merged, containers(names(&["side", "nginx"])));
        let ordered = json!({"spec": {"template": {"spec": {
            "$setElementOrder/containers": names(&["nginx", "side"]), "containers": names(&["side"]),
        }}}});
        let merged = strategic_merge(&original, &ordered, set_type()).unwrap();
        assert_eq!(merged, containers(names(&["nginx", "side"])));
    }

    #[test]
    fn replace_swaps_the_whole_template() {
        let original =
            json!({"spec": {"replicas": 3, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {}}}});
        let patch = json!({"spec": {"template": {"$patch": "replace", "spec": {"x": 1}}}});
        let merged = strategic_merge(&original, &patch, set_type()).unwrap();
        assert_eq!(merged, json!({"spec": {"replicas": 3, "template": {"spec": {"x": 1}}}}));
    }
}
