//! Syntax errors in libyaml's words, which are what kubectl prints, and what to underline for them.

use granit_parser::{ErrorKind, ScanError};

use super::goyaml;
use super::limits::Limits;
use super::node::Span;
use super::problem::{Problem, ProblemKind as K, line_of};

/// What go-yaml has against the document at `at`.
pub(super) fn go_yaml(text: &str, at: Span) -> Option<Problem> {
    let stop = goyaml::check(at.slice(text).unwrap_or_default()).err()?;
    let span = span_at(text, at, (at.start + stop.offset).min(at.end));
    Some(Problem { kind: stop.kind, span, line: line_of(text, span.start), message: stop.message })
}

/// The reader's own error about the document at `at`. It reads YAML 1.2 and is stricter here and there than
/// go-yaml, which would have read on; kubectl has no words for that.
pub(super) fn problem(error: &ScanError, text: &str, at: Span, limits: &Limits) -> Problem {
    let offset = (at.start + error.marker().byte_offset().unwrap_or_default()).min(at.end);
    let span = span_at(text, at, offset);
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(span, text, limits);
    }
    let message = format!("yaml: line {}: not read here, although kubectl would", error.marker().line());
    Problem { kind: K::Content, span, line: line_of(text, span.start), message }
}

/// What to underline for a mistake at a byte: the word that begins there; at the end of a line or of the
/// text the last word before it.
fn span_at(text: &str, at: Span, offset: usize) -> Span {
    let rest = text.get(offset..at.end).unwrap_or_default();
    let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
    if word > 0 {
        return Span::new(offset, offset + word);
    }
    let before = text.get(at.start..offset).unwrap_or_default().trim_end();
    let start = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let first = before.get(start..).and_then(|word| word.chars().next()).map_or(0, char::len_utf8);
    if first == 0 { Span::new(offset, offset) } else { Span::new(at.start + start, at.start + before.len()) }
}

pub(super) fn too_deep(span: Span, text: &str, limits: &Limits) -> Problem {
    let message = format!("yaml: exceeded max depth of {}", limits.max_depth);
    Problem { kind: K::TooDeep, span, line: line_of(text, span.start), message }
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
    Err(Problem { kind: K::ControlCharacter, span, line: line_of(text, start), message })
}

const fn is_allowed(c: char, at: usize) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
        && (c != '\u{FEFF}' || at == 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Limits, read};

    fn of(text: &str) -> (String, String) {
        let documents = read(text, &Limits::default());
        let problem = documents.iter().find_map(|d| d.fatal()).unwrap();
        (problem.message.clone(), problem.span.slice(text).unwrap().to_owned())
    }

    fn says(text: &str, message: &str, underlined: &str) {
        assert_eq!(of(text), (message.to_owned(), underlined.to_owned()), "{text}");
    }

    /// The texts are those that go-yaml v2 gives for the same input.
    #[test]
    fn mistakes_are_told_in_libyamls_words() {
        let tab = "a: 1\nb:\n\tc: 2\n";
        assert_eq!(of(tab).0, "yaml: line 3: found character that cannot start any token");
        says("a: b: c\n", "yaml: mapping values are not allowed in this context", ":");
        says("x: 1\na: b: c\n", "yaml: line 2: mapping values are not allowed in this context", ":");
        says("a: 1\n  b: 2\n", "yaml: line 2: mapping values are not allowed in this context", ":");
        says("a:\n  b: 1\n c: 2\n", "yaml: line 2: did not find expected key", "c:");
        says("a: \"b\n", "yaml: line 2: found unexpected end of stream", "\"b");
    }

    #[test]
    fn deep_nesting_is_refused_with_a_place() {
        let text = "[".repeat(20_000);
        let (message, underlined) = of(&text);
        assert_eq!(message, "yaml: exceeded max depth of 100");
        assert!(!underlined.is_empty());
    }
}
