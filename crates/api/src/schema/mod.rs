//! The field table of Kubernetes v1.36: every field of the kinds in [`crate::Kind`].
//!
//! `fields.txt` beside this file holds it as text: a type per flush-left line, a field per indented line
//! (`name type [required] [list=…] [keys=…] [patch=…] [merge=…] [enum=…]`), in the order of the Go struct. It
//! was written from the API's published OpenAPI document. It is text and not Rust because the same 1 100
//! fields cost a third of the bytes this way.
//!
//! A `*` before the name says that a component acts on the field as the real one does, or fills it in from
//! what has happened. Every other field is only kept: checked, defaulted, hashed, patched and printed, but
//! without its effect (or with so little of it that no one should rely on it). A field that holds an object
//! has the mark if something in the object has it. PARITY.md shows both lists.
//!
//! Models: `k8s.io/api`, `k8s.io/apimachinery/pkg/apis/meta/v1`.

use std::sync::OnceLock;

use apimachinery::schema::{Field, FieldType, ListType, PatchStrategy, Shape, Support, TypeId, TypeSchema};
use apimachinery::tree::Tree;

use serde_json::Value;

use crate::kind::Kind;

static TABLE_TEXT: &str = include_str!("fields.txt");

/// The whole table, types sorted by name.
#[derive(Debug)]
pub struct Schema {
    types: Vec<TypeSchema>,
}

impl Schema {
    /// The table; read on first use.
    pub fn get() -> &'static Self {
        static TABLE: OnceLock<Schema> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(&[TABLE_TEXT]))
    }

    /// The table with further types, whose fields may hold those of the table.
    pub fn with(more: &'static str) -> Self {
        Self::read(&[TABLE_TEXT, more])
    }

    fn read(texts: &[&'static str]) -> Self {
        let lines = || texts.iter().flat_map(|text| text.lines());
        let mut names: Vec<&'static str> = lines().filter(|l| !l.starts_with(' ')).collect();
        names.sort_unstable();
        let mut types: Vec<TypeSchema> =
            names.iter().map(|name| TypeSchema { name, fields: Vec::new() }).collect();
        let mut here = 0;
        for line in lines() {
            if let Some(field) = line.strip_prefix(' ') {
                if let Some(ty) = types.get_mut(here) {
                    let place = ty.fields.len();
                    ty.fields.push(Field { place, ..read_field(field, &names) });
                }
            } else {
                here = names.binary_search(&line).unwrap_or(0);
            }
        }
        for ty in &mut types {
            ty.fields.sort_by_key(|f| f.name);
        }
        Self { types }
    }

    /// The type at `id`.
    pub fn ty(&self, id: TypeId) -> &TypeSchema {
        static EMPTY: TypeSchema = TypeSchema { name: "", fields: Vec::new() };
        self.types.get(usize::from(id.0)).unwrap_or(&EMPTY)
    }

    /// The type called `name`, e.g. `apps.v1.StatefulSetSpec`.
    pub fn find(&self, name: &str) -> Option<TypeId> {
        let at = self.types.binary_search_by(|t| t.name.cmp(name)).ok()?;
        u16::try_from(at).ok().map(TypeId)
    }

    /// The type of a kind's objects.
    pub fn of_kind(&self, kind: Kind) -> TypeId {
        self.find(kind.info().schema).unwrap_or(TypeId(0))
    }

    /// A value with its members in the order of its type's Go struct: so Go prints what it made itself.
    pub fn ordered<'v>(&self, value: &'v Value, id: TypeId) -> Tree<'v> {
        let Value::Object(map) = value else { return Tree::sorted(value) };
        let ty = self.ty(id);
        let mut members: Vec<_> = map.iter().map(|(name, inner)| (ty.field(name), name, inner)).collect();
        members.sort_by_key(|(field, ..)| field.map_or(usize::MAX, |field| field.place));
        let inside =
            |field: Option<&Field>, inner: &'v Value| match field.map(|field| (field.ty, field.shape)) {
                Some((FieldType::Object(id), Shape::One)) => self.ordered(inner, id),
                Some((FieldType::Object(id), Shape::List)) => Tree::List(
                    inner.as_array().into_iter().flatten().map(|item| self.ordered(item, id)).collect(),
                ),
                Some((FieldType::Object(id), Shape::Map)) => {
                    let members = inner.as_object().into_iter().flatten();
                    Tree::Map(members.map(|(name, item)| (name.as_str(), self.ordered(item, id))).collect())
                }
                _ => Tree::sorted(inner),
            };
        Tree::Map(
            members.into_iter().map(|(field, name, inner)| (name.as_str(), inside(field, inner))).collect(),
        )
    }

    /// All types, sorted by name.
    pub fn types(&self) -> &[TypeSchema] {
        &self.types
    }
}

