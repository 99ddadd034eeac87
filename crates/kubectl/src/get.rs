//! `kubectl get`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/get`.

use std::rc::Rc;

use api::{Kind, Object};
use apiserver::{Actor, Request, ResponseBody, Subresource, Verb};

use crate::Invocation;
use crate::columns;
use crate::command::{Command, Output, Plan, Poll, once, planned};
use crate::errors::{self, Failure};
use crate::get_args::{contradictions, sort_of, sorts_mixed, subresource, warn_of_types};
use crate::jsonpath::Template;
use crate::output::{self, Form};
use crate::printers::table::render;
use crate::printers::{self, Extras};
use crate::resources::{self, Asked, Found, Scope};
use crate::world::World;

const NO_TYPE: &str = "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples\n";
/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    planned(move |world, out| plan(&call, world, out))
}

fn plan(call: &Invocation, world: &mut dyn World, out: &mut Output) -> Plan {
    let args = &call.args;
    if let Some(path) = args.value("raw") {
        if !args.positional.is_empty() {
            return Err(errors::line("arguments may not be passed when --raw is specified"));
        }
        return raw(path);
    }
    if args.positional.is_empty() && args.value("filename").is_none() {
        return Err(NO_TYPE.to_owned());
    }
    let form = Form::parse(output::with_file(args, |path| world.file(path))?.as_deref())?;
    contradictions(args, &form)?;
    let (asked, failures) = resources::named(call, &args.positional, world)?;
    if let Some(first) = failures.first() {
        return Err(first.alone());
    }
    let watches = args.is_on("watch") || args.is_on("watch-only");
    if args.is_on("output-watch-events") && !watches {
        return Err(errors::line(
            "--output-watch-events option can only be used with --watch or --watch-only",
        ));
    }
    if watches && asked.asks.len() + asked.absent.len() > 1 {
        return Err(errors::line("you may only specify a single resource type"));
    }
    if watches && asked.asks.iter().any(|ask| ask.names.len() > 1) {
        return Err(errors::line("you may only watch a single resource or type of resource at a time"));
    }
    let (sort, cut) = sort_of(args)?;
    let extras = Extras {
        wide: form == Form::Wide,
        with_kind: asked.several || args.is_on("show-kind"),
        with_namespace: args.is_on("all-namespaces"),
        show_labels: args.is_on("show-labels"),
        label_columns: args.values("label-columns").into_iter().map(str::to_owned).collect(),
    };
    subresource(args, &asked)?;
    sorts_mixed(args, &asked, &form)?;
    warn_of_types(args, &asked, out);
    let get = Get {
        scope: Scope::of(args, &call.namespace),
        sort,
        shows_nothing: cut && matches!(form, Form::Table | Form::Wide),
        headers: !args.is_on("no-headers"),
        server_prints: args.is_on_or("server-print", true),
        managed_fields: args.is_on("show-managed-fields"),
        ignore_missing: args.is_on("ignore-not-found"),
        scale: args.value("subresource") == Some("scale"),
        watch_only: args.is_on("watch-only"),
        with_event: args.is_on("output-watch-events"),
        asked,
        form,
        extras,
    };
    if watches {
        return Ok(Box::new(Watch { get, cursor: None, widths: Vec::new(), headed: false }));
    }
    Ok(once(move |world, out| get.run(world, out)))
}

/// `get --raw`: knows the paths that say whether a server lives, and its version.
fn raw(path: &str) -> Plan {
    let text = match path.split('?').next().unwrap_or(path) {
        "/healthz" | "/livez" | "/readyz" => "ok",
        "/version" => "{\n  \"major\": \"1\",\n  \"minor\": \"36\",\n  \"gitVersion\": \"v1.36.3\"\n}",
        _ => {
            return Err(errors::NO_PATH.to_owned());
        }
    };
    Ok(crate::command::printed(text.to_owned()))
}

#[allow(clippy::struct_excessive_bools)] // flags of the command line
#[derive(Clone)]
struct Get {
    asked: Asked,
    scope: Scope,
    form: Form,
    extras: Extras,
    sort: Option<Template>,
    /// Whether nothing is shown, whatever is found.
    shows_nothing: bool,
    headers: bool,
    server_prints: bool,
    managed_fields: bool,
    ignore_missing: bool,
    scale: bool,
    watch_only: bool,
    with_event: bool,
}

