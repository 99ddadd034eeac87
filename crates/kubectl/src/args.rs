//! Flags and arguments, with kubectl's own errors.
//!
//! Models: `github.com/spf13/pflag` and the flag sets of the verbs.

use std::collections::BTreeMap;

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Value,
    /// A boolean; `--flag` means true.
    Nothing,
    /// A text; `--flag` alone means this.
    Optional(&'static str),
}

/// Flags: long name, short name, what it takes, and the verbs that know it (empty: all).
const FLAGS: &[(&str, char, Takes, &[&str])] = &[
    ("namespace", 'n', Takes::Value, &[]),
    ("output", 'o', Takes::Value, &[]),
    ("selector", 'l', Takes::Value, &["get", "describe", "delete", "label", "annotate", "logs", "wait", "scale", "rollout", "drain", "set", "cordon", "uncordon", "taint", "apply"]),
    ("field-selector", '\0', Takes::Value, &["get", "delete", "label", "annotate", "wait"]),
    ("all-namespaces", 'A', Takes::Nothing, &["get", "describe", "delete", "label", "annotate", "wait", "events"]),
    ("watch", 'w', Takes::Nothing, &["get", "rollout", "events"]),
    ("watch-only", '\0', Takes::Nothing, &["get"]),
    ("output-watch-events", '\0', Takes::Nothing, &["get"]),
    ("no-headers", '\0', Takes::Nothing, &["get", "events", "api-resources"]),
    ("show-labels", '\0', Takes::Nothing, &["get"]),
    ("show-kind", '\0', Takes::Nothing, &["get"]),
    ("show-managed-fields", '\0', Takes::Nothing, &["get"]),
    ("label-columns", 'L', Takes::Value, &["get"]),
    ("sort-by", '\0', Takes::Value, &["get"]),
    ("subresource", '\0', Takes::Value, &["get", "patch", "replace", "edit", "apply"]),
    ("show-events", '\0', Takes::Nothing, &["describe"]),
    ("ignore-not-found", '\0', Takes::Nothing, &["get", "delete"]),
    ("chunk-size", '\0', Takes::Value, &["get", "describe"]),
    ("filename", 'f', Takes::Value, &[]),
    ("kustomize", 'k', Takes::Value, &["apply", "create", "delete", "get"]),
    ("recursive", 'R', Takes::Nothing, &["apply", "create", "delete", "get", "explain"]),
    ("dry-run", '\0', Takes::Optional("unchanged"), &["apply", "create", "delete", "scale", "patch", "label", "annotate", "set", "replace", "run", "expose", "rollout", "drain", "cordon", "uncordon", "taint"]),
    ("server-side", '\0', Takes::Nothing, &["apply", "diff"]),
    ("force-conflicts", '\0', Takes::Nothing, &["apply"]),
    ("field-manager", '\0', Takes::Value, &["apply", "create", "patch", "label", "annotate", "scale", "set", "replace"]),
    ("validate", '\0', Takes::Optional("strict"), &["apply", "create", "replace"]),
    ("save-config", '\0', Takes::Nothing, &["create", "replace", "expose", "run"]),
    ("overwrite", '\0', Takes::Nothing, &["label", "annotate", "apply", "taint"]),
    ("all", '\0', Takes::Nothing, &["delete", "label", "annotate", "wait", "scale", "apply", "taint", "set"]),
    ("list", '\0', Takes::Nothing, &["label", "annotate", "set"]),
    ("cascade", '\0', Takes::Optional("background"), &["delete", "replace", "apply"]),
    ("force", '\0', Takes::Nothing, &["delete", "replace", "apply", "drain"]),
    ("grace-period", '\0', Takes::Value, &["delete", "replace", "drain", "apply"]),
    ("now", '\0', Takes::Nothing, &["delete"]),
    ("wait", '\0', Takes::Nothing, &["delete", "apply", "replace"]),
    ("timeout", '\0', Takes::Value, &["delete", "rollout", "wait", "scale", "drain", "replace", "apply"]),
    ("replicas", '\0', Takes::Value, &["scale"]),
    ("current-replicas", '\0', Takes::Value, &["scale"]),
    ("resource-version", '\0', Takes::Value, &["scale", "label", "annotate"]),
    ("revision", '\0', Takes::Value, &["rollout"]),
    ("to-revision", '\0', Takes::Value, &["rollout"]),
    ("patch", 'p', Takes::Value, &["patch"]),
    ("type", '\0', Takes::Value, &["patch", "expose", "create"]),
    ("container", 'c', Takes::Value, &["logs", "exec", "attach", "set", "cp"]),
    ("containers", '\0', Takes::Value, &["set"]),
    ("follow", 'f', Takes::Nothing, &["logs"]),
    ("previous", 'p', Takes::Nothing, &["logs"]),
    ("tail", '\0', Takes::Value, &["logs"]),
    ("timestamps", '\0', Takes::Nothing, &["logs"]),
    ("since", '\0', Takes::Value, &["logs"]),
    ("all-containers", '\0', Takes::Nothing, &["logs"]),
    ("stdin", 'i', Takes::Nothing, &["exec", "run", "attach"]),
    ("tty", 't', Takes::Nothing, &["exec", "run", "attach"]),
    ("quiet", 'q', Takes::Nothing, &["exec", "run", "attach"]),
    ("for", '\0', Takes::Value, &["wait", "events"]),
    ("limits", '\0', Takes::Value, &["set"]),
    ("requests", '\0', Takes::Value, &["set"]),
    ("ignore-daemonsets", '\0', Takes::Nothing, &["drain"]),
    ("delete-emptydir-data", '\0', Takes::Nothing, &["drain"]),
    ("disable-eviction", '\0', Takes::Nothing, &["drain"]),
    ("client", '\0', Takes::Nothing, &["version"]),
    ("from-literal", '\0', Takes::Value, &["create"]),
];

