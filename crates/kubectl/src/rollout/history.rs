//! `kubectl rollout history`.
//!
//! Models: `StatefulSetHistoryViewer` and `printHistory` of `k8s.io/kubectl/pkg/polymorphichelpers`,
//! `k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::{ValueExt, remove_at, set_at};
use serde_json::Value;

use super::{find, group_kind, number, revisions_of};
use crate::Invocation;
use crate::command::{Command, failed, once};
use crate::describe::container;
use crate::describe::writer::{Writer, align};
use crate::output::{self, Form};
use crate::resources::{Asked, display_name};
use crate::world::World;

/// The annotation in which a revision keeps why it was made.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// Begins the subcommand.
pub fn start(call: Invocation, asked: Asked) -> Box<dyn Command> {
    let revision = call.args.number("revision").unwrap_or(0);
    if revision < 0 {
        return failed(format!("error: revision must be a positive integer: {revision}\n"), 1);
    }
    let form = match Form::read(call.args.value("output"), false) {
        Ok(form) => form,
        Err(message) => return failed(message, 1),
    };
    once(move |world, out| {
        let found = find(&call, &asked, world, out);
        let mut code = i32::from(!found.errors.is_empty());
        for object in found.all() {
            let shown = match form {
                Form::Table | Form::Wide => view(object, revision, world),
                _ => print(object, revision, &form, world),
            };
            match shown {
                Ok(text) => out.stdout.push_str(&text),
                Err(message) => {
                    out.complain(&format!("error: {message}"));
                    code = 1;
                }
            }
        }
        code
    })
}

/// The template that a revision holds.
pub fn template_of(revision: &Object) -> Value {
    let mut template = revision.field("data").at(&["spec", "template"]).cloned().unwrap_or(Value::Null);
    remove_at(&mut template, &["$patch"]);
    template
}

/// The block `Pod Template` with its tabs.
pub fn template_text(template: &Value) -> String {
    let mut w = Writer::new();
    container::template(&mut w, template);
    w.raw()
}

/// What is said of a kind that has no such thing; Pods have words of their own.
pub fn unvisited(kind: Kind, what: &str, thing: &str) -> String {
    let name = group_kind(kind);
    if kind == Kind::Pod {
        return format!("no {thing} has been implemented for \"{name}\"");
    }
    let info = kind.info();
    format!(
        "error retrieving {what} for \"{name}\", no visitor method exists for {{{} {}}}",
        info.group, info.name
    )
}

fn history_of(set: &Object, world: &mut dyn World) -> Result<Vec<Rc<Object>>, String> {
    if set.kind == Kind::StatefulSet {
        return Ok(revisions_of(set, world));
    }
    Err(unvisited(set.kind, "history", "history viewer"))
}

/// The overview, or the details of a revision.
fn view(set: &Object, revision: i64, world: &mut dyn World) -> Result<String, String> {
    let revisions = history_of(set, world)?;
    let name = display_name(set);
    let title = if revision > 0 { format!("with revision #{revision}") } else { String::new() };
    let body = if revisions.is_empty() {
        "No rollout history found.".to_owned()
    } else if revision > 0 {
        let found = revisions.iter().find(|r| number(r) == revision);
        template_text(&template_of(found.ok_or("unable to find the specified revision")?))
    } else {
        let rows = revisions.iter().map(|revision| {
            let cause = match revision.metadata.annotation(CHANGE_CAUSE) {
                "" => "<none>",
                cause => cause,
            };
            format!("{}\t{cause}", number(revision))
        });
        let rows: Vec<String> = rows.collect();
        align(&format!("REVISION\tCHANGE-CAUSE\n{}\n", rows.join("\n")))
    };
    Ok(format!("{name} {title}\n{body}\n"))
}

/// `-o`: prints the set as each revision, or the one that is asked for, would make it.
fn print(set: &Rc<Object>, revision: i64, form: &Form, world: &mut dyn World) -> Result<String, String> {
    let revisions = history_of(set, world)?;
    let wanted: Vec<&Rc<Object>> =
        revisions.iter().filter(|r| revision == 0 || number(r) == revision).collect();
    if revision > 0 && wanted.is_empty() {
        return Err("unable to find the specified revision".to_owned());
    }
    let mut text = String::new();
    for (at, revision) in wanted.into_iter().enumerate() {
        let mut applied = Object::clone(set);
        set_at(applied.spec_mut(), &["template"], template_of(revision));
        // In the form in which these clients read it, embedded claims do not name their type.
        let claims = applied.spec_mut().get_mut("volumeClaimTemplates").and_then(Value::as_array_mut);
        for claim in claims.into_iter().flatten() {
            remove_at(claim, &["apiVersion"]);
            remove_at(claim, &["kind"]);
        }
        if at > 0 && *form == Form::Yaml {
            text.push_str("---\n");
        }
        let shown = output::print_struct(form, &Rc::new(applied));
        text.push_str(&shown.map_err(|message| message.trim_start_matches("error: ").trim_end().to_owned())?);
    }
    Ok(text)
}
