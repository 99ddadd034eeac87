//! The spanned tree: what was written, and where.
//!
//! Children are behind `Rc`, so an alias costs one node however large its anchor is. Each node
//! knows how many nodes and how many levels it stands for, which is what bounds every walk.

use std::rc::Rc;

/// A half-open range of bytes in the text that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
}

impl Span {
    /// The range from `start` to `end`, in bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether nothing is covered.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The covered text, where the span lies within `text`.
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes: the only style whose text is typed.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

/// A scalar as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after quotes, escapes and folding.
    pub text: Rc<str>,
    /// How it was written.
    pub style: ScalarStyle,
    /// An explicit tag: `!!int` for those of YAML itself, otherwise as written.
    pub tag: Option<Rc<str>>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key as the JSON member it becomes: `yes` is `true`.
    pub name: Rc<str>,
    /// The key as written; its span is what to underline for the key.
    pub key: Node,
    /// The value.
    pub value: Node,
    /// Whether the key is `<<`, which merges the value's members in.
    pub merge: bool,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar(Scalar),
    /// A list.
    Seq(Rc<Vec<Node>>),
    /// A map, in the order written, duplicates and merges included.
    Map(Rc<Vec<Entry>>),
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands. For an alias the span is the alias; its children stand at the anchor.
    pub span: Span,
    /// What it holds.
    pub kind: NodeKind,
    /// Whether it is written as an alias, `*name`.
    pub alias: bool,
    /// Nodes in it, aliases followed; saturates.
    pub(super) weight: u32,
    /// Levels below it.
    pub(super) height: u32,
}

impl Entry {
    pub(super) fn new(key: Node, value: Node) -> Self {
        let merge = key.as_scalar().is_some_and(Scalar::is_merge_key);
        Self { name: key.member_name().into(), key, value, merge }
    }
}

impl Node {
    pub(super) fn scalar(span: Span, scalar: Scalar) -> Self {
        Self { span, kind: NodeKind::Scalar(scalar), alias: false, weight: 1, height: 0 }
    }

    /// A plain scalar of nothing, which is null.
    pub(super) fn null(span: Span) -> Self {
        Self::scalar(span, Scalar { text: "".into(), style: ScalarStyle::Plain, tag: None })
    }

    pub(super) fn seq(span: Span, items: Vec<Self>) -> Self {
        let (weight, height) = measure(items.iter());
        Self { span, kind: NodeKind::Seq(Rc::new(items)), alias: false, weight, height }
    }

    pub(super) fn map(span: Span, entries: Vec<Entry>) -> Self {
        let (weight, height) = measure(entries.iter().flat_map(|e| [&e.key, &e.value]));
        Self { span, kind: NodeKind::Map(Rc::new(entries)), alias: false, weight, height }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            NodeKind::Seq(_) | NodeKind::Map(_) => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Map(entries) => Some(entries),
            NodeKind::Scalar(_) | NodeKind::Seq(_) => None,
        }
    }
}

fn measure<'a>(children: impl Iterator<Item = &'a Node>) -> (u32, u32) {
    children.fold((1, 0), |(weight, height), child| {
        (weight.saturating_add(child.weight), height.max(child.height + 1))
    })
}
