//! `kubectl create` and `kubectl autoscale` for kinds of which this cluster has no objects: they make what
//! they would send, and print it with `--dry-run=client`.
//!
//! Models: `create_deployment.go`, `create_job.go`, `create_cronjob.go`, `create_role.go` and
//! `create_ingress.go` of `k8s.io/kubectl/pkg/cmd/create`, `k8s.io/kubectl/pkg/cmd/autoscale`.
//! Differs: several images of a Deployment give containers without a random suffix.

use api::Kind;
use apimachinery::value::set_at;
use serde_json::{Value, json};

use crate::Invocation;
use crate::args::Args;
use crate::command::{Command, Output, failed, once};
use crate::errors::{self, Failure};
use crate::flags;
use crate::foreign::{self, Type};
use crate::generate::port_or_name;
use crate::output::{DryRun, Reporter};
use crate::{rbac, resources};

/// The type that a word after `create` means; `None` if it is none of these.
pub fn type_of(word: &str) -> Option<Type> {
    let kinds = [
        "Deployment",
        "Job",
        "CronJob",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "Ingress",
    ];
    let aliases = [
        "deployment",
        "deploy",
        "job",
        "cronjob",
        "cj",
        "role",
        "clusterrole",
        "rolebinding",
        "clusterrolebinding",
        "ingress",
        "ing",
    ];
    foreign::find(word).filter(|ty| kinds.contains(&ty.kind) && aliases.contains(&word))
}

/// Begins `create <type>`.
pub fn start(mut call: Invocation, ty: Type) -> Box<dyn Command> {
    let word = call.args.positional.remove(0);
    let required: &[&str] = match ty.kind {
        "Deployment" => &["image"],
        "CronJob" => &["image", "schedule"],
        "ClusterRoleBinding" => &["clusterrole"],
        _ => &[],
    };
    let missing: Vec<String> = required
        .iter()
        .filter(|name| call.args.value(name).is_none())
        .map(|name| format!("\"{name}\""))
        .collect();
    if !missing.is_empty() {
        return failed(errors::line(&format!("required flag(s) {} not set", missing.join(", "))), 1);
    }
    let [name] = call.args.positional.as_slice() else {
        let text = format!("exactly one NAME is required, got {}", call.args.positional.len());
        let command = flags::command_of("create", &[word]);
        return failed(errors::usage(&command, &text), 1);
    };
    let name = name.clone();
    once(move |_, out| {
        let args = &call.args;
        let made = match ty.kind {
            "Deployment" => deployment(&name, args).map_err(Failure::Plain),
            "Job" => job(&name, args),
            "CronJob" => Ok(cron_job(&name, args)),
            "Role" => rbac::role(args, out),
            "ClusterRole" => rbac::cluster_role(args, out),
            "RoleBinding" | "ClusterRoleBinding" => rbac::binding(ty, args).map_err(Failure::Plain),
            _ => ingress(args).map_err(Failure::Plain),
        };
        let told = made.and_then(|value| tell(&call, ty, &name, value, out));
        told.err().map_or(0, |failure| errors::say(&[failure], out))
    })
}

/// Prints the object, or says that the server does not know it.
fn tell(call: &Invocation, ty: Type, name: &str, mut value: Value, out: &mut Output) -> Result<(), Failure> {
    let mut reporter = Reporter::of(&call.args).map_err(Failure::Text)?;
    if reporter.dry_run != DryRun::Client {
        let kind = ty.kind.to_lowercase();
        let text = format!("failed to create {kind}: the server could not find the requested resource");
        return Err(Failure::Plain(text));
    }
    set_at(&mut value, &["apiVersion"], ty.api_version().into());
    set_at(&mut value, &["kind"], ty.kind.into());
    set_at(&mut value, &["metadata", "name"], name.into());
    if ty.namespaced {
        set_at(&mut value, &["metadata", "namespace"], call.namespace.as_str().into());
    }
    let shown = format!("{}.{}/{name}", ty.kind.to_lowercase(), ty.group);
    reporter.tell_value(&shown, &value, "created", out).map_err(Failure::Text)
}

