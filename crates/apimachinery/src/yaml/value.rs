//! Turns the tree into JSON, as untyped decoding does.
//!
//! Models: `sigs.k8s.io/yaml` over `go.yaml.in/yaml/v2`, then `ConvertInterfaceNumbers`.
//! Differs: Go replaces each byte of a `!!binary` that is no text by U+FFFD; here several such bytes may
//! share one.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::node::{Entry, Node, NodeKind, Scalar, ScalarStyle};
use super::scalar::{Typed, resolve, resolve_as};
use crate::base64::Alphabet;
use crate::gojson;

impl Scalar {
    /// What the scalar means.
    ///
    /// # Errors
    /// The type its text has, when its tag says another.
    pub(super) fn typed(&self) -> Result<Typed, Typed> {
        match self.tag.as_deref() {
            None if self.style == ScalarStyle::Plain => Ok(resolve(&self.text)),
            None => Ok(Typed::Text),
            Some(tag) => resolve_as(tag, &self.text),
        }
    }

    pub(super) fn is_merge_key(&self) -> bool {
        &*self.text == "<<"
            && match self.tag.as_deref() {
                None => self.style == ScalarStyle::Plain,
                Some(tag) => matches!(tag, "!" | "!!merge"),
            }
    }

    /// The text it holds, decoded if it is a `!!binary`; `None` if such a text is not base64.
    pub(super) fn content(&self) -> Option<Cow<'_, str>> {
        if self.tag.as_deref() != Some("!!binary") {
            return Some(Cow::Borrowed(&self.text));
        }
        let bytes = Alphabet::Standard.decode(&self.text).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned().into())
    }

    fn to_value(&self) -> Value {
        match self.typed().unwrap_or(Typed::Text) {
            Typed::Null => Value::Null,
            Typed::Bool(b) => Value::Bool(b),
            Typed::Int(n) => n.into(),
            // Kubernetes knows 64-bit integers and floats only.
            #[expect(clippy::cast_precision_loss, reason = "as Kubernetes does")]
            Typed::Uint(n) => float(n as f64),
            Typed::Float(f) => float(f),
            Typed::Timestamp | Typed::Text => self.content().unwrap_or_default().into(),
        }
    }

    /// The name of the JSON member that the scalar becomes as a key.
    fn member_name(&self) -> String {
        match self.typed().unwrap_or(Typed::Text) {
            Typed::Bool(b) => b.to_string(),
            Typed::Int(n) => n.to_string(),
            Typed::Uint(n) => n.to_string(),
            #[expect(clippy::cast_possible_truncation, reason = "keys print as 32-bit floats")]
            Typed::Float(f) => gojson::float32(f as f32),
            Typed::Null | Typed::Timestamp | Typed::Text => self.content().unwrap_or_default().into(),
        }
    }
}

/// A float as Go's JSON carries it: whole numbers in range come back as integers.
fn float(f: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked by the range")]
    if f.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f) {
        return (f as i64).into();
    }
    Number::from_f64(f).map_or(Value::Null, Value::Number)
}

impl Node {
    /// The JSON value. What JSON cannot say becomes null; such a document has a fatal problem.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Scalar(scalar) => scalar.to_value(),
            NodeKind::Seq(items) => items.iter().map(Self::to_value).collect(),
            NodeKind::Map(entries) => {
                let mut members = Map::new();
                put_members(&mut members, entries);
                Value::Object(members)
            }
        }
    }

    pub(super) fn member_name(&self) -> String {
        self.as_scalar().map(Scalar::member_name).unwrap_or_default()
    }
}

/// Adds entries in the order written. The last one of a name wins: a merged member, too, over a key that
/// stands before `<<`.
fn put_members(members: &mut Map<String, Value>, entries: &[Entry]) {
    for entry in entries {
        if entry.merge {
            merge(members, &entry.value);
        } else {
            members.insert(entry.name.as_ref().into(), entry.value.to_value());
        }
    }
}

fn merge(members: &mut Map<String, Value>, source: &Node) {
    match &source.kind {
        NodeKind::Map(entries) => put_members(members, entries),
        // Earlier maps of a list take precedence.
        NodeKind::Seq(maps) => {
            for map in maps.iter().rev().filter_map(Node::as_map) {
                put_members(members, map);
            }
        }
        NodeKind::Scalar(_) => {}
    }
}
