//! The three-way merge of `kubectl apply`: what the manifest says now, what it said last time, and
//! what is stored.

use api::schema::Schema;
use apimachinery::schema::{Field, FieldType, PatchStrategy, Shape, TypeId};
use apimachinery::value::ValueExt;
use serde_json::{Map, Value, json};

/// The strategic merge patch that takes `current` to `modified`, and removes what `original` (the manifest
/// last applied) has and `modified` lacks. Empty if nothing changes.
#[inline(never)] // a gate
pub fn three_way_strategic(original: &Value, modified: &Value, current: &Value, ty: TypeId) -> Value {
    let empty = Map::new();
    let map = |v: &'_ Value| v.as_object().cloned().unwrap_or_else(|| empty.clone());
    Value::Object(diff(&map(original), &map(modified), &map(current), Some(ty)))
}

/// The same in the form of a JSON merge patch, for kinds that the field table does not know.
#[inline(never)] // a gate
pub fn three_way_merge(original: &Value, modified: &Value, current: &Value) -> Value {
    let empty = Map::new();
    let map = |v: &'_ Value| v.as_object().cloned().unwrap_or_else(|| empty.clone());
    Value::Object(diff(&map(original), &map(modified), &map(current), None))
}

fn below(field: Option<&Field>) -> Option<TypeId> {
    match field.map(|f| f.ty) {
        Some(FieldType::Object(id)) => Some(id),
        _ => None,
    }
}

fn diff(
    original: &Map<String, Value>,
    modified: &Map<String, Value>,
    current: &Map<String, Value>,
    ty: Option<TypeId>,
) -> Map<String, Value> {
    let schema = Schema::get();
    let mut patch = Map::new();
    let empty = Map::new();
    for (name, new) in modified {
        let field = ty.and_then(|ty| schema.ty(ty).field(name));
        let was = original.get(name);
        match (new, current.get(name)) {
            (Value::Object(new), Some(Value::Object(now))) => {
                let was = was.and_then(Value::as_object).unwrap_or(&empty);
                let inner = diff(was, new, now, below(field));
                if !inner.is_empty() {
                    patch.insert(name.clone(), Value::Object(inner));
                }
            }
            (Value::Array(new), Some(Value::Array(now))) if merges(field) => {
                let was = was.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                diff_lists(&mut patch, name, was, new, now, field);
            }
            (new, Some(now)) if new == now => {}
            (new, _) => {
                patch.insert(name.clone(), new.clone());
            }
        }
    }
    // Whether it is still there does not matter.
    for name in original.keys().filter(|n| !modified.contains_key(*n)) {
        patch.insert(name.clone(), Value::Null);
    }
    patch
}

fn merges(field: Option<&Field>) -> bool {
    field.is_some_and(|f| {
        f.shape == Shape::List && (f.patch == PatchStrategy::Merge || !f.merge_key.is_empty())
    })
}

fn diff_lists(
    patch: &mut Map<String, Value>,
    name: &str,
    was: &[Value],
    new: &[Value],
    now: &[Value],
    field: Option<&Field>,
) {
    let key = field.map_or("", |f| f.merge_key);
    if key.is_empty() {
        let added: Vec<Value> = new.iter().filter(|v| !now.contains(v)).cloned().collect();
        let gone: Vec<Value> = was.iter().filter(|v| !new.contains(v) && now.contains(v)).cloned().collect();
        if !added.is_empty() {
            patch.insert(name.to_owned(), Value::Array(added));
        }
        if !gone.is_empty() {
            patch.insert(format!("$deleteFromPrimitiveList/{name}"), Value::Array(gone));
        }
        return;
    }
    let empty = Map::new();
    let find = |list: &'_ [Value], id: Option<&Value>| list.iter().find(|v| v.at(&[key]) == id).cloned();
    let mut items = Vec::new();
    for item in new {
        let id = item.at(&[key]);
        let Some(current) = find(now, id) else {
            items.push(item.clone());
            continue;
        };
        let before = find(was, id).unwrap_or(Value::Null);
        let mut inner = diff(
            before.as_object().unwrap_or(&empty),
            item.as_object().unwrap_or(&empty),
            current.as_object().unwrap_or(&empty),
            below(field),
        );
        if !inner.is_empty() {
            inner.insert(key.to_owned(), id.cloned().unwrap_or(Value::Null));
            items.push(Value::Object(inner));
        }
    }
    for item in was {
        let id = item.at(&[key]);
        if find(new, id).is_none() && find(now, id).is_some() {
            items.push(json!({"$patch": "delete", key: id}));
        }
    }
    if items.is_empty() {
        return;
    }
    let order = new.iter().map(|v| json!({key: v.at(&[key])})).collect();
    patch.insert(format!("$setElementOrder/{name}"), Value::Array(order));
    patch.insert(name.to_owned(), Value::Array(items));
}
