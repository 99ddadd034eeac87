//! Evaluates a template for a value.

use std::cmp::Ordering;

use apimachinery::base64::Alphabet;
use apimachinery::field::quote_go;
use apimachinery::gojson;
use serde_json::Value;

use super::{Call, Node, Pipe, Place, Term};
use crate::budget::{self, Budget};

/// The text; the error is what could not be evaluated.
pub(super) fn run(nodes: &[Node], root: &Value) -> Result<String, String> {
    let vars = vec![(String::new(), root.clone())];
    let mut run = Run { vars, out: String::new(), budget: Budget::default() };
    run.nodes(nodes, root)?;
    Ok(run.out)
}

struct Run {
    vars: Vec<(String, Value)>,
    out: String,
    budget: Budget,
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

/// A value as Go prints it.
fn printed(value: &Value) -> String {
    gojson::printed(value, "<no value>")
}

/// The value of a path of fields. A field that a map lacks is no value, and so is a field of no value;
/// anything else has no fields, which is an error.
fn field(value: &Value, fields: &[String], place: &Place) -> Result<Value, String> {
    let mut here = value;
    for name in fields {
        here = match here {
            Value::Object(map) => map.get(name).unwrap_or(&Value::Null),
            Value::Null => &Value::Null,
            _ => return Err(place.fail(&format!("can't evaluate field {name} in type interface {{}}"))),
        };
    }
    Ok(here.clone())
}

/// Steps that a copy of a value takes.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => text.len() / 16 + 1,
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 1,
        Value::Object(map) => {
            map.iter().map(|(name, item)| name.len() / 16 + 1 + weight(item)).sum::<usize>() + 1
        }
    }
}

/// The function `index`, with Go's errors.
fn index(value: &Value, key: &Value) -> Result<Value, String> {
    let type_of = |value: &Value| match value {
        Value::Number(number) if number.is_i64() => "int",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "interface {}",
    };
    match (value, key) {
        (Value::Null, _) => Err("index of untyped nil".to_owned()),
        (Value::Object(map), Value::String(name)) => Ok(map.get(name).cloned().unwrap_or_default()),
        (Value::Object(_), other) => Err(format!("value has type {}; should be string", type_of(other))),
        (Value::Array(items), Value::Number(at)) => {
            let found = at.as_u64().and_then(|at| items.get(usize::try_from(at).ok()?));
            found.cloned().ok_or_else(|| format!("index out of range: {at}"))
        }
        (Value::Array(_), other) => Err(format!("cannot index slice/array with type {}", type_of(other))),
        (other, _) => Err(format!("can't index item of type {}", type_of(other))),
    }
}

impl Run {
    fn nodes(&mut self, nodes: &[Node], dot: &Value) -> Result<(), String> {
        let depth = self.vars.len();
        for node in nodes {
            self.budget.spend(1)?;
            match node {
                Node::Text(text) => self.print(text),
                Node::Print(pipe) => {
                    let text = printed(&self.pipe(pipe, dot)?);
                    self.budget.spend_text(&text)?;
                    self.print(&text);
                }
                Node::Set(name, pipe) => {
                    let value = self.pipe(pipe, dot)?;
                    self.vars.push((name.clone(), value));
                }
                Node::Block { word, vars, pipe, body, otherwise } => {
                    let value = self.pipe(pipe, dot)?;
                    self.block(word, vars, &value, body, otherwise, dot)?;
                }
            }
        }
        self.vars.truncate(depth);
        Ok(())
    }

    fn print(&mut self, text: &str) {
        budget::push(&mut self.out, text);
    }

