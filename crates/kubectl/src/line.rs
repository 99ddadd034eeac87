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

/// The longest line after variables were replaced: Linux' `ARG_MAX`, in bytes.
const EXPANDED_MAX: usize = 2 << 20;

/// A line with `$NAME` and `${NAME}` replaced where the variable is known, but for what stands in single quotes. What
/// a value holds means nothing to the shell but for blanks, at which it is split.
///
/// # Errors
/// The line becomes too long.
pub fn expand(text: &str, variables: &[(String, String)]) -> Result<String, String> {
    let mut done = String::new();
    let mut quote = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let found = if c == '$' && quote != Some('\'') { variable(rest, variables) } else { None };
        if let Some((length, value)) = found {
            for c in value.chars() {
                let is_plain = c.is_alphanumeric() || c.is_whitespace() && quote.is_none();
                if !is_plain && (quote.is_none() || matches!(c, '"' | '\\' | '$' | '`')) {
                    done.push('\\');
                }
                done.push(c);
            }
            if done.len() > EXPANDED_MAX {
                return Err("Argument list too long".to_owned());
            }
            rest = rest.get(length..).unwrap_or("");
            continue;
        }
        match quote {
            Some(q) if q == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        let escaped = if c == '\\' && quote != Some('\'') { rest.chars().nth(1) } else { None };
        done.push(c);
        done.extend(escaped);
        rest = rest.get(c.len_utf8() + escaped.map_or(0, char::len_utf8)..).unwrap_or("");
    }
    Ok(done)
}

/// The variable at the beginning of a text, if it is known: how long it is written, and its value.
fn variable<'v>(text: &str, variables: &'v [(String, String)]) -> Option<(usize, &'v str)> {
    let named = text.get(1..)?;
    let (name, marks) = if let Some(braced) = named.strip_prefix('{') {
        (braced.split_once('}')?.0, 3)
    } else {
        let end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(named.len());
        (named.get(..end)?, 1)
    };
    let (_, value) = variables.iter().find(|(known, _)| known == name)?;
    Some((name.len() + marks, value))
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

    #[test]
    fn variables_are_replaced_as_a_shell_does() {
        let variables = [("a".to_owned(), "1 2".to_owned()), ("ab".to_owned(), "x|\"y".to_owned())];
        let words = |text: &str| split(&expand(text, &variables).unwrap()).unwrap();
        assert_eq!(words("$a ${a}b $ab '$a' \\$a $c"), ["1", "2", "1", "2b", "x|\"y", "$a", "$a", "$c"]);
        assert_eq!(words("\"$a\" \"it's $ab\""), ["1 2", "it's x|\"y"]);
        let long = [("a".to_owned(), "x".repeat(100_000))];
        assert_eq!(expand(&"$a".repeat(100_000), &long), Err("Argument list too long".to_owned()));
    }
}
