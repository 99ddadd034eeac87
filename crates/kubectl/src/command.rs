//! The shape of a command.

use crate::world::World;

/// What a command has printed since it was last asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Files that were written: name and text.
    pub files: Vec<(String, String)>,
}

impl Output {
    /// A line on standard output.
    pub fn say(&mut self, line: &str) {
        self.stdout.push_str(line);
        self.stdout.push('\n');
    }

    /// A line on standard error.
    pub fn complain(&mut self, line: &str) {
        self.stderr.push_str(line);
        self.stderr.push('\n');
    }

    /// The server's warnings.
    pub fn warn_all(&mut self, warnings: &[String]) {
        for warning in warnings {
            self.complain(&format!("Warning: {warning}"));
        }
    }
}

/// Whether a command has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// It waits for the world to change, or for time to pass.
    Pending,
    /// It has ended with this exit code.
    Exited(i32),
}

/// A command under way. It is a value: a clone goes on from the same place, so a moment that is kept holds the
/// command that ran at it.
pub trait Command: CloneCommand {
    /// Goes on as far as possible now.
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll;

    /// What stands before the cursor while the command waits for a line: `/ # `. `None` while it does
    /// not read.
    fn prompt(&self) -> Option<&str> {
        None
    }

    /// The file that the command wants edited: its name and text. [`Self::feed`] gives it back.
    fn document(&self) -> Option<&(String, String)> {
        None
    }

    /// A line that was typed while the command ran, or its document as edited; it is read at the next
    /// poll.
    fn feed(&mut self, line: &str) {
        let _ = line;
    }
}

/// What lets a boxed [`Command`] be cloned. Every command that is `Clone` has it.
pub trait CloneCommand {
    /// A copy that goes on by itself.
    fn clone_boxed(&self) -> Box<dyn Command>;
}

impl<C: Command + Clone + 'static> CloneCommand for C {
    fn clone_boxed(&self) -> Box<dyn Command> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Command> {
    fn clone(&self) -> Self {
        (**self).clone_boxed()
    }
}

/// A command that does all at its first poll.
#[derive(Clone)]
struct Once<F>(F);

impl<F: FnMut(&mut dyn World, &mut Output) -> i32 + Clone + 'static> Command for Once<F> {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        Poll::Exited((self.0)(world, out))
    }
}

/// The command that runs then, or what kubectl says instead.
pub type Plan = Result<Box<dyn Command>, String>;

/// A command whose arguments are understood at its first poll, when the world can be asked.
#[derive(Clone)]
struct Planned<F> {
    plan: F,
    command: Option<Box<dyn Command>>,
}

impl<F: FnMut(&mut dyn World, &mut Output) -> Plan + Clone + 'static> Command for Planned<F> {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.command.is_none() {
            match (self.plan)(world, out) {
                Ok(command) => self.command = Some(command),
                Err(message) => {
                    out.stderr.push_str(&message);
                    return Poll::Exited(1);
                }
            }
        }
        self.command.as_mut().map_or(Poll::Exited(0), |command| command.poll(world, out))
    }

    fn prompt(&self) -> Option<&str> {
        self.command.as_ref()?.prompt()
    }

    fn document(&self) -> Option<&(String, String)> {
        self.command.as_ref()?.document()
    }

    fn feed(&mut self, line: &str) {
        if let Some(command) = &mut self.command {
            command.feed(line);
        }
    }
}

/// A command that is planned at its first poll.
pub fn planned(plan: impl FnMut(&mut dyn World, &mut Output) -> Plan + Clone + 'static) -> Box<dyn Command> {
    Box::new(Planned { plan, command: None })
}

/// A command that does all at once and gives its exit code.
pub fn once(act: impl FnMut(&mut dyn World, &mut Output) -> i32 + Clone + 'static) -> Box<dyn Command> {
    Box::new(Once(act))
}

/// A command that only prints.
pub fn printed(text: String) -> Box<dyn Command> {
    once(move |_, out| {
        out.stdout.push_str(&text);
        0
    })
}

/// A command that only fails.
pub fn failed(text: String, code: i32) -> Box<dyn Command> {
    once(move |_, out| {
        out.stderr.push_str(&text);
        code
    })
}
