//! Verbs about things that are not here: processes of the user's machine, signing requests, metrics.
//!
//! Their arguments are checked as kubectl checks them, and Pods are looked up; what would then begin is
//! said not to be part of this terminal.
//!
//! Models: `cmd/portforward`, `cmd/debug`, `cmd/proxy`, `cmd/certificates`, `cmd/completion`, `cmd/plugin`
//! and `cmd/alpha` of `k8s.io/kubectl/pkg`.
//! Differs: nothing is forwarded, no container is added, and there are no signing requests.

use apimachinery::value::ValueExt;

use crate::Invocation;
use crate::command::{Command, Plan, failed, planned, printed};
use crate::logs::{live_pod, pod_of};
use crate::world::World;
use crate::{errors, flags, foreign, help};

const NO_ALPHA: &str = "No alpha commands are available in this version of kubectl\n";

/// Whether a verb never reads the kubeconfig.
pub fn is_offline(verb: &str) -> bool {
    matches!(verb, "options" | "alpha" | "completion" | "plugin")
}

fn absent(verb: &str) -> String {
    errors::line(&format!("{verb} is not part of this terminal"))
}

/// Begins one of these verbs; `None` if it is none of them.
pub fn start(verb: &str, call: &Invocation) -> Option<Box<dyn Command>> {
    let words: Vec<&str> = call.args.positional.iter().map(String::as_str).collect();
    let unknown = |word: &str| failed(errors::usage(verb, &format!("unknown command \"{word}\"")), 1);
    Some(match (verb, words.as_slice()) {
        ("options", _) => printed(flags::options()),
        ("alpha", _) => failed(NO_ALPHA.to_owned(), 0),
        ("plugin", []) => failed(help::of(verb), 1),
        ("plugin", ["list", ..]) => {
            failed(errors::line("unable to find any kubectl plugins in your PATH"), 1)
        }
        ("top", []) => failed(help::of(verb), 1),
        ("top", ["node" | "nodes" | "no" | "pod" | "pods" | "po", ..]) => {
            failed(errors::line("Metrics API not available"), 1)
        }
        ("plugin" | "top", [word, ..]) => unknown(word),
        ("completion", words) => failed(completion(words), 1),
        ("certificate", ["approve" | "deny", names @ ..]) => failed(certificate(call, names), 1),
        ("certificate", _) => printed(help::of(verb)),
        ("proxy", _) => failed(absent(verb), 1),
        ("port-forward" | "debug", _) => {
            let (call, forwards) = (call.clone(), verb == "port-forward");
            planned(move |world, _| if forwards { forward(&call, world) } else { debug(&call, world) })
        }
        _ => return None,
    })
}

fn completion(words: &[&str]) -> String {
    let text = match words {
        [] => "Shell not specified.".to_owned(),
        ["bash" | "zsh" | "fish" | "powershell"] => return absent("completion"),
        [shell] => format!("Unsupported shell type \"{shell}\"."),
        _ => "Too many arguments. Expected only the shell type.".to_owned(),
    };
    errors::usage("completion", &text)
}

fn certificate(call: &Invocation, names: &[&str]) -> String {
    match (names.first(), foreign::find("csr")) {
        (Some(name), Some(ty)) => errors::text(&ty.not_found(name)),
        _ if call.args.value("filename").is_some() => absent("certificate"),
        _ => errors::line("one or more CSRs must be specified as <name> or -f <filename>"),
    }
}

fn forward(call: &Invocation, world: &mut dyn World) -> Plan {
    let [word, ports @ ..] = call.args.positional.as_slice() else { return Err(no_ports()) };
    if ports.is_empty() {
        return Err(no_ports());
    }
    let pod = pod_of(&call.namespace, word, world)?;
    let containers = || pod.spec().list_at(&["containers"]).iter();
    for pair in ports {
        let port = pair.rsplit(':').next().unwrap_or(pair);
        let mut named = containers().flat_map(|c| c.list_at(&["ports"])).map(|p| p.str_at(&["name"]));
        if port.parse::<u16>().is_err() && !named.any(|name| name == port) {
            let name = &pod.metadata.name;
            return Err(errors::line(&format!("Pod '{name}' does not have a named port '{port}'")));
        }
    }
    let phase = pod.status().str_at(&["phase"]);
    if phase != "Running" {
        let text = "unable to forward port because pod is not running. Current status=";
        return Err(errors::line(&format!("{text}{phase}")));
    }
    Err(absent("port-forward"))
}

fn no_ports() -> String {
    errors::usage("port-forward", "TYPE/NAME and list of ports are required for port-forward")
}

fn debug(call: &Invocation, world: &mut dyn World) -> Plan {
    let args = &call.args;
    if args.value("copy-to").is_none() && args.value("image").is_none_or(str::is_empty) {
        return Err(errors::line("you must specify --image when not using --copy-to."));
    }
    let Some(word) = args.positional.first() else {
        return Err(errors::line("NAME or filename is required for debug"));
    };
    if !word.contains('/') && live_pod(&call.namespace, word, world).is_none() {
        return Err(errors::text(&apimachinery::Status::not_found("pods", "", word)));
    }
    Err(absent("debug"))
}
