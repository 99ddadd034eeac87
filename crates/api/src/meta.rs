//! `metav1.ObjectMeta`, typed: the part of an object that every controller reads.

use std::rc::Rc;

use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use serde_json::{Map, Value, json};

use crate::managed::{ManagedFields, ManagedFieldsEntry};

/// An owner: `metav1.OwnerReference`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnerReference {
    /// `apps/v1`.
    pub api_version: String,
    /// `StatefulSet`.
    pub kind: String,
    /// The owner's name.
    pub name: String,
    /// The owner's UID: an owner created again under the same name is another one.
    pub uid: String,
    /// Whether this owner manages the object; at most one may.
    pub controller: Option<bool>,
    /// Whether a foreground deletion of the owner waits for this object.
    pub block_owner_deletion: Option<bool>,
}

impl OwnerReference {
    fn from_value(value: &Value) -> Self {
        Self {
            api_version: value.str_at(&["apiVersion"]).to_owned(),
            kind: value.str_at(&["kind"]).to_owned(),
            name: value.str_at(&["name"]).to_owned(),
            uid: value.str_at(&["uid"]).to_owned(),
            controller: value.bool_at(&["controller"]),
            block_owner_deletion: value.bool_at(&["blockOwnerDeletion"]),
        }
    }

    /// The reference as the API server serves it.
    pub fn to_value(&self) -> Value {
        let mut value = json!({
            "apiVersion": self.api_version, "kind": self.kind, "name": self.name, "uid": self.uid,
        });
        if let Some(map) = value.as_object_mut() {
            if let Some(controller) = self.controller {
                map.insert("controller".to_owned(), controller.into());
            }
            if let Some(block) = self.block_owner_deletion {
                map.insert("blockOwnerDeletion".to_owned(), block.into());
            }
        }
        value
    }

    /// Whether this owner is the managing one.
    pub fn is_controller(&self) -> bool {
        self.controller == Some(true)
    }
}

/// Metadata of an object. Empty strings, maps and lists stand for absent members.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)] // the names are the API's own
pub struct ObjectMeta {
    pub name: String,
    pub generate_name: String,
    pub namespace: String,
    pub uid: String,
    /// The store's revision at the last write; 0 if it is not stored yet.
    pub resource_version: u64,
    pub generation: i64,
    pub creation_timestamp: Option<Time>,
    pub deletion_timestamp: Option<Time>,
    pub deletion_grace_period_seconds: Option<i64>,
    pub labels: SortedMap<String, String>,
    pub annotations: SortedMap<String, String>,
    pub owner_references: Vec<OwnerReference>,
    pub finalizers: Vec<String>,
    /// Server-side apply's bookkeeping; not part of [`Self::to_value`].
    pub managed_fields: ManagedFields,
}

fn string_map(value: Option<&Map<String, Value>>) -> SortedMap<String, String> {
    let pairs = value.into_iter().flatten();
    pairs.map(|(k, v)| (k.clone(), v.as_str().unwrap_or("").to_owned())).collect()
}

impl ObjectMeta {
    /// Reads `metadata`; members of the wrong type count as absent (decoding has refused them
    /// before, see `apiserver::decode`).
    pub fn from_value(value: &Value) -> Self {
        let time = |name| Time::parse_rfc3339(value.str_at(&[name]));
        Self {
            name: value.str_at(&["name"]).to_owned(),
            generate_name: value.str_at(&["generateName"]).to_owned(),
            namespace: value.str_at(&["namespace"]).to_owned(),
            uid: value.str_at(&["uid"]).to_owned(),
            resource_version: value.str_at(&["resourceVersion"]).parse().unwrap_or(0),
            generation: value.i64_at(&["generation"]).unwrap_or(0),
            creation_timestamp: time("creationTimestamp"),
            deletion_timestamp: time("deletionTimestamp"),
            deletion_grace_period_seconds: value.i64_at(&["deletionGracePeriodSeconds"]),
            labels: string_map(value.map_at(&["labels"])),
            annotations: string_map(value.map_at(&["annotations"])),
            owner_references: value
                .list_at(&["ownerReferences"])
                .iter()
                .map(OwnerReference::from_value)
                .collect(),
            finalizers: value
                .list_at(&["finalizers"])
                .iter()
                .filter_map(|f| f.as_str().map(str::to_owned))
                .collect(),
            managed_fields: value
                .at(&["managedFields"])
                .and_then(Value::as_array)
                .map(|entries| Rc::new(entries.iter().map(ManagedFieldsEntry::from_value).collect())),
        }
    }

    /// The metadata as the API server serves it; absent members are left out.
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        let mut text = |name: &str, value: &str| {
            if !value.is_empty() {
                map.insert(name.to_owned(), value.into());
            }
        };
        text("name", &self.name);
        text("generateName", &self.generate_name);
        text("namespace", &self.namespace);
        text("uid", &self.uid);
        if self.resource_version != 0 {
            text("resourceVersion", &self.resource_version.to_string());
        }
        if let Some(time) = self.creation_timestamp {
            text("creationTimestamp", &time.rfc3339());
        }
        if let Some(time) = self.deletion_timestamp {
            text("deletionTimestamp", &time.rfc3339());
        }
        self.insert_structured(&mut map);
        Value::Object(map)
    }

    fn insert_structured(&self, map: &mut Map<String, Value>) {
        if self.generation != 0 {
            map.insert("generation".to_owned(), self.generation.into());
        }
        if let Some(seconds) = self.deletion_grace_period_seconds {
            map.insert("deletionGracePeriodSeconds".to_owned(), seconds.into());
        }
        for (name, strings) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            if !strings.is_empty() {
                let object = strings.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
                map.insert(name.to_owned(), Value::Object(object));
            }
        }
        if !self.owner_references.is_empty() {
            let owners = self.owner_references.iter().map(OwnerReference::to_value).collect();
            map.insert("ownerReferences".to_owned(), Value::Array(owners));
        }
        if !self.finalizers.is_empty() {
            let finalizers = self.finalizers.iter().map(|f| f.as_str().into()).collect();
            map.insert("finalizers".to_owned(), Value::Array(finalizers));
        }
    }

    /// The owner that manages the object: `metav1.GetControllerOf`.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|o| o.is_controller())
    }

    /// Whether a deletion has begun.
    pub fn is_deleting(&self) -> bool {
        self.deletion_timestamp.is_some()
    }

    /// The value of a label, or `""`.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// The value of an annotation, or `""`.
    pub fn annotation(&self, name: &str) -> &str {
        self.annotations.get(name).map_or("", String::as_str)
    }
}
