//! JSON as Go writes it: the bytes that revisions are hashed over, and `kubectl -o json`.
//!
//! Models: `encoding/json` (`Marshal`, `MarshalIndent`) and the float formats of `strconv`.
//! Members are sorted because [`serde_json::Map`] is a sorted map here.

use std::fmt::Write as _;

use serde_json::{Number, Value};

use crate::tree::Tree;

/// `json.Marshal`: no white space; `<`, `>`, `&` and the line separators escaped.
pub fn compact(value: &Value) -> String {
    let mut out = String::new();
    write_compact(&mut out, value);
    out
}

/// `json.MarshalIndent` with so many spaces a level, as kubectl prints (4).
pub fn indent(value: &Value, spaces: usize) -> String {
    indent_tree(&Tree::sorted(value), spaces)
}

/// [`indent`] for a value whose members have an order of their own.
pub fn indent_tree(tree: &Tree, spaces: usize) -> String {
    let mut out = String::new();
    write_indented(&mut out, tree, spaces, 0);
    out
}

/// `json.Marshal` of a value whose members have an order of their own.
pub fn compact_tree(tree: &Tree) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match tree {
        Tree::Leaf(value) => compact(value),
        Tree::List(list) => format!("[{}]", joined(list.iter().map(compact_tree).collect())),
        Tree::Map(members) => {
            let member = |(name, inner): &(&str, Tree)| {
                let mut out = String::new();
                write_string(&mut out, name);
                format!("{out}:{}", compact_tree(inner))
            };
            format!("{{{}}}", joined(members.iter().map(member).collect()))
        }
    }
}

/// A number as `encoding/json` writes it: integers plainly, floats shortest, with an exponent
/// only below 1e-6 and from 1e21 on.
pub fn number(number: &Number) -> String {
    let float = match number.as_f64() {
        Some(float) if number.is_f64() => float,
        _ => return number.to_string(),
    };
    let size = float.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        // Go cleans up `e-09` to `e-9`, but leaves `e-10` and every `e+21`.
        return exponent_form(&format!("{float:e}")).replace("e-0", "e-");
    }
    format!("{float}")
}

/// `strconv.FormatFloat(f, 'g', -1, 64)`: an exponent below 1e-4 and from 1e6 on.
/// What JSON cannot hold is written as YAML's `.inf` and `.nan`.
pub fn float64(f: f64) -> String {
    general(&format!("{f:e}"), || f.to_string())
}

/// `strconv.FormatFloat(f, 'g', -1, 32)`, which `sigs.k8s.io/yaml` uses for keys.
pub fn float32(f: f32) -> String {
    general(&format!("{f:e}"), || f.to_string())
}

/// Chooses between the form with an exponent, given as Rust writes it, and the plain one.
fn general(with_exponent: &str, plain: impl FnOnce() -> String) -> String {
    match with_exponent {
        "inf" => return ".inf".to_owned(),
        "-inf" => return "-.inf".to_owned(),
        "NaN" => return ".nan".to_owned(),
        _ => {}
    }
    let exponent: i32 = with_exponent.rsplit('e').next().and_then(|e| e.parse().ok()).unwrap_or(0);
    if (-4..SHORTEST_EXPONENT).contains(&exponent) { plain() } else { exponent_form(with_exponent) }
}

/// From this power of ten on the shortest `'g'` form has an exponent.
const SHORTEST_EXPONENT: i32 = 6;

/// `1e21` as Go writes it: a sign and at least two digits.
fn exponent_form(rust: &str) -> String {
    let (mantissa, exponent) = rust.split_once('e').unwrap_or((rust, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

fn write_compact(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => out.push_str(&number(n)),
        Value::String(s) => write_string(out, s),
        Value::Array(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_compact(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_string(out, key);
                out.push(':');
                write_compact(out, item);
            }
            out.push('}');
        }
    }
}

fn new_line(out: &mut String, blanks: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', blanks));
}

fn write_indented(out: &mut String, tree: &Tree, spaces: usize, level: usize) {
    match tree {
        Tree::Leaf(value) => write_compact(out, value),
        Tree::List(list) if list.is_empty() => out.push_str("[]"),
        Tree::List(list) => {
            for (at, item) in list.iter().enumerate() {
                out.push(if at == 0 { '[' } else { ',' });
                new_line(out, spaces * (level + 1));
                write_indented(out, item, spaces, level + 1);
            }
            new_line(out, spaces * level);
            out.push(']');
        }
        Tree::Map(members) if members.is_empty() => out.push_str("{}"),
        Tree::Map(members) => {
            for (at, (name, inner)) in members.iter().enumerate() {
                out.push(if at == 0 { '{' } else { ',' });
                new_line(out, spaces * (level + 1));
                write_string(out, name);
                out.push_str(": ");
                write_indented(out, inner, spaces, level + 1);
            }
            new_line(out, spaces * level);
            out.push('}');
        }
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A value as Go's `%v` prints it after decoding JSON. Null is printed as `nothing`: what Go prints there
/// depends on the type that it was decoded into.
pub fn printed(value: &Value, nothing: &str) -> String {
    match value {
        Value::Null => nothing.to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(n) => number(n),
        Value::Array(items) => {
            let items = items.iter().map(|item| printed(item, nothing));
            format!("[{}]", items.collect::<Vec<_>>().join(" "))
        }
        Value::Object(map) => {
            let members = map.iter().map(|(name, value)| format!("{name}:{}", printed(value, nothing)));
            format!("map[{}]", members.collect::<Vec<_>>().join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn escapes_as_go_does() {
        assert_eq!(
            compact(&json!({"b": "<a&b>", "a": [1, true, null]})),
            r#"{"a":[1,true,null],"b":"\u003ca\u0026b\u003e"}"#
        );
        assert_eq!(
            indent(&json!({"a": [], "b": {"c": 1}}), 4),
            "{\n    \"a\": [],\n    \"b\": {\n        \"c\": 1\n    }\n}"
        );
    }
}
