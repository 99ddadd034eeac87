//! JSONPath as `-o jsonpath`, `--sort-by`, `-o custom-columns` and `wait --for=jsonpath` read it.
//!
//! A template is text and actions in braces; an action is a path of steps, and `range` … `end` repeat
//! what stands between them. A missing field gives nothing.
//!
//! Models: `k8s.io/client-go/util/jsonpath`, `RelaxedJSONPathExpression` of `k8s.io/kubectl/pkg/cmd/get`.

mod eval;
mod parse;

use apimachinery::field::quote_go;
use serde_json::Value;

use crate::budget::{self, Budget};

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// A quoted text, a number or a boolean.
    Literal(Value),
    /// `.name`.
    Field(String),
    /// `.*`.
    Wildcard,
    /// `..`.
    Recursive,
    /// `[from:to:by]`; `single` when only a number was given.
    Slice { bounds: [Option<i64>; 3], single: bool },
    /// `[a,b]`.
    Union(Vec<Path>),
    /// `[?(left op right)]`; without an operator the left side must exist.
    Filter { left: Path, operator: String, right: Path },
    /// A bare word, which is an error when it is met.
    Word(String),
}

/// Steps, one after another.
type Path = Vec<Step>;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(Value),
    Path(Path),
    Range(Path, Vec<Self>),
}

/// A template that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

impl Template {
    /// Reads a template; the error has no prefix.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), parts: parse::template(text)? })
    }

    /// Reads a path whose braces and first dot may be missing: `metadata.name`.
    pub fn relaxed(path: &str) -> Result<Self, String> {
        let braced = path.strip_prefix('{').and_then(|p| p.strip_suffix('}'));
        let inner = braced.unwrap_or(path);
        let inner = inner.strip_prefix('.').unwrap_or(inner);
        if inner.is_empty() || inner.contains(['{', '}']) {
            return Err(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
                    .to_owned(),
            );
        }
        Self::parse(&format!("{{.{inner}}}"))
    }

    /// The values that each action and text gives.
    pub fn find<'a>(&'a self, root: &'a Value) -> Result<Vec<Vec<&'a Value>>, String> {
        let mut found = Vec::new();
        eval::parts(&self.parts, root, &Budget::default(), &mut found)?;
        Ok(found)
    }

    /// All values, in order.
    pub fn values<'a>(&'a self, root: &'a Value) -> Result<Vec<&'a Value>, String> {
        Ok(self.find(root)?.into_iter().flatten().collect())
    }

    /// What `-o jsonpath=` prints of an object; the error is what kubectl says after `error: `.
    pub fn print(&self, root: &Value) -> Result<String, String> {
        let found = self.find(root).map_err(|problem| self.complaint(&problem, root))?;
        let mut out = String::new();
        for values in found {
            for (at, value) in values.into_iter().enumerate() {
                let has_room =
                    (at == 0 || budget::push(&mut out, " ")) && budget::push(&mut out, &text_of(value));
                if !has_room {
                    return Ok(out);
                }
            }
        }
        Ok(out)
    }

    /// What `-o jsonpath-as-json=` prints.
    pub fn print_json(&self, root: &Value) -> Result<String, String> {
        let found = self.find(root).map_err(|problem| self.complaint(&problem, root))?;
        let mut out = String::new();
        for values in found {
            let list = list_within(values);
            if !budget::push(&mut out, &format!("{}\n", apimachinery::gojson::indent(&list, 4))) {
                break;
            }
        }
        Ok(out)
    }

    fn complaint(&self, problem: &str, root: &Value) -> String {
        let text = &self.text;
        format!(
            "error executing jsonpath \"{text}\": Error executing template: {problem}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n",
            go_syntax(root)
        )
    }
}

/// The values as a list, as far as they can be printed: each may hold all of the object.
fn list_within(values: Vec<&Value>) -> Value {
    let mut bytes = 0;
    let fits = |value: &&Value| {
        let had_room = bytes <= budget::OUTPUT_MAX;
        bytes += apimachinery::gojson::compact(value).len();
        had_room
    };
    Value::Array(values.into_iter().take_while(fits).cloned().collect())
}

/// A value as text: strings bare, maps and lists as JSON.
pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| apimachinery::gojson::compact(value), str::to_owned)
}

/// A value as Go's `%v` prints it: `map[app:nginx]`, `[a b]`.
pub fn go_text(value: &Value) -> String {
    apimachinery::gojson::printed(value, "<nil>")
}

/// A value as Go's `%#v` prints it.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Array(items) => {
            format!("[]interface {{}}{{{}}}", items.iter().map(go_syntax).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let members: Vec<String> =
                map.iter().map(|(k, v)| format!("{}:{}", quote_go(k), go_syntax(v))).collect();
            format!("map[string]interface {{}}{{{}}}", members.join(", "))
        }
        Value::String(text) => quote_go(text),
        other => apimachinery::gojson::compact(other),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
