//! Reads what a manifest asks of a StatefulSet, and makes the changes that the page asks for as if somebody had
//! typed them: another partition, a name that is optional, another image.
//!
//! Differs: a set that is written as JSON, in flow style, or below an alias is read but not changed.

use api::Key;
use apimachinery::value::ValueExt;
use apimachinery::yaml::{self, Entry, Node, NodeKind};
use serde_json::Value;

use crate::edits::{self, entries, member};

/// What a manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The set's name.
    pub name: String,
    /// `spec.replicas`.
    pub replicas: i64,
    /// `spec.ordinals.start`.
    pub start: i64,
    /// `podManagementPolicy: Parallel`.
    pub parallel: bool,
}

/// What the first StatefulSet of a text asks for.
pub fn asked(text: &str) -> Option<Asked> {
    yaml::read(text, &yaml::Limits::default()).iter().find_map(|document| {
        let set = document.to_value().ok()??;
        (set.str_at(&["kind"]) == "StatefulSet").then(|| Asked {
            name: set.str_at(&["metadata", "name"]).to_owned(),
            replicas: set.i64_at(&["spec", "replicas"]).unwrap_or(1),
            start: set.i64_at(&["spec", "ordinals", "start"]).unwrap_or(0),
            parallel: set.str_at(&["spec", "podManagementPolicy"]) == "Parallel",
        })
    })
}

/// The partition that a text asks for this set; 0 if it names none, nothing if the set is not in it.
pub fn partition(text: &str, set: &Key) -> Option<i64> {
    spec_of(text, set).map(|spec| {
        let here = member(&spec, "updateStrategy").and_then(|s| member(&s.value, "rollingUpdate"));
        let written = here.and_then(|r| member(&r.value, "partition")).map(|p| p.value.span);
        written.and_then(|at| text.get(at.start..at.end)?.parse().ok()).unwrap_or(0)
    })
}

/// The text with this partition for this set, and where the number stands (bytes). `None` if the set is not
/// in it, or is written so that no line can be put in.
pub fn with_partition(text: &str, set: &Key, partition: i64) -> Option<(String, usize)> {
    let spec = spec_of(text, set)?;
    let number = partition.to_string();
    let Some(strategy) = member(&spec, "updateStrategy") else {
        let before = member(&spec, "template").or_else(|| entries(&spec).first())?;
        let lines = ["updateStrategy:", "  type: RollingUpdate", "  rollingUpdate:", "    partition: "];
        return inserted(text, before, &lines, &number);
    };
    let Some(rolling) = member(&strategy.value, "rollingUpdate") else {
        let before = entries(&strategy.value).first()?;
        return inserted(text, before, &["rollingUpdate:", "  partition: "], &number);
    };
    let Some(written) = member(&rolling.value, "partition") else {
        return inserted(text, entries(&rolling.value).first()?, &["partition: "], &number);
    };
    let at = written.value.span;
    let (head, tail) = (text.get(..at.start)?, text.get(at.end..)?);
    (!written.value.alias && !at.is_empty()).then(|| (format!("{head}{number}{tail}"), at.start))
}

/// The text in which nothing insists on a ConfigMap or Secret of this name any more. `None` if nothing does.
pub fn with_optional(text: &str, is_secret: bool, name: &str) -> Option<String> {
    let members: &[&str] = if is_secret {
        &["secret", "secretRef", "secretKeyRef"]
    } else {
        &["configMap", "configMapRef", "configMapKeyRef"]
    };
    let mut found = Vec::new();
    every_entry(text, &mut |entry| {
        let names = |member_name| {
            let value = member(&entry.value, member_name).and_then(|named| named.value.as_scalar());
            value.is_some_and(|value| &*value.text == name)
        };
        if members.contains(&&*entry.name)
            && (names("name") || names("secretName"))
            && member(&entry.value, "optional").is_none()
        {
            found.extend(edits::added(text, &entry.value, "optional", &Value::Bool(true)));
        }
    });
    (!found.is_empty()).then(|| edits::edited(text, &found))
}

/// The text with another image wherever this one stands. `None` if it stands nowhere.
pub fn with_image(text: &str, image: &str, other: &str) -> Option<String> {
    let mut found = Vec::new();
    every_entry(text, &mut |entry| {
        let is_it = entry.value.as_scalar().is_some_and(|scalar| &*scalar.text == image);
        if &*entry.name == "image" && is_it {
            found.extend(edits::replaced(text, entry, &Value::from(other)));
        }
    });
    (!found.is_empty()).then(|| edits::edited(text, &found))
}

