//! Text to tokens.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_fetch_next_token` and what it calls).

use std::collections::VecDeque;

use super::Stop;
use super::mark::{Cursor, Mark};
use crate::sorted::SortedMap;
use crate::yaml::problem::ProblemKind;

/// A key that is not marked by `?` must have its `:` within so many characters.
const SIMPLE_KEY_MAX: usize = 1024;

/// A token without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    StreamStart,
    StreamEnd,
    VersionDirective {
        supported: bool,
    },
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
    /// The handle; empty for a tag in full.
    Tag(&'t str),
    Scalar,
}

/// A token and where it begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub kind: Kind<'t>,
    pub start: Mark,
}

/// A place where a key may have begun that only its `:` will show.
#[derive(Debug, Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token_number: usize,
    mark: Mark,
}

/// The scanner.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    pub(super) cursor: Cursor<'t>,
    tokens: VecDeque<Token<'t>>,
    tokens_taken: usize,
    pub(super) flow_level: usize,
    /// The column of the block that is open; -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    /// The places of `simple_keys` by the number of the token that the key begins with.
    simple_keys_by_token: SortedMap<usize, usize>,
}

impl<'t> Scanner<'t> {
    pub fn new(text: &'t str) -> Self {
        let cursor = Cursor::new(text);
        let start = Token { kind: Kind::StreamStart, start: cursor.mark };
        Self {
            cursor,
            tokens: VecDeque::from([start]),
            tokens_taken: 0,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            simple_keys_by_token: SortedMap::new(),
        }
    }

