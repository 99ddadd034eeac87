//! `kubectl edit` and `apply edit-last-applied`: makes a document of objects or of what was applied last, and
//! a patch of what comes back.
//!
//! The command waits with its document until somebody feeds it the edited text. To give the text back
//! unchanged means to leave.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go`.
//! Differs: objects are edited as YAML of the server's version, one document for all.

use std::rc::Rc;

use api::schema::Schema;
use api::{Kind, Object};
use apimachinery::value::{ValueExt, remove_at};
use apimachinery::{Reason, Status, gojson, yaml};
use apiserver::{Actor, Patch, Request, Subresource, Verb, WriteOptions, patch};
use serde_json::{Value, json};

use crate::Invocation;
use crate::annotation::LAST_APPLIED;
use crate::command::{Command, Output, Plan, Poll, planned};
use crate::errors::{self, Failure};
use crate::manifest;
use crate::output::{self, Form, Reporter};
use crate::resources::{self, NOTHING_NAMED, Scope, display_name};
use crate::send::made;
use crate::world::World;

const HEAD: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

const ANNOTATION_HEAD: &str = "# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
";
const NO_ANNOTATION: &str = "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`";

/// What is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Objects.
    Objects,
    /// What was applied last.
    LastApplied,
}

/// Begins the verb.
pub fn start(call: Invocation, what: What) -> Box<dyn Command> {
    planned(move |world, _| plan(&call, what, world))
}

fn plan(call: &Invocation, what: What, world: &mut dyn World) -> Plan {
    let form = call.args.value("output").unwrap_or("");
    if !matches!(form.to_ascii_lowercase().as_str(), "" | "json" | "yaml" | "kyaml") {
        return Err(errors::line(&format!(
            "unable to match a printer suitable for the output format \"{form}\", allowed formats are: json,kyaml,yaml"
        )));
    }
    let reporter = Reporter::of(&call.args)?;
    let (asked, failures) = resources::named(call, &call.args.positional, world)?;
    if let Some(first) = failures.first() {
        return Err(first.alone());
    }
    if asked.is_empty() {
        return Err(NOTHING_NAMED.to_owned());
    }
    let found = resources::find(&asked, &Scope::of(&call.args, &call.namespace), world);
    if !found.errors.is_empty() {
        return Err(found.errors.concat());
    }
    let mut objects: Vec<Rc<Object>> = found.all().cloned().collect();
    if objects.is_empty() {
        return Err(errors::line("edit cancelled, no objects found"));
    }
    let (head, body) = match what {
        What::Objects => (HEAD, output::print(&Form::Yaml, &objects, objects.len() == 1, false)?),
        What::LastApplied => {
            objects.retain(|object| object.metadata.annotations.contains_key(LAST_APPLIED));
            (ANNOTATION_HEAD, annotations(&objects)?)
        }
    };
    let subresource = match call.args.value("subresource") {
        Some("status") => Subresource::Status,
        _ => Subresource::None,
    };
    let name = format!("kubectl-edit-{}.yaml", world.random());
    let document = (name, [head, &body].concat());
    let (reasons, edited) = (String::new(), None);
    Ok(Box::new(Edit { objects, what, head, reporter, subresource, document, reasons, edited }))
}

/// What was applied last to objects, as YAML.
fn annotations(objects: &[Rc<Object>]) -> Result<String, String> {
    let applied: Vec<Value> = objects.iter().map(|object| last_applied(object)).collect();
    match applied.as_slice() {
        [] => Err(errors::line(NO_ANNOTATION)),
        [one] => Ok(yaml::emit(one)),
        many => Ok(yaml::emit(
            &json!({"apiVersion": "v1", "items": many, "kind": "List", "metadata": {"resourceVersion": ""}}),
        )),
    }
}

fn last_applied(object: &Object) -> Value {
    serde_json::from_str(object.metadata.annotation(LAST_APPLIED)).unwrap_or_default()
}

