//! The terminal: what was typed, what was printed, and the command that still runs.

use std::fmt;
use std::rc::Rc;

use apimachinery::Time;
use kubectl::{Command, Output, Poll, budget};

use crate::world::{File, SessionWorld};

/// Entries kept on screen.
const ENTRIES_MAX: usize = 2_000;
/// Bytes kept on screen.
const SCREEN_BYTES: usize = 16 << 20;
/// An entry takes in more text until it is this long, in bytes, and ends with a line's end.
const ENTRY_BYTES: usize = 2_048;
/// A command is polled at most this often at one moment.
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
    /// The command that printed it has ended with an error.
    pub failed: bool,
}

/// What a line means to who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What was asked for.
    Plain,
    /// Something by the way: standard error of a command that does well.
    Notice,
    /// A warning.
    Warning,
    /// Why it failed.
    Error,
}

impl Entry {
    /// The text in pieces of one meaning, each of whole lines.
    pub fn toned(&self) -> Vec<(Tone, &str)> {
        let mut found: Vec<(Tone, usize, usize)> = Vec::new();
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let (tone, end) = (self.tone(line.trim_end()), at + line.len());
            match found.last_mut() {
                Some((last, _, until)) if *last == tone => *until = end,
                Some(_) | None => found.push((tone, at, end)),
            }
            at = end;
        }
        let piece = |(tone, from, to): (Tone, usize, usize)| Some((tone, self.text.get(from..to)?));
        found.into_iter().filter_map(piece).collect()
    }

    fn tone(&self, line: &str) -> Tone {
        // What a tool in a container says of its failure; through a terminal it comes as standard output.
        let complains = line.starts_with("** server can't find")
            || line.starts_with(";; connection timed out")
            || line.split_once(": ").is_some_and(|(tool, rest)| {
                let is_word = tool.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c));
                let begins = ["can't ", "cannot ", "bad address", "unable to "];
                is_word
                    && (begins.iter().any(|words| rest.starts_with(words))
                        || rest.ends_with("not found")
                        || rest.ends_with("No such file or directory"))
            });
        let is_error = line.starts_with("error: ")
            || line.starts_with("Error from server")
            || line.starts_with("Error: ");
        match self.kind {
            EntryKind::Typed | EntryKind::Fed => Tone::Plain,
            EntryKind::Stdout if complains => Tone::Error,
            EntryKind::Stdout => Tone::Plain,
            EntryKind::Stderr if line.starts_with("Warning: ") => Tone::Warning,
            // kubectl says before the command which container it takes, whatever comes of it.
            EntryKind::Stderr if line.starts_with("Defaulted container ") => Tone::Notice,
            EntryKind::Stderr if self.failed || is_error || complains => Tone::Error,
            EntryKind::Stderr => Tone::Notice,
        }
    }
}

/// The entries on screen, oldest first. Clones share them, and an entry that does not change stays the same one.
pub type Screen = Rc<Vec<Rc<Entry>>>;

/// A command under way.
#[derive(Clone)]
pub(crate) struct Running {
    command: Box<dyn Command>,
    /// The files that it may read by name.
    files: Rc<Vec<File>>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

impl Running {
    pub(crate) fn new(command: Box<dyn Command>, files: Vec<File>) -> Self {
        Self { command, files: Rc::new(files) }
    }

    pub(crate) fn command(&self) -> &dyn Command {
        &*self.command
    }

    pub(crate) fn feed(&mut self, text: &str) {
        self.command.feed(text);
    }

