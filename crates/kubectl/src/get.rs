//! `kubectl get`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/get`.

use std::rc::Rc;

use api::{Kind, Object};
use serde_json::Value;

use crate::Invocation;
use crate::command::{Command, Output, Poll, failed, once};
use crate::output::{self, Form};
use crate::printers::{self, Extras, table};
use crate::resources::{self, Asked, Scope};
use crate::world::World;

const NO_TYPE: &str = "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples\n";
/// What the server says about Endpoints.
pub const ENDPOINTS_WARNING: &str = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    if call.args.positional.is_empty() {
        return failed(NO_TYPE.to_owned(), 1);
    }
    let asked = match resources::parse(&call.args.positional) {
        Ok(asked) => asked,
        Err(message) => return failed(message, 1),
    };
    let form = match Form::parse(call.args.value("output")) {
        Ok(form) => form,
        Err(message) => return failed(message, 1),
    };
    let named = asked.asks.iter().any(|a| !a.names.is_empty());
    if named && call.args.value("selector").is_some() {
        return failed("error: name cannot be provided when a selector is specified\n".to_owned(), 1);
    }
    let scope = Scope::of(&call.args, &call.namespace);
    let extras = Extras {
        wide: form == Form::Wide,
        with_kind: asked.several || call.args.is_on("show-kind"),
        with_namespace: call.args.is_on("all-namespaces"),
        show_labels: call.args.is_on("show-labels"),
        label_columns: call.args.values("label-columns").into_iter().map(str::to_owned).collect(),
    };
    let get = Get { asked, scope, form, extras, call };
    if get.call.args.is_on("watch") || get.call.args.is_on("watch-only") {
        return Box::new(Watch { get, cursor: None, widths: Vec::new(), headed: false });
    }
    once(move |world, out| get.run(world, out))
}

struct Get {
    asked: Asked,
    scope: Scope,
    form: Form,
    extras: Extras,
    call: Invocation,
}

impl Get {
    fn run(&self, world: &mut dyn World, out: &mut Output) -> i32 {
        let mut found = resources::find(&self.asked, &self.scope, world);
        if self.call.args.is_on("ignore-not-found") {
            found.errors.retain(|e| !e.starts_with("Error from server (NotFound)"));
        }
        if self.asked.asks.iter().any(|a| a.kind == Kind::Endpoints) {
            out.complain(ENDPOINTS_WARNING);
        }
        if let Some(path) = self.call.args.value("sort-by") {
            for (_, objects) in &mut found.groups {
                sort_by(objects, path);
            }
        }
        let code = i32::from(!found.errors.is_empty());
        if matches!(self.form, Form::Table | Form::Wide) {
            self.tables(&found, world, out);
        } else {
            let objects: Vec<Rc<Object>> = found.all().cloned().collect();
            let named = self.asked.asks.iter().any(|a| !a.names.is_empty());
            let single = named && objects.len() == 1 && self.asked.asks.iter().map(|a| a.names.len()).sum::<usize>() == 1;
            let skip = named && objects.is_empty();
            match output::print(&self.form, &objects, single, self.call.args.is_on("show-managed-fields")) {
                Ok(_) if skip => {}
                Ok(text) => out.stdout.push_str(&text),
                Err(message) => {
                    out.stderr.push_str(&message);
                    return 1;
                }
            }
        }
        for error in &found.errors {
            out.stderr.push_str(error);
        }
        code
    }

    fn tables(&self, found: &resources::Found, world: &dyn World, out: &mut Output) {
        let headers = !self.call.args.is_on("no-headers");
        let mut first = true;
        let mut groups: Vec<(Kind, Vec<Rc<Object>>)> = Vec::new();
        for (kind, objects) in &found.groups {
            match groups.iter_mut().find(|(k, _)| k == kind) {
                Some((_, all)) => all.extend(objects.iter().cloned()),
                None => groups.push((*kind, objects.clone())),
            }
        }
        for (kind, objects) in groups.iter().filter(|(_, o)| !o.is_empty()) {
            if !first {
                out.stdout.push('\n');
            }
            first = false;
            out.stdout.push_str(&printers::table(*kind, objects, &self.extras, headers, world.now()));
        }
        if first && found.errors.is_empty() {
            let namespaced = self.asked.asks.iter().any(|a| a.kind.info().namespaced);
            if namespaced && !self.scope.namespace.is_empty() {
                out.complain(&format!("No resources found in {} namespace.", self.scope.namespace));
            } else {
                out.complain("No resources found");
            }
        }
    }
}

