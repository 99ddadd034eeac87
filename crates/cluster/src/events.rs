//! Events are written a little later, by a broadcaster of their own: nobody waits for them.
//!
//! Models: `k8s.io/client-go/tools/record` and `tools/events`, the part that talks to the API server.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use api::{Key, Kind, Object};
use apimachinery::Time;
use apimachinery::value::ValueExt;
use apiserver::{Actor, Change, DeleteOptions, Patch, Request, Subresource};
use client::recorder::EventWrite;
use client::series::{FINISH, REFRESH};
use client::{EventCorrelator, EventSpec, SeriesRecorder};
use serde_json::json;

use crate::agenda::Due;
use crate::cluster::{Cluster, StepLog};
use crate::limits;
use crate::record::RecordId;

/// Events on their way.
#[derive(Debug, Clone, Default)]
pub struct EventSink {
    correlator: EventCorrelator,
    series: SeriesRecorder,
    /// Whether the next look at the series is on the agenda.
    looks_at_series: bool,
    queue: VecDeque<(Rc<EventSpec>, RecordId)>,
}

impl Cluster {
    /// Sends an event; `cause` is the record that it tells of.
    pub(crate) fn emit(&mut self, event: impl Into<Rc<EventSpec>>, cause: RecordId) {
        if self.events.queue.is_empty() {
            let at = self.now + self.config.request_latency.draw(&mut self.latency);
            self.agenda.put(at, Due::Events);
        }
        self.events.queue.push_back((event.into(), cause));
    }

    /// Writes what is on its way.
    pub(crate) fn write_events(&mut self, log: &mut StepLog) {
        while let Some((event, cause)) = self.events.queue.pop_front() {
            let write = if event.action.is_empty() {
                self.events.correlator.correlate(&event, self.now)
            } else {
                self.events.series.record(&event, self.now)
            };
            self.write_event(event.source, write, cause, log);
        }
        self.look_at_series_later();
    }

    /// A refusal (say, the namespace is gone) loses the event, as upstream.
    fn write_event(&mut self, source: &str, write: EventWrite, cause: RecordId, log: &mut StepLog) {
        let actor = Actor::component(source);
        let request = match write {
            EventWrite::Create(object) => Request::create(&actor, object),
            EventWrite::Count(object) | EventWrite::Series(object)
                if self.api.store().get(&object.key()).is_none() =>
            {
                Request::create(&actor, object)
            }
            EventWrite::Count(object) => {
                let patch = json!({
                    "count": object.field("count"), "message": object.field("message"),
                    "lastTimestamp": object.field("lastTimestamp"),
                });
                Request::patch(&actor, object.key(), Patch::Merge(patch), Subresource::None)
            }
            EventWrite::Series(object) => {
                let patch = json!({ "series": object.field("series") });
                Request::patch(&actor, object.key(), Patch::Merge(patch), Subresource::None)
            }
            EventWrite::Dropped => return,
        };
        let _ = self.request(&request, cause, log);
    }

    /// Series are looked at in steps of [`FINISH`] from the cluster's start, if there are any.
    fn look_at_series_later(&mut self) {
        if self.events.series.is_idle() || self.events.looks_at_series {
            return;
        }
        let passed = self.now.since(self.config.start).as_secs() / FINISH.as_secs();
        let next = Duration::from_secs((passed + 1) * FINISH.as_secs());
        self.agenda.put(self.config.start + next, Due::EventSeries);
        self.events.looks_at_series = true;
    }

    /// Ends the series that have ended; now and then writes how far the others have come.
    pub(crate) fn look_at_series(&mut self, log: &mut StepLog) {
        self.events.looks_at_series = false;
        let mut writes = Vec::new();
        if self.now.since(self.config.start).as_secs().is_multiple_of(REFRESH.as_secs()) {
            writes = self.events.series.refresh();
        }
        writes.extend(self.events.series.finish(self.now));
        for write in writes {
            if let EventWrite::Series(object) = &write {
                let source = object.field("reportingComponent").as_str().unwrap_or_default().to_owned();
                self.write_event(&source, write, 0, log);
            }
        }
        self.look_at_series_later();
    }

    /// Remembers when a new Event has lived long enough.
    pub(crate) fn expire_events_of(&mut self, change: &Rc<Change>) {
        if change.key.kind == Kind::Event && change.is_create() {
            self.agenda.put(self.now + limits::EVENT_TTL, Due::ExpireEvent(change.key.clone()));
        }
    }

    pub(crate) fn expire_event(&mut self, key: Key, log: &mut StepLog) {
        // A later count renews the lease, as each write to etcd does.
        let Some(event) = self.api.store().get(&key) else { return };
        let last = last_written(event).unwrap_or(self.now);
        if last + limits::EVENT_TTL > self.now {
            self.agenda.put(last + limits::EVENT_TTL, Due::ExpireEvent(key));
            return;
        }
        let actor = Actor::component("etcd");
        let _ = self.request(&Request::delete(&actor, key, DeleteOptions::default()), 0, log);
    }
}

/// When an Event was last written, as far as it says.
fn last_written(event: &Object) -> Option<Time> {
    let plain = event.field("lastTimestamp").as_str().unwrap_or_default();
    let repeated = [plain, event.field("series").str_at(&["lastObservedTime"])];
    let repeated = repeated.into_iter().filter_map(Time::parse_rfc3339);
    repeated.chain(event.metadata.creation_timestamp).max()
}
