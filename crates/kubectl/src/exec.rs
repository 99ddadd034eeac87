//! `kubectl exec`, and a shell that reads lines while it runs.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/exec`.
//! Differs: a shell is a command run anew for every line, after the lines that set its variables and
//! directory.

use std::collections::VecDeque;

use apimachinery::value::ValueExt;
use apimachinery::{Reason, Status};

use crate::Invocation;
use crate::command::{Command, Output, Plan, Poll, failed, once, planned};
use crate::errors;
use crate::logs::{choose_container, pod_of};
use crate::world::{ExecRequest, World};

/// What is said if `--pod-running-timeout` is not above zero.
pub const NO_TIMEOUT: &str = "--pod-running-timeout must be higher than zero";

/// What is said if `-t` was given although standard input is a text.
pub const NO_TTY: &str = "Unable to use a TTY - input is not a terminal or the right kind of file";

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let args = &call.args;
    if let Some(file) = args.value("filename").map(str::to_owned) {
        return planned(move |world, _| match world.file(&file) {
            None => Err(errors::line(&format!("the path \"{file}\" does not exist"))),
            Some(_) => Err(errors::line("exec reads no manifests here; name a pod")),
        });
    }
    if args.positional.is_empty() {
        return failed(errors::line("pod, type/name or --filename must be specified"), 1);
    }
    if args.positional.len() > 1 && args.after_dashes.is_none() {
        let text = "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead";
        return failed(errors::usage("exec", text), 1);
    }
    if args.after_dashes.as_ref().is_none_or(Vec::is_empty) {
        return failed(errors::line("you must specify at least one command for the container"), 1);
    }
    if args.duration("pod-running-timeout").is_some_and(|timeout| timeout.is_zero()) {
        return failed(errors::usage("exec", NO_TIMEOUT), 1);
    }
    planned(move |world, out| plan(&call, world, out))
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    let word = args.positional.first().map_or("", String::as_str);
    let pod = pod_of(&call.namespace, word, world)?;
    let phase = pod.status().str_at(&["phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        let text = format!("cannot exec into a container in a completed pod; current phase is {phase}");
        return Err(errors::line(&text));
    }
    let request = ExecRequest {
        namespace: call.namespace.clone(),
        container: choose_container(&pod, args.value("container").unwrap_or(""), out)?,
        pod: pod.metadata.name.clone(),
        command: args.after_dashes.clone().unwrap_or_default(),
        stdin: call.stdin.clone().filter(|_| args.is_on("stdin")),
        ends: None,
    };
    if args.is_on("stdin") && call.stdin.is_none() && is_shell(&request.command) {
        return Ok(Box::new(Shell::new(request)));
    }
    if args.is_on("stdin") && args.is_on("tty") && call.stdin.is_some() && !args.is_on("quiet") {
        out.complain(NO_TTY);
    }
    Ok(once(move |world, out| run(&request, world, out)))
}

/// Runs a command to its end; returns the exit code.
pub fn run(request: &ExecRequest, world: &mut dyn World, out: &mut Output) -> i32 {
    match world.exec(request) {
        Ok(answer) => {
            out.stdout.push_str(&answer.stdout);
            out.stderr.push_str(&answer.stderr);
            if answer.exit != 0 {
                out.complain(&format!("command terminated with exit code {}", answer.exit));
            }
            answer.exit
        }
        Err(status) => {
            out.stderr.push_str(&refusal(&status));
            1
        }
    }
}

/// How kubectl says that a command could not be run.
pub fn refusal(status: &Status) -> String {
    match status.reason {
        // What the stream itself says has no server's name before it.
        Reason::BadRequest | Reason::InternalError => errors::line(&status.message),
        _ => errors::text(status),
    }
}

/// Whether a command is a shell that reads its lines from standard input.
pub fn is_shell(command: &[String]) -> bool {
    let [program] = command else { return false };
    matches!(program.rsplit('/').next(), Some("sh" | "ash" | "bash"))
}

/// A shell in a container.
#[derive(Clone)]
pub struct Shell {
    request: ExecRequest,
    lines: VecDeque<String>,
    /// The lines that must be run before each further one.
    before: String,
    prompt: Option<String>,
    last_exit: i32,
}

impl Shell {
    /// A shell where `request` would run its command.
    pub fn new(request: ExecRequest) -> Self {
        Self { request, lines: VecDeque::new(), before: String::new(), prompt: None, last_exit: 0 }
    }

    /// Runs a line; returns the shell's exit code if the line has ended it.
    fn line(&mut self, line: &str, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let mut words = line.split_whitespace();
        match words.next() {
            None => return None,
            Some("exit" | "logout") => {
                if self.request.command.first().is_some_and(|shell| shell.ends_with("bash")) {
                    out.say("exit");
                }
                return Some(words.next().and_then(|code| code.parse().ok()).unwrap_or(self.last_exit));
            }
            Some(_) => {}
        }
        let script = format!("{}{}", self.before, line.replace("$?", &self.last_exit.to_string()));
        let mut request = self.request.clone();
        request.command.extend(["-c".to_owned(), script]);
        let Ok(answer) = world.exec(&request) else { return Some(137) };
        out.stdout.push_str(&answer.stdout);
        out.stdout.push_str(&answer.stderr);
        self.last_exit = answer.exit;
        self.prompt = Some(answer.prompt);
        let keeps = line
            .split_whitespace()
            .next()
            .is_some_and(|word| matches!(word, "cd" | "export") || word.contains('='));
        if keeps && answer.exit == 0 {
            self.before.extend([line, "\n"]);
        }
        None
    }

    /// Runs the lines that were fed; returns the shell's exit code when it is left, or why there is none.
    pub fn go_on(&mut self, world: &mut dyn World, out: &mut Output) -> Option<Result<i32, Status>> {
        if self.prompt.is_none() {
            if !is_shell(&self.request.command) {
                self.request.command = vec!["sh".to_owned()];
            }
            match world.exec(&self.request) {
                Ok(answer) => self.prompt = Some(answer.prompt),
                Err(status) => return Some(Err(status)),
            }
        }
        while let Some(line) = self.lines.pop_front() {
            if let Some(code) = self.line(&line, world, out) {
                return Some(Ok(code));
            }
        }
        None
    }
}

impl Command for Shell {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        match self.go_on(world, out) {
            None => Poll::Pending,
            Some(Ok(code)) => {
                if code != 0 {
                    out.complain(&format!("command terminated with exit code {code}"));
                }
                Poll::Exited(code)
            }
            Some(Err(status)) => {
                out.stderr.push_str(&refusal(&status));
                Poll::Exited(1)
            }
        }
    }

    fn prompt(&self) -> Option<&str> {
        self.prompt.as_deref()
    }

    fn feed(&mut self, line: &str) {
        self.lines.push_back(line.to_owned());
    }
}

/// What is said of a program that only a container has, typed at the terminal.
pub fn outside(program: &str) -> Box<dyn Command> {
    failed(format!("sh: {program}: run it in a Pod, e.g. kubectl exec web-0 -- {program}\n"), 127)
}

/// `nslookup`, `dig` or `getent` typed at the terminal: the world answers, if it can.
pub fn dns_tool(words: Vec<String>) -> Box<dyn Command> {
    planned(move |world, _| {
        let Some(answer) = world.dns_tool(&words) else {
            return Ok(outside(words.first().map_or("", String::as_str)));
        };
        Ok(once(move |_, out| {
            out.stdout.push_str(&answer.stdout);
            out.stderr.push_str(&answer.stderr);
            answer.exit
        }))
    })
}