    /// The next token. After the end of the stream there is none.
    pub fn peek(&mut self) -> Result<Token<'t>, Stop> {
        loop {
            if let Some(head) = self.tokens.front().copied() {
                // A key that is not known as such yet may begin here.
                let place = self.simple_keys_by_token.get(&self.tokens_taken).copied();
                match place {
                    Some(place) if self.is_valid(place)? => {}
                    _ => return Ok(head),
                }
            }
            self.fetch()?;
        }
    }

    /// Takes the token that was peeked at.
    pub fn skip(&mut self) {
        self.tokens.pop_front();
        self.tokens_taken += 1;
    }

    pub(super) fn stop(&self, kind: ProblemKind, problem: &str) -> Stop {
        Stop::scanner(kind, self.cursor.mark.line, self.cursor.mark.offset, problem)
    }

    fn push(&mut self, kind: Kind<'t>, start: Mark) {
        self.tokens.push_back(Token { kind, start });
    }

    fn column(&self) -> isize {
        isize::try_from(self.cursor.mark.column).unwrap_or(isize::MAX)
    }

    fn fetch(&mut self) -> Result<(), Stop> {
        self.scan_to_next_token();
        self.unroll_indent(self.column());
        let start = self.cursor.mark;
        let in_flow = self.flow_level > 0;
        if self.cursor.is_end(0) {
            return self.fetch_stream_end();
        }
        if start.column == 0 && self.cursor.byte(0) == b'%' {
            return self.fetch_directive();
        }
        if self.cursor.is_document_indicator() {
            return self.fetch_document_indicator();
        }
        match self.cursor.byte(0) {
            b'[' => self.fetch_flow_start(Kind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(Kind::FlowMappingStart),
            b']' => self.fetch_flow_end(Kind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(Kind::FlowMappingEnd),
            b',' => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.cursor.skip();
                self.push(Kind::FlowEntry, start);
                Ok(())
            }
            b'-' if self.cursor.is_blank_or_end(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.cursor.is_blank_or_end(1) => self.fetch_key(),
            b':' if in_flow || self.cursor.is_blank_or_end(1) => self.fetch_value(),
            b'*' | b'&' => self.fetch_with_key(Self::scan_anchor),
            b'!' => self.fetch_with_key(Self::scan_tag),
            b'|' | b'>' if !in_flow => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.scan_block_scalar()?;
                self.push(Kind::Scalar, start);
                Ok(())
            }
            b'\'' | b'"' => self.fetch_with_key(Self::scan_flow_scalar),
            _ if self.begins_plain_scalar() => self.fetch_with_key(Self::scan_plain_scalar),
            byte => {
                let kind = if byte == b'\t' { ProblemKind::Tab } else { ProblemKind::Character };
                Err(self.stop(kind, "found character that cannot start any token"))
            }
        }
    }

    fn begins_plain_scalar(&self) -> bool {
        match self.cursor.byte(0) {
            b'-' => !self.cursor.is_blank(1),
            b'?' | b':' => self.flow_level == 0 && !self.cursor.is_blank_or_end(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
            | b'%' | b'@' | b'`' => false,
            _ => !self.cursor.is_blank_or_end(0),
        }
    }

    fn scan_to_next_token(&mut self) {
        loop {
            if self.cursor.mark.column == 0 && self.cursor.is_bom() {
                self.cursor.skip();
            }
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while self.cursor.byte(0) == b' ' || (tabs && self.cursor.byte(0) == b'\t') {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    fn is_valid(&mut self, place: usize) -> Result<bool, Stop> {
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

    fn save_simple_key(&mut self) -> Result<(), Stop> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.column();
        let token_number = self.tokens_taken + self.tokens.len();
        self.remove_simple_key()?;
        let mark = self.cursor.mark;
        if let Some(last) = self.simple_keys.last_mut() {
            *last = SimpleKey { possible: true, required, token_number, mark };
        }
        self.simple_keys_by_token.insert(token_number, self.simple_keys.len().saturating_sub(1));
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<(), Stop> {
        let Some(key) = self.simple_keys.last_mut().filter(|key| key.possible) else { return Ok(()) };
        if key.required {
            return Err(self.stop(ProblemKind::ExpectedColon, "could not find expected ':'"));
        }
        key.possible = false;
        self.simple_keys_by_token.remove(&key.token_number);
        Ok(())
    }

    /// Opens a block at `column` if it is deeper; its token goes before the token of that number, or last.
    fn roll_indent(&mut self, column: usize, before: Option<usize>, kind: Kind<'t>, start: Mark) {
        let column = isize::try_from(column).unwrap_or(isize::MAX);
        if self.flow_level > 0 || self.indent >= column {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column;
        self.insert(before, kind, start);
    }

    fn insert(&mut self, before: Option<usize>, kind: Kind<'t>, start: Mark) {
        let place = before.map_or(self.tokens.len(), |number| number.saturating_sub(self.tokens_taken));
        self.tokens.insert(place.min(self.tokens.len()), Token { kind, start });
    }

    fn unroll_indent(&mut self, column: isize) {
        while self.flow_level == 0 && self.indent > column {
            self.push(Kind::BlockEnd, self.cursor.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch_stream_end(&mut self) -> Result<(), Stop> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push(Kind::StreamEnd, self.cursor.mark);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Stop> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        let kind = self.scan_directive()?;
        self.push(kind, start);
        Ok(())
    }

    fn fetch_document_indicator(&mut self) -> Result<(), Stop> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        let kind = if self.cursor.byte(0) == b'-' { Kind::DocumentStart } else { Kind::DocumentEnd };
        self.cursor.skip_many(3);
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: Kind<'t>) -> Result<(), Stop> {
        self.save_simple_key()?;
        let token_number = self.tokens_taken + self.tokens.len();
        self.simple_keys.push(SimpleKey { token_number, mark: self.cursor.mark, ..SimpleKey::default() });
        self.flow_level += 1;
        self.simple_key_allowed = true;
        let start = self.cursor.mark;
        self.cursor.skip();
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: Kind<'t>) -> Result<(), Stop> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(key) = self.simple_keys.pop() {
                self.simple_keys_by_token.remove(&key.token_number);
            }
        }
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        self.cursor.skip();
        self.push(kind, start);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Stop> {
        let start = self.cursor.mark;
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let problem = "block sequence entries are not allowed in this context";
                return Err(self.stop(ProblemKind::UnexpectedEntry, problem));
            }
            self.roll_indent(start.column, None, Kind::BlockSequenceStart, start);
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.cursor.skip();
        self.push(Kind::BlockEntry, start);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Stop> {
        let start = self.cursor.mark;
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let problem = "mapping keys are not allowed in this context";
                return Err(self.stop(ProblemKind::UnexpectedEntry, problem));
            }
            self.roll_indent(start.column, None, Kind::BlockMappingStart, start);
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.cursor.skip();
        self.push(Kind::Key, start);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Stop> {
        let start = self.cursor.mark;
        let place = self.simple_keys.len().saturating_sub(1);
        if self.is_valid(place)? {
            let key = self.simple_keys.get(place).copied().unwrap_or_default();
            self.insert(Some(key.token_number), Kind::Key, key.mark);
            self.roll_indent(key.mark.column, Some(key.token_number), Kind::BlockMappingStart, key.mark);
            if let Some(last) = self.simple_keys.last_mut() {
                last.possible = false;
            }
            self.simple_keys_by_token.remove(&key.token_number);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    let problem = "mapping values are not allowed in this context";
                    return Err(self.stop(ProblemKind::MappingValue, problem));
                }
                self.roll_indent(start.column, None, Kind::BlockMappingStart, start);
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.cursor.skip();
        self.push(Kind::Value, start);
        Ok(())
    }

    /// A token that may be a key.
    fn fetch_with_key(&mut self, scan: fn(&mut Self) -> Result<Kind<'t>, Stop>) -> Result<(), Stop> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        let kind = scan(self)?;
        self.push(kind, start);
        Ok(())
    }
}
