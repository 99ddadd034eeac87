//! A value whose members stand in an order of their own.
//!
//! [`serde_json::Map`] sorts its members. What kubectl prints of an object that it made itself stands in the
//! order of a Go struct instead.

use serde_json::Value;

/// A JSON value, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree<'v> {
    /// Neither a list nor an object.
    Leaf(&'v Value),
    /// A list.
    List(Vec<Tree<'v>>),
    /// An object's members as they are to be written.
    Map(Vec<(&'v str, Tree<'v>)>),
}

impl<'v> Tree<'v> {
    /// Takes a value with its members sorted by name.
    pub fn sorted(value: &'v Value) -> Self {
        match value {
            Value::Array(list) => Self::List(list.iter().map(Self::sorted).collect()),
            Value::Object(map) => {
                Self::Map(map.iter().map(|(name, inner)| (name.as_str(), Self::sorted(inner))).collect())
            }
            leaf => Self::Leaf(leaf),
        }
    }

    /// Takes a value with its members in the order of a list of names; all others follow, sorted.
    pub fn ordered(value: &'v Value, order: &[&str]) -> Self {
        match value {
            Value::Array(list) => Self::List(list.iter().map(|item| Self::ordered(item, order)).collect()),
            Value::Object(map) => {
                let mut members: Vec<(&str, Self)> =
                    map.iter().map(|(name, inner)| (name.as_str(), Self::ordered(inner, order))).collect();
                members.sort_by_key(|(name, _)| {
                    order.iter().position(|known| known == name).unwrap_or(usize::MAX)
                });
                Self::Map(members)
            }
            leaf => Self::Leaf(leaf),
        }
    }
}
