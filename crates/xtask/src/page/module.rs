//! The JavaScript module, `dist/engine/`: the crate `engine`, bound, optimised and packed.

use std::fs;
use std::path::Path;

use crate::process::{cargo, npm_program, program, run};
use crate::report::{Outcome, at, step};
use crate::setup::{node, rust, small_std};
use crate::workspace;

/// What lies in the package beside what is built.
const FILES: [(&str, &str); 5] = [
    ("crates/engine/npm/index.js", "index.js"),
    ("crates/engine/npm/index.d.ts", "index.d.ts"),
    ("crates/engine/npm/package.json", "package.json"),
    ("crates/engine/npm/README.md", "README.md"),
    ("LICENSE", "LICENSE"),
];

/// Features of wasm that every browser since 2022 and Node 20 know, and that compilers take for granted.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-multivalue",
];

/// Only small functions are put into their only caller. The JavaScript engine compiles what runs often again,
/// while the program runs, and larger functions cost it a tenth more of a processor.
const OPTIMISATIONS: [&str; 3] = ["-O3", "--one-caller-inline-max-function-size=40", "--strip-producers"];

/// Builds the module into `dist/engine/`.
pub fn build() -> Outcome<()> {
    rust::page_tools()?;
    node::editor_packages()?;
    let folder = workspace::dist().join("engine");
    // What an earlier build left would hide that this one leaves something out.
    if folder.exists() {
        at(&folder, fs::remove_dir_all(&folder))?;
    }
    at(&folder, fs::create_dir_all(&folder))?;
    step("Building the JavaScript module into dist/engine/: optimised for speed; 2 to 6 minutes", || {
        let mut command = cargo();
        command.args(["build", "--locked", "--profile", "module", "--package", "engine", "--lib"]);
        command.args(["--target", rust::WASM]).envs(small_std::settings().iter().copied());
        run(&mut command)?;
        bind(&folder)
    })?;
    for (from, to) in FILES {
        let from = workspace::path(from);
        at(&from, fs::copy(&from, folder.join(to)))?;
    }
    Ok(())
}

fn bind(folder: &Path) -> Outcome<()> {
    let wasm = workspace::path(&format!("target/{}/module/engine.wasm", rust::WASM));
    let own = workspace::tools().join("bin/wasm-bindgen");
    let bindgen = if own.is_file() { own.into_os_string() } else { "wasm-bindgen".into() };
    run(program(bindgen)
        .arg(&wasm)
        .args(["--target", "web", "--out-name", "engine", "--out-dir"])
        .arg(folder))?;
    let bound = folder.join("engine_bg.wasm");
    let mut optimise = program(npm_program(&workspace::path("www/editor"), "wasm-opt"));
    run(optimise.arg(&bound).args(OPTIMISATIONS).args(FEATURES).arg("-o").arg(&bound))
}
