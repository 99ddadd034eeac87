//! What doing a due thing reads and writes: for whoever wants to know whether two of them can change places without
//! anybody seeing a difference, but for what comes in the order of the writes (resource versions, UIDs).
//!
//! Nobody reads Events, and which of two comes first is seen in nothing else; quotas, which make two creations
//! depend on each other, are left out: where they are, every order is another one.

use api::{Key, Kind};
use apiserver::Request;

use crate::agenda::Due;
use crate::cluster::Cluster;

/// Whose state it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// A whole process: its caches, and the queues of all that is in it.
    Process(usize),
    /// One controller in a process.
    Controller(usize, usize),
    /// One agent in a process.
    Agent(usize, usize),
    /// Who writes Events.
    Events,
}

impl Whose {
    fn shares_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Process(one), Self::Process(two) | Self::Controller(_, two) | Self::Agent(_, two))
            | (Self::Controller(_, one) | Self::Agent(_, one), Self::Process(two)) => one == two,
            _ => self == other,
        }
    }
}

/// What a due thing touches.
#[derive(Debug, Clone)]
pub struct Reach {
    whose: Whose,
    /// The kind whose changes a process hears of.
    hears: Option<Kind>,
    /// The objects that the API server is asked about.
    asks: Vec<Key>,
}

impl Reach {
    /// Whether the two come to the same in either order.
    pub fn is_independent_of(&self, other: &Self) -> bool {
        let hears = |one: &Self, two: &Self| {
            one.hears.is_some_and(|kind| two.asks.iter().any(|key| key.kind == kind))
        };
        // A request without a name is about any object of its kind.
        let meet = |one: &Key, two: &Key| {
            one.kind == two.kind
                && (one.name == two.name || one.name.is_empty() || two.name.is_empty())
                && one.namespace == two.namespace
        };
        let share = self.asks.iter().any(|one| other.asks.iter().any(|two| meet(one, two)));
        !self.whose.shares_with(other.whose) && !hears(self, other) && !hears(other, self) && !share
    }
}

impl Cluster {
    /// What is due at the earliest moment: its place in the agenda, which it keeps until it is done, and what
    /// doing it touches.
    pub fn due_together(&self) -> Vec<(u64, Reach)> {
        self.agenda.together().map(|(place, due)| (place, self.reach(due))).collect()
    }

    fn reach(&self, due: &Due) -> Reach {
        let (whose, hears, asks) = match due {
            Due::Deliver { process, kind } => (Whose::Process(*process), Some(*kind), Vec::new()),
            Due::Work { controller } | Due::Answer { controller, .. } => {
                (self.controller(*controller), None, Vec::new())
            }
            Due::Ask { controller, requests, .. } => {
                let keys = requests.iter().map(|request: &Request| request.key.clone());
                (self.controller(*controller), None, keys.collect())
            }
            Due::Agent { agent } => (self.agent(*agent), None, Vec::new()),
            Due::AgentAsk { agent, request, .. } => (self.agent(*agent), None, vec![request.key.clone()]),
            Due::Events | Due::EventSeries | Due::ExpireEvent(_) => (Whose::Events, None, Vec::new()),
        };
        Reach { whose, hears, asks }
    }

    fn controller(&self, at: usize) -> Whose {
        Whose::Controller(at, self.controllers.get(at).map_or(usize::MAX, |controller| controller.process))
    }

    fn agent(&self, at: usize) -> Whose {
        Whose::Agent(at, self.agents.get(at).map_or(usize::MAX, |agent| agent.process))
    }
}
