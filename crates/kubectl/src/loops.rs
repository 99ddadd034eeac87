//! `for NAME in WORDS; do …; done` at the terminal, written out before it runs.

use crate::line;

/// A command with what joins it to the one before: `;`, `&&` or `||`.
pub(crate) type Statement = (&'static str, String);

/// Loops within each other.
const LOOPS_MAX: usize = 16;
/// How often the loops of one line turn.
const TURNS_MAX: usize = 10_000;

/// How far the loops of a line have been written out.
struct Unrolling {
    turns: usize,
    depth: usize,
}

/// The statements with every loop written out.
///
/// # Errors
/// What a shell says of a loop that is none, or that it goes beyond a limit.
pub(crate) fn unrolled(all: &[Statement]) -> Result<Vec<Statement>, String> {
    Unrolling { turns: 0, depth: 0 }.unrolled(all)
}

impl Unrolling {
    /// The statements with every loop written out.
    fn unrolled(&mut self, all: &[Statement]) -> Result<Vec<Statement>, String> {
        let mut done = Vec::new();
        let mut at = 0;
        while let Some((mark, text)) = all.get(at) {
            at += 1;
            let Some(head) = text.strip_prefix("for ") else {
                if matches!(text.split(' ').next(), Some("do" | "done")) {
                    return Err(format!("syntax error near unexpected token `{text}'"));
                }
                done.push((*mark, text.clone()));
                continue;
            };
            let (name, words) = head.split_once(" in ").ok_or("syntax error: `for NAME in WORDS'")?;
            let (mut depth, mut body) = (1, Vec::new());
            while depth > 0 {
                let (mark, text) = all.get(at).ok_or("syntax error: unexpected end of file")?;
                at += 1;
                let inner = text.strip_prefix("do ").unwrap_or(text).trim_start();
                depth += i32::from(inner.starts_with("for ")) - i32::from(text == "done");
                if depth > 0 {
                    body.push((*mark, text.clone()));
                }
            }
            let first = body
                .first_mut()
                .and_then(|(_, text)| Some((text.strip_prefix("do")?.trim().to_owned(), text)));
            let (without_do, text) = first.ok_or("syntax error: `do' expected")?;
            *text = without_do;
            body.retain(|(_, text)| !text.is_empty());
            self.depth += 1;
            for word in line::split(words)? {
                self.turns += 1;
                if self.turns > TURNS_MAX || self.depth > LOOPS_MAX {
                    return Err(format!("loops may be {LOOPS_MAX} deep and turn {TURNS_MAX} times"));
                }
                let once: Vec<Statement> =
                    body.iter().map(|(mark, text)| (*mark, substituted(text, name.trim(), &word))).collect();
                done.extend(self.unrolled(&once)?);
            }
            self.depth -= 1;
        }
        Ok(done)
    }
}

/// A text with `$name` and `${name}` replaced, but for single quotes.
fn substituted(text: &str, name: &str, value: &str) -> String {
    let mut parts = text.split('\'');
    let mut outside = true;
    let mut done = Vec::new();
    for part in parts.by_ref() {
        done.push(if outside {
            part.replace(&["${", name, "}"].concat(), value).replace(&["$", name].concat(), value)
        } else {
            part.to_owned()
        });
        outside = !outside;
    }
    done.join("'")
}

#[cfg(test)]
mod tests {
    use crate::script::statements;

    #[test]
    fn loops_are_bounded() {
        let unrolled = |head: &str, depth: usize| {
            let text = format!("{}echo x; {}", head.repeat(depth), "done; ".repeat(depth));
            statements(&text).and_then(|all| super::unrolled(&all))
        };
        assert_eq!(unrolled("for a in 1 2; do ", 4).map(|all| all.len()), Ok(16));
        for (head, depth) in [("for a in 1 2 3 4 5 6 7 8; do ", 5), ("for a in 1; do ", 2_000)] {
            assert!(
                unrolled(head, depth).is_err_and(|said| said.starts_with("loops may be 16 deep")),
                "{head}"
            );
        }
    }
}
