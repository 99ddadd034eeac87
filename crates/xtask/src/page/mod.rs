//! The page: Trunk builds it, [`finalise`] makes it fit for publishing. Beside it lies the JavaScript
//! [`module`].

pub mod corpus;
mod finalise;
pub mod module;
mod policy;

pub use finalise::finalise;

use std::path::Path;
use std::process::Command;

use crate::process::{npm_program, path_with, program};
use crate::report::Outcome;
use crate::workspace;

/// Trunk, with the tools of this project first on its `PATH`: it takes wasm-bindgen, wasm-opt and, for its
/// hooks, this very program from there.
pub fn trunk() -> Outcome<Command> {
    let packages = npm_program(&workspace::path("www/editor"), "wasm-opt");
    let this = std::env::current_exe().ok();
    let folder = |file: Option<&Path>| file.and_then(Path::parent).map(Into::into);
    let folders = [Some(workspace::tools().join("bin")), folder(Some(&packages)), folder(this.as_deref())];
    let path = path_with(&folders.into_iter().flatten().collect::<Vec<_>>())?;
    let own = workspace::tools().join("bin/trunk");
    let mut command = program(if own.is_file() { own.into_os_string() } else { "trunk".into() });
    command.env("PATH", path).arg("--skip-version-check");
    // Some systems set NO_COLOR to 1, which Trunk refuses to read as a flag.
    command.env_remove("NO_COLOR");
    Ok(command)
}
