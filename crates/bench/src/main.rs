//! `bench`: every number of this crate, natively, in one run. See the library's first lines for what they
//! mean. It ends with a failure if a bound is broken that the project has set itself: how the cost of a Pod grows,
//! and what a claim adds. These are ratios of what one run has measured, so they hold on any machine.

// Printing is what it is for, and what is measured may be asked for.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::process::ExitCode;
use std::time::Duration;

use bench::bounds::{self, Bound};
use bench::measure::{Cost, NODES};
use bench::scenario::{Scenario, Storage};
use bench::{scale, wait};

/// Runs of each size; what was disturbed least counts.
const RUNS: u32 = 3;
/// Sizes of a set whose Pods are made at once.
const PARALLEL: [u32; 5] = [100, 200, 400, 800, 1000];
/// Sizes of a set whose Pods are made one after the other.
const ORDERED: [u32; 3] = [100, 200, 400];
/// The largest set, and its nodes.
const LARGE: (u32, usize) = (10_000, 100);

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
    let Some(costs) = sets() else { return ExitCode::FAILURE };
    let bounds = bounds::of(&costs);
    println!();
    for bound in &bounds {
        println!("{bound}");
    }
    println!();
    let full = costs.iter().find(|cost| cost.scenario == Scenario::plain(1000));
    for line in full.iter().flat_map(|cost| wait::all(&cost.finished.cluster)) {
        println!("{:>10.3} ms  {}", line.took.as_secs_f64() * 1e3, line.what);
    }
    if bounds.iter().all(Bound::is_kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

/// Makes every set Ready and prints what that costs; `None` if one does not become so.
fn sets() -> Option<Vec<Cost>> {
    println!("One set with its headless Service, {NODES} nodes, until all Pods are Ready");
    let mut costs = Vec::new();
    for (policy, is_parallel, sizes) in [("Parallel", true, &PARALLEL[..]), ("OrderedReady", false, &ORDERED)]
    {
        for storage in [Storage::None, Storage::OnNode, Storage::Anywhere] {
            println!("\n{policy}, {}", storage.label());
            heading();
            for replicas in sizes {
                let scenario = Scenario { replicas: *replicas, is_parallel, storage };
                costs.push(printed(scenario, NODES, RUNS)?);
            }
        }
    }
    let (replicas, nodes) = LARGE;
    println!("\nParallel, no claim, {nodes} nodes, run once");
    heading();
    printed(Scenario::plain(replicas), nodes, 1)?;
    Some(costs)
}

fn heading() {
    println!(
        "{:>8} {:>10} {:>10} {:>8} {:>10} {:>16}",
        "Pods", "ms", "µs a Pod", "steps", "requests", "longest step"
    );
}

fn printed(scenario: Scenario, nodes: usize, runs: u32) -> Option<Cost> {
    let Some(cost) = Cost::of(scenario, nodes, runs) else {
        println!("{} Pods did not become Ready", scenario.replicas);
        return None;
    };
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let (step, what) = cost.longest_step().map(|step| (millis(step.took), step.what)).unwrap_or_default();
    println!(
        "{:>8} {:>10.1} {:>10.1} {:>8} {:>10} {step:>8.1} ms: {what}",
        scenario.replicas,
        millis(cost.took),
        cost.of_a_pod(),
        cost.finished.steps.len(),
        cost.finished.requests(),
    );
    Some(cost)
}
