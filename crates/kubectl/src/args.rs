//! Reads flags and arguments, with kubectl's own errors.
//!
//! Models: `github.com/spf13/pflag`.

use apimachinery::sorted::SortedMap;

use crate::flag::{Flag, Takes};
use crate::flags;

/// Flags and arguments of one verb.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Args {
    /// Arguments that are not flags.
    pub positional: Vec<String>,
    /// What stands after `--`.
    pub after_dashes: Option<Vec<String>>,
    command: String,
    notices: String,
    flags: SortedMap<&'static str, Vec<String>>,
}

fn find(command: &str, long: Option<&str>, short: Option<char>) -> Option<Flag> {
    let is_it = |flag: &Flag| long == Some(flag.name) || (short.is_some() && short == flag.letter);
    flags::of(command).find(is_it)
}

/// The place of the verb: the first word after flags that every verb takes.
pub fn verb_place(words: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !word.starts_with('-') {
            return Some(at);
        }
        let takes_next = flags::everywhere().any(|flag| flag.takes_a_word() && flag.is_word(word));
        at += if takes_next { 2 } else { 1 };
    }
    None
}

impl Args {
    /// What [`Self::parse`] makes of a command and flags that need not be looked up.
    pub fn of(command: &str, flags: &[(&'static str, &str)]) -> Self {
        let flags = flags.iter().map(|(name, value)| (*name, vec![(*value).to_owned()])).collect();
        Self { command: command.to_owned(), flags, ..Self::default() }
    }

    /// Parses the words after a verb; the error is what kubectl prints.
    pub fn parse(verb: &str, words: Vec<String>) -> Result<Self, String> {
        let command = flags::command_of(verb, &words);
        let mut args = Self { command: command.clone(), ..Self::default() };
        args.read(&command, words).map_err(|problem| {
            let blank = if command.is_empty() { "" } else { " " };
            let notices = &args.notices;
            format!("{notices}error: {problem}\nSee 'kubectl {command}{blank}--help' for usage.\n")
        })?;
        Ok(args)
    }

    fn read(&mut self, command: &str, words: Vec<String>) -> Result<(), String> {
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--" {
                self.after_dashes = Some(words.collect());
                break;
            }
            if let Some(flag) = word.strip_prefix("--") {
                let (name, value) =
                    flag.split_once('=').map_or((flag, None), |(n, v)| (n, Some(v.to_owned())));
                let flag =
                    find(command, Some(name), None).ok_or_else(|| format!("unknown flag: --{name}"))?;
                let value = flag_value(flag.takes, value, &mut words)
                    .ok_or_else(|| format!("flag needs an argument: --{name}"))?;
                self.keep(&flag, value)?;
            } else if word.len() > 1 && word.starts_with('-') {
                self.short(command, &word, &mut words)?;
            } else {
                self.positional.push(word);
            }
        }
        Ok(())
    }

    fn short(
        &mut self,
        command: &str,
        word: &str,
        words: &mut dyn Iterator<Item = String>,
    ) -> Result<(), String> {
        let mut rest = word.trim_start_matches('-');
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or("");
            let flag = find(command, None, Some(letter))
                .ok_or_else(|| format!("unknown shorthand flag: '{letter}' in {word}"))?;
            if flag.takes_a_word() {
                let value = rest.strip_prefix('=').unwrap_or(rest);
                let value = if value.is_empty() { words.next() } else { Some(value.to_owned()) };
                let value = value.ok_or_else(|| format!("flag needs an argument: '{letter}' in {word}"))?;
                return self.keep(&flag, value);
            }
            // `-w=false`.
            let given = rest.strip_prefix('=').map(str::to_owned);
            let ends = given.is_some();
            let value = flag_value(flag.takes, given, words).unwrap_or_default();
            self.keep(&flag, value)?;
            if ends {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What kubectl calls itself as a manager of fields: `--field-manager`, or `kubectl-patch` and the like.
    pub fn field_manager(&self) -> String {
        let given = self.value("field-manager").map(str::to_owned);
        let verb = self.command.split(' ').next().unwrap_or("");
        given.unwrap_or_else(|| match verb {
            "apply" | "diff" if self.is_on("server-side") => "kubectl".to_owned(),
            "apply" | "diff" => "kubectl-client-side-apply".to_owned(),
            // These send no name; the server takes the program's.
            "scale" | "drain" | "cordon" | "uncordon" => String::new(),
            verb => format!("kubectl-{verb}"),
        })
    }

    fn keep(&mut self, flag: &Flag, value: String) -> Result<(), String> {
        check(flag.takes, &value).map_err(|problem| {
            format!("invalid argument \"{value}\" for \"{}\" flag: {problem}", flag.display())
        })?;
        if let Some(notice) = flags::deprecation(flag.name) {
            self.notices.push_str(&format!("Flag --{} has been deprecated, {notice}\n", flag.name));
        }
        self.flags.entry(flag.name).or_default().push(value);
        Ok(())
    }

    /// The command, down to the last word of its name: `rollout undo`.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// What is said of deprecated flags; it is said once.
    pub fn take_notices(&mut self) -> String {
        std::mem::take(&mut self.notices)
    }

    /// Takes a flag away, so that nobody else reads it.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.flags.remove(name)?.pop()
    }

    /// The last value of a flag.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.flags.get(name)?.last().map(String::as_str)
    }

