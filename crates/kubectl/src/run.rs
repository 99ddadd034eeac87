//! `kubectl run` and `kubectl attach`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/run`, `k8s.io/kubectl/pkg/cmd/attach`.
//! Differs: what an attached command prints is asked for as `exec` does when its Pod runs, and read from
//! the log when it has ended already.

use std::rc::Rc;
use std::time::Duration;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::{ValueExt, set_at};
use apiserver::{Actor, DeleteOptions, Propagation, Request};
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, Output, Plan, Poll, failed, planned};
use crate::create;
use crate::errors::{self, Failure};
use crate::exec::{self, Shell};
use crate::generate::labels;
use crate::logs::{choose_container, live_pod, pod_of};
use crate::output::{DryRun, Reporter};
use crate::world::{ExecRequest, LogRequest, World};

const RECORDED: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.";
const NO_PROMPT: &str = "If you don't see a command prompt, try pressing enter.";
/// How long a Pod may take to run.
const POD_TIMEOUT: Duration = Duration::from_secs(60);

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
    } else if image.contains(|c: char| c.is_whitespace() || c.is_ascii_uppercase())
        && !image.contains('/')
        && !image.contains(':')
    {
        return Err(errors::line(&format!("Invalid image name \"{image}\": invalid reference format")));
    } else if args.is_on("tty") && !args.is_on("stdin") {
        "-i/--stdin is required for containers with -t/--tty=true".to_owned()
    } else if args.is_on("expose") && port.is_empty() {
        "--port must be set when exposing a service".to_owned()
    } else if !port.is_empty() && port.parse::<i64>().is_err() {
        return Err(errors::line(&format!("strconv.Atoi: parsing \"{port}\": invalid syntax")));
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
        let (name, value) = pair.split_once('=').ok_or_else(|| format!("invalid env: {pair}"))?;
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
        annotations.extend(labels(pair)?);
    }
    if !annotations.is_empty() {
        set_at(&mut value, &["metadata", "annotations"], annotations.into());
    }
    if let Some(text) = args.value("overrides") {
        let overrides: Value = serde_json::from_str(text).map_err(|e| format!("Invalid JSON Patch: {e}"))?;
        value = apiserver::patch::merge(&value, &overrides);
    }
    Ok(value)
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
    let mut made = vec![create::generated(call, Kind::Pod, value, "", world, out).map_err(alone)?];
    if args.is_on("expose") {
        let port = args.value("port").and_then(|p| p.parse::<i64>().ok()).unwrap_or(0);
        let selector = pod_labels(&name, args).map_err(|text| errors::line(&text))?;
        let service = json!({
            "metadata": {"name": name},
            "spec": {"ports": [{"port": port, "protocol": "TCP", "targetPort": port}], "selector": selector},
            "status": {"loadBalancer": {}},
        });
        made.push(create::generated(call, Kind::Service, service, "", world, out).map_err(alone)?);
    }
    if !attach {
        let mut reporter = Reporter::of(args)?;
        for object in made.iter().rev() {
            reporter.tell(object, "created", out)?;
        }
        return Ok(crate::command::printed(String::new()));
    }
    Ok(Box::new(Attached {
        pod: name.clone(),
        namespace: call.namespace.clone(),
        container: name,
        command: words_of(args),
        stdin: call.stdin.clone(),
        interactive: args.is_on("stdin") && call.stdin.is_none(),
        quiet: args.is_on("quiet"),
        remove: if args.is_on("rm") { made } else { Vec::new() },
        wants_code: !matches!(args.value("restart"), None | Some("Always")),
        began: world.now(),
        shell: None,
        left: None,
    }))
}

/// Begins `attach`.
pub fn attach(call: Invocation) -> Box<dyn Command> {
    let Some(word) = call.args.positional.first().cloned() else {
        return failed(errors::line("at least 1 argument is required for attach"), 1);
    };
    planned(move |world, out| {
        let pod = pod_of(&call.namespace, &word, world)?;
        let phase = pod.status().str_at(&["phase"]);
        if matches!(phase, "Succeeded" | "Failed") {
            let text = format!("cannot attach a container in a completed pod; current phase is {phase}");
            return Err(errors::line(&text));
        }
        let container = choose_container(&pod, call.args.value("container").unwrap_or(""), out)?;
        if !call.args.is_on("quiet") {
            out.complain(RECORDED);
            out.complain(NO_PROMPT);
        }
        let name = pod.metadata.name.clone();
        if !is_running(&pod, &container) {
            let text = format!(
                "unable to upgrade connection: container {container} not found in pod {name}_{}",
                call.namespace
            );
            return Err(errors::line(&text));
        }
        let stdin = call.args.is_on("stdin");
        let container_spec =
            pod.spec().list_at(&["containers"]).iter().find(|c| c.str_at(&["name"]) == container);
        if stdin && container_spec.and_then(|c| c.bool_at(&["stdin"])) == Some(true) {
            let request = ExecRequest {
                namespace: call.namespace.clone(),
                pod: name,
                container,
                ..ExecRequest::default()
            };
            return Ok(Box::new(Shell::new(request)));
        }
        // Without standard input an attached client sees what the container prints from now on.
        let words = [name.as_str(), "-c", &container, "-f", "--since=0s"].map(str::to_owned).to_vec();
        let args = Args::parse("logs", words)?;
        Ok(crate::logs::start(Invocation { args, stdin: None, namespace: call.namespace.clone() }))
    })
}

