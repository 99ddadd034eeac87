//! `kubectl run`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/run`.

use api::Kind;
use apimachinery::value::set_at;
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::args::Args;
use crate::attached;
use crate::command::{Command, Output, Plan, failed, planned};
use crate::errors::{self, Failure};
use crate::generate::labels;
use crate::local;
use crate::output::{DryRun, Reporter};
use crate::send;
use crate::world::World;

/// Begins `run`.
pub fn start(call: Invocation) -> Box<dyn Command> {
    match check(&call.args) {
        Ok(()) => planned(move |world, out| plan(&call, world, out)),
        Err(message) => failed(message, 1),
    }
}

fn attaches(args: &Args) -> bool {
    args.is_on_or("attach", args.is_on("stdin"))
}

fn check(args: &Args) -> Result<(), String> {
    let attach = attaches(args);
    let dry_run = DryRun::of(args)?;
    let image = args.value("image").unwrap_or("");
    let port = args.value("port").unwrap_or("");
    let restart = args.value("restart").unwrap_or("");
    let pull = args.value("image-pull-policy").unwrap_or("");
    let text = if args.value("image").is_none() {
        return Err(errors::line("required flag(s) \"image\" not set"));
    } else if !matches!(restart, "" | "Always" | "Never" | "OnFailure") {
        format!("invalid restart policy: {restart}")
    } else if !matches!(pull, "" | "Always" | "IfNotPresent" | "Never") {
        format!("invalid image pull policy: {pull}")
    } else if args.positional.is_empty() {
        "NAME is required for run".to_owned()
    } else if image.is_empty() {
        return Err(errors::line("--image is required"));
    } else if !local::is_image(image) {
        return Err(errors::line(&format!("Invalid image name \"{image}\": invalid reference format")));
    } else if args.is_on("tty") && !args.is_on("stdin") {
        "-i/--stdin is required for containers with -t/--tty=true".to_owned()
    } else if args.is_on("expose") && port.is_empty() {
        "--port must be set when exposing a service".to_owned()
    } else if !port.is_empty() && port.parse::<i64>().is_err() {
        return Err(errors::line(&format!("strconv.Atoi: parsing \"{port}\": invalid syntax")));
    } else if args.duration("pod-running-timeout").is_some_and(|timeout| timeout.is_zero()) {
        crate::exec::NO_TIMEOUT.to_owned()
    } else if args.is_on("rm") && !attach {
        "--rm should only be used for attached containers".to_owned()
    } else if attach && dry_run != DryRun::None {
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(errors::usage("run", &text))
}

/// The command after the name.
fn words_of(args: &Args) -> Vec<String> {
    let before = args.positional.iter().skip(1);
    before.chain(args.after_dashes.iter().flatten()).cloned().collect()
}

fn pod(name: &str, args: &Args) -> Result<Value, String> {
    let mut container = json!({"image": args.value("image"), "name": name, "resources": {}});
    let words = words_of(args);
    if !words.is_empty() {
        let member = if args.is_on("command") { "command" } else { "args" };
        set_at(&mut container, &[member], words.into());
    }
    let mut env = Vec::new();
    for pair in args.repeated("env") {
        let (name, value) = pair
            .split_once('=')
            .filter(|(name, _)| is_env_name(name))
            .ok_or_else(|| format!("invalid env: {pair}"))?;
        env.push(json!({"name": name, "value": value}));
    }
    if !env.is_empty() {
        set_at(&mut container, &["env"], env.into());
    }
    if let Some(port) = args.value("port").and_then(|p| p.parse::<i64>().ok()) {
        set_at(&mut container, &["ports"], json!([{"containerPort": port}]));
    }
    if let Some(policy) = args.value("image-pull-policy") {
        set_at(&mut container, &["imagePullPolicy"], policy.into());
    }
    for (flag, member) in [("stdin", "stdin"), ("tty", "tty")] {
        if args.is_on(flag) {
            set_at(&mut container, &[member], true.into());
        }
    }
    if args.is_on("stdin") && !args.is_on("leave-stdin-open") {
        set_at(&mut container, &["stdinOnce"], true.into());
    }
    if args.is_on("privileged") {
        set_at(&mut container, &["securityContext"], json!({"privileged": true}));
    }
    let restart = args.value("restart").unwrap_or("Always");
    let mut value = json!({
        "metadata": {"labels": pod_labels(name, args)?, "name": name},
        "spec": {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": restart},
        "status": {},
    });
    let mut annotations = Map::new();
    for pair in args.repeated("annotations") {
        annotations.extend(labels(pair).map_err(|_| format!("invalid annotations format: {pair}"))?);
    }
    if !annotations.is_empty() {
        set_at(&mut value, &["metadata", "annotations"], annotations.into());
    }
    if let Some(text) = args.value("overrides") {
        value = overridden(value, text, args)?;
    }
    Ok(value)
}

/// Whether a name is one that `run` takes for a variable.
fn is_env_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Applies `--overrides`, as `--override-type` says.
pub fn overridden(value: Value, text: &str, args: &Args) -> Result<Value, String> {
    let kind = args.value("override-type").unwrap_or("merge");
    if !matches!(kind, "merge" | "json" | "strategic") {
        return Err(format!("invalid override type: {kind}"));
    }
    let patch: Value = serde_json::from_str(text).map_err(|_| "Invalid JSON Patch".to_owned())?;
    if kind == "json" {
        return apiserver::patch::json(&value, &patch).map_err(|status| status.message);
    }
    Ok(apiserver::patch::merge(value, &patch))
}

fn pod_labels(name: &str, args: &Args) -> Result<Map<String, Value>, String> {
    match args.value("labels").filter(|text| !text.is_empty()) {
        Some(text) => labels(text),
        None => labels(&format!("run={name}")),
    }
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    let name = args.positional.first().cloned().unwrap_or_default();
    let attach = attaches(args);
    let alone = |failure: Failure| failure.alone();
    let value = pod(&name, args).map_err(|text| errors::line(&text))?;
    let mut made = vec![send::generated(call, Kind::Pod, value, "", world, out).map_err(alone)?];
    if args.is_on("expose") {
        let port = args.value("port").and_then(|p| p.parse::<i64>().ok()).unwrap_or(0);
        let selector = pod_labels(&name, args).map_err(|text| errors::line(&text))?;
        let service = json!({
            "metadata": {"name": name},
            "spec": {"ports": [{"port": port, "protocol": "TCP", "targetPort": port}], "selector": selector},
            "status": {"loadBalancer": {}},
        });
        made.push(send::generated(call, Kind::Service, service, "", world, out).map_err(alone)?);
    }
    if !attach {
        let mut reporter = Reporter::of(args)?.of_structs();
        for object in made.iter().rev() {
            reporter.tell(object, "created", out)?;
            // Beside what parts documents it parts these two itself.
            if object.kind == Kind::Service && args.value("output") == Some("yaml") {
                out.say("---");
            }
        }
        return Ok(crate::command::printed(String::new()));
    }
    Ok(attached::start(call, &name, words_of(args), made))
}