/// `get -w`: the rows as they are, then one per change.
struct Watch {
    get: Get,
    cursor: Option<u64>,
    widths: Vec<usize>,
    headed: bool,
}

impl Watch {
    fn row(&mut self, object: &Object, event: &str, world: &dyn World, out: &mut Output) {
        match self.get.form {
            Form::Table | Form::Wide => {
                let with_event = self.get.call.args.is_on("output-watch-events");
                let mut rows = Vec::new();
                if !self.headed && !self.get.call.args.is_on("no-headers") {
                    let mut head = printers::head(object.kind, &self.get.extras);
                    if with_event {
                        head.insert(0, "EVENT".to_owned());
                    }
                    rows.push(head);
                }
                self.headed = true;
                let mut row = printers::row(object, &self.get.extras, world.now());
                if with_event {
                    row.insert(0, event.to_owned());
                }
                rows.push(row);
                out.stdout.push_str(&table::render(&rows, &mut self.widths));
            }
            _ => {
                let objects = [Rc::new(object.clone())];
                out.stdout.push_str(&output::print(&self.get.form, &objects, true, false).unwrap_or_default());
            }
        }
    }

    fn wants(&self, object: &Object) -> bool {
        self.get.asked.asks.iter().any(|ask| {
            ask.kind == object.kind
                && (ask.names.is_empty() || ask.names.contains(&object.metadata.name))
                && (self.get.scope.namespace.is_empty()
                    || !object.kind.info().namespaced
                    || object.metadata.namespace == self.get.scope.namespace)
                && apiserver::list::selects(object, &self.get.scope.options)
        })
    }
}

impl Command for Watch {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let Some(cursor) = self.cursor else {
            self.cursor = Some(world.revision());
            if !self.get.call.args.is_on("watch-only") {
                let found = resources::find(&self.get.asked, &self.get.scope, world);
                for error in &found.errors {
                    out.stderr.push_str(error);
                }
                if !found.errors.is_empty() {
                    return Poll::Exited(1);
                }
                let objects: Vec<Rc<Object>> = found.all().cloned().collect();
                for object in objects {
                    self.row(&object, "ADDED", world, out);
                }
            }
            return Poll::Pending;
        };
        for change in world.changes_after(cursor) {
            self.cursor = Some(change.revision);
            if self.wants(change.object()) {
                let event = if change.is_delete() {
                    "DELETED"
                } else if change.is_create() {
                    "ADDED"
                } else {
                    "MODIFIED"
                };
                self.row(change.object(), event, world, out);
            }
        }
        Poll::Pending
    }
}

/// Sorts by a simple path such as `.metadata.name` or `{.status.phase}`; objects without it come
/// first.
fn sort_by(objects: &mut Vec<Rc<Object>>, path: &str) {
    let key = |object: &Object| lookup(&object.to_value(), path).first().cloned();
    if objects.iter().all(|o| key(o).is_none()) {
        objects.clear();
        return;
    }
    objects.sort_by(|a, b| match (key(a), key(b)) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(std::cmp::Ordering::Equal)
        }
        (a, b) => text_of(a.as_ref()).cmp(&text_of(b.as_ref())),
    });
}

fn text_of(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(s)) => s.clone(),
        Some(other) => apimachinery::gojson::compact(other),
    }
}

/// The values at a relaxed path: members, `[n]`, `[*]`, escaped dots.
fn lookup(root: &Value, path: &str) -> Vec<Value> {
    let path = path.trim_start_matches('{').trim_end_matches('}').trim_start_matches('$').trim_start_matches('.');
    let mut here = vec![root.clone()];
    for step in steps(path) {
        here = here.iter().flat_map(|value| descend(value, &step)).collect();
    }
    here
}

fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut step = String::new();
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => step.extend(chars.next()),
            '.' | '[' | ']' => {
                if !step.is_empty() {
                    steps.push(std::mem::take(&mut step));
                }
            }
            '\'' | '"' => {}
            c => step.push(c),
        }
    }
    if !step.is_empty() {
        steps.push(step);
    }
    steps
}

fn descend(value: &Value, step: &str) -> Vec<Value> {
    match value {
        Value::Object(map) if step == "*" => map.values().cloned().collect(),
        Value::Object(map) => map.get(step).cloned().into_iter().collect(),
        Value::Array(list) if step == "*" => list.clone(),
        Value::Array(list) => {
            let at = step.parse::<i64>().ok();
            let at = at.and_then(|n| usize::try_from(if n < 0 { n + i64::try_from(list.len()).unwrap_or(0) } else { n }).ok());
            at.and_then(|at| list.get(at)).cloned().into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A JSONPath template: text and `{…}` expressions of plain paths, with `range … end`.
pub fn json_path(template: &str, root: &Value) -> Result<String, String> {
    let template = if template.contains('{') { template.to_owned() } else { format!("{{{template}}}") };
    let mut out = String::new();
    render(&parts(&template)?, root, &mut out);
    Ok(out)
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Path(String),
    Range(String, Vec<Part>),
}

fn parts(template: &str) -> Result<Vec<Part>, String> {
    let mut stack: Vec<(String, Vec<Part>)> = vec![(String::new(), Vec::new())];
    let mut rest = template;
    while !rest.is_empty() {
        let open = rest.find('{').unwrap_or(rest.len());
        let (text, tail) = rest.split_at(open);
        if !text.is_empty() {
            push(&mut stack, Part::Text(text.to_owned()));
        }
        let Some(tail) = tail.strip_prefix('{') else { break };
        let Some(close) = tail.find('}') else { return Err("error: unclosed action\n".to_owned()) };
        let inner = tail.get(..close).unwrap_or("").trim();
        rest = tail.get(close + 1..).unwrap_or("");
        if let Some(path) = inner.strip_prefix("range ") {
            stack.push((path.trim().to_owned(), Vec::new()));
        } else if inner == "end" {
            if stack.len() > 1
                && let Some((path, parts)) = stack.pop()
            {
                push(&mut stack, Part::Range(path, parts));
            }
        } else if let Some(text) = inner.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            push(&mut stack, Part::Text(text.replace("\\n", "\n").replace("\\t", "\t")));
        } else {
            push(&mut stack, Part::Path(inner.to_owned()));
        }
    }
    Ok(stack.into_iter().next().map(|(_, parts)| parts).unwrap_or_default())
}

fn push(stack: &mut [(String, Vec<Part>)], part: Part) {
    if let Some((_, parts)) = stack.last_mut() {
        parts.push(part);
    }
}

fn render(parts: &[Part], root: &Value, out: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Path(path) => {
                let texts: Vec<String> = lookup(root, path).iter().map(|v| text_of(Some(v))).collect();
                out.push_str(&texts.join(" "));
            }
            Part::Range(path, inner) => {
                for item in lookup(root, path) {
                    render(inner, &item, out);
                }
            }
        }
    }
}

/// `-o custom-columns=NAME:.metadata.name,…`.
pub fn custom_columns(spec: &str, objects: &[Rc<Object>]) -> Result<String, String> {
    let mut columns = Vec::new();
    for column in spec.split(',') {
        let Some((head, path)) = column.split_once(':') else {
            return Err(format!("error: unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>\n"));
        };
        columns.push((head.to_owned(), path.to_owned()));
    }
    let mut rows = vec![columns.iter().map(|(head, _)| head.clone()).collect::<Vec<_>>()];
    for object in objects {
        let value = object.to_value();
        let cell = |path: &str| {
            let texts: Vec<String> = lookup(&value, path).iter().map(|v| text_of(Some(v))).collect();
            printers::or_none(texts.join(","))
        };
        rows.push(columns.iter().map(|(_, path)| cell(path)).collect());
    }
    Ok(table::render(&rows, &mut Vec::new()))
}
