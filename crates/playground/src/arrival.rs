//! The program's parts as they arrive, and what waits for them.

use session::Deed;
use yew::Context;

use crate::action::Action;
use crate::app::App;
use crate::platform::engine::{self, Part, When};
use crate::platform::storage;
use crate::prompt::Prompt;

/// Actions that wait, at most.
const WAITING_MAX: usize = 50;

/// What has arrived, and what waits.
#[derive(Debug, Default)]
pub(crate) struct Arrival {
    /// The last part that is here.
    here: Option<Part>,
    /// In order.
    waiting: Vec<Action>,
    /// The part that did not arrive, and why.
    pub(crate) failed: Option<(Part, String)>,
}

impl App {
    /// Keeps an action until what it needs is here; whether it was kept.
    pub(crate) fn is_kept_waiting(&mut self, action: &Action, ctx: &Context<Self>) -> bool {
        let Some(part) = action.needs().filter(|part| !self.has(*part)) else { return false };
        if matches!(action, Action::Command(_)) {
            self.prompt = Prompt::default();
        }
        if self.arrival.waiting.len() < WAITING_MAX {
            self.arrival.waiting.push(action.clone());
        }
        fetch(part, When::Now, ctx);
        true
    }

    /// Whether a part is here, and in it a cluster.
    fn has(&self, part: Part) -> bool {
        self.arrival.here >= Some(part) && !self.session.is_vacant()
    }

    /// Starts the cluster as soon as what it begins with is here, and does what has waited.
    pub(crate) fn arrived(&mut self, part: Part, outcome: Result<(), String>, ctx: &Context<Self>) {
        if let Err(reason) = outcome {
            self.arrival.failed = Some((part, reason));
            return;
        }
        self.arrival.here = self.arrival.here.max(Some(part));
        self.arrival.failed.take_if(|(failed, _)| *failed <= part);
        let begins_with = self.begins_with();
        if self.arrival.here < Some(begins_with) {
            fetch(begins_with, When::Now, ctx);
            return;
        }
        if self.session.is_vacant() {
            self.start();
            self.fetch_recordings(ctx);
            fetch(Part::Commands, When::Idle, ctx);
        }
        for action in std::mem::take(&mut self.arrival.waiting) {
            self.act(action, ctx);
        }
    }

    pub(crate) fn fetch_again(&mut self, part: Part, ctx: &Context<Self>) {
        self.arrival.failed = None;
        fetch(part, When::Now, ctx);
    }

    /// What an earlier visit did may be commands, and a recording needs its player.
    fn begins_with(&self) -> Part {
        type Past = (Vec<Deed>, Vec<(i64, Vec<Deed>)>, i64);
        if self.visit.is_some() {
            return Part::Recordings;
        }
        let past = storage::kept::<Past>("session").unwrap_or_default();
        if past.0.is_empty() && past.1.is_empty() { Part::Engine } else { Part::Commands }
    }
}

/// Fetches a part.
pub(crate) fn fetch(part: Part, when: When, ctx: &Context<App>) {
    engine::fetch(part, when, ctx.link().callback(move |outcome| Action::Arrived(part, outcome)));
}
