//! The events block at the end of a description.
//!
//! Models: `searchEvents` and `DescribeEvents` of `k8s.io/kubectl/pkg/describe`.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, ListOptions, Request};

use super::writer::Writer;
use crate::printers::age;
use crate::world::World;

/// The events about an object; if `kind` is empty, whatever kind they name.
pub fn search(object: &Object, kind: &str, uid: &str, world: &mut dyn World) -> Vec<Rc<Object>> {
    let meta = &object.metadata;
    let wanted =
        [("name", meta.name.as_str()), ("namespace", meta.namespace.as_str()), ("kind", kind), ("uid", uid)];
    let asked =
        wanted.iter().filter(|(field, value)| matches!(*field, "name" | "namespace") || !value.is_empty());
    let terms: Vec<String> = asked.map(|(field, value)| format!("involvedObject.{field}={value}")).collect();
    let selector = terms.join(",");
    let options = ListOptions { field_selector: selector, ..ListOptions::default() };
    let request = Request::list(&Actor::user(), Kind::Event, &meta.namespace, options);
    world.request(request).map(apiserver::Response::into_list).unwrap_or_default()
}

/// The events about an object of a kind whose events carry its kind and UID.
pub fn about(object: &Object, world: &mut dyn World) -> Vec<Rc<Object>> {
    search(object, object.kind.info().name, &object.metadata.uid, world)
}

/// The table, oldest first.
pub fn describe(w: &mut Writer, mut events: Vec<Rc<Object>>, now: Time) {
    if events.is_empty() {
        return w.field(0, "Events", "<none>");
    }
    events.sort_by_key(|e| time(e, &["lastTimestamp"]));
    w.line(0, "Events:");
    w.line(1, "Type\tReason\tAge\tFrom\tMessage");
    w.line(1, "----\t------\t----\t----\t-------");
    for event in events {
        let text = |field: &str| event.field(field).as_str().unwrap_or("");
        let source = event.field("source").str_at(&["component"]);
        let source = if source.is_empty() { text("reportingComponent") } else { source };
        let place = event.field("involvedObject").str_at(&["fieldPath"]);
        let message = text("message").trim();
        let message = if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") };
        w.line(
            1,
            &format!("{}\t{}\t{}\t{source}\t{message}", text("type"), text("reason"), interval(&event, now)),
        );
    }
}

fn time(event: &Object, path: &[&str]) -> Option<Time> {
    event.at(path).and_then(serde_json::Value::as_str).and_then(Time::parse_rfc3339)
}

/// `33s`, or `33s (x3 over 74s)`.
fn interval(event: &Object, now: Time) -> String {
    let first = time(event, &["eventTime"]).or_else(|| time(event, &["firstTimestamp"]));
    let first = age(first, now);
    let series = event.field("series");
    let count = event.field("count").as_i64().unwrap_or(0);
    if series.is_object() {
        let last = age(time(event, &["series", "lastObservedTime"]), now);
        format!("{last} (x{} over {first})", series.i64_at(&["count"]).unwrap_or(0))
    } else if count > 1 {
        format!("{} (x{count} over {first})", age(time(event, &["lastTimestamp"]), now))
    } else {
        first
    }
}
