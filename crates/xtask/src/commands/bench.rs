//! `cargo xtask bench`: what the engine costs, as numbers and their ratios in one run.

use crate::commands::no_arguments;
use crate::process::{optimised, run as run_program};
use crate::report::{Outcome, step};

pub fn run(arguments: &[String]) -> Outcome<()> {
    let what = match arguments {
        [] => None,
        [what] if matches!(what.as_str(), "scale" | "hours" | "pasted") => Some(what),
        _ => return no_arguments("bench", arguments),
    };
    step("Measuring the engine natively, optimised for speed; 1 to 3 minutes", || {
        run_program(optimised("bench").args(what))
    })
}