    /// Lets it go on as far as it can at this moment; `say` takes what it prints. Returns its exit code once it
    /// has ended.
    pub(crate) fn poll(
        &mut self,
        world: &mut SessionWorld<'_>,
        say: &mut dyn FnMut(Output, Time),
    ) -> Option<i32> {
        for _ in 0..POLLS_MAX {
            let mut output = Output::default();
            world.files = self.files.clone();
            let poll = self.command.poll(world, &mut output);
            let printed = output != Output::default();
            if !output.files.is_empty() {
                let known = Rc::make_mut(&mut self.files);
                known.retain(|(name, _)| output.files.iter().all(|(other, _)| other != name));
                known.extend(output.files.iter().cloned());
            }
            if printed {
                output.stdout = cut(output.stdout);
                output.stderr = cut(output.stderr);
                say(output, world.moment());
            }
            match poll {
                Poll::Exited(code) => return Some(code),
                Poll::Pending if !printed => return None,
                Poll::Pending => {}
            }
        }
        None
    }
}

/// The terminal.
#[derive(Debug, Clone, Default)]
pub struct Terminal {
    screen: Screen,
    running: Option<Running>,
    /// Files that commands have written, until somebody takes them.
    saved: Vec<File>,
    last_exit: i32,
}

impl Terminal {
    /// What is on screen, oldest first.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Whether a command still runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What stands before the cursor while a command reads lines.
    pub fn prompt(&self) -> Option<&str> {
        self.running.as_ref()?.command().prompt()
    }

    /// The file that the running command wants edited: its name and text.
    pub fn document(&self) -> Option<&(String, String)> {
        self.running.as_ref()?.command().document()
    }

    /// The exit code of the last command that ended.
    pub fn last_exit(&self) -> i32 {
        self.last_exit
    }

    /// Hands out the files that commands have written since this was last asked.
    pub(crate) fn take_saved(&mut self) -> Vec<File> {
        std::mem::take(&mut self.saved)
    }

    /// Takes a line: the one that the running command asks for, or else a command line, which ends what runs.
    pub(crate) fn line(&mut self, line: &str, files: &[File], world: &mut SessionWorld<'_>) {
        let at = world.moment();
        if let Some(running) = &mut self.running
            && let Some(prompt) = running.command().prompt()
        {
            let text = format!("{prompt}{line}");
            running.feed(line);
            self.push(EntryKind::Fed, text, at);
            self.poll(world);
            return;
        }
        self.interrupt(at);
        self.push(EntryKind::Typed, line.to_owned(), at);
        if !line.trim().is_empty() {
            self.running = Some(Running::new(kubectl::start(line, None), files.to_vec()));
            self.poll(world);
        }
    }

    /// Runs a command line for the page itself. The command that runs goes on, unless the new one does not
    /// end at once: then it takes the other's place.
    pub(crate) fn beside(&mut self, line: &str, running: Running, world: &mut SessionWorld<'_>) {
        self.push(EntryKind::Typed, line.to_owned(), world.moment());
        let other = self.running.replace(running);
        self.poll(world);
        if self.running.is_none() {
            self.running = other;
        }
    }

    /// Gives the file back that the running command wanted edited.
    pub(crate) fn edited(&mut self, text: &str, world: &mut SessionWorld<'_>) {
        if let Some(running) = self.running.as_mut().filter(|running| running.command().document().is_some())
        {
            running.feed(text);
            self.poll(world);
        }
    }

    /// Ends the running command, as Ctrl-C does.
    pub(crate) fn interrupt(&mut self, at: Time) {
        if self.running.take().is_some() {
            self.push(EntryKind::Stderr, "^C\n".to_owned(), at);
            self.last_exit = 130;
        }
    }

    /// Says that something was typed whose text is not kept.
    pub(crate) fn omitted(&mut self, line: &str, bytes: usize, at: Time) {
        self.interrupt(at);
        self.push(EntryKind::Typed, line.to_owned(), at);
        let text = format!("# refused; its text of {bytes} bytes was not kept\n");
        self.push(EntryKind::Stderr, text, at);
        self.last_exit = 1;
        self.mark_failed();
    }

    /// Lets the running command go on, if there is one.
    pub(crate) fn poll(&mut self, world: &mut SessionWorld<'_>) {
        let Some(mut running) = self.running.take() else { return };
        let exit = running.poll(world, &mut |output, at| {
            self.push(EntryKind::Stdout, output.stdout, at);
            self.push(EntryKind::Stderr, output.stderr, at);
            self.saved.extend(output.files);
        });
        match exit {
            Some(code) => {
                self.last_exit = code;
                if code != 0 {
                    self.mark_failed();
                }
            }
            None => self.running = Some(running),
        }
    }

