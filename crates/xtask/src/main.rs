//! The project's commands: `cargo xtask serve` shows the playground, `cargo xtask test` runs every test.
//!
//! Each command is a file in [`commands`] and a row in [`commands::ALL`]. A command asks [`setup`] for
//! the tools it needs; what is missing is installed into the project where that is possible, and each
//! long step says what it does, why, and about how long it takes. The crate uses nothing but `std`, so
//! that the first command on a fresh machine starts within seconds.

mod commands;
mod page;
mod process;
mod report;
mod setup;
mod workspace;

use std::process::ExitCode;

use report::{Outcome, say};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("error: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome<()> {
    let Some((name, rest)) = arguments.split_first() else {
        commands::print_all();
        return Ok(());
    };
    match commands::ALL.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None if matches!(name.as_str(), "help" | "--help" | "-h") => {
            commands::print_all();
            Ok(())
        }
        None => Err(format!("there is no command `{name}`: `cargo xtask` lists them").into()),
    }
}
