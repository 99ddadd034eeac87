//! Installs Node packages, in each folder by its own lock file.

use std::path::{Path, PathBuf};

use crate::process::{npm_program, on_path, output_of, program, run};
use crate::report::{Failure, Outcome, step};
use crate::workspace;

const OLDEST_NODE: u32 = 20;

/// Installs the packages of the editor, among them esbuild and wasm-opt. Returns their folder.
pub fn editor_packages() -> Outcome<PathBuf> {
    packages("www/editor", "CodeMirror, esbuild and wasm-opt; under a minute")
}

/// Installs what the browser tests need. Returns its folder.
pub fn browser_test_packages() -> Outcome<PathBuf> {
    packages("tests/browser", "playwright-core and axe-core; under a minute")
}

/// Packs the editor into `www/vendor/editor.js` if it is missing or its sources are newer.
pub fn editor_bundle() -> Outcome<()> {
    let folder = editor_packages()?;
    let bundle = workspace::path("www/vendor/editor.js");
    let sources = ["src", "build.mjs", "package-lock.json"].map(|name| folder.join(name));
    if !workspace::is_stale(&bundle, &sources) {
        return Ok(());
    }
    step("Packing the editor into www/vendor/editor.js: a second", || {
        run(program("node").arg("build.mjs").current_dir(&folder))
    })
}

/// Minifies one file in place, by esbuild.
pub fn minify(file: &Path) -> Outcome<()> {
    let esbuild = npm_program(&workspace::path("www/editor"), "esbuild");
    let mut command = program(esbuild);
    command.arg(file).args(["--minify", "--log-level=warning", "--allow-overwrite"]);
    if file.extension().is_some_and(|extension| extension == "js") {
        command.args(["--format=esm", "--target=es2022"]);
    }
    command.arg(format!("--outfile={}", file.display()));
    run(&mut command)
}

/// Cuts the parts of the program that come later out of it, into files of their own in `folder`. `linked` is what
/// the linker wrote.
pub fn split(linked: &Path, program_file: &Path, folder: &Path) -> Outcome<()> {
    let mut command = program("node");
    command.arg("split.mjs").args([linked, program_file, folder]);
    run(command.current_dir(workspace::path("www/editor")))
}

fn packages(folder: &str, what: &str) -> Outcome<PathBuf> {
    check_node()?;
    let path = workspace::path(folder);
    let lock = path.join("package-lock.json");
    if workspace::is_stale(&path.join("node_modules/.package-lock.json"), &[lock]) {
        step(&format!("npm ci in {folder}: {what}"), || {
            // No package needs its install script here, so none of them runs.
            let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            run(program(npm()?).args(arguments).current_dir(&path))
        })?;
    }
    Ok(path)
}

fn check_node() -> Outcome<()> {
    let advice = format!("install Node {OLDEST_NODE} or later from https://nodejs.org");
    let version = output_of(program("node").arg("--version"))
        .ok_or_else(|| Failure::from(format!("node is missing: {advice}")))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse().ok());
    match major {
        Some(OLDEST_NODE..) => Ok(()),
        _ => Err(format!("node is {version}, which is too old: {advice}").into()),
    }
}

fn npm() -> Outcome<PathBuf> {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    on_path(name)
        .ok_or_else(|| "npm is missing: it comes with Node, on Debian by `apt-get install npm`".into())
}
