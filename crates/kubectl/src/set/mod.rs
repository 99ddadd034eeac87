//! `kubectl set image|env|resources|serviceaccount|selector`.
//!
//! Each changes the Pod template of an object (or the Pod) and sends the difference.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/set`.

mod env;
mod selector;

use std::rc::Rc;

use api::schema::Schema;
use api::{Kind, Object};
use apimachinery::value::{ValueExt, as_map_mut, set_at};
use apiserver::{Actor, Patch, Request, Subresource, Verb, patch};
use serde_json::{Value, json};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::delete::plural_name;
use crate::errors::{self, Failure};
use crate::help;
use crate::output::{DryRun, Reporter};
use crate::resources;
use crate::send::made;
use crate::world::World;

/// Changes the Pod spec of an object, which is named like `statefulsets/web`; returns the errors.
type Change = Rc<dyn Fn(&str, &mut Value) -> Vec<Failure>>;

/// What a subcommand does to a Pod spec, and to which objects.
#[derive(Clone)]
struct Set {
    names: Vec<String>,
    deed: &'static str,
    /// `failed to patch image update to pod template: `.
    failing: &'static str,
    /// The pattern of containers, if it is not an error that there are none.
    pattern: Option<String>,
    change: Change,
    /// Whether nothing is asked of the server: `--local`.
    local: bool,
}

/// Begins the verb.
pub fn start(mut call: Invocation) -> Box<dyn Command> {
    if call.args.positional.is_empty() {
        return failed(help::of("set"), 1);
    }
    let what = call.args.positional.remove(0);
    if what == "env" && call.args.is_on("list") {
        return once(move |world, out| env::list(&call, world, out));
    }
    let planned = match what.as_str() {
        "image" => images(&call),
        "env" => return once(move |world, out| env::set(&call, world, out)),
        "resources" => requirements(&call),
        "serviceaccount" | "sa" => service_account(&call),
        "selector" => return once(move |world, out| selector::set(&call, world, out)),
        "subject" if call.args.positional.is_empty() => Err(resources::NOTHING_NAMED.to_owned()),
        // Bindings of roles are not here.
        "subject" => {
            return once(move |world, out| {
                resources::each(&call, &call.args.positional, "", world, out, &mut |_, _, _| Ok(()))
            });
        }
        _ => Err(errors::usage("set", &format!("unknown command \"{what}\""))),
    };
    match planned {
        Ok(set) => once(move |world, out| run(&call, &set, world, out)),
        Err(message) => failed(message, 1),
    }
}

fn run(call: &Invocation, set: &Set, world: &mut dyn World, out: &mut Output) -> i32 {
    let mut reporter = match Reporter::of(&call.args) {
        Ok(reporter) => reporter.of_structs(),
        Err(message) => {
            out.stderr.push_str(&message);
            return 1;
        }
    };
    let mut failures = Vec::new();
    let code = resources::each(call, &set.names, "", world, out, &mut |object, world, out| {
        one(object, set, &mut reporter, &mut failures, world, out)
    });
    code.max(errors::say(&failures, out))
}

fn one(
    object: &Rc<Object>,
    set: &Set,
    reporter: &mut Reporter,
    failures: &mut Vec<Failure>,
    world: &mut dyn World,
    out: &mut Output,
) -> Result<(), Failure> {
    let path: &[&str] = match object.kind {
        Kind::Pod => &["spec"],
        Kind::StatefulSet => &["spec", "template", "spec"],
        kind => {
            let name = plural_name(kind, &object.metadata.name);
            let text = format!("the object is not a pod or does not have a pod template: *v1.{kind}");
            return Err(Failure::Plain(format!("error: {name} {text}")));
        }
    };
    let before = object.to_value();
    let mut spec = before.at(path).cloned().unwrap_or_default();
    if let Some(pattern) = &set.pattern
        && !containers(&mut spec).any(|c| matches(c.str_at(&["name"]), pattern))
    {
        let (kind, name) = (object.kind, &object.metadata.name);
        out.complain(&format!("Warning: {kind}/{name} does not have any containers matching \"{pattern}\""));
    }
    failures.extend((set.change)(&plural_name(object.kind, &object.metadata.name), &mut spec));
    let mut after = before.clone();
    set_at(&mut after, path, spec);
    if after == before {
        return Ok(());
    }
    if set.local {
        fill(object.kind, &mut after);
    }
    if reporter.dry_run == DryRun::Client || set.local {
        let changed = Object::from_value(object.kind, after);
        return reporter.tell(&changed, set.deed, out).map_err(Failure::Text);
    }
    let ty = Schema::get().of_kind(object.kind);
    let patch = Patch::StrategicMerge(patch::three_way_strategic(&before, &after, &before, ty));
    let verb = Verb::Patch(patch, Subresource::None, reporter.options());
    let changed = made(Request { actor: Actor::user(), key: object.key(), verb }, world, out);
    let changed = changed.map_err(|failure| match failure {
        Failure::Refused(status, _) => Failure::Plain(format!("{}{}", set.failing, status.message)),
        other => other,
    })?;
    reporter.tell(&changed, set.deed, out).map_err(Failure::Text)
}

