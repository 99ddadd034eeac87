//! `kubectl logs`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/logs`, `k8s.io/kubectl/pkg/polymorphichelpers/logsforobject.go`.

use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::value::ValueExt;
use apimachinery::{Reason, Time};
use apiserver::{Actor, ListOptions, Request};

use crate::Invocation;
use crate::command::{Command, Output, Plan, Poll, planned};
use crate::describe::common::format_selector;
use crate::errors;
use crate::resources::{self, Ask, Asked, Scope};
use crate::world::{LogRequest, World};

const USAGE: &str = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";
/// With `-l`, only so many lines are shown unless `--tail` says otherwise.
const SELECTOR_TAIL: usize = 10;

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    planned(move |world, out| plan(&call, world, out))
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    let words = &args.positional;
    let selects = args.value("selector").is_some();
    if words.is_empty() && !selects || words.len() > 2 {
        return Err(errors::usage("logs", USAGE));
    }
    if args.is_on("all-containers") && args.value("container").is_some() {
        return Err(errors::line("--all-containers=true should not be specified with container name"));
    }
    let since = args.duration("since");
    let tail = args.number("tail");
    let wanted = args.value("container").or(words.get(1).map(String::as_str)).unwrap_or("");
    let (pods, several) = pods(call, words.first().filter(|_| !selects), world, out)?;
    let mut streams = Vec::new();
    for pod in &pods {
        let containers = if args.is_on("all-containers") {
            let (main, init) = containers(pod);
            init.into_iter().chain(main).collect()
        } else {
            vec![choose_container(pod, wanted, out)?]
        };
        let request = |container| LogRequest {
            namespace: pod.metadata.namespace.clone(),
            pod: pod.metadata.name.clone(),
            container,
            previous: args.is_on("previous"),
            tail: match tail {
                Some(lines) => usize::try_from(lines).ok(),
                None => several.then_some(SELECTOR_TAIL),
            },
            after: after(call, since, world),
        };
        streams.extend(containers.into_iter().map(request));
    }
    let prefixed = args.is_on("prefix");
    let streams = streams.into_iter().map(|request| Stream { request, printed: false, open: true });
    let (follow, timestamps) = (args.is_on("follow"), args.is_on("timestamps"));
    Ok(Box::new(Logs { streams: streams.collect(), follow, timestamps, prefixed }))
}

fn after(call: &Invocation, since: Option<Duration>, world: &dyn World) -> Option<Time> {
    let since = since.and_then(|since| i64::try_from(since.as_micros()).ok());
    let moment =
        since.map(|micros| Time::from_micros(world.now().micros_since(Time::from_micros(0)) - micros));
    moment.or_else(|| call.args.value("since-time").and_then(Time::parse_rfc3339))
}

/// The Pods that a word means, or the selector; and whether several may be meant.
fn pods(
    call: &Invocation,
    word: Option<&String>,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(Vec<Rc<Object>>, bool), String> {
    let Some(word) = word else {
        let asked = Asked { asks: vec![Ask::new(Kind::Pod, Vec::new())], ..Asked::default() };
        let found = resources::find(&asked, &Scope::of(&call.args, &call.namespace), world);
        if let Some(error) = found.errors.first() {
            return Err(error.clone());
        }
        let pods: Vec<_> = found.all().cloned().collect();
        if pods.is_empty() {
            out.complain(&format!("No resources found in {} namespace.", call.namespace));
        }
        return Ok((pods, true));
    };
    let pod = pod_of(&call.namespace, word, world).map_err(|error| {
        match error.strip_prefix("Error from server (NotFound): ") {
            Some(said) => errors::line(&format!(
                "error from server (NotFound): {} in namespace \"{}\"",
                said.trim_end(),
                call.namespace
            )),
            None => error,
        }
    })?;
    Ok((vec![pod], false))
}

/// The Pod that `web-0`, `pod/web-0` or `sts/web` means: of a set, the first one.
pub fn pod_of(namespace: &str, word: &str, world: &mut dyn World) -> Result<Rc<Object>, String> {
    let words =
        if word.contains('/') { vec![word.to_owned()] } else { vec!["pods".to_owned(), word.to_owned()] };
    let asked = resources::parse(&words)?;
    let scope = Scope { namespace: namespace.to_owned(), options: ListOptions::default() };
    let found = resources::find(&asked, &scope, world);
    if let Some(error) = found.errors.first() {
        return Err(error.clone());
    }
    let Some(object) = found.all().next() else { return Err(errors::line("no object was named")) };
    let selector = match object.kind {
        Kind::Pod => return Ok(Rc::clone(object)),
        Kind::StatefulSet => object.at(&["spec", "selector"]).map_or_else(String::new, format_selector),
        Kind::Service => {
            let pairs = object.spec().map_at(&["selector"]).into_iter().flatten();
            pairs.map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or(""))).collect::<Vec<_>>().join(",")
        }
        kind => return Err(errors::line(&format!("selector for {kind} not implemented"))),
    };
    let options = ListOptions { label_selector: selector, ..ListOptions::default() };
    let pods = world.request(Request::list(&Actor::user(), Kind::Pod, namespace, options));
    let pods = pods.map(apiserver::Response::into_list).unwrap_or_default();
    // The one that is ready before the others, then by name.
    let ready = |pod: &&Rc<Object>| {
        let conditions = pod.status().list_at(&["conditions"]);
        !conditions.iter().any(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True")
    };
    let first = pods.iter().min_by_key(ready).cloned();
    first.ok_or_else(|| errors::line("timed out waiting for the condition"))
}