fn restarts(pod: &Object) -> i64 {
    let statuses = pod.status().list_at(&["containerStatuses"]);
    statuses.first().and_then(|s| s.i64_at(&["restartCount"])).unwrap_or(0)
}

fn is_running(pod: &Object, container: &str) -> bool {
    let statuses = pod.status().list_at(&["containerStatuses"]);
    statuses.iter().any(|s| s.str_at(&["name"]) == container && s.at(&["state", "running"]).is_some())
}

/// `run -i`: the Pod is waited for, its command's output shown, and perhaps the Pod deleted.
struct Attached {
    namespace: String,
    pod: String,
    container: String,
    command: Vec<String>,
    stdin: Option<String>,
    interactive: bool,
    quiet: bool,
    remove: Vec<Rc<Object>>,
    wants_code: bool,
    began: Time,
    shell: Option<Shell>,
    /// The code with which the shell was left.
    left: Option<i32>,
}

impl Attached {
    fn request(&self) -> ExecRequest {
        ExecRequest {
            namespace: self.namespace.clone(),
            pod: self.pod.clone(),
            container: self.container.clone(),
            command: self.command.clone(),
            stdin: self.stdin.clone(),
            ends: None,
        }
    }

    fn greet(&self, out: &mut Output) {
        if !self.quiet {
            out.complain(RECORDED);
            out.complain(NO_PROMPT);
        }
    }

    /// What the container printed before it ended, and its exit code.
    fn finished(&self, pod: &Object, world: &dyn World, out: &mut Output) -> i32 {
        let request = LogRequest {
            namespace: self.namespace.clone(),
            pod: self.pod.clone(),
            container: self.container.clone(),
            ..LogRequest::default()
        };
        for (_, line) in world.logs(&request).map(|answer| answer.lines).unwrap_or_default() {
            out.say(&line);
        }
        let ended =
            pod.status().list_at(&["containerStatuses"]).first().and_then(|s| s.at(&["state", "terminated"]));
        let code = ended
            .and_then(|e| e.i64_at(&["exitCode"]))
            .and_then(|code| i32::try_from(code).ok())
            .unwrap_or(0);
        self.report(code, ended.map_or("", |e| e.str_at(&["reason"])), out)
    }

    fn report(&self, code: i32, reason: &str, out: &mut Output) -> i32 {
        if code == 0 || !self.wants_code {
            return 0;
        }
        out.complain(&format!("pod {}/{} terminated ({reason})", self.namespace, self.pod));
        code
    }

    /// Runs the command in the container, or opens its shell; the exit code when it is over.
    fn running(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        if self.shell.is_none() {
            self.greet(out);
            let request = self.request();
            if self.interactive && (request.command.is_empty() || exec::is_shell(&request.command)) {
                self.shell = Some(Shell::new(request));
            } else if self.command.is_empty() {
                return Some(0);
            } else {
                return Some(match world.exec(&request) {
                    Ok(answer) => {
                        out.stdout.push_str(&answer.stdout);
                        out.stdout.push_str(&answer.stderr);
                        self.report(answer.exit, "Error", out)
                    }
                    Err(status) => {
                        out.stderr.push_str(&exec::refusal(&status));
                        1
                    }
                });
            }
        }
        if let Poll::Exited(code) = self.shell.as_mut()?.poll(world, out) {
            let _ = world.exec(&ExecRequest { ends: Some(code), command: Vec::new(), ..self.request() });
            self.left = Some(code);
        }
        None
    }

    fn clean_up(&self, world: &mut dyn World, out: &mut Output) {
        for object in &self.remove {
            let options =
                DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
            if world.request(Request::delete(&Actor::user(), object.key(), options)).is_ok() && !self.quiet {
                let kind = object.kind.info().qualified_singular();
                out.say(&format!(
                    "{kind} \"{}\" deleted from {} namespace",
                    object.metadata.name, self.namespace
                ));
            }
        }
    }

    fn step(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let Some(pod) = live_pod(&self.namespace, &self.pod, world) else {
            out.stderr.push_str(&errors::text(&apimachinery::Status::not_found("pods", "", &self.pod)));
            return Some(1);
        };
        let phase = pod.status().str_at(&["phase"]);
        if let Some(code) = self.left {
            if is_running(&pod, &self.container) && restarts(&pod) == 0 {
                return None;
            }
            if phase == "Running" && !self.quiet && self.remove.is_empty() {
                out.say(&format!(
                    "Session ended, resume using 'kubectl attach {} -c {} -i -t' command when the pod is running",
                    self.pod, self.container
                ));
            }
            return Some(self.report(code, if code == 0 { "Completed" } else { "Error" }, out));
        }
        if self.shell.is_none() && matches!(phase, "Succeeded" | "Failed") {
            return Some(self.finished(&pod, world, out));
        }
        if self.shell.is_some() || is_running(&pod, &self.container) {
            return self.running(world, out);
        }
        if world.now() >= self.began + POD_TIMEOUT {
            out.complain("error: timed out waiting for the condition");
            return Some(1);
        }
        None
    }
}

impl Command for Attached {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let Some(code) = self.step(world, out) else { return Poll::Pending };
        self.clean_up(world, out);
        Poll::Exited(code)
    }

    fn prompt(&self) -> Option<&str> {
        self.shell.as_ref().filter(|_| self.left.is_none()).and_then(Shell::prompt)
    }

    fn feed(&mut self, line: &str) {
        if let Some(shell) = &mut self.shell {
            shell.feed(line);
        }
    }
}
