//! Values seen through the field table, as server-side apply sees them: which parts have an owner of
//! their own, what two values differ in, and how one is laid over the other.
//!
//! Models: `sigs.k8s.io/structured-merge-diff/typed` (`Compare`, `Merge`, `ToFieldSet`, `RemoveItems`).

use std::borrow::Cow;

use api::schema::Schema;
use api::{FieldSet, PathElement};
use apimachinery::gojson;
use apimachinery::schema::{Field, FieldType, ListType, Shape, TypeId};
use serde_json::{Map, Value};

/// Structs that have one owner as a whole: `x-kubernetes-map-type: atomic`.
const ATOMIC: [&str; 16] = [
    "LabelSelector",
    "OwnerReference",
    "ConfigMapKeySelector",
    "LocalObjectReference",
    "NodeSelector",
    "NodeSelectorTerm",
    "ObjectFieldSelector",
    "ObjectReference",
    "ResourceFieldSelector",
    "ScopeSelector",
    "SecretKeySelector",
    "SecretReference",
    "TopologySelectorTerm",
    "TypedLocalObjectReference",
    "FileKeySelector",
    "EndpointAddress",
];
/// Maps that have one owner as a whole: the type that holds them, and their name.
const ATOMIC_MAPS: [(&str, &str); 2] = [("ServiceSpec", "selector"), ("PodSpec", "nodeSelector")];

/// How a value divides into parts that have an owner.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// It is one part.
    Leaf,
    /// Into the members of a struct.
    Struct(TypeId),
    /// Into the members of a map, which are of this type.
    Map(FieldType),
    /// Into the elements of a list that have keys, or are scalars of a set.
    List(&'static Field),
}

/// What a part may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kinds {
    pub(super) shape: Shape,
    pub(super) ty: FieldType,
}

impl Part {
    /// What may stand behind an element of a path; `None` if the field table has no such member.
    pub(super) fn kinds_of(self, step: &PathElement) -> Option<Kinds> {
        match (self, step) {
            (Self::Struct(id), PathElement::Field(name)) => {
                Schema::get().ty(id).field(name).map(|field| Kinds { shape: field.shape, ty: field.ty })
            }
            (Self::Map(ty), _) => Some(Kinds { shape: Shape::One, ty }),
            (Self::List(field), _) => Some(Kinds { shape: Shape::One, ty: field.ty }),
            _ => None,
        }
    }

    fn of_type(ty: FieldType) -> Self {
        match ty {
            FieldType::Object(id) => {
                let name = Schema::get().ty(id).go_name();
                if ATOMIC.contains(&name) { Self::Leaf } else { Self::Struct(id) }
            }
            _ => Self::Leaf,
        }
    }

    fn of_field(field: &'static Field) -> Self {
        match (field.shape, field.list_type) {
            (Shape::One, _) => Self::of_type(field.ty),
            (Shape::Map, _) => Self::Map(field.ty),
            (Shape::List, ListType::Atomic) => Self::Leaf,
            (Shape::List, _) => Self::List(field),
        }
    }

    /// A member as an element of a path, and how its value divides.
    pub(super) fn member(self, name: &str) -> (PathElement, Self) {
        let owned = || PathElement::Field(Cow::Owned(name.to_owned()));
        match self {
            Self::Struct(id) => match Schema::get().ty(id).field(name) {
                Some(field) => {
                    let place = || (Schema::get().ty(id).go_name(), field.name);
                    let whole = field.shape == Shape::Map && ATOMIC_MAPS.contains(&place());
                    let part = if whole { Self::Leaf } else { Self::of_field(field) };
                    (PathElement::Field(Cow::Borrowed(field.name)), part)
                }
                None => (owned(), Self::Leaf),
            },
            Self::Map(ty) => (owned(), Self::of_type(ty)),
            Self::Leaf | Self::List(_) => (owned(), Self::Leaf),
        }
    }

    /// An item of a list as an element of a path, and how its value divides.
    fn element(field: &'static Field, item: &Value) -> (PathElement, Self) {
        if field.list_type == ListType::Set {
            return (PathElement::Value(gojson::compact(item).into()), Self::Leaf);
        }
        let keys = field.map_keys.iter().filter_map(|key| {
            // The one key that the API document gives a default.
            let missing = || (*key == "protocol").then(|| "TCP".into());
            Some(((*key).to_owned(), item.get(*key).cloned().or_else(missing)?))
        });
        let keys: Map<String, Value> = keys.collect();
        (PathElement::Key(gojson::compact(&Value::Object(keys)).into()), Self::of_type(field.ty))
    }

    /// The parts of a value, in its own order; none if it is not divided.
    pub(super) fn parts(self, value: Option<&Value>) -> Vec<(PathElement, Self, &Value)> {
        let mut parts = Vec::new();
        match (self, value) {
            (Self::Struct(_) | Self::Map(_), Some(Value::Object(map))) => {
                for (name, member) in map {
                    let (step, part) = self.member(name);
                    parts.push((step, part, member));
                }
            }
            (Self::List(field), Some(Value::Array(items))) => {
                for item in items {
                    let (step, part) = Self::element(field, item);
                    parts.push((step, part, item));
                }
            }
            _ => {}
        }
        parts
    }
}

/// What a change does.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// Parts that are new or have another value.
    pub(super) changed: FieldSet,
    /// Parts that are gone.
    pub(super) removed: FieldSet,
}

