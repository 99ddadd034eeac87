//! What happened, who did it, why, and because of what.

use std::rc::Rc;

use api::{Key, Object};
use apimachinery::{Status, Time};
use apiserver::{Actor, Change};
use client::SharedReason;

use crate::input::Fault;

/// The place of a record in a cluster's life, from 1; 0 stands for "the beginning".
pub type RecordId = u64;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its place.
    pub id: RecordId,
    /// When.
    pub at: Time,
    /// Who.
    pub actor: Actor,
    /// What.
    pub what: What,
    /// The record that led to it; 0 if none did.
    pub cause: RecordId,
}

/// What a record says.
#[derive(Debug, Clone)]
pub enum What {
    /// Somebody asked the API server.
    Requested {
        /// `POST`, `PATCH`, ….
        verb: &'static str,
        /// About what.
        key: Key,
        /// The subresource or content, for people: `status`, `scale`, or empty.
        part: &'static str,
        /// The object afterwards, or the refusal.
        result: Result<Option<Rc<Object>>, Status>,
        /// The changes it made, in order.
        changes: Vec<Rc<Change>>,
    },
    /// A component decided, or found that it has to wait.
    Decided {
        /// About what.
        key: Key,
        /// Why.
        reason: SharedReason,
    },
    /// A turn ended badly and is repeated after its back-off.
    Failed {
        /// About what.
        key: Key,
        /// What stood in the way.
        message: String,
    },
    /// A fault of the world.
    Fault(Fault),
}

impl Record {
    /// A text that two runs of the same inputs must agree on.
    pub fn fingerprint(&self) -> String {
        let what = match &self.what {
            What::Requested { verb, key, part, result, changes } => {
                let result = match result {
                    Ok(object) => object.as_ref().map_or(0, |o| o.metadata.resource_version).to_string(),
                    Err(status) => status.message.clone(),
                };
                format!("{verb} {key} {part} {result} {}", changes.len())
            }
            What::Decided { key, reason } => format!("{key} {reason:?}"),
            What::Failed { key, message } => format!("{key} failed: {message}"),
            What::Fault(fault) => format!("{fault:?}"),
        };
        format!("{} {} {} <-{} {what}", self.id, self.at.as_micros(), self.actor, self.cause)
    }
}
