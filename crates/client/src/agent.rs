//! The shape of a component that keeps state outside the API: a kubelet with its containers, a
//! provisioner with its disks.

use api::{Key, Kind};
use apimachinery::Time;
use apiserver::{Answer, Change, Request};

use crate::reason::SharedReason;
use crate::recorder::EventSpec;
use crate::seen::Seen;

/// Something that an agent does.
#[derive(Debug)]
pub enum Effect {
    /// Asks the API server; the answer comes back through [`Agent::answered`] with this tag.
    Request {
        /// A number that the agent chooses.
        tag: u64,
        /// What is asked.
        request: Request,
    },
    /// Emits an event.
    Event(EventSpec),
    /// Says why, about an object.
    Because(Key, SharedReason),
    /// Writes to the disk of a PersistentVolume: the laboratory's visible data.
    WriteDisk {
        /// The PersistentVolume's name.
        volume: String,
        /// The file below the volume's root: `index.html`.
        file: String,
        /// The bytes to append, as text.
        text: String,
        /// The Pod that writes.
        writer: String,
        /// The Pod's `controller-revision-hash`, or empty.
        revision: String,
    },
}

/// A component with state of its own. Its state is part of the cluster value: it is cloned and
/// replayed with it.
pub trait Agent {
    /// The name that events carry as their source component: `kubelet`.
    fn name(&self) -> &'static str;

    /// The kinds whose changes it sees.
    fn watches(&self) -> &'static [Kind];

    /// Notes a change that has arrived; returns whether it wants to act on it: then [`Agent::act`] is called
    /// right afterwards.
    fn observe(&mut self, change: &Change, seen: &Seen<'_>, now: Time) -> bool;

    /// When it wants to act next without a change, if ever.
    fn next_due(&self) -> Option<Time>;

    /// Does what is due at `now`.
    fn act(&mut self, now: Time, seen: &Seen<'_>) -> Vec<Effect>;

    /// Takes the answer to an earlier request; [`Agent::act`] is called right afterwards.
    fn answered(&mut self, tag: u64, answer: &Answer, now: Time);
}
