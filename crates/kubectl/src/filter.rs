//! Programs in a shell's pipe: `grep`, `head`, `tail`, `sort`, `wc -l`.
//!
//! Differs: of regular expressions there are `^`, `$`, `.`, `*` and, in `grep`, `\|` or `|`.

/// One program with what it has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    program: Program,
    kept: Vec<String>,
    seen: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Program {
    Grep { patterns: Vec<String>, inverted: bool, any_case: bool, counts: bool },
    Head(usize),
    Tail(usize),
    Sort,
    Count,
}

impl Filter {
    /// Reads a command line; `None` if it is none of these programs.
    pub fn new(words: &[String]) -> Option<Self> {
        let (name, rest) = words.split_first()?;
        let has = |letter: char| {
            rest.iter().any(|w| w.starts_with('-') && !w.starts_with("--") && w.contains(letter))
        };
        let number = || {
            let digits = rest.iter().map(|w| w.trim_start_matches(['-', 'n', '=']));
            digits.filter_map(|w| w.parse().ok()).next_back().unwrap_or(10)
        };
        let program = match name.as_str() {
            "grep" | "egrep" => {
                let pattern = rest.iter().find(|w| !w.starts_with('-'))?;
                let pattern = pattern.replace("\\|", "|");
                let patterns =
                    pattern.split('|').map(|p| if has('i') { p.to_lowercase() } else { p.to_owned() });
                Program::Grep {
                    patterns: patterns.collect(),
                    inverted: has('v'),
                    any_case: has('i'),
                    counts: has('c'),
                }
            }
            "head" => Program::Head(number()),
            "tail" => Program::Tail(number()),
            "sort" => Program::Sort,
            "wc" if has('l') => Program::Count,
            _ => return None,
        };
        Some(Self { program, kept: Vec::new(), seen: 0 })
    }

    /// Lets whole lines through; `ended` if there are no more.
    pub fn pass(&mut self, text: &str, ended: bool) -> String {
        let mut out = String::new();
        let mut say = |line: &str| out.extend([line, "\n"]);
        for line in text.lines() {
            let shown = if let Program::Grep { patterns, inverted, any_case, .. } = &self.program {
                let text = if *any_case { line.to_lowercase() } else { line.to_owned() };
                patterns.iter().any(|p| matches(p, &text)) != *inverted
            } else {
                true
            };
            self.seen += usize::from(shown);
            match &self.program {
                Program::Grep { counts: false, .. } if shown => say(line),
                Program::Head(most) if self.seen <= *most => say(line),
                Program::Tail(_) | Program::Sort => self.kept.push(line.to_owned()),
                _ => {}
            }
        }
        if ended {
            match &self.program {
                Program::Tail(most) => {
                    let skipped = self.kept.len().saturating_sub(*most);
                    self.kept.iter().skip(skipped).for_each(|line| say(line));
                }
                Program::Sort => {
                    self.kept.sort();
                    self.kept.iter().for_each(|line| say(line));
                }
                Program::Count | Program::Grep { counts: true, .. } => say(&self.seen.to_string()),
                _ => {}
            }
        }
        out
    }

    /// The exit code at the end.
    pub fn code(&self) -> i32 {
        i32::from(matches!(self.program, Program::Grep { .. }) && self.seen == 0)
    }
}

/// Whether a pattern is found in a line.
fn matches(pattern: &str, line: &str) -> bool {
    let (pattern, line): (Vec<char>, Vec<char>) = (pattern.chars().collect(), line.chars().collect());
    match pattern.split_first() {
        Some(('^', rest)) => here(rest, &line),
        _ => (0..=line.len()).any(|at| line.get(at..).is_some_and(|line| here(&pattern, line))),
    }
}

fn here(pattern: &[char], line: &[char]) -> bool {
    let one = |wanted: char, line: &[char]| line.first().is_some_and(|c| wanted == '.' || wanted == *c);
    match pattern {
        [] => true,
        ['$'] => line.is_empty(),
        ['\\', wanted, rest @ ..] => line.first() == Some(wanted) && here(rest, line.get(1..).unwrap_or(&[])),
        [wanted, '*', rest @ ..] => {
            let mut line = line;
            loop {
                if here(rest, line) {
                    return true;
                }
                if !one(*wanted, line) {
                    return false;
                }
                line = line.get(1..).unwrap_or(&[]);
            }
        }
        [wanted, rest @ ..] => one(*wanted, line) && here(rest, line.get(1..).unwrap_or(&[])),
    }
}
