//! The tokens that take more than a character: scalars, anchors, tags, directives.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_scan_…`).

use super::Stop;
use super::scanner::{Kind, Scanner};
use crate::yaml::problem::ProblemKind;

/// Digits of a number in `%YAML`.
const VERSION_DIGITS_MAX: usize = 2;

impl<'t> Scanner<'t> {
    fn property(&self, problem: &str) -> Stop {
        self.stop(ProblemKind::Property, problem)
    }

    pub(super) fn scan_directive(&mut self) -> Result<Kind<'t>, Stop> {
        self.cursor.skip();
        let start = self.cursor.mark;
        self.cursor.skip_alphas();
        let name = self.cursor.since(start);
        if name.is_empty() {
            return Err(self.property("could not find expected directive name"));
        }
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.property("found unexpected non-alphabetical character"));
        }
        let kind = match name {
            "YAML" => self.scan_version()?,
            "TAG" => self.scan_tag_directive()?,
            _ => return Err(self.property("found unknown directive name")),
        };
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end(0) {
            return Err(self.property("did not find expected comment or line break"));
        }
        self.cursor.skip_line();
        Ok(kind)
    }

    fn scan_version(&mut self) -> Result<Kind<'t>, Stop> {
        self.cursor.skip_blanks();
        let start = self.cursor.mark;
        self.scan_version_number()?;
        if self.cursor.byte(0) != b'.' {
            return Err(self.property("did not find expected digit or '.' character"));
        }
        self.cursor.skip();
        self.scan_version_number()?;
        let supported = self.cursor.since(start).split('.').all(|number| number.parse() == Ok(1_u8));
        Ok(Kind::VersionDirective { supported })
    }

    fn scan_version_number(&mut self) -> Result<(), Stop> {
        let start = self.cursor.mark;
        while self.cursor.is_digit() {
            if self.cursor.since(start).len() == VERSION_DIGITS_MAX {
                return Err(self.property("found extremely long version number"));
            }
            self.cursor.skip();
        }
        if self.cursor.since(start).is_empty() {
            return Err(self.property("did not find expected version number"));
        }
        Ok(())
    }

    fn scan_tag_directive(&mut self) -> Result<Kind<'t>, Stop> {
        self.cursor.skip_blanks();
        let handle = self.scan_tag_handle(true)?;
        if !self.cursor.is_blank(0) {
            return Err(self.property("did not find expected whitespace"));
        }
        self.cursor.skip_blanks();
        self.scan_tag_uri(false)?;
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.property("did not find expected whitespace or line break"));
        }
        Ok(Kind::TagDirective(handle))
    }

    pub(super) fn scan_anchor(&mut self) -> Result<Kind<'t>, Stop> {
        let alias = self.cursor.byte(0) == b'*';
        self.cursor.skip();
        let start = self.cursor.mark;
        self.cursor.skip_alphas();
        let name = self.cursor.since(start);
        let ends = self.cursor.is_blank_or_end(0)
            || matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return Err(self.property("did not find expected alphabetic or numeric character"));
        }
        Ok(if alias { Kind::Alias(name) } else { Kind::Anchor(name) })
    }

    pub(super) fn scan_tag(&mut self) -> Result<Kind<'t>, Stop> {
        let handle = if self.cursor.byte(1) == b'<' {
            self.cursor.skip_many(2);
            self.scan_tag_uri(false)?;
            if self.cursor.byte(0) != b'>' {
                return Err(self.property("did not find the expected '>'"));
            }
            self.cursor.skip();
            ""
        } else {
            let start = self.cursor.mark;
            let handle = self.scan_tag_handle(false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                self.scan_tag_uri(false)?;
                handle
            } else {
                self.scan_tag_uri(true)?;
                if self.cursor.since(start) == "!" { "" } else { "!" }
            }
        };
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.property("did not find expected whitespace or line break"));
        }
        Ok(Kind::Tag(handle))
    }

    fn scan_tag_handle(&mut self, directive: bool) -> Result<&'t str, Stop> {
        if self.cursor.byte(0) != b'!' {
            return Err(self.property("did not find expected '!'"));
        }
        let start = self.cursor.mark;
        self.cursor.skip();
        self.cursor.skip_alphas();
        if self.cursor.byte(0) == b'!' {
            self.cursor.skip();
        } else if directive && self.cursor.since(start) != "!" {
            return Err(self.property("did not find expected '!'"));
        }
        Ok(self.cursor.since(start))
    }

    fn scan_tag_uri(&mut self, begun: bool) -> Result<(), Stop> {
        let start = self.cursor.mark;
        while self.cursor.is_alpha(0) || b";/?:@&=+$,.!~*'()[]%".contains(&self.cursor.byte(0)) {
            if self.cursor.byte(0) == b'%' {
                self.scan_uri_escapes()?;
            } else {
                self.cursor.skip();
            }
        }
        if !begun && self.cursor.mark == start {
            return Err(self.property("did not find expected tag URI"));
        }
        Ok(())
    }

    /// `%` and two digits for each byte of one character.
    fn scan_uri_escapes(&mut self) -> Result<(), Stop> {
        let mut left = None;
        while left != Some(0) {
            if !(self.cursor.byte(0) == b'%' && self.cursor.is_hex(1) && self.cursor.is_hex(2)) {
                return Err(self.property("did not find URI escaped octet"));
            }
            let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0);
            let octet = digit(self.cursor.byte(1)) << 4 | digit(self.cursor.byte(2));
            let width = match octet {
                0x00..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 0,
            };
            left = match left {
                None if width == 0 => return Err(self.property("found an incorrect leading UTF-8 octet")),
                None => Some(width - 1),
                Some(_) if octet & 0xc0 != 0x80 => {
                    return Err(self.property("found an incorrect trailing UTF-8 octet"));
                }
                Some(left) => Some(left - 1),
            };
            self.cursor.skip_many(3);
        }
        Ok(())
    }

    pub(super) fn scan_block_scalar(&mut self) -> Result<(), Stop> {
        self.cursor.skip();
        let increment = self.scan_block_header()?;
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end(0) {
            let problem = "did not find expected comment or line break";
            return Err(self.stop(ProblemKind::BlockScalar, problem));
        }
        self.cursor.skip_line();
        let base = usize::try_from(self.indent).unwrap_or(0);
        let mut indent = increment.map(|increment| base + increment);
        self.scan_block_breaks(&mut indent)?;
        while Some(self.cursor.mark.column) == indent && !self.cursor.is_end(0) {
            self.cursor.skip_to_break();
            self.cursor.skip_line();
            self.scan_block_breaks(&mut indent)?;
        }
        Ok(())
    }

    /// `+`, `-` and a digit in either order.
    fn scan_block_header(&mut self) -> Result<Option<usize>, Stop> {
        let chomping = |scanner: &Self| matches!(scanner.cursor.byte(0), b'+' | b'-');
        let mut increment = None;
        let first = chomping(self);
        if first {
            self.cursor.skip();
        }
        if self.cursor.is_digit() {
            let digit = usize::from(self.cursor.byte(0) - b'0');
            if digit == 0 {
                let problem = "found an indentation indicator equal to 0";
                return Err(self.stop(ProblemKind::BlockScalar, problem));
            }
            increment = Some(digit);
            self.cursor.skip();
            if !first && chomping(self) {
                self.cursor.skip();
            }
        }
        Ok(increment)
    }

    /// Over the indentation and empty lines; finds out the indentation if it is not known.
    fn scan_block_breaks(&mut self, indent: &mut Option<usize>) -> Result<(), Stop> {
        let mut deepest = 0;
        loop {
            let inside = |column: usize| indent.is_none_or(|indent| column < indent);
            while inside(self.cursor.mark.column) && self.cursor.byte(0) == b' ' {
                self.cursor.skip();
            }
            deepest = deepest.max(self.cursor.mark.column);
            if inside(self.cursor.mark.column) && self.cursor.byte(0) == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(self.stop(ProblemKind::Tab, problem));
            }
            if !self.cursor.is_break(0) {
                break;
            }
            self.cursor.skip_line();
        }
        if indent.is_none() {
            *indent = Some(deepest.max(usize::try_from(self.indent + 1).unwrap_or(0)).max(1));
        }
        Ok(())
    }

    pub(super) fn scan_flow_scalar(&mut self) -> Result<Kind<'t>, Stop> {
        let quote = self.cursor.byte(0);
        self.cursor.skip();
        loop {
            if self.cursor.is_document_indicator() {
                return Err(self.stop(ProblemKind::Quote, "found unexpected document indicator"));
            }
            if self.cursor.is_end(0) {
                return Err(self.stop(ProblemKind::Quote, "found unexpected end of stream"));
            }
            while !self.cursor.is_blank_or_end(0) {
                let byte = self.cursor.byte(0);
                if byte == b'\'' && quote == b'\'' && self.cursor.byte(1) == b'\'' {
                    self.cursor.skip_many(2);
                } else if byte == quote {
                    break;
                } else if byte == b'\\' && quote == b'"' && self.cursor.is_break(1) {
                    self.cursor.skip();
                    self.cursor.skip_line();
                    break;
                } else if byte == b'\\' && quote == b'"' {
                    self.scan_escape()?;
                } else {
                    self.cursor.skip();
                }
            }
            if self.cursor.byte(0) == quote {
                self.cursor.skip();
                return Ok(Kind::Scalar);
            }
            self.skip_blanks_and_breaks();
        }
    }

    fn skip_blanks_and_breaks(&mut self) {
        while self.cursor.is_blank(0) || self.cursor.is_break(0) {
            self.cursor.skip_blanks();
            self.cursor.skip_line();
        }
    }

    fn scan_escape(&mut self) -> Result<(), Stop> {
        let digits = match self.cursor.byte(1) {
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"' | b'\''
            | b'\\' | b'N' | b'_' | b'L' | b'P' => 0,
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => return Err(self.stop(ProblemKind::Escape, "found unknown escape character")),
        };
        self.cursor.skip_many(2);
        if !(0..digits).all(|ahead| self.cursor.is_hex(ahead)) {
            return Err(self.stop(ProblemKind::Escape, "did not find expected hexdecimal number"));
        }
        let value = (0..digits).fold(0_u64, |value, ahead| {
            value << 4 | u64::from(char::from(self.cursor.byte(ahead)).to_digit(16).unwrap_or(0))
        });
        if (0xd800..=0xdfff).contains(&value) || value > 0x0010_ffff {
            return Err(self.stop(ProblemKind::Escape, "found invalid Unicode character escape code"));
        }
        self.cursor.skip_many(digits);
        Ok(())
    }

    pub(super) fn scan_plain_scalar(&mut self) -> Result<Kind<'t>, Stop> {
        let indent = usize::try_from(self.indent + 1).unwrap_or(0);
        let mut after_break = false;
        loop {
            if self.cursor.is_document_indicator() || self.cursor.byte(0) == b'#' {
                break;
            }
            while !self.cursor.is_blank_or_end(0) && !self.ends_plain_scalar() {
                after_break = false;
                self.cursor.skip();
            }
            if !(self.cursor.is_blank(0) || self.cursor.is_break(0)) {
                break;
            }
            while self.cursor.is_blank(0) || self.cursor.is_break(0) {
                if self.cursor.is_break(0) {
                    self.cursor.skip_line();
                    after_break = true;
                } else if after_break && self.cursor.mark.column < indent && self.cursor.byte(0) == b'\t' {
                    let problem = "found a tab character that violates indentation";
                    return Err(self.stop(ProblemKind::Tab, problem));
                } else {
                    self.cursor.skip();
                }
            }
            if self.flow_level == 0 && self.cursor.mark.column < indent {
                break;
            }
        }
        if after_break {
            self.simple_key_allowed = true;
        }
        Ok(Kind::Scalar)
    }

    fn ends_plain_scalar(&self) -> bool {
        match self.cursor.byte(0) {
            b':' => self.cursor.is_blank_or_end(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
            _ => false,
        }
    }
}
