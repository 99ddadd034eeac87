//! KYAML: YAML with braces, brackets and quotes, which no reader can take for something else.
//!
//! Models: `sigs.k8s.io/yaml/kyaml` (`Encoder`), `k8s.io/cli-runtime/pkg/printers` (`KYAMLPrinter`).

use std::fmt::Write as _;

use serde_json::Value;

use super::analysis::is_printable;
use super::timestamp::is_timestamp;
use crate::gojson;
use crate::tree::Tree;

/// A whole document, with its separator before it and a line end behind it.
pub fn emit(tree: &Tree) -> String {
    let mut out = "---\n".to_owned();
    write(&mut out, tree, 0);
    out.push('\n');
    out
}

fn indent(out: &mut String, level: usize) {
    out.extend(std::iter::repeat_n("  ", level));
}

fn write(out: &mut String, tree: &Tree, level: usize) {
    match tree {
        Tree::Leaf(Value::String(text)) => string(out, text, level + 1),
        Tree::Leaf(leaf) => out.push_str(&gojson::compact(leaf)),
        Tree::List(list) if list.is_empty() => out.push_str("[]"),
        Tree::List(list) if list.iter().any(|item| matches!(item, Tree::Leaf(_))) => {
            out.push_str("[\n");
            for item in list {
                indent(out, level + 1);
                write(out, item, level + 1);
                out.push_str(",\n");
            }
            indent(out, level);
            out.push(']');
        }
        // Brackets of lists and objects stand together.
        Tree::List(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(out, item, level);
            }
            out.push(']');
        }
        Tree::Map(members) if members.is_empty() => out.push_str("{}"),
        Tree::Map(members) => {
            out.push_str("{\n");
            for (name, inner) in members {
                indent(out, level + 1);
                key(out, name);
                out.push_str(": ");
                write(out, inner, level + 1);
                out.push_str(",\n");
            }
            indent(out, level);
            out.push('}');
        }
    }
}

fn key(out: &mut String, name: &str) {
    if !needs_quotes(name) {
        out.push_str(name);
        return;
    }
    out.push('"');
    for c in name.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => character(out, c),
        }
    }
    out.push('"');
}

/// A text of several lines is folded: it begins on the next line, and each of its lines has one of its own.
fn string(out: &mut String, text: &str, level: usize) {
    let folds = text.contains('\n');
    let mut at_line_start = folds;
    out.push_str(if folds { "\"\\\n" } else { "\"" });
    for c in text.chars() {
        if at_line_start {
            indent(out, level);
            // A reader drops blanks before the first letter; a backslash keeps them.
            out.push(if c.is_whitespace() && c != '\n' { '\\' } else { ' ' });
        }
        at_line_start = c == '\n';
        match c {
            '\n' => out.push_str("\\n\\\n"),
            '\t' => out.push('\t'),
            c => character(out, c),
        }
    }
    if folds {
        out.push_str(if at_line_start { "" } else { "\\\n" });
        indent(out, level);
    }
    out.push('"');
}

fn character(out: &mut String, c: char) {
    let code = u32::from(c);
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{b}' => "\\v",
        '\0' => "\\0",
        '\u{1b}' => "\\e",
        '\u{85}' => "\\N",
        '\u{a0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ => "",
    };
    // Writing to a string cannot fail.
    let _ = match c {
        _ if !short.is_empty() => out.write_str(short),
        c if code > 0xffff || is_printable(c) => out.write_char(c),
        _ if code < 0x20 || code == 0x7f => write!(out, "\\x{code:02x}"),
        _ => write!(out, "\\u{code:04x}"),
    };
}

fn needs_quotes(text: &str) -> bool {
    let last = text.chars().count().saturating_sub(1);
    let is_allowed = |(at, c): (usize, char)| {
        c.is_alphanumeric() || c == '_' || (at > 0 && at < last && matches!(c, '-' | '.' | '/'))
    };
    is_ambiguous(text) || !text.chars().enumerate().all(is_allowed)
}

/// Whether a reader of YAML could take a bare text for something else than a text.
fn is_ambiguous(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words =
        ["", "~", "null", "true", "y", "yes", "on", "false", "n", "no", "off", ".inf", ".nan", "t", "f"];
    words.contains(&lower.as_str()) || is_number(&lower.replace('_', "")) || is_timestamp(text)
}

/// Whether Go reads a text, given in lower case, as a number.
fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let in_base = |prefix: &str, base| {
        bare.strip_prefix(prefix).is_some_and(|digits| i64::from_str_radix(digits, base).is_ok())
    };
    in_base("0x", 16)
        || in_base("0o", 8)
        || in_base("0b", 2)
        || matches!(bare, "inf" | "infinity" | "nan")
        || (bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') && bare.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    // Printed by kubectl v1.36.3.
    #[test]
    fn objects_lists_and_texts() {
        let value = json!({
            "apiVersion": "v1", "yes": "no", "n": 1, "e": {}, "l": [], "a-b": true, "a/b": null, "-x": 1.5,
            "kubernetes.io/x": "1", "1e3": "x", "2026-01-01": "x", "a b": "tab\t\"q\" \\",
            "list": ["a", "b"], "objects": [{"a": 1}, {"b": [[1], []]}],
            "text": "one\n  two\n\nthree", "end": "line\n",
        });
        let wanted = r#"---
{
  "-x": 1.5,
  "1e3": "x",
  "2026-01-01": "x",
  "a b": "tab	\"q\" \\",
  a-b: true,
  a/b: null,
  apiVersion: "v1",
  e: {},
  end: "\
     line\n\
    ",
  kubernetes.io/x: "1",
  l: [],
  list: [
    "a",
    "b",
  ],
  "n": 1,
  objects: [{
    a: 1,
  }, {
    b: [[
      1,
    ], []],
  }],
  text: "\
     one\n\
    \  two\n\
     \n\
     three\
    ",
  "yes": "no",
}
"#;
        assert_eq!(emit(&Tree::sorted(&value)), wanted);
    }
}