impl Get {
    fn run(&self, world: &mut dyn World, out: &mut Output) -> i32 {
        let mut found = resources::find(&self.asked, &self.scope, world);
        if self.ignore_missing {
            found.ignore_missing();
        }
        if self.shows_nothing {
            found.groups.clear();
        }
        if let Some(path) = &self.sort {
            for (_, objects) in &mut found.groups {
                if let Err(message) = columns::sort(objects, path) {
                    out.stderr.push_str(&errors::line(&message));
                    return 1;
                }
            }
        }
        let mut failures: Vec<Failure> = found.errors.iter().cloned().map(Failure::Text).collect();
        if self.scale {
            self.scales(&found, world, out, &mut failures);
        } else if matches!(self.form, Form::Table | Form::Wide) {
            self.tables(&found, world, out);
        } else if let Err(message) = self.others(&found, out) {
            failures.push(Failure::Text(message));
        }
        errors::say(&failures, out)
    }

    /// Prints forms that are not tables. One name gives the object itself, everything else a List.
    fn others(&self, found: &Found, out: &mut Output) -> Result<(), String> {
        let objects: Vec<Rc<Object>> = found.all().cloned().collect();
        let named = self.asked.has_names();
        if (named || self.ignore_missing) && objects.is_empty() {
            return Ok(());
        }
        let single = named && self.asked.asks.iter().map(|a| a.names.len()).sum::<usize>() == 1;
        if let Form::CustomColumns(columns) = &self.form {
            let (table, problem) = columns::print(columns, &objects, self.headers);
            out.stdout.push_str(&table);
            return problem.map_or(Ok(()), |problem| Err(errors::line(&problem)));
        }
        out.stdout.push_str(&output::print(&self.form, &objects, single, self.managed_fields)?);
        Ok(())
    }

    fn tables(&self, found: &Found, world: &dyn World, out: &mut Output) {
        let mut groups: Vec<(Kind, Vec<Rc<Object>>)> = Vec::new();
        for (kind, objects) in &found.groups {
            match groups.iter_mut().find(|(k, _)| k == kind) {
                Some((_, all)) => all.extend(objects.iter().cloned()),
                None => groups.push((*kind, objects.clone())),
            }
        }
        groups.retain(|(_, objects)| !objects.is_empty());
        for (at, (kind, objects)) in groups.iter().enumerate() {
            if at > 0 && self.headers {
                out.stdout.push('\n');
            }
            let table = if self.server_prints {
                printers::table(*kind, objects, &self.extras, self.headers, world.now())
            } else {
                self.plain_table(objects, world)
            };
            out.stdout.push_str(&table);
        }
        if groups.is_empty() && found.errors.is_empty() && !self.ignore_missing {
            let absent = self.asked.absent.iter().any(|(kind, _)| kind.namespaced);
            let namespaced =
                absent || self.asked.is_empty() || self.asked.asks.iter().any(|a| a.kind.info().namespaced);
            if namespaced && !self.scope.namespace.is_empty() {
                out.complain(&format!("No resources found in {} namespace.", self.scope.namespace));
            } else {
                out.complain("No resources found");
            }
        }
    }

    /// `--server-print=false`: a table of what a client knows of any kind.
    fn plain_table(&self, objects: &[Rc<Object>], world: &dyn World) -> String {
        let head = self.headers.then(|| ["NAME", "AGE"].map(str::to_owned).to_vec());
        let name = |object: &Object| {
            if self.extras.with_kind { resources::display_name(object) } else { object.metadata.name.clone() }
        };
        let rows = objects.iter().map(|o| vec![name(o), printers::object_age(o, world.now())]);
        render(&head.into_iter().chain(rows).collect::<Vec<_>>(), &mut Vec::new())
    }

