//! Which flags each command takes, and which command a line means.
//!
//! Models: the flag sets of `k8s.io/kubectl/pkg/cmd`.

use crate::flag::Flag;
use crate::help;

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
            .any(|flag| flag.takes_a_word() && flag.is_word(word));
        at += if takes_next { 2 } else { 1 };
    }
    None
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
    help::everywhere().iter().copied().chain([Flag::HELP])
}

/// What `kubectl options` prints.
pub fn options() -> String {
    let all: Vec<String> = help::everywhere().iter().map(Flag::described).collect();
    format!("The following options can be passed to any command:\n\n{}\n", all.join("\n"))
}
