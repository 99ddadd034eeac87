//! A run at a moment, and who said what about an object last.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::{Lang, Time};
use apiserver::Store;
use client::{Cursors, Seen, SharedReason};
use cluster::{Cluster, Record};

use crate::decisions::decision;
use crate::names;
use crate::present::Present;
use crate::run::Run;

/// So many of the last decisions about an object are looked at for one that still holds.
const LOOK_BACK: usize = 64;

/// A run at a moment.
pub(super) struct View<'v> {
    pub(super) run: &'v Run,
    pub(super) present: &'v Present,
    pub(super) now: Time,
    pub(super) lang: Lang,
    cursors: &'v Cursors,
}

/// A reason, and the record of when it was given, if there is one.
#[derive(Debug, Clone)]
pub(super) struct Said<'v> {
    pub(super) reason: SharedReason,
    pub(super) record: Option<&'v Record>,
}

impl Said<'_> {
    /// What nobody has said, but what can be seen.
    pub(super) fn seen(reason: impl client::Reason + 'static) -> Self {
        Self { reason: Rc::new(reason), record: None }
    }

    /// Whether it says what keeps something from being as it was asked for.
    pub(super) fn is_obstacle(&self) -> bool {
        self.reason.waits_for().is_some() || self.reason.outlook() != client::Outlook::Passes
    }
}

impl Said<'_> {
    /// Whether it does not pass by itself.
    pub(super) fn is_lasting(&self) -> bool {
        self.reason.outlook() != client::Outlook::Passes
    }
}

impl<'v> View<'v> {
    /// Looks at a run as it was at `now`.
    pub(super) fn with<T>(
        run: &Run,
        now: Time,
        lang: Lang,
        look: impl FnOnce(&View<'_>) -> Option<T>,
    ) -> Option<T> {
        let again;
        let present = if run.shown().now() == now {
            run.shown()
        } else if run.present().now() <= now {
            run.present()
        } else {
            again = run.at(now);
            &again
        };
        let revision = present.cluster().store().revision();
        let cursors = Cursors::at(Kind::ALL, revision);
        look(&View { run, present, now, lang, cursors: &cursors })
    }

    pub(super) fn cluster(&self) -> &'v Cluster {
        self.present.cluster()
    }

    pub(super) fn store(&self) -> &'v Store {
        self.cluster().store()
    }

    /// Everything, as it is in the store.
    pub(super) fn everything(&self) -> Seen<'v> {
        Seen::new(self.store(), self.cursors)
    }

    pub(super) fn object(&self, key: &Key) -> Option<&'v Rc<Object>> {
        self.store().get(key)
    }

    /// The decisions about an object, newest first, as far as they are worth looking at.
    pub(super) fn decisions(&self, key: &Key) -> impl Iterator<Item = Said<'v>> + use<'v> {
        let run = self.run;
        let found = run.decisions().about(key, run.records(), self.now).take(LOOK_BACK);
        let said: Vec<Said<'v>> = found.filter_map(said).collect();
        said.into_iter()
    }

    /// The newest decision that was made when `key` was looked at.
    pub(super) fn looking_at(&self, key: &Key) -> Option<Said<'v>> {
        let run = self.run;
        run.decisions().looking_at(key, run.records(), self.now).find_map(said)
    }

    /// Why a name does not resolve that was looked up just now.
    pub(super) fn unresolved(&self) -> Option<Said<'v>> {
        let reason = names::explain(self.cluster(), self.present.unresolved()?)?;
        Some(Said { reason, record: None })
    }

    /// When a controller looks at an object again if nothing changes before.
    pub(super) fn next_look(&self, controller: &str, key: &Key) -> Option<String> {
        let at = self.cluster().next_look(controller, key).filter(|at| *at >= self.now)?;
        Some(self.clock(at))
    }

    /// A moment as the page shows it: minutes, seconds and a tenth since 0:00.
    pub(super) fn clock(&self, moment: Time) -> String {
        let tenths = moment.micros_since(self.run.origin()).max(0) / 100_000;
        format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
    }
}

fn said(record: &Record) -> Option<Said<'_>> {
    decision(record).map(|(_, reason)| Said { reason: Rc::clone(reason), record: Some(record) })
}
