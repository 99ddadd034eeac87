//! `kubectl set selector`: for Services, the one kind here whose selector may change.
//!
//! Models: `set_selector.go` of `k8s.io/kubectl/pkg/cmd/set`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::set_at;
use apiserver::{Actor, Patch, Request, Subresource, Verb};
use serde_json::{Map, Value, json};

use crate::Invocation;
use crate::command::Output;
use crate::errors::{self, Failure};
use crate::output::{DryRun, Reporter};
use crate::resources;
use crate::send::made;
use crate::world::World;

/// Sets the selector; returns the exit code.
pub(super) fn set(call: &Invocation, world: &mut dyn World, out: &mut Output) -> i32 {
    let mut names = call.args.positional.clone();
    if names.last().is_some_and(|word| !word.contains('=') && !word.contains(" in ")) {
        // There is none: what is named is judged alone.
        names.push(String::new());
    }
    let text = names.pop().unwrap_or_default();
    if text.is_empty() {
        names.pop();
        return resources::each(call, &names, "", world, out, &mut |_, _, _| Ok(()));
    }
    let planned = pairs(&text).and_then(|pairs| Ok((pairs, Reporter::of(&call.args)?.of_structs())));
    let (pairs, mut reporter) = match planned {
        Ok(planned) => planned,
        Err(message) => {
            out.stderr.push_str(&message);
            return 1;
        }
    };
    resources::each(call, &names, "", world, out, &mut |object, world, out| {
        if object.kind != Kind::Service {
            let text = "setting a selector is only supported for Services";
            return Err(Failure::Plain(text.to_owned()));
        }
        let told = if reporter.dry_run == DryRun::Client {
            let mut changed = Object::clone(object);
            set_at(changed.spec_mut(), &["selector"], pairs.clone().into());
            Rc::new(changed)
        } else {
            let operation = json!([{"op": "add", "path": "/spec/selector", "value": pairs}]);
            let verb = Verb::Patch(Patch::Json(operation), Subresource::None, reporter.options());
            made(Request { actor: Actor::user(), key: object.key(), verb }, world, out)?
        };
        reporter.tell(&told, "selector updated", out).map_err(Failure::Text)
    })
}

/// `a=b,c=d`.
fn pairs(text: &str) -> Result<Map<String, Value>, String> {
    if text.contains("!=") {
        return Err(errors::line("\"!=\" is not a valid label selector operator"));
    }
    if let Some((key, values)) = text.split_once(" in ") {
        let values = values.trim_matches(['(', ')']).replace(',', " ");
        let text = format!("match expression [{{{key} In [{values}]}}] not supported on this object");
        return Err(errors::line(&text));
    }
    let pairs = text.split(',').map(|pair| {
        let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty())?;
        Some((key.to_owned(), value.into()))
    });
    pairs.collect::<Option<_>>().ok_or_else(|| errors::line(&format!("invalid selector: {text}")))
}
