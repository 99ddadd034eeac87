//! A place in the text and the ways to move on from it.
//!
//! Models: `go.yaml.in/yaml/v2` (`yamlprivateh.go`, `skip`, `skip_line`, `read_line`).

/// A place. Lines and columns count from 0, columns in characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// In bytes.
    pub offset: usize,
    /// In characters.
    pub index: usize,
    pub line: usize,
    pub column: usize,
}

/// The text from a place on. Beyond its end there are zeros.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    pub mark: Mark,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, mark: Mark::default() }
    }

    /// The byte `ahead` bytes further on.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.offset + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.mark.offset..).unwrap_or_default()
    }

    /// The text from an earlier place to here.
    pub fn since(&self, start: Mark) -> &'t str {
        self.text.get(start.offset..self.mark.offset).unwrap_or_default()
    }

    pub fn is_end(&self, ahead: usize) -> bool {
        self.mark.offset + ahead >= self.text.len()
    }

    /// Whether a line break of any kind stands there: CR, LF, next line, line or paragraph separator.
    pub fn is_break(&self, ahead: usize) -> bool {
        match self.byte(ahead) {
            b'\r' | b'\n' => true,
            0xc2 => self.byte(ahead + 1) == 0x85,
            0xe2 => self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9),
            _ => false,
        }
    }

    pub fn is_break_or_end(&self, ahead: usize) -> bool {
        self.is_break(ahead) || self.is_end(ahead)
    }

    pub fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    pub fn is_blank_or_end(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Whether a character of names stands here: a letter, a digit, `_` or `-`.
    pub fn is_alpha(&self) -> bool {
        matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-')
    }

    /// The value of the hexadecimal digit `ahead` bytes further on.
    pub fn hex(&self, ahead: usize) -> Option<u32> {
        char::from(self.byte(ahead)).to_digit(16)
    }

    /// Whether `---` or `...` stands here, at the beginning of a line and followed by a blank or the line's
    /// end.
    pub fn is_document_indicator(&self) -> bool {
        let rest = self.rest();
        self.mark.column == 0
            && (rest.starts_with(b"---") || rest.starts_with(b"..."))
            && self.is_blank_or_end(3)
    }

    /// Takes the character that stands here.
    pub fn take(&mut self) -> Option<char> {
        let c = self.text.get(self.mark.offset..).and_then(|rest| rest.chars().next())?;
        self.mark.offset += c.len_utf8();
        self.mark.index += 1;
        self.mark.column += 1;
        Some(c)
    }

    /// Goes on by one character.
    pub fn skip(&mut self) {
        self.take();
    }

    /// Goes on by several characters.
    pub fn skip_many(&mut self, count: usize) {
        (0..count).for_each(|_| self.skip());
    }

    /// Takes a line break, if there is one here, and adds it to `taken`: most kinds as a line feed.
    pub fn take_line(&mut self, taken: &mut String) {
        if !self.is_break(0) {
            return;
        }
        if self.rest().starts_with(b"\r\n") {
            self.skip();
        }
        taken.extend(self.take().map(|c| if matches!(c, '\r' | '\u{85}') { '\n' } else { c }));
        self.mark.column = 0;
        self.mark.line += 1;
    }

    /// Skips a line break, if there is one here.
    pub fn skip_line(&mut self) {
        self.take_line(&mut String::new());
    }

    pub fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Skips a comment, if one begins here.
    pub fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            self.skip_to_break();
        }
    }

    pub fn skip_to_break(&mut self) {
        while !self.is_break_or_end(0) {
            self.skip();
        }
    }

    pub fn skip_alphas(&mut self) {
        while self.is_alpha() {
            self.skip();
        }
    }
}
