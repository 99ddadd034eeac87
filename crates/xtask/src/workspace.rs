//! Where things are. All paths hang on the folder of the workspace's `Cargo.toml`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::report::{Outcome, at};

/// The folder that holds `Cargo.toml`, `crates` and `www`.
pub fn root() -> &'static Path {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).expect("xtask lies two folders below the workspace")
}

/// A path inside the workspace.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Where tools are installed that the project brings itself.
pub fn tools() -> PathBuf {
    path("target/tools")
}

/// The release build of the page.
pub fn dist() -> PathBuf {
    path("dist")
}

/// The version of a crate that `Cargo.lock` holds.
pub fn locked_version(name: &str) -> Outcome<String> {
    let file = path("Cargo.lock");
    let lock = at(&file, fs::read_to_string(&file))?;
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted).skip(1);
    lines
        .next()
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock does not hold `{name}`").into())
}

/// Whether `product` is missing or older than any of `sources` (files, or folders with all they hold).
pub fn is_stale(product: &Path, sources: &[PathBuf]) -> bool {
    let Some(made) = modified(product) else {
        return true;
    };
    sources.iter().filter_map(|source| newest(source)).any(|changed| changed > made)
}

fn newest(path: &Path) -> Option<SystemTime> {
    let Ok(entries) = fs::read_dir(path) else {
        return modified(path);
    };
    entries.flatten().filter_map(|entry| newest(&entry.path())).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}