    fn block(
        &mut self,
        word: &str,
        vars: &[String],
        value: &Value,
        body: &[Node],
        otherwise: &[Node],
        dot: &Value,
    ) -> Result<(), String> {
        let depth = self.vars.len();
        if !truth(value) {
            self.nodes(otherwise, dot)?;
        } else if word == "range" {
            let items: Vec<(Value, &Value)> = match value {
                Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.into(), item)).collect(),
                Value::Object(map) => map.iter().map(|(name, item)| (name.as_str().into(), item)).collect(),
                _ => Vec::new(),
            };
            for (key, item) in items {
                self.budget.spend(if vars.is_empty() { 1 } else { weight(item) })?;
                match vars {
                    [one] => self.vars.push((one.clone(), item.clone())),
                    [first, second, ..] => {
                        self.vars.push((first.clone(), key));
                        self.vars.push((second.clone(), item.clone()));
                    }
                    [] => {}
                }
                self.nodes(body, item)?;
                self.vars.truncate(depth);
            }
        } else {
            self.vars.extend(vars.first().map(|name| (name.clone(), value.clone())));
            self.nodes(body, if word == "with" { value } else { dot })?;
        }
        self.vars.truncate(depth);
        Ok(())
    }

    fn pipe(&self, pipe: &Pipe, dot: &Value) -> Result<Value, String> {
        let mut last = None;
        for call in pipe {
            last = Some(self.call(call, last, dot)?);
        }
        Ok(last.unwrap_or_default())
    }

    fn term(&self, term: &Term, dot: &Value) -> Result<Value, String> {
        let value = self.value(term, dot)?;
        self.budget.spend(weight(&value))?;
        Ok(value)
    }

    fn value(&self, term: &Term, dot: &Value) -> Result<Value, String> {
        match term {
            Term::Literal(value) => Ok(value.clone()),
            Term::Path(None, fields, place) => field(dot, fields, place),
            Term::Path(Some(name), fields, place) => {
                let value = self.vars.iter().rev().find(|(known, _)| known == name);
                value.map_or(Ok(Value::Null), |(_, value)| field(value, fields, place))
            }
            Term::Nested(pipe, fields, place) => field(&self.pipe(pipe, dot)?, fields, place),
            Term::Function(name) => function(name, &[]),
        }
    }

    fn call(&self, call: &Call, last: Option<Value>, dot: &Value) -> Result<Value, String> {
        match call.terms.split_first() {
            Some((Term::Function(name), rest)) => {
                let arguments = rest.iter().map(|term| self.term(term, dot)).chain(last.map(Ok));
                let arguments: Vec<Value> = arguments.collect::<Result<_, _>>()?;
                let value = function(name, &arguments)
                    .map_err(|what| call.place.fail(&format!("error calling {name}: {what}")))?;
                self.budget.spend(weight(&value))?;
                Ok(value)
            }
            Some((term, _)) => self.term(term, dot),
            None => Ok(Value::Null),
        }
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn function(name: &str, arguments: &[Value]) -> Result<Value, String> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let rest = arguments.get(1..).unwrap_or(&[]);
    let ordering = || rest.first().and_then(|second| compare(first, second));
    Ok(match name {
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
        "index" => rest.iter().try_fold(first.clone(), |value, key| index(&value, key))?,
        "exists" => {
            let found = rest.iter().try_fold(first.clone(), |value, key| index(&value, key));
            found.is_ok_and(|found| !found.is_null()).into()
        }
        "base64decode" => {
            let bytes = Alphabet::Standard.decode(first.as_str().unwrap_or(""));
            let bytes = bytes.map_err(|illegal| format!("base64 decode failed: {illegal}"))?;
            String::from_utf8_lossy(&bytes).into()
        }
        "println" => (arguments.iter().map(printed).collect::<Vec<_>>().join(" ") + "\n").into(),
        "printf" => formatted(&printed(first), rest).into(),
        _ => arguments.iter().map(printed).collect::<String>().into(),
    })
}

/// The widest that Go makes a value; a greater width is no verb to it.
const WIDTH_MAX: usize = 1_000_000;

/// `%s`, `%v`, `%d`, `%q` and `%%`, with widths.
fn formatted(format: &str, arguments: &[Value]) -> String {
    let mut arguments = arguments.iter();
    let mut out = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(after.len());
        let (width, verb) = after.split_at(end);
        let digits = width.trim_start_matches('-');
        let columns = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(usize::MAX) };
        if columns > WIDTH_MAX {
            return out + "%!(NOVERB)";
        }
        let mut chars = verb.chars();
        let verb = chars.next();
        rest = chars.as_str();
        let text = match verb {
            Some('%') => "%".to_owned(),
            Some('q') => arguments.next().map_or_else(String::new, |value| quote_go(&printed(value))),
            _ => arguments.next().map_or_else(String::new, printed),
        };
        let blanks = " ".repeat(columns.saturating_sub(text.chars().count()));
        out.extend(if width.starts_with('-') { [text, blanks] } else { [blanks, text] });
    }
    out + rest
}
