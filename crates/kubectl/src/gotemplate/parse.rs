//! Reads the text of a template into nodes.

use std::cell::Cell;

use serde_json::Value;

use super::{Call, FUNCTIONS, Node, Pipe, Place, Term};

/// Blocks and parentheses within each other. Go reads parentheses 10 000 deep.
const DEPTH_MAX: usize = 100;

/// The pieces of a template: text and actions in turn, from the end.
struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    line: usize,
    /// Where each line of the template begins, in bytes.
    lines: Vec<usize>,
    depth: Cell<usize>,
}

/// How a list of nodes ended.
#[derive(PartialEq)]
enum Close<'a> {
    File,
    Else(&'a str),
    End,
}

/// A word of an action: a part of the template's text.
type Token<'a> = &'a str;

pub(super) fn template(text: &str) -> Result<Vec<Node>, String> {
    let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut reader = Reader { whole: text, rest: text, line: 1, lines, depth: Cell::new(0) };
    match reader.nodes()? {
        (nodes, Close::File) => Ok(nodes),
        (_, Close::End) => Err(reader.fail("unexpected {{end}}")),
        (_, Close::Else(_)) => Err(reader.fail("unexpected {{else}}")),
    }
}

impl<'a> Reader<'a> {
    fn fail(&self, what: &str) -> String {
        format!("template: output:{}: {what}", self.line)
    }

    /// The text before the next action, and the action.
    fn next(&mut self) -> Result<(String, Option<&'a str>), String> {
        let Some((text, rest)) = self.rest.split_once("{{") else {
            return Ok((std::mem::take(&mut self.rest).to_owned(), None));
        };
        self.line += text.matches('\n').count();
        let (text, rest) = match rest.strip_prefix("- ") {
            Some(rest) => (text.trim_end(), rest),
            None => (text, rest),
        };
        let end = action_end(rest).ok_or_else(|| self.fail("unclosed action"))?;
        let (action, after) = (rest.get(..end).unwrap_or(""), rest.get(end + 2..).unwrap_or(""));
        let (action, after) = match action.strip_suffix(" -") {
            Some(action) => (action, after.trim_start()),
            None => (action, after),
        };
        self.rest = after;
        Ok((text.to_owned(), Some(action.trim())))
    }

    fn nodes(&mut self) -> Result<(Vec<Node>, Close<'a>), String> {
        let mut nodes = Vec::new();
        loop {
            let (text, action) = self.next()?;
            if !text.is_empty() {
                nodes.push(Node::Text(text));
            }
            let Some(action) = action else { return Ok((nodes, Close::File)) };
            let (word, rest) = action.split_once(' ').unwrap_or((action, ""));
            match word {
                "end" => return Ok((nodes, Close::End)),
                "else" => return Ok((nodes, Close::Else(rest.trim()))),
                "if" => nodes.push(self.block("if", rest)?),
                "with" => nodes.push(self.block("with", rest)?),
                "range" => nodes.push(self.block("range", rest)?),
                _ if action.starts_with("/*") => {}
                _ => {
                    let (vars, pipe) = self.pipe(action)?;
                    nodes.push(match vars.into_iter().next() {
                        Some(name) => Node::Set(name, pipe),
                        None => Node::Print(pipe),
                    });
                }
            }
        }
    }

    /// One level deeper than before.
    fn deeper(&self) -> Result<(), String> {
        self.depth.set(self.depth.get() + 1);
        if self.depth.get() > DEPTH_MAX { Err(self.fail("max expression depth exceeded")) } else { Ok(()) }
    }

    fn shallower(&self) {
        self.depth.set(self.depth.get() - 1);
    }

    fn block(&mut self, word: &'static str, head: &'a str) -> Result<Node, String> {
        self.deeper()?;
        let (vars, pipe) = self.pipe(head)?;
        let (body, end) = self.nodes()?;
        let otherwise = match end {
            Close::File => return Err(self.fail("unexpected EOF")),
            Close::End => Vec::new(),
            Close::Else(more) => match more.split_once(' ') {
                Some(("if", head)) => vec![self.block("if", head)?],
                Some(("with", head)) => vec![self.block("with", head)?],
                _ => match self.nodes()? {
                    (nodes, Close::End) => nodes,
                    _ => return Err(self.fail("unexpected EOF")),
                },
            },
        };
        self.shallower();
        Ok(Node::Block { word, vars, pipe, body, otherwise })
    }

    /// `$i, $c := .items | f`.
    fn pipe(&self, text: &'a str) -> Result<(Vec<String>, Pipe), String> {
        let tokens = self.tokens(text)?;
        let (vars, rest) = match tokens.iter().position(|token| matches!(*token, ":=" | "=")) {
            Some(at) => (tokens.get(..at).unwrap_or(&[]), tokens.get(at + 1..).unwrap_or(&[])),
            None => (&[][..], tokens.as_slice()),
        };
        let vars = vars.iter().filter_map(|token| token.strip_prefix('$')).map(str::to_owned).collect();
        let mut rest = rest.iter().peekable();
        let pipe = self.calls(&mut rest)?;
        Ok((vars, pipe))
    }

