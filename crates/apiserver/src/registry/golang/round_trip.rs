//! The trip through Go's structs that every object makes on its way into storage: `null` and
//! unset members vanish, quantities get their one spelling, members without `omitempty` appear.
//!
//! This is no matter of looks: the hash of a pod template is taken afterwards. `tags.txt` beside this file
//! says which members are pointers and which have no `omitempty`.
//!
//! Models: the `json` tags of `k8s.io/api` and `k8s.io/apimachinery/pkg/apis/meta/v1`.

use std::rc::Rc;
use std::sync::OnceLock;

use api::Object;
use api::schema::Schema;
use apimachinery::Quantity;
use apimachinery::schema::{Field, FieldType, Shape, TypeId};
use serde_json::{Map, Value};

static TAGS_TEXT: &str = include_str!("tags.txt");

/// The tags of one type that matter.
#[derive(Debug, Default)]
struct Tags {
    pointers: Vec<&'static str>,
    kept: Vec<&'static str>,
    structs: Vec<&'static str>,
    times: Vec<&'static str>,
}

/// Tags by type id.
fn table() -> &'static [Tags] {
    static TABLE: OnceLock<Vec<Tags>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<Tags> = Schema::get().types().iter().map(|_| Tags::default()).collect();
        for line in TAGS_TEXT.lines().filter(|l| !l.starts_with('#')) {
            let mut words = line.split(' ');
            let id = words.next().and_then(|name| Schema::get().find(name));
            if let Some(tags) = id.and_then(|id| table.get_mut(usize::from(id.0))) {
                words.for_each(|word| read_tag(tags, word));
            }
        }
        table
    })
}

fn read_tag(tags: &mut Tags, word: &'static str) {
    let (key, names) = word.split_once('=').unwrap_or((word, ""));
    let names = names.split(',').collect();
    match key {
        "ptr" => tags.pointers = names,
        "keep" => tags.kept = names,
        "struct" => tags.structs = names,
        _ => tags.times = names,
    }
}

/// Sends an object through Go's structs.
pub(crate) fn round_trip(object: &mut Object) {
    for field in &Schema::get().ty(Schema::get().of_kind(object.kind)).fields {
        if !matches!(field.name, "apiVersion" | "kind" | "metadata") {
            send_field(object, field);
        }
    }
}

/// Sends the status alone through Go's structs.
pub(crate) fn round_trip_status(object: &mut Object) {
    if let Some(field) = Schema::get().ty(Schema::get().of_kind(object.kind)).field("status") {
        send_field(object, field);
    }
}

fn send_field(object: &mut Object, field: &Field) {
    let ty = Schema::get().of_kind(object.kind);
    let Some(tags) = table().get(usize::from(ty.0)) else { return };
    let Some(slot) = object.fields.get_mut(field.name) else {
        add_missing(object, tags, field.name);
        return;
    };
    // Plain data is as it is; structs have to be walked.
    // What somebody else holds too is copied only if it changes on the way.
    let walked = matches!(field.ty, FieldType::Object(_) | FieldType::Quantity);
    if walked && (Rc::get_mut(slot).is_some() || !is_sent(slot, field)) {
        send(Rc::make_mut(slot), field);
    }
    if vanishes(slot, field, tags) {
        object.fields.remove(field.name);
        add_missing(object, tags, field.name);
    }
}

fn add_missing(object: &mut Object, tags: &Tags, name: &str) {
    if tags.structs.contains(&name) {
        let mut empty = Value::Object(Map::new());
        if let Some(Field { ty: FieldType::Object(ty), .. }) =
            Schema::get().ty(Schema::get().of_kind(object.kind)).field(name)
        {
            send_struct(&mut empty, *ty);
        }
        object.fields.insert(name.to_owned(), Rc::new(empty));
    } else if tags.times.contains(&name) {
        object.fields.insert(name.to_owned(), Rc::new(Value::Null));
    } else if tags.kept.contains(&name)
        && let Some(zero) = zero_of(Schema::get().of_kind(object.kind), name)
    {
        object.fields.insert(name.to_owned(), Rc::new(zero));
    }
}

