//! `kubectl describe` of kinds without a description of their own: every field, in sorted order.
//!
//! Models: `genericDescriber`, `printUnstructuredContent` and `smartLabelFor` of
//! `k8s.io/kubectl/pkg/describe`, `camelcase.Split` of `github.com/fatih/camelcase`.

use api::Object;
use serde_json::{Map, Value};

use super::common::{self, plain};
use super::writer::Writer;

/// Fields that stand above already, or are never shown.
const SKIPPED: [&str; 5] = [
    ".metadata.managedFields",
    ".metadata.name",
    ".metadata.namespace",
    ".metadata.labels",
    ".metadata.annotations",
];

/// Everything but the events.
pub fn describe(w: &mut Writer, object: &Object) {
    common::names(w, object);
    common::labels_and_annotations(w, object);
    if let Value::Object(content) = object.to_value() {
        describe_content(w, 0, &content, "");
    }
}

fn describe_content(w: &mut Writer, level: usize, content: &Map<String, Value>, above: &str) {
    let mut fields: Vec<(&String, &Value)> = content.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    for (name, value) in fields {
        let path = format!("{above}.{name}");
        if SKIPPED.contains(&path.as_str()) {
            continue;
        }
        let label = label_for(name);
        match value {
            Value::Object(members) => {
                w.line(level, &format!("{label}:"));
                describe_content(w, level + 1, members, &path);
            }
            Value::Array(items) => {
                w.line(level, &format!("{label}:"));
                for item in items {
                    match item {
                        Value::Object(members) => describe_content(w, level + 1, members, &path),
                        other => w.line(level + 1, &plain(other)),
                    }
                }
            }
            other => w.field(level, &label, plain(other)),
        }
    }
}

/// The label of a field: `Image Pull Policy` for `imagePullPolicy`. A name with other characters stays as it
/// is.
fn label_for(field: &str) -> String {
    if field.chars().any(|c| !c.is_alphabetic() && c != '-') {
        return field.to_owned();
    }
    let parts = merged(split(field));
    let words: Vec<String> = parts.into_iter().map(word).collect();
    words.join(" ")
}

fn word(part: String) -> String {
    let upper = part.to_ascii_uppercase();
    if matches!(upper.as_str(), "API" | "URL" | "UID" | "GUID") {
        return upper;
    }
    if part.to_ascii_lowercase() != part {
        return part;
    }
    let mut chars = part.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

/// Joins a run of capitals with a capitalised part after it.
fn merged(parts: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut parts = parts.into_iter().peekable();
    while let Some(mut part) = parts.next() {
        let all_upper = part.chars().all(|c| !c.is_alphabetic() || c.is_ascii_uppercase());
        if part.len() >= 2
            && all_upper
            && let Some(next) = parts.next_if(|next| next.starts_with(|c: char| c.is_ascii_uppercase()))
        {
            part.push_str(&next);
        }
        out.push(part);
    }
    out
}

/// Splits a name where lower and upper case meet; the last capital of a run belongs to what follows.
fn split(field: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_ascii_lowercase() => 1,
        c if c.is_ascii_uppercase() => 2,
        _ => 3,
    };
    let mut runs: Vec<Vec<char>> = Vec::new();
    for c in field.chars() {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| class(*last) == class(c)) => run.push(c),
            _ => runs.push(vec![c]),
        }
    }
    let mut out: Vec<Vec<char>> = Vec::new();
    for mut run in runs {
        let lower = run.first().is_some_and(char::is_ascii_lowercase);
        if let Some(before) = out.last_mut()
            && lower
            && before.first().is_some_and(char::is_ascii_uppercase)
            && let Some(capital) = before.pop()
        {
            run.insert(0, capital);
        }
        out.push(run);
    }
    out.into_iter().filter(|run| !run.is_empty()).map(|run| run.into_iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_recorded_ones() {
        for (field, label) in [
            ("$patch", "$patch"),
            ("apiVersion", "API Version"),
            ("imagePullPolicy", "Image Pull Policy"),
            ("dnsPolicy", "Dns Policy"),
            ("uid", "UID"),
            ("kind", "Kind"),
            ("terminationGracePeriodSeconds", "Termination Grace Period Seconds"),
        ] {
            assert_eq!(label_for(field), label);
        }
    }
}
