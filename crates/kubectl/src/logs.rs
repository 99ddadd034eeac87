//! `kubectl logs`.

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Time};
use apiserver::{Actor, Request};

use crate::Invocation;
use crate::command::{Command, Output, Poll, failed};
use crate::errors;
use crate::world::{LogRequest, World};

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let Some(word) = call.args.positional.first() else {
        return failed("error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n".to_owned(), 1);
    };
    let pod = word.rsplit('/').next().unwrap_or(word).to_owned();
    let container = call.args.value("container").or(call.args.positional.get(1).map(String::as_str)).unwrap_or("");
    let request = LogRequest {
        namespace: call.namespace.clone(),
        pod,
        container: container.to_owned(),
        previous: call.args.is_on("previous"),
        tail: call.args.value("tail").and_then(|t| t.parse().ok()),
        after: None,
    };
    Box::new(Logs { request, follow: call.args.is_on("follow"), timestamps: call.args.is_on("timestamps"), begun: false })
}

struct Logs {
    request: LogRequest,
    follow: bool,
    timestamps: bool,
    begun: bool,
}

/// The container that a command without `-c` means, or what kubectl says.
pub fn choose_container(namespace: &str, pod: &str, wanted: &str, world: &mut dyn World, out: &mut Output) -> Result<String, String> {
    let key = Key::new(Kind::Pod, namespace, pod);
    let found = world.request(Request::get(&Actor::user(), key)).map_err(|status| errors::text(&status))?;
    let Some(object) = found.into_object() else { return Err(String::new()) };
    let names = |list: &str| -> Vec<String> {
        object.spec().list_at(&[list]).iter().map(|c| c.str_at(&["name"]).to_owned()).collect()
    };
    let (main, init) = (names("containers"), names("initContainers"));
    if !wanted.is_empty() {
        if main.iter().chain(&init).any(|n| n == wanted) {
            return Ok(wanted.to_owned());
        }
        let all: Vec<String> = main.into_iter().chain(init.into_iter().map(|i| format!("{i} (init)"))).collect();
        return Err(format!("error: container {wanted} is not valid for pod {pod} out of: {}\n", all.join(", ")));
    }
    let first = main.first().cloned().unwrap_or_default();
    if main.len() + init.len() > 1 {
        let all: Vec<String> = main.into_iter().chain(init.into_iter().map(|i| format!("{i} (init)"))).collect();
        out.complain(&format!("Defaulted container \"{first}\" out of: {}", all.join(", ")));
    }
    Ok(first)
}

impl Logs {
    fn print(&mut self, lines: &[(Time, String)], out: &mut Output) {
        for (at, line) in lines {
            if self.timestamps {
                out.stdout.push_str(&format!("{} ", at.rfc3339_micro()));
            }
            out.say(line);
            self.request.after = Some(*at);
        }
    }
}

impl Command for Logs {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        if !self.begun {
            self.begun = true;
            let (namespace, pod) = (self.request.namespace.clone(), self.request.pod.clone());
            match choose_container(&namespace, &pod, &self.request.container, world, out) {
                Ok(container) => self.request.container = container,
                Err(message) if message.starts_with("Error from server (NotFound)") => {
                    out.complain(&format!("error: error from server (NotFound): pods \"{pod}\" not found in namespace \"{namespace}\""));
                    return Poll::Exited(1);
                }
                Err(message) => {
                    out.stderr.push_str(&message);
                    return Poll::Exited(1);
                }
            }
        }
        match world.logs(&self.request) {
            Ok(answer) => {
                self.print(&answer.lines, out);
                self.request.tail = None;
                if self.follow && answer.open { Poll::Pending } else { Poll::Exited(0) }
            }
            Err(status) if status.reason == Reason::NotFound && self.request.after.is_some() => Poll::Exited(0),
            Err(status) => {
                out.stderr.push_str(&errors::text(&status));
                Poll::Exited(1)
            }
        }
    }
}
