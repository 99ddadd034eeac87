//! Some seconds of mutated texts, and those that have found something once. `cargo xtask fuzz` tries more.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // a test reads files

use std::path::Path;
use std::time::Duration;

use fuzz::corpus;
use fuzz::target::Target;
use fuzz::watch::{self, Found, Wanted};

/// A build without optimisation on a busy machine is slow; what hangs is found all the same.
const SLOW: Duration = Duration::from_secs(30);
/// Cases of a run.
const CASES: u64 = 700;

fn repository() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn check(outcome: Result<u64, Box<Found>>) -> u64 {
    outcome.unwrap_or_else(|found| {
        panic!("{} {:?} {}:\n{}", found.target.name(), found.case, found.what, found.text)
    })
}

#[test]
fn no_mutated_text_panics_or_hangs() {
    let corpus = corpus::collect(&repository());
    assert!(Target::ALL.iter().all(|target| corpus.contains_key(target)), "every target has seeds");
    let wanted =
        Wanted { from: 1 << 60, span: Duration::from_secs(20), cases: CASES, slow: SLOW, only: None };
    assert!(check(watch::run(&corpus, wanted)) > 0);
}

#[test]
fn what_was_found_once_is_fine() {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(repository().join("crates/fuzz/tests/found")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let target = Target::named(name.split('-').next().unwrap()).unwrap();
        texts.push((target, std::fs::read_to_string(&path).unwrap()));
    }
    check(watch::read(texts, SLOW));
}
