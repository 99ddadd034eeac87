//! `kubectl attach`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/attach`.
//! Differs: what a program prints is read from its log. A shell is one of its own, as with `exec`; when it
//! is left, the container's process ends with its code.

use api::Object;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, Output, Plan, Poll, failed, planned};
use crate::errors;
use crate::exec::{self, Shell};
use crate::logs::{self, choose_container, pod_of};
use crate::world::{ExecRequest, World};

const RECORDED: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.";
const NO_PROMPT: &str = "If you don't see a command prompt, try pressing enter.";

/// How a client is attached.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// The container, its command as far as it is known, and what goes in.
    pub(crate) request: ExecRequest,
    /// `-i`.
    stdin: bool,
    /// `-t`.
    tty: bool,
    /// `-q`.
    pub(crate) quiet: bool,
}

impl Client {
    pub(crate) fn of(call: &Invocation, pod: &str, container: String, command: Vec<String>) -> Self {
        let stdin = call.args.is_on("stdin");
        let request = ExecRequest {
            namespace: call.namespace.clone(),
            pod: pod.to_owned(),
            container,
            command,
            stdin: call.stdin.clone().filter(|_| stdin),
            ends: None,
        };
        Self { request, stdin, tty: call.args.is_on("tty"), quiet: call.args.is_on("quiet") }
    }

    /// Whether keys go to the container as they are pressed: not if standard input is a text.
    fn is_raw(&self) -> bool {
        self.tty && self.stdin && self.request.stdin.is_none()
    }

    pub(crate) fn greet(&self, out: &mut Output) {
        if self.quiet {
            return;
        }
        if self.tty && self.stdin && !self.is_raw() {
            out.complain(exec::NO_TTY);
        }
        out.complain(RECORDED);
        out.complain(NO_PROMPT);
    }

    /// The program that reads: what the container runs, or its image's shell.
    fn reader(&self) -> ExecRequest {
        let mut request = self.request.clone();
        if request.command.is_empty() {
            request.command = vec!["sh".to_owned()];
        }
        request
    }

    pub(crate) fn attach(self, from_now: bool, world: &dyn World) -> Result<Stream, String> {
        let reads = self.request.command.is_empty() || exec::is_shell(&self.request.command);
        let sort = if self.stdin && self.request.stdin.is_some() {
            Sort::Fed
        } else if self.stdin && reads {
            Sort::Shell(Shell::new(self.reader()))
        } else {
            let words = [self.request.pod.as_str(), "-c", &self.request.container, "-f"];
            let since = from_now.then(|| format!("--since-time={}", world.now().rfc3339_micro()));
            let words = words.into_iter().map(str::to_owned).chain(since).collect();
            let args = Args::parse("logs", words)?;
            let namespace = self.request.namespace.clone();
            Sort::Log(logs::start(Invocation { args, stdin: None, namespace }))
        };
        Ok(Stream { client: self, sort })
    }

    /// What is said after the client has left.
    fn goodbye(&self, out: &mut Output) {
        if self.is_raw() && !self.quiet {
            let ExecRequest { pod, container, namespace, .. } = &self.request;
            out.say(&format!(
                "Session ended, resume using 'kubectl attach {pod} -c {container} -n {namespace} -i -t' command"
            ));
        }
    }
}

#[derive(Clone)]
enum Sort {
    /// A person types lines.
    Shell(Shell),
    /// The input is at hand.
    Fed,
    /// Nothing goes in; the log is followed.
    Log(Box<dyn Command>),
}

/// A client that is attached to a container.
#[derive(Clone)]
pub(crate) struct Stream {
    client: Client,
    sort: Sort,
}

impl Stream {
    /// Lets the container's process read the end of its input.
    fn end(&self, code: i32, world: &mut dyn World) {
        let request = ExecRequest { ends: Some(code), command: Vec::new(), ..self.client.request.clone() };
        // A container that ended meanwhile has nothing left to end.
        let _ = world.exec(&request);
    }
}

