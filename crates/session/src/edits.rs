//! Changes to a manifest's text as somebody would type them: they keep comments, order and style of what stands there.
//!
//! Differs: what is written below an alias, or so that no line can be put in, is left alone; the change is then not
//! offered.

use apimachinery::yaml::{self, Entry, Node, NodeKind, Span};
use serde_json::{Value, json};

/// Puts `text` in the place of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The range, in bytes of the text as it was.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A text with these edits. Of edits that overlap the first one counts.
pub fn edited(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span.start);
    let (mut out, mut done) = (String::new(), 0);
    for edit in sorted {
        let Some(kept) = text.get(done..edit.span.start) else { continue };
        out.push_str(kept);
        out.push_str(&edit.text);
        done = edit.span.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

/// A map's entries; none of anything else.
pub fn entries(node: &Node) -> &[Entry] {
    node.as_map().unwrap_or_default()
}

/// A member of a map. Of several with one name the last one counts.
pub fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Entry> {
    entries(node).iter().rev().find(|entry| &*entry.name == name)
}

/// The value at the end of these members.
pub fn at<'n>(root: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, name| member(node, name).map(|entry| &entry.value))
}

/// The blanks before a place in its line, if there is nothing else; `- ` counts as blanks.
fn indent(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let line = head.get(head.rfind('\n').map_or(0, |end| end + 1)..)?;
    line.chars().all(|c| c == ' ' || c == '-').then_some(line.len())
}

fn is_flow(text: &str, node: &Node) -> bool {
    node.span.slice(text).is_some_and(|written| written.starts_with(['{', '[']))
}

/// Where what is written of a value ends, blanks and line breaks behind it not counted.
pub fn end_of(text: &str, node: &Node) -> usize {
    let end = match &node.kind {
        _ if node.alias || is_flow(text, node) => node.span.end,
        NodeKind::Scalar(_) => node.span.end,
        NodeKind::Seq(items) => items.last().map_or(node.span.end, |item| end_of(text, item)),
        NodeKind::Map(entries) => {
            entries.last().map_or(node.span.end, |last| end_of(text, &last.value).max(last.key.span.end))
        }
    };
    text.get(..end).map_or(end, |head| head.trim_end().len())
}

/// Where the line of a place ends.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length)
}

/// A member as it is written with its name so far to the right.
fn lines(name: &str, value: &Value, indent: usize) -> String {
    let emitted = yaml::emit(&json!({ name: value }));
    let blanks = " ".repeat(indent);
    emitted.trim_end().replace('\n', &format!("\n{blanks}"))
}

/// A new member of a map, behind those that are there.
pub fn added(text: &str, map: &Node, name: &str, value: &Value) -> Option<Edit> {
    let last = entries(map).last().filter(|_| !map.alias)?;
    if is_flow(text, map) {
        let end = end_of(text, &last.value).max(last.key.span.end);
        return Some(Edit { span: Span::new(end, end), text: format!(", {name}: {value}") });
    }
    let blanks = indent(text, last.key.span.start)?;
    let end = line_end(text, end_of(text, &last.value).max(last.key.span.end));
    let written = lines(name, value, blanks);
    Some(Edit { span: Span::new(end, end), text: format!("\n{}{written}", " ".repeat(blanks)) })
}

/// Another value of a member.
pub fn replaced(text: &str, entry: &Entry, value: &Value) -> Option<Edit> {
    if entry.value.alias {
        return None;
    }
    let (start, end) = (entry.key.span.start, end_of(text, &entry.value).max(entry.key.span.end));
    let is_scalar = !value.is_object() && !value.is_array();
    if is_scalar && matches!(entry.value.kind, NodeKind::Scalar(_)) && !entry.value.span.is_empty() {
        return Some(Edit { span: entry.value.span, text: scalar(value) });
    }
    let Some(blanks) = indent(text, start) else {
        return Some(Edit { span: Span::new(start, end), text: format!("{}: {value}", entry.name) });
    };
    // The colon is not a part of the key.
    let colon = end == entry.key.span.end && text.get(end..).is_some_and(|rest| rest.starts_with(':'));
    Some(Edit { span: Span::new(start, end + usize::from(colon)), text: lines(&entry.name, value, blanks) })
}

/// A value in one line, as YAML.
pub fn scalar(value: &Value) -> String {
    yaml::emit(value).trim_end().to_owned()
}

/// Without a member, and without its lines. `None` if its first line holds something else, too.
pub fn removed(text: &str, entry: &Entry) -> Option<Edit> {
    let start = entry.key.span.start;
    let blanks = indent(text, start)?;
    let begin = start - blanks;
    if text.get(begin..start)?.contains('-') {
        return None;
    }
    let end = line_end(text, end_of(text, &entry.value).max(entry.key.span.end));
    Some(Edit { span: Span::new(begin, (end + 1).min(text.len())), text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "kind: Pod # a comment\nspec:\n  containers:\n  - name: main\n    env: {a: b}\n    image: nginx\n";

    fn root(text: &str) -> Node {
        let mut documents = yaml::read(text, &yaml::Limits::default());
        documents.remove(0).root.expect("a map")
    }

    fn container(root: &Node) -> &Node {
        let NodeKind::Seq(items) = &at(root, &["spec", "containers"]).expect("a list").kind else {
            panic!("no list")
        };
        &items[0]
    }

    fn after(edit: Option<Edit>) -> String {
        edited(TEXT, &[edit.expect("an edit")])
    }

    #[test]
    fn a_member_is_put_behind_the_others() {
        let root = root(TEXT);
        let image = after(added(TEXT, container(&root), "ports", &json!([{"containerPort": 80}])));
        assert_eq!(image, format!("{TEXT}    ports:\n    - containerPort: 80\n"));
        let env = member(container(&root), "env").expect("it is there");
        assert_eq!(after(added(TEXT, &env.value, "c", &json!("d"))), TEXT.replace("a: b", "a: b, c: \"d\""));
        let spec = after(added(TEXT, &root, "metadata", &json!({"name": "a"})));
        assert_eq!(spec, format!("{TEXT}metadata:\n  name: a\n"));
    }

    #[test]
    fn a_value_is_replaced_and_a_member_removed() {
        let root = root(TEXT);
        let image = member(container(&root), "image").expect("it is there");
        assert_eq!(after(replaced(TEXT, image, &json!("redis"))), TEXT.replace("nginx", "redis"));
        assert_eq!(after(removed(TEXT, image)), TEXT.replace("    image: nginx\n", ""));
        let name = member(container(&root), "name").expect("it is there");
        assert_eq!(removed(TEXT, name), None, "the item's first line");
        let spec = member(&root, "spec").expect("it is there");
        let other = after(replaced(TEXT, spec, &json!({"nodeName": "a"})));
        assert_eq!(other, "kind: Pod # a comment\nspec:\n  nodeName: a\n");
    }
}
