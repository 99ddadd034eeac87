//! `metadata.managedFields`: which client last had a say over which fields.
//!
//! Models: `metav1.ManagedFieldsEntry`, `sigs.k8s.io/structured-merge-diff/fieldpath` (`Set`, `FieldsV1`).

use std::borrow::Cow;
use std::rc::Rc;

use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use serde_json::{Map, Value, json};

/// All entries of an object, or none if nobody keeps track of it.
pub type ManagedFields = Option<Rc<Vec<ManagedFieldsEntry>>>;

/// What one client has a say over. Entries that differ in their time alone are equal, so a write that would
/// only renew times changes nothing.
#[derive(Debug, Clone)]
pub struct ManagedFieldsEntry {
    /// The client's name for itself: `kubectl-client-side-apply`.
    pub manager: String,
    /// Whether it has them by server-side apply; otherwise by any other write.
    pub applies: bool,
    /// `status`, `scale`, or empty.
    pub subresource: String,
    /// When it last changed something.
    pub time: Option<Time>,
    /// The fields. Versions of an object share them while no write changes them.
    pub fields: Rc<FieldSet>,
}

impl PartialEq for ManagedFieldsEntry {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id() && self.fields == other.fields
    }
}

impl ManagedFieldsEntry {
    /// Whose entry it is: no two entries of an object agree in this.
    pub fn id(&self) -> (&str, bool, &str) {
        (&self.manager, self.applies, &self.subresource)
    }

    /// The entry as the API server serves it. All entries of an object have the version of its kind.
    pub fn to_value(&self, api_version: &str) -> Value {
        let mut value = json!({
            "apiVersion": api_version, "fieldsType": "FieldsV1", "fieldsV1": self.fields.to_value(),
            "manager": self.manager, "operation": if self.applies { "Apply" } else { "Update" },
        });
        if let (Some(time), Some(map)) = (self.time, value.as_object_mut()) {
            map.insert("time".to_owned(), time.rfc3339().into());
        }
        if let (false, Some(map)) = (self.subresource.is_empty(), value.as_object_mut()) {
            map.insert("subresource".to_owned(), self.subresource.as_str().into());
        }
        value
    }

    /// Reads what [`Self::to_value`] has written.
    pub fn from_value(value: &Value) -> Self {
        Self {
            manager: value.str_at(&["manager"]).to_owned(),
            applies: value.str_at(&["operation"]) == "Apply",
            subresource: value.str_at(&["subresource"]).to_owned(),
            time: Time::parse_rfc3339(value.str_at(&["time"])),
            fields: Rc::new(FieldSet::from_value(value.at(&["fieldsV1"]).unwrap_or(&Value::Null))),
        }
    }
}

/// A step of a path, in the order of `FieldsV1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement {
    /// A member of a struct or map.
    Field(Cow<'static, str>),
    /// The element of a list that has these members, as compact JSON.
    Key(Rc<str>),
    /// The element of a set, as JSON.
    Value(Rc<str>),
}

impl PathElement {
    /// Reads `f:replicas`, `k:{"name":"nginx"}` or `v:"x"`.
    fn parse(text: &str) -> Option<Self> {
        let (sort, rest) = text.split_once(':')?;
        Some(match sort {
            "f" => Self::Field(rest.to_owned().into()),
            "k" => Self::Key(rest.into()),
            _ => Self::Value(rest.into()),
        })
    }

    fn encoded(&self) -> String {
        match self {
            Self::Field(name) => ["f:", name].concat(),
            Self::Key(text) => ["k:", text].concat(),
            Self::Value(text) => ["v:", text].concat(),
        }
    }

    /// As refusals print it: `.replicas`, `[name="nginx"]`, `[="x"]`.
    pub fn printed(&self) -> String {
        match self {
            Self::Field(name) => [".", name].concat(),
            Self::Value(text) => format!("[={text}]"),
            Self::Key(text) => {
                let keys: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
                let keys: Vec<String> = keys.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("[{}]", keys.join(","))
            }
        }
    }
}

