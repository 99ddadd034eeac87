//! The terminal: what was typed, what was printed, and the command that still runs.

use std::fmt;

use apimachinery::Time;
use kubectl::{Command, Output, Poll};

use crate::timeline::Timeline;
use crate::world::{File, SessionWorld};

/// Lines kept on screen.
const ENTRIES_MAX: usize = 2_000;
/// Commands kept in the history.
const HISTORY_MAX: usize = 500;
/// A command is polled at most so often without time passing.
const POLLS_MAX: usize = 64;

/// What kind of text an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// What a person typed.
    Typed,
    /// What a person typed into a command that reads, after its prompt.
    Fed,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Text on the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// The text, possibly of many lines.
    pub text: String,
    /// When, in simulated time.
    pub at: Time,
}

/// The terminal.
#[derive(Default)]
pub struct Terminal {
    entries: Vec<Entry>,
    history: Vec<String>,
    running: Option<Box<dyn Command>>,
    /// What the running command may read by name.
    files: Vec<File>,
    saved: Vec<File>,
    last_exit: i32,
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("entries", &self.entries.len())
            .field("running", &self.running.is_some())
            .finish_non_exhaustive()
    }
}

impl Terminal {
    /// What is on screen, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was typed, oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Whether a command still runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What stands before the cursor while a command reads lines.
    pub fn prompt(&self) -> Option<&str> {
        self.running.as_ref()?.prompt()
    }

    /// The file that the running command wants edited: its name and text.
    pub fn document(&self) -> Option<&(String, String)> {
        self.running.as_ref()?.document()
    }

    /// Files that commands have written since this was last asked.
    pub fn take_saved(&mut self) -> Vec<File> {
        std::mem::take(&mut self.saved)
    }

    /// Gives the file back that the running command wanted edited.
    pub fn feed_document(&mut self, text: &str, timeline: &mut Timeline) {
        if let Some(command) = &mut self.running {
            command.feed(text);
            self.poll(timeline);
        }
    }

    /// The exit code of the last command that ended.
    pub fn last_exit(&self) -> i32 {
        self.last_exit
    }

    /// Begins a command line, with files that it may name.
    pub fn run(&mut self, line: &str, files: Vec<File>, timeline: &mut Timeline) {
        let at = timeline.head().now();
        if let Some(command) = &mut self.running
            && let Some(prompt) = command.prompt()
        {
            let text = format!("{prompt}{line}");
            command.feed(line);
            self.push(EntryKind::Fed, text, at);
            self.poll(timeline);
            return;
        }
        self.interrupt(timeline);
        self.push(EntryKind::Typed, line.to_owned(), at);
        if line.trim().is_empty() {
            return;
        }
        if self.history.last().is_none_or(|last| last != line) {
            self.history.push(line.to_owned());
            if self.history.len() > HISTORY_MAX {
                self.history.remove(0);
            }
        }
        self.files = files;
        self.running = Some(kubectl::start(line, None));
        self.poll(timeline);
    }

    /// Ends the running command, as Ctrl-C does.
    pub fn interrupt(&mut self, timeline: &Timeline) {
        if self.running.take().is_some() {
            self.push(EntryKind::Stderr, "^C\n".to_owned(), timeline.head().now());
            self.last_exit = 130;
        }
    }

    /// Lets the running command go on, if there is one.
    pub fn poll(&mut self, timeline: &mut Timeline) {
        for _ in 0..POLLS_MAX {
            let Some(command) = &mut self.running else { return };
            let mut output = Output::default();
            let poll = command.poll(&mut SessionWorld::new(timeline, &self.files), &mut output);
            let at = timeline.head().now();
            let printed = !output.stdout.is_empty() || !output.stderr.is_empty() || !output.files.is_empty();
            for (name, text) in &output.files {
                self.files.retain(|(known, _)| known != name);
                self.files.push((name.clone(), text.clone()));
            }
            self.push(EntryKind::Stdout, output.stdout, at);
            self.push(EntryKind::Stderr, output.stderr, at);
            self.saved.extend(output.files);
            if let Poll::Exited(code) = poll {
                self.last_exit = code;
                self.running = None;
                return;
            }
            if !printed {
                return;
            }
        }
    }

    /// Empties the screen.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    fn push(&mut self, kind: EntryKind, text: String, at: Time) {
        let is_line = matches!(kind, EntryKind::Typed | EntryKind::Fed);
        if text.is_empty() && !is_line {
            return;
        }
        match self.entries.last_mut() {
            Some(last) if last.kind == kind && !is_line => last.text.push_str(&text),
            _ => self.entries.push(Entry { kind, text, at }),
        }
        if self.entries.len() > ENTRIES_MAX {
            self.entries.remove(0);
        }
    }
}
