//! Flags and arguments, with kubectl's own errors.
//!
//! Models: `github.com/spf13/pflag`.

use apimachinery::sorted::SortedMap;

use crate::flags::{self, Takes};

/// Flags and arguments of one verb.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Args {
    /// Arguments that are no flags.
    pub positional: Vec<String>,
    /// What stands after `--`.
    pub after_dashes: Option<Vec<String>>,
    verb: String,
    flags: SortedMap<&'static str, Vec<String>>,
}

fn find(verb: &str, long: Option<&str>, short: Option<char>) -> Option<(&'static str, Takes)> {
    let is_it = |flag: &flags::Flag| long == Some(flag.name) || (short.is_some() && short == flag.letter);
    flags::of(verb).find(is_it).map(|flag| (flag.name, flag.takes))
}

/// Where the words after the flags of every verb begin: the place of the verb.
pub fn verb_place(words: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !word.starts_with('-') {
            return Some(at);
        }
        let name = word.trim_start_matches('-');
        let takes_next = flags::of("").any(|flag| {
            let letter = flag.letter.is_some_and(|c| name.strip_prefix(c) == Some(""));
            flags::is_global(&flag) && flag.takes == Takes::Value && (letter || flag.name == name)
        });
        at += if takes_next { 2 } else { 1 };
    }
    None
}

impl Args {
    /// Parses the words after a verb; the error is what kubectl prints.
    pub fn parse(verb: &str, words: Vec<String>) -> Result<Self, String> {
        let mut args = Self { verb: verb.to_owned(), ..Self::default() };
        let see = || format!("See 'kubectl {verb} --help' for usage.\n");
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--" {
                args.after_dashes = Some(words.collect());
                break;
            }
            if let Some(flag) = word.strip_prefix("--") {
                let (name, value) =
                    flag.split_once('=').map_or((flag, None), |(n, v)| (n, Some(v.to_owned())));
                let Some((name, takes)) = find(verb, Some(name), None) else {
                    return Err(format!("error: unknown flag: --{name}\n{}", see()));
                };
                let value = flag_value(takes, value, &mut words)
                    .ok_or_else(|| format!("error: flag needs an argument: --{name}\n{}", see()))?;
                check_boolean(name, takes, &value).map_err(|problem| format!("{problem}{}", see()))?;
                args.flags.entry(name).or_default().push(value);
            } else if word.len() > 1 && word.starts_with('-') && word != "-" {
                args.short(verb, &word, &mut words)?;
            } else {
                args.positional.push(word);
            }
        }
        Ok(args)
    }

    fn short(
        &mut self,
        verb: &str,
        word: &str,
        words: &mut dyn Iterator<Item = String>,
    ) -> Result<(), String> {
        let see = || format!("See 'kubectl {verb} --help' for usage.\n");
        let mut rest = word.trim_start_matches('-');
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or("");
            let Some((name, takes)) = find(verb, None, Some(letter)) else {
                return Err(format!("error: unknown shorthand flag: '{letter}' in {word}\n{}", see()));
            };
            if takes == Takes::Value {
                let value = rest.strip_prefix('=').unwrap_or(rest);
                let value = if value.is_empty() { words.next() } else { Some(value.to_owned()) };
                let Some(value) = value else {
                    return Err(format!("error: flag needs an argument: '{letter}' in {word}\n{}", see()));
                };
                self.flags.entry(name).or_default().push(value);
                return Ok(());
            }
            // `-w=false`.
            let given = rest.strip_prefix('=').map(str::to_owned);
            let ends = given.is_some();
            let value = flag_value(takes, given, words).unwrap_or_default();
            self.flags.entry(name).or_default().push(value);
            if ends {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What kubectl calls itself when it writes: `--field-manager`, or `kubectl-patch` and the like.
    pub fn field_manager(&self) -> String {
        let given = self.value("field-manager").map(str::to_owned);
        given.unwrap_or_else(|| match self.verb.as_str() {
            "apply" | "diff" if self.is_on("server-side") => "kubectl".to_owned(),
            "apply" | "diff" => "kubectl-client-side-apply".to_owned(),
            // These send no name; the server takes the program's.
            "scale" | "drain" | "cordon" | "uncordon" => String::new(),
            verb => format!("kubectl-{verb}"),
        })
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

    /// All values of a flag that may be repeated, commas being part of them.
    pub fn repeated(&self, name: &str) -> Vec<&str> {
        self.flags.get(name).into_iter().flatten().map(String::as_str).collect()
    }

    /// A number; the error is what kubectl prints.
    pub fn number(&self, name: &str) -> Result<Option<i64>, String> {
        let parse = |text: &str| {
            text.parse().map_err(|_| {
                format!("error: invalid argument \"{text}\" for \"--{name}\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax\n")
            })
        };
        self.value(name).map(parse).transpose()
    }

    /// A span of time; the error is what kubectl prints.
    pub fn duration(&self, name: &str) -> Result<Option<std::time::Duration>, String> {
        let parse = |text: &str| {
            apimachinery::duration::parse_go(text).map_err(|problem| {
                format!("error: invalid argument \"{text}\" for \"--{name}\" flag: {problem}\n")
            })
        };
        self.value(name).map(parse).transpose()
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
        (Takes::Value, None) => words.next(),
    }
}

fn check_boolean(name: &str, takes: Takes, value: &str) -> Result<(), String> {
    let is_one = matches!(
        value,
        "true" | "false" | "1" | "0" | "t" | "f" | "T" | "F" | "True" | "False" | "TRUE" | "FALSE"
    );
    if takes != Takes::Nothing || is_one {
        return Ok(());
    }
    Err(format!(
        "error: invalid argument \"{value}\" for \"--{name}\" flag: strconv.ParseBool: parsing \"{value}\": invalid syntax\n"
    ))
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