/// Flags and arguments of one verb.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Args {
    /// Arguments that are no flags.
    pub positional: Vec<String>,
    /// What stands after `--`.
    pub after_dashes: Option<Vec<String>>,
    flags: BTreeMap<&'static str, Vec<String>>,
}

fn find(verb: &str, long: Option<&str>, short: Option<char>) -> Option<(&'static str, Takes)> {
    FLAGS
        .iter()
        .find(|(name, letter, _, verbs)| {
            (long == Some(*name) || short.is_some_and(|c| c == *letter && c != '\0'))
                && (verbs.is_empty() || verbs.contains(&verb))
                // `-f` is `--follow` for logs and `--filename` elsewhere.
                && !(verb == "logs" && *name == "filename")
        })
        .map(|(name, _, takes, _)| (*name, *takes))
}

impl Args {
    /// Parses the words after a verb; the error is what kubectl prints.
    pub fn parse(verb: &str, words: Vec<String>) -> Result<Self, String> {
        let mut args = Self::default();
        let see = || format!("See 'kubectl {verb} --help' for usage.\n");
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--" {
                args.after_dashes = Some(words.collect());
                break;
            }
            if let Some(flag) = word.strip_prefix("--") {
                let (name, value) = flag.split_once('=').map_or((flag, None), |(n, v)| (n, Some(v.to_owned())));
                let Some((name, takes)) = find(verb, Some(name), None) else {
                    return Err(format!("error: unknown flag: --{name}\n{}", see()));
                };
                let value = args.flag_value(takes, value, &mut words).ok_or_else(|| {
                    format!("error: flag needs an argument: --{name}\n{}", see())
                })?;
                args.flags.entry(name).or_default().push(value);
            } else if word.len() > 1 && word.starts_with('-') && word != "-" {
                args.short(verb, &word, &mut words)?;
            } else {
                args.positional.push(word);
            }
        }
        Ok(args)
    }

    fn flag_value(&self, takes: Takes, given: Option<String>, words: &mut impl Iterator<Item = String>) -> Option<String> {
        match (takes, given) {
            (_, Some(value)) => Some(value),
            (Takes::Nothing, None) => Some("true".to_owned()),
            (Takes::Optional(default), None) => Some(default.to_owned()),
            (Takes::Value, None) => words.next(),
        }
    }

    fn short(&mut self, verb: &str, word: &str, words: &mut impl Iterator<Item = String>) -> Result<(), String> {
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
            self.flags.entry(name).or_default().push("true".to_owned());
        }
        Ok(())
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

    /// Whether a boolean flag is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.value(name) == Some("true")
    }

    /// Whether a boolean flag is on, with another default.
    pub fn is_on_or(&self, name: &str, default: bool) -> bool {
        self.value(name).map_or(default, |v| v == "true")
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
