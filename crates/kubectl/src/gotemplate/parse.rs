//! A template's text into nodes.

use serde_json::Value;

use super::{FUNCTIONS, Node, Pipe, Term};

/// The pieces of a template: text and actions in turn, from the end.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

/// How a list of nodes ended.
#[derive(PartialEq)]
enum Close {
    File,
    Else(String),
    End,
}

pub(super) fn template(text: &str) -> Result<Vec<Node>, String> {
    let mut reader = Reader { rest: text, line: 1 };
    match reader.nodes()? {
        (nodes, Close::File) => Ok(nodes),
        (_, Close::End) => Err(reader.fail("unexpected {{end}}")),
        (_, Close::Else(_)) => Err(reader.fail("unexpected {{else}}")),
    }
}

impl Reader<'_> {
    fn fail(&self, what: &str) -> String {
        format!("template: output:{}: {what}", self.line)
    }

    /// The text before the next action, and the action.
    fn next(&mut self) -> Result<(String, Option<String>), String> {
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
        Ok((text.to_owned(), Some(action.trim().to_owned())))
    }

    fn nodes(&mut self) -> Result<(Vec<Node>, Close), String> {
        let mut nodes = Vec::new();
        loop {
            let (text, action) = self.next()?;
            if !text.is_empty() {
                nodes.push(Node::Text(text));
            }
            let Some(action) = action else { return Ok((nodes, Close::File)) };
            let (word, rest) = action.split_once(' ').unwrap_or((&action, ""));
            match word {
                "end" => return Ok((nodes, Close::End)),
                "else" => return Ok((nodes, Close::Else(rest.trim().to_owned()))),
                "if" => nodes.push(self.block("if", rest)?),
                "with" => nodes.push(self.block("with", rest)?),
                "range" => nodes.push(self.block("range", rest)?),
                _ if action.starts_with("/*") => {}
                _ => {
                    let (vars, pipe) = self.pipe(&action)?;
                    nodes.push(match vars.into_iter().next() {
                        Some(name) => Node::Set(name, pipe),
                        None => Node::Print(pipe),
                    });
                }
            }
        }
    }

    fn block(&mut self, word: &'static str, head: &str) -> Result<Node, String> {
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
        Ok(Node::Block { word, vars, pipe, body, otherwise })
    }

    /// `$i, $c := .items | f`.
    fn pipe(&self, text: &str) -> Result<(Vec<String>, Pipe), String> {
        let tokens = self.tokens(text)?;
        let (vars, rest) = match tokens.iter().position(|token| token == ":=" || token == "=") {
            Some(at) => (tokens.get(..at).unwrap_or(&[]), tokens.get(at + 1..).unwrap_or(&[])),
            None => (&[][..], tokens.as_slice()),
        };
        let vars = vars.iter().filter_map(|token| token.strip_prefix('$')).map(str::to_owned).collect();
        let mut rest = rest.iter().peekable();
        let pipe = self.calls(&mut rest)?;
        Ok((vars, pipe))
    }

    fn calls(&self, tokens: &mut std::iter::Peekable<std::slice::Iter<'_, String>>) -> Result<Pipe, String> {
        let mut pipe: Pipe = vec![Vec::new()];
        while let Some(token) = tokens.next_if(|token| *token != ")") {
            if token == "|" {
                pipe.push(Vec::new());
                continue;
            }
            let term = if token == "(" {
                let inner = self.calls(tokens)?;
                tokens.next().ok_or_else(|| self.fail("unclosed left paren"))?;
                let fields = tokens.next_if(|token| token.len() > 1 && token.starts_with('.'));
                Term::Nested(inner, fields.map_or_else(Vec::new, |token| fields_of(token)))
            } else {
                self.term(token)?
            };
            if let Some(call) = pipe.last_mut() {
                call.push(term);
            }
        }
        if pipe.iter().any(Vec::is_empty) {
            return Err(self.fail("missing value for command"));
        }
        Ok(pipe)
    }

    fn term(&self, token: &str) -> Result<Term, String> {
        if token.starts_with('.') {
            return Ok(Term::Path(None, fields_of(token)));
        }
        if let Some(rest) = token.strip_prefix('$') {
            let (name, fields) = rest.split_once('.').unwrap_or((rest, ""));
            return Ok(Term::Path(Some(name.to_owned()), fields_of(fields)));
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

    fn tokens(&self, text: &str) -> Result<Vec<String>, String> {
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
                tokens.push(token.to_owned());
            }
            rest = rest.get(length..).unwrap_or("").trim_start();
        }
        Ok(tokens)
    }
}

fn fields_of(path: &str) -> Vec<String> {
    path.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Where an action closes, quotes aside.
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
