//! `bench`: every number of this crate, natively, in one run. See the library's first lines for what they
//! mean. It ends with a failure if a bound that the project has set itself is broken: the cost of a thousand
//! Pods and how it grows.

// Printing is what it is for, and what is measured may be asked for.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::process::ExitCode;
use std::time::Duration;

use bench::clock::Stopwatch;
use bench::scenario::{self, Finished, SIZES};
use bench::{scale, wait};
use cluster::Cluster;

/// A thousand Pods are Ready within so much time of a processor.
const BOUND: Duration = Duration::from_secs(1);
/// A Pod among a thousand costs at most so much more than one among a hundred.
const RATIO_BOUND: f64 = 1.5;
/// Runs of each size; the best counts.
const RUNS: u32 = 3;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("scale") => {
            scales();
            return ExitCode::SUCCESS;
        }
        Some("pasted") => {
            pasted();
            return ExitCode::SUCCESS;
        }
        Some("hours") => {
            hours();
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    println!("One set in Parallel mode with its headless Service, ten nodes, until all Pods are Ready");
    println!("{:>8} {:>12} {:>12} {:>10} {:>10}", "Pods", "ms", "µs per Pod", "steps", "requests");
    let mut costs = Vec::new();
    let mut full = None;
    for pods in SIZES {
        let Some((took, finished)) = best_of_size(pods) else {
            println!("{pods} Pods did not become Ready");
            return ExitCode::FAILURE;
        };
        let each = took.as_secs_f64() * 1e6 / f64::from(pods);
        let millis = took.as_secs_f64() * 1e3;
        println!("{pods:>8} {millis:>12.1} {each:>12.1} {:>10} {:>10}", finished.steps, finished.requests());
        costs.push((took, each));
        full = Some(finished.cluster);
    }
    let kept = match (costs.first(), costs.last()) {
        (Some((_, small)), Some((took, large))) => {
            let ratio = large / small;
            println!("\ncost of a Pod at 1000 to that at 100: {ratio:.2} (bound {RATIO_BOUND})");
            println!("1000 Pods: {:.2} s (bound {} s)\n", took.as_secs_f64(), BOUND.as_secs());
            ratio <= RATIO_BOUND && *took <= BOUND
        }
        _ => false,
    };
    for line in full.iter().flat_map(wait::all) {
        println!("{:>10.3} ms  {}", line.took.as_secs_f64() * 1e3, line.what);
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What long times leave behind: `cargo xtask bench hours`.
fn hours() {
    println!("MB that a session has grown by, and its records and changes, hour by hour");
    for (busy, what) in [(false, "an idle set"), (true, "30 Pods that crash")] {
        for hour in scale::growth(busy, 6) {
            println!("{what:>30} {:>6} MB {:?}", hour.megabytes, hour.kept);
        }
    }
}

/// What long texts cost, at three sizes that double: `cargo xtask bench pasted`.
fn pasted() {
    println!(
        "A pasted text of 0.45, 0.9 and 1.8 MB: ms until it is underlined, and until its apply is answered"
    );
    for (what, make) in scale::PASTED {
        for bytes in [450_000, 900_000, 1_800_000] {
            let (marked, applied) = scale::pasted(make, bytes);
            let [marked, applied] = [marked, applied].map(|took| took.as_secs_f64() * 1e3);
            println!("{what:>24} {bytes:>10} {marked:>10.1} {applied:>10.1}");
        }
    }
}

/// What large numbers cost: `cargo xtask bench scale`.
fn scales() {
    println!(
        "A set on three nodes, half a minute: ms until the apply is answered, of the longest piece, of all"
    );
    for (replicas, policy) in [
        (1_000, "Parallel"),
        (10_000, "Parallel"),
        (3_000_000, "Parallel"),
        (2_147_483_647, "Parallel"),
        (1_000_000, "OrderedReady"),
    ] {
        let held = scale::held(replicas, policy, Duration::from_secs(30));
        let [apply, longest, all] = [held.apply, held.longest, held.all].map(|took| took.as_secs_f64() * 1e3);
        println!("{replicas:>12} {policy:>12} {apply:>10.1} {longest:>10.1} {all:>10.1}");
    }
}

fn best_of_size(pods: u32) -> Option<(Duration, Finished)> {
    let start = Cluster::new(scenario::config());
    let run = |_| {
        let cluster = start.clone();
        let watch = Stopwatch::start();
        let finished = scenario::run(cluster, pods)?;
        Some((watch.elapsed(), finished))
    };
    (0..RUNS).filter_map(run).min_by_key(|(took, _)| *took)
}
