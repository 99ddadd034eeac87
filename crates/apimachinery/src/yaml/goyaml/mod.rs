//! Where go-yaml stops reading a document, and what it says.
//!
//! kubectl reads YAML with go-yaml, which is older than YAML 1.2 and names the place of a mistake in ways of
//! its own: of the scanner's mistakes the line it stands on, of the parser's the line before, of those in a
//! first line none. So the document is read a second time as go-yaml reads it, without keeping anything:
//! [`mark`] moves over the text, [`scanner`] and [`scalars`] make tokens, [`parser`] holds them against the
//! grammar.
//!
//! Models: `go.yaml.in/yaml/v2` (`scannerc.go`, `parserc.go`, `decode.go`: `fail`).

mod mark;
mod parser;
mod scalars;
mod scanner;

use super::problem::ProblemKind;

/// Why go-yaml stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    /// What kind of mistake.
    pub kind: ProblemKind,
    /// Where, in bytes of the document.
    pub offset: usize,
    /// What kubectl prints.
    pub message: String,
}

impl Stop {
    /// A mistake that the scanner finds at a line, from 0.
    fn scanner(kind: ProblemKind, line: usize, offset: usize, problem: &str) -> Self {
        Self::at(kind, if line == 0 { 0 } else { line + 1 }, offset, problem)
    }

    /// A mistake that the parser finds in a token at a line, from 0.
    fn parser(kind: ProblemKind, line: usize, offset: usize, problem: &str) -> Self {
        Self::at(kind, line, offset, problem)
    }

    fn at(kind: ProblemKind, line: usize, offset: usize, problem: &str) -> Self {
        let place = if line == 0 { String::new() } else { format!("line {line}: ") };
        Self { kind, offset, message: format!("yaml: {place}{problem}") }
    }
}

/// Reads the first document of `text`.
///
/// # Errors
/// Why go-yaml stops before its end.
pub(super) fn check(text: &str) -> Result<(), Stop> {
    parser::Parser::new(text).document()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What go.yaml.in/yaml/v2 v2.4.3 says.
    const REFUSED: &[(&str, &str)] = &[
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a:\n\t- b", "yaml: line 2: found character that cannot start any token"),
        ("x: [a,\nb: c", "yaml: line 2: did not find expected ',' or ']'"),
    ];

    #[test]
    fn a_mistake_is_named_as_go_yaml_names_it() {
        for (text, message) in REFUSED {
            assert_eq!(check(text).map_err(|stop| stop.message), Err((*message).to_owned()), "{text}");
        }
    }
}
