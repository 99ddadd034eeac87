//! `cargo xtask fuzz [--seconds N] [--seed S] [--target NAME] [--slow MS] [--read FILE]`: mutated manifests, command
//! lines, templates, patches and links.

use std::env;

use crate::process::{optimised, run as run_program};
use crate::report::{Outcome, at};

pub fn run(arguments: &[String]) -> Outcome<()> {
    let mut command = optimised("fuzz");
    // A file is meant from where the person stands.
    let here = at(".".as_ref(), env::current_dir())?;
    run_program(command.args(arguments).current_dir(here))
}
