//! An object, its key, and a reference to it.

use std::fmt;
use std::rc::Rc;

use apimachinery::sorted::SortedMap;
use apimachinery::value::{ValueExt, set_at};
use serde_json::{Map, Value};

use crate::kind::Kind;
use crate::memo::Memo;
use crate::meta::{ObjectMeta, OwnerReference};

/// Where an object is stored: `<kind>/<namespace>/<name>`; cluster-scoped kinds have no namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The kind.
    pub kind: Kind,
    /// Empty for cluster-scoped kinds.
    pub namespace: Rc<str>,
    /// The name.
    pub name: Rc<str>,
}

impl Key {
    /// The key of `name` in `namespace`.
    pub fn new(kind: Kind, namespace: impl Into<Rc<str>>, name: impl Into<Rc<str>>) -> Self {
        let namespace = if kind.info().namespaced { namespace.into() } else { "".into() };
        Self { kind, namespace, name: name.into() }
    }
}

impl fmt::Display for Key {
    /// `statefulset/web`, the way events and kubectl name objects.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.info().singular, self.name)
    }
}

/// An object's identity through time: a key and the UID of one incarnation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// Where.
    pub key: Key,
    /// Which incarnation; empty where it does not matter.
    pub uid: String,
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// Its metadata.
    pub metadata: ObjectMeta,
    /// Everything beside `apiVersion`, `kind` and `metadata`: `spec`, `status`, `data`, ….
    pub fields: SortedMap<String, Rc<Value>>,
    /// What readers have worked out of this version.
    memo: Memo,
}

impl Object {
    /// An object of this kind and name with no fields.
    pub fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        let key = Key::new(kind, namespace, name);
        let metadata = ObjectMeta {
            name: key.name.as_ref().to_owned(),
            namespace: key.namespace.as_ref().to_owned(),
            ..ObjectMeta::default()
        };
        Self { kind, metadata, fields: SortedMap::new(), memo: Memo::default() }
    }

    /// Takes apart a JSON object of this kind. `null` members count as absent.
    pub fn from_value(kind: Kind, value: Value) -> Self {
        let Value::Object(mut map) = value else {
            return Self::new(kind, "", "");
        };
        map.remove("apiVersion");
        map.remove("kind");
        let metadata = map.remove("metadata").unwrap_or(Value::Null);
        let fields = map.into_iter().filter(|(_, v)| !v.is_null());
        Self {
            kind,
            metadata: ObjectMeta::from_value(&metadata),
            fields: fields.map(|(k, v)| (k, Rc::new(v))).collect(),
            memo: Memo::default(),
        }
    }

    /// The object as the API server serves it, with `metadata.managedFields`.
    pub fn to_whole_value(&self) -> Value {
        let mut value = self.to_value();
        if let Some(entries) = &self.metadata.managed_fields {
            let version = self.kind.info().api_version();
            let entries: Vec<Value> = entries.iter().map(|entry| entry.to_value(&version)).collect();
            set_at(&mut value, &["metadata", "managedFields"], entries.into());
        }
        value
    }

    /// The object as the API server serves it, but without `metadata.managedFields`.
    pub fn to_value(&self) -> Value {
        self.to_value_with(|_| true)
    }

    /// [`Self::to_value`] with only those of [`Self::fields`] that are wanted.
    pub fn to_value_with(&self, wanted: impl Fn(&str) -> bool) -> Value {
        let mut map = Map::new();
        map.insert("apiVersion".to_owned(), self.kind.info().api_version().into());
        map.insert("kind".to_owned(), self.kind.info().name.into());
        map.insert("metadata".to_owned(), self.metadata.to_value());
        for (name, value) in self.fields.iter().filter(|(name, _)| wanted(name)) {
            map.insert(name.clone(), Value::clone(value));
        }
        Value::Object(map)
    }

    /// The key under which it is stored.
    pub fn key(&self) -> Key {
        Key::new(self.kind, self.metadata.namespace.as_str(), self.metadata.name.as_str())
    }

    /// A reference to this very incarnation.
    pub fn object_ref(&self) -> ObjectRef {
        ObjectRef { key: self.key(), uid: self.metadata.uid.clone() }
    }

    /// What follows from this version alone, worked out when it is asked for the first time.
    ///
    /// There is one value per type `T`, so a type belongs to one way of working it out.
    pub fn derive<T: 'static>(this: &Rc<Self>, work_out: impl FnOnce(&Self) -> T) -> &T {
        this.memo.get(|| work_out(this))
    }

    /// The top-level field called `name`, or `null`.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).map_or(&Value::Null, |v| v)
    }

    /// `spec`, or `null`.
    pub fn spec(&self) -> &Value {
        self.field("spec")
    }

    /// `status`, or `null`.
    pub fn status(&self) -> &Value {
        self.field("status")
    }

    /// Sets a top-level field; `null` removes it.
    pub fn set_field(&mut self, name: &str, value: Value) {
        if value.is_null() {
            self.fields.remove(name);
        } else {
            self.fields.insert(name.to_owned(), Rc::new(value));
        }
    }

    /// A top-level field to change; copies it if it is shared.
    pub fn field_mut(&mut self, name: &str) -> &mut Value {
        let slot = self.fields.entry(name.to_owned()).or_insert_with(|| Rc::new(Map::new().into()));
        Rc::make_mut(slot)
    }

    /// `spec` to change.
    pub fn spec_mut(&mut self) -> &mut Value {
        self.field_mut("spec")
    }

    /// `status` to change.
    pub fn status_mut(&mut self) -> &mut Value {
        self.field_mut("status")
    }

    /// The value at a path of member names below the top: `["spec", "replicas"]`.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        self.field(first).at(rest)
    }

    /// The owner reference that makes this object the managing owner of another one.
    pub fn controller_reference(&self) -> OwnerReference {
        OwnerReference {
            api_version: self.kind.info().api_version(),
            kind: self.kind.info().name.to_owned(),
            name: self.metadata.name.clone(),
            uid: self.metadata.uid.clone(),
            controller: Some(true),
            block_owner_deletion: Some(true),
        }
    }

    /// Whether `owner` (this very incarnation) manages this object: `metav1.IsControlledBy`.
    pub fn is_controlled_by(&self, owner: &Self) -> bool {
        self.metadata.controller().is_some_and(|c| c.uid == owner.metadata.uid)
    }
}
