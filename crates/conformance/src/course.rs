//! Compares how Pods and Events went under a real kubelet with how they went here.
//!
//! Three things must agree: the order of each Pod's states; the order, texts and counts of the Events of one
//! source about one object; and how long a container was kept waiting between two attempts. Moments need not
//! agree: the recorder's machine took seconds to start a container.

use std::collections::{BTreeMap, BTreeSet};

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use cluster::{Record, What};
use serde_json::{Map, Value, json};

use crate::difference::Difference;
use crate::names::Names;
use crate::text::without_nulls;

/// A kubelet waits for the back-off, or for the time between two tries, times a random factor from 1 to 1
/// plus this number (`pod_workers.go`, `workerBackOffPeriodJitterFactor`). The back-off itself is in the
/// Pod's state.
const DRAWN: f64 = 0.5;
/// Two waits agree in any case if they differ by at most this many seconds.
const SECONDS: f64 = 1.5;
/// One side may go on after the other one has ended, in this last share of the recording's time.
const LAST: f64 = 0.2;
/// The shortest back-off, in seconds; a shorter wait only shows how fast the machine is.
const BACK_OFF: f64 = 8.0;

/// The moment of something, in seconds since the start, and what it was.
type At<T> = (f64, T);

/// How things went, by object.
#[derive(Debug, Default)]
pub struct Course {
    /// What each Pod looked like after each write. A later Pod of the same name goes on in the same list.
    pods: BTreeMap<String, Vec<At<Value>>>,
    /// The Events by object and source, `pod/p, kubelet`: sources do not wait for each other.
    events: BTreeMap<String, Vec<At<Event>>>,
    /// What the runs differed in: `pod web-0`, `event pod/p BackOff …`.
    unstable: Vec<String>,
    /// When the recording ended, in seconds since the start.
    pub ends: f64,
}

#[derive(Debug, Clone, PartialEq)]
struct Event {
    kind: String,
    reason: String,
    message: String,
    count: i64,
}

impl Event {
    fn said(&self) -> String {
        format!("{} {} ×{} {}", self.kind, self.reason, self.count, self.message)
    }

    /// The Event without what is chance: an image was there already if an earlier recording had pulled it.
    fn without_chance(mut self) -> Self {
        if self.reason == "Pulled" {
            "(an image)".clone_into(&mut self.message);
            self.count = 1;
        }
        self
    }

    /// Whether it says that a Pod's claims are not bound yet: how often it says so depends on who is faster.
    fn waits_for_a_claim(&self) -> bool {
        self.reason == "FailedScheduling" && self.message.contains("unbound immediate PersistentVolumeClaims")
    }
}

impl Course {
    /// The course of a recording.
    pub fn recorded(recording: &Value) -> Self {
        let unstable = recording.list_at(&["unstable"]).iter().filter_map(Value::as_str).map(str::to_owned);
        let mut course = Self { unstable: unstable.collect(), ..Self::default() };
        let seconds = |entry: &Value| entry.at(&["t"]).and_then(Value::as_f64).unwrap_or_default();
        for entry in recording.list_at(&["timeline"]) {
            let (at, text) = (seconds(entry), |name: &str| entry.str_at(&[name]).to_owned());
            if entry.get("event").is_some() {
                let event = Event {
                    kind: text("type"),
                    reason: text("event"),
                    message: text("message"),
                    count: entry.i64_at(&["count"]).unwrap_or(1),
                };
                course.event(at, &format!("{}, {}", text("object"), text("source")), event);
            } else if let Some(map) = entry.as_object().filter(|_| entry.get("pod").is_some()) {
                let looks = map.iter().filter(|(member, _)| !matches!(member.as_str(), "t" | "pod"));
                let looks: Map<String, Value> = looks.map(|(k, v)| (k.clone(), v.clone())).collect();
                course.pod(at, &text("pod"), looks.into());
            }
        }
        let steps = recording.list_at(&["steps"]).iter();
        let entries = recording.list_at(&["timeline"]).iter();
        course.ends = steps.chain(entries).map(seconds).fold(0.0, f64::max);
        course
    }

    /// The course of what was written here. The cluster began at `begun`: second `first` of the recording.
    pub fn observed(records: &[Record], names: &Names, begun: Time, first: f64) -> Self {
        let mut course = Self::default();
        for record in records {
            let What::Requested { changes, .. } = &record.what else { continue };
            let at = first + record.at.since(begun).as_secs_f64();
            for change in changes {
                let object = change.object();
                let name = object.metadata.name.as_str();
                match change.key.kind {
                    Kind::Pod if change.is_delete() => course.pod(at, name, json!({"gone": true})),
                    Kind::Pod => course.pod(at, name, looks(object, names)),
                    Kind::Event if !change.is_delete() => course.hear(at, object, names),
                    _ => {}
                }
            }
        }
        course
    }

