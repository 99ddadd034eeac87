//! One pass of a controller's `sync`, from its start as far as the answers reach.

use std::cell::RefCell;

use api::Key;
use apiserver::{Request, Store};

use crate::controller::Controller;
use crate::memory::Memory;
use crate::outcome::{Halt, Outcome};
use crate::reason::SharedReason;
use crate::recorder::EventSpec;
use crate::turn::Attempt;

/// How far a pass of `sync` came.
#[derive(Debug)]
pub enum Progress {
    /// These requests go out at the same time; the answers are to be handed to [`Attempt::answer`].
    Asks(Vec<Request>),
    /// The decision is complete.
    Ends(Outcome),
}

/// A pass's progress, with the events and reasons that are new since the last one.
#[derive(Debug)]
pub struct Pass {
    /// How far it came.
    pub progress: Progress,
    /// Events to send.
    pub events: Vec<EventSpec>,
    /// Reasons given.
    pub reasons: Vec<SharedReason>,
    /// Other keys to look at, if the decision is complete.
    pub wakes: Vec<Key>,
}

impl Attempt {
    /// Runs `sync` as far as the answers reach.
    pub fn run(&mut self, controller: &dyn Controller, store: &Store, memory: &RefCell<Memory>) -> Pass {
        let mut turn = self.turn(controller.name(), store, memory);
        let result = controller.sync(&self.key, &mut turn);
        let mut said = turn.into_said();
        self.note(&mut said);
        let progress = match result {
            Ok(outcome) => Progress::Ends(outcome),
            Err(Halt::Failed(status)) => Progress::Ends(Outcome::Failed(status.message)),
            Err(Halt::Suspended) => Progress::Asks(said.asks),
        };
        Pass { progress, events: said.events, reasons: said.reasons, wakes: said.wakes }
    }
}
