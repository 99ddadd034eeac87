//! The grammar of YAML as go-yaml reads it: a document's text becomes events, up to where go-yaml stops.
//!
//! kubectl reads YAML with go-yaml, which is older than YAML 1.2. It has its own way of naming the line of a
//! mistake: the mistake's line if the scanner found it, the line before if the parser did, and no line for a
//! mistake in the first line. [`mark`] moves over the text; [`scanner`] makes tokens with [`fetch`],
//! [`scalars`], [`block`] and [`properties`]; [`parser`] and [`flow`] check them against the grammar. Nothing
//! recurses, and each character is looked at a few times, so any text takes time in proportion to its length.
//!
//! Models: `go.yaml.in/yaml/v2` (`scannerc.go`, `parserc.go`, `decode.go`: `fail`).

mod block;
mod fetch;
mod flow;
mod mark;
mod parser;
mod properties;
mod scalars;
mod scanner;

pub(super) use parser::{Event, Parser, Piece};

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the first document.
    fn check(text: &str) -> Result<(), Stop> {
        let mut parser = Parser::new(text);
        while parser.next_event()?.is_some() {}
        Ok(())
    }

    /// What go.yaml.in/yaml/v2 v2.4.3 says.
    const REFUSED: &[(&str, &str)] = &[
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a:\n\t- b", "yaml: line 2: found character that cannot start any token"),
        ("x: [a,\nb: c", "yaml: line 2: did not find expected ',' or ']'"),
        ("a: 'x", "yaml: found unexpected end of stream"),
        ("a: \"x", "yaml: found unexpected end of stream"),
        ("a: \"\\q\"", "yaml: found unknown escape character"),
        ("a: \"\\xzz\"", "yaml: did not find expected hexdecimal number"),
        ("a: @b", "yaml: found character that cannot start any token"),
        ("a: `b`", "yaml: found character that cannot start any token"),
        ("- a\nb: c", "yaml: line 1: did not find expected '-' indicator"),
        ("a: b\n- c", "yaml: line 1: did not find expected key"),
        ("a: b\n  c: d", "yaml: line 2: mapping values are not allowed in this context"),
        ("a:\n  - b\n c: d", "yaml: line 2: did not find expected key"),
        ("a: {b: c", "yaml: line 1: did not find expected ',' or '}'"),
        ("a: {b: c]}", "yaml: did not find expected ',' or '}'"),
        ("a: [b}", "yaml: did not find expected ',' or ']'"),
        ("a: *", "yaml: did not find expected alphabetic or numeric character"),
        ("a: &", "yaml: did not find expected alphabetic or numeric character"),
        ("a: !<x", "yaml: did not find the expected '>'"),
        ("a: |0\n  x", "yaml: found an indentation indicator equal to 0"),
        ("a: |x\n  y", "yaml: did not find expected comment or line break"),
        ("a: |\n\tx", "yaml: line 2: found a tab character where an indentation space is expected"),
        ("a\nb: c", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: - b", "yaml: block sequence entries are not allowed in this context"),
        ("a: ? b", "yaml: mapping keys are not allowed in this context"),
        ("- - a\n -b", "yaml: line 1: did not find expected '-' indicator"),
        ("a: [b, c\nd: e\n", "yaml: line 1: did not find expected ',' or ']'"),
        ("a: b\n\tc: d", "yaml: line 2: found a tab character that violates indentation"),
        ("a: b\n\t\n", "yaml: line 2: found a tab character that violates indentation"),
        ("a: \"b\" c", "yaml: did not find expected key"),
        ("a: 'b' c", "yaml: did not find expected key"),
        ("a: !e!b x", "yaml: found undefined tag handle"),
        ("...\na: b", "yaml: did not find expected node content"),
        ("a: \"\\u12\"", "yaml: did not find expected hexdecimal number"),
        ("a: \"\\ud800\"", "yaml: found invalid Unicode character escape code"),
        ("a: b\nc\nd: e", "yaml: line 3: could not find expected ':'"),
        ("a: ,b", "yaml: did not find expected node content"),
        ("[", "yaml: line 1: did not find expected node content"),
        ("{", "yaml: line 1: did not find expected node content"),
        ("a: |\n b\nc", "yaml: line 4: could not find expected ':'"),
        ("a: b:", "yaml: mapping values are not allowed in this context"),
        ("a: [b: c: d]", "yaml: did not find expected ',' or ']'"),
        ("{a: b: c}", "yaml: did not find expected ',' or '}'"),
        ("x: \"a\nb: c", "yaml: line 2: found unexpected end of stream"),
        ("a: -\nb: c", "yaml: block sequence entries are not allowed in this context"),
    ];

    #[test]
    fn a_mistake_is_named_as_go_yaml_names_it() {
        for (text, message) in REFUSED {
            assert_eq!(check(text).map_err(|stop| stop.message), Err((*message).to_owned()), "{text}");
        }
    }

    #[test]
    fn what_go_yaml_reads_is_no_mistake() {
        for text in [
            "",
            "# nothing",
            "a: 1\nb : 2",
            "-x\n- y",
            "a:b\nc:d\n",
            "a: {b:c}",
            "a: [b: c, d]",
            "a: |\n b\nc:",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }
}
