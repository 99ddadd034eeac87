//! A branch: a run that was left, played or only written down.

use std::rc::Rc;

use crate::act::Deed;
use crate::run::Run;

/// A run, as far as it is played, and the deeds that are still to be played.
#[derive(Debug, Clone, Default)]
pub struct Branch {
    /// What it is called: its first deed after it left another run.
    pub name: String,
    /// Where it left another run, in microseconds since 0:00.
    pub forked_at: i64,
    /// The run, if it is played.
    pub(crate) run: Option<Run>,
    /// Deeds that are still to be played.
    pub(crate) deeds: Vec<Rc<Deed>>,
    /// How far it goes, in microseconds since 0:00.
    pub(crate) until: i64,
}

impl Branch {
    /// All its deeds, in order.
    pub(crate) fn all_deeds(&self) -> impl Iterator<Item = &Rc<Deed>> {
        self.run.iter().flat_map(Run::deeds).chain(&self.deeds)
    }

    /// The name of a run that was left at a moment: what was done first after it.
    pub(crate) fn name_of<'d>(deeds: impl Iterator<Item = &'d Rc<Deed>>, forked_at: i64) -> String {
        let mut after = deeds.filter(|deed| deed.at_micros >= forked_at);
        after.find_map(|deed| Some(deed.act.title()).filter(|title| !title.is_empty())).unwrap_or_default()
    }
}
