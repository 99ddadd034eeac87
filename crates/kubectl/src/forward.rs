//! `kubectl port-forward`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/portforward`.
//! Differs: the command waits as the real one does, but nobody can connect.

use api::{Kind, Object};
use apimachinery::value::ValueExt;

use crate::Invocation;
use crate::command::{Command, Output, Plan, Poll, failed, planned};
use crate::errors;
use crate::exec::NO_TIMEOUT;
use crate::logs::{object_of, pods_behind};
use crate::world::World;

/// The lowest port that a system chooses by itself.
const RANDOM_PORTS: u32 = 32_768;

/// Begins the verb.
pub fn start(mut call: Invocation) -> Box<dyn Command> {
    let after = call.args.after_dashes.take().unwrap_or_default();
    call.args.positional.extend(after);
    if call.args.positional.len() < 2 {
        let text = "TYPE/NAME and list of ports are required for port-forward";
        return failed(errors::usage("port-forward", text), 1);
    }
    if call.args.duration("pod-running-timeout").is_some_and(|timeout| timeout.is_zero()) {
        return failed(errors::usage("port-forward", NO_TIMEOUT), 1);
    }
    planned(move |world, _| plan(&call, world))
}

/// Reads `LOCAL:REMOTE`, or one port for both; what follows a second colon does not count.
fn split(pair: &str) -> (&str, &str) {
    let mut parts = pair.split(':');
    let local = parts.next().unwrap_or("");
    (local, parts.next().unwrap_or(local))
}

fn plan(call: &Invocation, world: &mut dyn World) -> Plan {
    let Some((word, pairs)) = call.args.positional.split_first() else { return Err(String::new()) };
    let object = object_of(&call.namespace, word, world)?;
    let behind = pods_behind(&object, world)
        .map_err(|problem| errors::line(&format!("cannot attach to *v1.{}: {problem}", object.kind)))?;
    let pod = behind.first().ok_or_else(|| errors::line("timed out waiting for the condition"))?;
    let translated = pairs.iter().map(|pair| {
        let (local, remote) = split(pair);
        let port = if object.kind == Kind::Service {
            service_port(&object, pod, remote)?
        } else {
            pod_port(pod, remote)?
        };
        Ok((if local == remote { port.clone() } else { local.to_owned() }, port))
    });
    let ports: Vec<(String, String)> =
        translated.collect::<Result<_, _>>().map_err(|e: String| errors::line(&e))?;
    let phase = pod.status().str_at(&["phase"]);
    if phase != "Running" {
        let text = "unable to forward port because pod is not running. Current status=";
        return Err(errors::line(&format!("{text}{phase}")));
    }
    let hosts: Vec<String> = match call.args.values("address").as_slice() {
        [] => ["127.0.0.1", "[::1]"].map(str::to_owned).to_vec(),
        given => given.iter().map(|host| address(host)).collect::<Result<Vec<_>, _>>()?.concat(),
    };
    let mut lines = Vec::new();
    for (local, remote) in ports {
        let local = if local.is_empty() { "0".to_owned() } else { local };
        let bound = number(&local, "local")?;
        let remote = number(&remote, "remote")?;
        if remote == 0 {
            return Err(errors::line("remote port must be > 0"));
        }
        let bound = if bound == 0 { RANDOM_PORTS + world.random() % 28_000 } else { bound };
        lines.extend(hosts.iter().map(|host| format!("Forwarding from {host}:{bound} -> {remote}\n")));
    }
    Ok(Box::new(Forwarding { said: lines.concat() }))
}

fn address(host: &str) -> Result<Vec<String>, String> {
    let is_v4 = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    match host {
        "localhost" => Ok(["127.0.0.1", "[::1]"].map(str::to_owned).to_vec()),
        _ if is_v4 => Ok(vec![host.to_owned()]),
        _ if host.contains(':') => Ok(vec![format!("[{host}]")]),
        _ => Err(errors::line(&format!("{host} is not a valid IP"))),
    }
}

fn number(text: &str, which: &str) -> Result<u32, String> {
    let problem = match text.parse::<u32>() {
        Ok(port) if port <= 0xffff => return Ok(port),
        _ if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => "value out of range",
        _ => "invalid syntax",
    };
    Err(errors::line(&format!(
        "error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": {problem}"
    )))
}

/// The number of a port of a Pod, by number or name.
fn pod_port(pod: &Object, port: &str) -> Result<String, String> {
    if port.parse::<i64>().is_ok() {
        return Ok(port.to_owned());
    }
    let containers = pod.spec().list_at(&["containers"]).iter();
    let found = containers.flat_map(|c| c.list_at(&["ports"])).find(|p| p.str_at(&["name"]) == port);
    let found = found.and_then(|p| p.i64_at(&["containerPort"]));
    let name = &pod.metadata.name;
    found.map(|n| n.to_string()).ok_or_else(|| format!("Pod '{name}' does not have a named port '{port}'"))
}

/// The Pod's port behind one of a Service.
fn service_port(service: &Object, pod: &Object, port: &str) -> Result<String, String> {
    let name = &service.metadata.name;
    let ports = service.spec().list_at(&["ports"]);
    let is_number = port.parse::<i64>().is_ok();
    let found = ports.iter().find(|p| match port.parse::<i64>() {
        Ok(number) => p.i64_at(&["port"]) == Some(number),
        Err(_) => p.str_at(&["name"]) == port,
    });
    let Some(found) = found else {
        return Err(if is_number {
            format!("Service {name} does not have a service port {port}")
        } else {
            format!("Service '{name}' does not have a named port '{port}'")
        });
    };
    if service.spec().str_at(&["clusterIP"]) == "None" {
        return Ok(found.i64_at(&["port"]).unwrap_or(0).to_string());
    }
    match found.at(&["targetPort"]) {
        Some(serde_json::Value::String(named)) => pod_port(pod, named),
        Some(number) => Ok(number.to_string()),
        None => Ok(found.i64_at(&["port"]).unwrap_or(0).to_string()),
    }
}

/// The command, which runs until it is interrupted.
#[derive(Clone)]
struct Forwarding {
    said: String,
}

impl Command for Forwarding {
    fn poll(&mut self, _: &mut dyn World, out: &mut Output) -> Poll {
        out.stdout.push_str(&std::mem::take(&mut self.said));
        Poll::Pending
    }
}