    /// Notes what a Pod looks like now, if that has changed.
    fn pod(&mut self, at: f64, name: &str, looks: Value) {
        let before = self.pods.entry(name.to_owned()).or_default();
        if before.last().map(|(_, looks)| looks) != Some(&looks) {
            before.push((at, looks));
        }
    }

    fn event(&mut self, at: f64, about: &str, event: Event) {
        let events = self.events.entry(about.to_owned()).or_default();
        let pulling = events.last().is_some_and(|(_, last)| last.reason == "Pulling");
        if event.reason == "Pulled" && pulling {
            events.pop();
        }
        events.push((at, event));
    }

    fn hear(&mut self, at: f64, event: &Object, names: &Names) {
        let involved = event.field("involvedObject");
        if involved.str_at(&["namespace"]).is_empty() {
            return;
        }
        let text = |name: &str| event.field(name).as_str().unwrap_or_default().to_owned();
        let component = event.field("source").str_at(&["component"]);
        let source = if component.is_empty() { text("reportingComponent") } else { component.to_owned() };
        let (kind, name) = (involved.str_at(&["kind"]).to_lowercase(), involved.str_at(&["name"]));
        let message = named(&names.text(&text("message")));
        let count = event.field("count").as_i64().unwrap_or(1);
        let event = Event { kind: text("type"), reason: text("reason"), message, count };
        self.event(at, &format!("{kind}/{name}, {source}"), event);
    }

    fn is_chance(&self, what: &str) -> bool {
        // A newline at the end of a message belongs to it.
        self.unstable.iter().any(|each| each.trim_end() == what.trim_end())
    }
}

/// Writes a Pod's UID as recordings of a node do: `uid(web-0)` for `uid(pod/web-0)`.
pub fn named(text: &str) -> String {
    text.replace("uid(pod/", "uid(")
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
            let containers = containers.iter().map(|status| container(status, names)).collect();
            looks.insert(name.to_owned(), containers);
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
    let late = recorded.ends * (1.0 - LAST);
    let none = Vec::new();
    for (name, looks) in both(&recorded.pods, &observed.pods, &none) {
        let what = format!("pod {name}");
        if !recorded.is_chance(&what) {
            side_by_side(&what, looks, late, Value::clone, &mut found);
        }
    }
    let none = Vec::new();
    for (about, events) in both(&recorded.events, &observed.events, &none) {
        let object = about.split(',').next().unwrap_or_default();
        let stable = |events: &[At<Event>]| -> Vec<At<Event>> {
            let differs = |event: &Event| {
                let said = format!("event {object} {} {}", event.reason, event.message);
                !event.waits_for_a_claim() && (event.reason == "Pulled" || !recorded.is_chance(&said))
            };
            let stable = events.iter().filter(|(_, event)| differs(event)).cloned();
            stable.map(|(at, event)| (at, event.without_chance())).collect()
        };
        let what = format!("events of {about}");
        let (recorded_events, observed_events) = (stable(events.0), stable(events.1));
        if recorded.is_chance(&object.replace('/', " ")) {
            at_all(&what, &recorded_events, &observed_events, &mut found);
        } else {
            let said = |event: &Event| event.said().into();
            side_by_side(&what, (&recorded_events, &observed_events), late, said, &mut found);
        }
    }
    for name in recorded.pods.keys().filter(|name| !recorded.is_chance(&format!("pod {name}"))) {
        compare_waits(name, &waits(recorded, name), &waits(observed, name), &mut found);
    }
    found
}

/// What each side has under each name that one of them knows.
fn both<'a, T>(
    recorded: &'a BTreeMap<String, Vec<T>>,
    observed: &'a BTreeMap<String, Vec<T>>,
    none: &'a Vec<T>,
) -> BTreeMap<&'a String, (&'a Vec<T>, &'a Vec<T>)> {
    let names = recorded.keys().chain(observed.keys());
    let of = |side: &'a BTreeMap<String, Vec<T>>, name: &String| side.get(name).unwrap_or(none);
    names.map(|name| (name, (of(recorded, name), of(observed, name)))).collect()
}

/// Compares two sequences. One may go on where the other one ends, if that is late in the recording: small
/// differences of waits add up.
fn side_by_side<T: PartialEq>(
    what: &str,
    (recorded, observed): (&Vec<At<T>>, &Vec<At<T>>),
    late: f64,
    said: impl Fn(&T) -> Value,
    found: &mut Vec<Difference>,
) {
    let common = recorded.iter().zip(observed).take_while(|(a, b)| a.1 == b.1).count();
    let rest = |side: &[At<T>]| side.get(common).map(|(at, _)| *at);
    let agree = match (rest(recorded), rest(observed)) {
        (None, None) => true,
        (Some(next), None) | (None, Some(next)) => next >= late,
        (Some(_), Some(_)) => false,
    };
    if !agree {
        let list = |side: &[At<T>]| side.iter().map(|(_, what)| said(what)).collect::<Vec<Value>>();
        found.push(Difference::new(what, list(recorded), list(observed)));
    }
}

