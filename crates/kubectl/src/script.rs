//! A line of the terminal as a shell reads it: several commands, `for` loops, pipes, files.
//!
//! Models: a POSIX shell, as far as the tasks and tutorials of Kubernetes' documentation need it.
//! Differs: no variables but those of `for`, no substitution, and the programs of [`crate::filter`] alone. A line
//! runs so many statements at one moment of simulated time; what is left goes on at the next.

use std::rc::Rc;

use apimachinery::Time;

use crate::budget;
use crate::command::{Command, Output, Poll, failed, once};
use crate::filter::Filter;
use crate::line;
use crate::loops::{self, Item, Statement, What};
use crate::world::World;

/// Begins a line.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn start(text: &str, stdin: Option<&str>) -> Box<dyn Command> {
    match statements(text).and_then(loops::read) {
        Ok(all) if all.len() == 1 && is_simple(text) => simple(text, stdin),
        Ok(all) => Box::new(Script {
            frames: vec![Frame { body: all, at: 0, turns: None }],
            variables: Vec::new(),
            running: None,
            code: 0,
            stdin: stdin.map(str::to_owned),
            ran: 0,
            since: None,
        }),
        Err(problem) => failed(format!("sh: {problem}\n"), 2),
    }
}

fn is_simple(text: &str) -> bool {
    !text.contains(['|', '>', '<', ';', '&']) || pieces(text, &["|", ">", "<", ";", "&"]).len() == 1
}

/// Splits at marks outside of quotes; each piece has the mark before it.
fn pieces(text: &str, marks: &[&'static str]) -> Vec<(&'static str, String)> {
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

pub(crate) fn statements(text: &str) -> Result<Vec<Statement>, String> {
    let mut all = pieces(text, &["&&", "||", ";", "\n"]);
    for (mark, piece) in &mut all {
        if *mark == "\n" || mark.is_empty() {
            *mark = ";";
        }
        *piece = piece.trim().to_owned();
    }
    let wrong =
        all.iter().skip(1).zip(&all).find(|((mark, _), (_, before))| *mark != ";" && before.is_empty());
    if let Some(((mark, _), _)) = wrong {
        return Err(format!("syntax error near unexpected token `{mark}'"));
    }
    all.retain(|(_, piece)| !piece.is_empty());
    Ok(all)
}

/// Statements of a line that run at one moment, turns of loops among them.
const STATEMENTS_MAX: usize = 64;

/// Statements under way: those of the line, or those of a loop.
#[derive(Clone)]
struct Frame {
    body: Rc<[Item]>,
    at: usize,
    /// The variable of a loop and the words that it still takes, the next one last.
    turns: Option<(String, Vec<String>)>,
}

impl Frame {
    fn has_more(&self) -> bool {
        self.at < self.body.len() || self.turns.as_ref().is_some_and(|(_, words)| !words.is_empty())
    }
}

/// A line of several commands under way.
#[derive(Clone)]
struct Script {
    /// The loops that are under way, innermost last; the first frame is the line.
    frames: Vec<Frame>,
    variables: Vec<(String, String)>,
    running: Option<Pipeline>,
    code: i32,
    stdin: Option<String>,
    /// How many statements ran since this moment.
    ran: usize,
    since: Option<Time>,
}

/// What comes next in a line.
enum Next {
    Runs,
    /// Enough has run at this moment.
    Later,
    End,
}

impl Script {
    fn next(&mut self, world: &dyn World, out: &mut Output) -> Next {
        while let Some(frame) = self.frames.last_mut() {
            if self.ran >= STATEMENTS_MAX {
                return Next::Later;
            }
            self.ran += 1;
            let Some(item) = frame.body.get(frame.at).cloned() else {
                // The body has ended: another turn, or the end of the loop.
                match frame.turns.as_mut().and_then(|(name, words)| Some((name.clone(), words.pop()?))) {
                    Some((name, word)) => {
                        frame.at = 0;
                        self.variables.retain(|(known, _)| *known != name);
                        self.variables.push((name, word));
                    }
                    None => drop(self.frames.pop()),
                }
                continue;
            };
            frame.at += 1;
            let runs = match item.mark {
                "&&" => self.code == 0,
                "||" => self.code != 0,
                _ => true,
            };
            if !runs {
                continue;
            }
            match self.begin(&item.what, world) {
                Ok(()) if self.running.is_some() => return Next::Runs,
                Ok(()) => {}
                Err(problem) => {
                    out.complain(&format!("sh: {problem}"));
                    self.code = 2;
                }
            }
        }
        Next::End
    }

    /// Begins a command, or the turns of a loop.
    fn begin(&mut self, what: &What, world: &dyn World) -> Result<(), String> {
        match what {
            What::Command(text) => {
                let text = line::expand(text, &self.variables)?;
                self.running = Some(Pipeline::new(&text, self.stdin.as_deref(), world)?);
            }
            What::Loop(turns) => {
                let mut words = line::split(&line::expand(&turns.words, &self.variables)?)?;
                words.reverse();
                let body = turns.body.clone();
                self.code = 0;
                self.frames.push(Frame { at: body.len(), body, turns: Some((turns.name.clone(), words)) });
            }
        }
        Ok(())
    }

    /// Goes on; `None` if more is to be done at a later moment.
    fn go_on(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        loop {
            if let Some(running) = &mut self.running {
                match running.poll(world, out) {
                    Poll::Pending => return None,
                    Poll::Exited(code) => self.code = code,
                }
                self.running = None;
                if !out.files.is_empty() && self.frames.iter().any(Frame::has_more) {
                    // What was written is there at the next poll.
                    return None;
                }
            }
            match self.next(world, out) {
                Next::Runs => {}
                Next::Later => return None,
                Next::End => return Some(self.code),
            }
        }
    }
}

impl Command for Script {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if self.since != Some(world.now()) {
            self.ran = 0;
        }
        let ended = self.go_on(world, out);
        // A request may have let time pass; what ran until now counts at this moment, too.
        self.since = Some(world.now());
        ended.map_or(Poll::Pending, Poll::Exited)
    }

    fn prompt(&self) -> Option<&str> {
        self.running.as_ref()?.command.prompt()
    }

    fn document(&self) -> Option<&(String, String)> {
        self.running.as_ref()?.command.document()
    }

    fn feed(&mut self, line: &str) {
        if let Some(running) = &mut self.running {
            running.command.feed(line);
        }
    }
}

/// Commands whose output goes through filters into the next command, or into a file.
#[derive(Clone)]
struct Pipeline {
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
    fn new(text: &str, stdin: Option<&str>, world: &dyn World) -> Result<Self, String> {
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

    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
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
fn simple(text: &str, stdin: Option<&str>) -> Box<dyn Command> {
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