fn container(name: &str, image: &str, args: &Args) -> Value {
    let mut container = json!({"image": image, "name": name, "resources": {}});
    if let Some(words) = args.after_dashes.as_ref().filter(|words| !words.is_empty()) {
        set_at(&mut container, &["command"], words.as_slice().into());
    }
    container
}

fn deployment(name: &str, args: &Args) -> Result<Value, String> {
    if args.values("image").len() > 1 && args.after_dashes.as_ref().is_some_and(|words| !words.is_empty()) {
        return Err("cannot specify multiple --image options and command".to_owned());
    }
    let mut containers: Vec<Value> = Vec::new();
    for image in args.values("image") {
        let last = image.rsplit('/').next().unwrap_or(image);
        let bare = last.split([':', '@']).next().unwrap_or(last);
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        containers.push(container(&bare.chars().map(plain).collect::<String>(), image, args));
    }
    if let (Some(port), Some(first)) = (args.number("port"), containers.first_mut()) {
        set_at(first, &["ports"], json!([{"containerPort": port}]));
    }
    Ok(json!({
        "metadata": {"labels": {"app": name}},
        "spec": {
            "replicas": args.number("replicas").unwrap_or(1),
            "selector": {"matchLabels": {"app": name}},
            "strategy": {},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}},
        },
        "status": {},
    }))
}

fn pod_template(name: &str, restart: &str, args: &Args) -> Value {
    let container = container(name, args.value("image").unwrap_or(""), args);
    json!({"metadata": {}, "spec": {"containers": [container], "restartPolicy": restart}})
}

fn job(name: &str, args: &Args) -> Result<Value, Failure> {
    match (args.value("image"), args.value("from")) {
        (Some(_), None) => {}
        (None, Some(source)) => {
            let (ty, name) = source.split_once('/').unwrap_or((source, ""));
            return Err(match foreign::find(ty) {
                None => Failure::Text(resources::unknown_type(ty)),
                Some(ty) => ty.not_found(name).into(),
            });
        }
        _ => return Err(Failure::Plain("either --image or --from must be specified".to_owned())),
    }
    Ok(json!({"spec": {"template": pod_template(name, "Never", args)}, "status": {}}))
}

fn cron_job(name: &str, args: &Args) -> Value {
    let restart = args.value("restart").unwrap_or("OnFailure");
    let template = json!({
        "metadata": {"name": name},
        "spec": {"template": pod_template(name, restart, args)},
    });
    json!({"spec": {"jobTemplate": template, "schedule": args.value("schedule")}, "status": {}})
}

const NO_RULES: &str = "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)";

fn backend(text: &str) -> Option<Value> {
    let (service, port) = text.split_once(':')?;
    let port = port_or_name(port);
    let member = if port.is_number() { "number" } else { "name" };
    (!service.is_empty()).then(|| json!({"service": {"name": service, "port": {member: port}}}))
}

fn ingress(args: &Args) -> Result<Value, String> {
    let mut hosts: Vec<(&str, Vec<Value>)> = Vec::new();
    let mut tls = Vec::new();
    let given = args.repeated("rule");
    if given.is_empty() && args.value("default-backend").is_none() {
        return Err(NO_RULES.to_owned());
    }
    for rule in given {
        let parsed = rule.split_once('=').and_then(|(place, rest)| {
            let (service, secret) = rest.split_once(',').map_or((rest, None), |(s, tls)| (s, Some(tls)));
            let host_end = place.find('/').unwrap_or(place.len());
            Some((place.split_at(host_end), backend(service)?, secret))
        });
        let Some(((host, path), backend, secret)) = parsed else {
            return Err(format!(
                "rule {rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
            ));
        };
        let (path, ty) = path.strip_suffix('*').map_or((path, "Exact"), |path| (path, "Prefix"));
        let entry = json!({"backend": backend, "path": path, "pathType": ty});
        match hosts.iter_mut().find(|(known, _)| *known == host) {
            Some((_, paths)) => paths.push(entry),
            None => hosts.push((host, vec![entry])),
        }
        if let Some(secret) = secret {
            let mut entry = json!({"hosts": [host]});
            if let Some((_, name)) = secret.split_once('=') {
                set_at(&mut entry, &["secretName"], name.into());
            }
            tls.push(entry);
        }
    }
    let mut spec = json!({});
    let rule = |(host, paths): (&str, Vec<Value>)| {
        let mut rule = json!({"http": {"paths": paths}});
        if !host.is_empty() {
            set_at(&mut rule, &["host"], host.into());
        }
        rule
    };
    let rules: Vec<Value> = hosts.into_iter().map(rule).collect();
    let fallback = args.value("default-backend").and_then(backend).unwrap_or(Value::Null);
    let class = args.value("class").map_or(Value::Null, Value::from);
    let tls = Value::from(tls);
    let members =
        [("rules", rules.into()), ("tls", tls), ("defaultBackend", fallback), ("ingressClassName", class)];
    for (member, value) in members {
        if !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()) {
            set_at(&mut spec, &[member], value);
        }
    }
    let mut ingress = json!({"spec": spec, "status": {"loadBalancer": {}}});
    for pair in args.repeated("annotation") {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        set_at(&mut ingress, &["metadata", "annotations", name], value.into());
    }
    Ok(ingress)
}

