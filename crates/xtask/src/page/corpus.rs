//! The recordings for the parity page: one file, one recording a line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::report::{Outcome, at};
use crate::workspace;

/// Packs `tests/conformance/` into `dist/parity/recordings.jsonl`, in the order of names.
pub fn pack() -> Outcome<()> {
    let mut files = Vec::new();
    collect(&workspace::path("tests/conformance"), &mut files)?;
    files.sort();
    let mut packed = String::new();
    for file in files {
        // A string of JSON holds no line end, so those of the file stand between its parts.
        packed.extend(at(&file, fs::read_to_string(&file))?.lines());
        packed.push('\n');
    }
    let folder = workspace::dist().join("parity");
    at(&folder, fs::create_dir_all(&folder))?;
    let file = folder.join("recordings.jsonl");
    at(&file, fs::write(&file, packed))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome<()> {
    for entry in at(folder, fs::read_dir(folder))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
