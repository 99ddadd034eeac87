//! The files of this repository, by paths relative to its folder.

use std::fs;
use std::path::{Path, PathBuf};

/// What is built or installed, hence no source.
const BUILT: [&str; 4] = ["node_modules", "target", "dist", "vendor"];

/// The folder that holds `Cargo.toml`, `crates` and `www`.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace")
}

/// The text of a file; a panic names the file if there is none.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All sources under a folder that have one of the extensions, in order.
pub fn sources(folder: &str, extensions: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), extensions, &mut found);
    found.sort();
    found
}

/// The folders of all crates: `crates/api`, …
pub fn crates() -> Vec<String> {
    let entries = fs::read_dir(root().join("crates")).expect("crates/ exists");
    let mut names: Vec<String> = entries.flatten().map(|entry| relative(&entry.path())).collect();
    names.sort();
    names
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let wanted = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        };
        let built = BUILT.iter().any(|name| entry.file_name() == *name);
        if path.is_dir() && !built {
            collect(&path, extensions, found);
        } else if wanted(&path) {
            found.push(relative(&path));
        }
    }
}

fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}
