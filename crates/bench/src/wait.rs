//! What a person waits for: each of these runs between two frames of the page.

use std::time::Duration;

use apimachinery::Time;
use apiserver::Actor;
use cluster::Cluster;
use scene::Story;
use session::examples::NOTE_003;
use session::{Run, diagnose, laboratory};

use crate::clock::{Stopwatch, best};
use crate::measure::NODES;
use crate::scenario::{self, Scenario};

/// Pods that are not Ready by then never are.
const LIMIT: Duration = Duration::from_mins(10);

/// One line of the report.
#[derive(Debug)]
pub struct Line {
    /// What is measured.
    pub what: String,
    /// How long it takes.
    pub took: Duration,
}

fn line(what: impl Into<String>, took: Duration) -> Line {
    Line { what: what.into(), took }
}

/// Everything, small things first.
pub fn all(full: &Cluster) -> Vec<Line> {
    let mut lines = vec![line("marks under note 003 in the editor", marks())];
    for pods in [3, 1000] {
        let scenario = Scenario::plain(pods);
        let Some(finished) = scenario::run(Cluster::new(scenario::config(NODES)), scenario) else { continue };
        lines.push(line(
            format!("scene of {pods} Pods"),
            best(10, || scene::build(&finished.cluster, &Story::default())),
        ));
    }
    lines.push(line("checkpoint with 1000 Pods (clone)", best(20, || full.clone())));
    for pods in [3, 100, 1000] {
        lines.extend(through_time(pods));
    }
    lines
}

/// Looking at note 003 as somebody types.
fn marks() -> Duration {
    let cluster = Cluster::new(laboratory());
    let (_, text) = NOTE_003.files.first().copied().unwrap_or_default();
    best(100, || diagnose::diagnose(text, &cluster, &Actor::user()))
}

/// A session with checkpoints, and seeks into its past.
fn through_time(pods: u32) -> Vec<Line> {
    let mut run = Run::new(scenario::config(NODES));
    let watch = Stopwatch::start();
    for manifest in scenario::manifests(Scenario::plain(pods)) {
        let made = run.request(scenario::creation(manifest));
        assert!(made.is_ok(), "{made:?}");
    }
    let limit = run.origin() + LIMIT;
    while scenario::ready(run.head()) < i64::from(pods) && run.head().now() < limit {
        run.run_moment(limit);
    }
    let played = line(format!("session until {pods} Pods are Ready, with checkpoints"), watch.elapsed());
    let (from, to) = (run.origin(), run.head().now());
    let span = to.micros_since(from);
    let seek = |tenth: i64| {
        let micros = u64::try_from(span * tenth / 10).unwrap_or(0);
        let moment: Time = from + Duration::from_micros(micros);
        best(3, || run.at(moment))
    };
    let (total, worst) = (1..10)
        .map(seek)
        .fold((Duration::ZERO, Duration::ZERO), |(sum, most), took| (sum + took, most.max(took)));
    vec![
        played,
        line(format!("seek, {pods} Pods, mean of nine moments"), total / 9),
        line(format!("seek, {pods} Pods, slowest of them"), worst),
    ]
}
