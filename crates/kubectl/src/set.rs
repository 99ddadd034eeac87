//! `kubectl set image`, `kubectl set env`.

use api::Object;
use apimachinery::value::ValueExt;
use apiserver::{Actor, Patch, Request, Subresource};
use serde_json::{Value, json};

use crate::Invocation;
use crate::command::{Command, failed, once};
use crate::errors;
use crate::resources::{self, Scope, display_name};

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    let mut words = call.args.positional.clone().into_iter();
    let what = words.next().unwrap_or_default();
    let (pairs, names): (Vec<String>, Vec<String>) = words.partition(|w| w.contains('='));
    if !matches!(what.as_str(), "image" | "env") {
        return failed(format!("error: unknown command \"set {what}\"\nSee 'kubectl set -h' for help and examples\n"), 1);
    }
    let asked = match resources::parse(&names) {
        Ok(asked) => asked,
        Err(message) => return failed(message, 1),
    };
    let pairs: Vec<(String, String)> =
        pairs.iter().filter_map(|p| p.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let scope = Scope::of(&call.args, &call.namespace);
    once(move |world, out| {
        let found = resources::find(&asked, &scope, world);
        let mut code = i32::from(!found.errors.is_empty());
        for error in &found.errors {
            out.stderr.push_str(error);
        }
        for object in found.all() {
            let patch = if what == "image" { images(object, &pairs) } else { Ok(env(object, &pairs)) };
            let patch = match patch {
                Ok(patch) => patch,
                Err(message) => {
                    out.stderr.push_str(&message);
                    code = 1;
                    continue;
                }
            };
            let suffix = crate::apply::dry_run_suffix(call.args.value("dry-run"));
            if suffix.is_empty() {
                let request = Request::patch(&Actor::user(), object.key(), Patch::StrategicMerge(patch), Subresource::None);
                if let Err(status) = world.request(request) {
                    out.stderr.push_str(&errors::text(&status));
                    code = 1;
                    continue;
                }
            }
            out.say(&format!("{} {what} updated{suffix}", display_name(object)));
        }
        code
    })
}

fn spec_path(object: &Object) -> &'static [&'static str] {
    if object.kind == api::Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] }
}

fn wrap(object: &Object, containers: Vec<Value>) -> Value {
    let inner = json!({ "containers": containers });
    if object.kind == api::Kind::Pod { json!({"spec": inner}) } else { json!({"spec": {"template": {"spec": inner}}}) }
}

fn containers(object: &Object) -> Vec<String> {
    let spec = object.at(spec_path(object)).unwrap_or(&Value::Null);
    spec.list_at(&["containers"]).iter().map(|c| c.str_at(&["name"]).to_owned()).collect()
}

fn images(object: &Object, pairs: &[(String, String)]) -> Result<Value, String> {
    let known = containers(object);
    let mut patch = Vec::new();
    for (name, image) in pairs {
        let targets: Vec<&String> = known.iter().filter(|k| *k == name || name == "*").collect();
        if targets.is_empty() {
            return Err(format!("error: unable to find container named \"{name}\"\n"));
        }
        patch.extend(targets.into_iter().map(|target| json!({"name": target, "image": image})));
    }
    Ok(wrap(object, patch))
}

fn env(object: &Object, pairs: &[(String, String)]) -> Value {
    let variables: Vec<Value> = pairs.iter().map(|(k, v)| json!({"name": k, "value": v})).collect();
    let patch = containers(object).into_iter().map(|c| json!({"name": c, "env": variables})).collect();
    wrap(object, patch)
}
