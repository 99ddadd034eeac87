//! Label selectors.
//!
//! Models: `k8s.io/apimachinery/pkg/labels` (`Parse`, `Requirement`),
//! `metav1.LabelSelectorAsSelector`.

use std::fmt;

use serde_json::Value;

use crate::field::quote_go;
use crate::sorted::{SortedMap, SortedSet};
use crate::value::ValueExt;

/// What a requirement asks of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `key=value`, `key in (a,b)`.
    In,
    /// `key!=value`, `key notin (a,b)`; also true without the label.
    NotIn,
    /// `key`.
    Exists,
    /// `!key`.
    DoesNotExist,
    /// `key>5`; both sides are whole numbers.
    Gt,
    /// `key<5`; both sides are whole numbers.
    Lt,
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    key: String,
    operator: Operator,
    values: SortedSet<String>,
    /// Whether it was written with an equals sign, for printing.
    equality: bool,
}

/// A selector: all requirements must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    requirements: Vec<Requirement>,
    nothing: bool,
}

impl Selector {
    /// The expressions of an object's selector: key, operator and values.
    pub fn expressions(&self) -> Vec<(&str, &'static str, Vec<&str>)> {
        let one = |requirement: &Requirement| match requirement.operator {
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            Operator::Gt => "Gt",
            Operator::Lt => "Lt",
        };
        self.requirements
            .iter()
            .map(|r| (r.key.as_str(), one(r), r.values.iter().map(String::as_str).collect()))
            .collect()
    }

    /// Matches everything.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Matches nothing: an absent selector.
    pub fn nothing() -> Self {
        Self { requirements: Vec::new(), nothing: true }
    }

    /// Makes a selector of a plain map, such as a Service's. There an empty map selects nothing, so callers
    /// ask [`Selector::is_empty`] first.
    pub fn from_map<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let requirements = pairs.into_iter().map(|(k, v)| equality(k, v)).collect();
        Self::sorted(requirements)
    }

    fn sorted(mut requirements: Vec<Requirement>) -> Self {
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Self { requirements, nothing: false }
    }

    /// Reads a `metav1.LabelSelector`: `null` matches nothing, `{}` everything. The error names an operator
    /// that does not exist, in Kubernetes' words.
    pub fn from_label_selector(value: &Value) -> Result<Self, String> {
        if value.is_null() {
            return Ok(Self::nothing());
        }
        let mut requirements: Vec<Requirement> = value
            .map_at(&["matchLabels"])
            .into_iter()
            .flatten()
            .map(|(k, v)| equality(k, v.as_str().unwrap_or("")))
            .collect();
        for expression in value.list_at(&["matchExpressions"]) {
            let operator = match expression.str_at(&["operator"]) {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => return Err(format!("\"{other}\" is not a valid label selector operator")),
            };
            let values = expression.list_at(&["values"]).iter();
            requirements.push(Requirement {
                key: expression.str_at(&["key"]).to_owned(),
                operator,
                values: values.filter_map(|v| v.as_str().map(str::to_owned)).collect(),
                equality: false,
            });
        }
        Ok(Self::sorted(requirements))
    }

    /// Reads text such as `app=nginx,tier in (a,b),!legacy`. The error is Kubernetes' own sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
            Ok(Self::everything())
        } else {
            Self::read(text)
        }
    }

    #[inline(never)] // a gate: `www/editor/split/parts.mjs`
    fn read(text: &str) -> Result<Self, String> {
        let tokens = lex(text);
        let mut at = 0;
        let mut requirements = Vec::new();
        loop {
            let begins = matches!(tokens.get(at), Some(Token::Word(_) | Token::Symbol("!")));
            requirements.push(parse_requirement(&tokens, &mut at).map_err(|problem| {
                if begins { format!("unable to parse requirement: {problem}") } else { problem }
            })?);
            match tokens.get(at) {
                Some(Token::Comma) => {
                    at += 1;
                    if !matches!(tokens.get(at), Some(Token::Word(_) | Token::Symbol("!"))) {
                        let found = tokens.get(at).map_or(String::new(), Token::text);
                        return Err(format!("found '{found}', expected: identifier after ','"));
                    }
                }
                Some(Token::End) | None => return Ok(Self::sorted(requirements)),
                Some(other) => {
                    return Err(format!("found '{}', expected: ',' or 'end of string'", other.text()));
                }
            }
        }
    }

    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &SortedMap<String, String>) -> bool {
        !self.nothing && self.requirements.iter().all(|r| r.matches(labels))
    }

    /// Whether there are no requirements (and so everything matches).
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.nothing
    }
}

impl Requirement {
    fn matches(&self, labels: &SortedMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|v| self.values.contains(v)),
            Operator::NotIn => value.is_none_or(|v| !self.values.contains(v)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::Gt | Operator::Lt => {
                let bound = self.values.iter().next().and_then(|bound| bound.parse::<i64>().ok());
                let number = value.and_then(|value| value.parse::<i64>().ok());
                number.zip(bound).is_some_and(|(number, bound)| {
                    if self.operator == Operator::Gt { number > bound } else { number < bound }
                })
            }
        }
    }
}

