//! Splitting a text into documents before any YAML is parsed, as kubectl does.
//!
//! Models: `YAMLReader` of `k8s.io/apimachinery/pkg/util/yaml`. Each chunk is parsed alone, so a
//! mistake in one leaves the others, and kubectl's line numbers count from the chunk's first line.

use super::node::Span;
use super::problem::{Problem, ProblemKind};

/// One document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Its bytes in the whole text.
    pub span: Span,
    /// Its first line, counted from 1.
    pub line: usize,
    /// A line `--- something` that kubectl refuses: the line, and the something within it.
    pub bad_separator: Option<(usize, Span)>,
}

impl Chunk {
    const fn at(start: usize, line: usize) -> Self {
        Self { span: Span::new(start, start), line, bad_separator: None }
    }

    /// What is wrong at a place within it.
    pub fn problem(&self, text: &str, kind: ProblemKind, span: Span, message: String) -> Problem {
        let before = Span::new(self.span.start, span.start).slice(text).unwrap_or_default();
        Problem { kind, span, line: self.line + before.matches('\n').count(), message }
    }
}

/// The chunks of `text`, in order. A text without a line has none.
pub(super) fn split(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut open = Chunk::at(0, 1);
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let number = at + 1;
        let end = start + line.len();
        match separator(line) {
            None => open.span.end = end,
            // With nothing before it, the separator belongs to the document it opens.
            Some(after) if open.span.is_empty() => {
                open.span.end = end;
                open.bad_separator = bad_separator(number, start, line, after);
            }
            Some(after) => {
                let bad = bad_separator(number, start, line, after);
                let next = if bad.is_some() { start } else { end };
                open.bad_separator = open.bad_separator.or(bad);
                let line_of_next = if bad.is_some() { number } else { number + 1 };
                chunks.push(std::mem::replace(&mut open, Chunk::at(next, line_of_next)));
                open.span.end = if bad.is_some() { end } else { next };
            }
        }
        start = end;
    }
    if !open.span.is_empty() {
        chunks.push(open);
    }
    chunks
}

/// What follows `---` at the start of a line, without white space around it.
fn separator(line: &str) -> Option<&str> {
    line.strip_prefix("---").map(str::trim)
}

fn bad_separator(number: usize, start: usize, line: &str, after: &str) -> Option<(usize, Span)> {
    if after.is_empty() || after.starts_with('#') {
        return None;
    }
    let from = start + line.len() - line.get(3..).unwrap_or_default().trim_start().len();
    Some((number, Span::new(from, from + after.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(&str, usize)> {
        split(text).into_iter().map(|c| (c.span.slice(text).unwrap_or("?"), c.line)).collect()
    }

    #[test]
    fn splits_at_separator_lines() {
        assert_eq!(texts(""), []);
        assert_eq!(texts("a: 1\n---\nb: 2\n"), [("a: 1\n", 1), ("b: 2\n", 3)]);
        assert_eq!(texts("---\na: 1\n---  # two\nb: 2"), [("---\na: 1\n", 1), ("b: 2", 4)]);
        assert_eq!(texts("a: 1\n---\n---\nb: 2\n---\n"), [("a: 1\n", 1), ("---\nb: 2\n", 3)]);
        assert_eq!(texts("a: 1\r\n---\r\nb: 2"), [("a: 1\r\n", 1), ("b: 2", 3)]);
        assert_eq!(texts("a:\n  ---\n"), [("a:\n  ---\n", 1)]);
    }

    #[test]
    fn text_after_a_separator_is_refused() {
        let text = "a: 1\n--- foo \nb: 2\n";
        let chunks = split(text);
        assert_eq!(texts(text), [("a: 1\n", 1), ("--- foo \nb: 2\n", 2)]);
        let (line, span) = chunks.first().and_then(|c| c.bad_separator).unwrap_or_default();
        assert_eq!((line, span.slice(text)), (2, Some("foo")));
        assert!(chunks.last().is_some_and(|c| c.bad_separator.is_none()));
    }
}
