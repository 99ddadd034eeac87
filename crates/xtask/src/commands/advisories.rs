//! `cargo xtask advisories`: known holes in what the project is built of, from the lists that can be reached.
//!
//! It is no step of `cargo xtask test`: the lists are elsewhere and change by themselves, so the same tree would pass
//! today and fail tomorrow, and fail without a network.

use crate::commands::no_arguments;
use crate::process::{output_of, program, run as run_program};
use crate::report::{Outcome, say, step};
use crate::workspace;

/// Folders with a `package-lock.json`.
const PACKAGES: [&str; 2] = ["www/editor", "tests/browser"];

/// Programs that know the list of `RustSec`, with what each is asked. They take minutes to build, so none is installed.
const RUSTSEC: [(&str, &[&str]); 2] =
    [("cargo-deny", &["deny", "check", "advisories"]), ("cargo-audit", &["audit"])];

pub fn run(arguments: &[String]) -> Outcome<()> {
    no_arguments("advisories", arguments)?;
    let mut failed = Vec::new();
    for folder in PACKAGES {
        let outcome = step(&format!("npm audit in {folder}: what npm's registry knows of its lock"), || {
            let arguments = ["audit", "--package-lock-only"];
            run_program(program("npm").args(arguments).current_dir(workspace::path(folder)))
        });
        if let Err(failure) = outcome {
            failed.push(format!("{folder}: {failure}; if the list could not be reached, it says nothing"));
        }
    }
    let there = RUSTSEC.iter().find(|(name, _)| output_of(program(name).arg("--version")).is_some());
    match there {
        Some((name, arguments)) => {
            let asked = step(&format!("{name}: what RustSec knows of Cargo.lock"), || {
                run_program(program("cargo").args(*arguments).current_dir(workspace::path(".")))
            });
            if let Err(failure) = asked {
                failed.push(format!(
                    "Cargo.lock: {failure}; if the list could not be reached, it says nothing"
                ));
            }
        }
        None => say("    RustSec was not asked: neither cargo-deny nor cargo-audit is installed."),
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
}
