//! Splits a command line into words, and a script into commands.

/// Splits a command line at blanks; quotes keep words together, a backslash takes the next
/// character as it is.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut current: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('\''), c) => current.get_or_insert_default().push(c),
            (_, '\\') => current.get_or_insert_default().extend(chars.next()),
            (Some(_), c) => current.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                current.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(current.take()),
            (None, c) => current.get_or_insert_default().push(c),
        }
    }
    words.extend(current);
    words
}

/// Takes `> file` or `>> file` off the end; returns the rest, the file, and whether it appends.
pub fn redirection(words: &[String]) -> (&[String], Option<(String, bool)>) {
    for (at, word) in words.iter().enumerate() {
        let (append, rest) = match word.strip_prefix(">>") {
            Some(rest) => (true, rest),
            None => match word.strip_prefix('>') {
                Some(rest) => (false, rest),
                None => continue,
            },
        };
        let path = if rest.is_empty() { words.get(at + 1).map_or("", String::as_str) } else { rest };
        return (words.get(..at).unwrap_or(words), Some((path.to_owned(), append)));
    }
    (words, None)
}

/// The commands of a script, each with what joins it to the next: `;`, `&&` or `||`.
pub fn statements(text: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => {
                quote = None;
                current.push(c);
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                current.push(c);
            }
            (None, ';' | '\n') => found.push((";", std::mem::take(&mut current))),
            (None, '&') if chars.peek() == Some(&'&') => {
                chars.next();
                found.push(("&&", std::mem::take(&mut current)));
            }
            (None, '|') if chars.peek() == Some(&'|') => {
                chars.next();
                found.push(("||", std::mem::take(&mut current)));
            }
            (_, c) => current.push(c),
        }
    }
    found.push((";", current));
    let trimmed = found.into_iter().map(|(joint, text)| (joint, text.trim().to_owned()));
    trimmed.filter(|(_, text)| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(split("sh -c 'echo \"a b\"' x\\ y"), ["sh", "-c", "echo \"a b\"", "x y"]);
        let words = split("echo hi >> /data/log");
        assert_eq!(redirection(&words), (&words[..2], Some(("/data/log".to_owned(), true))));
    }
}
