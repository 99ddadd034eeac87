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
    Grep { patterns: Vec<Pattern>, inverted: bool, any_case: bool, counts: bool },
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
                let pattern = if has('i') { pattern.to_lowercase() } else { pattern };
                Program::Grep {
                    patterns: pattern.split('|').map(Pattern::read).collect(),
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
                patterns.iter().any(|pattern| pattern.is_in(&text)) != *inverted
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

/// What matches one character of a line: this one, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct One(Option<char>);

/// A pattern: characters, each once or (`true`) any number of times, and whether it is bound to the line's ends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    ones: Vec<(One, bool)>,
    at_start: bool,
    at_end: bool,
}

impl Pattern {
    fn read(text: &str) -> Self {
        let (at_start, text) = text.strip_prefix('^').map_or((false, text), |rest| (true, rest));
        let mut pattern = Self { ones: Vec::new(), at_start, at_end: false };
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let one = match c {
                '$' if chars.peek().is_none() => {
                    pattern.at_end = true;
                    break;
                }
                '\\' => One(chars.next()),
                '.' => One(None),
                c => One(Some(c)),
            };
            pattern.ones.push((one, chars.next_if_eq(&'*').is_some()));
        }
        pattern
    }

    /// Whether it is found in a line. All that may have matched so far is kept side by side, so that no pattern
    /// takes longer than its length times that of the line.
    fn is_in(&self, line: &str) -> bool {
        let end = self.ones.len();
        let mut here = vec![false; end + 1];
        self.enter(&mut here, 0);
        for c in line.chars() {
            if here.last() == Some(&true) && !self.at_end {
                return true;
            }
            let mut next = vec![false; end + 1];
            for (at, (One(wanted), repeats)) in self.ones.iter().enumerate() {
                if here.get(at) == Some(&true) && wanted.is_none_or(|wanted| wanted == c) {
                    self.enter(&mut next, if *repeats { at } else { at + 1 });
                }
            }
            if !self.at_start {
                self.enter(&mut next, 0);
            }
            here = next;
        }
        here.last() == Some(&true)
    }

    /// Marks a place of the pattern, and those behind it that need no character.
    fn enter(&self, places: &mut [bool], from: usize) {
        for at in from..places.len() {
            match places.get_mut(at) {
                Some(place) if !*place => *place = true,
                _ => return,
            }
            if !self.ones.get(at).is_some_and(|(_, repeats)| *repeats) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // grep's answers.
    #[test]
    fn patterns_match_as_greps_do() {
        for (pattern, line, is_in) in [
            ("web", "a web-0", true),
            ("^web", "a web-0", false),
            ("0$", "web-0", true),
            ("w.b", "web", true),
            ("we*b", "wb weeeb", true),
            ("^we*b$", "weeb ", false),
            ("a\\.b", "axb", false),
            ("a\\.b", "a.b", true),
            (".*", "", true),
            ("^$", "", true),
            ("^$", "x", false),
            ("", "x", true),
            ("1$2", "1$2", true),
        ] {
            assert_eq!(Pattern::read(pattern).is_in(line), is_in, "{pattern} in {line}");
        }
    }

    #[test]
    fn no_pattern_is_tried_in_every_way() {
        let pattern = format!("{}b", "a*".repeat(200));
        assert!(!Pattern::read(&pattern).is_in(&"a".repeat(2_000)));
        assert!(Pattern::read(&pattern).is_in(&format!("{}b", "a".repeat(2_000))));
    }
}
