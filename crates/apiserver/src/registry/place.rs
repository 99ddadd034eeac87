//! A value and where it stands: what validation walks over.

use apimachinery::Path;
use apimachinery::value::ValueExt;
use serde_json::{Map, Value};

static NULL: Value = Value::Null;

/// A JSON value and its field path.
#[derive(Debug, Clone)]
pub(crate) struct Place<'a> {
    /// What stands there; `Null` if nothing does.
    pub value: &'a Value,
    /// Where.
    pub path: Path,
}

impl<'a> Place<'a> {
    /// `value` at `path`.
    pub fn new(value: &'a Value, path: Path) -> Self {
        Self { value, path }
    }

    /// The path of a member.
    pub fn at(&self, name: &str) -> Path {
        self.path.child(name)
    }

    /// Whether a member is there.
    pub fn has(&self, name: &str) -> bool {
        self.value.at(&[name]).is_some()
    }

    /// A member that is there.
    pub fn get(&self, name: &str) -> Option<Place<'a>> {
        self.value.at(&[name]).map(|value| Place::new(value, self.at(name)))
    }

    /// A member, `Null` if it is not there.
    pub fn member(&self, name: &str) -> Place<'a> {
        Place::new(self.value.at(&[name]).unwrap_or(&NULL), self.at(name))
    }

    /// The text of a member, or `""`.
    pub fn str(&self, name: &str) -> &'a str {
        self.value.str_at(&[name])
    }

    /// The text of a member that is there.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.value.at(&[name]).and_then(Value::as_str)
    }

    /// The integer of a member that is there.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.value.i64_at(&[name])
    }

    /// Whether a member is `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.value.bool_at(&[name]) == Some(true)
    }

    /// The elements of a list.
    pub fn items(&self, name: &str) -> &'a [Value] {
        self.value.list_at(&[name])
    }

    /// The elements of a list, each with its path.
    pub fn list(&self, name: &str) -> impl Iterator<Item = Place<'a>> + use<'a> {
        let items = self.items(name);
        let path = if items.is_empty() { Path::default() } else { self.at(name) };
        items.iter().enumerate().map(move |(i, value)| Place::new(value, path.index(i)))
    }

    /// The strings of a list.
    pub fn strings(&self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.items(name).iter().map(|v| v.as_str().unwrap_or(""))
    }

    /// The members of a map.
    pub fn map(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.value.map_at(&[name])
    }

    /// The members of a map, in the order of their keys.
    pub fn entries(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.map(name).into_iter().flatten().map(|(k, v)| (k.as_str(), v))
    }
}
