//! `cargo xtask test`: every test, and a summary at the end.

use std::time::Instant;

use crate::commands::build::release_page;
use crate::process::{cargo, optimised, program, run as run_program};
use crate::report::{Outcome, say, span, step};
use crate::setup::{browser, node};
use crate::workspace;

/// A part of all tests.
struct Step {
    name: &'static str,
    about: &'static str,
    /// Whether it looks at `dist/`, so that it is pointless after a failed build.
    needs_page: bool,
    run: fn() -> Outcome<()>,
}

/// Cheap ones first. Licences, layers and tidiness are tests of the workspace, hence in `native`.
const STEPS: &[Step] = &[
    Step { name: "format", about: "rustfmt", needs_page: false, run: format },
    Step {
        name: "lint",
        about: "clippy, warnings are errors; minutes when cold",
        needs_page: false,
        run: lint,
    },
    Step {
        name: "native",
        about: "cargo test, the whole workspace; minutes when cold",
        needs_page: false,
        run: native,
    },
    Step {
        name: "chances",
        about: "all recordings with other seeds and slower caches; minutes when cold",
        needs_page: false,
        run: chances,
    },
    Step { name: "page", about: "the release build", needs_page: false, run: release_page },
    Step { name: "size", about: "the byte budget of dist/", needs_page: true, run: size },
    Step { name: "engine", about: "dist/engine/ in Node", needs_page: true, run: in_node },
    Step { name: "browser", about: "dist/ in a real browser", needs_page: true, run: in_browser },
];

pub fn run(arguments: &[String]) -> Outcome<()> {
    let chosen = choose(arguments)?;
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for part in chosen {
        let begin = Instant::now();
        let word = if part.needs_page && failed.contains(&"page") {
            "skipped"
        } else if let Err(failure) = step(&format!("{}: {}", part.name, part.about), part.run) {
            say(&format!("    {failure}"));
            failed.push(part.name);
            "FAILED"
        } else {
            "ok"
        };
        lines.push(format!("  {:<9}{word:<9}{}", part.name, span(begin)));
    }
    say(&format!("\n{}\n", lines.join("\n")));
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

fn choose(names: &[String]) -> Outcome<Vec<&'static Step>> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let find = |name: &String| {
        let known = || STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
        STEPS
            .iter()
            .find(|step| step.name == name)
            .ok_or_else(|| format!("there is no step `{name}`: {}", known()).into())
    };
    names.iter().map(find).collect()
}

fn format() -> Outcome<()> {
    run_program(cargo().args(["fmt", "--all", "--check"]))
}

fn lint() -> Outcome<()> {
    run_program(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

fn native() -> Outcome<()> {
    run_program(cargo().args(["test", "--workspace", "--locked", "--quiet", "--no-fail-fast"]))
}

fn chances() -> Outcome<()> {
    run_program(optimised("conformance").arg("--chances"))
}

fn size() -> Outcome<()> {
    let mut command = cargo();
    command.args([
        "test",
        "--package",
        "tests",
        "--test",
        "size",
        "--locked",
        "--quiet",
        "--",
        "--nocapture",
    ]);
    run_program(command.env("ORDINAL_REQUIRE_DIST", "1"))
}

fn in_node() -> Outcome<()> {
    let mut command = program("node");
    command.arg("--test").current_dir(workspace::path("tests/engine"));
    run_program(command.env("DIST", workspace::dist()))
}

fn in_browser() -> Outcome<()> {
    let folder = node::browser_test_packages()?;
    let mut command = program("node");
    command.arg("--test").current_dir(folder);
    run_program(command.env("CHROME", browser::find_or_install()?).env("DIST", workspace::dist()))
}
