//! What Go says about a text that is not JSON.
//!
//! What is open is kept in a list, so that no text is too deep for the stack.
//!
//! Models: `encoding/json` (`scanner`), which looks at bytes: of a letter that takes several it names the first.

use crate::field::quote_go;

/// Go gives up at more levels.
const DEPTH_MAX: usize = 10_000;

/// What is wrong with a text, in Go's words; `None` if it is one JSON value.
pub fn problem(text: &str) -> Option<String> {
    Scanner::new(text).document().err()
}

/// Whether a text is right as far as it goes, but ends before its value does.
pub fn ends_early(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.document().is_err() && scanner.ended
}

fn invalid(byte: u8, context: &str) -> String {
    let shown = match byte {
        b'\'' => "\\'".to_owned(),
        b'"' => "\"".to_owned(),
        byte => quote_go(&char::from(byte).to_string()).trim_matches('"').to_owned(),
    };
    format!("invalid character '{shown}' {context}")
}

struct Scanner<'t> {
    rest: &'t [u8],
    /// The marks that close what is open, innermost last.
    open: Vec<u8>,
    /// Whether more was looked for behind the end.
    ended: bool,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text.as_bytes(), open: Vec::new(), ended: false }
    }

    fn peek(&mut self) -> Option<u8> {
        let blanks = self.rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.rest = self.rest.get(blanks..).unwrap_or_default();
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.rest.split_off_first().copied();
        self.ended |= byte.is_none();
        byte
    }

    /// The next byte where a blank would be wrong, which to Go is what stands behind the end.
    fn tight(&mut self) -> u8 {
        self.next().unwrap_or(b' ')
    }

    /// The next byte where blanks mean nothing.
    fn loose(&mut self) -> Result<u8, String> {
        self.next().ok_or_else(|| "unexpected end of JSON input".to_owned())
    }

    /// The next byte that is no blank.
    fn mark(&mut self) -> Result<u8, String> {
        self.peek();
        self.loose()
    }

    fn document(&mut self) -> Result<(), String> {
        loop {
            if self.opens()? {
                continue;
            }
            // A value has ended, and with it perhaps some that it was the last of.
            loop {
                let Some(close) = self.open.last().copied() else {
                    return self.peek().map_or(Ok(()), |byte| Err(invalid(byte, "after top-level value")));
                };
                match self.mark()? {
                    b',' => break,
                    byte if byte == close => self.open.pop(),
                    byte if close == b'}' => return Err(invalid(byte, "after object key:value pair")),
                    byte => return Err(invalid(byte, "after array element")),
                };
            }
            if self.open.last() == Some(&b'}') {
                self.key()?;
            }
        }
    }

    /// Reads a value, or only its beginning if others are in it.
    fn opens(&mut self) -> Result<bool, String> {
        let byte = self.mark()?;
        let close = match byte {
            b'{' => b'}',
            b'[' => b']',
            byte => return self.scalar(byte).map(|()| false),
        };
        if self.open.len() >= DEPTH_MAX {
            return Err(invalid(byte, "exceeded max depth"));
        }
        if self.peek() == Some(close) {
            self.next();
            return Ok(false);
        }
        self.open.push(close);
        if close == b'}' {
            self.key()?;
        }
        Ok(true)
    }

    fn key(&mut self) -> Result<(), String> {
        match self.mark()? {
            b'"' => self.string()?,
            byte => return Err(invalid(byte, "looking for beginning of object key string")),
        }
        match self.mark()? {
            b':' => Ok(()),
            byte => Err(invalid(byte, "after object key")),
        }
    }

    fn scalar(&mut self, first: u8) -> Result<(), String> {
        match first {
            b'"' => self.string(),
            b't' => self.literal(b"rue", "true"),
            b'f' => self.literal(b"alse", "false"),
            b'n' => self.literal(b"ull", "null"),
            b'-' => match self.tight() {
                byte if byte.is_ascii_digit() => self.number(byte),
                byte => Err(invalid(byte, "in numeric literal")),
            },
            byte if byte.is_ascii_digit() => self.number(byte),
            byte => Err(invalid(byte, "looking for beginning of value")),
        }
    }

    fn string(&mut self) -> Result<(), String> {
        loop {
            match self.loose()? {
                b'"' => return Ok(()),
                b'\\' => match self.tight() {
                    b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {}
                    b'u' => {
                        for _ in 0..4 {
                            let byte = self.tight();
                            if !byte.is_ascii_hexdigit() {
                                return Err(invalid(byte, "in \\u hexadecimal character escape"));
                            }
                        }
                    }
                    byte => return Err(invalid(byte, "in string escape code")),
                },
                byte if byte < b' ' => return Err(invalid(byte, "in string literal")),
                _ => {}
            }
        }
    }

    fn literal(&mut self, rest: &[u8], name: &str) -> Result<(), String> {
        for wanted in rest {
            let byte = self.tight();
            if byte != *wanted {
                let context = format!("in literal {name} (expecting '{}')", char::from(*wanted));
                return Err(invalid(byte, &context));
            }
        }
        Ok(())
    }

    /// The rest of a number; nothing follows a leading zero.
    fn number(&mut self, first: u8) -> Result<(), String> {
        if first != b'0' {
            self.skip_digits();
        }
        if let [b'.', rest @ ..] = self.rest {
            self.rest = rest;
            self.digits("after decimal point in numeric literal")?;
        }
        if let [b'e' | b'E', rest @ ..] = self.rest {
            self.rest = if let [b'+' | b'-', rest @ ..] = rest { rest } else { rest };
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, context: &str) -> Result<(), String> {
        let byte = self.tight();
        if !byte.is_ascii_digit() {
            return Err(invalid(byte, context));
        }
        self.skip_digits();
        Ok(())
    }

    fn skip_digits(&mut self) {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.rest = self.rest.get(digits..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Texts of Go 1.26.
    #[test]
    fn problems_have_gos_words() {
        for good in ["{}", " {\"a\": [1, -2.5e3, true, null, \"x\\u00e9\"]} ", "0", "[]"] {
            assert_eq!(problem(good), None, "{good}");
        }
        for (bad, said) in [
            ("", "unexpected end of JSON input"),
            ("{", "unexpected end of JSON input"),
            ("{a:1}", "invalid character 'a' looking for beginning of object key string"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":1 2}", "invalid character '2' after object key:value pair"),
            ("[1 2]", "invalid character '2' after array element"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("nul}", "invalid character '}' in literal null (expecting 'l')"),
            ("{\"a\":'b'}", "invalid character '\\'' looking for beginning of value"),
            ("{\"a\":\"b}", "unexpected end of JSON input"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
            ("01", "invalid character '1' after top-level value"),
            ("[-]", "invalid character ']' in numeric literal"),
            ("[1.]", "invalid character ']' after decimal point in numeric literal"),
            ("1e+x", "invalid character 'x' in exponent of numeric literal"),
            ("\"\\q\"", "invalid character 'q' in string escape code"),
            ("\"\\u12x4\"", "invalid character 'x' in \\u hexadecimal character escape"),
            ("\"a\nb\"", "invalid character '\\n' in string literal"),
            ("é", "invalid character 'Ã' looking for beginning of value"),
            ("[\"\"\"", "invalid character '\"' after array element"),
        ] {
            assert_eq!(problem(bad).as_deref(), Some(said), "{bad}");
        }
    }

    #[test]
    fn a_text_may_end_early() {
        for early in ["", "{", "{\"a\": [1, ", "{\"a\": nul", "[-", "[\"\\u00"] {
            assert!(ends_early(early), "{early}");
        }
        for other in ["{}", "1", "{} x", "{\"a\": nul]", "[1 2"] {
            assert!(!ends_early(other), "{other}");
        }
        assert_eq!(problem("nul").as_deref(), Some("invalid character ' ' in literal null (expecting 'l')"));
        assert_eq!(problem("[\"a").as_deref(), Some("unexpected end of JSON input"));
    }

    #[test]
    fn no_text_is_too_deep() {
        for (opening, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |depth: usize| format!("{}1{}", opening.repeat(depth), close.repeat(depth));
            assert_eq!(problem(&nested(10_000)), None);
            let first = opening.chars().next().unwrap_or_default();
            let said = format!("invalid character '{first}' exceeded max depth");
            assert_eq!(problem(&nested(10_001)), Some(said.clone()));
            assert_eq!(problem(&opening.repeat(200_000)), Some(said));
        }
    }
}
