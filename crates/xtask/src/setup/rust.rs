//! Installs the wasm target by rustup, and trunk and wasm-bindgen into `target/tools`.

use std::path::PathBuf;

use crate::process::{cargo, on_path, output_of, program, run};
use crate::report::{Failure, Outcome, at, say, step};
use crate::workspace;

pub const WASM: &str = "wasm32-unknown-unknown";

/// Later versions ask for a newer compiler than the one this project starts from.
const TRUNK: &str = "0.21.14";

/// wasm-bindgen's command line as this project uses it, with a lock of its own.
const BINDGEN: &str = "crates/xtask/tools/wasm-bindgen";

/// Installs all that makes a page of Rust sources, but for Node's part.
pub fn page_tools() -> Outcome<()> {
    wasm_target()?;
    crates();
    trunk()?;
    bindgen()?;
    std::fs::remove_dir_all(build_folder()).or(Ok(()))
}

/// Fetches the crates that `Cargo.lock` names: Trunk calls cargo offline. Without a network they may all be
/// there already, so this cannot fail; cargo itself names a crate that is missing.
fn crates() {
    if let Err(failure) = run(cargo().args(["fetch", "--locked", "--quiet"])) {
        say(&format!("    {failure}: going on with the crates that are here"));
    }
}

/// A tool of that version: the one in `target/tools`, else the one on `PATH`.
fn installed(name: &str, version: &str) -> bool {
    let own = workspace::tools().join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let candidates = [Some(own), on_path(name)];
    candidates.into_iter().flatten().any(|path| {
        let printed = output_of(program(path).arg("--version"));
        printed.is_some_and(|text| text.split_whitespace().nth(1) == Some(version))
    })
}

fn trunk() -> Outcome<()> {
    if installed("trunk", TRUNK) {
        return Ok(());
    }
    step(
        &format!("Installing trunk {TRUNK} into target/tools: it assembles the page; about 5 minutes, once"),
        || {
            let mut command = cargo();
            command.args(["install", "trunk", "--locked", "--version", TRUNK, "--force", "--root"]);
            command.arg(workspace::tools());
            run(cheaply(&mut command)).map_err(|failure| {
                Failure::from(format!(
                    "trunk could not be installed ({failure}): see the lines above, then try \
                 `cargo install --locked trunk@{TRUNK}`"
                ))
            })
        },
    )
}

/// The tool must be of the version of the library that the page is built with.
fn bindgen() -> Outcome<()> {
    let version = workspace::locked_version("wasm-bindgen")?;
    let manifest = workspace::path(BINDGEN).join("Cargo.toml");
    let pinned = std::fs::read_to_string(&manifest).unwrap_or_default();
    if !pinned.contains(&format!("\"={version}\"")) {
        return Err(
            format!("{BINDGEN}/Cargo.toml does not pin wasm-bindgen {version}, as Cargo.lock does").into()
        );
    }
    if installed("wasm-bindgen", &version) {
        return Ok(());
    }
    let why = "it joins wasm and JavaScript; under a minute, once";
    step(&format!("Building wasm-bindgen {version} into target/tools: {why}"), || {
        let mut command = cargo();
        command.args(["build", "--release", "--locked", "--manifest-path"]).arg(&manifest);
        run(cheaply(&mut command))?;
        let program = |name: &str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let folder = workspace::tools().join("bin");
        at(&folder, std::fs::create_dir_all(&folder))?;
        let (from, to) =
            (build_folder().join("release").join(program("bindgen")), folder.join(program("wasm-bindgen")));
        at(&from, std::fs::copy(&from, to)).map(drop)
    })
}

/// Tools are optimised little: they run for seconds, and full optimisation triples their build.
fn cheaply(command: &mut std::process::Command) -> &mut std::process::Command {
    command
        .env("CARGO_TARGET_DIR", build_folder())
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
}

/// The folder in which tools are compiled. It stays until both tools are there, so that an interrupted
/// installation goes on where it stopped.
fn build_folder() -> PathBuf {
    workspace::tools().join("build")
}

/// The compiler's libraries for wasm. A toolchain of another source may bring them without rustup.
fn wasm_target() -> Outcome<()> {
    let sysroot = output_of(program("rustc").args(["--print", "sysroot"]))
        .ok_or("rustc is missing: install Rust as https://rustup.rs says")?;
    if PathBuf::from(sysroot).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    if std::env::var_os("CARGO_UNSTABLE_BUILD_STD").is_some() {
        say(&format!("{WASM}: built from source, as CARGO_UNSTABLE_BUILD_STD says"));
        return Ok(());
    }
    step(&format!("Adding the target {WASM}: the page is WebAssembly; under a minute"), || {
        run(program("rustup").args(["target", "add", WASM])).map_err(|failure| {
            Failure::from(format!(
                "the target {WASM} could not be added ({failure}): run `rustup target add {WASM}` where \
                 rustup reaches its server"
            ))
        })
    })
}
