//! Scans directives, anchors and tags.
//!
//! Models: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_scan_directive`, `…_anchor`, `…_tag`).

use super::Stop;
use super::scanner::{Kind, Scanner};
use crate::yaml::problem::ProblemKind;

/// The most digits of a number in `%YAML`.
const VERSION_DIGITS_MAX: usize = 2;

impl<'t> Scanner<'t> {
    fn property(&self, problem: &str) -> Stop {
        self.stop(ProblemKind::Property, problem)
    }

    pub(super) fn scan_directive(&mut self) -> Result<(Kind<'t>, String), Stop> {
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
        let directive = match name {
            "YAML" => (self.scan_version()?, String::new()),
            "TAG" => self.scan_tag_directive()?,
            _ => return Err(self.property("found unknown directive name")),
        };
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end(0) {
            return Err(self.property("did not find expected comment or line break"));
        }
        self.cursor.skip_line();
        Ok(directive)
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
        while self.cursor.byte(0).is_ascii_digit() {
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

    /// Scans `%TAG`: the handle, and what it stands for.
    fn scan_tag_directive(&mut self) -> Result<(Kind<'t>, String), Stop> {
        self.cursor.skip_blanks();
        let handle = self.scan_tag_handle(true)?;
        if !self.cursor.is_blank(0) {
            return Err(self.property("did not find expected whitespace"));
        }
        self.cursor.skip_blanks();
        let prefix = self.scan_tag_uri("")?;
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.property("did not find expected whitespace or line break"));
        }
        Ok((Kind::TagDirective(handle), prefix))
    }

    pub(super) fn scan_anchor(&mut self) -> Result<(Kind<'t>, String), Stop> {
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
        Ok((if alias { Kind::Alias(name) } else { Kind::Anchor(name) }, String::new()))
    }

    /// Scans a tag: its handle, empty for a tag in full, and what follows the handle.
    pub(super) fn scan_tag(&mut self) -> Result<(Kind<'t>, String), Stop> {
        let (handle, suffix) = if self.cursor.byte(1) == b'<' {
            self.cursor.skip_many(2);
            let uri = self.scan_tag_uri("")?;
            if self.cursor.byte(0) != b'>' {
                return Err(self.property("did not find the expected '>'"));
            }
            self.cursor.skip();
            ("", uri)
        } else {
            let handle = self.scan_tag_handle(false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                (handle, self.scan_tag_uri("")?)
            } else {
                let tag = self.scan_tag_uri(handle)?;
                match tag.strip_prefix('!') {
                    Some(local) if !local.is_empty() => ("!", local.to_owned()),
                    _ => ("", tag),
                }
            }
        };
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.property("did not find expected whitespace or line break"));
        }
        Ok((Kind::Tag(handle), suffix))
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

    /// Scans the rest of a tag that begins with `begun`, and returns the whole.
    fn scan_tag_uri(&mut self, begun: &str) -> Result<String, Stop> {
        let mut uri = begun.to_owned();
        while self.cursor.is_alpha() || b";/?:@&=+$,.!~*'()[]%".contains(&self.cursor.byte(0)) {
            if self.cursor.byte(0) == b'%' {
                uri.push_str(&self.scan_uri_escapes()?);
            } else {
                uri.extend(self.cursor.take());
            }
        }
        if uri.is_empty() {
            return Err(self.property("did not find expected tag URI"));
        }
        Ok(uri)
    }

    /// Scans one character that is written as `%` and two digits for each byte.
    fn scan_uri_escapes(&mut self) -> Result<String, Stop> {
        let (mut octets, mut left) = (Vec::new(), 1);
        while left > 0 {
            let digits = (self.cursor.hex(1), self.cursor.hex(2));
            let (b'%', (Some(high), Some(low))) = (self.cursor.byte(0), digits) else {
                return Err(self.property("did not find URI escaped octet"));
            };
            let octet = u8::try_from(high << 4 | low).unwrap_or(0);
            left = match octet {
                0x80..=0xbf if !octets.is_empty() => left - 1,
                _ if !octets.is_empty() => {
                    return Err(self.property("found an incorrect trailing UTF-8 octet"));
                }
                0x00..=0x7f => 0,
                0xc0..=0xdf => 1,
                0xe0..=0xef => 2,
                0xf0..=0xf7 => 3,
                _ => return Err(self.property("found an incorrect leading UTF-8 octet")),
            };
            octets.push(octet);
            self.cursor.skip_many(3);
        }
        Ok(String::from_utf8_lossy(&octets).into_owned())
    }
}
