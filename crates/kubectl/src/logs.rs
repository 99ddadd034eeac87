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
use crate::args::Args;
use crate::command::{Command, Output, Plan, Poll, planned};
use crate::describe::common::format_selector;
use crate::errors;
use crate::resources::{self, Ask, Asked, Scope};
use crate::world::{LogRequest, World};

const USAGE: &str = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";
/// How many lines are shown with `-l`, unless `--tail` says otherwise.
const SELECTOR_TAIL: usize = 10;

/// How long a follower waits for a container that has printed nothing yet, and how long until it asks again.
const PATIENCE: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_secs(1);

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    planned(move |world, out| plan(&call, world, out))
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    let words = &args.positional;
    let selects = args.value("selector").is_some_and(|selector| !selector.is_empty());
    if words.is_empty() && !selects || words.len() > 2 {
        return Err(errors::usage("logs", USAGE));
    }
    if selects && words.len() == 1 {
        return Err(errors::usage("logs", "only a selector (-l) or a POD name is allowed"));
    }
    if args.duration("pod-running-timeout").is_some_and(|timeout| timeout.is_zero()) {
        return Err(errors::line("--pod-running-timeout must be higher than zero"));
    }
    let since_time = args.value("since-time").filter(|text| !text.is_empty());
    if let Some(text) = since_time.filter(|text| Time::parse_rfc3339(text).is_none()) {
        return Err(errors::line(&Time::parse_error(text)));
    }
    let first = words.first().filter(|_| !selects);
    let found = match first {
        Some(word) => {
            vec![object_of(&call.namespace, word, world).map_err(|error| in_namespace(&error, call))?]
        }
        None => selected(call, world, out)?,
    };
    check(args)?;
    let pods = match found.as_slice() {
        [one] if first.is_some() => {
            let pods = pods_behind(one, world).map_err(|problem| {
                errors::line(&format!("cannot get the logs from *v1.{}: {problem}", one.kind))
            })?;
            one_or_all(pods, args.is_on("all-pods"), out)?
        }
        _ => found,
    };
    let streams = streams(call, &pods, selects, world, out)?;
    let most = args.number("max-log-requests").unwrap_or(5);
    if args.is_on("follow")
        && streams.len() > 1
        && i64::try_from(streams.len()).is_ok_and(|count| count > most)
    {
        return Err(errors::line(&format!(
            "you are attempting to follow {} log streams, but maximum allowed concurrency is {most}, use --max-log-requests to increase the limit",
            streams.len()
        )));
    }
    Ok(Box::new(Logs {
        streams,
        follow: args.is_on("follow"),
        timestamps: args.is_on("timestamps"),
        prefixed: args.is_on("prefix") || args.is_on("all-pods"),
        forgives: args.is_on("ignore-errors"),
        patience: args.duration("pod-running-timeout").unwrap_or(PATIENCE),
    }))
}

/// Refuses flags that do not go together, or that have a wrong value.
fn check(args: &Args) -> Result<(), String> {
    let named = args.value("container").or(args.positional.get(1).map(String::as_str)).unwrap_or("");
    let is_negative = |flag: &str| args.value(flag).is_some_and(|value| value.starts_with('-'));
    let text = if args.value("since-time").is_some() && args.value("since").is_some() {
        "at most one of `sinceTime` or `sinceSeconds` may be specified".to_owned()
    } else if args.is_on("all-containers") && !named.is_empty() {
        format!("--all-containers=true should not be specified with container name {named}")
    } else if args.value("container").is_some() && args.positional.len() == 2 {
        "only one of -c or an inline [CONTAINER] arg is allowed".to_owned()
    } else if is_negative("limit-bytes") {
        "--limit-bytes must be greater than 0".to_owned()
    } else if is_negative("since") {
        "--since must be greater than 0".to_owned()
    } else if args.number("tail").is_some_and(|lines| lines < -1) {
        "--tail must be greater than or equal to -1".to_owned()
    } else {
        return Ok(());
    };
    Err(errors::line(&text))
}