/// Compares only which Events came: for a Pod whose course was chance.
fn at_all(what: &str, recorded: &[At<Event>], observed: &[At<Event>], found: &mut Vec<Difference>) {
    let kinds = |events: &[At<Event>]| -> BTreeSet<String> {
        events.iter().map(|(_, event)| Event { count: 1, ..event.clone() }.said()).collect()
    };
    let (recorded, observed) = (kinds(recorded), kinds(observed));
    if recorded != observed {
        let list = |kinds: BTreeSet<String>| kinds.into_iter().collect::<Vec<String>>();
        found.push(Difference::new(what, list(recorded), list(observed)));
    }
}

/// How long a Pod's containers were kept waiting: from the last word about a failure to the next attempt.
fn waits(course: &Course, pod: &str) -> Vec<f64> {
    let mut since = None;
    let mut waits = Vec::new();
    for (at, event) in course.events.get(&format!("pod/{pod}, kubelet")).into_iter().flatten() {
        match event.reason.as_str() {
            "BackOff" if event.message.contains("restarting") => since = Some(*at),
            // What else fails repeats what is waited for.
            "Failed" if event.message.contains("failed to") => since = Some(*at),
            "Pulling" | "Pulled" | "Created" => waits.extend(since.take().map(|since| at - since)),
            _ => {}
        }
    }
    waits.retain(|wait| *wait >= BACK_OFF);
    waits
}

fn compare_waits(pod: &str, recorded: &[f64], observed: &[f64], found: &mut Vec<Difference>) {
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() > (a.min(*b) * DRAWN).max(SECONDS);
    if recorded.iter().zip(observed).any(apart) {
        let said =
            |waits: &[f64]| waits.iter().map(|wait| format!("{wait:.1} s").into()).collect::<Vec<Value>>();
        found.push(Difference::new(format!("waits of pod {pod}"), said(recorded), said(observed)));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn course(events: &[(f64, &str, i64, &str)]) -> Course {
        let timeline = events.iter().map(|(t, reason, count, message)| {
            json!({
                "t": t, "event": reason, "type": "Normal", "object": "pod/p", "count": count,
                "message": message, "source": "kubelet",
            })
        });
        Course::recorded(&json!({"steps": [{"t": 100.0}], "timeline": timeline.collect::<Vec<_>>()}))
    }

    fn parts(recorded: &[(f64, &str, i64, &str)], observed: &[(f64, &str, i64, &str)]) -> Vec<String> {
        let mut recorded = course(recorded);
        recorded.pods.insert("p".to_owned(), Vec::new());
        compare(&recorded, &course(observed)).into_iter().map(|difference| difference.part).collect()
    }

    #[test]
    fn events_agree_in_order_text_and_count() {
        let crash = [(1.0, "Created", 1, "c"), (2.0, "BackOff", 1, "restarting"), (12.0, "Created", 2, "c")];
        assert!(parts(&crash, &crash).is_empty());
        let (mut other_count, mut other_text) = (crash, crash);
        (other_count[2].2, other_text[0].3) = (3, "d");
        assert_eq!(parts(&crash, &other_count), ["events of pod/p, kubelet"]);
        assert_eq!(parts(&crash, &other_text), ["events of pod/p, kubelet"]);
        assert_eq!(parts(&crash, &crash[..2]), ["events of pod/p, kubelet"]);
        assert_eq!(parts(&crash[..2], &crash), ["events of pod/p, kubelet"]);
    }

    #[test]
    fn waits_agree_but_for_the_draw_and_the_end_is_open() {
        let waited = |until| [(1.0, "BackOff", 1, "restarting"), (until, "Created", 1, "c")];
        assert!(parts(&waited(21.0), &waited(29.0)).is_empty());
        assert_eq!(parts(&waited(21.0), &waited(41.0)), ["waits of pod p"]);
        assert!(parts(&waited(90.0), &waited(90.0)[..1]).is_empty());
    }

    #[test]
    fn it_does_not_matter_whether_an_image_was_there() {
        let pulled = [(1.0, "Pulling", 1, "x"), (2.0, "Pulled", 1, "in 3 s")];
        assert!(parts(&pulled, &[(1.0, "Pulled", 4, "already present")]).is_empty());
    }
}
