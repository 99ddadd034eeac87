//! What is due, in the order of time; things due at the same moment keep the order in which they
//! were put here.

use std::rc::Rc;

use api::{Key, Kind};
use apimachinery::Time;
use apimachinery::sorted::SharedMap;
use apiserver::{Answer, Request};

use crate::record::RecordId;

/// Something that is due at a moment.
#[derive(Debug, Clone)]
pub enum Due {
    /// A process hears of the changes of a kind.
    Deliver {
        /// Which process.
        process: usize,
        /// Which kind.
        kind: Kind,
    },
    /// A controller has due keys, or delayed ones that have become due.
    Work {
        /// Which controller.
        controller: usize,
    },
    /// The requests of a decision in flight reach the API server.
    Ask {
        /// Which controller.
        controller: usize,
        /// The key of the attempt.
        key: Key,
        /// What it asks.
        requests: Rc<Vec<Request>>,
    },
    /// The answers to them are back.
    Answer {
        /// Which controller.
        controller: usize,
        /// The key of the attempt.
        key: Key,
        /// In the order of the requests.
        answers: Rc<Vec<Answer>>,
    },
    /// An agent wants to act.
    Agent {
        /// Which agent.
        agent: usize,
    },
    /// An agent's request reaches the API server.
    AgentAsk {
        /// Which agent.
        agent: usize,
        /// The agent's tag.
        tag: u64,
        /// What it asks.
        request: Rc<Request>,
        /// What led to it.
        cause: RecordId,
    },
    /// Events are written.
    Events,
    /// Series of equal Events may have ended.
    EventSeries,
    /// An Event has lived long enough.
    ExpireEvent(Key),
}

/// The due things.
#[derive(Debug, Clone, Default)]
pub struct Agenda {
    items: SharedMap<(Time, u64), Due>,
    sequence: u64,
}

impl Agenda {
    /// Puts something down for a moment; returns its handle.
    pub fn put(&mut self, at: Time, due: Due) -> (Time, u64) {
        self.sequence += 1;
        self.items.insert((at, self.sequence), due);
        (at, self.sequence)
    }

    /// Takes something back.
    pub fn cancel(&mut self, handle: (Time, u64)) {
        self.items.remove(&handle);
    }

    /// Nobody waits any longer for what a controller has asked.
    pub fn drop_requests_of(&mut self, dead: usize) {
        self.items.retain(|_, due| match due {
            Due::Ask { controller, .. } | Due::Answer { controller, .. } => *controller != dead,
            _ => true,
        });
    }

    /// Nobody waits any longer for what an agent has asked.
    pub fn drop_requests_of_agent(&mut self, dead: usize) {
        self.items.retain(|_, due| !matches!(due, Due::AgentAsk { agent, .. } if *agent == dead));
    }

    /// When the next thing is due.
    pub fn next_due(&self) -> Option<Time> {
        self.items.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next thing.
    pub fn take(&mut self) -> Option<(Time, Due)> {
        self.items.pop_first().map(|((at, _), due)| (at, due))
    }

    /// The things due at the earliest moment, with the places that they keep until they are done.
    pub fn together(&self) -> impl Iterator<Item = (u64, &Due)> {
        let at = self.next_due();
        let first = self.items.iter().take_while(move |((moment, _), _)| Some(*moment) == at);
        first.map(|((_, place), due)| (*place, due))
    }

    /// Takes the `index`-th of the things due at the earliest moment.
    pub fn take_nth(&mut self, index: usize) -> Option<(Time, Due)> {
        let (handle, _) = self.items.iter().nth(index)?;
        let handle = *handle;
        self.items.remove(&handle).map(|due| (handle.0, due))
    }

    /// Everything due, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Time, &Due)> {
        self.items.iter().map(|((at, _), due)| (*at, due))
    }
}
