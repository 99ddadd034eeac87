//! What a template makes of a value.

use std::cmp::Ordering;

use apimachinery::gojson;
use apimachinery::value::ValueExt;
use serde_json::Value;

use super::{Node, Pipe, Term};

pub(super) fn run(nodes: &[Node], root: &Value) -> String {
    let mut run = Run { vars: vec![(String::new(), root.clone())], out: String::new() };
    run.nodes(nodes, root);
    run.out
}

struct Run {
    vars: Vec<(String, Value)>,
    out: String,
}

/// Whether `if` takes a value for true.
fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A value in Go's words.
fn printed(value: &Value) -> String {
    gojson::printed(value, "<no value>")
}

fn field(value: &Value, fields: &[String]) -> Value {
    let path: Vec<&str> = fields.iter().map(String::as_str).collect();
    value.at(&path).cloned().unwrap_or_default()
}

fn index(value: &Value, key: &Value) -> Value {
    match (key.as_str(), key.as_u64().and_then(|at| usize::try_from(at).ok())) {
        (Some(name), _) => value.get(name).cloned().unwrap_or_default(),
        (_, Some(at)) => value.get(at).cloned().unwrap_or_default(),
        _ => Value::Null,
    }
}

impl Run {
    fn nodes(&mut self, nodes: &[Node], dot: &Value) {
        let depth = self.vars.len();
        for node in nodes {
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Print(pipe) => {
                    let text = printed(&self.pipe(pipe, dot));
                    self.out.push_str(&text);
                }
                Node::Set(name, pipe) => {
                    let value = self.pipe(pipe, dot);
                    self.vars.push((name.clone(), value));
                }
                Node::Block { word, vars, pipe, body, otherwise } => {
                    let value = self.pipe(pipe, dot);
                    self.block(word, vars, &value, body, otherwise, dot);
                }
            }
        }
        self.vars.truncate(depth);
    }

    fn block(
        &mut self,
        word: &str,
        vars: &[String],
        value: &Value,
        body: &[Node],
        otherwise: &[Node],
        dot: &Value,
    ) {
        let depth = self.vars.len();
        if !truth(value) {
            self.nodes(otherwise, dot);
        } else if word == "range" {
            let items: Vec<(Value, &Value)> = match value {
                Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.into(), item)).collect(),
                Value::Object(map) => map.iter().map(|(name, item)| (name.as_str().into(), item)).collect(),
                _ => Vec::new(),
            };
            for (key, item) in items {
                match vars {
                    [one] => self.vars.push((one.clone(), item.clone())),
                    [first, second, ..] => {
                        self.vars.push((first.clone(), key));
                        self.vars.push((second.clone(), item.clone()));
                    }
                    [] => {}
                }
                self.nodes(body, item);
                self.vars.truncate(depth);
            }
        } else {
            self.vars.extend(vars.first().map(|name| (name.clone(), value.clone())));
            self.nodes(body, if word == "with" { value } else { dot });
        }
        self.vars.truncate(depth);
    }

    fn pipe(&self, pipe: &Pipe, dot: &Value) -> Value {
        let mut last = None;
        for call in pipe {
            last = Some(self.call(call, last, dot));
        }
        last.unwrap_or_default()
    }

    fn term(&self, term: &Term, dot: &Value) -> Value {
        match term {
            Term::Literal(value) => value.clone(),
            Term::Path(None, fields) => field(dot, fields),
            Term::Path(Some(name), fields) => {
                let value = self.vars.iter().rev().find(|(known, _)| known == name);
                value.map_or(Value::Null, |(_, value)| field(value, fields))
            }
            Term::Nested(pipe, fields) => field(&self.pipe(pipe, dot), fields),
            Term::Function(name) => function(name, &[]),
        }
    }

    fn call(&self, call: &[Term], last: Option<Value>, dot: &Value) -> Value {
        match call.split_first() {
            Some((Term::Function(name), rest)) => {
                let arguments: Vec<Value> =
                    rest.iter().map(|term| self.term(term, dot)).chain(last).collect();
                function(name, &arguments)
            }
            Some((term, _)) => self.term(term, dot),
            None => Value::Null,
        }
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn function(name: &str, arguments: &[Value]) -> Value {
    let first = arguments.first().unwrap_or(&Value::Null);
    let rest = arguments.get(1..).unwrap_or(&[]);
    let ordering = || rest.first().and_then(|second| compare(first, second));
    match name {
        "and" => arguments.iter().find(|a| !truth(a)).or(arguments.last()).cloned().unwrap_or_default(),
        "or" => arguments.iter().find(|a| truth(a)).or(arguments.last()).cloned().unwrap_or_default(),
        "not" => (!truth(first)).into(),
        "eq" => rest.contains(first).into(),
        "ne" => (!rest.contains(first)).into(),
        "lt" => (ordering() == Some(Ordering::Less)).into(),
        "le" => ordering().is_some_and(Ordering::is_le).into(),
        "gt" => (ordering() == Some(Ordering::Greater)).into(),
        "ge" => ordering().is_some_and(Ordering::is_ge).into(),
        "len" => match first {
            Value::String(text) => text.len().into(),
            Value::Array(items) => items.len().into(),
            Value::Object(map) => map.len().into(),
            _ => Value::Null,
        },
        "index" => rest.iter().fold(first.clone(), |value, key| index(&value, key)),
        "exists" => (!rest.iter().fold(first.clone(), |value, key| index(&value, key)).is_null()).into(),
        "base64decode" => decoded(first.as_str().unwrap_or("")).into(),
        "println" => (arguments.iter().map(printed).collect::<Vec<_>>().join(" ") + "\n").into(),
        "printf" => formatted(&printed(first), rest).into(),
        _ => arguments.iter().map(printed).collect::<String>().into(),
    }
}

/// What base64 stands for.
fn decoded(text: &str) -> String {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 255).unwrap_or(0));
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `%s`, `%v`, `%d`, `%q` and `%%`, with widths.
fn formatted(format: &str, arguments: &[Value]) -> String {
    let mut arguments = arguments.iter();
    let mut out = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(after.len());
        let (width, verb) = after.split_at(end);
        rest = verb.get(1..).unwrap_or("");
        let text = match verb.chars().next() {
            Some('%') => "%".to_owned(),
            Some('q') => {
                arguments.next().map_or_else(String::new, |value| Value::from(printed(value)).to_string())
            }
            _ => arguments.next().map_or_else(String::new, printed),
        };
        let columns: usize = width.trim_start_matches('-').parse().unwrap_or(0);
        let blanks = " ".repeat(columns.saturating_sub(text.chars().count()));
        out.extend(if width.starts_with('-') { [text, blanks] } else { [blanks, text] });
    }
    out + rest
}
