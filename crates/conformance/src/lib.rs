//! Recordings of a real Kubernetes, played on a cluster of this engine and compared.
//!
//! A recording says what was done to a real control plane, or to a real kubelet, and everything that was
//! read afterwards. [`read`] reads its text, of either kind and form; [`play`] does the same things to a
//! cluster, at the same moments, and says step by step what came out otherwise. Nothing here reads files or
//! starts threads, so the same player runs in a test, as a command (`main.rs`), and in a page.
//!
//! Read in this order: [`recording`] is what was recorded; [`stage`] is the cluster on which it is played;
//! [`control_plane`] plays recordings without kubelets, with [`kubelet`] for the
//! script that stands for them and [`dns`] for cluster DNS; [`observed`] and [`snapshot`] are what is read
//! afterwards; [`names`] and [`text`] write placeholders for what is chance; [`compare`], [`repeats`],
//! [`report`] and [`known`] are as their names say, and [`area`] what a recording is about. [`node`] plays
//! recordings of a real kubelet, and [`course`] compares how Pods and Events went.

pub mod area;
pub mod compare;
pub mod control_plane;
pub mod course;
pub mod difference;
pub mod dns;
pub mod known;
pub mod kubelet;
pub mod names;
pub mod node;
pub mod observed;
pub mod recording;
pub mod repeats;
pub mod report;
pub mod snapshot;
pub mod stage;
pub mod text;

use apimachinery::Time;
use serde_json::Value;
use session::Run;

pub use difference::Difference;
pub use recording::{Recording, Step, read};
pub use stage::Chance;

/// What came of playing a recording.
#[derive(Debug, Default)]
pub struct Played {
    /// The differences of each step. A recording of a node has one entry more, for the course of it all.
    pub steps: Vec<Vec<Difference>>,
    /// When each step began.
    pub begins: Vec<Time>,
    /// All objects at rest after each step, with names in place of what is chance. A recording of a node has
    /// none.
    pub states: Vec<Value>,
    /// Everything that happened, to be shown at any of these moments.
    pub run: Option<Run>,
}

impl Played {
    /// Whether a step differs.
    pub fn differs(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|found| !found.is_empty())
    }

    /// The steps that differ.
    pub fn differing(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().enumerate().filter(|(_, found)| !found.is_empty()).map(|(at, _)| at)
    }
}

/// Plays a recording.
pub fn play(recording: &Recording, chance: Chance) -> Played {
    match &recording.course {
        Some(course) => node::play(recording, course, chance),
        None => control_plane::play(recording, chance),
    }
}