impl Comparison {
    /// Compares two values. An absent one is not the same as `null`.
    pub(super) fn of(old: Option<&Value>, new: Option<&Value>, part: Part) -> Self {
        let mut compared = Self::default();
        if old == new {
            return compared;
        }
        let divided = match (part, old, new) {
            (Part::Struct(_) | Part::Map(_), _, _) => {
                compared.members(part, old.and_then(Value::as_object), new.and_then(Value::as_object))
            }
            (Part::List(_), ..) => compared.elements(&part.parts(old), &part.parts(new)),
            (Part::Leaf, ..) => false,
        };
        compared.changed.member = new.is_some() && !(divided && old.is_some());
        compared.removed.member = new.is_none();
        compared
    }

    /// Compares members of maps; returns whether there are any.
    fn members(
        &mut self,
        part: Part,
        old: Option<&Map<String, Value>>,
        new: Option<&Map<String, Value>>,
    ) -> bool {
        let in_old = |name: &String| old.and_then(|old| old.get(name));
        for (name, was) in old.into_iter().flatten() {
            self.member(part, name, Some(was), new.and_then(|new| new.get(name)));
        }
        for (name, now) in new.into_iter().flatten().filter(|(name, _)| in_old(name).is_none()) {
            self.member(part, name, None, Some(now));
        }
        old.is_some_and(|old| !old.is_empty()) || new.is_some_and(|new| !new.is_empty())
    }

    /// Compares a member.
    pub(super) fn member(&mut self, part: Part, name: &str, old: Option<&Value>, new: Option<&Value>) {
        if old != new {
            let (step, below) = part.member(name);
            self.put(step, Self::of(old, new, below));
        }
    }

    /// Compares elements of lists; returns whether there are any.
    fn elements(&mut self, old: &[(PathElement, Part, &Value)], new: &[(PathElement, Part, &Value)]) -> bool {
        for (step, part, was) in old {
            let now = new.iter().find(|(other, ..)| other == step).map(|(.., value)| *value);
            self.put(step.clone(), Self::of(Some(was), now, *part));
        }
        for (step, part, now) in new.iter().filter(|(step, ..)| !old.iter().any(|(other, ..)| other == step))
        {
            self.put(step.clone(), Self::of(None, Some(now), *part));
        }
        !old.is_empty() || !new.is_empty()
    }

    /// Adds what has changed in a part.
    pub(super) fn put(&mut self, step: PathElement, below: Self) {
        if !below.removed.is_empty() {
            self.removed.put(step.clone(), below.removed);
        }
        if !below.changed.is_empty() {
            self.changed.put(step, below.changed);
        }
    }
}

/// The parts that a manifest names.
pub(super) fn field_set(value: &Value, part: Part) -> FieldSet {
    let mut set = FieldSet::default();
    for (step, below, member) in part.parts(Some(value)) {
        let mut inner = field_set(member, below);
        // Members of a struct are known; those of a map or list are there because somebody put them.
        inner.member |= !matches!(part, Part::Struct(_));
        set.children.insert(step, inner);
    }
    set.member = set.children.is_empty();
    set
}

/// Lays a manifest over the object that is there.
pub(super) fn merge(live: &Value, config: &Value, part: Part) -> Value {
    match (part, live, config) {
        (Part::Struct(_) | Part::Map(_), Value::Object(old), Value::Object(new)) => {
            let mut merged = old.clone();
            for (name, value) in new {
                let below = part.member(name).1;
                let value = old.get(name).map_or_else(|| value.clone(), |old| merge(old, value, below));
                merged.insert(name.clone(), value);
            }
            Value::Object(merged)
        }
        (Part::List(_), Value::Array(_), Value::Array(_)) => {
            let (old, new) = (part.parts(Some(live)), part.parts(Some(config)));
            let find = |of: &[(PathElement, Part, &Value)], step: &PathElement| {
                of.iter().position(|(s, ..)| s == step)
            };
            let mut merged = Vec::new();
            let mut rest = old.iter().peekable();
            for (step, below, value) in &new {
                // What only the live list has stays before what it stood before.
                while let Some((_, _, kept)) = rest.next_if(|(other, ..)| find(&new, other).is_none()) {
                    merged.push(Value::clone(kept));
                }
                rest.next_if(|(other, ..)| other == step);
                let live = find(&old, step).and_then(|at| old.get(at));
                merged.push(live.map_or_else(|| Value::clone(value), |(.., old)| merge(old, value, *below)));
            }
            merged.extend(rest.filter(|(s, ..)| find(&new, s).is_none()).map(|(.., v)| Value::clone(v)));
            Value::Array(merged)
        }
        _ => config.clone(),
    }
}

/// Removes what the last manifest named and nobody names any more.
pub(super) fn prune(value: &mut Value, part: Part, last: &FieldSet, owned: &FieldSet) {
    let nobody = FieldSet::default();
    let is_struct = matches!(part, Part::Struct(_));
    // What becomes of the part behind a step: it goes, stays, or is looked into.
    let goes = |step: &PathElement, below: Part, value: &mut Value| {
        let Some(named) = last.children.get(step) else { return false };
        let owners = owned.children.get(step);
        let is_owned = owners.is_some_and(|set| set.member || is_struct);
        if (named.member || is_struct) && !is_owned {
            return true;
        }
        prune(value, below, named, owners.unwrap_or(&nobody));
        false
    };
    match (part, value) {
        (Part::Struct(_) | Part::Map(_), Value::Object(map)) => {
            map.retain(|name, value| {
                let (step, below) = part.member(name);
                !goes(&step, below, value)
            });
        }
        (Part::List(field), Value::Array(items)) => {
            items.retain_mut(|item| {
                let (step, below) = Part::element(field, item);
                !goes(&step, below, item)
            });
        }
        _ => {}
    }
}
