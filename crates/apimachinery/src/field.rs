//! Field paths and field errors: how validation names a place and what is wrong there.
//!
//! Models: `k8s.io/apimachinery/pkg/util/validation/field`.

use std::fmt;
use std::fmt::Write as _;

use serde_json::Value;

/// A path such as `spec.template.spec.containers[0].image`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Path(String);

impl Path {
    /// A path of one name, or already written out.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// `<self>.<name>`.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.0.is_empty() { Self(name.to_owned()) } else { Self([&self.0, ".", name].concat()) }
    }

    /// `<self>[<index>]`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }

    /// `<self>[<key>]`, the form for map keys.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self([&self.0, "[", key, "]"].concat())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "<nil>" } else { &self.0 })
    }
}

/// What kind of mistake a field holds: `field.ErrorType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldErrorKind {
    /// `Required value`; prints no value.
    Required,
    /// `Invalid value`.
    Invalid,
    /// `Unsupported value`.
    NotSupported,
    /// `Forbidden`; prints no value.
    Forbidden,
    /// `Duplicate value`.
    Duplicate,
    /// `Not found`.
    NotFound,
    /// `Too long`; prints no value.
    TooLong,
    /// `Too many`.
    TooMany,
    /// `Internal error`; prints no value.
    Internal,
    /// `Invalid value` of the wrong type.
    TypeInvalid,
}

impl FieldErrorKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::Duplicate => "Duplicate value",
            Self::NotFound => "Not found",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::Internal => "Internal error",
        }
    }

    /// The word for it in a refusal: `metav1.CauseType`.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::Duplicate => "FieldValueDuplicate",
            Self::NotFound => "FieldValueNotFound",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::Internal => "InternalError",
        }
    }

    const fn prints_value(self) -> bool {
        !matches!(self, Self::Required | Self::Forbidden | Self::TooLong | Self::Internal)
    }
}

/// One mistake at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// What kind of mistake.
    pub kind: FieldErrorKind,
    /// Where.
    pub path: Path,
    /// The value that stands there. Most kinds of mistake print it.
    pub value: Value,
    /// The value as it is printed, if its members have an order that `value` cannot keep: that of a Go
    /// struct.
    pub printed: Option<String>,
    /// The rest of the sentence, or empty.
    pub detail: String,
}

impl FieldError {
    /// The sentence without the path: `Invalid value: -1: must be greater than or equal to 0`.
    pub fn body(&self) -> String {
        let mut text = self.kind.words().to_owned();
        if self.kind.prints_value() {
            text.push_str(": ");
            match (&self.printed, &self.value) {
                (Some(printed), _) => text.push_str(printed),
                (None, Value::Null) => text.push_str("null"),
                (None, Value::String(s)) => text.push_str(&quote_go(s)),
                (None, other) => text.push_str(&other.to_string()),
            }
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }
}

/// A string as Go's `%q` prints it.
pub fn quote_go(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if is_invisible(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Controls, blanks but the usual one, and what only tells others how to stand. Go also takes characters that
/// are not assigned, or for private use outside of the first plane, for unprintable.
fn is_invisible(c: char) -> bool {
    let format = matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    );
    format || c.is_control() || (c.is_whitespace() && c != ' ')
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.body())
    }
}

/// All mistakes of one object, in the order in which they were found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ErrorList(Vec<FieldError>);

impl ErrorList {
    /// No mistakes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a mistake.
    pub fn push(&mut self, kind: FieldErrorKind, path: &Path, value: Value, detail: impl Into<String>) {
        let (path, detail) = (path.clone(), detail.into());
        self.0.push(FieldError { kind, path, value, printed: None, detail });
    }

    /// Adds a mistake whose value is printed already, its members in an order of their own.
    pub fn push_printed(
        &mut self,
        kind: FieldErrorKind,
        path: &Path,
        printed: String,
        detail: impl Into<String>,
    ) {
        let (path, detail) = (path.clone(), detail.into());
        self.0.push(FieldError { kind, path, value: Value::Null, printed: Some(printed), detail });
    }

    /// `<path>: Invalid value: <printed>: <detail>`.
    pub fn invalid_printed(&mut self, path: &Path, printed: String, detail: impl Into<String>) {
        self.push_printed(FieldErrorKind::Invalid, path, printed, detail);
    }

    /// `<path>: Required value[: <detail>]`.
    pub fn required(&mut self, path: &Path, detail: &str) {
        self.push(FieldErrorKind::Required, path, Value::Null, detail);
    }

    /// `<path>: Invalid value: <value>: <detail>`.
    pub fn invalid(&mut self, path: &Path, value: impl Into<Value>, detail: impl Into<String>) {
        self.push(FieldErrorKind::Invalid, path, value.into(), detail);
    }

    /// `<path>: Forbidden: <detail>`.
    pub fn forbidden(&mut self, path: &Path, detail: impl Into<String>) {
        self.push(FieldErrorKind::Forbidden, path, Value::Null, detail);
    }

    /// `<path>: Duplicate value: <value>`.
    pub fn duplicate(&mut self, path: &Path, value: impl Into<Value>) {
        self.push(FieldErrorKind::Duplicate, path, value.into(), "");
    }

    /// `<path>: Not found: <value>`.
    pub fn not_found(&mut self, path: &Path, value: impl Into<Value>) {
        self.push(FieldErrorKind::NotFound, path, value.into(), "");
    }

    /// `<path>: Unsupported value: <value>: supported values: "A", "B"`.
    pub fn not_supported(&mut self, path: &Path, value: impl Into<Value>, supported: &[&str]) {
        let quoted: Vec<String> = supported.iter().map(|s| quote_go(s)).collect();
        let detail = if quoted.is_empty() {
            String::new()
        } else {
            format!("supported values: {}", quoted.join(", "))
        };
        self.push(FieldErrorKind::NotSupported, path, value.into(), detail);
    }

    /// Takes over another list's mistakes.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mistakes, in the order in which they were found.
    #[allow(clippy::iter_without_into_iter)] // nobody loops over the list itself
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }
}

impl fmt::Display for ErrorList {
    /// Prints one error plainly, several as `[e1, e2]` without duplicates, as `utilerrors.Aggregate` does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut texts: Vec<String> = Vec::new();
        for error in &self.0 {
            let text = error.to_string();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        match texts.as_slice() {
            [one] => f.write_str(one),
            many => write!(f, "[{}]", many.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prints_values_by_type() {
        let mut errors = ErrorList::new();
        let path = Path::new("spec").child("ports").index(0).key("a");
        errors.invalid(&path, json!({"app": "nginx2"}), "no");
        assert_eq!(errors.to_string(), r#"spec.ports[0][a]: Invalid value: {"app":"nginx2"}: no"#);
        errors.required(&Path::new("spec.selector"), "");
        assert!(errors.to_string().ends_with("no, spec.selector: Required value]"));
        let mut one = ErrorList::new();
        one.not_supported(&Path::new("p"), "x", &["Retain", "Delete"]);
        assert_eq!(one.to_string(), r#"p: Unsupported value: "x": supported values: "Retain", "Delete""#);
    }
}
