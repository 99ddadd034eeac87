//! `cargo xtask parity`: PARITY.md, written anew by the test that also checks it.

use crate::commands::no_arguments;
use crate::process::{cargo, run as run_program};
use crate::report::{Outcome, say};

pub fn run(arguments: &[String]) -> Outcome<()> {
    no_arguments("parity", arguments)?;
    let mut command = cargo();
    command.args(["test", "--package", "tests", "--test", "parity", "--locked", "--quiet"]);
    run_program(command.env("UPDATE_PARITY", "1"))?;
    say("PARITY.md is current.");
    Ok(())
}