/// Shows each member of each map, but for what stands below an alias.
fn every_entry(text: &str, see: &mut dyn FnMut(&Entry)) {
    fn walk(node: &Node, see: &mut dyn FnMut(&Entry)) {
        match &node.kind {
            _ if node.alias => {}
            NodeKind::Scalar(_) => {}
            NodeKind::Seq(items) => items.iter().for_each(|item| walk(item, see)),
            NodeKind::Map(entries) => {
                for entry in entries.iter() {
                    see(entry);
                    walk(&entry.value, see);
                }
            }
        }
    }
    for document in yaml::read(text, &yaml::Limits::default()) {
        document.root.iter().for_each(|root| walk(root, see));
    }
}

/// The `spec` of a set in a text.
fn spec_of(text: &str, set: &Key) -> Option<Node> {
    yaml::read(text, &yaml::Limits::default()).into_iter().find_map(|document| {
        let value = document.to_value().ok()??;
        let namespace = match value.str_at(&["metadata", "namespace"]) {
            "" => "default",
            named => named,
        };
        let is_it = value.str_at(&["kind"]) == "StatefulSet"
            && value.str_at(&["metadata", "name"]) == &*set.name
            && namespace == &*set.namespace;
        let root = document.root.filter(|_| is_it)?;
        member(&root, "spec").map(|entry| entry.value.clone())
    })
}

/// Puts these lines before an entry, indented like it, with `number` at the end of the last one. `None` if
/// the entry does not begin its line.
fn inserted(text: &str, before: &Entry, lines: &[&str], number: &str) -> Option<(String, usize)> {
    let at = before.key.span.start;
    let head = text.get(..at)?;
    let indent = head.get(head.rfind('\n').map_or(0, |end| end + 1)..)?;
    if !indent.chars().all(|c| c == ' ') {
        return None;
    }
    let added = lines.join(&format!("\n{indent}"));
    let place = at + added.len();
    Some((format!("{head}{added}{number}\n{indent}{}", text.get(at..)?), place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::NOTE_003;

    fn web() -> Key {
        Key::new(api::Kind::StatefulSet, "default", "web")
    }

    #[test]
    fn the_note_asks_for_three_pods() {
        let asked = asked(NOTE_003.files[0].1);
        let wanted = Asked { name: "web".to_owned(), replicas: 3, start: 0, parallel: false };
        assert_eq!(asked, Some(wanted));
        assert_eq!(super::asked("kind: Service\n"), None);
    }

    #[test]
    fn the_partition_is_typed_where_it_belongs() {
        let text = NOTE_003.files[0].1;
        assert_eq!(partition(text, &web()), Some(0));
        let (with, at) = with_partition(text, &web(), 2).expect("the note is written in lines");
        assert_eq!(&with[at..=at], "2");
        assert_eq!(partition(&with, &web()), Some(2));
        let added: Vec<&str> = with.lines().filter(|line| !text.lines().any(|l| l == *line)).collect();
        let lines =
            ["  updateStrategy:", "    type: RollingUpdate", "    rollingUpdate:", "      partition: 2"];
        assert_eq!(added, lines);
        let (moved, _) = with_partition(&with, &web(), 10).expect("now it is there");
        assert_eq!(moved, with.replace("partition: 2", "partition: 10"));
    }

    #[test]
    fn a_name_becomes_optional_and_an_image_another_one() {
        let text = "spec:\n  image: nginx:1.99\n  envFrom:\n  - configMapRef:\n      name: conf\n  - secretRef: {name: conf}\n";
        let optional = with_optional(text, false, "conf").expect("it is named");
        assert_eq!(optional, text.replacen("name: conf\n", "name: conf\n      optional: true\n", 1));
        assert_eq!(with_optional(&optional, false, "conf"), None);
        let secret = with_optional(text, true, "conf").expect("it is named");
        assert_eq!(secret, text.replace("{name: conf}", "{name: conf, optional: true}"));
        assert_eq!(with_image(text, "nginx:1.99", "nginx:1.29"), Some(text.replace("1.99", "1.29")));
        assert_eq!(with_image(text, "redis", "nginx"), None);
    }

    #[test]
    fn what_is_there_of_the_strategy_stays() {
        let set = |strategy: &str| {
            format!(
                "kind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  updateStrategy:\n{strategy}  replicas: 3\n"
            )
        };
        let typed = |strategy: &str| with_partition(&set(strategy), &web(), 1).map(|(text, _)| text);
        let typed_type = "    rollingUpdate:\n      partition: 1\n    type: RollingUpdate\n";
        assert_eq!(typed("    type: RollingUpdate\n"), Some(set(typed_type)));
        let budget = "    rollingUpdate:\n      maxUnavailable: 2\n";
        let both = "    rollingUpdate:\n      partition: 1\n      maxUnavailable: 2\n";
        assert_eq!(typed(budget), Some(set(both)));
        assert_eq!(typed("    {type: RollingUpdate}\n"), None, "flow style");
        assert_eq!(with_partition(&set(""), &Key::new(api::Kind::StatefulSet, "other", "web"), 1), None);
    }
}
