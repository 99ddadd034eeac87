//! Size: what a visitor downloads stays within tests/budget.json.
//!
//! Each part's list is its history, the last entry holds. A budget shrinks freely; an entry above the one
//! before it, or above what the product promises ([`PROMISES`]), needs a written reason. Bytes are counted
//! after `gzip -9`, since that is what nearly every static host sends.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tests::repository::{read, root};

/// The product's promise, in bytes after gzip.
const PROMISES: [(&str, u64); 7] = [
    // The part of the program that paints the page.
    ("wasm", 300_000),
    // These come after first paint.
    ("engine", 700_000),
    ("editor", 145_000),
    // The JavaScript module for other pages and programs; this site fetches it on the parity page only.
    ("module", 1_350_000),
    // The parity page: the recordings, and little beside them.
    ("parity", 500_000),
    // Two fonts and their licence; the picture does not wait for them.
    ("fonts", 95_000),
    // HTML, style, scripts, icons: all the rest.
    ("page", 30_000),
];

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
    let mut sizes = BTreeMap::from(PROMISES.map(|(part, _)| (part, 0)));
    measure(&dist, &mut sizes);
    let mut over = Vec::new();
    for (part, size) in sizes {
        let budget = history(part).last().map_or(0, |(bytes, _)| *bytes);
        let promise = PROMISES.iter().find(|(name, _)| *name == part).map_or(0, |(_, bytes)| *bytes);
        let line = format!("{part:<8}{size:>8} of {budget:>7} bytes, promised are {promise}");
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

fn measure(folder: &std::path::Path, sizes: &mut BTreeMap<&str, u64>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            measure(&path, sizes);
            continue;
        }
        let name = path.strip_prefix(root().join("dist")).expect("inside dist/").to_string_lossy();
        let part = match name.as_ref() {
            name if name.starts_with("engine/") => "module",
            name if name.starts_with("parity/") => "parity",
            name if name.starts_with("engine") && name.ends_with(".wasm") => "engine",
            name if name.ends_with(".wasm") => "wasm",
            name if name.starts_with("vendor/editor") => "editor",
            name if name.starts_with("vendor/") => "fonts",
            _ => "page",
        };
        *sizes.entry(part).or_default() += compressed(&path);
    }
}

fn compressed(path: &std::path::Path) -> u64 {
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
