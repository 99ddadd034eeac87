//! One statement of a line: commands joined by pipes, with files.

use apimachinery::Time;

use crate::budget;
use crate::command::{Command, Output, Poll, once};
use crate::filter::Filter;
use crate::line;
use crate::world::World;

/// Splits at marks outside of quotes; each piece has the mark before it.
pub(crate) fn pieces(text: &str, marks: &[&'static str]) -> Vec<(&'static str, String)> {
    let mut found = vec![("", String::new())];
    let mut quote = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mark = marks.iter().find(|mark| quote.is_none() && rest.starts_with(**mark));
        if let Some(mark) = mark {
            found.push((mark, String::new()));
            rest = rest.get(mark.len()..).unwrap_or("");
            continue;
        }
        match quote {
            Some(q) if q == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        let mut taken = c.len_utf8();
        if c == '\\' && quote != Some('\'') {
            taken += rest.chars().nth(1).map_or(0, char::len_utf8);
        }
        if let Some((_, piece)) = found.last_mut() {
            piece.push_str(rest.get(..taken).unwrap_or(""));
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    found
}

/// Commands whose output goes through filters into the next command, or into a file.
#[derive(Clone)]
pub(crate) struct Pipeline {
    command: Box<dyn Command>,
    filters: Vec<Filter>,
    /// The last piece of output, which has no line end yet.
    partial: String,
    /// The commands after this one, each with the filters behind it; the next one last.
    later: Vec<(String, Vec<Filter>)>,
    /// What the next command reads, or the file receives.
    held: String,
    /// Whether something did not fit into what is held.
    is_full: bool,
    file: Option<(String, bool)>,
    /// Where standard error goes: nowhere, or with standard output.
    errors: Errors,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Errors {
    Shown,
    Joined,
    Dropped,
}

impl Pipeline {
    /// Reads a statement.
    ///
    /// # Errors
    /// What a shell says of it.
    pub(crate) fn new(text: &str, stdin: Option<&str>, world: &dyn World) -> Result<Self, String> {
        let mut errors = Errors::Shown;
        let mut text = text.to_owned();
        for (word, meant) in
            [("2>&1", Errors::Joined), ("2>/dev/null", Errors::Dropped), ("2> /dev/null", Errors::Dropped)]
        {
            if text.contains(word) {
                (text, errors) = (text.replace(word, ""), meant);
            }
        }
        let mut stdin = stdin.map(str::to_owned);
        let mut file = None;
        let mut parts = pieces(&text, &[">>", ">", "<"]);
        for (mark, name) in parts.drain(1..) {
            let name = line::split(&name)?.concat();
            if name.is_empty() {
                return Err(format!("syntax error near unexpected token `{mark}'"));
            }
            if mark == "<" {
                stdin = Some(world.file(&name).ok_or_else(|| format!("{name}: No such file or directory"))?);
            } else {
                file = Some((name, mark == ">>"));
            }
        }
        let commands = parts.pop().map(|(_, text)| text).unwrap_or_default();
        let mut stages: Vec<(String, Vec<Filter>)> = Vec::new();
        for (_, stage) in pieces(&commands, &["|"]) {
            match (Filter::new(&line::split(&stage)?), stages.last_mut()) {
                (Some(filter), Some((_, filters))) => filters.push(filter),
                _ => stages.push((stage, Vec::new())),
            }
        }
        stages.reverse();
        let (first, filters) = stages.pop().unwrap_or_default();
        let command = simple(&first, stdin.as_deref());
        Ok(Self {
            command,
            filters,
            partial: String::new(),
            later: stages,
            held: String::new(),
            is_full: false,
            file,
            errors,
        })
    }

    /// Takes what the command has printed.
    fn take(&mut self, mut printed: Output, ended: bool, out: &mut Output) {
        match self.errors {
            Errors::Shown => out.stderr.push_str(&printed.stderr),
            Errors::Joined => printed.stdout.push_str(&printed.stderr),
            Errors::Dropped => {}
        }
        out.files.extend(printed.files);
        let mut text = printed.stdout;
        if !self.filters.is_empty() {
            text = std::mem::take(&mut self.partial) + &text;
            let whole = if ended { text.len() } else { text.rfind('\n').map_or(0, |at| at + 1) };
            self.partial = text.split_off(whole);
            for filter in &mut self.filters {
                text = filter.pass(&text, ended);
            }
        }
        if self.later.is_empty() && self.file.is_none() {
            out.stdout.push_str(&text);
        } else {
            let room = budget::OUTPUT_MAX.saturating_sub(self.held.len());
            if text.len() > room && !std::mem::replace(&mut self.is_full, true) {
                out.complain("sh: write error: File too large");
            }
            self.held.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or(""));
        }
    }

    /// The command that runs now.
    pub(crate) fn command(&self) -> &dyn Command {
        &*self.command
    }

    /// A line for the command that runs now.
    pub(crate) fn feed(&mut self, line: &str) {
        self.command.feed(line);
    }

    /// Goes on as far as possible now.
    pub(crate) fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        loop {
            let mut printed = Output::default();
            let poll = self.command.poll(world, &mut printed);
            self.take(printed, poll != Poll::Pending, out);
            let Poll::Exited(mut code) = poll else { return Poll::Pending };
            if let Some(last) = self.filters.last() {
                code = last.code();
            }
            let Some((text, filters)) = self.later.pop() else {
                if let Some((name, appends)) = self.file.take() {
                    let before = if appends { world.file(&name).unwrap_or_default() } else { String::new() };
                    let mut whole = before;
                    budget::push(&mut whole, &self.held);
                    out.files.push((name, whole));
                }
                return Poll::Exited(code);
            };
            self.command = simple(&text, Some(&std::mem::take(&mut self.held)));
            self.filters = filters;
        }
    }
}

/// Begins a command of the shell itself, or a program.
pub(crate) fn simple(text: &str, stdin: Option<&str>) -> Box<dyn Command> {
    let words = line::split(text).unwrap_or_default();
    let rest = words.get(1..).unwrap_or(&[]).to_vec();
    match words.first().map_or("", String::as_str) {
        "echo" => crate::command::printed(rest.join(" ") + "\n"),
        "true" | ":" => crate::command::printed(String::new()),
        "cat" if rest.is_empty() => crate::command::printed(stdin.unwrap_or("").to_owned()),
        "cat" => once(move |world, out| {
            let mut code = 0;
            for name in &rest {
                if let Some(text) = world.file(name) {
                    if !budget::push(&mut out.stdout, &text) {
                        return 1;
                    }
                } else {
                    out.complain(&format!("cat: {name}: No such file or directory"));
                    code = 1;
                }
            }
            code
        }),
        "sleep" => {
            let seconds = rest.first().and_then(|word| word.trim_end_matches('s').parse().ok());
            Box::new(Sleep { until: None, seconds: seconds.unwrap_or(0.0) })
        }
        _ => crate::start_simple(text, stdin),
    }
}

/// `sleep`, in simulated seconds.
#[derive(Clone)]
struct Sleep {
    until: Option<Time>,
    seconds: f64,
}

impl Command for Sleep {
    fn poll(&mut self, world: &mut dyn World, _: &mut Output) -> Poll {
        let now = world.now();
        let span = std::time::Duration::try_from_secs_f64(self.seconds).unwrap_or_default();
        let until = *self.until.get_or_insert(now + span);
        if now >= until { Poll::Exited(0) } else { Poll::Pending }
    }
}
