//! What most descriptions share: labels, annotations, tolerations, moments, lists.
//!
//! Models: the `print…Multiline` functions of `k8s.io/kubectl/pkg/describe`.

use api::Object;
use apimachinery::Time;
use apimachinery::sorted::SortedMap;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::writer::Writer;
use crate::annotation::LAST_APPLIED;
use crate::printers;

/// Annotations of more bytes stand on lines of their own and are cut.
const ANNOTATION_MAX: usize = 140;

/// Names and values, sorted by name.
pub type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// The pairs of a map of strings.
pub fn of_tree(map: &SortedMap<String, String>) -> Pairs<'_> {
    map.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The pairs of a JSON map of strings; anything else has none.
pub fn of_value(value: Option<&Value>) -> Pairs<'_> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    let mut pairs: Pairs<'_> =
        members.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or(""))).collect();
    pairs.sort_unstable();
    pairs
}

/// Writes `Name` and `Namespace`.
pub fn names(w: &mut Writer, object: &Object) {
    w.field(0, "Name", &object.metadata.name);
    w.field(0, "Namespace", &object.metadata.namespace);
}

/// Writes `Labels` and `Annotations` of an object.
pub fn labels_and_annotations(w: &mut Writer, object: &Object) {
    labels(w, "Labels", &of_tree(&object.metadata.labels));
    annotations(w, "Annotations", &of_tree(&object.metadata.annotations));
}

/// Writes lines below one another in the second column, or `<none>`.
pub fn list(w: &mut Writer, title: &str, lines: &[String]) {
    w.write(0, &format!("{title}:\t"));
    if lines.is_empty() {
        return w.end("<none>");
    }
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            w.write(0, "\t");
        }
        w.end(line);
    }
}

/// Writes `k=v` lines.
pub fn labels(w: &mut Writer, title: &str, pairs: &Pairs<'_>) {
    labels_indented(w, "", title, pairs);
}

/// Writes `k=v` lines; the title, and the blank cell of each further line, begin with `indent`.
pub fn labels_indented(w: &mut Writer, indent: &str, title: &str, pairs: &Pairs<'_>) {
    w.write(0, &format!("{indent}{title}:\t"));
    if pairs.is_empty() {
        return w.end("<none>");
    }
    for (at, (name, value)) in pairs.iter().enumerate() {
        if at > 0 {
            w.write(0, &format!("{indent}\t"));
        }
        w.end(&format!("{name}={value}"));
    }
}

/// Writes `k: v` lines without the annotation of `kubectl apply`.
pub fn annotations(w: &mut Writer, title: &str, pairs: &Pairs<'_>) {
    w.write(0, &format!("{title}:\t"));
    let shown: Pairs<'_> = pairs.iter().filter(|(name, _)| *name != LAST_APPLIED).copied().collect();
    if shown.is_empty() {
        return w.end("<none>");
    }
    for (at, (name, value)) in shown.into_iter().enumerate() {
        if at > 0 {
            w.write(0, "\t");
        }
        let value = value.strip_suffix('\n').unwrap_or(value);
        if name.len() + value.len() + 2 <= ANNOTATION_MAX && !value.contains('\n') {
            w.end(&format!("{name}: {value}"));
            continue;
        }
        w.end(&format!("{name}:"));
        for line in value.split('\n') {
            w.line(0, &format!("\t  {}", shortened(line, ANNOTATION_MAX - 2)));
        }
    }
}

/// A text cut to at most `max` bytes; `...` stands for the rest.
pub fn shortened(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let end = (0..=max).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}...", text.get(..end).unwrap_or(""))
}

/// `a=b,c=d`, or `<none>`: `labels.FormatLabels`.
pub fn format_labels(pairs: &Pairs<'_>) -> String {
    let texts: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    printers::or_none(texts.join(","))
}

/// Writes `Tolerations`, sorted by key.
pub fn tolerations(w: &mut Writer, title: &str, spec: &Value) {
    let mut all: Vec<&Value> = spec.list_at(&["tolerations"]).iter().collect();
    all.sort_by_key(|t| t.str_at(&["key"]));
    let lines: Vec<String> = all.into_iter().map(toleration).collect();
    list(w, title, &lines);
}

