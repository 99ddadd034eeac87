//! Events: what components tell people.
//!
//! Models: `k8s.io/client-go/tools/record` (recorder, correlator: repeated events are counted, many
//! similar ones are combined, a spam filter of 25 burst and one in five minutes per source, object and
//! type).
//! Events of the newer kind go through [`crate::series`].

use std::rc::Rc;

use api::{Kind, Object, ObjectRef};
use apimachinery::Time;
use apimachinery::sorted::{SharedMap, SortedSet};
use serde_json::{Value, json};

/// `Normal` or `Warning`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventType {
    /// Things go their way.
    Normal,
    /// Something is wrong.
    Warning,
}

impl EventType {
    /// The word in the object.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        }
    }
}

/// An event to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSpec {
    /// The object it is about.
    pub regarding: ObjectRef,
    /// `apiVersion` of that object.
    pub api_version: String,
    /// Its resourceVersion when the event was made; 0 leaves it out.
    pub resource_version: u64,
    /// `spec.containers{nginx}` for events of a container, else empty.
    pub field_path: String,
    /// Normal or Warning.
    pub kind: EventType,
    /// `SuccessfulCreate`.
    pub reason: &'static str,
    /// Kubernetes' own sentence.
    pub message: String,
    /// `statefulset-controller`.
    pub source: &'static str,
    /// The node for a kubelet's events, else empty.
    pub host: String,
    /// What the source was doing, if it writes Events of the group `events.k8s.io`: `Scheduling`. Empty
    /// for those of the core group, which are counted in another way.
    pub action: &'static str,
}

impl EventSpec {
    /// An event about `object` from `source`.
    pub fn new(
        object: &Object,
        kind: EventType,
        reason: &'static str,
        message: impl Into<String>,
        source: &'static str,
    ) -> Self {
        Self {
            regarding: object.object_ref(),
            api_version: object.kind.info().api_version(),
            resource_version: object.metadata.resource_version,
            field_path: String::new(),
            kind,
            reason,
            message: message.into(),
            source,
            host: String::new(),
            action: "",
        }
    }

    /// Makes it an Event of the group `events.k8s.io`, about this action.
    #[must_use]
    pub fn doing(mut self, action: &'static str) -> Self {
        self.action = action;
        self
    }

    /// A Normal event.
    pub fn normal(
        object: &Object,
        reason: &'static str,
        message: impl Into<String>,
        source: &'static str,
    ) -> Self {
        Self::new(object, EventType::Normal, reason, message, source)
    }

    /// A Warning event.
    pub fn warning(
        object: &Object,
        reason: &'static str,
        message: impl Into<String>,
        source: &'static str,
    ) -> Self {
        Self::new(object, EventType::Warning, reason, message, source)
    }
}

/// What to write for an event.
#[derive(Debug, Clone, PartialEq)]
pub enum EventWrite {
    /// A new Event object.
    Create(Object),
    /// The stored Event of this name gets this one's count, message and last time. It is made if it is gone
    /// or was held back.
    Count(Object),
    /// The stored Event of this name gets this one's `series`. It is made again if it is gone.
    Series(Object),
    /// The spam filter holds it back, or it is only counted in memory.
    Dropped,
}

#[derive(Debug, Clone)]
struct Known {
    name: String,
    count: i64,
    first: Time,
}

#[derive(Debug, Clone)]
struct Bucket {
    /// Millionths of a token, so that the slow refill stays exact.
    tokens: i64,
    at: Time,
}

#[derive(Debug, Clone, Default)]
struct Similar {
    messages: Vec<String>,
    last: Time,
}

/// Turns event specs into writes: counts repeats, combines, filters spam.
#[derive(Debug, Clone, Default)]
pub struct EventCorrelator {
    known: SharedMap<Rc<str>, Known>,
    buckets: SharedMap<Rc<str>, Bucket>,
    similar: SharedMap<Rc<str>, Similar>,
    names: EventNames,
}

/// `record.maxBurst` default of the spam filter: events at once per source and object.
const SPAM_BURST: i64 = 25;
/// One more event of a source about an object every this many microseconds (300 s).
const SPAM_REFILL_MICROS: i64 = 300_000_000;
/// So many different messages of one kind within the interval are combined.
const AGGREGATE_MAX: usize = 10;
/// The interval of [`AGGREGATE_MAX`], in microseconds (600 s).
const AGGREGATE_INTERVAL_MICROS: i64 = 600_000_000;

impl EventCorrelator {
    /// What to write for `event` at `now`. What the spam filter holds back is counted all the same.
    pub fn correlate(&mut self, event: &EventSpec, now: Time) -> EventWrite {
        let (similar, combined) = self.aggregate(event, now);
        let message = if combined {
            format!("(combined from similar events): {}", event.message)
        } else {
            event.message.clone()
        };
        let key = if combined {
            similar
        } else {
            format!("{similar}\u{0}{}\u{0}{message}", event.field_path).into()
        };
        let known = if let Some(known) = self.known.get_mut(&key) {
            known.count += 1;
            known.clone()
        } else {
            let name = self.names.next(event, now);
            let known = Known { name, count: 1, first: now };
            self.known.insert(key, known.clone());
            known
        };
        if !self.spam_allows(event, now) {
            return EventWrite::Dropped;
        }
        let object = event_object(event, &known, &message, now);
        if known.count > 1 { EventWrite::Count(object) } else { EventWrite::Create(object) }
    }

