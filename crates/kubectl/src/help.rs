//! `--help`: the pages of kubectl, word for word, and the commands that there are.
//!
//! `pages/commands.txt` has a block for each command: what it may be called, its options by name, and what
//! stands above them. `pages/flags.txt` has each option once. `pages.py` beside this crate reads both off a real
//! kubectl.

use std::sync::OnceLock;

use crate::flag::{self, Flag};

const COMMANDS: &str = include_str!("pages/commands.txt");
const OPTIONS_NOTE: &str =
    "Use \"kubectl options\" for a list of global command-line options (applies to all commands).\n";

/// A command's page.
#[derive(Debug)]
pub struct Page {
    /// `rollout undo`; empty for kubectl itself.
    pub command: &'static str,
    /// The options of its own.
    pub options: &'static [Flag],
    usage: &'static str,
    above: &'static str,
}

impl Page {
    fn read(block: &'static str) -> Option<Self> {
        let mut parts = block.splitn(4, '\n');
        let (command, usage) = (parts.next()?, parts.next()?);
        let options = flag::named(parts.next()?).leak();
        Some(Self { command, usage, options, above: parts.next()? })
    }

    /// The other names that the command goes by: `svc`.
    fn aliases(&self) -> impl Iterator<Item = &'static str> {
        let after = self.above.split_once("\nAliases:\n").map_or("", |(_, after)| after);
        after.lines().next().unwrap_or("").split(", ")
    }

    /// What `--help` prints.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.above);
        if !self.options.is_empty() {
            let options: Vec<String> = self.options.iter().map(Flag::described).collect();
            text.extend(["\nOptions:\n", &options.join("\n")]);
        }
        text.extend(["\nUsage:\n  kubectl ", self.usage, "\n\n"]);
        let is_group = self.command.is_empty() || self.above.contains("\n\nAvailable Commands:\n");
        if is_group {
            let blank = if self.command.is_empty() { "" } else { " " };
            text.extend([
                "Use \"kubectl ",
                self.command,
                blank,
                "<command> --help\" for more information about a given command.\n",
            ]);
        }
        text + OPTIONS_NOTE
    }
}

/// All pages, kubectl's own first, then in the order of that one's lists.
pub fn pages() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| COMMANDS.split("\n== ").skip(1).filter_map(Page::read).collect())
}

/// The options that every command takes.
pub fn everywhere() -> &'static [Flag] {
    static EVERYWHERE: OnceLock<Vec<Flag>> = OnceLock::new();
    EVERYWHERE.get_or_init(|| flag::named(COMMANDS.split('\n').next().unwrap_or("")))
}

/// The page of a command: `rollout undo`.
pub fn page(command: &str) -> Option<&'static Page> {
    pages().iter().find(|page| page.command == command)
}

/// The command of a group that a word means, by its name or an alias; `None` if there is none.
pub fn below(group: &str, word: &str) -> Option<&'static str> {
    let mut inside = pages().iter().filter(|page| {
        let (before, name) = page.command.rsplit_once(' ').unwrap_or(("", page.command));
        before == group && !name.is_empty()
    });
    let named = inside.find(|page| {
        page.command.rsplit(' ').next() == Some(word) || page.aliases().any(|alias| alias == word)
    });
    named.map(|page| page.command)
}

/// Verbs that no list names.
const UNLISTED: [&str; 2] = ["alpha", "options"];

/// All verbs, in the order of kubectl's own page.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    let listed =
        pages().iter().map(|page| page.command).filter(|name| !name.is_empty() && !name.contains(' '));
    listed.chain(UNLISTED)
}

/// What `kubectl <command> --help` prints; of kubectl itself for the empty command.
pub fn of(command: &str) -> String {
    page(command).map_or_else(String::new, Page::text)
}

/// `kubectl help <words>`: the page, or on standard error that there is none.
pub fn topic(words: &[String]) -> Result<String, String> {
    let mut command = "";
    for word in words {
        match below(command, word) {
            Some(inner) => command = inner,
            None if command.is_empty() && !UNLISTED.contains(&word.as_str()) => {
                let all = of("");
                let lists = all.find("\nBasic Commands").and_then(|at| all.get(at..)).unwrap_or("");
                return Err(format!("Unknown help topic [`{}`]\n\n{lists}", words.join("` `")));
            }
            None => break,
        }
    }
    Ok(of(command))
}