    /// All values of a flag that may be repeated or hold commas.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let all = self.flags.get(name).into_iter().flatten();
        all.flat_map(|v| v.split(',')).filter(|v| !v.is_empty()).collect()
    }

    /// All values of a flag that may be repeated; commas are part of a value.
    pub fn repeated(&self, name: &str) -> Vec<&str> {
        self.flags.get(name).into_iter().flatten().map(String::as_str).collect()
    }

    /// The last value of a flag that takes a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.value(name)?.parse().ok()
    }

    /// The last value of a flag that takes a span of time; `None` if it is negative.
    pub fn duration(&self, name: &str) -> Option<std::time::Duration> {
        apimachinery::duration::parse_go(self.value(name)?).ok()
    }

    /// Whether a boolean flag is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.value(name) == Some("true")
    }

    /// Whether a boolean flag is on, with another default.
    pub fn is_on_or(&self, name: &str, default: bool) -> bool {
        self.value(name).map_or(default, |v| v == "true")
    }
}

fn flag_value(
    takes: Takes,
    given: Option<String>,
    words: &mut dyn Iterator<Item = String>,
) -> Option<String> {
    match (takes, given) {
        (_, Some(value)) => Some(value),
        (Takes::Nothing, None) => Some("true".to_owned()),
        (Takes::Optional(default), None) => Some(default.to_owned()),
        (Takes::Value | Takes::Number | Takes::Duration, None) => words.next(),
    }
}

/// Go's words for a value of the wrong type.
fn check(takes: Takes, value: &str) -> Result<(), String> {
    let is_one = matches!(
        value,
        "true" | "false" | "1" | "0" | "t" | "f" | "T" | "F" | "True" | "False" | "TRUE" | "FALSE"
    );
    let syntax = |parser: &str| Err(format!("strconv.{parser}: parsing \"{value}\": invalid syntax"));
    match takes {
        Takes::Nothing if !is_one => syntax("ParseBool"),
        Takes::Number if value.parse::<i64>().is_err() => syntax("ParseInt"),
        Takes::Duration => {
            let span = value.strip_prefix(['-', '+']).unwrap_or(value);
            apimachinery::duration::parse_go(span).map(drop)
        }
        Takes::Nothing | Takes::Number | Takes::Value | Takes::Optional(_) => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parse(verb: &str, words: &[&str]) -> Result<Args, String> {
        Args::parse(verb, words.iter().map(|w| (*w).to_owned()).collect())
    }

    #[test]
    fn flags_are_found_long_short_and_joined() {
        let args = parse("get", &["pods", "-owide", "--no-headers", "-l", "a=b", "-n=x"]).unwrap();
        assert_eq!(args.positional, ["pods"]);
        assert_eq!(args.value("output"), Some("wide"));
        assert_eq!(args.value("selector"), Some("a=b"));
        assert_eq!(args.value("namespace"), Some("x"));
        assert!(args.is_on("no-headers"));
    }

    #[test]
    fn unknown_flags_are_refused_in_kubectls_words() {
        assert_eq!(
            parse("get", &["pods", "--foo"]).unwrap_err(),
            "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"
        );
    }
}