    /// What the command that has just ended printed is the output of one that failed.
    fn mark_failed(&mut self) {
        let screen = Rc::make_mut(&mut self.screen);
        for entry in screen.iter_mut().rev().take_while(|entry| entry.kind != EntryKind::Typed) {
            if entry.kind == EntryKind::Stderr {
                Rc::make_mut(entry).failed = true;
            }
        }
    }

    /// Empties the screen.
    pub(crate) fn clear(&mut self) {
        self.screen = Screen::default();
    }

    fn push(&mut self, kind: EntryKind, text: String, at: Time) {
        let is_line = matches!(kind, EntryKind::Typed | EntryKind::Fed);
        if text.is_empty() && !is_line {
            return;
        }
        let screen = Rc::make_mut(&mut self.screen);
        match screen.last_mut() {
            Some(last) if last.kind == kind && !is_line && has_room(&last.text) => {
                Rc::make_mut(last).text.push_str(&text);
            }
            _ => screen.push(Rc::new(Entry { kind, text, at, failed: false })),
        }
        let mut bytes = 0;
        let fits = |entry: &&Rc<Entry>| {
            bytes += entry.text.len();
            bytes <= SCREEN_BYTES
        };
        let kept = screen.iter().rev().take(ENTRIES_MAX).take_while(fits).count();
        if kept < screen.len() {
            screen.drain(..screen.len() - kept);
        }
    }
}

/// A text that is printed, no longer than one command may print at once.
fn cut(text: String) -> String {
    if text.len() <= budget::OUTPUT_MAX {
        return text;
    }
    let mut within = String::new();
    budget::push(&mut within, &text);
    within
}

/// Whether an entry takes in more text. A long one does not once it ends with a line, so little is copied.
fn has_room(text: &str) -> bool {
    text.len() < ENTRY_BYTES || !text.ends_with('\n')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::examples::NOTE_000;
    use crate::{Session, laboratory};

    /// What stands on the screen since the last line that was typed, with its meaning.
    fn last(session: &Session) -> Vec<(Tone, String)> {
        let screen = session.terminal().screen();
        let from = screen.iter().rposition(|entry| entry.kind == EntryKind::Typed).map_or(0, |at| at + 1);
        let lines = screen.iter().skip(from).flat_map(|entry| entry.toned());
        lines.map(|(tone, text)| (tone, text.trim_end().to_owned())).collect()
    }

    #[test]
    fn errors_warnings_and_notices_are_told_apart() {
        let mut session = Session::new(laboratory(), None);
        session.command("kubectl get pods");
        assert_eq!(last(&session), [(Tone::Notice, "No resources found in default namespace.".to_owned())]);
        session.command("kubectl get pod web-9");
        assert_eq!(last(&session)[0].0, Tone::Error);
        session.command("kubectl rollout status sts/nobody");
        assert_eq!(last(&session)[0].0, Tone::Error);
        for (name, text) in NOTE_000.files.iter().take(2) {
            session.apply_text(name, text);
        }
        session.play(Duration::from_secs(40));
        session.command("kubectl get pods");
        assert!(last(&session).iter().all(|(tone, _)| *tone == Tone::Plain));
        session.command("kubectl delete pod web-0 --grace-period=0 --force");
        let said = last(&session);
        assert!(
            said.iter().any(|(tone, text)| *tone == Tone::Warning && text.starts_with("Warning: ")),
            "{said:?}"
        );
        session.play(Duration::from_secs(20));
        session.command(
            "kubectl run -it --rm dns --image=busybox:1.28.4 --restart=Never -- nslookup nobody.web",
        );
        session.play(Duration::from_secs(20));
        let errors: Vec<String> = last(&session)
            .into_iter()
            .filter(|(tone, _)| *tone == Tone::Error)
            .map(|(_, text)| text)
            .collect();
        assert!(errors.iter().any(|text| text.contains("can't resolve")), "{:?}", last(&session));
    }
}