/// A set of paths, as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldSet {
    /// Whether the path that ends here is in the set.
    pub member: bool,
    /// Longer paths by their next step.
    pub children: SortedMap<PathElement, FieldSet>,
}

impl FieldSet {
    /// Whether no path is in the set.
    pub fn is_empty(&self) -> bool {
        !self.member && self.children.is_empty()
    }

    /// Whether some path is in both sets.
    pub fn touches(&self, other: &Self) -> bool {
        let below =
            |(step, below): (&PathElement, &Self)| other.children.get(step).is_some_and(|o| below.touches(o));
        (self.member && other.member) || self.children.iter().any(below)
    }

    /// Whether every path of another set is in this one.
    pub fn includes(&self, other: &Self) -> bool {
        let below =
            |(step, below): (&PathElement, &Self)| self.children.get(step).is_some_and(|o| o.includes(below));
        (self.member || !other.member) && other.children.iter().all(below)
    }

    /// Adds the paths of `below`, each behind a step.
    pub fn put(&mut self, step: PathElement, below: Self) {
        match self.children.get_mut(&step) {
            Some(there) => there.add(&below),
            None => {
                self.children.insert(step, below);
            }
        }
    }

    /// Adds all paths of another set.
    pub fn add(&mut self, other: &Self) {
        self.member |= other.member;
        for (step, below) in &other.children {
            self.children.entry(step.clone()).or_default().add(below);
        }
    }

    /// Keeps the paths that another set has too, or, if `shared` is false, those that it lacks.
    pub fn retain(&mut self, other: &Self, shared: bool) {
        let empty = Self::default();
        self.member &= other.member == shared;
        self.children.retain(|step, below| {
            below.retain(other.children.get(step).unwrap_or(&empty), shared);
            !below.is_empty()
        });
    }

    /// Every path as refusals print it; one that begins others comes before them.
    pub fn paths(&self) -> Vec<String> {
        let (mut paths, mut deeper) = (Vec::new(), Vec::new());
        for (step, below) in &self.children {
            let step = step.printed();
            let all = below.paths();
            deeper.extend(all.iter().map(|path| [step.as_str(), path].concat()));
            if below.member {
                paths.push(step);
            }
        }
        paths.extend(deeper);
        paths
    }

    /// The set in the form of `FieldsV1`.
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        if self.member && !self.children.is_empty() {
            map.insert(".".to_owned(), json!({}));
        }
        map.extend(self.children.iter().map(|(step, below)| (step.encoded(), below.to_value())));
        Value::Object(map)
    }

    /// Reads `FieldsV1`.
    pub fn from_value(value: &Value) -> Self {
        let map = value.as_object();
        let mut set = Self::default();
        for (name, below) in map.into_iter().flatten() {
            match PathElement::parse(name) {
                Some(step) => {
                    let mut below = Self::from_value(below);
                    below.member |= below.children.is_empty();
                    set.children.insert(step, below);
                }
                None => set.member = true,
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_written_and_read_as_fields_v1() {
        let value = json!({"f:metadata": {"f:labels": {".": {}, "f:app": {}}}, "f:spec": {
            "f:containers": {"k:{\"name\":\"nginx\"}": {".": {}, "f:image": {}}}, "f:replicas": {}}});
        let set = FieldSet::from_value(&value);
        assert_eq!(set.to_value(), value);
        let paths = [
            ".metadata.labels",
            ".metadata.labels.app",
            ".spec.replicas",
            ".spec.containers[name=\"nginx\"]",
            ".spec.containers[name=\"nginx\"].image",
        ];
        assert_eq!(set.paths(), paths);
        let mut rest = set.clone();
        rest.retain(&FieldSet::from_value(&json!({"f:metadata": {"f:labels": {}}})), false);
        assert_eq!(rest.paths().first().map(String::as_str), Some(".metadata.labels.app"));
        rest.retain(&set, false);
        assert!(rest.is_empty());
    }
}