/// A struct that nobody has filled in, as Go encodes it.
pub(crate) fn zero(ty: TypeId) -> Value {
    let mut map = Map::new();
    if let Some(tags) = table().get(usize::from(ty.0)) {
        for name in tags.kept.iter().chain(&tags.times) {
            map.insert((*name).to_owned(), zero_of(ty, name).unwrap_or(Value::Null));
        }
        for name in &tags.structs {
            if let Some(Field { ty: FieldType::Object(inner), .. }) = Schema::get().ty(ty).field(name) {
                map.insert((*name).to_owned(), zero(*inner));
            }
        }
    }
    Value::Object(map)
}

fn zero_of(ty: TypeId, name: &str) -> Option<Value> {
    let field = Schema::get().ty(ty).field(name)?;
    match field.shape {
        Shape::One => {}
        Shape::List => return Some(Value::Null),
        Shape::Map => return None,
    }
    match field.ty {
        FieldType::String | FieldType::Bytes => Some("".into()),
        FieldType::Bool => Some(false.into()),
        FieldType::Int32 | FieldType::Int64 => Some(0.into()),
        FieldType::Double
        | FieldType::Quantity
        | FieldType::IntOrString
        | FieldType::Time
        | FieldType::MicroTime
        | FieldType::Raw
        | FieldType::Object(_) => None,
    }
}

/// Walks one value of a field, whatever its shape.
fn send(value: &mut Value, field: &Field) {
    match (field.shape, value) {
        (Shape::One, value) => send_one(value, field.ty),
        (_, Value::Array(items)) => items.iter_mut().for_each(|v| send_one(v, field.ty)),
        (_, Value::Object(map)) => map.iter_mut().for_each(|(_, v)| send_one(v, field.ty)),
        _ => {}
    }
}

fn send_one(value: &mut Value, ty: FieldType) {
    match ty {
        FieldType::Object(id) => send_struct(value, id),
        FieldType::Quantity => {
            if let Some(spelled) = canonical_quantity(value) {
                *value = spelled;
            }
        }
        FieldType::String
        | FieldType::Bool
        | FieldType::Int32
        | FieldType::Int64
        | FieldType::Double
        | FieldType::Bytes
        | FieldType::IntOrString
        | FieldType::Time
        | FieldType::MicroTime
        | FieldType::Raw => {}
    }
}

/// The one spelling of a quantity, if it is not spelled so already; nothing finer than a
/// thousandth is kept (`SetDefaults_ResourceList`).
fn canonical_quantity(value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let exact = Quantity::parse(&text).ok()?;
    let in_thousandths = Quantity::parse(&format!("{}m", exact.milli_value())).ok()?;
    // Too much to be counted in thousandths has nothing finer.
    let is_fine = in_thousandths > exact;
    let spelled = if is_fine { in_thousandths } else { exact }.to_string();
    (value.as_str() != Some(&spelled)).then(|| spelled.into())
}

fn send_struct(value: &mut Value, ty: TypeId) {
    let schema = Schema::get().ty(ty);
    let Value::Object(map) = value else { return };
    let empty = Tags::default();
    let tags = table().get(usize::from(ty.0)).unwrap_or(&empty);
    map.retain(|name, member| {
        let Some(field) = schema.field(name) else { return !member.is_null() };
        send(member, field);
        // Between processes an empty list is no list.
        if field.shape == Shape::List && member.as_array().is_some_and(Vec::is_empty) {
            *member = Value::Null;
        }
        !vanishes(member, field, tags)
    });
    for name in &tags.structs {
        if !map.contains_key(*name) {
            let mut made = Value::Object(Map::new());
            if let Some(Field { ty: FieldType::Object(inner), .. }) = schema.field(name) {
                send_struct(&mut made, *inner);
            }
            map.insert((*name).to_owned(), made);
        }
    }
    for name in &tags.times {
        map.entry(*name).or_insert(Value::Null);
    }
    for name in &tags.kept {
        if !map.contains_key(*name)
            && let Some(zero) = zero_of(ty, name)
        {
            map.insert((*name).to_owned(), zero);
        }
    }
    if schema.name == "core.v1.ResourceFieldSelector" {
        map.entry("divisor").or_insert_with(|| "0".into());
    }
}

