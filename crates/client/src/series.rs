//! Events of the API group `events.k8s.io`, where a repeat begins a series.
//!
//! The first of equal events is written; the second adds `series` with count 2 to it; from then on the
//! count grows in memory alone and is written when the series has ended, or now and then while it lasts.
//! Equal are events whose reason, action and object agree, the object in the very version it had: a
//! write to it begins anew. The text counts for nothing: the first one stays.
//!
//! Models: `k8s.io/client-go/tools/events` (`event_broadcaster.go`, `event_recorder.go`).

use std::cmp::Ordering;
use std::rc::Rc;
use std::time::Duration;

use api::{Kind, Object};
use apimachinery::Time;
use apimachinery::sorted::SharedMap;
use serde_json::{Value, json};

use crate::recorder::{EventNames, EventSpec, EventWrite, event_namespace, involved};

/// How often series are looked at, and how long one rests before it has ended (`finishTime`).
pub const FINISH: Duration = Duration::from_mins(6);
/// How often the count of every series is written, so that its Event does not expire (`refreshTime`).
pub const REFRESH: Duration = Duration::from_mins(30);

/// An event by what makes it equal to others.
#[derive(Debug, Clone)]
struct Isomorphic(Rc<EventSpec>);

impl PartialEq for Isomorphic {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Isomorphic {}

impl PartialOrd for Isomorphic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Isomorphic {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (&*self.0, &*other.0);
        // These words are mostly the same ones, at the same place.
        let word =
            |a: &'static str, b: &'static str| if std::ptr::eq(a, b) { Ordering::Equal } else { a.cmp(b) };
        a.kind
            .cmp(&b.kind)
            .then_with(|| word(a.action, b.action))
            .then_with(|| word(a.reason, b.reason))
            .then_with(|| word(a.source, b.source))
            .then_with(|| a.regarding.cmp(&b.regarding))
            .then_with(|| a.resource_version.cmp(&b.resource_version))
    }
}

/// How often an event came since it was first written.
#[derive(Debug, Clone, Copy)]
struct Series {
    count: i64,
    last: Time,
}

#[derive(Debug, Clone)]
struct Known {
    /// As it was first written.
    object: Rc<Object>,
    first: Time,
    series: Option<Series>,
}

impl Known {
    fn write(&self, series: Series) -> EventWrite {
        let value = json!({ "count": series.count, "lastObservedTime": series.last.rfc3339_micro() });
        let mut object = Object::clone(&self.object);
        object.set_field("series", value);
        EventWrite::Series(object)
    }
}

/// Turns events into writes, as one process does for its own.
#[derive(Debug, Clone, Default)]
pub struct SeriesRecorder {
    known: SharedMap<Isomorphic, Known>,
    names: EventNames,
}

impl SeriesRecorder {
    /// What to write for `event` at `now`.
    pub fn record(&mut self, event: &Rc<EventSpec>, now: Time) -> EventWrite {
        let key = Isomorphic(Rc::clone(event));
        let Some(known) = self.known.get_mut(&key) else {
            let object = self.new_object(event, now);
            self.known.insert(key, Known { object: Rc::new(object.clone()), first: now, series: None });
            return EventWrite::Create(object);
        };
        if let Some(series) = &mut known.series {
            series.count += 1;
            series.last = now;
            return EventWrite::Dropped;
        }
        let series = Series { count: 2, last: now };
        known.series = Some(series);
        known.write(series)
    }

    /// Whether nothing is remembered, so that there is nothing to look at.
    pub fn is_idle(&self) -> bool {
        self.known.is_empty()
    }

    /// The counts so far of all series, to be written every [`REFRESH`].
    pub fn refresh(&self) -> Vec<EventWrite> {
        self.known.iter().filter_map(|(_, known)| known.series.map(|series| known.write(series))).collect()
    }

    /// Forgets what has not come again for [`FINISH`]; a series that has ended is written with its last
    /// count.
    pub fn finish(&mut self, now: Time) -> Vec<EventWrite> {
        let mut writes = Vec::new();
        self.known.retain(|_, known| {
            let last = known.series.map_or(known.first, |series| series.last);
            let over = last + FINISH < now;
            if over {
                writes.extend(known.series.map(|series| known.write(series)));
            }
            !over
        });
        writes
    }

    fn new_object(&mut self, event: &EventSpec, now: Time) -> Object {
        let (namespace, name) = (event_namespace(event), self.names.next(event, now));
        let mut object = Object::new(Kind::Event, &namespace, &name);
        let fields: [(&str, Value); 10] = [
            ("involvedObject", involved(event)),
            ("reason", event.reason.into()),
            ("message", event.message.as_str().into()),
            ("source", json!({})),
            ("firstTimestamp", Value::Null),
            ("lastTimestamp", Value::Null),
            ("type", event.kind.as_str().into()),
            ("eventTime", now.rfc3339_micro().into()),
            ("action", event.action.into()),
            ("reportingComponent", event.source.into()),
        ];
        for (name, value) in fields {
            object.set_field(name, value);
        }
        // Upstream appends the name of the machine that the component runs on.
        object.set_field("reportingInstance", format!("{}-control-plane", event.source).into());
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(version: u64) -> Rc<EventSpec> {
        let mut pod = Object::new(Kind::Pod, "default", "web-0");
        pod.metadata.resource_version = version;
        Rc::new(
            EventSpec::warning(&pod, "FailedScheduling", "no nodes", "default-scheduler").doing("Scheduling"),
        )
    }

    fn series(write: &EventWrite) -> Option<i64> {
        match write {
            EventWrite::Series(object) => object.field("series")["count"].as_i64(),
            _ => None,
        }
    }

    #[test]
    fn the_second_of_equal_events_begins_a_series_that_then_grows_in_silence() {
        let (mut recorder, now) = (SeriesRecorder::default(), Time::from_unix_seconds(1));
        let EventWrite::Create(first) = recorder.record(&refused(5), now) else { panic!("is new") };
        assert_eq!(first.field("eventTime"), "1970-01-01T00:00:01.000000Z");
        assert!(first.field("count").is_null() && first.field("series").is_null());
        assert_eq!(series(&recorder.record(&refused(5), now)), Some(2));
        assert_eq!(recorder.record(&refused(5), now), EventWrite::Dropped);
        // The Pod was written meanwhile.
        assert!(matches!(recorder.record(&refused(6), now), EventWrite::Create(_)));
        assert_eq!(recorder.refresh().iter().map(series).collect::<Vec<_>>(), [Some(3)]);
    }

    #[test]
    fn what_does_not_come_again_is_written_a_last_time_and_forgotten() {
        let (mut recorder, now) = (SeriesRecorder::default(), Time::from_unix_seconds(1));
        for version in [5, 5, 5, 6] {
            recorder.record(&refused(version), now);
        }
        assert_eq!(recorder.finish(now + FINISH), []);
        let later = now + FINISH + Duration::from_secs(1);
        assert_eq!(recorder.finish(later).iter().map(series).collect::<Vec<_>>(), [Some(3)]);
        assert!(recorder.is_idle());
        assert!(matches!(recorder.record(&refused(5), later), EventWrite::Create(_)));
    }
}
