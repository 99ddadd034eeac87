//! What Go says about a text that is not JSON.
//!
//! Models: `encoding/json` (`scanner`).

/// What is wrong with a text, in Go's words; `None` if it is one JSON value.
pub fn problem(text: &str) -> Option<String> {
    let mut scanner = Scanner { rest: text, depth: 0 };
    let result = scanner.value("looking for beginning of value").and_then(|()| match scanner.peek() {
        None => Ok(()),
        Some(c) => Err(invalid(c, "after top-level value")),
    });
    result.err()
}

/// Go gives up at so many levels of nesting.
const DEPTH_MAX: usize = 10_000;

fn invalid(c: char, context: &str) -> String {
    let shown = match c {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        c if c.is_control() => format!("'{}'", c.escape_default()),
        c => format!("'{c}'"),
    };
    format!("invalid character {shown} {context}")
}

struct Scanner<'t> {
    rest: &'t str,
    depth: usize,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.rest.chars().next()
    }

    fn next(&mut self) -> Result<char, String> {
        let c = self.rest.chars().next().ok_or("unexpected end of JSON input")?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or("");
        Ok(c)
    }

    /// Takes the next character that is not blank.
    fn mark(&mut self) -> Result<char, String> {
        self.peek();
        self.next()
    }

    fn value(&mut self, context: &str) -> Result<(), String> {
        match self.mark()? {
            '{' => self.inside(Self::members),
            '[' => self.inside(Self::items),
            '"' => self.string(),
            't' => self.literal("rue", "true"),
            'f' => self.literal("alse", "false"),
            'n' => self.literal("ull", "null"),
            '-' => match self.next()? {
                c if c.is_ascii_digit() => self.number(),
                c => Err(invalid(c, "in numeric literal")),
            },
            c if c.is_ascii_digit() => self.number(),
            c => Err(invalid(c, context)),
        }
    }

    fn inside(&mut self, read: fn(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("exceeded max depth".to_owned());
        }
        read(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn members(&mut self) -> Result<(), String> {
        if self.peek() == Some('}') {
            return self.next().map(drop);
        }
        loop {
            match self.mark()? {
                '"' => self.string()?,
                c => return Err(invalid(c, "looking for beginning of object key string")),
            }
            match self.mark()? {
                ':' => self.value("looking for beginning of value")?,
                c => return Err(invalid(c, "after object key")),
            }
            match self.mark()? {
                ',' => {}
                '}' => return Ok(()),
                c => return Err(invalid(c, "after object key:value pair")),
            }
        }
    }

    fn items(&mut self) -> Result<(), String> {
        if self.peek() == Some(']') {
            return self.next().map(drop);
        }
        loop {
            self.value("looking for beginning of value")?;
            match self.mark()? {
                ',' => {}
                ']' => return Ok(()),
                c => return Err(invalid(c, "after array element")),
            }
        }
    }

    fn string(&mut self) -> Result<(), String> {
        loop {
            match self.next()? {
                '"' => return Ok(()),
                '\\' => match self.next()? {
                    'b' | 'f' | 'n' | 'r' | 't' | '\\' | '/' | '"' => {}
                    'u' => {
                        for _ in 0..4 {
                            let c = self.next()?;
                            if !c.is_ascii_hexdigit() {
                                return Err(invalid(c, "in \\u hexadecimal character escape"));
                            }
                        }
                    }
                    c => return Err(invalid(c, "in string escape code")),
                },
                c if c < ' ' => return Err(invalid(c, "in string literal")),
                _ => {}
            }
        }
    }

    fn literal(&mut self, rest: &str, name: &str) -> Result<(), String> {
        for wanted in rest.chars() {
            let c = self.next()?;
            if c != wanted {
                return Err(invalid(c, &format!("in literal {name} (expecting '{wanted}')")));
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let after = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        self.rest = after;
        if let Some(fraction) = after.strip_prefix('.') {
            self.rest = fraction;
            self.digits("after decimal point in numeric literal")?;
        }
        if let Some(exponent) = self.rest.strip_prefix(['e', 'E']) {
            self.rest = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, context: &str) -> Result<(), String> {
        let c = self.next()?;
        if !c.is_ascii_digit() {
            return Err(invalid(c, context));
        }
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        Ok(())
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
        ] {
            assert_eq!(problem(bad).as_deref(), Some(said), "{bad}");
        }
    }
}
