//! Verbs about things that do not exist here: processes of the user's machine, signing requests, metrics.
//!
//! Their arguments are checked as kubectl checks them, and Pods are looked up. Then the verb says that what
//! would begin now is not part of this terminal.
//!
//! Models: `cmd/portforward`, `cmd/debug`, `cmd/proxy`, `cmd/certificates`, `cmd/completion`, `cmd/plugin`
//! and `cmd/alpha` of `k8s.io/kubectl/pkg`.
//! Differs: nothing is forwarded, no container is added, and there are no signing requests.

use api::Kind;

use crate::Invocation;
use crate::command::{Command, Plan, failed, planned, printed};
use crate::logs::object_of;
use crate::world::World;
use crate::{errors, flags, foreign, forward, help};

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
        ("top", ["node" | "nodes" | "no", names @ ..]) => failed(top(call, false, names), 1),
        ("top", ["pod" | "pods" | "po", names @ ..]) => failed(top(call, true, names), 1),
        ("kustomize", words) => failed(kustomize(words), 1),
        ("kuberc", []) => failed(help::of(verb), 1),
        ("kuberc", ["set", ..]) if call.args.value("section").is_none() => {
            failed(errors::line("required flag(s) \"section\" not set"), 1)
        }
        ("kuberc", ["set" | "view", ..]) => failed(absent(verb), 1),
        ("plugin" | "top" | "kuberc", [word, ..]) => unknown(word),
        ("completion", words) => failed(completion(words), 1),
        ("certificate", ["approve" | "deny", names @ ..]) => failed(certificate(call, names), 1),
        ("certificate", _) => printed(help::of(verb)),
        ("proxy", _) => failed(absent(verb), 1),
        ("port-forward", _) => forward::start(call.clone()),
        ("debug", _) => {
            let call = call.clone();
            planned(move |world, _| debug(&call, world))
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
        _ if call.args.value("filename").is_some() => {
            let file = call.args.value("filename").unwrap_or("");
            errors::line(&format!("the path \"{file}\" does not exist"))
        }
        _ => errors::line("one or more CSRs must be specified as <name> or -f <filename>"),
    }
}

/// What is wrong with the arguments of `top`.
fn top(call: &Invocation, is_pod: bool, names: &[&str]) -> String {
    let args = &call.args;
    let given = |flag: &str| args.value(flag).is_some_and(|value| !value.is_empty());
    let selects = given("selector") || is_pod && given("field-selector");
    let sorts = args.value("sort-by").is_none_or(|by| matches!(by, "" | "cpu" | "memory"));
    match names {
        [_, _, ..] if is_pod => errors::usage("top pod", "pod [NAME | -l label]"),
        [_, _, ..] => errors::usage("top node", "node [NAME | -l label]"),
        _ if !sorts => errors::line("--sort-by accepts only cpu or memory"),
        [_] if selects && is_pod => errors::line("only one of NAME or selector can be provided"),
        [_] if selects => errors::line("only one of NAME or --selector can be provided"),
        _ => errors::line("Metrics API not available"),
    }
}

fn kustomize(words: &[&str]) -> String {
    match words {
        [_, _, ..] => errors::line("specify one path to kustomization.yaml"),
        _ => absent("kustomize"),
    }
}

/// Whether a name can be that of an image: `[host/]path[:tag][@digest]`, with the path in lower case.
pub fn is_image(name: &str) -> bool {
    let (name, digest) = name.split_once('@').unwrap_or((name, "a:b"));
    let (host, rest) = name.split_once('/').map_or(("a", name), |(host, rest)| (host, rest));
    let (path, tag) = rest.rsplit_once(':').unwrap_or((rest, "latest"));
    let is_word = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    is_word(host, "-.:")
        && is_word(path, "/-._")
        && !path.contains(|c: char| c.is_ascii_uppercase())
        && is_word(tag, "-._")
        && digest.contains(':')
}

/// Refuses values of `--set-image` and `--env` that are not pairs.
fn pairs(call: &Invocation) -> Result<(), String> {
    for flag in ["env", "set-image"] {
        if let Some(wrong) = call.args.repeated(flag).into_iter().find(|pair| !pair.contains('=')) {
            return Err(format!(
                "error: invalid argument \"{wrong}\" for \"--{flag}\" flag: {wrong} must be formatted as key=value\nSee 'kubectl debug --help' for usage.\n"
            ));
        }
    }
    Ok(())
}

fn debug(call: &Invocation, world: &mut dyn World) -> Plan {
    pairs(call)?;
    let args = &call.args;
    let given = |flag: &str| args.value(flag).is_some_and(|value| !value.is_empty());
    let profile = args.value("profile").unwrap_or("general");
    let copies = given("copy-to");
    let has_words = args.after_dashes.as_ref().is_some_and(|words| !words.is_empty());
    let image = args.value("image").unwrap_or("").trim();
    let pull = args.value("image-pull-policy").unwrap_or("");
    let custom = args.value("custom").filter(|file| world.file(file).is_none());
    let profiles = ["legacy", "general", "baseline", "restricted", "netadmin", "sysadmin", "auto"];
    let only_copies = ["replace", "same-node"].into_iter().find(|flag| args.is_on(flag));
    let text = if !profiles.contains(&profile) {
        format!("unknown profile: {profile}")
    } else if let Some(file) = custom {
        format!(
            "must pass a container spec json file for custom profile: open {file}: no such file or directory"
        )
    } else if args.is_on("attach") && image.is_empty() && !given("container") {
        "you must specify --container or create a new container using --image in order to attach.".to_owned()
    } else if copies && image.is_empty() && !given("set-image") && !has_words {
        "you must specify --image, --set-image or command arguments.".to_owned()
    } else if copies && has_words && image.is_empty() && !given("container") {
        "you must specify an existing container or a new image when specifying args.".to_owned()
    } else if let Some(flag) = only_copies.filter(|_| !copies) {
        format!("--{flag} may only be used with --copy-to.")
    } else if !copies && given("set-image") {
        "--set-image may only be used with --copy-to.".to_owned()
    } else if !copies && image.is_empty() {
        "you must specify --image when not using --copy-to.".to_owned()
    } else if !image.is_empty() && !is_image(image) {
        format!("invalid image name \"{image}\": invalid reference format")
    } else if args.positional.is_empty() && !given("filename") {
        "NAME or filename is required for debug".to_owned()
    } else if !matches!(pull, "" | "Always" | "IfNotPresent" | "Never") {
        format!("invalid image pull policy: {pull}")
    } else if copies && given("target") {
        "--target is incompatible with --copy-to. Use --share-processes instead.".to_owned()
    } else if args.is_on("tty") && !args.is_on("stdin") {
        "-i/--stdin is required for containers with -t/--tty=true".to_owned()
    } else {
        let Some(word) = args.positional.first() else { return Err(absent("debug")) };
        let object = object_of(&call.namespace, word, world)?;
        let info = object.kind.info();
        if matches!(object.kind, Kind::Pod | Kind::Node) {
            return Err(absent("debug"));
        }
        format!("\"{}, Kind={}\" not supported by debug", info.api_version(), info.name)
    };
    Err(errors::line(&text))
}
