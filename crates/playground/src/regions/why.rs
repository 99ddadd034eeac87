//! The Why panel: what can be done with the selected object.

use session::offers::Way;

use crate::effect::Effects;
use crate::model::Model;
use crate::regions::{TerminalAction, spaces, terminal, time};

/// What happens in the panel.
#[derive(Debug, Clone, PartialEq)]
pub enum WhyAction {
    /// An offer is taken.
    Take(Way),
}

impl WhyAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Take(_) => true,
        }
    }
}

/// Does it.
pub fn update(model: &mut Model, action: WhyAction, effects: &mut Effects) {
    match action {
        WhyAction::Take(Way::Command(line)) => {
            terminal::update(model, TerminalAction::Command(line), effects);
        }
        WhyAction::Take(Way::Fault(fault, text)) => {
            model.before_deed();
            if let Err(refusal) = model.session.fault(fault, &text) {
                model.page.announcement = refusal.sentence(model.page.lang);
                model.faults.refused = Some(refusal);
                return;
            }
            spaces::keep(model, effects);
            time::go_on(model, effects);
        }
    }
}
