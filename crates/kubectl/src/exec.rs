//! `kubectl exec`, and the words that only make sense inside a container.

use crate::Invocation;
use crate::command::{Command, failed, once};
use crate::errors;
use crate::logs::choose_container;
use crate::world::ExecRequest;

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let Some(word) = call.args.positional.first() else {
        return failed("error: pod, type/name or --filename must be specified\n".to_owned(), 1);
    };
    let pod = word.rsplit('/').next().unwrap_or(word).to_owned();
    let command = call.args.after_dashes.clone().unwrap_or_else(|| call.args.positional.iter().skip(1).cloned().collect());
    if command.is_empty() {
        return failed("error: you must specify at least one command for the container\n".to_owned(), 1);
    }
    let wanted = call.args.value("container").unwrap_or("").to_owned();
    once(move |world, out| {
        let container = match choose_container(&call.namespace, &pod, &wanted, world, out) {
            Ok(container) => container,
            Err(message) => {
                out.stderr.push_str(&message);
                return 1;
            }
        };
        let request = ExecRequest {
            namespace: call.namespace.clone(),
            pod: pod.clone(),
            container,
            command: command.clone(),
            stdin: call.stdin.clone(),
        };
        match world.exec(&request) {
            Ok(answer) => {
                out.stdout.push_str(&answer.stdout);
                out.stderr.push_str(&answer.stderr);
                if answer.exit != 0 {
                    out.complain(&format!("command terminated with exit code {}", answer.exit));
                }
                answer.exit
            }
            Err(status) if status.reason == apimachinery::Reason::BadRequest => {
                out.complain(&format!("error: {}", status.message));
                1
            }
            Err(status) => {
                out.stderr.push_str(&errors::text(&status));
                1
            }
        }
    })
}

/// A program of a container's, typed at the terminal: it runs in a throw-away busybox Pod's place,
/// which has cluster DNS and nothing else.
pub fn outside(program: &str) -> Box<dyn Command> {
    failed(format!("sh: {program}: run it in a Pod, e.g. kubectl exec web-0 -- {program}\n"), 127)
}
