//! Kubernetes' internal structs as JSON. They have no tags: members have their Go names, stand in
//! the order of the struct, and are never left out. Refusals show values in this form.
//!
//! `internal.txt` beside this file has the structs: a name, then per member its Go name, its name
//! in the API, and its type: `s`tring, `i`nteger (also int-or-string), `b`ool, quantity `d`,
//! `p`ointer or anything else that prints `null` when unset, `=`struct, `*`pointer to struct,
//! `[`list of structs; `?` at the end means `omitempty`.
//!
//! Models: `pkg/apis/core/types.go`, `pkg/apis/apps/types.go`, `pkg/apis/policy/types.go`.
//! Differs: volume sources of removed or rare plugins print their members in alphabetical order.

use apimachinery::value::{ValueExt, remove_at, set_at};
use serde_json::{Map, Value};

static STRUCTS_TEXT: &str = include_str!("internal.txt");

/// A JSON value whose members keep their order.
enum Node {
    Leaf(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// `value` as the internal struct `name` prints on one line.
pub(crate) fn compact(name: &str, value: &Value) -> String {
    let mut out = String::new();
    write_compact(&mut out, &of_struct(name, value));
    out
}

/// `value` as the internal struct `name` prints with one blank of indentation a level.
pub(crate) fn indented(name: &str, value: &Value) -> String {
    let mut out = String::new();
    write_indented(&mut out, &of_struct(name, value), 0);
    out
}

/// A Pod's spec with the members that the internal form keeps in the security context.
pub(crate) fn pod_spec_form(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for name in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] {
        if let Some(value) = remove_at(&mut spec, &[name]) {
            set_at(&mut spec, &["securityContext", name], value);
        }
    }
    spec
}

fn members(name: &str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let mut lines = STRUCTS_TEXT.lines();
    lines.find(|line| *line == name);
    lines.take_while(|line| line.starts_with(' ')).filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?, words.next()?))
    })
}

fn of_struct(name: &str, value: &Value) -> Node {
    let members = members(name).filter_map(|(go, json, ty)| {
        let member = value.at(&[json]);
        let (ty, omit) = ty.strip_suffix('?').map_or((ty, false), |ty| (ty, true));
        if omit && member.is_none() { None } else { Some((go.to_owned(), of_member(ty, member))) }
    });
    Node::Map(members.collect())
}

fn of_member(ty: &str, member: Option<&Value>) -> Node {
    match (ty, member) {
        (_, Some(value)) if ty.starts_with(['=', '*']) => of_struct(ty.get(1..).unwrap_or(""), value),
        (_, Some(value)) if ty.starts_with('[') => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            Node::List(items.iter().map(|v| of_struct(ty.get(1..).unwrap_or(""), v)).collect())
        }
        (_, Some(value)) => plain(value),
        ("s", None) => Node::Leaf("\"\"".to_owned()),
        ("i", None) => Node::Leaf("0".to_owned()),
        ("b", None) => Node::Leaf("false".to_owned()),
        ("d", None) => Node::Leaf("\"0\"".to_owned()),
        (_, None) if ty.starts_with('=') => of_struct(ty.get(1..).unwrap_or(""), &Value::Object(Map::new())),
        (_, None) => Node::Leaf("null".to_owned()),
    }
}

fn plain(value: &Value) -> Node {
    match value {
        Value::Array(items) => Node::List(items.iter().map(plain).collect()),
        Value::Object(map) => Node::Map(map.iter().map(|(k, v)| (k.clone(), plain(v))).collect()),
        other => Node::Leaf(escape_html(&other.to_string())),
    }
}

/// Go's encoder writes these characters as escapes.
fn escape_html(text: &str) -> String {
    text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

fn key_text(key: &str) -> String {
    escape_html(&Value::from(key).to_string())
}

fn write_compact(out: &mut String, node: &Node) {
    match node {
        Node::Leaf(text) => out.push_str(text),
        Node::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                write_compact(out, item);
            }
            out.push(']');
        }
        Node::Map(members) => {
            out.push('{');
            for (i, (key, member)) in members.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                out.push_str(&key_text(key));
                out.push(':');
                write_compact(out, member);
            }
            out.push('}');
        }
    }
}

fn write_indented(out: &mut String, node: &Node, depth: usize) {
    let line = |out: &mut String, first: bool, depth: usize| {
        out.push_str(if first { "\n" } else { ",\n" });
        out.push_str(&" ".repeat(depth));
    };
    match node {
        Node::Leaf(text) => out.push_str(text),
        Node::List(items) if items.is_empty() => out.push_str("[]"),
        Node::Map(members) if members.is_empty() => out.push_str("{}"),
        Node::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                line(out, i == 0, depth + 1);
                write_indented(out, item, depth + 1);
            }
            line(out, true, depth);
            out.push(']');
        }
        Node::Map(members) => {
            out.push('{');
            for (i, (key, member)) in members.iter().enumerate() {
                line(out, i == 0, depth + 1);
                out.push_str(&key_text(key));
                out.push_str(": ");
                write_indented(out, member, depth + 1);
            }
            line(out, true, depth);
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::registry::golang::unified_diff;

    #[test]
    fn every_named_struct_is_there() {
        for line in STRUCTS_TEXT.lines().filter(|l| l.starts_with(' ')) {
            let ty = line.split_whitespace().nth(2).unwrap_or("").trim_end_matches('?');
            if let Some(name) = ty.strip_prefix(['=', '*', '[']) {
                assert!(STRUCTS_TEXT.lines().any(|l| l == name), "{name}");
            }
        }
    }

    #[test]
    fn prints_go_names_in_go_order() {
        let strategy = json!({"type": "OnDelte"});
        let text = compact("StatefulSetUpdateStrategy", &strategy);
        assert_eq!(text, r#"{"Type":"OnDelte","RollingUpdate":null}"#);
        let rolling = compact("RollingUpdateStatefulSetStrategy", &json!({"partition": 0}));
        assert_eq!(rolling, r#"{"Partition":0,"MaxUnavailable":null}"#);
    }

    #[test]
    fn the_difference_of_two_claims_is_the_recorded_one() {
        let claim = |size: &str| {
            json!({"accessModes": ["ReadWriteOnce"], "volumeMode": "Filesystem",
                "storageClassName": "standard", "resources": {"requests": {"storage": size}}})
        };
        let old = indented("PersistentVolumeClaimSpec", &claim("5Gi"));
        let new = indented("PersistentVolumeClaimSpec", &claim("1Gi"));
        let recorded = "@@ -6,7 +6,7 @@\n  \"Resources\": {\n   \"Limits\": null,\n   \"Requests\": {\n-   \"storage\": \"5Gi\"\n+   \"storage\": \"1Gi\"\n   }\n  },\n  \"VolumeName\": \"\",\n";
        assert_eq!(unified_diff(&old, &new), recorded);
    }
}