/// An edit under way.
#[derive(Clone)]
struct Edit {
    objects: Vec<Rc<Object>>,
    what: What,
    head: &'static str,
    reporter: Reporter,
    subresource: Subresource,
    /// The name of the file, and its text.
    document: (String, String),
    /// What was wrong with the last text, as comments.
    reasons: String,
    edited: Option<String>,
}

/// What becomes of one edited object.
enum Outcome {
    /// It is as the edit wants it.
    Done,
    /// It was refused, with the reasons as comments: the editor opens again.
    Again(String),
    /// It is given up.
    Lost,
    /// It is not one of the objects that were to be edited.
    Other,
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

impl Edit {
    fn kept(&self, out: &mut Output) {
        let (name, text) = &self.document;
        out.files.push((name.clone(), text.clone()));
        out.complain(&format!("A copy of your changes has been stored to \"/tmp/{name}\""));
    }

    /// What is said of an edited object that is not one of those that were to be edited.
    fn no_such(&self, edited: &Value) -> String {
        let kind = Kind::from_manifest(edited.str_at(&["apiVersion"]), edited.str_at(&["kind"]));
        match (self.what, kind.map(Kind::info)) {
            (What::LastApplied, Some(info)) => {
                let name = edited.str_at(&["metadata", "name"]);
                errors::text(&Status::not_found(info.plural, info.group, name))
            }
            _ => errors::line("At least one of apiVersion, kind and name was changed"),
        }
    }

    /// Opens the editor again, with what was wrong above the text.
    fn again(&mut self, text: &str, reasons: String) -> Poll {
        let body: String = text.lines().filter(|l| !l.starts_with('#')).map(|l| [l, "\n"].concat()).collect();
        self.document.1 = [self.head, &reasons, &body].concat();
        self.reasons = reasons;
        Poll::Pending
    }

    /// The objects of a text without comments; the error is the reasons why there are none.
    fn read(&self, bare: &str, out: &mut Output) -> Result<Vec<Value>, String> {
        let documents = yaml::read(bare, &yaml::Limits::default());
        let value = match documents.first().map(yaml::Document::to_value) {
            Some(Ok(value)) => Ok(value.unwrap_or_default()),
            Some(Err(problem)) => Err(problem.message.clone()),
            None => Ok(Value::Null),
        };
        let value = value.and_then(|value| manifest::validate(&value).map(|()| value)).map_err(|why| {
            let what = self.objects.first().map_or_else(String::new, |object| named(object));
            out.complain(&format!("error: {what} is invalid"));
            format!(
                "# {what} was not valid:\n# * <nil>: Invalid value: \"The edited file failed validation\": {why}\n#\n"
            )
        })?;
        let is_list = value.str_at(&["kind"]) == "List";
        let edited = if is_list { value.list_at(&["items"]).to_vec() } else { vec![value] };
        for value in &edited {
            let (version, kind) = (value.str_at(&["apiVersion"]), value.str_at(&["kind"]));
            if Kind::from_manifest(version, kind).is_none() {
                let metadata = |member| value.str_at(&["metadata", member]);
                let (name, namespace) = (metadata("name"), metadata("namespace"));
                let why = manifest::unknown_kind(name, namespace, "edited-file", version, kind);
                let why = why.replace('\n', "\n# ");
                return Err(format!("# The edited file had a syntax error: {why}\n#\n"));
            }
        }
        Ok(edited)
    }

    fn save(&mut self, text: &str, world: &mut dyn World, out: &mut Output) -> Poll {
        let bare = without_comments(text);
        if bare == without_comments(&self.document.1) {
            if self.reasons.is_empty() {
                out.complain("Edit cancelled, no changes made.");
                return Poll::Exited(0);
            }
            self.kept(out);
            out.complain("error: Edit cancelled, no valid changes were saved.");
            return Poll::Exited(1);
        }
        if bare.trim().is_empty() {
            out.complain("Edit cancelled, saved file was empty.");
            return Poll::Exited(0);
        }
        let edited = match self.read(&bare, out) {
            Ok(edited) => edited,
            Err(reasons) => return self.again(text, reasons),
        };
        let (mut reasons, mut lost) = (String::new(), false);
        for value in &edited {
            match self.one(value, world, out) {
                Outcome::Done => {}
                Outcome::Again(why) => reasons.push_str(&why),
                Outcome::Lost => lost = true,
                Outcome::Other => {
                    text.clone_into(&mut self.document.1);
                    self.kept(out);
                    out.stderr.push_str(&self.no_such(value));
                    return Poll::Exited(1);
                }
            }
        }
        if lost {
            text.clone_into(&mut self.document.1);
            let name = &self.document.0;
            out.files.push(self.document.clone());
            out.complain(&format!("You can run `kubectl replace -f /tmp/{name}` to try this update again."));
            return Poll::Exited(1);
        }
        if reasons.is_empty() { Poll::Exited(0) } else { self.again(text, reasons) }
    }

