//! A flag, and the table of all flags: the name, letter, default and purpose of each, as `--help` shows them.
//!
//! Models: `github.com/spf13/pflag`.

use std::sync::OnceLock;

use apimachinery::sorted::SortedMap;

const FLAGS: &str = include_str!("pages/flags.txt");

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A value.
    Value,
    /// A whole number.
    Number,
    /// A span of time, as Go writes it.
    Duration,
    /// A boolean; `--flag` means true.
    Nothing,
    /// A text; `--flag` alone means this.
    Optional(&'static str),
}

/// A flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// `namespace`.
    pub name: &'static str,
    /// `n`, if it has a letter.
    pub letter: Option<char>,
    /// What it takes.
    pub takes: Takes,
    /// Its default as the page shows it: `''`, `[]`, `false`, `0s`.
    default: &'static str,
    purpose: &'static str,
}

impl Flag {
    /// Every command has it, and no page names it.
    pub const HELP: Self =
        Self { name: "help", letter: Some('h'), takes: Takes::Nothing, default: "false", purpose: "" };

    /// Reads a line of the table: `name|letter|default|purpose`.
    pub(crate) fn read(line: &'static str) -> Option<Self> {
        let mut parts = line.splitn(4, '|');
        let (key, letter, default, purpose) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let name = key.split('#').next()?;
        let is_span = default.ends_with('s') && default.starts_with(|c: char| c.is_ascii_digit());
        let takes = match name {
            "dry-run" => Takes::Optional("unchanged"),
            "validate" => Takes::Optional("strict"),
            "cascade" => Takes::Optional("background"),
            _ if matches!(default, "true" | "false") => Takes::Nothing,
            _ if is_span => Takes::Duration,
            _ if default.parse::<i64>().is_ok() => Takes::Number,
            _ => Takes::Value,
        };
        Some(Self { name, letter: letter.chars().next(), takes, default, purpose })
    }

    /// Whether the next word is the flag's value.
    pub fn takes_a_word(&self) -> bool {
        matches!(self.takes, Takes::Value | Takes::Number | Takes::Duration)
    }

    /// As errors name it: `--tail`, `-A, --all-namespaces`.
    pub fn display(&self) -> String {
        self.letter.map_or_else(String::new, |letter| format!("-{letter}, ")) + "--" + self.name
    }

    /// As a page has it.
    pub fn described(&self) -> String {
        format!("    {}={}:\n\t{}\n", self.display(), self.default, self.purpose)
    }

    /// Whether a word is this flag without its value: `-n`, `--namespace`.
    pub fn is_word(&self, word: &str) -> bool {
        match word.strip_prefix("--") {
            Some(name) => name == self.name,
            None => word
                .strip_prefix('-')
                .is_some_and(|rest| self.letter.is_some_and(|c| rest.strip_prefix(c) == Some(""))),
        }
    }
}

/// The flags with these names, which are separated by blanks; names that are not in the table are left out.
pub fn named(names: &str) -> Vec<Flag> {
    static TABLE: OnceLock<SortedMap<&'static str, Flag>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        FLAGS.lines().filter_map(|line| Some((line.split('|').next()?, Flag::read(line)?))).collect()
    });
    names.split(' ').filter_map(|name| table.get(name).copied()).collect()
}
