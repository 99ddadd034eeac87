//! A line of the terminal as a shell reads it: several commands, `for` loops, pipes, files.
//!
//! Models: a POSIX shell, as far as the tasks and tutorials of Kubernetes' documentation need it.
//! Differs: no variables but those of `for`, no substitution, and the programs of [`crate::filter`] alone. A line
//! runs so many statements at one moment of simulated time; what is left goes on at the next.

use std::rc::Rc;

use apimachinery::Time;

use crate::command::{Command, Output, Poll, failed};
use crate::line;
use crate::loops::{self, Item, Statement, What};
use crate::pipeline::{Pipeline, pieces, simple};
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
        self.running.as_ref()?.command().prompt()
    }

    fn document(&self) -> Option<&(String, String)> {
        self.running.as_ref()?.command().document()
    }

    fn feed(&mut self, line: &str) {
        if let Some(running) = &mut self.running {
            running.feed(line);
        }
    }
}