    /// `--subresource=scale`.
    fn scales(&self, found: &Found, world: &mut dyn World, out: &mut Output, failures: &mut Vec<Failure>) {
        let mut rows = vec![["NAME", "DESIRED", "AVAILABLE", "AGE"].map(str::to_owned).to_vec()];
        for object in found.all() {
            let verb = Verb::Get(Subresource::Scale);
            match world.request(Request { actor: Actor::user(), key: object.key(), verb }) {
                Ok(answer) => {
                    let ResponseBody::Scale(scale) = answer.body else { continue };
                    let number =
                        |at: &str| scale.pointer(at).map_or_else(|| "0".to_owned(), ToString::to_string);
                    if !matches!(self.form, Form::Table | Form::Wide) {
                        match output::print_value(&self.form, &scale) {
                            Ok(text) => out.stdout.push_str(&text),
                            Err(text) => failures.push(Failure::Text(text)),
                        }
                        continue;
                    }
                    let age = printers::object_age(object, world.now());
                    let name = object.metadata.name.clone();
                    rows.push(vec![name, number("/spec/replicas"), number("/status/replicas"), age]);
                }
                Err(status) => failures.push(status.into()),
            }
        }
        if rows.len() > 1 {
            out.stdout.push_str(&render(&rows, &mut Vec::new()));
        }
    }
}

/// `get -w`: the rows as they are, then one per change.
#[derive(Clone)]
struct Watch {
    get: Get,
    cursor: Option<u64>,
    widths: Vec<usize>,
    headed: bool,
}

impl Watch {
    fn rows(&mut self, objects: &[Rc<Object>], event: &str, world: &dyn World, out: &mut Output) {
        let get = &self.get;
        if !matches!(get.form, Form::Table | Form::Wide | Form::CustomColumns(_)) {
            for object in objects {
                let text = output::print(&get.form, std::slice::from_ref(object), true, get.managed_fields);
                out.stdout.push_str(&text.unwrap_or_else(|error| error));
            }
            return;
        }
        let mut rows = Vec::new();
        if let Some(first) = objects.first()
            && !self.headed
            && get.headers
        {
            let mut head = match &get.form {
                Form::CustomColumns(columns) => columns.iter().map(|(head, _)| head.clone()).collect(),
                _ => printers::head(first.kind, &get.extras),
            };
            if get.with_event {
                head.insert(0, "EVENT".to_owned());
            }
            rows.push(head);
        }
        for object in objects {
            let mut row = match &get.form {
                Form::CustomColumns(columns) => {
                    columns::row(columns, &object.to_whole_value()).unwrap_or_default()
                }
                _ => printers::row(object, &get.extras, world.now()),
            };
            if get.with_event {
                // As wide as the longest of them.
                row.insert(0, format!("{event:<8}"));
            }
            rows.push(row);
        }
        self.headed = true;
        out.stdout.push_str(&render(&rows, &mut self.widths));
    }

    fn wants(&self, object: &Object) -> bool {
        let scope = &self.get.scope;
        self.get.asked.asks.iter().any(|ask| {
            let namespace = scope.of_ask(ask);
            ask.kind == object.kind
                && (ask.names.is_empty() || ask.names.contains(&object.metadata.name))
                && (namespace.is_empty() || object.metadata.namespace == namespace)
                && apiserver::list::selects(object, &scope.options)
        })
    }

    /// Prints the rows of what is there; returns the exit code if that fails.
    fn begin(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        self.cursor = Some(world.revision());
        let found = resources::find(&self.get.asked, &self.get.scope, world);
        if !found.errors.is_empty() {
            out.stderr.push_str(&found.errors.concat());
            return Some(1);
        }
        let objects: Vec<Rc<Object>> = found.all().cloned().collect();
        if !self.get.watch_only && !objects.is_empty() {
            self.rows(&objects, "ADDED", world, out);
        }
        None
    }
}

impl Command for Watch {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let Some(cursor) = self.cursor else {
            return self.begin(world, out).map_or(Poll::Pending, Poll::Exited);
        };
        for change in world.changes_after(cursor) {
            self.cursor = Some(change.revision);
            let wanted =
                |object: &Option<Rc<Object>>| object.as_ref().is_some_and(|object| self.wants(object));
            // What leaves the selector is gone for this watch.
            let event = match (wanted(&change.before), wanted(&change.after)) {
                (false, true) => "ADDED",
                (true, true) => "MODIFIED",
                (true, false) => "DELETED",
                (false, false) => continue,
            };
            self.rows(&[Rc::clone(change.object())], event, world, out);
        }
        Poll::Pending
    }
}