/// Names of the containers of a Pod: main ones, then those that initialise.
pub fn containers(pod: &Object) -> (Vec<String>, Vec<String>) {
    let names = |list: &str| {
        let containers = pod.spec().list_at(&[list]).iter();
        containers.map(|c| c.str_at(&["name"]).to_owned()).collect()
    };
    (names("containers"), names("initContainers"))
}

/// The container that a command without `-c` means, or what kubectl says.
pub fn choose_container(pod: &Object, wanted: &str, out: &mut Output) -> Result<String, String> {
    let (main, init) = containers(pod);
    let all = || {
        let init = init.iter().map(|name| format!("{name} (init)"));
        main.iter().cloned().chain(init).collect::<Vec<_>>().join(", ")
    };
    if !wanted.is_empty() {
        if main.iter().chain(&init).any(|name| name == wanted) {
            return Ok(wanted.to_owned());
        }
        let pod = &pod.metadata.name;
        return Err(errors::line(&format!(
            "container {wanted} is not valid for pod {pod} out of: {}",
            all()
        )));
    }
    let annotated = pod.metadata.annotation("kubectl.kubernetes.io/default-container");
    if main.iter().any(|name| name == annotated) {
        return Ok(annotated.to_owned());
    }
    let first = main.first().cloned().unwrap_or_default();
    if main.len() + init.len() > 1 {
        out.complain(&format!("Defaulted container \"{first}\" out of: {}", all()));
    }
    Ok(first)
}

/// The lines of one container.
struct Stream {
    request: LogRequest,
    printed: bool,
    open: bool,
}

struct Logs {
    streams: Vec<Stream>,
    follow: bool,
    timestamps: bool,
    prefixed: bool,
}

impl Logs {
    /// New lines of a container; the exit code if that is an error.
    fn read(&mut self, at: usize, world: &dyn World, out: &mut Output) -> Option<i32> {
        let stream = self.streams.get_mut(at).filter(|stream| stream.open)?;
        match world.logs(&stream.request) {
            Ok(answer) => {
                for (moment, line) in &answer.lines {
                    let mut text = String::new();
                    if self.prefixed {
                        text = format!("[pod/{}/{}] ", stream.request.pod, stream.request.container);
                    }
                    if self.timestamps {
                        text = format!("{text}{} ", moment.rfc3339_micro());
                    }
                    out.say(&format!("{text}{line}"));
                    stream.request.after = Some(*moment);
                }
                out.stdout.push_str(&answer.rest);
                stream.printed = true;
                stream.request.tail = None;
                stream.open = self.follow && answer.open;
                None
            }
            Err(status) if status.reason == Reason::NotFound && stream.printed => {
                stream.open = false;
                None
            }
            Err(status) => {
                out.stderr.push_str(&errors::text(&status));
                Some(1)
            }
        }
    }
}

impl Command for Logs {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        for at in 0..self.streams.len() {
            if let Some(code) = self.read(at, world, out) {
                return Poll::Exited(code);
            }
        }
        if self.streams.iter().any(|stream| stream.open) { Poll::Pending } else { Poll::Exited(0) }
    }
}

/// The Pod of this name as it is now.
pub fn live_pod(namespace: &str, name: &str, world: &mut dyn World) -> Option<Rc<Object>> {
    let key = Key::new(Kind::Pod, namespace, name);
    world.request(Request::get(&Actor::user(), key)).ok().and_then(apiserver::Response::into_object)
}
