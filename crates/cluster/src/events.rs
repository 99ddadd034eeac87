//! Events are written a little later, by a broadcaster of their own: nobody waits for them.

use std::collections::VecDeque;
use std::rc::Rc;

use api::{Key, Kind};
use apiserver::{Actor, Change, DeleteOptions, Patch, Request, Subresource};
use client::recorder::EventWrite;
use client::{EventCorrelator, EventSpec};
use serde_json::json;

use crate::agenda::Due;
use crate::cluster::{Cluster, StepLog};
use crate::limits;
use crate::record::RecordId;

/// Events on their way.
#[derive(Debug, Clone, Default)]
pub struct EventSink {
    correlator: EventCorrelator,
    queue: VecDeque<(EventSpec, RecordId)>,
}

impl Cluster {
    /// Sends an event; `cause` is the record that it tells of.
    pub(crate) fn emit(&mut self, event: EventSpec, cause: RecordId) {
        if self.events.queue.is_empty() {
            let at = self.now + self.config.request_latency.draw(&mut self.latency);
            self.agenda.put(at, Due::Events);
        }
        self.events.queue.push_back((event, cause));
    }

    /// Writes what is on its way.
    pub(crate) fn write_events(&mut self, log: &mut StepLog) {
        while let Some((event, cause)) = self.events.queue.pop_front() {
            let actor = Actor::component(event.source);
            let request = match self.events.correlator.correlate(&event, self.now) {
                EventWrite::Create(object) => Request::create(&actor, object),
                EventWrite::Count { namespace, name, count, message, last } => {
                    let patch = json!({
                        "count": count, "message": message, "lastTimestamp": last.rfc3339(),
                    });
                    let key = Key::new(Kind::Event, namespace, name);
                    Request::patch(&actor, key, Patch::Merge(patch), Subresource::None)
                }
                EventWrite::Dropped => continue,
            };
            // A refusal (say, the namespace is gone) loses the event, as upstream.
            let _ = self.request(&request, cause, log);
        }
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
        let last = event
            .field("lastTimestamp")
            .as_str()
            .and_then(apimachinery::Time::parse_rfc3339)
            .unwrap_or(self.now);
        if last + limits::EVENT_TTL > self.now {
            self.agenda.put(last + limits::EVENT_TTL, Due::ExpireEvent(key));
            return;
        }
        let actor = Actor::component("etcd");
        let _ = self.request(&Request::delete(&actor, key, DeleteOptions::default()), 0, log);
    }
}
