//! What a step made the cluster do, in the form in which the recordings hold it.

use std::collections::BTreeSet;
use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;
use serde_json::{Value, json};

use crate::names::Names;
use crate::text;

/// Kinds of which creations and deletions are compared.
const COUNTED: [Kind; 4] =
    [Kind::StatefulSet, Kind::ControllerRevision, Kind::Pod, Kind::PersistentVolumeClaim];

/// Everything that is read after a step.
#[derive(Debug)]
pub struct Observed {
    /// What a command or a name server said.
    pub result: Option<Value>,
    /// `create Pod web-0`, in the store's order.
    pub changes: Vec<Value>,
    /// Events of the set's controller, in the store's order.
    pub events: Vec<Value>,
    /// Events of everybody else, each once.
    pub others: BTreeSet<String>,
    /// Everything at rest.
    pub state: Value,
}

/// Creations and deletions of the kinds that are compared: `create|delete Kind name`.
pub fn changes(changes: &[Rc<Change>], names: &Names) -> Vec<Value> {
    let counted = changes.iter().filter(|change| COUNTED.contains(&change.key.kind));
    counted
        .filter_map(|change| {
            let verb = match (change.is_create(), change.is_delete()) {
                (true, _) => "create",
                (_, true) => "delete",
                (false, false) => return None,
            };
            let line = format!("{verb} {} {}", change.key.kind, change.key.name);
            Some(names.text(&line).into())
        })
        .collect()
}

/// Events of the set's controller, once for each write.
pub fn events(changes: &[Rc<Change>], names: &Names) -> Vec<Value> {
    let events = written(changes).filter(|event| is_ours(event));
    events
        .map(|event| {
            let count = event.field("count").as_i64().unwrap_or(1);
            json!({
                "type": event.field("type"), "reason": event.field("reason"),
                "message": names.text(event.field("message").as_str().unwrap_or_default()),
                "object": about(event), "count": count,
            })
        })
        .collect()
}

/// Events of everybody else, as JSON with sorted members.
pub fn others(changes: &[Rc<Change>], names: &Names) -> BTreeSet<String> {
    let others = written(changes).filter(|event| !is_ours(event));
    others
        .map(|event| {
            let component = event.field("source").str_at(&["component"]);
            let reporter = event.field("reportingComponent").as_str().unwrap_or_default();
            let source = if component.is_empty() { reporter } else { component };
            let event = json!({
                "type": event.field("type"), "reason": event.field("reason"),
                "message": event.field("message"), "source": source, "object": about(event),
            });
            text::nodes(&names.value(&event).to_string())
        })
        .collect()
}

/// The Events about objects that have a namespace; recordings leave out those about nodes and volumes.
fn written(changes: &[Rc<Change>]) -> impl Iterator<Item = &Rc<Object>> {
    let events = changes.iter().filter(|change| change.key.kind == Kind::Event).map(|change| change.object());
    events.filter(|event| !event.field("involvedObject").str_at(&["namespace"]).is_empty())
}

fn is_ours(event: &Object) -> bool {
    event.field("source").str_at(&["component"]) == "statefulset-controller"
        || event.field("involvedObject").str_at(&["kind"]) == "StatefulSet"
}

fn about(event: &Object) -> String {
    let object = event.field("involvedObject");
    format!("{}/{}", object.str_at(&["kind"]).to_lowercase(), object.str_at(&["name"]))
}
