//! How Pods and Events went under a real kubelet, and how they went here, side by side.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::value::ValueExt;
use apiserver::Change;
use serde_json::{Map, Value, json};

use crate::compare::Difference;
use crate::names::Names;
use crate::recording::without_nulls;

/// The course of things, by object: what a Pod looked like after each write, and the Events in order.
#[derive(Debug, Default)]
pub struct Course {
    /// By name; a Pod of the same name goes on where the last one was gone.
    pub pods: BTreeMap<String, Vec<Value>>,
    /// By `pod/p, kubelet`: different sources do not wait for each other.
    pub events: BTreeMap<String, Vec<String>>,
    /// What the runs differed in: `pod web-0`, `event pod/p BackOff …`.
    pub unstable: Vec<String>,
    /// When the last entry was made, in seconds since the start.
    pub ends: f64,
}

impl Course {
    /// The course of a recording.
    pub fn recorded(recording: &Value) -> Self {
        let unstable = recording.list_at(&["unstable"]).iter().filter_map(Value::as_str).map(str::to_owned);
        let mut course = Self { unstable: unstable.collect(), ..Self::default() };
        for entry in recording.list_at(&["timeline"]) {
            course.ends = entry.at(&["t"]).and_then(Value::as_f64).unwrap_or_default();
            let text = |name: &str| entry.str_at(&[name]);
            if entry.get("event").is_some() {
                let about = format!("{}, {}", text("object"), text("source"));
                course.event(&about, text("type"), text("event"), text("message"));
            } else if let Some(map) = entry.as_object().filter(|_| entry.get("pod").is_some()) {
                let looks = map.iter().filter(|(member, _)| !matches!(member.as_str(), "t" | "pod"));
                let looks: Map<String, Value> = looks.map(|(k, v)| (k.clone(), v.clone())).collect();
                course.pod(text("pod"), looks.into());
            }
        }
        course
    }

    /// What was written here, in order.
    pub fn observed(changes: &[Rc<Change>], names: &Names) -> Self {
        let mut course = Self::default();
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

    /// A Pod looks like this now. What did not change is no news.
    fn pod(&mut self, name: &str, looks: Value) {
        let before = self.pods.entry(name.to_owned()).or_default();
        if before.last() != Some(&looks) {
            before.push(looks);
        }
    }

    /// An Event. Whether an image was there depended on what was recorded before, and how often a Pod was
    /// tried while its claims were being bound, on who was faster.
    fn event(&mut self, about: &str, kind: &str, reason: &str, message: &str) {
        let binding = reason == "FailedScheduling" && message.to_lowercase().contains("persistentvolume");
        if binding || (reason == "Pulling" && !message.contains(":nope")) {
            return;
        }
        let message = if reason == "Pulled" { "(an image)" } else { message };
        self.events.entry(about.to_owned()).or_default().push(format!("{kind} {reason} {message}"));
    }

    fn is_chance(&self, what: &str) -> bool {
        self.unstable.iter().any(|each| each == what)
    }
}

/// The UID of a Pod goes by the Pod's name alone in these recordings.
pub fn named(text: &str) -> String {
    text.replace("uid(pod/", "uid(")
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
    let conditions: Map<String, Value> = conditions.collect();
    let mut looks = Map::new();
    looks.insert("phase".to_owned(), status.str_at(&["phase"]).into());
    looks.insert("conditions".to_owned(), conditions.into());
    for (ours, name) in [("initContainerStatuses", "init"), ("containerStatuses", "containers")] {
        let containers = status.list_at(&[ours]);
        if !containers.is_empty() {
            looks.insert(name.to_owned(), containers.iter().map(|status| container(status, names)).collect());
        }
    }
    if pod.metadata.is_deleting() {
        looks.insert("terminating".to_owned(), pod.metadata.deletion_grace_period_seconds.into());
    }
    let node = pod.spec().str_at(&["nodeName"]);
    if !node.is_empty() {
        looks.insert("node".to_owned(), node.into());
    }
    looks.into()
}

fn container(status: &Value, names: &Names) -> Value {
    let (state, of) = status.map_at(&["state"]).and_then(|state| state.iter().next()).unzip();
    let of = of.cloned().unwrap_or_default();
    let message = of.at(&["message"]).and_then(Value::as_str).map(|text| named(&names.text(text)));
    let last = status.at(&["lastState", "terminated"]);
    let last = last.map(|last| json!({"reason": last.at(&["reason"]), "exitCode": last.at(&["exitCode"])}));
    let on = |name: &str| status.bool_at(&[name]) == Some(true);
    without_nulls(&json!({
        "name": status.at(&["name"]), "state": state, "ready": on("ready"), "started": on("started"),
        "restarts": status.at(&["restartCount"]), "reason": of.at(&["reason"]),
        "exitCode": of.at(&["exitCode"]), "message": message, "last": last,
    }))
}

/// All differences between the courses.
pub fn compare(recorded: &Course, observed: &Course) -> Vec<Difference> {
    let mut found = Vec::new();
    let pods = recorded.pods.iter().filter(|(name, _)| !recorded.is_chance(&format!("pod {name}")));
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
    let told = all(recorded).into_iter();
    for (about, events) in told.filter(|(about, _)| !recorded.is_chance(&object(about).replace('/', " "))) {
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
