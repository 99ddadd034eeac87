//! The flags of every command: name, letter, default and what it is for, as its page of `--help` has them.
//!
//! Models: the flag sets of `k8s.io/kubectl/pkg/cmd`, `github.com/spf13/pflag`.

use std::sync::OnceLock;

use apimachinery::sorted::SortedMap;

use crate::help;

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

/// Every command has it, and no page names it.
const HELP: Flag =
    Flag { name: "help", letter: Some('h'), takes: Takes::Nothing, default: "false", purpose: "" };

impl Flag {
    /// A line of the table.
    fn read(line: &'static str) -> Option<Self> {
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
}

/// The flags of these names of the table, which have blanks between them.
pub fn named(names: &str) -> Vec<Flag> {
    static TABLE: OnceLock<SortedMap<&'static str, Flag>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        FLAGS.lines().filter_map(|line| Some((line.split('|').next()?, Flag::read(line)?))).collect()
    });
    names.split(' ').filter_map(|name| table.get(name).copied()).collect()
}

/// The command that words begin: `rollout undo`.
pub fn command_of(verb: &str, words: &[String]) -> String {
    let mut command = verb.to_owned();
    let mut rest = words;
    while let Some(at) = first_plain(&command, rest) {
        let Some(inner) = rest.get(at).and_then(|word| help::below(&command, word)) else { break };
        inner.clone_into(&mut command);
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    command
}

/// The place of the first word that is neither a flag nor the value of one.
fn first_plain(command: &str, words: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word == "--" {
            return None;
        }
        if !word.starts_with('-') {
            return Some(at);
        }
        let inside = help::pages().iter().filter(|page| page.command.starts_with(command));
        let takes_next = inside
            .flat_map(|page| page.options)
            .chain(help::everywhere())
            .any(|flag| flag.takes_a_word() && is_word(flag, word));
        at += if takes_next { 2 } else { 1 };
    }
    None
}

/// Whether a word is a flag without its value: `-n`, `--namespace`.
pub fn is_word(flag: &Flag, word: &str) -> bool {
    match word.strip_prefix("--") {
        Some(name) => name == flag.name,
        None => word
            .strip_prefix('-')
            .is_some_and(|rest| flag.letter.is_some_and(|c| rest.strip_prefix(c) == Some(""))),
    }
}

/// Flags that no page names, the commands that take them, and what is said when one is used.
const DEPRECATED: [(&str, &str, &str); 2] = [
    (
        "record||false|",
        ",annotate,apply,apply edit-last-applied,autoscale,create,edit,expose,label,patch,run,scale,set image,set resources,set selector,set serviceaccount,",
        "--record will be removed in the future",
    ),
    (
        "cpu-percent||-1|",
        ",autoscale,",
        "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    ),
];

/// What is said of a flag that should not be used any more.
pub fn deprecation(name: &str) -> Option<&'static str> {
    DEPRECATED.iter().find(|(line, ..)| line.split('|').next() == Some(name)).map(|(.., said)| *said)
}

/// The flags of a command, those of every command last.
pub fn of(command: &str) -> impl Iterator<Item = Flag> {
    let own = help::page(command).map_or(&[][..], |page| page.options);
    let word = format!(",{command},");
    let unlisted = DEPRECATED
        .iter()
        .filter(move |(_, commands, _)| commands.contains(&word))
        .filter_map(|(line, ..)| Flag::read(line));
    own.iter().copied().chain(unlisted).chain(everywhere())
}

/// The flags that every command takes; they may stand before the verb.
pub fn everywhere() -> impl Iterator<Item = Flag> {
    help::everywhere().iter().copied().chain([HELP])
}

/// What `kubectl options` prints.
pub fn options() -> String {
    let all: Vec<String> = help::everywhere().iter().map(Flag::described).collect();
    format!("The following options can be passed to any command:\n\n{}\n", all.join("\n"))
}
