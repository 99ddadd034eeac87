//! The commands, one a file. To add one: a file with `run`, a row in [`ALL`].

mod advisories;
mod bench;
mod build;
mod conformance;
mod fuzz;
mod hook;
mod mutants;
mod parity;
mod serve;
mod simulate;
mod test;

use crate::report::{Outcome, say};

/// A command of `cargo xtask`.
pub struct Command {
    /// Its word on the command line.
    pub name: &'static str,
    /// What it does, as the list of commands says it.
    pub about: &'static str,
    /// Does it, with the words that follow the name.
    pub run: fn(&[String]) -> Outcome<()>,
}

/// All commands, in the order in which a person needs them.
pub const ALL: &[Command] = &[
    Command {
        name: "serve",
        about: "show the playground in a browser, rebuilt on each change",
        run: serve::run,
    },
    Command { name: "test", about: "run every test; names of steps run only those", run: test::run },
    Command {
        name: "build",
        about: "build the page for publishing into dist/; `build engine` the module alone",
        run: build::run,
    },
    Command { name: "bench", about: "measure what the engine costs", run: bench::run },
    Command {
        name: "conformance",
        about: "play recordings of a real Kubernetes: [DIR] [--filter GLOB] [--json FILE]",
        run: conformance::run,
    },
    Command {
        name: "parity",
        about: "write PARITY.md anew: what is as in a real Kubernetes, and what is not",
        run: parity::run,
    },
    Command {
        name: "simulate",
        about: "play random clusters, commands and faults: [--steps N] [--seed S] [--replay FILE] [--trace]",
        run: simulate::run,
    },
    Command {
        name: "fuzz",
        about: "try mutated texts on every reader: [--seconds N] [--seed S] [--target NAME] [--read FILE]",
        run: fuzz::run,
    },
    Command {
        name: "mutants",
        about: "see whether the tests notice small mistakes in the StatefulSet controller",
        run: mutants::run,
    },
    Command {
        name: "advisories",
        about: "ask npm's and RustSec's lists for known holes in what the project is built of",
        run: advisories::run,
    },
    Command { name: "hook", about: "", run: hook::run },
];

/// The list of commands.
pub fn print_all() {
    say("cargo xtask <command>\n");
    for command in ALL.iter().filter(|command| !command.about.is_empty()) {
        say(&format!("  {:<12}{}", command.name, command.about));
    }
}

/// Commands that take no words refuse them.
fn no_arguments(name: &str, arguments: &[String]) -> Outcome<()> {
    match arguments.first() {
        None => Ok(()),
        Some(word) => Err(format!("`cargo xtask {name}` does not know `{word}`").into()),
    }
}
