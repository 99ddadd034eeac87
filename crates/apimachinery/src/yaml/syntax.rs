//! Syntax errors in libyaml's words, which are what kubectl prints.
//!
//! Models: `sigs.k8s.io/yaml/goyaml.v2` (`scannerc.go`, `parserc.go`, `decode.go` `fail`): the scanner's
//! errors name their own line, the parser's the one before.

use granit_parser::{ErrorKind as E, ScanError};

use super::limits::Limits;
use super::node::Span;
use super::problem::{Problem, ProblemKind as K, line_of};

/// Who finds a mistake, which decides about the line that is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Scanner,
    Parser,
}

/// The parser's error about the document at `at`.
pub(super) fn problem(error: &ScanError, text: &str, at: Span, limits: &Limits) -> Problem {
    let mut offset = (at.start + error.marker().byte_offset().unwrap_or_default()).min(at.end);
    let (kind, by, words) = translate(error.kind());
    if kind == K::TooDeep {
        return too_deep(span_at(text, at, offset), text, limits);
    }
    if kind == K::Tab {
        // The marker stands where the scalar begins; the tab is at the start of a later line.
        let rest = Span::new(offset, at.end).slice(text).unwrap_or_default();
        offset += rest.find("\n\t").map_or_else(|| rest.find('\t').unwrap_or(0), |newline| newline + 1);
    }
    let span = span_at(text, at, offset);
    let in_document = text.get(at.start..offset).map_or(0, |before| before.matches('\n').count());
    let named = if by == By::Scanner && in_document > 0 { in_document + 1 } else { in_document };
    let place = if named > 0 { format!("line {named}: ") } else { String::new() };
    Problem { kind, span, line: line_of(text, span.start), message: format!("yaml: {place}{words}") }
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

/// A kind, who finds it, and libyaml's words.
fn translate(kind: &E) -> (K, By, &'static str) {
    flow(kind).or_else(|| scalar(kind)).or_else(|| property(kind)).unwrap_or_else(|| block(kind))
}

fn flow(kind: &E) -> Option<(K, By, &'static str)> {
    Some(match kind {
        E::UnexpectedEofFlowSequence | E::ExpectedFlowSequenceSeparator => {
            (K::Flow, By::Parser, "did not find expected ',' or ']'")
        }
        E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::ExpectedFlowMappingSeparator => (K::Flow, By::Parser, "did not find expected ',' or '}'"),
        E::MismatchedFlowCollectionEnd { .. } | E::UnclosedFlowCollection { .. } => {
            (K::Flow, By::Parser, "did not find expected ',' or ']'")
        }
        E::MisplacedFlowCollectionEnd
        | E::FlowMappingValueAdjacentCollection
        | E::InvalidFlowScalarIndent => (K::Flow, By::Parser, "did not find expected node content"),
        E::BlockEntryInFlowCollection => {
            (K::UnexpectedEntry, By::Scanner, "block sequence entries are not allowed in this context")
        }
        E::RecursionLimitExceeded => (K::TooDeep, By::Scanner, ""),
        _ => return None,
    })
}

fn scalar(kind: &E) -> Option<(K, By, &'static str)> {
    Some(match kind {
        E::TabInPlainScalar | E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation => {
            (K::Tab, By::Scanner, "found a tab character that violates indentation")
        }
        E::TabAtBlockScalarStart => {
            (K::BlockScalar, By::Scanner, "found a tab character where an indentation space is expected")
        }
        E::ZeroBlockScalarIndent => {
            (K::BlockScalar, By::Scanner, "found an indentation indicator equal to 0")
        }
        E::InvalidBlockScalarHeader => {
            (K::BlockScalar, By::Scanner, "did not find expected comment or line break")
        }
        E::InvalidBlockScalarIndent => (K::BlockScalar, By::Parser, "did not find expected key"),
        E::UnclosedQuotedScalar => (K::Quote, By::Scanner, "found unexpected end of stream"),
        E::DocumentIndicatorInQuotedScalar => (K::Quote, By::Scanner, "found unexpected document indicator"),
        E::InvalidTrailingSingleQuotedScalar
        | E::InvalidTrailingDoubleQuotedScalar
        | E::InvalidQuotedScalarIndent => (K::ExpectedKey, By::Parser, "did not find expected key"),
        E::UnknownQuotedScalarEscape => (K::Escape, By::Scanner, "found unknown escape character"),
        E::InvalidQuotedScalarHexEscape => {
            (K::Escape, By::Scanner, "did not find expected hexdecimal number")
        }
        E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => (K::Escape, By::Scanner, "found invalid Unicode character escape code"),
        E::PlainScalarStartsWithDashFlowIndicator | E::UnexpectedCharacter { .. } => {
            (K::Character, By::Scanner, "found character that cannot start any token")
        }
        E::UnexpectedEndOfPlainScalar => (K::Content, By::Scanner, "found unexpected end of stream"),
        _ => return None,
    })
}

fn property(kind: &E) -> Option<(K, By, &'static str)> {
    let words = match kind {
        E::UndeclaredTagHandle => return Some((K::Property, By::Parser, "found undefined tag handle")),
        E::DuplicateVersionDirective => {
            return Some((K::Property, By::Parser, "found duplicate %YAML directive"));
        }
        E::DuplicateTagDirective => return Some((K::Property, By::Parser, "found duplicate %TAG directive")),
        E::UnsupportedYamlMajorVersion => {
            return Some((K::Property, By::Parser, "found incompatible YAML document"));
        }
        E::ExpectedTagBang | E::ExpectedTagDirectiveBang => "did not find expected '!'",
        E::MissingTagUri | E::InvalidGlobalTagCharacter => "did not find expected tag URI",
        E::UnclosedVerbatimTag => "did not find the expected '>'",
        E::InvalidTagEscape => "did not find URI escaped octet",
        E::InvalidTagUtf8LeadingByte => "found an incorrect leading UTF-8 octet",
        E::InvalidTagUtf8TrailingByte | E::InvalidTagUtf8 => "found an incorrect trailing UTF-8 octet",
        E::InvalidTagTerminator | E::InvalidTagDirectiveTerminator => {
            "did not find expected whitespace or line break"
        }
        E::MissingAnchorOrAliasName => "did not find expected alphabetic or numeric character",
        E::MissingDirectiveName => "could not find expected directive name",
        E::InvalidDirectiveName => "found unexpected non-alphabetical character",
        E::InvalidDirectiveTerminator | E::CommentNotSeparated => {
            "did not find expected comment or line break"
        }
        E::MissingYamlVersionSeparator => "did not find expected digit or '.' character",
        E::MissingYamlVersion => "did not find expected version number",
        E::YamlVersionTooLong => "found extremely long version number",
        _ => return None,
    };
    Some((K::Property, By::Scanner, words))
}

fn block(kind: &E) -> (K, By, &'static str) {
    match kind {
        E::MappingValueNotAllowed | E::InvalidColonPlacement | E::InvalidMappingValueWhitespace => {
            (K::MappingValue, By::Scanner, "mapping values are not allowed in this context")
        }
        E::MappingKeyNotAllowed => {
            (K::UnexpectedEntry, By::Scanner, "mapping keys are not allowed in this context")
        }
        E::BlockSequenceEntryNotAllowed | E::InvalidBlockEntryWhitespace => {
            (K::UnexpectedEntry, By::Scanner, "block sequence entries are not allowed in this context")
        }
        E::SimpleKeyExpected | E::InvalidSimpleKey => {
            (K::ExpectedColon, By::Scanner, "could not find expected ':'")
        }
        E::ExpectedBlockSequenceEntry | E::UnexpectedEofBlockSequence => {
            (K::ExpectedDash, By::Parser, "did not find expected '-' indicator")
        }
        E::ExpectedBlockMappingKey
        | E::UnexpectedEofBlockMapping
        | E::InvalidIndentation
        | E::CommentInterceptedScalar => (K::ExpectedKey, By::Parser, "did not find expected key"),
        E::ExpectedDocumentStart | E::InvalidDocumentEnd | E::MissingDocumentEndBeforeDirective => {
            (K::Content, By::Parser, "did not find expected <document start>")
        }
        _ => (K::Content, By::Parser, "did not find expected node content"),
    }
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
        says("a: [1, 2\nb: 3\n", "yaml: line 1: did not find expected ',' or ']'", "b:");
        says("a: \"b\n", "yaml: found unexpected end of stream", "\"b");
    }

    #[test]
    fn deep_nesting_is_refused_with_a_place() {
        let text = "[".repeat(20_000);
        let (message, underlined) = of(&text);
        assert_eq!(message, "yaml: exceeded max depth of 100");
        assert!(!underlined.is_empty());
    }
}
