//! `kubectl set env`.
//!
//! Models: `set_env.go` and `env` of `k8s.io/kubectl/pkg/cmd/set`.

use std::rc::Rc;

use apimachinery::value::{ValueExt, as_map_mut};
use serde_json::{Value, json};

use super::{Set, containers, matches, run};
use crate::Invocation;
use crate::command::Output;
use crate::errors::{self, Failure};
use crate::resources::{self, Scope};
use crate::world::World;

/// Whether a word sets (`A=b`), removes (`A-`) or reads (`-`) variables.
fn is_change(word: &str) -> bool {
    word.contains('=') || word.ends_with('-')
}

const VARIABLE: &str = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

/// Whether kubectl takes a name for that of a variable; the server takes more.
fn is_variable(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    !name.is_empty() && name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Sets and removes variables; returns the exit code.
pub(super) fn set(call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
    match plan(call, world) {
        Ok(set) => run(call, &set, world, out),
        Err(message) => {
            out.stderr.push_str(&message);
            1
        }
    }
}

/// The variables that are set, and the names of those that are removed. `-` reads them from standard input.
fn changes_of(call: &Invocation, changes: &[String]) -> Result<(Vec<Value>, Vec<String>), String> {
    let (mut variables, mut removed) = (Vec::new(), Vec::new());
    let piped = changes.iter().any(|word| word == "-").then(|| call.stdin.clone().unwrap_or_default());
    let piped = piped.unwrap_or_default();
    let typed = changes.iter().map(String::as_str).filter(|word| *word != "-");
    let read = piped.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for word in call.args.repeated("env").into_iter().chain(typed).chain(read) {
        match word.split_once('=') {
            Some((name, _)) if !is_variable(name) => {
                return Err(errors::line(&format!("\"{name}\" is not a valid key name: {VARIABLE}")));
            }
            Some((name, value)) => variables.push(json!({"name": name, "value": value})),
            None => removed.push(word.trim_end_matches('-').to_owned()),
        }
    }
    if variables.iter().any(|variable| removed.iter().any(|name| *name == variable.str_at(&["name"]))) {
        let text = "can not both modify and remove the same environment variable in the same command";
        return Err(errors::line(text));
    }
    Ok((variables, removed))
}

fn plan(call: &Invocation, world: &mut dyn World) -> Result<Set, String> {
    let words = &call.args.positional;
    let first = words.iter().position(|word| is_change(word)).unwrap_or(words.len());
    let (names, changes) = words.split_at(first);
    if changes.iter().any(|word| !is_change(word)) {
        let text = format!("all resources must be specified before environment changes: {}", words.join(" "));
        return Err(errors::line(&text));
    }
    if names.is_empty() && call.args.value("filename").is_none() {
        return Err(errors::line(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    }
    let (mut variables, removed) = changes_of(call, changes)?;
    if let Some(source) = call.args.value("from") {
        variables.extend(from(call, source, world)?);
    }
    resources::parse(names)?;
    if let Some(prefix) = call.args.value("prefix") {
        for variable in &mut variables {
            let name = format!("{prefix}{}", variable.str_at(&["name"]));
            as_map_mut(variable).insert("name".to_owned(), name.into());
        }
    }
    let pattern = call.args.value("containers").unwrap_or("*").to_owned();
    let overwrite = call.args.is_on_or("overwrite", true);
    let shown = pattern.clone();
    let change = move |name: &str, spec: &mut Value| {
        for container in containers(spec).filter(|c| matches(c.str_at(&["name"]), &pattern)) {
            if let Some(clash) = clash(container.list_at(&["env"]), &variables).filter(|_| !overwrite) {
                return vec![Failure::Plain(format!("{name} {clash}"))];
            }
            let env = update(container.list_at(&["env"]), &variables, &removed);
            let container = as_map_mut(container);
            if env.is_empty() {
                container.remove("env");
            } else {
                container.insert("env".to_owned(), env.into());
            }
        }
        Vec::new()
    };
    Ok(Set {
        names: names.to_vec(),
        deed: "env updated",
        failing: "failed to patch env update to pod template: ",
        pattern: Some(shown),
        change: Rc::new(change),
        local: call.args.is_on("local"),
    })
}

/// The name of a variable that would be changed, if there is one.
fn clash(existing: &[Value], variables: &[Value]) -> Option<String> {
    let text = |variable: &Value, member: &str| variable.str_at(&[member]).to_owned();
    existing.iter().find_map(|old| {
        let changes = |new: &&Value| text(new, "name") == text(old, "name") && *new != old;
        variables.iter().find(changes).map(|_| {
            let (name, value) = (text(old, "name"), text(old, "value"));
            format!("'{name}' already has a value ({value}), and --overwrite is false")
        })
    })
}

/// The variables after the change: those that are there keep their place, new ones come last.
fn update(existing: &[Value], variables: &[Value], removed: &[String]) -> Vec<Value> {
    let name = |variable: &Value| variable.str_at(&["name"]).to_owned();
    let newer = |wanted: &str| variables.iter().find(|v| v.str_at(&["name"]) == wanted).cloned();
    let kept = existing.iter().filter(|v| !removed.contains(&name(v)));
    let mut all: Vec<Value> = kept.map(|v| newer(&name(v)).unwrap_or_else(|| v.clone())).collect();
    for variable in variables {
        if !all.iter().any(|v| name(v) == name(variable)) {
            all.push(variable.clone());
        }
    }
    all
}

/// `--from=configmap/x`: variables that refer to every key.
fn from(call: &Invocation, source: &str, world: &mut dyn World) -> Result<Vec<Value>, String> {
    let asked = resources::parse(&[source.to_owned()])?;
    let found = resources::find(&asked, &Scope::of(&call.args, &call.namespace), world);
    if let Some(error) = found.errors.first() {
        return Err(error.clone());
    }
    let keys = call.args.values("keys");
    let mut variables = Vec::new();
    for object in found.all() {
        let member = match object.kind {
            api::Kind::ConfigMap => "configMapKeyRef",
            api::Kind::Secret => "secretKeyRef",
            _ => return Err(errors::line("unsupported resource specified in --from")),
        };
        let data = object.field("data").as_object().into_iter().flatten();
        for (key, _) in data.filter(|(key, _)| keys.is_empty() || keys.contains(&key.as_str())) {
            let name = key.to_ascii_uppercase().replace(['-', '.'], "_");
            let reference = json!({"name": object.metadata.name, "key": key});
            variables.push(json!({"name": name, "valueFrom": {member: reference}}));
        }
    }
    Ok(variables)
}

/// `--list`: prints the variables of each container.
pub(super) fn list(call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
    resources::each(call, &call.args.positional, "", world, out, &mut |object, _, out| {
        let path: &[&str] =
            if object.kind == api::Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
        let Some(spec) = object.at(path) else {
            return Err(Failure::Plain("the object is not a pod or does not have a pod template".to_owned()));
        };
        for container in spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"])) {
            let (kind, name) = (object.kind.info().name, &object.metadata.name);
            out.say(&format!("# {kind} {name}, container {}", container.str_at(&["name"])));
            for variable in container.list_at(&["env"]) {
                let (name, value) = (variable.str_at(&["name"]), variable.str_at(&["value"]));
                match variable.map_at(&["valueFrom"]) {
                    None => out.say(&format!("{name}={value}")),
                    Some(from) => out.say(&format!("# {name} from {}", reference(from))),
                }
            }
        }
        Ok(())
    })
}

fn reference(from: &serde_json::Map<String, Value>) -> String {
    let Some((kind, source)) = from.iter().next() else { return "invalid valueFrom".to_owned() };
    let (name, key) = (source.str_at(&["name"]), source.str_at(&["key"]));
    match kind.as_str() {
        "configMapKeyRef" => format!("configmap {name}, key {key}"),
        "secretKeyRef" => format!("secret {name}, key {key}"),
        "fieldRef" => format!("field path {}", source.str_at(&["fieldPath"])),
        "resourceFieldRef" => format!("resource field {}", source.str_at(&["resource"])),
        _ => "invalid valueFrom".to_owned(),
    }
}
