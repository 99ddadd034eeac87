//! Where in a text something stands that a message names by a path: `spec.template.spec.containers[0].image`.

use apimachinery::yaml::{Node, NodeKind, Span};

/// A step of a field path.
pub(crate) enum Step {
    Member(String),
    Index(usize),
}

/// Reads `spec.template.spec.containers[0].name`, `metadata.labels[app]`.
pub(crate) fn steps(path: &str) -> Vec<Step> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, after) = inner.split_once(']').unwrap_or((inner, ""));
            found.push(key.parse().map_or_else(|_| Step::Member(key.to_owned()), Step::Index));
            rest = after.strip_prefix('.').unwrap_or(after);
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            found.push(Step::Member(name.to_owned()));
            rest = after.strip_prefix('.').unwrap_or(after);
        }
    }
    found
}

/// The place of a field path: the value, or the nearest thing above it that is written.
pub(crate) fn locate(root: &Node, path: &str) -> Option<Span> {
    if path.is_empty() {
        return None;
    }
    let mut here = root;
    let mut span = None;
    for step in steps(path) {
        let (next, at) = match (&step, &here.kind) {
            (Step::Member(name), NodeKind::Map(entries)) => {
                let Some(entry) = entries.iter().rev().find(|entry| *entry.name == **name) else { break };
                let is_leaf = matches!(entry.value.kind, NodeKind::Scalar(_));
                (
                    &entry.value,
                    if is_leaf && !entry.value.span.is_empty() { entry.value.span } else { entry.key.span },
                )
            }
            (Step::Index(at), NodeKind::Seq(items)) => {
                let Some(item) = items.get(*at) else { break };
                let key = item.as_map().and_then(|entries| entries.first()).map(|entry| entry.key.span);
                (item, key.unwrap_or(item.span))
            }
            _ => break,
        };
        here = next;
        span = Some(at);
    }
    span
}

/// The place of a field's name.
pub(crate) fn locate_key(root: &Node, path: &str) -> Option<Span> {
    let mut here = root;
    let mut span = None;
    for step in steps(path) {
        match (&step, &here.kind) {
            (Step::Member(name), NodeKind::Map(entries)) => {
                let entry = entries.iter().rev().find(|entry| *entry.name == **name)?;
                span = Some(entry.key.span);
                here = &entry.value;
            }
            (Step::Index(at), NodeKind::Seq(items)) => here = items.get(*at)?,
            _ => return span,
        }
    }
    span
}

/// The place of a path that leaves out list indexes, as Go's errors do: the first that fits.
pub(crate) fn locate_loosely(node: &Node, path: &[String]) -> Option<Span> {
    match (&node.kind, path.split_first()) {
        (_, None) => Some(node.span),
        (NodeKind::Seq(items), Some(_)) => items.iter().find_map(|item| locate_loosely(item, path)),
        (NodeKind::Map(entries), Some((name, rest))) => {
            let entry = entries.iter().find(|entry| &*entry.name == name.as_str())?;
            locate_loosely(&entry.value, rest)
        }
        (NodeKind::Scalar(_), Some(_)) => Some(node.span),
    }
}

/// The node of a field path, if all of it is written.
pub(crate) fn node<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    let step = |here: &'n Node, step: Step| match (step, &here.kind) {
        (Step::Member(name), NodeKind::Map(entries)) => {
            entries.iter().rev().find(|entry| *entry.name == *name).map(|entry| &entry.value)
        }
        (Step::Index(at), NodeKind::Seq(items)) => items.get(at),
        (Step::Member(_) | Step::Index(_), NodeKind::Scalar(_) | NodeKind::Seq(_) | NodeKind::Map(_)) => None,
    };
    steps(path).into_iter().try_fold(root, step)
}

/// A field path without its last member, and that member.
pub(crate) fn parent(path: &str) -> (&str, &str) {
    let at = path.rfind('.').map_or(0, |at| at);
    let (head, tail) = path.split_at(at);
    (head, tail.trim_start_matches('.'))
}
