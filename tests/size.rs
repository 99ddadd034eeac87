//! Size: what a visitor downloads stays within tests/budget.json.
//!
//! Each part's list is its history, the last entry holds. A budget shrinks freely; an entry above the one
//! before it, or above what the product promises ([`PROMISES`]), needs a written reason. Bytes are counted
//! after `gzip -9`, since that is what nearly every static host sends.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tests::repository::{read, root};

/// The product's promise, in bytes after gzip.
const PROMISES: [(&str, u64); 10] = [
    // The part of the program that paints the page.
    ("wasm", 300_000),
    // These come after first paint: the cluster, the commands at the terminal, the player of recordings.
    ("engine", 700_000),
    ("commands", 400_000),
    ("recordings", 100_000),
    ("editor", 145_000),
    // The JavaScript module for other pages and programs; this site fetches it on the parity page only.
    ("module", 1_350_000),
    // The parity page: the recordings, and little beside them.
    ("parity", 500_000),
    // Two fonts and their licence; the picture does not wait for them.
    ("fonts", 95_000),
    // HTML, style, scripts, icons: all the rest.
    ("page", 30_000),
    // What a visitor fetches until the first Pod is Ready, but for the editor and its letters.
    (FIRST_POD, 700_000),
];

/// A sum of others.
const FIRST_POD: &str = "to the first Pod Ready";
const OF_FIRST_POD: [&str; 3] = ["wasm", "engine", "page"];

/// A raise is explained in a sentence, not a word.
const REASON_CHARACTERS: usize = 60;

#[test]
fn a_budget_grows_only_with_a_reason() {
    for (part, promise) in PROMISES {
        let history = history(part);
        assert!(!history.is_empty(), "tests/budget.json has no budget for {part}");
        let silent =
            history.iter().find(|(bytes, reason)| *bytes > promise && reason.len() < REASON_CHARACTERS);
        assert!(
            silent.is_none(),
            "{part}: {silent:?} is above the promise of {promise} for no written reason"
        );
        let pairs = history.iter().zip(history.iter().skip(1));
        for ((before, _), (after, reason)) in pairs {
            let explained = after <= before || reason.len() >= REASON_CHARACTERS;
            assert!(explained, "{part}: from {before} to {after} for no written reason");
        }
    }
}

#[test]
fn the_page_is_within_its_budget() {
    let dist = root().join("dist");
    if !dist.is_dir() && env::var_os("ORDINAL_REQUIRE_DIST").is_none() {
        println!("skipped: there is no dist/; `cargo xtask build` makes it");
        return;
    }
    let mut files = BTreeMap::from(PROMISES.map(|(part, _)| (part, Vec::new())));
    collect(&dist, &mut files);
    let first_pod = OF_FIRST_POD.iter().flat_map(|part| files[part].clone()).collect();
    files.insert(FIRST_POD, first_pod);
    let brotli = brotli(&files);
    let mut over = Vec::new();
    println!("{:<24}{:>9}{:>9}{:>10}{:>9}", "part", "gzip", "budget", "promised", "brotli");
    for (part, promise) in PROMISES {
        let size = files[part].iter().map(|file| compressed(file)).sum::<u64>();
        let budget = history(part).last().map_or(0, |(bytes, _)| *bytes);
        let brotli = brotli.get(part).map_or("?", String::as_str);
        let line = format!("{part:<24}{size:>9}{budget:>9}{promise:>10}{brotli:>9}");
        println!("{line}");
        assert!(
            size > 0,
            "dist/ has nothing of the part `{part}`: its files were renamed, or the build is broken"
        );
        if size > budget {
            over.push(line);
        }
    }
    assert!(over.is_empty(), "over budget, after gzip:\n{}", over.join("\n"));
}

fn collect(folder: &Path, files: &mut BTreeMap<&str, Vec<PathBuf>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
            continue;
        }
        let name = path.strip_prefix(root().join("dist")).expect("inside dist/").to_string_lossy();
        let is_wasm = name.ends_with(".wasm");
        let part = match name.as_ref() {
            name if name.starts_with("engine/") => "module",
            name if name.starts_with("parity/") => "parity",
            name if name.starts_with("engine-") && is_wasm => "engine",
            name if name.starts_with("commands-") && is_wasm => "commands",
            name if name.starts_with("recordings-") && is_wasm => "recordings",
            _ if is_wasm => "wasm",
            name if name.starts_with("vendor/editor") => "editor",
            name if name.starts_with("vendor/") => "fonts",
            _ => "page",
        };
        files.entry(part).or_default().push(path);
    }
}

/// The same in Brotli, which many hosts send, as Node compresses it: no budget, only for comparison. Nothing where
/// there is no Node.
fn brotli(files: &BTreeMap<&str, Vec<PathBuf>>) -> BTreeMap<String, String> {
    const SCRIPT: &str = "const { readFileSync } = require('fs'), { brotliCompressSync } = require('zlib');
        for (const file of process.argv.slice(1)) console.log(brotliCompressSync(readFileSync(file)).length);";
    let size = |paths: &[PathBuf]| {
        let output = Command::new("node").arg("-e").arg(SCRIPT).args(paths).output().ok()?;
        let sizes: Option<Vec<u64>> =
            String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().ok()).collect();
        sizes.filter(|sizes| sizes.len() == paths.len()).map(|sizes| sizes.iter().sum::<u64>().to_string())
    };
    files.iter().filter_map(|(part, paths)| Some(((*part).to_owned(), size(paths)?))).collect()
}

fn compressed(path: &Path) -> u64 {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all").len() as u64
}

fn history(part: &str) -> Vec<(u64, String)> {
    let budget: Value = serde_json::from_str(&read("tests/budget.json")).expect("tests/budget.json is JSON");
    let entries = budget.get(part).and_then(Value::as_array).cloned().unwrap_or_default();
    let entry = |each: &Value| {
        let bytes = each.get("gzip_bytes").and_then(Value::as_u64).expect("an entry has gzip_bytes");
        let reason = each.get("reason").and_then(Value::as_str).expect("an entry has a reason");
        (bytes, reason.to_owned())
    };
    entries.iter().map(entry).collect()
}