impl Command for Stream {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let left = match &mut self.sort {
            Sort::Log(log) => return log.poll(world, out),
            Sort::Shell(shell) => match shell.go_on(world, out) {
                Some(left) => left,
                None => return Poll::Pending,
            },
            Sort::Fed => world.exec(&self.client.reader()).map(|answer| {
                out.stdout.push_str(&answer.stdout);
                // A terminal has one stream.
                let errors = if self.client.tty { &mut out.stdout } else { &mut out.stderr };
                errors.push_str(&answer.stderr);
                answer.exit
            }),
        };
        let code = match left {
            Ok(code) => code,
            Err(status) => {
                out.stderr.push_str(&exec::refusal(&status));
                return Poll::Exited(1);
            }
        };
        self.end(code, world);
        self.client.goodbye(out);
        Poll::Exited(0)
    }

    fn prompt(&self) -> Option<&str> {
        match &self.sort {
            Sort::Shell(shell) => shell.prompt(),
            Sort::Fed | Sort::Log(_) => None,
        }
    }

    fn feed(&mut self, line: &str) {
        if let Sort::Shell(shell) = &mut self.sort {
            shell.feed(line);
        }
    }
}

/// Begins `attach`.
pub fn start(call: Invocation) -> Box<dyn Command> {
    match call.args.positional.as_slice() {
        [] => failed(errors::line("at least 1 argument is required for attach"), 1),
        [_] | [_, _] => planned(move |world, out| plan(&call, world, out)),
        words => {
            let (count, words) = (words.len(), words.join(" "));
            let text = format!(
                "expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {count}: [{words}]"
            );
            failed(errors::line(&text), 1)
        }
    }
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    if call.args.duration("pod-running-timeout").is_some_and(|timeout| timeout.is_zero()) {
        return Err(errors::usage("attach", exec::NO_TIMEOUT));
    }
    let pod = pod_of(&call.namespace, &call.args.positional.join("/"), world)?;
    let phase = pod.status().str_at(&["phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        let text = format!("cannot attach a container in a completed pod; current phase is {phase}");
        return Err(errors::line(&text));
    }
    let container = choose_container(&pod, call.args.value("container").unwrap_or(""), out)
        .map_err(|text| text.replacen("error: ", "error: cannot attach to the container: ", 1))?;
    let spec = container_spec(&pod, &container).cloned().unwrap_or_default();
    let name = &pod.metadata.name;
    let mut client = Client::of(call, name, container, command_of(&spec));
    if client.tty && spec.bool_at(&["tty"]) != Some(true) {
        client.tty = false;
        if !client.quiet {
            let text = "error: Unable to use a TTY - container";
            out.complain(&format!("{text} {} did not allocate one", client.request.container));
        }
    }
    client.greet(out);
    if !is_running(&pod, &client.request.container) {
        let text = format!(
            "unable to upgrade connection: container {} not found in pod {name}_{}",
            client.request.container, call.namespace
        );
        return Err(errors::line(&text));
    }
    // A container that takes no input: what comes in goes nowhere.
    client.stdin &= spec.bool_at(&["stdin"]) == Some(true);
    Ok(Box::new(client.attach(true, world)?))
}

fn container_spec<'p>(pod: &'p Object, name: &str) -> Option<&'p Value> {
    let mut all = ["containers", "initContainers"].iter().flat_map(|list| pod.spec().list_at(&[list]).iter());
    all.find(|container| container.str_at(&["name"]) == name)
}

fn command_of(container: &Value) -> Vec<String> {
    let words = ["command", "args"].iter().flat_map(|list| container.list_at(&[list]).iter());
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn is_running(pod: &Object, container: &str) -> bool {
    let statuses = pod.status().list_at(&["containerStatuses"]);
    statuses.iter().any(|s| s.str_at(&["name"]) == container && s.at(&["state", "running"]).is_some())
}
