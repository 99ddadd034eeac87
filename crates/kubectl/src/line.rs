//! Splits a command line into words, as a shell does.

/// Splits at blanks outside quotes; a backslash takes the next character literally.
pub fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut begun = false;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('\''), c) => word.push(c),
            (_, '\\') => {
                begun = true;
                match (quote, chars.next()) {
                    (Some(_), Some(next)) if !matches!(next, '"' | '\\' | '$' | '`') => {
                        word.push('\\');
                        word.push(next);
                    }
                    (_, Some(next)) => word.push(next),
                    (_, None) => {}
                }
            }
            (Some(_), c) => word.push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                begun = true;
            }
            (None, c) if c.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                    begun = false;
                }
            }
            (None, '#') if !begun => break,
            (None, c) => {
                word.push(c);
                begun = true;
            }
        }
    }
    if let Some(q) = quote {
        return Err(format!("sh: unexpected end of line while looking for matching `{q}'"));
    }
    if begun {
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_a_shells() {
        let words = split(r#"kubectl patch sts web -p '{"a": "b c"}' --x="y z" a\ b # comment"#).unwrap();
        assert_eq!(words, ["kubectl", "patch", "sts", "web", "-p", r#"{"a": "b c"}"#, "--x=y z", "a b"]);
        assert!(split("echo 'x").is_err());
    }
}
