//! Syntax errors in libyaml's words, which are what kubectl prints.

use granit_parser::{ErrorKind, ScanError};

use super::limits::Limits;
use super::node::Span;
use super::problem::{Problem, ProblemKind, line_of};

/// The parser's error about the document at `at`.
pub(super) fn problem(error: &ScanError, text: &str, at: Span) -> Problem {
    let offset = at.start + error.marker().byte_offset().unwrap_or_default();
    let span = Span::new(offset, offset);
    Problem {
        kind: ProblemKind::Content,
        span,
        line: line_of(text, offset),
        message: format!("{:?} {}", error.kind(), error.marker().line()),
    }
}

pub(super) fn too_deep(span: Span, text: &str, limits: &Limits) -> Problem {
    let message = format!("yaml: exceeded max depth of {}", limits.max_depth);
    Problem { kind: ProblemKind::TooDeep, span, line: line_of(text, span.start), message }
}

/// go-yaml reads no control characters at all, wherever they stand.
pub(super) fn check_characters(text: &str, at: Span) -> Result<(), Problem> {
    let chunk = at.slice(text).unwrap_or_default();
    let Some((offset, c)) = chunk.char_indices().find(|&(i, c)| !is_allowed(c, i)) else {
        return Ok(());
    };
    let start = at.start + offset;
    let span = Span::new(start, start + c.len_utf8());
    let message = "yaml: control characters are not allowed".to_owned();
    Err(Problem { kind: ProblemKind::ControlCharacter, span, line: line_of(text, start), message })
}

const fn is_allowed(c: char, at: usize) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
        && (c != '\u{FEFF}' || at == 0)
}