/// Fills in the members that Go's types print though nobody gave them.
fn fill(kind: Kind, value: &mut Value) {
    let (path, status): (&[&str], Value) = match kind {
        Kind::Pod => (&["spec"], json!({})),
        _ => (&["spec", "template", "spec"], json!({"availableReplicas": 0, "replicas": 0})),
    };
    let mut spec = value.at(path).cloned().unwrap_or_default();
    for container in containers(&mut spec) {
        as_map_mut(container).entry("resources").or_insert_with(|| json!({}));
    }
    set_at(value, path, spec);
    as_map_mut(value).entry("status").or_insert(status);
    if kind == Kind::StatefulSet
        && let Some(spec) = value.get_mut("spec")
    {
        as_map_mut(spec).entry("updateStrategy").or_insert_with(|| json!({}));
    }
}

/// The lists of containers of a Pod spec that can be changed.
fn containers(spec: &mut Value) -> impl Iterator<Item = &mut Value> {
    let lists = as_map_mut(spec)
        .iter_mut()
        .filter(|(name, _)| matches!(name.as_str(), "containers" | "initContainers"));
    lists.filter_map(|(_, list)| list.as_array_mut()).flatten()
}

/// Whether a name matches `-c`, in which `*` stands for anything.
fn matches(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((head, "")) => name.starts_with(head),
        Some((head, tail)) => name
            .strip_prefix(head)
            .is_some_and(|rest| (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|r| matches(r, tail)))),
    }
}

fn images(call: &Invocation) -> Result<Set, String> {
    let (pairs, names): (Vec<String>, Vec<String>) =
        call.args.positional.iter().cloned().partition(|word| word.find('=').is_some_and(|at| at > 0));
    if names.is_empty() && call.args.value("filename").is_none() {
        return Err(resources::NOTHING_NAMED.to_owned());
    }
    let pairs = pairs.iter().filter_map(|p| p.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned()));
    let pairs: Vec<(String, String)> = pairs.collect();
    if pairs.is_empty() {
        resources::parse(&names)?;
        return Err(errors::line("at least one image update is required"));
    }
    if pairs.len() > 1 && pairs.iter().any(|(name, _)| name == "*") {
        let text = "all containers are already specified by *, but saw more than one container_name=container_image pairs";
        return Err(errors::line(text));
    }
    let change = move |_: &str, spec: &mut Value| {
        let mut failures = Vec::new();
        for (name, image) in &pairs {
            let mut found = false;
            for container in containers(spec).filter(|c| name == "*" || c.str_at(&["name"]) == name) {
                set_at(container, &["image"], image.as_str().into());
                found = true;
            }
            if !found {
                failures.push(Failure::Plain(format!("error: unable to find container named \"{name}\"")));
            }
        }
        failures
    };
    let failing = "failed to patch image update to pod template: ";
    let local = call.args.is_on("local");
    Ok(Set { names, deed: "image updated", failing, pattern: None, change: Rc::new(change), local })
}

/// `cpu=100m,memory=1Gi`.
fn quantities(call: &Invocation, flag: &str) -> Result<Vec<(String, String)>, String> {
    let pairs = call.args.values(flag).into_iter().map(|pair| {
        let syntax = || errors::line(&format!("Invalid argument syntax {pair}, expected <resource>=<value>"));
        let (name, amount) = pair.split_once('=').ok_or_else(syntax)?;
        apimachinery::Quantity::parse(amount).map_err(errors::line)?;
        Ok((name.to_owned(), amount.to_owned()))
    });
    pairs.collect()
}

fn requirements(call: &Invocation) -> Result<Set, String> {
    if call.args.positional.is_empty() && call.args.value("filename").is_none() {
        return Err(resources::NOTHING_NAMED.to_owned());
    }
    let (limits, requests) = (quantities(call, "limits")?, quantities(call, "requests")?);
    if limits.is_empty() && requests.is_empty() {
        let text = "you must specify an update to requests or limits (in the form of --requests/--limits)";
        return Err(errors::line(text));
    }
    let pattern = call.args.value("containers").unwrap_or("*").to_owned();
    let change = move |_: &str, spec: &mut Value| {
        let mut found = false;
        for container in containers(spec).filter(|c| matches(c.str_at(&["name"]), &pattern)) {
            found = true;
            for (member, pairs) in [("limits", &limits), ("requests", &requests)] {
                for (name, amount) in pairs {
                    set_at(container, &["resources", member, name], amount.as_str().into());
                }
            }
        }
        let unknown = || Failure::Plain(format!("error: unable to find container named {pattern}"));
        if found { Vec::new() } else { vec![unknown()] }
    };
    Ok(Set {
        names: call.args.positional.clone(),
        deed: "resource requirements updated",
        failing: "failed to patch resources update to pod template ",
        pattern: None,
        change: Rc::new(change),
        local: call.args.is_on("local"),
    })
}

fn service_account(call: &Invocation) -> Result<Set, String> {
    let mut names = call.args.positional.clone();
    let account = names.pop().ok_or_else(|| errors::line("serviceaccount is required"))?;
    if names.is_empty() && call.args.value("filename").is_none() {
        return Err(resources::NOTHING_NAMED.to_owned());
    }
    let change = move |_: &str, spec: &mut Value| {
        set_at(spec, &["serviceAccountName"], json!(account));
        Vec::new()
    };
    Ok(Set {
        names,
        deed: "serviceaccount updated",
        failing: "failed to patch ServiceAccountName ",
        pattern: None,
        change: Rc::new(change),
        local: call.args.is_on("local"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(
            matches("nginx", "*")
                && matches("nginx", "ng*")
                && matches("nginx", "*x")
                && matches("nginx", "n*i*x")
        );
        assert!(!matches("nginx", "x*") && !matches("nginx", "nginx2"));
    }
}
