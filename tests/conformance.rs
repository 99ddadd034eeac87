//! Conformance: what a real Kubernetes v1.36.3 control plane did, this engine does.
//!
//! `ONLY=R0007 cargo test -p tests --test conformance` plays the recordings whose names begin so and shows
//! the first difference of each; with `ALL=1` beside it, all differences, and with `TRACE=<step>` what was
//! done in that step. Without, every recording is played, and tests/conformance/known-differences.txt
//! (known-node-differences.txt for those of a real kubelet) must name exactly those that differ.

#![allow(clippy::indexing_slicing)] // what is not there is a failure of the test
#![allow(clippy::print_stdout)] // the summary is for people

mod conformance_runner;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use conformance_runner::compare::Difference;
use conformance_runner::node_player;
use conformance_runner::node_recording::{self, NodeRecording};
use conformance_runner::player::{self, Outcome};
use conformance_runner::recording::{self, Recording};
use conformance_runner::report;
use tests::repository::read;

/// Names the recordings that differ, each with its reason.
const KNOWN: &str = "tests/conformance/known-differences.txt";

/// The same for those of a real kubelet.
const KNOWN_NODE: &str = "tests/conformance/known-node-differences.txt";

/// Tests may recurse deeper in an unoptimised build than a thread's usual stack allows.
const STACK: usize = 64 << 20;

#[test]
fn the_engine_does_what_was_recorded() {
    let only = env::var("ONLY").unwrap_or_default();
    let chosen: Vec<Recording> =
        recording::all().into_iter().filter(|recording| recording.id.starts_with(&only)).collect();
    let outcomes = play_all(&chosen, player::play);
    conclude(&chosen.iter().collect::<Vec<_>>(), &outcomes, KNOWN);
}

#[test]
fn the_kubelet_does_what_was_recorded() {
    let only = env::var("ONLY").unwrap_or_default();
    let chosen: Vec<NodeRecording> =
        node_recording::all().into_iter().filter(|each| each.recording.id.starts_with(&only)).collect();
    let outcomes = play_all(&chosen, node_player::play);
    conclude(&chosen.iter().map(|each| &each.recording).collect::<Vec<_>>(), &outcomes, KNOWN_NODE);
}

/// Shows a few recordings, or holds all against the list of those that are known to differ.
fn conclude(recordings: &[&Recording], outcomes: &[Outcome], known: &str) {
    if env::var("ONLY").is_ok_and(|only| !only.is_empty()) {
        show(recordings, outcomes);
    } else {
        judge(recordings, outcomes, known);
    }
}

/// Plays on as many threads as the machine has processors; outcomes are in the order of the recordings.
fn play_all<R: Sync>(recordings: &[R], play: fn(&R) -> Outcome) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((at, recording)) = Some(next.fetch_add(1, Ordering::Relaxed))
            .and_then(|at| recordings.get(at).map(|recording| (at, recording)))
        {
            let outcome = guarded(recording, play);
            outcomes.lock().expect("no player panics while it holds this").insert(at, outcome);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread starts");
        }
    });
    outcomes.into_inner().expect("all players have ended").into_values().collect()
}

/// A panic of the engine is a difference like any other.
fn guarded<R>(recording: &R, play: fn(&R) -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| play(recording))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let difference = Difference::new("panic", "", text.unwrap_or_default());
        Outcome { steps: vec![vec![difference]], traces: Vec::new() }
    })
}

/// Shows the differences of a few recordings.
fn show(recordings: &[&Recording], outcomes: &[Outcome]) {
    let all = env::var_os("ALL").is_some();
    let traced = env::var("TRACE").ok().and_then(|step| step.parse::<usize>().ok());
    let mut text = String::new();
    for (recording, outcome) in recordings.iter().zip(outcomes) {
        text.push_str(&report::first(recording, outcome));
        if let Some(lines) = traced.and_then(|step| outcome.traces.get(step)) {
            lines.iter().flat_map(|line| [line, "\n"]).for_each(|part| text.push_str(part));
        }
        if let (true, Some((first, _))) = (all, outcome.first()) {
            for (at, found) in outcome.steps.iter().enumerate().skip(first + 1).filter(|(_, f)| !f.is_empty())
            {
                let _ = writeln!(text, "  step {at}: {}", recording.steps[at].said());
                text.extend(found.iter().map(report::one));
            }
        }
    }
    println!("{text}");
    assert!(outcomes.iter().all(|outcome| outcome.first().is_none()), "recorded otherwise");
}

/// Holds the differences against the list of those that are known.
fn judge(recordings: &[&Recording], outcomes: &[Outcome], list: &str) {
    let known = known(list);
    let (mut fresh, mut gone, mut same) = (Vec::new(), Vec::new(), 0);
    for (recording, outcome) in recordings.iter().zip(outcomes) {
        let differs = outcome.steps.iter().filter(|found| !found.is_empty()).count();
        let place = outcome.first().map(|(at, found)| format!("step {at}: {}", found[0].part));
        println!(
            "{:5} {} {}",
            if differs == 0 { "ok" } else { "DIFF" },
            recording.id,
            place.map_or(String::new(), |place| format!(
                "({differs} of {} steps, {place})",
                outcome.steps.len()
            )),
        );
        same += usize::from(differs == 0);
        match (differs > 0, known.contains_key(&recording.id)) {
            (true, false) => fresh.push(recording.id.clone()),
            (false, true) => gone.push(recording.id.clone()),
            _ => {}
        }
    }
    println!("{same} of {} recordings as recorded, {} known to differ", recordings.len(), known.len());
    let unknown: Vec<&String> = known.keys().filter(|id| recordings.iter().all(|r| r.id != **id)).collect();
    assert!(unknown.is_empty(), "{list} names recordings that do not exist: {unknown:?}");
    assert!(fresh.is_empty(), "differ now (ONLY=<name> shows how): {}", fresh.join(" "));
    assert!(gone.is_empty(), "no longer differ, strike them from {list}: {}", gone.join(" "));
}

/// `<recording> <why>` a line; `#` begins a remark.
fn known(list: &str) -> BTreeMap<String, String> {
    let text = read(list);
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| {
        let (id, why) = line.split_once(' ').unwrap_or((line, ""));
        assert!(!why.trim().is_empty(), "{list}: {id} has no reason");
        (id.to_owned(), why.trim().to_owned())
    });
    pairs.collect()
}