/// A stream for each container that is asked for.
fn streams(
    call: &Invocation,
    pods: &[Rc<Object>],
    selects: bool,
    world: &dyn World,
    out: &mut Output,
) -> Result<Vec<Stream>, String> {
    let args = &call.args;
    let wanted = args.value("container").or(args.positional.get(1).map(String::as_str)).unwrap_or("");
    let after = after(call, args.duration("since").filter(|since| !since.is_zero()), world);
    let mut streams = Vec::new();
    for pod in pods {
        let chosen = if args.is_on("all-containers") {
            let (main, init) = containers(pod);
            init.into_iter().chain(main).collect()
        } else if args.is_on("all-pods") {
            vec![choose_container(pod, wanted, &mut Output::default())?]
        } else {
            vec![choose_container(pod, wanted, out)?]
        };
        streams.extend(chosen.into_iter().map(|container| Stream {
            request: LogRequest {
                namespace: pod.metadata.namespace.clone(),
                pod: pod.metadata.name.clone(),
                container,
                previous: args.is_on("previous"),
                tail: match args.number("tail") {
                    Some(lines) => usize::try_from(lines).ok(),
                    None => selects.then_some(SELECTOR_TAIL),
                },
                after,
            },
            left: args.number("limit-bytes").and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0),
            printed: false,
            open: true,
            refused: None,
        }));
    }
    Ok(streams)
}

fn after(call: &Invocation, since: Option<Duration>, world: &dyn World) -> Option<Time> {
    let since = since.and_then(|since| i64::try_from(since.as_micros()).ok());
    let moment =
        since.map(|micros| Time::from_micros(world.now().micros_since(Time::from_micros(0)) - micros));
    moment.or_else(|| call.args.value("since-time").and_then(Time::parse_rfc3339))
}

/// The Pods that the selector selects.
fn selected(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Result<Vec<Rc<Object>>, String> {
    let asked = Asked { asks: vec![Ask::new(Kind::Pod, Vec::new())], ..Asked::default() };
    let found = resources::find(&asked, &Scope::of(&call.args, &call.namespace), world);
    if let Some(error) = found.errors.first() {
        return Err(error.clone());
    }
    let pods: Vec<_> = found.all().cloned().collect();
    if pods.is_empty() {
        out.complain(&format!("No resources found in {} namespace.", call.namespace));
    }
    Ok(pods)
}

/// An error of the server with the namespace in it, as `logs` prints it.
fn in_namespace(error: &str, call: &Invocation) -> String {
    match error.strip_prefix("Error from server (NotFound): ") {
        Some(said) => errors::line(&format!(
            "error from server (NotFound): {} in namespace \"{}\"",
            said.trim_end(),
            call.namespace
        )),
        None => error.to_owned(),
    }
}

/// The first Pod, or all of them. If it is one of several, that is said.
fn one_or_all(pods: Vec<Rc<Object>>, all: bool, out: &mut Output) -> Result<Vec<Rc<Object>>, String> {
    let Some(first) = pods.first().cloned() else {
        return Err(errors::line("timed out waiting for the condition"));
    };
    if all {
        return Ok(pods);
    }
    if pods.len() > 1 {
        out.complain(&format!("Found {} pods, using pod/{}", pods.len(), first.metadata.name));
    }
    Ok(vec![first])
}

/// The object that `web-0`, `pod/web-0` or `sts/web` means.
pub fn object_of(namespace: &str, word: &str, world: &mut dyn World) -> Result<Rc<Object>, String> {
    if word.is_empty() {
        return Err(resources::NOTHING_NAMED.to_owned());
    }
    let words =
        if word.contains('/') { vec![word.to_owned()] } else { vec!["pods".to_owned(), word.to_owned()] };
    let asked = resources::parse(&words)?;
    let scope = Scope { namespace: namespace.to_owned(), options: ListOptions::default() };
    let found = resources::find(&asked, &scope, world);
    if let Some(error) = found.errors.first() {
        return Err(error.clone());
    }
    found.all().next().cloned().ok_or_else(|| errors::line("no object was named"))
}

/// The Pods behind an object, those that are ready first, then by name.
pub fn pods_behind(object: &Rc<Object>, world: &mut dyn World) -> Result<Vec<Rc<Object>>, String> {
    let selector = match object.kind {
        Kind::Pod => return Ok(vec![Rc::clone(object)]),
        Kind::StatefulSet => object.at(&["spec", "selector"]).map_or_else(String::new, format_selector),
        Kind::Service => {
            let pairs = object.spec().map_at(&["selector"]).into_iter().flatten();
            pairs.map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or(""))).collect::<Vec<_>>().join(",")
        }
        kind => return Err(format!("selector for *v1.{kind} not implemented")),
    };
    let options = ListOptions { label_selector: selector, ..ListOptions::default() };
    let request = Request::list(&Actor::user(), Kind::Pod, &object.metadata.namespace, options);
    let mut pods = world.request(request).map(apiserver::Response::into_list).unwrap_or_default();
    pods.sort_by_key(|pod| {
        let conditions = pod.status().list_at(&["conditions"]);
        !conditions.iter().any(|c| c.str_at(&["type"]) == "Ready" && c.str_at(&["status"]) == "True")
    });
    Ok(pods)
}

