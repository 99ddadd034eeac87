//! Random scenarios, and those that have found something once. `SEED=…` plays one scenario alone.

#![allow(clippy::disallowed_methods)] // a test reads files, and the seed that somebody asks for

use simulation::{Scenario, generate, play, seed_of, shrink};

/// Steps of a run; `cargo xtask simulate` makes more.
const STEPS: u64 = 100_000;

/// Plays, and on a failure prints the smallest scenario that shows it.
fn check(scenario: &Scenario) -> u64 {
    match play(scenario) {
        Ok(summary) => summary.steps,
        Err(found) => {
            let (small, found) = shrink::shrink(scenario, &found);
            panic!("SEED={} breaks a rule, and so does\n\n{small}\n{found}", scenario.seed);
        }
    }
}

#[test]
fn random_scenarios_keep_every_rule() {
    if let Ok(seed) = std::env::var("SEED") {
        check(&generate::scenario(seed.parse().expect("SEED is a number")));
        return;
    }
    let (mut steps, mut index) = (0, 0);
    while steps < STEPS {
        steps += check(&generate::scenario(seed_of(0, index)));
        index += 1;
    }
}

#[test]
fn what_was_found_once_stays_mended() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/found");
    let mut played = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario = Scenario::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        if let Err(found) = play(&scenario) {
            panic!("{}: {found}", path.display());
        }
        played += 1;
    }
    assert!(played > 0, "no scenarios in {folder}");
}

#[test]
fn a_scenario_is_read_as_it_was_printed() {
    for seed in 0..200 {
        let scenario = generate::scenario(seed);
        assert_eq!(Scenario::parse(&scenario.to_string()).as_ref(), Ok(&scenario));
    }
    assert!(Scenario::parse("seed x").is_err());
    assert!(Scenario::parse("0 rm -rf /").is_err());
}

#[test]
fn a_scenario_is_the_same_each_time() {
    assert_eq!(generate::scenario(11), generate::scenario(11));
    assert_eq!(play(&generate::scenario(11)), play(&generate::scenario(11)));
}
