//! Decides which token comes next.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_fetch_next_token` and what it calls).

use super::Stop;
use super::scanner::{Kind, Scanner, SimpleKey};
use crate::yaml::problem::ProblemKind;

impl<'t> Scanner<'t> {
    pub(super) fn fetch(&mut self) -> Result<(), Stop> {
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
                self.fetch_mark(Kind::FlowEntry)
            }
            b'-' if self.cursor.is_blank_or_end(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.cursor.is_blank_or_end(1) => self.fetch_key(),
            b':' if in_flow || self.cursor.is_blank_or_end(1) => self.fetch_value(),
            b'*' | b'&' => self.fetch_with_key(Self::scan_anchor),
            b'!' => self.fetch_with_key(Self::scan_tag),
            b'|' | b'>' if !in_flow => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                let scalar = self.scan_block_scalar()?;
                self.push_with_text(scalar, start);
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
        let directive = self.scan_directive()?;
        self.push_with_text(directive, start);
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
        self.simple_keys.push(SimpleKey { token_number, ..SimpleKey::default() });
        self.flow_level += 1;
        self.check_levels(self.flow_level)?;
        self.simple_key_allowed = true;
        self.fetch_mark(kind)
    }

    fn fetch_flow_end(&mut self, kind: Kind<'t>) -> Result<(), Stop> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            let inner = self.simple_keys.pop().map(|key| key.token_number);
            // go-yaml forgets the bracket itself if no key has begun inside: `[]` is no key.
            if let Some(outer) = self.simple_keys.last_mut().filter(|key| Some(key.token_number) == inner) {
                outer.awaited = false;
            }
        }
        self.simple_key_allowed = false;
        self.fetch_mark(kind)
    }

    /// Outside of brackets, opens a block here, unless one as deep is open already.
    fn open_block(&mut self, block: Kind<'t>, wrong: ProblemKind, problem: &str) -> Result<(), Stop> {
        if self.flow_level > 0 {
            return Ok(());
        }
        if !self.simple_key_allowed {
            return Err(self.stop(wrong, problem));
        }
        let start = self.cursor.mark;
        self.roll_indent(start.column, None, block, start)
    }

    fn fetch_block_entry(&mut self) -> Result<(), Stop> {
        let problem = "block sequence entries are not allowed in this context";
        self.open_block(Kind::BlockSequenceStart, ProblemKind::UnexpectedEntry, problem)?;
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.fetch_mark(Kind::BlockEntry)
    }

    fn fetch_key(&mut self) -> Result<(), Stop> {
        let problem = "mapping keys are not allowed in this context";
        self.open_block(Kind::BlockMappingStart, ProblemKind::UnexpectedEntry, problem)?;
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.fetch_mark(Kind::Key)
    }

    fn fetch_value(&mut self) -> Result<(), Stop> {
        let place = self.simple_keys.len().saturating_sub(1);
        if self.is_valid(place)? {
            let key = self.simple_keys.get(place).copied().unwrap_or_default();
            self.insert(Some(key.token_number), Kind::Key, key.mark);
            self.roll_indent(key.mark.column, Some(key.token_number), Kind::BlockMappingStart, key.mark)?;
            if let Some(last) = self.simple_keys.last_mut() {
                last.possible = false;
            }
            self.simple_key_allowed = false;
        } else {
            let problem = "mapping values are not allowed in this context";
            self.open_block(Kind::BlockMappingStart, ProblemKind::MappingValue, problem)?;
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.fetch_mark(Kind::Value)
    }

    /// Takes a token of one character.
    fn fetch_mark(&mut self, kind: Kind<'t>) -> Result<(), Stop> {
        let start = self.cursor.mark;
        self.cursor.skip();
        self.push(kind, start);
        Ok(())
    }

    /// Takes a token that may be a key, or the beginning of one.
    fn fetch_with_key(
        &mut self,
        scan: fn(&mut Self) -> Result<(Kind<'t>, String), Stop>,
    ) -> Result<(), Stop> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        let token = scan(self)?;
        self.push_with_text(token, start);
        Ok(())
    }
}
