//! The panes on the left: how large a person has made them, and whether long lines of the terminal are wrapped. The
//! browser keeps it.

use crate::effect::{Effect, Effects, Pane, Stored};
use crate::model::Model;

/// What happens to the panes.
#[derive(Debug, Clone, PartialEq)]
pub enum PanesAction {
    /// One is to have this size, in CSS pixels.
    Size(Pane, f64),
    /// It is let go: the size is kept.
    Let,
    /// Long lines of the terminal are wrapped, or are not any more.
    Wrap,
}

impl PanesAction {
    /// Whether it needs a cluster.
    pub const fn needs_engine(&self) -> bool {
        match self {
            Self::Size(..) | Self::Let | Self::Wrap => false,
        }
    }
}

/// What the region remembers.
#[derive(Debug)]
pub struct State {
    /// The width of the left side, in CSS pixels, if a person chose one.
    pub left: Option<f64>,
    /// The height of the terminal, in CSS pixels, if a person chose one.
    pub lower: Option<f64>,
    /// Whether long lines of the terminal are wrapped, as terminals do.
    pub wraps: bool,
}

impl Default for State {
    fn default() -> Self {
        Self { left: None, lower: None, wraps: true }
    }
}

/// Does it.
pub fn update(model: &mut Model, action: PanesAction, effects: &mut Effects) {
    match action {
        PanesAction::Size(pane, px) => {
            let (least, most) = pane.limits();
            let px = px.clamp(least, most).round();
            match pane {
                Pane::Left => model.panes.left = Some(px),
                Pane::Lower => model.panes.lower = Some(px),
            }
            effects.push(Effect::PaneSize(pane, px));
        }
        PanesAction::Let => keep(model, effects),
        PanesAction::Wrap => {
            model.panes.wraps = !model.panes.wraps;
            keep(model, effects);
        }
    }
}

/// The panes as they are kept: width of the left side, height of the terminal, whether lines are wrapped.
type KeptPanes = (Option<f64>, Option<f64>, bool);

fn keep(model: &Model, effects: &mut Effects) {
    let State { left, lower, wraps } = &model.panes;
    let kept: KeptPanes = (*left, *lower, *wraps);
    effects.push(Effect::Keep(Stored::Panes, serde_json::to_string(&kept).unwrap_or_default()));
}

/// Makes the panes as an earlier visit has left them.
pub fn restore(model: &mut Model, kept: &str, effects: &mut Effects) {
    let Ok((left, lower, wraps)) = serde_json::from_str::<KeptPanes>(kept) else { return };
    for (pane, px) in [(Pane::Left, left), (Pane::Lower, lower)] {
        if let Some(px) = px.filter(|px| px.is_finite()) {
            update(model, PanesAction::Size(pane, px), effects);
        }
    }
    model.panes.wraps = wraps;
}