    fn aggregate(&mut self, event: &EventSpec, now: Time) -> (Rc<str>, bool) {
        let key: Rc<str> = format!("{}\u{0}{}", spam_key(event), event.reason).into();
        let mut similar = self.similar.get(&key).cloned().unwrap_or_default();
        if now.micros_since(similar.last) > AGGREGATE_INTERVAL_MICROS {
            similar.messages.clear();
        }
        similar.last = now;
        if !similar.messages.contains(&event.message) {
            similar.messages.push(event.message.clone());
        }
        // One makes room; the real recorder takes any.
        let combined = similar.messages.len() >= AGGREGATE_MAX;
        if combined {
            similar.messages.remove(0);
        }
        self.similar.insert(Rc::clone(&key), similar);
        (key, combined)
    }

    fn spam_allows(&mut self, event: &EventSpec, now: Time) -> bool {
        let key: Rc<str> = spam_key(event).into();
        let full = Bucket { tokens: SPAM_BURST * SPAM_REFILL_MICROS, at: now };
        let mut bucket = self.buckets.get(&key).cloned().unwrap_or(full);
        let refill = now.micros_since(bucket.at);
        bucket.tokens = (bucket.tokens + refill).min(SPAM_BURST * SPAM_REFILL_MICROS);
        bucket.at = now;
        let allows = bucket.tokens >= SPAM_REFILL_MICROS;
        if allows {
            bucket.tokens -= SPAM_REFILL_MICROS;
        }
        self.buckets.insert(key, bucket);
        allows
    }
}

/// Who says it about what, and whether it is a warning: each has a bucket of its own.
fn spam_key(event: &EventSpec) -> String {
    format!(
        "{}\u{0}{}\u{0}{}\u{0}{}\u{0}{}",
        event.source,
        event.host,
        event.regarding.key,
        event.regarding.uid,
        event.kind.as_str()
    )
}

/// Names of Events: the object's name and a time in nanoseconds. Two in one microsecond must differ.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventNames {
    at: Time,
    /// Names that were given in that microsecond.
    given: SortedSet<String>,
}

impl EventNames {
    /// A name for an event that comes now.
    pub(crate) fn next(&mut self, event: &EventSpec, now: Time) -> String {
        if now != self.at {
            self.at = now;
            self.given.clear();
        }
        let mut name = format!("{}.{:x}", event.regarding.key.name, now.as_micros() * 1_000 + 7);
        while !self.given.insert(name.clone()) {
            name.push('0');
        }
        name
    }
}

/// The namespace of an Event: that of its object, `default` for those without one.
pub(crate) fn event_namespace(event: &EventSpec) -> String {
    let namespace = &event.regarding.key.namespace;
    if namespace.is_empty() { "default".to_owned() } else { namespace.as_ref().to_owned() }
}

/// The reference to the object that an event is about.
pub(crate) fn involved(event: &EventSpec) -> Value {
    let mut involved = json!({
        "apiVersion": event.api_version,
        "kind": event.regarding.key.kind.info().name,
        "name": &*event.regarding.key.name,
    });
    if let Some(map) = involved.as_object_mut() {
        let mut text = |name: &str, value: &str| {
            if !value.is_empty() {
                map.insert(name.to_owned(), value.into());
            }
        };
        text("namespace", &event.regarding.key.namespace);
        text("uid", &event.regarding.uid);
        text("fieldPath", &event.field_path);
        if event.resource_version != 0 {
            text("resourceVersion", &event.resource_version.to_string());
        }
    }
    involved
}

fn event_object(event: &EventSpec, known: &Known, message: &str, now: Time) -> Object {
    let mut object = Object::new(Kind::Event, &event_namespace(event), &known.name);
    let mut source = json!({ "component": event.source });
    if let Some(map) = source.as_object_mut().filter(|_| !event.host.is_empty()) {
        map.insert("host".to_owned(), event.host.as_str().into());
    }
    let fields: [(&str, Value); 9] = [
        ("involvedObject", involved(event)),
        ("reason", event.reason.into()),
        ("message", message.into()),
        ("source", source),
        ("firstTimestamp", known.first.rfc3339().into()),
        ("lastTimestamp", now.rfc3339().into()),
        ("count", known.count.into()),
        ("type", event.kind.as_str().into()),
        ("reportingComponent", event.source.into()),
    ];
    for (name, value) in fields {
        object.set_field(name, value);
    }
    object.set_field("reportingInstance", event.host.as_str().into());
    object.set_field("eventTime", Value::Null);
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(write: &EventWrite) -> Option<i64> {
        match write {
            EventWrite::Create(object) | EventWrite::Count(object) => object.field("count").as_i64(),
            EventWrite::Series(_) | EventWrite::Dropped => None,
        }
    }

    #[test]
    fn warnings_and_the_rest_have_25_each_and_what_is_held_back_is_counted() {
        let (mut correlator, now) = (EventCorrelator::default(), Time::from_unix_seconds(1));
        let set = Object::new(Kind::StatefulSet, "default", "web");
        let warning = EventSpec::warning(&set, "FailedCreate", "no", "statefulset-controller");
        let counts: Vec<_> = (0..27).map(|_| count(&correlator.correlate(&warning, now))).collect();
        assert_eq!(counts[24..], [Some(25), None, None]);
        let normal = EventSpec::normal(&set, "SuccessfulCreate", "yes", "statefulset-controller");
        assert_eq!(count(&correlator.correlate(&normal, now)), Some(1));
        let later = Time::from_unix_seconds(301);
        assert_eq!(count(&correlator.correlate(&warning, later)), Some(28));
    }
}
