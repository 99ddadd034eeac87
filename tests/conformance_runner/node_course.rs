//! The course of things here, in the form in which the recordings hold it, and the two side by side.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;
use serde_json::{Map, Value, json};

use super::compare::Difference;
use super::names::Names;
use super::node_recording::{Course, NodeRecording};

/// The UID of a Pod goes by the Pod's name alone in these recordings.
pub fn named(text: &str) -> String {
    text.replace("uid(pod/", "uid(")
}

/// What was written, in order.
pub fn observed(changes: &[Rc<Change>], names: &Names) -> Course {
    let mut course = Course::default();
    for change in changes {
        let object = change.object();
        match change.key.kind {
            Kind::Pod if change.is_delete() => course.pod(&object.metadata.name, json!({"gone": true})),
            Kind::Pod => course.pod(&object.metadata.name, looks(object, names)),
            Kind::Event if !change.is_delete() => event(object, names, &mut course),
            _ => {}
        }
    }
    course
}

fn event(event: &Object, names: &Names, course: &mut Course) {
    let involved = event.field("involvedObject");
    if involved.str_at(&["namespace"]).is_empty() {
        return;
    }
    let text = |name: &str| event.field(name).as_str().unwrap_or_default();
    let component = event.field("source").str_at(&["component"]);
    let source = if component.is_empty() { text("reportingComponent") } else { component };
    let (kind, name) = (involved.str_at(&["kind"]).to_lowercase(), involved.str_at(&["name"]));
    let about = format!("{kind}/{name}, {source}");
    let message = named(&names.text(text("message")));
    course.event(&about, text("type"), text("reason"), &message);
}

fn looks(pod: &Object, names: &Names) -> Value {
    let status = pod.status();
    let conditions = status.list_at(&["conditions"]).iter().map(|condition| {
        let (word, reason) = (condition.str_at(&["status"]), condition.str_at(&["reason"]));
        let said = if reason.is_empty() { word.to_owned() } else { format!("{word}:{reason}") };
        (condition.str_at(&["type"]).to_owned(), said.into())
    });
    let mut looks =
        json!({"phase": status["phase"], "conditions": conditions.collect::<Map<String, Value>>()});
    for (ours, name) in [("initContainerStatuses", "init"), ("containerStatuses", "containers")] {
        let containers = status.list_at(&[ours]);
        if !containers.is_empty() {
            looks[name] = containers.iter().map(|status| container(status, names)).collect();
        }
    }
    if pod.metadata.is_deleting() {
        looks["terminating"] = pod.metadata.deletion_grace_period_seconds.into();
    }
    if !pod.spec().str_at(&["nodeName"]).is_empty() {
        looks["node"] = pod.spec()["nodeName"].clone();
    }
    looks
}

fn container(status: &Value, names: &Names) -> Value {
    let (state, of) = status["state"].as_object().and_then(|state| state.iter().next()).unzip();
    let of = of.cloned().unwrap_or_default();
    let mut looks = json!({
        "name": status["name"], "state": state, "ready": status["ready"] == true,
        "started": status["started"] == true, "restarts": status["restartCount"],
    });
    for member in ["reason", "exitCode"] {
        if let Some(value) = of.get(member) {
            looks[member] = value.clone();
        }
    }
    if let Some(message) = of.get("message").and_then(Value::as_str) {
        looks["message"] = named(&names.text(message)).into();
    }
    if let Some(last) = status.at(&["lastState", "terminated"]) {
        looks["last"] = json!({"reason": last["reason"], "exitCode": last["exitCode"]});
    }
    looks
}

/// All differences between the courses.
pub fn compare(recorded: &NodeRecording, observed: &Course) -> Vec<Difference> {
    let mut found = Vec::new();
    let chance = |what: &str| recorded.unstable.iter().any(|each| each == what);
    let pods = recorded.course.pods.iter().filter(|(name, _)| !chance(&format!("pod {name}")));
    for (name, states) in pods {
        side_by_side(&format!("pod {name}"), states, observed.pods.get(name), &mut found);
    }
    let object = |about: &str| about.split(',').next().unwrap_or_default().to_owned();
    let stable = |about: &str, events: &[String]| -> Vec<String> {
        let differs = |event: &&String| {
            let said = event.split_once(' ').map_or("", |(_, said)| said);
            let mut unstable = recorded.unstable.iter();
            // A newline at the end of a message belongs to it.
            !unstable.any(|each| each.trim_end() == format!("event {} {said}", object(about)).trim_end())
        };
        events.iter().filter(differs).cloned().collect()
    };
    let all = |course: &Course| -> BTreeMap<String, Vec<String>> {
        course.events.iter().map(|(about, events)| (about.clone(), stable(about, events))).collect()
    };
    let ours = all(observed);
    // The Events of a Pod whose course was chance are chance as well.
    let told = all(&recorded.course).into_iter();
    for (about, events) in told.filter(|(about, _)| !chance(&object(about).replace('/', " "))) {
        side_by_side(&format!("events of {about}"), &events, ours.get(&about), &mut found);
    }
    found
}

/// Two sequences agree if one goes on where the other one ends, a little: what a Pod does again and again
/// has no last time.
fn side_by_side<T: PartialEq + Debug + Clone + Into<Value>>(
    what: &str,
    recorded: &[T],
    observed: Option<&Vec<T>>,
    found: &mut Vec<Difference>,
) {
    let observed = observed.map_or(&[][..], Vec::as_slice);
    let common = recorded.iter().zip(observed).take_while(|(a, b)| a == b).count();
    let (short, long) = (recorded.len().min(observed.len()), recorded.len().max(observed.len()));
    if common < short || long - short > 2.max(recorded.len() / 4) {
        let list = |all: &[T]| all.iter().cloned().map(Into::into).collect::<Vec<Value>>();
        found.push(Difference::new(what, list(recorded), list(observed)));
    }
}
