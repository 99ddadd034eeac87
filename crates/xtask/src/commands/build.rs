//! `cargo xtask build`: the page as it is published, in `dist/`, and the JavaScript module in it.

use crate::commands::no_arguments;
use crate::page::{corpus, module, trunk};
use crate::process::run as run_program;
use crate::report::{Outcome, say, step};
use crate::setup::{node, rust, small_std};

pub fn run(arguments: &[String]) -> Outcome<()> {
    if arguments == ["engine"] {
        return module::build();
    }
    no_arguments("build", arguments)?;
    release_page()?;
    say("The page is in dist/: any static server can publish it, under any path.");
    Ok(())
}

/// Sets up what is missing and builds.
pub fn release_page() -> Outcome<()> {
    rust::page_tools()?;
    node::editor_bundle()?;
    let settings = small_std::settings();
    step("Building the page into dist/: whole-program optimisation; 1 to 5 minutes", || {
        run_program(trunk()?.args(["build", "--release", "--locked"]).envs(settings.iter().copied()))
    })?;
    // Trunk empties the folder that it builds into, so these come after it.
    corpus::pack()?;
    module::build()
}
