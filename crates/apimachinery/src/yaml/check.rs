//! Mistakes that the tree shows: duplicate keys, keys and numbers that JSON cannot hold, merges.

use super::chunk::Chunk;
use super::limits::MAX_PROBLEMS;
use super::node::{Entry, Node, NodeKind, Scalar, Span};
use super::problem::{Problem, ProblemKind};
use super::scalar::Typed;
use crate::field::quote_go;
use crate::sorted::SharedMap;

/// Adds what is wrong with the tree under `root`, that of a chunk of `text`, to `problems`.
pub(super) fn check(root: &Node, text: &str, chunk: &Chunk, problems: &mut Vec<Problem>) {
    let mut checker = Checker { text, chunk, problems };
    checker.node(root);
}

struct Checker<'a> {
    text: &'a str,
    chunk: &'a Chunk,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn node(&mut self, node: &Node) {
        // What an alias stands for was checked at its anchor.
        if node.alias || self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        match &node.kind {
            NodeKind::Scalar(scalar) => self.scalar(scalar, node.span),
            NodeKind::Seq(items) => items.iter().for_each(|item| self.node(item)),
            NodeKind::Map(entries) => {
                let mut seen = SharedMap::default();
                for entry in entries.iter() {
                    self.entry(entry, &mut seen);
                }
            }
        }
    }

    fn entry<'e>(&mut self, entry: &'e Entry, seen: &mut SharedMap<&'e str, ()>) {
        if entry.merge {
            self.merge(&entry.value);
        } else {
            self.key(entry);
            if entry.key.as_scalar().is_some() && seen.insert(&*entry.name, ()).is_some() {
                let message = format!("key {} already set in map", quote_go(&entry.name));
                self.note(ProblemKind::DuplicateKey, entry.key.span, message);
            }
        }
        self.node(&entry.value);
    }

    fn key(&mut self, entry: &Entry) {
        let Some(scalar) = entry.key.as_scalar() else {
            self.node(&entry.key); // go-yaml decodes the key before it looks at its kind
            let message = format!("yaml: invalid map key: {}", go_syntax(&entry.key));
            return self.note(ProblemKind::MapKey, entry.key.span, message);
        };
        // As a member's name every number is text.
        if !matches!(scalar.typed(), Ok(Typed::Float(_))) {
            self.scalar(scalar, entry.key.span);
        }
        if scalar.typed() == Ok(Typed::Null) {
            let value = match entry.value.as_scalar().map(Scalar::typed) {
                Some(Ok(Typed::Null)) => "<nil>".to_owned(), // only within others it has a type
                _ => go_syntax(&entry.value),
            };
            let message = format!("unsupported map key of type: %!s(<nil>), key: <nil>, value: {value}");
            self.note(ProblemKind::NullKey, entry.key.span, message);
        }
    }

    fn merge(&mut self, source: &Node) {
        let good = match &source.kind {
            NodeKind::Map(_) => true,
            NodeKind::Seq(maps) => !source.alias && maps.iter().all(|map| map.as_map().is_some()),
            NodeKind::Scalar(_) => false,
        };
        if !good {
            let message = "yaml: map merge requires map or sequence of maps as the value";
            self.note(ProblemKind::Merge, source.span, message.to_owned());
        }
    }

    fn scalar(&mut self, scalar: &Scalar, span: Span) {
        match scalar.typed() {
            Err(actual) => {
                let (is, text) = (actual.tag(), &scalar.text);
                let tag = scalar.tag.as_deref().unwrap_or_default();
                let message = format!("yaml: cannot decode {is} `{text}` as a {tag}");
                self.note(ProblemKind::TagValue, span, message);
            }
            Ok(Typed::Float(f)) if !f.is_finite() => {
                let name = if f.is_nan() {
                    "NaN"
                } else if f > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                self.note(ProblemKind::NotJson, span, format!("json: unsupported value: {name}"));
            }
            Ok(_) if scalar.content().is_none() => {
                let message = "yaml: !!binary value contains invalid base64 data".to_owned();
                self.note(ProblemKind::TagValue, span, message);
            }
            Ok(_) => {}
        }
    }

    fn note(&mut self, kind: ProblemKind, span: Span, message: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(self.chunk.problem(self.text, kind, span, message));
        }
    }
}

/// The node as Go's `%#v` shows what it decodes to.
fn go_syntax(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(scalar) => match scalar.typed().unwrap_or(Typed::Text) {
            Typed::Null => "interface {}(nil)".to_owned(),
            Typed::Bool(b) => b.to_string(),
            Typed::Int(n) => n.to_string(),
            Typed::Uint(n) => format!("{n:#x}"),
            Typed::Float(f) => f.to_string(),
            Typed::Timestamp | Typed::Text => quote_go(&scalar.text),
        },
        NodeKind::Seq(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        NodeKind::Map(entries) => {
            let mut members: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}:{}", go_syntax(&entry.key), go_syntax(&entry.value)))
                .collect();
            members.sort();
            format!("map[interface {{}}]interface {{}}{{{}}}", members.join(", "))
        }
    }
}
