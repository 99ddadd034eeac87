//! Reads the text of a template into its parts.

use apimachinery::decimal;
use serde_json::Value;

use super::{Part, Path, Step};

/// Ranges within each other. Each that is not ended doubles what is in it.
const RANGES_MAX: usize = 16;

/// A template: text, and actions in braces.
pub(super) fn template(text: &str) -> Result<Vec<Part>, String> {
    // Every `range` opens a level: its path, and the parts up to its `end`.
    let mut levels: Vec<(Path, Vec<Part>)> = vec![(Path::new(), Vec::new())];
    let mut rest = text;
    while !rest.is_empty() {
        let (before, action) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
        if !before.is_empty() {
            push(&mut levels, Part::Text(before.into()));
        }
        let Some(action) = action.strip_prefix('{') else { break };
        let mut reader = Reader { rest: action };
        let steps = reader.path(true)?;
        rest = reader.rest;
        match steps.first() {
            Some(Step::Word(word)) if word == "range" => {
                levels.push((steps.into_iter().skip(1).collect(), Vec::new()));
                if levels.len() > RANGES_MAX {
                    return Err(format!("more than {RANGES_MAX} ranges within each other"));
                }
            }
            Some(Step::Word(word)) if word == "end" => {
                let Some((path, body)) = levels.pop().filter(|_| !levels.is_empty()) else {
                    return Err("not in range, nothing to end".to_owned());
                };
                push(&mut levels, Part::Range(path, body));
            }
            _ => push(&mut levels, Part::Path(steps)),
        }
    }
    // What was not ended ends here, and its body comes once more.
    while levels.len() > 1 {
        if let Some((path, body)) = levels.pop() {
            push(&mut levels, Part::Range(path, body.clone()));
            for part in body {
                push(&mut levels, part);
            }
        }
    }
    Ok(levels.pop().map(|(_, parts)| parts).unwrap_or_default())
}

fn push(levels: &mut [(Path, Vec<Part>)], part: Part) {
    if let Some((_, parts)) = levels.last_mut() {
        parts.push(part);
    }
}

fn inner(text: &str) -> Result<Path, String> {
    Reader { rest: text }.path(false)
}

struct Reader<'a> {
    rest: &'a str,
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c.is_ascii_digit() || c == '_'
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

impl<'a> Reader<'a> {
    /// Reads steps up to the closing brace, or to the end of the text.
    fn path(&mut self, braced: bool) -> Result<Path, String> {
        let mut steps = Path::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix("[?(") {
                self.rest = rest;
                steps.push(self.filter()?);
                continue;
            }
            if let Some(rest) = self.rest.strip_prefix("..") {
                if steps.last() == Some(&Step::Recursive) {
                    return Err("invalid multiple recursive descent".to_owned());
                }
                self.rest = rest;
                steps.push(Step::Recursive);
                if rest.starts_with(begins_word) {
                    steps.push(self.field());
                }
                continue;
            }
            let mut chars = self.rest.chars();
            let next = chars.next();
            let here = self.rest;
            self.rest = chars.as_str();
            match next {
                Some('}') if braced => return Ok(steps),
                None if !braced => return Ok(steps),
                None | Some('\n' | '\r') => return Err("unclosed action".to_owned()),
                Some(' ' | '@' | '$') => {}
                Some('[') => self.brackets(&mut steps)?,
                Some(quote @ ('"' | '\'')) => steps.push(Step::Literal(self.quoted(quote)?.into())),
                Some('.') => steps.push(self.field()),
                Some(c) if c == '+' || c == '-' || c.is_ascii_digit() => {
                    self.rest = here;
                    steps.push(self.number()?);
                }
                Some(c) if begins_word(c) => {
                    self.rest = here;
                    steps.push(match self.word() {
                        "true" => Step::Literal(true.into()),
                        "false" => Step::Literal(false.into()),
                        word => Step::Word(word.to_owned()),
                    });
                }
                Some(c) => {
                    return Err(format!("unrecognized character in action: U+{:04X} '{c}'", u32::from(c)));
                }
            }
        }
    }

    fn take(&mut self, end: usize) -> &'a str {
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text
    }

    fn word(&mut self) -> &'a str {
        self.take(self.rest.find(ends_word).unwrap_or(self.rest.len()))
    }

    /// Reads a member's name; a backslash takes the next character literally.
    fn field(&mut self) -> Step {
        let mut name = String::new();
        let mut chars = self.rest.chars();
        loop {
            self.rest = chars.as_str();
            match chars.next() {
                Some('\\') => name.extend(chars.next()),
                Some(c) if !ends_word(c) => name.push(c),
                _ => break,
            }
        }
        if name == "*" { Step::Wildcard } else { Step::Field(name) }
    }

    fn number(&mut self) -> Result<Step, String> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '.' | 'e'));
        let text = self.take(end.unwrap_or(self.rest.len()));
        let number = text.trim_start_matches('+');
        let whole = number.parse::<i64>().ok().map(Value::from);
        let value = whole.or_else(|| decimal::parse(number).map(Value::from));
        value.map(Step::Literal).ok_or_else(|| format!("cannot parse number {text}"))
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        loop {
            match chars.next() {
                None | Some('\n') => return Err("unterminated quoted string".to_owned()),
                Some('\\') => match chars.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(c) => text.push(c),
                    None => {}
                },
                Some(c) if c == quote => break,
                Some(c) => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }

    /// What stands in `[…]`: an index, a slice, a union or a quoted member.
    fn brackets(&mut self, steps: &mut Path) -> Result<(), String> {
        let end = self.rest.find(']').ok_or_else(|| "unterminated array".to_owned())?;
        let text = self.take(end);
        self.rest = self.rest.get(1..).unwrap_or("");
        if text.contains(',') {
            let members = text.split(',').map(|member| inner(&format!("[{}]", member.trim())));
            steps.push(Step::Union(members.collect::<Result<_, _>>()?));
            return Ok(());
        }
        if let Some(name) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
            steps.extend(inner(&format!(".{name}"))?);
            return Ok(());
        }
        let text = if text == "*" { ":" } else { text };
        let mut bounds = [None; 3];
        let numbers: Vec<&str> = text.split(':').collect();
        let invalid = || format!("invalid array index {text}");
        if numbers.len() > bounds.len() {
            return Err(invalid());
        }
        for (bound, number) in bounds.iter_mut().zip(&numbers) {
            if !number.is_empty() {
                *bound = Some(number.parse().map_err(|_| invalid())?);
            }
        }
        steps.push(Step::Slice { bounds, single: numbers.len() == 1 });
        Ok(())
    }

    fn filter(&mut self) -> Result<Step, String> {
        let mut quote = None;
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match (quote, c) {
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                (None, ')') => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let end = end.ok_or_else(|| "unterminated filter".to_owned())?;
        let text = self.take(end);
        self.rest = self.rest.strip_prefix(")]").ok_or_else(|| "unclosed array expect ]".to_owned())?;
        let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
        let begin = text.find(is_operator).filter(|at| *at > 0).unwrap_or(text.len());
        let (left, rest) = text.split_at(begin);
        let right = rest.trim_start_matches(is_operator);
        let operator = rest.strip_suffix(right).unwrap_or("").to_owned();
        if operator.is_empty() || right.is_empty() {
            return Ok(Step::Filter { left: inner(text)?, operator: String::new(), right: Path::new() });
        }
        Ok(Step::Filter { left: inner(left)?, operator, right: inner(right)? })
    }
}
