//! Scans the texts of scalars in quotes and without: escapes, and line breaks that become blanks.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_scan_flow_scalar`, `yaml_parser_scan_plain_scalar`).

use super::Stop;
use super::scanner::{Kind, Scanner};
use crate::yaml::node::ScalarStyle;
use crate::yaml::problem::ProblemKind;

/// Blanks and line breaks between two words of a scalar.
#[derive(Default)]
struct Gap<'t> {
    blanks: &'t str,
    /// The line breaks, as they are read.
    breaks: String,
}

impl Gap<'_> {
    /// What it becomes: one break becomes a blank, several become one less, blanks around breaks become
    /// nothing.
    fn fold(&self) -> &str {
        match self.breaks.strip_prefix('\n') {
            Some("") => " ",
            Some(rest) => rest,
            None if self.breaks.is_empty() => self.blanks,
            None => &self.breaks,
        }
    }
}

impl<'t> Scanner<'t> {
    /// Scans a gap. After a line break no tab may stand before the column `indent`.
    fn scan_gap(&mut self, indent: usize) -> Result<Gap<'t>, Stop> {
        let start = self.cursor.mark;
        let mut breaks = String::new();
        loop {
            if self.cursor.is_break(0) {
                self.cursor.take_line(&mut breaks);
            } else if !self.cursor.is_blank(0) {
                return Ok(Gap { blanks: self.cursor.since(start), breaks });
            } else if !breaks.is_empty() && self.cursor.mark.column < indent && self.cursor.byte(0) == b'\t' {
                return Err(self.stop(ProblemKind::Tab, "found a tab character that violates indentation"));
            } else {
                self.cursor.skip();
            }
        }
    }

    pub(super) fn scan_flow_scalar(&mut self) -> Result<(Kind<'t>, String), Stop> {
        let quote = self.cursor.byte(0);
        let double = quote == b'"';
        self.cursor.skip();
        let mut text = String::new();
        loop {
            if self.cursor.is_document_indicator() {
                return Err(self.stop(ProblemKind::Quote, "found unexpected document indicator"));
            }
            if self.cursor.is_end(0) {
                return Err(self.stop(ProblemKind::Quote, "found unexpected end of stream"));
            }
            let mut escaped_break = false;
            while !self.cursor.is_blank_or_end(0) {
                let byte = self.cursor.byte(0);
                if byte == b'\\' && double && self.cursor.is_break(1) {
                    self.cursor.skip();
                    self.cursor.skip_line();
                    escaped_break = true;
                    break;
                } else if byte == b'\\' && double {
                    text.push(self.scan_escape()?);
                } else if byte == quote {
                    if double || self.cursor.byte(1) != quote {
                        break;
                    }
                    self.cursor.skip();
                    text.extend(self.cursor.take());
                } else {
                    text.extend(self.cursor.take());
                }
            }
            if self.cursor.byte(0) == quote {
                self.cursor.skip();
                let style = if double { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
                return Ok((Kind::Scalar(style), text));
            }
            let gap = self.scan_gap(0)?;
            text.push_str(if escaped_break { &gap.breaks } else { gap.fold() });
        }
    }

    fn scan_escape(&mut self) -> Result<char, Stop> {
        let escape = self.cursor.byte(1);
        let digits = match escape {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let known = match escape {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' | b'"' | b'\'' | b'\\' => char::from(escape),
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            _ if digits > 0 => '\0',
            _ => return Err(self.stop(ProblemKind::Escape, "found unknown escape character")),
        };
        self.cursor.skip_many(2);
        if digits == 0 {
            return Ok(known);
        }
        let value = (0..digits).try_fold(0, |value, ahead| Some(value << 4 | self.cursor.hex(ahead)?));
        let Some(value) = value else {
            return Err(self.stop(ProblemKind::Escape, "did not find expected hexdecimal number"));
        };
        let Some(c) = char::from_u32(value) else {
            return Err(self.stop(ProblemKind::Escape, "found invalid Unicode character escape code"));
        };
        self.cursor.skip_many(digits);
        Ok(c)
    }

    pub(super) fn scan_plain_scalar(&mut self) -> Result<(Kind<'t>, String), Stop> {
        let indent = usize::try_from(self.indent + 1).unwrap_or(0);
        let (mut text, mut gap) = (String::new(), Gap::default());
        loop {
            if self.cursor.is_document_indicator() || self.cursor.byte(0) == b'#' {
                break;
            }
            let start = self.cursor.mark;
            while !self.cursor.is_blank_or_end(0) && !self.ends_plain_scalar() {
                self.cursor.skip();
            }
            let word = self.cursor.since(start);
            if !word.is_empty() {
                text.push_str(gap.fold());
                text.push_str(word);
                gap = Gap::default();
            }
            if !(self.cursor.is_blank(0) || self.cursor.is_break(0)) {
                break;
            }
            gap = self.scan_gap(indent)?;
            if self.flow_level == 0 && self.cursor.mark.column < indent {
                break;
            }
        }
        if !gap.breaks.is_empty() {
            self.simple_key_allowed = true;
        }
        Ok((Kind::Scalar(ScalarStyle::Plain), text))
    }

    fn ends_plain_scalar(&self) -> bool {
        match self.cursor.byte(0) {
            b':' => self.cursor.is_blank_or_end(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
            _ => false,
        }
    }
}
