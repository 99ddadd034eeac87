//! Plays random scenarios, or one of them again.
//!
//! * `simulation [--steps N] [--seed S] [--as-found]` plays random scenarios until it has checked N steps. It
//!   ends with the line `N steps, M scenarios, nothing found`, or with the smallest scenario that breaks a
//!   rule, as text that `--replay` plays; with `--as-found` it looks for no smaller one.
//! * `simulation --replay FILE [--trace]` or `SEED=… simulation` plays one scenario again; with `--trace` it
//!   prints all that happened.

// This is the front: it reads arguments and files, and prints. The library does none of it.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs};

use simulation::play::Play;
use simulation::{Scenario, Violation, generate, play, seed_of, shrink};

/// What was asked for.
struct Wanted {
    steps: u64,
    seed: u64,
    /// A scenario that breaks a rule is not made smaller.
    as_found: bool,
    /// All that happened is printed, too.
    trace: bool,
    /// One scenario: by its own seed, or as text.
    replay: Option<Scenario>,
}

fn main() -> ExitCode {
    match wanted(env::args().skip(1)) {
        Err(why) => {
            println!("{why}");
            ExitCode::from(2)
        }
        Ok(Wanted { replay: Some(scenario), trace, .. }) => again(&scenario, trace),
        Ok(wanted) => many(&wanted),
    }
}

fn wanted(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted { steps: 100_000, seed: 1, as_found: false, trace: false, replay: None };
    if let Ok(seed) = env::var("SEED") {
        let seed = seed.parse().map_err(|_| format!("SEED is a number, not `{seed}`"))?;
        wanted.replay = Some(generate::scenario(seed));
    }
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
        let number = |text: String| text.parse().map_err(|_| format!("`{text}` is no number"));
        match word.as_str() {
            "--steps" => wanted.steps = number(value()?)?,
            "--seed" => wanted.seed = number(value()?)?,
            "--trace" => wanted.trace = true,
            "--as-found" => wanted.as_found = true,
            "--replay" => {
                let path = value()?;
                let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
                wanted.replay = Some(Scenario::parse(&text)?);
            }
            _ => return Err(format!("simulation does not know `{word}`")),
        }
    }
    Ok(wanted)
}

fn again(scenario: &Scenario, trace: bool) -> ExitCode {
    print!("{scenario}");
    let mut play = Play::new(scenario);
    let ended = play.to_the_end(scenario);
    let (records, origin) = (play.run().records(), play.run().origin());
    for record in records.iter().filter(|_| trace) {
        println!("{} ms: {}", record.at.micros_since(origin) / 1_000, record.fingerprint());
    }
    match ended {
        Ok(summary) => {
            println!("{} steps, nothing found", summary.steps);
            ExitCode::SUCCESS
        }
        Err(violation) => {
            println!("\n{violation}");
            ExitCode::FAILURE
        }
    }
}

fn many(wanted: &Wanted) -> ExitCode {
    let begun = Instant::now();
    let (mut steps, mut index, mut rested) = (0, 0, 0_u64);
    while steps < wanted.steps {
        let scenario = generate::scenario(seed_of(wanted.seed, index));
        match play(&scenario) {
            Ok(summary) => {
                steps += summary.steps;
                rested += u64::from(summary.rested);
            }
            Err(violation) => return found(&scenario, &violation, wanted.as_found),
        }
        index += 1;
    }
    let took = begun.elapsed().as_secs_f64();
    println!("{steps} steps, {index} scenarios ({rested} came to rest), nothing found, {took:.1} s");
    ExitCode::SUCCESS
}

fn found(scenario: &Scenario, violation: &Violation, as_found: bool) -> ExitCode {
    println!("{violation}\nSEED={} plays it again", scenario.seed);
    if as_found {
        return ExitCode::FAILURE;
    }
    println!("looking for a smaller scenario …\n");
    let (small, violation) = shrink::shrink(scenario, violation);
    println!("{small}\n{violation}");
    ExitCode::FAILURE
}
