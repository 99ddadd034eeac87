//! `cargo xtask simulate [--steps N] [--seed S] [--replay FILE] [--trace]`: random clusters, commands and faults.

use std::env;

use crate::process::{optimised, run as run_program};
use crate::report::{Outcome, at};

pub fn run(arguments: &[String]) -> Outcome<()> {
    let mut command = optimised("simulation");
    // A file is meant from where the person stands.
    let here = at(".".as_ref(), env::current_dir())?;
    run_program(command.args(arguments).current_dir(here))
}