/// Whether [`send`] would change nothing.
fn is_sent(value: &Value, field: &Field) -> bool {
    match (field.shape, value) {
        (Shape::One, value) => is_one_sent(value, field.ty),
        (_, Value::Array(items)) => items.iter().all(|v| is_one_sent(v, field.ty)),
        (_, Value::Object(map)) => map.values().all(|v| is_one_sent(v, field.ty)),
        _ => true,
    }
}

fn is_one_sent(value: &Value, ty: FieldType) -> bool {
    match (ty, value) {
        (FieldType::Object(id), Value::Object(map)) => is_struct_sent(map, id),
        (FieldType::Quantity, value) => canonical_quantity(value).is_none(),
        _ => true,
    }
}

fn is_struct_sent(map: &Map<String, Value>, ty: TypeId) -> bool {
    let schema = Schema::get().ty(ty);
    let empty = Tags::default();
    let tags = table().get(usize::from(ty.0)).unwrap_or(&empty);
    let stays = |(name, member): (&String, &Value)| match schema.field(name) {
        Some(field) => is_sent(member, field) && !vanishes(member, field, tags),
        None => !member.is_null(),
    };
    let there = |name: &&str| map.contains_key(*name);
    map.iter().all(stays)
        && tags.structs.iter().all(there)
        && tags.times.iter().all(there)
        && tags.kept.iter().all(|name| there(name) || zero_of(ty, name).is_none())
        && (schema.name != "core.v1.ResourceFieldSelector" || map.contains_key("divisor"))
}

/// Whether a member is left out of the encoding.
fn vanishes(value: &Value, field: &Field, tags: &Tags) -> bool {
    let is_in = |names: &[&str]| names.contains(&field.name);
    match (field.shape, value) {
        (Shape::List, Value::Null) => !is_in(&tags.kept),
        (_, Value::Null) => !is_in(&tags.times),
        (Shape::Map, Value::Object(map)) => map.is_empty() && !is_in(&tags.kept),
        (Shape::One, Value::String(text)) => {
            let plain = matches!(field.ty, FieldType::String | FieldType::Bytes);
            text.is_empty() && plain && !is_in(&tags.kept) && !is_in(&tags.pointers)
        }
        (Shape::One, Value::Bool(flag)) => !flag && !is_in(&tags.kept) && !is_in(&tags.pointers),
        (Shape::One, Value::Number(number)) => {
            let plain = matches!(field.ty, FieldType::Int32 | FieldType::Int64 | FieldType::Double);
            plain && number.as_i64() == Some(0) && !is_in(&tags.kept) && !is_in(&tags.pointers)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use api::Kind;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_line_of_the_tags_names_a_type_and_its_members() {
        for line in TAGS_TEXT.lines().filter(|l| !l.starts_with('#')) {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or("");
            let Some(ty) = Schema::get().find(name) else { panic!("no type {name}") };
            for member in words.flat_map(|w| w.split_once('=').map_or("", |(_, n)| n).split(',')) {
                assert!(Schema::get().ty(ty).field(member).is_some(), "{name}.{member}");
            }
        }
    }

    #[test]
    fn zeros_vanish_and_structs_appear() {
        let mut pod = Object::from_value(
            Kind::Pod,
            json!({"spec": {"hostNetwork": false, "hostname": "", "volumes": [], "priority": 0,
                "containers": [{"name": "c", "image": "i", "command": [], "stdin": false,
                    "env": [{"name": "A", "value": ""}], "workingDir": null,
                    "readinessProbe": {"initialDelaySeconds": 0, "exec": {"command": ["x"]}},
                    "resources": {"limits": {"memory": "1024Mi", "cpu": 0.5}, "requests": {}}}]}}),
        );
        round_trip(&mut pod);
        let spec = json!({"priority": 0, "containers": [{"name": "c", "image": "i",
            "env": [{"name": "A"}], "readinessProbe": {"exec": {"command": ["x"]}},
            "resources": {"limits": {"memory": "1Gi", "cpu": "500m"}}}]});
        assert_eq!(pod.spec(), &spec);
        assert_eq!(pod.status(), &json!({}));
    }
}
