//! Turns text into tokens; remembers what is open, and where a key may have begun.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`peek_token`, `yaml_parser_save_simple_key`,
//! `yaml_parser_roll_indent` and their like).

use std::collections::VecDeque;

use super::Stop;
use super::mark::{Cursor, Mark};
use crate::yaml::node::ScalarStyle;
use crate::yaml::problem::ProblemKind;

/// A key that is not marked by `?` must have its `:` within this many characters.
const SIMPLE_KEY_MAX: usize = 1024;
/// go-yaml gives up at this many levels of flow style, or of block style.
const LEVELS_MAX: usize = 10_000;

/// A token without its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    StreamStart,
    StreamEnd,
    VersionDirective {
        supported: bool,
    },
    /// The handle; the text is what it stands for.
    TagDirective(&'t str),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'t str),
    Anchor(&'t str),
    /// The handle, empty for a tag in full; the text is the rest.
    Tag(&'t str),
    Scalar(ScalarStyle),
}

/// A token, where it begins, and the byte after its last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub kind: Kind<'t>,
    pub start: Mark,
    pub end: usize,
}

/// A place where a key may have begun; only a later `:` will show it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SimpleKey {
    pub possible: bool,
    pub required: bool,
    /// Whether its token is held back until it is known whether it is a key.
    pub awaited: bool,
    pub token_number: usize,
    pub mark: Mark,
}

/// The scanner.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    pub(super) cursor: Cursor<'t>,
    /// Tokens that are not taken yet, with the texts of those that have one.
    pub(super) tokens: VecDeque<(Token<'t>, String)>,
    pub(super) tokens_taken: usize,
    pub(super) flow_level: usize,
    /// The column of the block that is open; -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) simple_key_allowed: bool,
    /// One for what is outside of brackets and one for each open bracket, by the numbers of their tokens.
    pub(super) simple_keys: Vec<SimpleKey>,
}

impl<'t> Scanner<'t> {
    pub fn new(text: &'t str) -> Self {
        let start = Token { kind: Kind::StreamStart, start: Mark::default(), end: 0 };
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::from([(start, String::new())]),
            tokens_taken: 0,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
        }
    }

    /// The next token. After the end of the stream there is none.
    pub fn peek(&mut self) -> Result<Token<'t>, Stop> {
        loop {
            if let Some(head) = self.tokens.front().map(|(token, _)| *token) {
                // A key that is not known as such yet may begin here.
                let place = self.simple_keys.partition_point(|key| key.token_number < self.tokens_taken);
                let here = |key: &SimpleKey| key.awaited && key.token_number == self.tokens_taken;
                if !(self.simple_keys.get(place).is_some_and(here) && self.is_valid(place)?) {
                    return Ok(head);
                }
            }
            self.fetch()?;
        }
    }

    /// Takes the token that was peeked at, and gives its text.
    pub fn take(&mut self) -> String {
        self.tokens_taken += 1;
        self.tokens.pop_front().map(|(_, text)| text).unwrap_or_default()
    }

    pub(super) fn stop(&self, kind: ProblemKind, problem: &str) -> Stop {
        Stop::scanner(kind, self.cursor.mark.line, self.cursor.mark.offset, problem)
    }

    pub(super) fn push(&mut self, kind: Kind<'t>, start: Mark) {
        self.push_with_text((kind, String::new()), start);
    }

    /// A token that ends here, or before the blanks and line breaks that were read to find its end.
    pub(super) fn push_with_text(&mut self, (kind, text): (Kind<'t>, String), start: Mark) {
        let written = self
            .cursor
            .since(start)
            .trim_end_matches([' ', '\t', '\r', '\n', '\u{85}', '\u{2028}', '\u{2029}']);
        self.tokens.push_back((Token { kind, start, end: start.offset + written.len() }, text));
    }

    pub(super) fn column(&self) -> isize {
        isize::try_from(self.cursor.mark.column).unwrap_or(isize::MAX)
    }

    pub(super) fn is_valid(&mut self, place: usize) -> Result<bool, Stop> {
        let now = self.cursor.mark;
        let Some(key) = self.simple_keys.get_mut(place).filter(|key| key.possible) else { return Ok(false) };
        if key.mark.line < now.line || key.mark.index + SIMPLE_KEY_MAX < now.index {
            if key.required {
                return Err(self.stop(ProblemKind::ExpectedColon, "could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    pub(super) fn save_simple_key(&mut self) -> Result<(), Stop> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.column();
        let token_number = self.tokens_taken + self.tokens.len();
        self.remove_simple_key()?;
        let mark = self.cursor.mark;
        if let Some(last) = self.simple_keys.last_mut() {
            *last = SimpleKey { possible: true, required, awaited: true, token_number, mark };
        }
        Ok(())
    }

    pub(super) fn remove_simple_key(&mut self) -> Result<(), Stop> {
        let Some(key) = self.simple_keys.last_mut().filter(|key| key.possible) else { return Ok(()) };
        if key.required {
            return Err(self.stop(ProblemKind::ExpectedColon, "could not find expected ':'"));
        }
        key.possible = false;
        Ok(())
    }

    /// Opens a block at `column` if it is deeper; its token goes before the token of that number, or
    /// last if there is none or it has been taken.
    pub(super) fn roll_indent(
        &mut self,
        column: usize,
        before: Option<usize>,
        kind: Kind<'t>,
        start: Mark,
    ) -> Result<(), Stop> {
        let column = isize::try_from(column).unwrap_or(isize::MAX);
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        self.insert(before, kind, start);
        self.check_levels(self.indents.len())
    }

    pub(super) fn check_levels(&self, levels: usize) -> Result<(), Stop> {
        if levels <= LEVELS_MAX {
            return Ok(());
        }
        Err(self.stop(ProblemKind::TooDeep, &format!("exceeded max depth of {LEVELS_MAX}")))
    }

    pub(super) fn insert(&mut self, before: Option<usize>, kind: Kind<'t>, start: Mark) {
        let last = self.tokens.len();
        let place = before.and_then(|number| number.checked_sub(self.tokens_taken)).unwrap_or(last);
        let token = Token { kind, start, end: start.offset };
        self.tokens.insert(place.min(last), (token, String::new()));
    }

    pub(super) fn unroll_indent(&mut self, column: isize) {
        while self.flow_level == 0 && self.indent > column {
            self.push(Kind::BlockEnd, self.cursor.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