    fn calls(
        &self,
        tokens: &mut std::iter::Peekable<std::slice::Iter<'_, Token<'a>>>,
    ) -> Result<Pipe, String> {
        let mut pipe: Pipe = vec![Call::default()];
        // The first and the last word of the call at hand: its place is told once it is whole.
        let mut ends: Option<(Token<'a>, Token<'a>)> = None;
        let whole = |pipe: &mut Pipe, ends: Option<(Token<'a>, Token<'a>)>| {
            if let (Some(call), Some((first, last))) = (pipe.last_mut(), ends) {
                call.place = self.place(first, self.between(first, last));
            }
        };
        while let Some(token) = tokens.next_if(|token| **token != ")") {
            if *token == "|" {
                whole(&mut pipe, ends.take());
                pipe.push(Call::default());
                continue;
            }
            let mut last = *token;
            let term = if *token == "(" {
                self.deeper()?;
                let inner = self.calls(tokens)?;
                self.shallower();
                last = tokens.next().ok_or_else(|| self.fail("unclosed left paren"))?;
                let fields = tokens.next_if(|token| token.len() > 1 && token.starts_with('.'));
                last = fields.unwrap_or(&last);
                let place = fields.map_or_else(Place::default, |token| self.place(token, token));
                Term::Nested(inner, fields.map_or_else(Vec::new, |token| fields_of(token)), place)
            } else {
                self.term(token)?
            };
            ends = Some((ends.map_or(*token, |(first, _)| first), last));
            if let Some(call) = pipe.last_mut() {
                call.terms.push(term);
            }
        }
        whole(&mut pipe, ends);
        if pipe.iter().any(|call| call.terms.is_empty()) {
            return Err(self.fail("missing value for command"));
        }
        Ok(pipe)
    }

    /// The place of a part of the template; errors show it as `text`.
    fn place(&self, part: &str, text: &str) -> Place {
        let offset = self.offset(part);
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at)).copied().unwrap_or(0);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Place { line, column: offset - start, text }
    }

    /// Where a part of the template begins, in bytes.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.whole.as_ptr() as usize)
    }

    /// The template from the beginning of one part to the end of another.
    fn between(&self, first: &str, last: &str) -> &'a str {
        self.whole.get(self.offset(first)..self.offset(last) + last.len()).unwrap_or("")
    }

    fn term(&self, token: Token<'a>) -> Result<Term, String> {
        if token.starts_with('.') {
            // Go tells of a chain of fields where its second one stands.
            let second = token.get(1..).and_then(|rest| token.get(rest.find('.')? + 1..));
            let place = self.place(second.unwrap_or(token), token);
            return Ok(Term::Path(None, fields_of(token), place));
        }
        if let Some(rest) = token.strip_prefix('$') {
            let (name, _) = rest.split_once('.').unwrap_or((rest, ""));
            let fields = rest.get(name.len()..).unwrap_or("");
            return Ok(Term::Path(Some(name.to_owned()), fields_of(fields), self.place(fields, token)));
        }
        if let Some(raw) = token.strip_prefix('`') {
            return Ok(Term::Literal(raw.trim_end_matches('`').into()));
        }
        if token == "nil" {
            return Ok(Term::Literal(Value::Null));
        }
        if let Ok(value) = serde_json::from_str::<Value>(token) {
            return Ok(Term::Literal(value));
        }
        let known = FUNCTIONS.iter().find(|name| **name == token);
        known
            .map(|name| Term::Function(name))
            .ok_or_else(|| self.fail(&format!("function \"{token}\" not defined")))
    }

    fn tokens(&self, text: &'a str) -> Result<Vec<Token<'a>>, String> {
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            let length = match c {
                '(' | ')' | '|' | ',' => 1,
                '"' | '`' => {
                    let mut escaped = false;
                    let close = rest.char_indices().skip(1).find(|(_, d)| {
                        let closes = *d == c && !escaped;
                        escaped = c == '"' && *d == '\\' && !escaped;
                        closes
                    });
                    close.ok_or_else(|| self.fail("unterminated quoted string"))?.0 + 1
                }
                _ => rest.find(|d: char| d.is_whitespace() || "()|,\"".contains(d)).unwrap_or(rest.len()),
            };
            let token = rest.get(..length).unwrap_or("");
            if token != "," {
                tokens.push(token);
            }
            rest = rest.get(length..).unwrap_or("").trim_start();
        }
        Ok(tokens)
    }
}

fn fields_of(path: &str) -> Vec<String> {
    path.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Where an action closes, outside of quotes.
fn action_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(q) if q == c => quote = None,
            None if matches!(c, '"' | '`') => quote = Some(c),
            None if text.get(at..).is_some_and(|rest| rest.starts_with("}}")) => return Some(at),
            _ => {}
        }
    }
    None
}