/// Begins `autoscale`.
pub fn autoscale(call: Invocation) -> Box<dyn Command> {
    let args = &call.args;
    let Some(max) = args.number("max") else {
        return failed(errors::line("required flag(s) \"max\" not set"), 1);
    };
    let min = args.number("min").unwrap_or(-1);
    if max < 1 {
        let text = format!("--max=MAXPODS is required and must be at least 1, max: {max}");
        return failed(errors::line(&text), 1);
    }
    if max < min {
        let text = format!("--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}");
        return failed(errors::line(&text), 1);
    }
    let given = |flag: &str| args.value(flag).is_some_and(|value| !value.is_empty());
    if given("cpu-percent") && given("cpu") {
        return failed(errors::line("--cpu-percent and --cpu are mutually exclusive"), 1);
    }
    once(move |world, out| {
        let none = "error: no objects passed to autoscale\n";
        resources::each(&call, &call.args.positional, none, world, out, &mut |object, _, out| {
            let info = object.kind.info();
            if object.kind != Kind::StatefulSet {
                return Err(Failure::Plain(format!(
                    "cannot autoscale a {}: could not find scale subresource for {}/{}, Resource={} in discovery information",
                    info.name, info.group, info.version, info.plural
                )));
            }
            let Some(ty) = foreign::find("hpa") else { return Ok(()) };
            let name = &object.metadata.name;
            let target = json!({"apiVersion": info.api_version(), "kind": info.name, "name": name});
            let mut spec = json!({"maxReplicas": max, "scaleTargetRef": target});
            if min > 0 {
                set_at(&mut spec, &["minReplicas"], min.into());
            }
            let metrics = metrics(&call.args).map_err(Failure::Plain)?;
            if !metrics.is_empty() {
                set_at(&mut spec, &["metrics"], metrics.into());
            }
            let status = json!({"currentMetrics": null, "desiredReplicas": 0});
            let shown = call.args.value("name").unwrap_or(name);
            tell(&call, ty, shown, json!({"spec": spec, "status": status}), out)
        })
    })
}

/// What is measured: `--cpu` and `--memory` as a percentage or an amount.
fn metrics(args: &Args) -> Result<Vec<Value>, String> {
    let percent =
        args.number("cpu-percent").filter(|percent| *percent >= 0).map(|percent| format!("{percent}%"));
    let given = |flag: &str| args.value(flag).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut metrics = Vec::new();
    for (name, text) in [("cpu", given("cpu").or(percent)), ("memory", given("memory"))] {
        let Some(text) = text else { continue };
        let invalid = || format!("invalid resource {name} value: {text}");
        let target = if let Some(percent) = text.strip_suffix('%') {
            let percent: i64 = percent.parse().map_err(|_| invalid())?;
            json!({"averageUtilization": percent, "type": "Utilization"})
        } else {
            let unit = if name == "cpu" { "m" } else { "Mi" };
            let bare = text.bytes().all(|b| b.is_ascii_digit());
            let amount = if bare { format!("{text}{unit}") } else { text.clone() };
            apimachinery::Quantity::parse(&amount).map_err(|_| invalid())?;
            json!({"averageValue": amount, "type": "AverageValue"})
        };
        metrics.push(json!({"resource": {"name": name, "target": target}, "type": "Resource"}));
    }
    Ok(metrics)
}
