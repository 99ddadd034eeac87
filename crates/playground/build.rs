//! The page's program is linked so that its parts can be told from each other.

use std::env;

/// `www/editor/split.mjs` cuts the release build. It reads from the relocations which function needs what.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name, value| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_FAMILY", "wasm") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