/// The Pod that `web-0`, `pod/web-0` or `sts/web` means: of a set, the first one.
pub fn pod_of(namespace: &str, word: &str, world: &mut dyn World) -> Result<Rc<Object>, String> {
    let object = object_of(namespace, word, world)?;
    let pods = pods_behind(&object, world)
        .map_err(|problem| errors::line(&format!("cannot attach to *v1.{}: {problem}", object.kind)))?;
    pods.into_iter().next().ok_or_else(|| errors::line("timed out waiting for the condition"))
}

/// The names of a Pod's containers: first the main ones, then the init containers.
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
#[derive(Clone)]
struct Stream {
    request: LogRequest,
    /// How many bytes may still be printed.
    left: Option<usize>,
    printed: bool,
    open: bool,
    /// When the server refused last, and when it refused first.
    refused: Option<(Time, Time)>,
}

impl Stream {
    fn print(&mut self, text: &str, out: &mut Output) {
        let mut end = self.left.unwrap_or(text.len()).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        out.stdout.push_str(text.get(..end).unwrap_or(""));
        if let Some(left) = &mut self.left {
            *left -= end;
        }
    }
}

#[allow(clippy::struct_excessive_bools)] // flags of the command line
#[derive(Clone)]
struct Logs {
    streams: Vec<Stream>,
    follow: bool,
    timestamps: bool,
    prefixed: bool,
    /// `--ignore-errors`.
    forgives: bool,
    /// How long a follower goes on asking.
    patience: Duration,
}

impl Logs {
    /// Prints new lines of a container; returns the exit code if there is an error.
    fn read(&mut self, at: usize, world: &dyn World, out: &mut Output) -> Option<i32> {
        let now = world.now();
        let stream = self.streams.get_mut(at).filter(|stream| stream.open)?;
        if stream.refused.is_some_and(|(last, _)| now < last + AGAIN) {
            return None;
        }
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
                    stream.print(&format!("{text}{line}\n"), out);
                    stream.request.after = Some(*moment);
                }
                stream.print(&answer.rest, out);
                stream.printed = true;
                stream.request.tail = None;
                stream.open = self.follow && answer.open && stream.left != Some(0);
                None
            }
            Err(status) if status.reason == Reason::NotFound && stream.printed => {
                stream.open = false;
                None
            }
            Err(status) if self.forgives => {
                out.say(&format!("error: {}", status.message));
                stream.open = false;
                None
            }
            // A follower asks again each second.
            Err(status) if self.follow => {
                out.complain(&status.message);
                let first = stream.refused.map_or(now, |(_, first)| first);
                stream.refused = Some((now, first));
                if now < first + self.patience {
                    return None;
                }
                out.complain("error: context deadline exceeded");
                Some(1)
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
