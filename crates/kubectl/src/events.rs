//! `kubectl events`.
//!
//! Models: `k8s.io/kubectl/pkg/cmd/events`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};

use crate::Invocation;
use crate::command::{Command, Output, Plan, Poll, once, planned};
use crate::errors;
use crate::output::{self, Form};
use crate::printers::{age, table};
use crate::resources;
use crate::world::World;

/// Begins the verb.
pub fn start(call: Invocation) -> Box<dyn Command> {
    planned(move |_, _| plan(&call))
}

fn plan(call: &Invocation) -> Plan {
    let args = &call.args;
    let types: Vec<String> = args.values("types").into_iter().map(str::to_owned).collect();
    if types.iter().any(|t| !t.eq_ignore_ascii_case("Normal") && !t.eq_ignore_ascii_case("Warning")) {
        return Err(errors::line("valid --types are Normal or Warning"));
    }
    let events = Events {
        namespace: if args.is_on("all-namespaces") { String::new() } else { call.namespace.clone() },
        options: ListOptions {
            field_selector: args.value("for").map(about).transpose()?.unwrap_or_default(),
            ..ListOptions::default()
        },
        types,
        form: Form::read(args.value("output"), false)?,
        headers: !args.is_on("no-headers"),
    };
    if args.is_on("watch") {
        return Ok(Box::new(Watch { events, cursor: None, headed: false, widths: Vec::new() }));
    }
    Ok(once(move |world, out| events.list(world, out)))
}

/// The field selector of `--for`.
fn about(word: &str) -> Result<String, String> {
    if !word.contains('/') {
        return Err(errors::line("--for must be in resource/name form"));
    }
    if word.starts_with('/') {
        return Err(errors::line("a resource must be present, got: /, Resource="));
    }
    let asked = resources::parse(&[word.to_owned()]).map_err(|text| {
        // Here the mapper speaks itself.
        if text.contains("doesn't have a resource type") { text.replacen("error: ", "", 1) } else { text }
    })?;
    let Some(ask) = asked.asks.first() else { return Ok("involvedObject.name=".to_owned()) };
    let info = ask.kind.info();
    let name = ask.names.first().map_or("", String::as_str);
    Ok(format!(
        "involvedObject.kind={},involvedObject.apiVersion={},involvedObject.name={name}",
        info.name,
        info.api_version()
    ))
}

#[derive(Clone)]
struct Events {
    namespace: String,
    options: ListOptions,
    types: Vec<String>,
    form: Form,
    headers: bool,
}

fn time(event: &Object, field: &str) -> Option<Time> {
    event.field(field).as_str().and_then(Time::parse_rfc3339)
}

/// `33s (x3 over 74s)`.
fn interval(event: &Object, now: Time) -> String {
    let first = age(time(event, "eventTime").or_else(|| time(event, "firstTimestamp")), now);
    let series = event.field("series");
    if let Some(last) = series.as_object() {
        let last = last.get("lastObservedTime").and_then(|t| t.as_str()).and_then(Time::parse_rfc3339);
        return format!("{} (x{} over {first})", age(last, now), series.i64_at(&["count"]).unwrap_or(0));
    }
    match event.field("count").as_i64() {
        Some(count) if count > 1 => {
            format!("{} (x{count} over {first})", age(time(event, "lastTimestamp"), now))
        }
        _ => first,
    }
}

impl Events {
    fn wants(&self, event: &Object) -> bool {
        let ty = event.field("type").as_str().unwrap_or("");
        self.types.is_empty() || self.types.iter().any(|t| t.eq_ignore_ascii_case(ty))
    }

    fn head(&self) -> Vec<String> {
        let columns = ["NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
        columns.iter().skip(usize::from(!self.namespace.is_empty())).map(|c| (*c).to_owned()).collect()
    }

    fn row(&self, event: &Object, now: Time) -> Vec<String> {
        let text = |field: &str| event.field(field).as_str().unwrap_or("").trim().to_owned();
        let object = event.field("involvedObject");
        let mut row = vec![
            interval(event, now),
            text("type"),
            text("reason"),
            format!("{}/{}", object.str_at(&["kind"]), object.str_at(&["name"])),
            text("message"),
        ];
        if self.namespace.is_empty() {
            row.insert(0, event.metadata.namespace.clone());
        }
        row
    }

    fn list(&self, world: &mut dyn World, out: &mut Output) -> i32 {
        let request = Request::list(&Actor::user(), Kind::Event, &self.namespace, self.options.clone());
        let mut events = match world.request(request) {
            Ok(answer) => answer.into_list(),
            Err(status) => return errors::say(&[status.into()], out),
        };
        events.retain(|event| self.wants(event));
        if events.is_empty() {
            out.complain(&match self.namespace.as_str() {
                "" => "No events found.".to_owned(),
                namespace => format!("No events found in {namespace} namespace."),
            });
            return 0;
        }
        events.sort_by_key(|event| time(event, "lastTimestamp").or_else(|| time(event, "eventTime")));
        // A list has no name.
        if self.form == Form::Name {
            return 0;
        }
        if self.form != Form::Table {
            let printed = output::print(&self.form, &events, false, false);
            return match printed {
                Ok(text) => {
                    out.stdout.push_str(&text);
                    0
                }
                Err(message) => {
                    out.stderr.push_str(&message);
                    1
                }
            };
        }
        let mut rows: Vec<Vec<String>> = if self.headers { vec![self.head()] } else { Vec::new() };
        rows.extend(events.iter().map(|event| self.row(event, world.now())));
        out.stdout.push_str(&table::render(&rows, &mut Vec::new()));
        0
    }
}

#[derive(Clone)]
struct Watch {
    events: Events,
    /// The revision up to which events were told; `None` before the first ones were.
    cursor: Option<u64>,
    headed: bool,
    widths: Vec<usize>,
}

impl Watch {
    fn tell(&mut self, row: Vec<String>, out: &mut Output) {
        let mut rows = Vec::new();
        if self.events.headers && !self.headed {
            rows.push(self.events.head());
        }
        self.headed = true;
        rows.push(row);
        out.stdout.push_str(&table::render(&rows, &mut self.widths));
    }
}

impl Command for Watch {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Poll {
        let Some(cursor) = self.cursor else {
            self.cursor = Some(world.revision());
            let (namespace, options) = (self.events.namespace.clone(), self.events.options.clone());
            let request = Request::list(&Actor::user(), Kind::Event, &namespace, options);
            let there = world.request(request).map(apiserver::Response::into_list).unwrap_or_default();
            let wanted = there.iter().filter(|event| self.events.wants(event));
            let rows: Vec<Vec<String>> = wanted.map(|event| self.events.row(event, world.now())).collect();
            for row in rows {
                self.tell(row, out);
            }
            return Poll::Pending;
        };
        for change in world.changes_after(cursor) {
            self.cursor = Some(change.revision);
            let event: &Rc<Object> = change.object();
            let namespace = &self.events.namespace;
            let here = namespace.is_empty() || event.metadata.namespace == *namespace;
            let selected =
                event.kind == Kind::Event && here && apiserver::list::selects(event, &self.events.options);
            if change.is_delete() || !selected || !self.events.wants(event) {
                continue;
            }
            let row = self.events.row(event, world.now());
            self.tell(row, out);
        }
        Poll::Pending
    }
}
