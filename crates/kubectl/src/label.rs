//! `kubectl label` and `kubectl annotate`.

use api::Object;
use apiserver::{Actor, Patch, Request, Subresource};
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::command::{Command, Output, failed, once};
use crate::errors;
use crate::resources::{self, Scope, display_name};
use crate::world::World;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Labels.
    Labels,
    /// Annotations.
    Annotations,
}

/// `k=v` sets, `k-` removes.
type Edits = Vec<(String, Option<String>)>;

fn split(words: &[String]) -> (Vec<String>, Edits) {
    let is_edit = |w: &String| w.contains('=') || (w.ends_with('-') && w.len() > 1);
    let (edits, names): (Vec<String>, Vec<String>) = words.iter().cloned().partition(is_edit);
    let edits = edits.into_iter().map(|e| match e.split_once('=') {
        Some((k, v)) => (k.to_owned(), Some(v.to_owned())),
        None => (e.trim_end_matches('-').to_owned(), None),
    });
    (names, edits.collect())
}

/// Begins the verb.
pub fn start(call: Invocation, what: What) -> Box<dyn Command> {
    let (names, edits) = split(&call.args.positional);
    let asked = match resources::parse(&names) {
        Ok(asked) => asked,
        Err(message) => return failed(message, 1),
    };
    let word = if what == What::Labels { "label" } else { "annotation" };
    if edits.is_empty() {
        return failed(format!("error: at least one {word} update is required\n"), 1);
    }
    let scope = Scope::of(&call.args, &call.namespace);
    once(move |world, out| {
        let found = resources::find(&asked, &scope, world);
        let mut code = i32::from(!found.errors.is_empty());
        for error in &found.errors {
            out.stderr.push_str(error);
        }
        let objects: Vec<_> = found.all().cloned().collect();
        for object in objects {
            if let Err(message) = edit(&object, what, &edits, call.args.is_on("overwrite"), world, out) {
                out.stderr.push_str(&message);
                code = 1;
            }
        }
        code
    })
}

fn edit(object: &Object, what: What, edits: &Edits, overwrite: bool, world: &mut dyn World, out: &mut Output) -> Result<(), String> {
    let current = if what == What::Labels { &object.metadata.labels } else { &object.metadata.annotations };
    let clash: Vec<String> = edits
        .iter()
        .filter_map(|(k, v)| Some((k, current.get(k)?, v.as_ref()?)))
        .filter(|(_, old, _)| !overwrite && !old.is_empty())
        .map(|(k, old, _)| format!("'{k}' already has a value ({old})"))
        .collect();
    if !clash.is_empty() {
        return Err(match what {
            What::Labels => format!("error: {}, and --overwrite is false\n", clash.join(", ")),
            What::Annotations => format!(
                "error: --overwrite is false but found the following declared annotation(s): {}\n",
                clash.join("; ")
            ),
        });
    }
    let mut patch = Map::new();
    let mut removed = 0;
    for (key, value) in edits {
        if value.is_none() && !current.contains_key(key) {
            if what == What::Labels {
                out.say(&format!("label \"{key}\" not found."));
            }
            continue;
        }
        removed += usize::from(value.is_none());
        patch.insert(key.clone(), value.clone().map_or(Value::Null, Value::String));
    }
    let member = if what == What::Labels { "labels" } else { "annotations" };
    let edited = patch.len();
    let changes = patch.iter().any(|(k, v)| current.get(k).map(String::as_str) != v.as_str());
    if changes {
        let patch = Patch::Merge(json!({"metadata": {member: patch}}));
        let request = Request::patch(&Actor::user(), object.key(), patch, Subresource::None);
        world.request(request).map_err(|status| errors::text(&status))?;
    }
    let deed = match what {
        What::Annotations => "annotated",
        What::Labels if !changes => "not labeled",
        What::Labels if removed == edited => "unlabeled",
        What::Labels => "labeled",
    };
    out.say(&format!("{} {deed}", display_name(object)));
    Ok(())
}
