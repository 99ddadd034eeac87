//! Just enough of Rust's lexis to find functions: what is code, and where braces match.

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of `fn`, counted from 1.
    pub line: usize,
    /// How many lines from `fn` to the closing brace.
    pub lines: usize,
}

/// The functions of a file, nested ones included.
pub fn functions(text: &str) -> Vec<Function> {
    let code = code_only(text);
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some(place) = rest.find("fn ") {
        let begin = code.len() - rest.len() + place;
        let after = rest.get(place + 3..).unwrap_or_default();
        let is_word = !rest.get(..place).unwrap_or_default().ends_with(is_word_character);
        if let (true, Some(length)) = (is_word, length_to_closing_brace(after)) {
            let name = after.trim_start().chars().take_while(|&c| is_word_character(c)).collect();
            let lines = newlines(after.get(..length).unwrap_or_default()) + 1;
            found.push(Function { name, line: newlines(code.get(..begin).unwrap_or_default()) + 1, lines });
        }
        rest = after;
    }
    found
}

/// The same text with comments, strings and characters blanked; lines stay where they are.
pub fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let previous = code.chars().next_back();
        let skipped = not_code(rest, previous.is_some_and(is_word_character));
        let length = if skipped == 0 { first.len_utf8() } else { skipped };
        let (taken, tail) = rest.split_at(length);
        if skipped == 0 {
            code.push(first);
        } else {
            code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        rest = tail;
    }
    code
}

/// How many bytes at the start of `rest` are no code: a comment, a string or a character.
fn not_code(rest: &str, inside_word: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if !inside_word && let Some(length) = raw_string(rest) {
        return length;
    }
    match rest.chars().next() {
        Some('"') => quoted(rest, '"'),
        Some('\'') => character(rest),
        _ => 0,
    }
}

/// Rust's block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (place, _) in rest.char_indices() {
        let here = rest.get(place..).unwrap_or_default();
        if here.starts_with("/*") {
            depth += 1;
        } else if here.starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return place + 2;
            }
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, and those with `b` or `c` before.
fn raw_string(rest: &str) -> Option<usize> {
    let body = rest.trim_start_matches(['b', 'c']).strip_prefix('r')?;
    let hashes: String = body.chars().take_while(|&c| c == '#').collect();
    let body = body.strip_prefix(hashes.as_str())?.strip_prefix('"')?;
    let closing = format!("\"{hashes}");
    let length = body.find(&closing).map_or(body.len(), |place| place + closing.len());
    Some(rest.len() - body.len() + length)
}

/// A string or character from its first quote to its last.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (place, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return place + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// `'a'` and `'\n'` are characters, `'a` is a lifetime.
fn character(rest: &str) -> usize {
    let mut after = rest.chars().skip(1);
    match (after.next(), after.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(rest, '\''),
        _ => 0,
    }
}

/// From after `fn` to the brace that closes the body; nothing if a `;` comes first.
fn length_to_closing_brace(code: &str) -> Option<usize> {
    let mut braces = 0_usize;
    let mut brackets = 0_usize;
    for (place, c) in code.char_indices() {
        match c {
            // `[u8; 4]` in a signature is no end of it.
            '[' | '(' => brackets += 1,
            ']' | ')' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces = braces.checked_sub(1)?;
                if braces == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str) -> Vec<(String, usize, usize)> {
        functions(text).into_iter().map(|function| (function.name, function.line, function.lines)).collect()
    }

    #[test]
    fn a_function_reaches_from_its_name_to_its_brace() {
        let text =
            "struct A;\n\nimpl A {\n    fn one(&self) -> [u8; 2] {\n        [1, 2]\n    }\n}\nfn two() {}\n";
        assert_eq!(measured(text), [("one".to_owned(), 4, 3), ("two".to_owned(), 8, 1)]);
    }

    #[test]
    fn braces_in_strings_characters_and_comments_do_not_count() {
        let text = "fn a<'x>(t: &'x str) {\n  // }\n  /* } /* } */ */\n  f(\"}\\\"}\", '}', '\\'', r#\"}\"}\"#);\n}\n";
        assert_eq!(measured(text), [("a".to_owned(), 1, 5)]);
    }

    #[test]
    fn a_declaration_without_a_body_is_none() {
        assert_eq!(measured("trait T {\n  fn a(&self);\n  fn b(&self) {}\n}\n"), [("b".to_owned(), 3, 1)]);
        assert_eq!(measured("// fn a() {}\nlet often = 1;"), []);
    }
}