fn equality(key: &str, value: &str) -> Requirement {
    Requirement {
        key: key.to_owned(),
        operator: Operator::In,
        values: SortedSet::from([value.to_owned()]),
        equality: true,
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        match self.operator {
            Operator::In if self.equality => write!(f, "{}={}", self.key, values.join(",")),
            Operator::NotIn if self.equality => write!(f, "{}!={}", self.key, values.join(",")),
            Operator::In => write!(f, "{} in ({})", self.key, values.join(",")),
            Operator::NotIn => write!(f, "{} notin ({})", self.key, values.join(",")),
            Operator::Exists => f.write_str(&self.key),
            Operator::DoesNotExist => write!(f, "!{}", self.key),
            Operator::Gt => write!(f, "{}>{}", self.key, values.join(",")),
            Operator::Lt => write!(f, "{}<{}", self.key, values.join(",")),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.requirements.iter().map(Requirement::to_string).collect();
        f.write_str(&parts.join(","))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Symbol(&'static str),
    Comma,
    End,
}

impl Token {
    fn text(&self) -> String {
        match self {
            Self::Word(w) => w.clone(),
            Self::Symbol(s) => (*s).to_owned(),
            Self::Comma => ",".to_owned(),
            Self::End => String::new(),
        }
    }
}

fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            ' ' | '\t' | '\n' | '\r' => {}
            ',' => tokens.push(Token::Comma),
            '(' => tokens.push(Token::Symbol("(")),
            ')' => tokens.push(Token::Symbol(")")),
            '>' => tokens.push(Token::Symbol(">")),
            '<' => tokens.push(Token::Symbol("<")),
            '=' if next == Some('=') => {
                chars.next();
                tokens.push(Token::Symbol("=="));
            }
            '=' => tokens.push(Token::Symbol("=")),
            '!' if next == Some('=') => {
                chars.next();
                tokens.push(Token::Symbol("!="));
            }
            '!' => tokens.push(Token::Symbol("!")),
            c => {
                let mut word = String::from(c);
                while let Some(&n) = chars.peek() {
                    if " \t\n\r,()=!<>".contains(n) {
                        break;
                    }
                    word.push(n);
                    chars.next();
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    tokens.push(Token::End);
    tokens
}

fn parse_requirement(tokens: &[Token], at: &mut usize) -> Result<Requirement, String> {
    let end = Token::End;
    let mut next = || {
        let token = tokens.get(*at).unwrap_or(&end);
        *at += 1;
        token.clone()
    };
    let plain =
        |key: String, operator| Requirement { key, operator, values: SortedSet::new(), equality: false };
    let key = match next() {
        Token::Symbol("!") => {
            return match next() {
                Token::Word(key) => Ok(plain(key, Operator::DoesNotExist)),
                other => Err(format!("found '{}', expected: identifier", other.text())),
            };
        }
        Token::Word(key) => key,
        other => {
            return Err(format!("found '{}', expected: !, identifier, or 'end of string'", other.text()));
        }
    };
    match next() {
        Token::Symbol("=" | "==") => Ok(equality(&key, &value_word(tokens, at))),
        Token::Symbol("!=") => {
            let mut r = equality(&key, &value_word(tokens, at));
            r.operator = Operator::NotIn;
            Ok(r)
        }
        Token::Symbol(sign @ (">" | "<")) => {
            let operator = if sign == ">" { Operator::Gt } else { Operator::Lt };
            let bound = value_word(tokens, at);
            if bound.parse::<i64>().is_err() {
                return Err(format!(
                    "values[0]: Invalid value: {}: for 'Gt', 'Lt' operators, the value must be an integer",
                    quote_go(&bound)
                ));
            }
            Ok(Requirement { key, operator, values: SortedSet::from([bound]), equality: false })
        }
        Token::Word(word) if word == "in" || word == "notin" => {
            let operator = if word == "in" { Operator::In } else { Operator::NotIn };
            let values = value_list(tokens, at)?;
            Ok(Requirement { key, operator, values, equality: false })
        }
        Token::Comma | Token::End => {
            *at -= 1;
            Ok(plain(key, Operator::Exists))
        }
        other => Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", other.text())),
    }
}

fn value_word(tokens: &[Token], at: &mut usize) -> String {
    match tokens.get(*at) {
        Some(Token::Word(word)) => {
            *at += 1;
            word.clone()
        }
        _ => String::new(),
    }
}

fn value_list(tokens: &[Token], at: &mut usize) -> Result<SortedSet<String>, String> {
    let mut values = SortedSet::new();
    if tokens.get(*at) != Some(&Token::Symbol("(")) {
        let found = tokens.get(*at).map_or(String::new(), Token::text);
        return Err(format!("found '{found}' expected: '('"));
    }
    *at += 1;
    loop {
        match tokens.get(*at) {
            Some(Token::Word(word)) => {
                values.insert(word.clone());
            }
            Some(Token::Comma) => {}
            Some(Token::Symbol(")")) => {
                *at += 1;
                return Ok(values);
            }
            other => {
                let found = other.map_or(String::new(), Token::text);
                return Err(format!("found '{found}', expected: ',', ')' or identifier"));
            }
        }
        *at += 1;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> SortedMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn parses_matches_and_prints() {
        let s = Selector::parse("tier in (b, a),app=nginx,!legacy,x!=1").unwrap();
        assert_eq!(s.to_string(), "app=nginx,!legacy,tier in (a,b),x!=1");
        assert!(s.matches(&labels(&[("app", "nginx"), ("tier", "a")])));
        assert!(!s.matches(&labels(&[("app", "nginx"), ("tier", "a"), ("legacy", "")])));
        assert!(Selector::parse("").unwrap().matches(&labels(&[])));
        assert_eq!(
            Selector::parse("=").unwrap_err(),
            "found '=', expected: !, identifier, or 'end of string'"
        );
    }

    #[test]
    fn a_missing_selector_matches_nothing_an_empty_one_everything() {
        assert!(!Selector::from_label_selector(&Value::Null).unwrap().matches(&labels(&[])));
        assert!(Selector::from_label_selector(&json!({})).unwrap().matches(&labels(&[])));
        let e = Selector::from_label_selector(&json!({"matchExpressions": [{"key": "a", "operator": "x"}]}));
        assert_eq!(e.unwrap_err(), "\"x\" is not a valid label selector operator");
    }
}
