//! Strategic merge patch: lists of objects merge by their key, as the field table says.

use api::schema::Schema;
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
    let Value::Object(patch) = patch else {
        let kind = if patch.is_string() { "string" } else if patch.is_array() { "array" } else { "number" };
        return Err(Status::bad_request(format!(
            "json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        )));
    };
    let original = original.as_object().cloned().unwrap_or_default();
    Ok(Value::Object(merge_maps(original, patch, Some(ty))?))
}

fn refused(message: String) -> Status {
    Status::new(Reason::Invalid, message)
}

fn merge_maps(mut original: Map<String, Value>, patch: &Map<String, Value>, ty: Option<TypeId>) -> Result<Map<String, Value>, Status> {
    match patch.get(DIRECTIVE).and_then(Value::as_str) {
        Some("replace") => {
            let mut new = patch.clone();
            new.remove(DIRECTIVE);
            return Ok(new);
        }
        Some("delete") => return Ok(Map::new()),
        _ => {}
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
        let merged = merge_member(original.remove(name), value, field)?;
        original.insert(name.clone(), merged);
    }
    for (name, order) in patch {
        let Some(list) = name.strip_prefix(ELEMENT_ORDER) else { continue };
        let field = ty.and_then(|ty| schema.ty(ty).field(list));
        if let (Some(Value::Array(items)), Some(order), Some(field)) = (original.get_mut(list), order.as_array(), field) {
            sort_by_order(items, order, field.merge_key);
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

fn merge_member(original: Option<Value>, patch: &Value, field: Option<&Field>) -> Result<Value, Status> {
    match (original, patch) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            Ok(Value::Object(merge_maps(old, new, below(field))?))
        }
        (None, Value::Object(new)) => Ok(Value::Object(merge_maps(Map::new(), new, below(field))?)),
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
            merge_lists(old, new, field).map(Value::Array)
        }
        (_, new) => Ok(new.clone()),
    }
}

fn without_directives(list: &[Value]) -> Vec<Value> {
    list.iter().filter(|v| v.str_at(&[DIRECTIVE]).is_empty()).cloned().collect()
}

fn merge_lists(mut original: Vec<Value>, patch: &[Value], field: Option<&Field>) -> Result<Vec<Value>, Status> {
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
            return Err(refused(format!("map: {item} does not contain declared merge key: {key}")));
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

/// Items named in `order` take that order; the others keep their places relative to their
/// predecessors.
fn sort_by_order(items: &mut [Value], order: &[Value], key: &str) {
    let rank = |item: &Value| {
        order.iter().position(|o| if key.is_empty() { o == item } else { o.at(&[key]) == item.at(&[key]) })
    };
    let mut last = 0;
    let mut ranked: Vec<(usize, usize, Value)> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        last = rank(item).unwrap_or(last);
        ranked.push((last, at, item.clone()));
    }
    ranked.sort_by_key(|(rank, at, _)| (*rank, *at));
    for (slot, (_, _, item)) in items.iter_mut().zip(ranked) {
        *slot = item;
    }
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
        assert_eq!(merged, json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "z"}]}}}}));
    }

    #[test]
    fn replace_swaps_the_whole_template() {
        let original = json!({"spec": {"replicas": 3, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {}}}});
        let patch = json!({"spec": {"template": {"$patch": "replace", "spec": {"x": 1}}}});
        let merged = strategic_merge(&original, &patch, set_type()).unwrap();
        assert_eq!(merged, json!({"spec": {"replicas": 3, "template": {"spec": {"x": 1}}}}));
    }
}
