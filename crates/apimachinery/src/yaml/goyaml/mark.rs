//! A place in the text and the ways to move on from it.
//!
//! Models: `go.yaml.in/yaml/v2` (`yamlprivateh.go`, `skip`, `skip_line`).

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

    /// The byte so many bytes further on.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.offset + ahead).copied().unwrap_or(0)
    }

    fn rest(&self, ahead: usize) -> &[u8] {
        self.text.as_bytes().get(self.mark.offset + ahead..).unwrap_or_default()
    }

    /// The text from an earlier place to here.
    pub fn since(&self, start: Mark) -> &'t str {
        self.text.get(start.offset..self.mark.offset).unwrap_or_default()
    }

    pub fn is_end(&self, ahead: usize) -> bool {
        self.mark.offset + ahead >= self.text.len()
    }

    pub fn is_bom(&self) -> bool {
        self.rest(0).starts_with("\u{FEFF}".as_bytes())
    }

    /// A line break of any kind: CR, LF, next line, line and paragraph separators.
    pub fn is_break(&self, ahead: usize) -> bool {
        let rest = self.rest(ahead);
        ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"].iter().any(|b| rest.starts_with(b.as_bytes()))
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

    /// A character of names: letters, digits, `_` and `-`.
    pub fn is_alpha(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-')
    }

    pub fn is_digit(&self) -> bool {
        self.byte(0).is_ascii_digit()
    }

    pub fn is_hex(&self, ahead: usize) -> bool {
        self.byte(ahead).is_ascii_hexdigit()
    }

    /// `---` or `...` alone at the beginning of a line.
    pub fn is_document_indicator(&self) -> bool {
        let rest = self.rest(0);
        self.mark.column == 0
            && (rest.starts_with(b"---") || rest.starts_with(b"..."))
            && self.is_blank_or_end(3)
    }

    fn width(&self) -> usize {
        let rest = self.text.get(self.mark.offset..).unwrap_or_default();
        rest.chars().next().map_or(0, char::len_utf8)
    }

    /// One character further.
    pub fn skip(&mut self) {
        let width = self.width();
        if width > 0 {
            self.mark.offset += width;
            self.mark.index += 1;
            self.mark.column += 1;
        }
    }

    /// Several characters further.
    pub fn skip_many(&mut self, count: usize) {
        (0..count).for_each(|_| self.skip());
    }

    /// Over a line break, if there is one here.
    pub fn skip_line(&mut self) {
        if !self.is_break(0) {
            return;
        }
        let pair = self.rest(0).starts_with(b"\r\n");
        self.mark.offset += if pair { 2 } else { self.width() };
        self.mark.index += if pair { 2 } else { 1 };
        self.mark.column = 0;
        self.mark.line += 1;
    }

    pub fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Over a comment, if one begins here.
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
        while self.is_alpha(0) {
            self.skip();
        }
    }
}
