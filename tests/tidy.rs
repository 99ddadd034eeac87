//! Tidiness: documents name what exists, files and functions fit a reader's head, nothing is left half done.

use std::collections::BTreeSet;

use tests::repository::{crates, read, root, sources};
use tests::source::{code_only, functions};

const DOCUMENTS: [&str; 4] = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Folders whose paths the documents may name.
const FOLDERS: [&str; 5] = ["crates/", "www/", "tests/", ".ci/", ".cargo/"];

/// Named in documents, but absent from a fresh checkout.
const BUILT: [&str; 1] = ["www/vendor"];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// Words that a crate's essay has at least: what it is for takes two or three sentences.
const ESSAY_WORDS: usize = 40;

/// Files that may be longer, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];

/// Functions that may be longer, as `path name`, each with its reason.
const LONG_FUNCTIONS: [(&str, &str); 13] = [
    ("crates/controller-manager/src/attachdetach/reason.rs explain", TABLE),
    ("crates/controller-manager/src/persistentvolume/reason.rs explain_deed", TABLE),
    ("crates/controller-manager/src/persistentvolume/reason.rs explain_wait", TABLE),
    ("crates/controller-manager/src/statefulset/reason_deeds.rs explain_deed", TABLE),
    ("crates/controller-manager/src/statefulset/reason_updates.rs explain_update", TABLE),
    ("crates/controller-manager/src/statefulset/reason_waits.rs explain_refusal", TABLE),
    ("crates/controller-manager/src/statefulset/reason_waits.rs explain_wait", TABLE),
    ("crates/controller-manager/src/tainteviction/reason.rs explain", TABLE),
    ("crates/csi/src/reason.rs explain", TABLE),
    ("crates/kubelet/src/reason.rs of_starts", TABLE),
    ("crates/playground/src/fault_words.rs of", TABLE),
    ("crates/session/src/names_reason.rs explain", TABLE),
    ("crates/session/src/why/situation.rs explain", TABLE),
];

/// Sentences of a component's reasons: splitting a table hides what is missing from it.
const TABLE: &str = "a table, one arm a rule, in two languages";

#[test]
fn documents_name_only_paths_that_exist() {
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let named = link_targets(&text).into_iter().chain(paths(&text)).filter(|path| !is_built(path));
        wrong.extend(
            named.filter(|path| !root().join(path).exists()).map(|path| format!("{document}: {path}")),
        );
    }
    assert!(wrong.is_empty(), "named but missing:\n{}", wrong.join("\n"));
}

/// A name of four words or more in backticks is a test's: those of crates and macros are shorter.
#[test]
fn documents_name_only_tests_that_exist() {
    let sources = ["crates", "tests"].iter().flat_map(|folder| sources(folder, &["rs"]));
    let known: BTreeSet<String> =
        sources.flat_map(|path| functions(&read(&path))).map(|each| each.name).collect();
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let is_name =
            |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let named = text.split('`').filter(is_name).filter(|word| word.matches('_').count() >= 3);
        wrong.extend(named.filter(|name| !known.contains(*name)).map(|name| format!("{document}: {name}")));
    }
    assert!(wrong.is_empty(), "named but missing:\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let long: BTreeSet<String> =
        our_sources().into_iter().filter(|path| read(path).lines().count() > FILE_LINES).collect();
    compare("files", FILE_LINES, &long, &LONG_FILES);
}

#[test]
fn functions_are_short() {
    let mut long = BTreeSet::new();
    for path in our_sources().into_iter().filter(|path| path.ends_with(".rs")) {
        let all = functions(&read(&path));
        long.extend(
            all.iter().filter(|each| each.lines > FUNCTION_LINES).map(|each| format!("{path} {}", each.name)),
        );
    }
    compare("functions", FUNCTION_LINES, &long, &LONG_FUNCTIONS);
}

#[test]
fn nothing_is_left_half_done() {
    let mut left = Vec::new();
    for path in our_sources().into_iter().filter(|path| path.ends_with(".rs")) {
        let code = code_only(&read(&path));
        let macros = ["todo!", "dbg!", "unimplemented!"];
        left.extend(macros.iter().filter(|name| code.contains(*name)).map(|name| format!("{path}: {name}")));
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn every_crate_opens_with_an_essay() {
    let mut silent = Vec::new();
    for folder in crates() {
        let file = ["lib.rs", "main.rs"].map(|name| format!("{folder}/src/{name}"));
        let file = file.iter().find(|path| root().join(path).is_file()).expect("a crate has a root file");
        let text = read(file);
        let essay = text.lines().map_while(|line| line.strip_prefix("//!")).flat_map(str::split_whitespace);
        if essay.count() < ESSAY_WORDS {
            silent.push(file.clone());
        }
    }
    assert!(silent.is_empty(), "fewer than {ESSAY_WORDS} words of //! in\n{}", silent.join("\n"));
}

fn our_sources() -> Vec<String> {
    let folders = ["crates", "tests", "www"];
    folders.iter().flat_map(|folder| sources(folder, &["rs", "js", "mjs"])).collect()
}

/// What is too long without leave, and what has leave without being long.
fn compare(what: &str, limit: usize, long: &BTreeSet<String>, allowed: &[(&str, &str)]) {
    let allowed: BTreeSet<String> = allowed.iter().map(|(name, _)| (*name).to_owned()).collect();
    let too_long: Vec<_> = long.difference(&allowed).cloned().collect();
    assert!(too_long.is_empty(), "{what} over {limit} lines:\n{}", too_long.join("\n"));
    let short_again: Vec<_> = allowed.difference(long).cloned().collect();
    assert!(
        short_again.is_empty(),
        "no longer over {limit} lines, strike their exception:\n{}",
        short_again.join("\n")
    );
}

/// `[words](target)`, but for other hosts and places on the same page.
fn link_targets(text: &str) -> Vec<String> {
    let ends = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let targets = ends.map(|(target, _)| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).map(str::to_owned).collect()
}

/// Every word that begins with one of our folders. Of `tests/<name>.rs` it is the part before the blank.
fn paths(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "`()[]|\"',;".contains(c));
    let ours = words.filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
    let known = ours.map(|word| match word.find(['<', '*', '{', '…']) {
        Some(blank) => {
            word.get(..blank).and_then(|head| head.rsplit_once('/')).map_or("", |(folder, _)| folder)
        }
        None => word.trim_end_matches(['.', ':']),
    });
    known.map(str::to_owned).collect()
}

fn is_built(path: &str) -> bool {
    BUILT.iter().any(|built| path.starts_with(built))
}

#[test]
fn paths_are_found_in_prose_and_code() {
    let text =
        "See `crates/api/src/lib.rs`, [the plan](ARCHITECTURE.md#layers) and tests/<name>.rs. Not web/x.";
    assert_eq!(paths(text), ["crates/api/src/lib.rs", "tests"]);
    assert_eq!(link_targets(text), ["ARCHITECTURE.md"]);
}