    fn one(&mut self, edited: &Value, world: &mut dyn World, out: &mut Output) -> Outcome {
        let name = edited.str_at(&["metadata", "name"]);
        let is_it = |o: &&Rc<Object>| {
            o.metadata.name == name
                && o.kind.info().name == edited.str_at(&["kind"])
                && o.kind.info().api_version() == edited.str_at(&["apiVersion"])
                && edited.at(&["metadata", "namespace"]).is_none_or(|n| *n == o.metadata.namespace.as_str())
        };
        let Some(object) = self.objects.iter().find(is_it).cloned() else {
            return Outcome::Other;
        };
        let (mut before, mut after) = match self.what {
            What::Objects => (object.to_value(), edited.clone()),
            What::LastApplied => (last_applied(&object), edited.clone()),
        };
        if before == after {
            out.say(&format!("{} skipped", display_name(&object)));
            return Outcome::Done;
        }
        for value in [&mut before, &mut after] {
            remove_at(value, &["metadata", "resourceVersion"]);
        }
        let ty = Schema::get().of_kind(object.kind);
        let patch = match self.what {
            What::Objects => Patch::StrategicMerge(patch::three_way_strategic(&before, &after, &before, ty)),
            What::LastApplied => {
                let text = gojson::compact(edited) + "\n";
                Patch::Merge(json!({"metadata": {"annotations": {LAST_APPLIED: text}}}))
            }
        };
        let options = WriteOptions { field_manager: "kubectl-edit".to_owned(), ..WriteOptions::default() };
        let verb = Verb::Patch(patch, self.subresource, options);
        match made(Request { actor: Actor::user(), key: object.key(), verb }, world, out) {
            Ok(changed) => {
                if let Err(text) = self.reporter.tell(&changed, "edited", out) {
                    out.stderr.push_str(&text);
                }
                Outcome::Done
            }
            Err(Failure::Refused(status, _)) => refused(&object, &status, out),
            Err(other) => {
                out.stderr.push_str(&other.alone());
                Outcome::Lost
            }
        }
    }
}

fn named(object: &Object) -> String {
    format!("{} \"{}\"", object.kind.info().qualified_plural(), object.metadata.name)
}

fn refused(object: &Object, status: &Status, out: &mut Output) -> Outcome {
    let what = named(object);
    match status.reason {
        Reason::Invalid => {
            out.complain(&format!("error: {what} is invalid"));
            let mut why = format!("# {what} was not valid:\n");
            for cause in &status.details.causes {
                let line = format!("{}: {}", cause.field, cause.message).replace('\n', "\n# ");
                why.extend(["# * ", &line, "\n"]);
            }
            why.push_str("#\n");
            Outcome::Again(why)
        }
        Reason::NotFound => {
            out.complain(&format!("error: {what} could not be found on the server"));
            Outcome::Lost
        }
        _ => {
            out.complain(&format!("error: {what} could not be patched: {}", status.message));
            Outcome::Lost
        }
    }
}

impl Command for Edit {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        match self.edited.take() {
            Some(text) => self.save(&text, world, out),
            None => Poll::Pending,
        }
    }

    fn document(&self) -> Option<&(String, String)> {
        Some(&self.document)
    }

    fn feed(&mut self, text: &str) {
        self.edited = Some(text.to_owned());
    }
}