fn toleration(toleration: &Value) -> String {
    let (key, value) = (toleration.str_at(&["key"]), toleration.str_at(&["value"]));
    let effect = toleration.str_at(&["effect"]);
    let seconds = toleration.i64_at(&["tolerationSeconds"]);
    let seconds = seconds.map_or_else(String::new, |seconds| format!(" for {seconds}s"));
    let mut text = key.to_owned();
    if !value.is_empty() {
        text.push('=');
        text.push_str(value);
    }
    if !effect.is_empty() {
        text.push(':');
        text.push_str(effect);
    }
    if toleration.str_at(&["operator"]) == "Exists" && value.is_empty() {
        text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    text + &seconds
}

/// Writes `Topology Spread Constraints`, if there are any.
pub fn spread_constraints(w: &mut Writer, space: &str, spec: &Value) {
    let mut all: Vec<&Value> = spec.list_at(&["topologySpreadConstraints"]).iter().collect();
    if all.is_empty() {
        return;
    }
    all.sort_by_key(|c| c.str_at(&["topologyKey"]));
    w.write(0, &format!("{space}Topology Spread Constraints:\t"));
    for (at, constraint) in all.into_iter().enumerate() {
        if at > 0 {
            w.write(0, &format!("{space}\t"));
        }
        let selector = constraint.at(&["labelSelector"]);
        let selector = selector.map_or_else(String::new, |s| format!(" for selector {}", format_selector(s)));
        w.end(&format!(
            "{}:{} when max skew {} is exceeded{selector}",
            constraint.str_at(&["topologyKey"]),
            constraint.str_at(&["whenUnsatisfiable"]),
            constraint.i64_at(&["maxSkew"]).unwrap_or(0),
        ));
    }
}

/// A label selector as text, or `<none>`: `metav1.FormatLabelSelector`.
pub fn format_selector(selector: &Value) -> String {
    let mut parts: Vec<(String, String)> = of_value(selector.at(&["matchLabels"]))
        .into_iter()
        .map(|(name, value)| (name.to_owned(), format!("{name}={value}")))
        .collect();
    for expression in selector.list_at(&["matchExpressions"]) {
        let key = expression.str_at(&["key"]);
        let mut values: Vec<&str> =
            expression.list_at(&["values"]).iter().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        let text = match expression.str_at(&["operator"]) {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.to_owned(),
        };
        parts.push((key.to_owned(), text));
    }
    parts.sort_by(|(a, _), (b, _)| a.cmp(b));
    let texts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    printers::or_none(texts.join(","))
}

/// A moment as Go prints it; a missing one is the year 1.
pub fn moment(value: &Value, path: &[&str]) -> String {
    let time = Time::parse_rfc3339(value.str_at(path));
    time.map_or_else(|| "Mon, 01 Jan 0001 00:00:00 +0000".to_owned(), Time::rfc1123z)
}

/// When the object was made.
pub fn created(object: &Object) -> String {
    object.metadata.creation_timestamp.map_or_else(String::new, Time::rfc1123z)
}

/// A value as Go's `%v` prints it.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(s) => s.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members.iter().map(|(k, v)| format!("{k}:{}", plain(v))).collect();
            format!("map[{}]", members.join(" "))
        }
    }
}

/// The value at a path as Go prints it; a missing one is empty.
pub fn plain_at(value: &Value, path: &[&str]) -> String {
    value.at(path).map_or_else(String::new, plain)
}

/// `true` or `false`; a missing value is false.
pub fn flag_at(value: &Value, path: &[&str]) -> String {
    value.bool_at(path).unwrap_or(false).to_string()
}

/// `[a b]`, as Go prints a list of strings.
pub fn bracketed(items: &[String]) -> String {
    format!("[{}]", items.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tolerations_are_sorted_and_say_how_long() {
        let spec = json!({"tolerations": [
            {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
            {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
        ]});
        let mut w = Writer::new();
        tolerations(&mut w, "Tolerations", &spec);
        assert_eq!(
            w.aligned(),
            "Tolerations:  node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
              node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
"
        );
    }

    #[test]
    fn the_manifest_of_apply_is_hidden_and_long_annotations_are_cut() {
        let long = "x".repeat(150);
        let mut w = Writer::new();
        annotations(&mut w, "Annotations", &vec![("a", "b"), (LAST_APPLIED, "{}"), ("long", long.as_str())]);
        let cut = "x".repeat(138);
        assert_eq!(
            w.aligned(),
            format!("Annotations:  a: b\n              long:\n                {cut}...\n")
        );
    }
}
