//! `for NAME in WORDS; do …; done` at the terminal: how it is read.
//!
//! A loop is kept as it is written, and takes a turn when its time has come, so that a person can end it.

use std::rc::Rc;

/// A command with what joins it to the one before: `;`, `&&` or `||`.
pub(crate) type Statement = (&'static str, String);

/// Loops within each other.
const LOOPS_MAX: usize = 16;

/// A command or a loop, with what joins it to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) mark: &'static str,
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Command(String),
    Loop(Rc<Loop>),
}

/// A loop: its variable, the text of its words, and what it repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loop {
    pub(crate) name: String,
    pub(crate) words: String,
    pub(crate) body: Rc<[Item]>,
}

/// Reads statements into commands and loops.
///
/// # Errors
/// What a shell says of a loop that is none, or that loops are too deep.
pub(crate) fn read(mut all: Vec<Statement>) -> Result<Rc<[Item]>, String> {
    all.reverse();
    Reader { rest: all, depth: 0 }.block()
}

struct Reader {
    /// The statements that are still to be read, the next one last.
    rest: Vec<Statement>,
    depth: usize,
}

fn unexpected(token: &str) -> String {
    format!("syntax error near unexpected token `{token}'")
}

/// A text without its first word, if it is this one.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim_start())
}

impl Reader {
    /// Reads up to the `done` of the loop at hand, or to the end.
    fn block(&mut self) -> Result<Rc<[Item]>, String> {
        let mut items = Vec::new();
        while let Some((mark, text)) = self.rest.pop() {
            let what = if let Some(head) = after(&text, "for") {
                What::Loop(Rc::new(self.turns(head)?))
            } else if self.depth > 0 && text == "done" && !items.is_empty() {
                return Ok(items.into());
            } else if after(&text, "do").or(after(&text, "done")).is_some() {
                return Err(unexpected(&text));
            } else {
                What::Command(text)
            };
            items.push(Item { mark, what });
        }
        if self.depth > 0 { Err("syntax error: unexpected end of file".to_owned()) } else { Ok(items.into()) }
    }

    /// Reads a loop whose `for` has been read.
    fn turns(&mut self, head: &str) -> Result<Loop, String> {
        let (name, words) = head.split_once(char::is_whitespace).unwrap_or((head, ""));
        let words = after(words.trim_start(), "in").ok_or("syntax error: `for NAME in WORDS'")?;
        let Some((_, text)) = self.rest.pop() else {
            return Err("syntax error: unexpected end of file".to_owned());
        };
        match after(&text, "do").ok_or("syntax error: `do' expected")? {
            "" => {
                if let Some((mark, _)) = self.rest.last().filter(|(mark, _)| *mark != ";") {
                    return Err(unexpected(mark));
                }
            }
            first => self.rest.push((";", first.to_owned())),
        }
        self.depth += 1;
        if self.depth > LOOPS_MAX {
            return Err(format!("loops may be {LOOPS_MAX} deep"));
        }
        let body = self.block()?;
        self.depth -= 1;
        Ok(Loop { name: name.to_owned(), words: words.to_owned(), body })
    }
}

#[cfg(test)]
mod tests {
    use crate::script::statements;

    fn read(text: &str) -> Result<usize, String> {
        statements(text).and_then(super::read).map(|items| items.len())
    }

    #[test]
    fn loops_are_read_on_one_line_and_on_many() {
        assert_eq!(read("for a in 1 2; do for b in 3 4; do echo $a$b; done; done; echo x"), Ok(2));
        assert_eq!(read("for a in 1 2\ndo\n  for b in 3\n  do echo\n  done\ndone"), Ok(1));
        for (wrong, said) in [
            ("for a in 1; do echo", "syntax error: unexpected end of file"),
            ("for a in 1; do done", "syntax error near unexpected token `done'"),
            ("for a in 1; do && echo; done", "syntax error near unexpected token `&&'"),
            ("for a; do echo; done", "syntax error: `for NAME in WORDS'"),
            ("for a in 1; echo; done", "syntax error: `do' expected"),
            ("echo; done", "syntax error near unexpected token `done'"),
            ("do echo", "syntax error near unexpected token `do echo'"),
        ] {
            assert_eq!(read(wrong), Err(said.to_owned()), "{wrong}");
        }
    }

    #[test]
    fn loops_within_each_other_are_bounded() {
        let nested =
            |depth: usize| format!("{}echo x; {}", "for a in 1; do ".repeat(depth), "done; ".repeat(depth));
        assert_eq!(read(&nested(16)), Ok(1));
        assert_eq!(read(&nested(2_000)), Err("loops may be 16 deep".to_owned()));
        assert_eq!(read(&"for a in 1; do ".repeat(100_000)), Err("loops may be 16 deep".to_owned()));
    }
}
