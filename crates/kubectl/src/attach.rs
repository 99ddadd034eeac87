//! `kubectl attach`, and what `run` does after its Pod was created.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/attach`, `handleAttachPod` of `k8s.io/kubectl/pkg/cmd/run`.
//! Differs: what a program prints is read from its log. A shell is one of its own, as with `exec`; when it
//! is left, the container's process ends with its code.

use std::rc::Rc;
use std::time::Duration;

use api::Object;
use apimachinery::value::ValueExt;
use apimachinery::{Status, Time};
use apiserver::{Actor, DeleteOptions, Propagation, Request};
use serde_json::Value;

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, Output, Plan, Poll, failed, planned};
use crate::errors;
use crate::exec::{self, Shell};
use crate::logs::{self, choose_container, live_pod, pod_of};
use crate::world::{ExecRequest, LogRequest, World};

const RECORDED: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.";
const NO_PROMPT: &str = "If you don't see a command prompt, try pressing enter.";
const TIMED_OUT: &str = "error: timed out waiting for the condition";
/// How long a Pod may take to run, and to end.
const POD_TIMEOUT: Duration = Duration::from_secs(60);

/// How a client is attached.
#[derive(Debug, Clone)]
struct Client {
    /// The container, the command that it runs as far as it is known, and what goes in.
    request: ExecRequest,
    /// `-i`.
    stdin: bool,
    /// `-t`.
    tty: bool,
    /// `-q`.
    quiet: bool,
}