fn read_field(line: &'static str, names: &[&'static str]) -> Field {
    let (mark, line) = line.split_at(1);
    let mut words = line.split(' ');
    let name = words.next().unwrap_or("");
    let (shape, ty) = read_type(words.next().unwrap_or(""), names);
    let mut field = Field {
        name,
        ty,
        shape,
        required: false,
        patch: PatchStrategy::Default,
        merge_key: "",
        list_type: ListType::Granular,
        map_keys: Vec::new(),
        allowed: Vec::new(),
        support: if mark == "*" { Support::Simulated } else { Support::Kept },
        place: 0,
    };
    if shape == Shape::List {
        field.list_type = ListType::Atomic;
    }
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "required" => field.required = true,
            "list" => {
                field.list_type = match value {
                    "set" => ListType::Set,
                    "map" => ListType::Map,
                    _ => ListType::Atomic,
                }
            }
            "map" => field.list_type = ListType::Atomic,
            "keys" => field.map_keys = value.split(',').collect(),
            "patch" => {
                field.patch = match value {
                    "merge" => PatchStrategy::Merge,
                    _ => PatchStrategy::RetainKeys,
                }
            }
            "merge" => field.merge_key = value,
            "enum" => field.allowed = value.split(',').collect(),
            _ => {}
        }
    }
    field
}

fn read_type(word: &'static str, names: &[&'static str]) -> (Shape, FieldType) {
    let (shape, inner) = match word.as_bytes().first() {
        Some(b'[') => (Shape::List, word.trim_matches(['[', ']'])),
        Some(b'{') => (Shape::Map, word.trim_matches(['{', '}'])),
        _ => (Shape::One, word),
    };
    let ty = match inner {
        "string" => FieldType::String,
        "bool" => FieldType::Bool,
        "int32" => FieldType::Int32,
        "int64" => FieldType::Int64,
        "double" => FieldType::Double,
        "bytes" => FieldType::Bytes,
        "quantity" => FieldType::Quantity,
        "intOrString" => FieldType::IntOrString,
        "time" => FieldType::Time,
        "microTime" => FieldType::MicroTime,
        name => match names.binary_search(&name).ok().and_then(|at| u16::try_from(at).ok()) {
            Some(at) => FieldType::Object(TypeId(at)),
            None => FieldType::Raw,
        },
    };
    (shape, ty)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_every_named_type_is_in_the_table() {
        let schema = Schema::get();
        for kind in Kind::ALL {
            assert!(schema.find(kind.info().schema).is_some(), "{kind:?}");
        }
        for line in TABLE_TEXT.lines().filter(|l| l.starts_with(' ')) {
            let word = line[2..].split(' ').nth(1).unwrap();
            let inner = word.trim_matches(['[', ']', '{', '}']);
            assert!(!inner.contains('.') || schema.find(inner).is_some(), "{line}");
        }
    }

    #[test]
    fn an_object_is_simulated_if_something_in_it_is() {
        let schema = Schema::get();
        let marked = |ty: &TypeSchema| ty.fields.iter().any(|f| f.support == Support::Simulated);
        for ty in schema.types() {
            for field in ty.fields.iter().filter(|field| field.support == Support::Simulated) {
                if let FieldType::Object(inner) = field.ty {
                    assert!(marked(schema.ty(inner)), "{} {}: nothing in it is", ty.name, field.name);
                }
            }
        }
    }

    // Printed by kubectl v1.36.3.
    #[test]
    fn members_stand_as_in_gos_structs() {
        let schema = Schema::get();
        let pod = serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"run": "x"}, "name": "x"},
            "spec": {"containers": [{"image": "i", "name": "c", "resources": {}}], "dnsPolicy": "ClusterFirst",
            "restartPolicy": "Always"}, "status": {}});
        let Tree::Map(members) = schema.ordered(&pod, schema.of_kind(Kind::Pod)) else { panic!("no object") };
        let names =
            |members: &[(&str, Tree)]| members.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&members), ["kind", "apiVersion", "metadata", "spec", "status"]);
        let Tree::Map(spec) = &members[3].1 else { panic!("no spec") };
        assert_eq!(names(spec), ["containers", "restartPolicy", "dnsPolicy"]);
        let Tree::List(containers) = &spec[0].1 else { panic!("no containers") };
        let Tree::Map(container) = &containers[0] else { panic!("no container") };
        assert_eq!(names(container), ["name", "image", "resources"]);
    }

    #[test]
    fn containers_merge_by_name() {
        let schema = Schema::get();
        let spec = schema.ty(schema.find("core.v1.PodSpec").unwrap());
        let containers = spec.field("containers").unwrap();
        assert_eq!(containers.merge_key, "name");
        assert_eq!(containers.patch, PatchStrategy::Merge);
        assert_eq!(containers.list_type, ListType::Map);
        assert!(containers.required);
    }
}
