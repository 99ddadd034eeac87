//! The standard library of a release build: compiled with the page, for size.
//!
//! The one that rustup brings is compiled for speed, and its sorting, formatting and parsing come with it.
//! Compiled here as the page is, without what nobody calls and with its own switch for size, it saves a
//! sixteenth of the download. Cargo calls that unstable, so this compiler is told to allow it; without the
//! library's sources the page is built with the usual one and is only larger.

use std::path::PathBuf;

use crate::process::{cargo, output_of, program, run};
use crate::report::{Outcome, say, step};

/// What cargo reads instead of `-Zbuild-std`, and what makes a stable compiler accept it.
const SETTINGS: [(&str, &str); 3] = [
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("RUSTC_BOOTSTRAP", "1"),
];

/// The settings for the command that builds the page; none where they cannot work.
pub fn settings() -> &'static [(&'static str, &'static str)] {
    if let Err(failure) = sources().and_then(|()| crates()) {
        say(&format!(
            "    {failure}: going on with the compiler's own standard library; the page becomes a sixteenth \
             larger, which `cargo xtask test size` may not accept"
        ));
        return &[];
    }
    &SETTINGS
}

/// The library's sources, a component that rustup knows.
fn sources() -> Outcome<()> {
    let sysroot = output_of(program("rustc").args(["--print", "sysroot"])).ok_or("rustc is missing")?;
    if PathBuf::from(sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").is_file() {
        return Ok(());
    }
    step("Adding the component rust-src: a smaller page; under a minute", || {
        run(program("rustup").args(["component", "add", "rust-src"]))
    })
}

/// The crates that the library needs: Trunk calls cargo offline.
fn crates() -> Outcome<()> {
    run(cargo().args(["fetch", "--locked", "--quiet", "--target", super::rust::WASM]).envs(SETTINGS))
}