impl Client {
    fn of(call: &Invocation, pod: &str, container: String, command: Vec<String>) -> Self {
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

    fn greet(&self, out: &mut Output) {
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

    fn attach(self, from_now: bool, world: &dyn World) -> Result<Stream, String> {
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

    /// What a client reads after the session.
    fn goodbye(&self, out: &mut Output) {
        if self.is_raw() && !self.quiet {
            let ExecRequest { pod, container, namespace, .. } = &self.request;
            out.say(&format!(
                "Session ended, resume using 'kubectl attach {pod} -c {container} -n {namespace} -i -t' command"
            ));
        }
    }
}

enum Sort {
    /// A person types lines.
    Shell(Shell),
    /// The input is at hand.
    Fed,
    /// Nothing goes in.
    Log(Box<dyn Command>),
}

/// A client that is attached to a container.
struct Stream {
    client: Client,
    sort: Sort,
}

impl Stream {
    /// The container's process reads the end of its input.
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

fn is_ready(pod: &Object) -> bool {
    let mut conditions = pod.status().list_at(&["conditions"]).iter();
    conditions.any(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True")
}

/// Attaches `run` to the Pod that it made; `made` is removed at the end if `--rm` asks for it.
pub fn to_made(
    call: &Invocation,
    name: &str,
    command: Vec<String>,
    made: Vec<Rc<Object>>,
) -> Box<dyn Command> {
    let args = &call.args;
    let restart = args.value("restart").filter(|policy| !policy.is_empty());
    let waits = match restart.unwrap_or("Always") {
        _ if args.is_on("leave-stdin-open") => None,
        "Never" => Some(&["Succeeded", "Failed"][..]),
        "OnFailure" => Some(&["Succeeded"][..]),
        _ => None,
    };
    Box::new(Attached {
        client: Client::of(call, name, name.to_owned(), command),
        remove: if args.is_on("rm") { made } else { Vec::new() },
        waits,
        timeout: args.duration("pod-running-timeout").unwrap_or(POD_TIMEOUT),
        deadline: None,
        stage: Stage::Starting,
    })
}

enum Stage {
    /// Until the Pod is ready or has ended.
    Starting,
    Attached(Stream),
    /// Until the Pod has ended, for its exit code.
    Ending,
}

/// `run -i`: the Pod is waited for, a client attached, its exit code waited for, and perhaps all removed.
struct Attached {
    client: Client,
    remove: Vec<Rc<Object>>,
    /// In which phases the Pod has ended; nothing if its exit code does not matter.
    waits: Option<&'static [&'static str]>,
    timeout: Duration,
    /// Of the wait that is on.
    deadline: Option<Time>,
    stage: Stage,
}

impl Attached {
    /// What the container has printed so far.
    fn print_log(&self, world: &dyn World, out: &mut Output) {
        let ExecRequest { namespace, pod, container, .. } = self.client.request.clone();
        let request = LogRequest { namespace, pod, container, ..LogRequest::default() };
        for (_, line) in world.logs(&request).map(|answer| answer.lines).unwrap_or_default() {
            out.say(&line);
        }
    }

    fn is_late(&mut self, world: &dyn World) -> bool {
        let timeout = self.timeout;
        world.now() >= *self.deadline.get_or_insert_with(|| world.now() + timeout)
    }

    /// Goes on to the end of the Pod, if its code matters.
    fn ending(&mut self) -> Option<i32> {
        self.deadline = None;
        self.stage = Stage::Ending;
        self.waits.is_none().then_some(0)
    }

    fn report(&self, pod: &Object, out: &mut Output) -> i32 {
        if pod.status().str_at(&["phase"]) == "Succeeded" {
            return 0;
        }
        let ExecRequest { namespace, pod: name, .. } = &self.client.request;
        let ended =
            pod.status().list_at(&["containerStatuses"]).first().and_then(|s| s.at(&["state", "terminated"]));
        let code = ended.and_then(|e| e.i64_at(&["exitCode"])).and_then(|code| i32::try_from(code).ok());
        let Some(code) = code.filter(|code| *code != 0) else {
            out.complain(&format!("error: pod {namespace}/{name} failed with unknown exit code"));
            return 1;
        };
        let said = |member| ended.map_or("", |e| e.str_at(&[member]));
        out.complain(&format!("pod {namespace}/{name} terminated ({})", said("reason")));
        if !said("message").is_empty() {
            out.complain(said("message"));
        }
        code
    }

    /// Goes on as far as possible now; the exit code when all is over.
    fn step(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        loop {
            if let Stage::Attached(stream) = &mut self.stage {
                match stream.poll(world, out) {
                    Poll::Pending => return None,
                    Poll::Exited(0) => {}
                    Poll::Exited(code) => return Some(code),
                }
                if let Some(code) = self.ending() {
                    return Some(code);
                }
            }
            let ExecRequest { namespace, pod, .. } = &self.client.request;
            let Some(pod) = live_pod(namespace, pod, world) else {
                out.stderr.push_str(&errors::text(&Status::not_found("pods", "", "")));
                return Some(1);
            };
            let phase = pod.status().str_at(&["phase"]);
            let is_late = self.is_late(world);
            match self.stage {
                Stage::Starting if matches!(phase, "Succeeded" | "Failed") => {
                    self.print_log(world, out);
                    if let Some(code) = self.ending() {
                        return Some(code);
                    }
                }
                Stage::Starting if phase == "Running" && is_ready(&pod) => {
                    self.client.greet(out);
                    match self.client.clone().attach(false, world) {
                        Ok(stream) => self.stage = Stage::Attached(stream),
                        Err(text) => {
                            out.stderr.push_str(&text);
                            return Some(1);
                        }
                    }
                }
                Stage::Ending if self.waits.is_some_and(|phases| phases.contains(&phase)) => {
                    return Some(self.report(&pod, out));
                }
                Stage::Starting | Stage::Ending | Stage::Attached(_) if is_late => {
                    out.complain(TIMED_OUT);
                    return Some(1);
                }
                Stage::Starting | Stage::Ending | Stage::Attached(_) => return None,
            }
        }
    }

    fn clean_up(&self, world: &mut dyn World, out: &mut Output) {
        for object in &self.remove {
            let options =
                DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
            if world.request(Request::delete(&Actor::user(), object.key(), options)).is_ok()
                && !self.client.quiet
            {
                let kind = object.kind.info().qualified_singular();
                let namespace = &self.client.request.namespace;
                out.say(&format!("{kind} \"{}\" deleted from {namespace} namespace", object.metadata.name));
            }
        }
    }
}

impl Command for Attached {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let Some(code) = self.step(world, out) else { return Poll::Pending };
        self.clean_up(world, out);
        Poll::Exited(code)
    }

    fn prompt(&self) -> Option<&str> {
        match &self.stage {
            Stage::Attached(stream) => stream.prompt(),
            Stage::Starting | Stage::Ending => None,
        }
    }

    fn feed(&mut self, line: &str) {
        if let Stage::Attached(stream) = &mut self.stage {
            stream.feed(line);
        }
    }
}
