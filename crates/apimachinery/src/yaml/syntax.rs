//! Syntax errors in libyaml's words, which are what kubectl prints, and what to underline for them.
//!
//! Differs: control characters are looked for first; go-yaml looks half a kilobyte ahead, so it tells a mistake that
//! stands further before one.

use super::chunk::Chunk;
use super::goyaml::Stop;
use super::node::Span;
use super::problem::{Problem, ProblemKind};

/// The problem for which go-yaml refuses the document of a chunk, which it reads from `start` on.
pub(super) fn problem(stop: Stop, text: &str, chunk: &Chunk, start: usize) -> Problem {
    let span = span_at(text, chunk.span, (start + stop.offset).min(chunk.span.end));
    chunk.problem(text, stop.kind, span, stop.message)
}

/// What to underline for a mistake at a byte: the word that begins there, or the last word before it if a
/// line or the text ends there.
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

/// Looks for a control character: go-yaml reads none, wherever it stands.
pub(super) fn check_characters(text: &str, chunk: &Chunk) -> Option<Problem> {
    let characters = chunk.span.slice(text).unwrap_or_default();
    let (offset, c) = characters.char_indices().find(|&(_, c)| !is_allowed(c))?;
    let start = chunk.span.start + offset;
    let span = Span::new(start, start + c.len_utf8());
    let message = "yaml: control characters are not allowed".to_owned();
    Some(chunk.problem(text, ProblemKind::ControlCharacter, span, message))
}

const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
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
        assert_eq!(message, "yaml: exceeded max depth of 10000");
        assert!(!underlined.is_empty());
    }
}
