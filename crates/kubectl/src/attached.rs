//! What `run` does after its Pod was created: a client is attached to it.
//!
//! Models: `handleAttachPod` of `k8s.io/kubectl/pkg/cmd/run`.

use std::rc::Rc;
use std::time::Duration;

use api::Object;
use apimachinery::value::ValueExt;
use apimachinery::{Status, Time};
use apiserver::{Actor, DeleteOptions, Propagation, Request};

use crate::Invocation;
use crate::attach::{Client, Stream};
use crate::command::{Command, Output, Poll};
use crate::errors;
use crate::logs::live_pod;
use crate::world::{ExecRequest, LogRequest, World};

const TIMED_OUT: &str = "error: timed out waiting for the condition";
/// How long a Pod may take to run, and to end.
const POD_TIMEOUT: Duration = Duration::from_secs(60);

fn is_ready(pod: &Object) -> bool {
    let mut conditions = pod.status().list_at(&["conditions"]).iter();
    conditions.any(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True")
}

/// Attaches `run` to the Pod that it made; `made` is removed at the end if `--rm` asks for it.
pub fn start(call: &Invocation, name: &str, command: Vec<String>, made: Vec<Rc<Object>>) -> Box<dyn Command> {
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

#[derive(Clone)]
enum Stage {
    /// Until the Pod is ready or has ended.
    Starting,
    Attached(Stream),
    /// Until the Pod has ended, for its exit code.
    Ending,
}

/// `run -i`: waits for the Pod, attaches a client, waits for the exit code, and perhaps removes what it made.
#[derive(Clone)]
struct Attached {
    client: Client,
    remove: Vec<Rc<Object>>,
    /// The phases in which the Pod has ended; `None` if its exit code does not matter.
    waits: Option<&'static [&'static str]>,
    timeout: Duration,
    /// The deadline of the current wait.
    deadline: Option<Time>,
    stage: Stage,
}

impl Attached {
    /// Prints what the container has printed so far.
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

    /// Goes on to wait for the Pod's end, if its exit code matters.
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
