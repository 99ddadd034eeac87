//! Conformance: what a real Kubernetes v1.36.3 did, this engine does. One case a recording.
//!
//! `cargo test -p tests --test conformance D04` plays those with `D04` in their names. A case fails if a
//! step differs that tests/conformance/known-differences.txt does not name, or if one that it names does not
//! differ any more.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fs, thread};

use conformance::known::{self, Known};
use conformance::{Chance, play, read, report};
use libtest_mimic::{Arguments, Failed, Trial};
use tests::repository::{root, sources};

/// Where the recordings lie.
const FOLDER: &str = "tests/conformance";

/// An unoptimised build recurses deeper than a thread's usual stack allows.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let known = known::known(known::COMMITTED).expect("the list of known differences is one");
    let paths = sources(FOLDER, &["json"]);
    let stem = |path: &String| PathBuf::from(path).file_stem().map(|s| s.to_string_lossy().into_owned());
    let ids: Vec<String> = paths.iter().filter_map(stem).collect();
    let mut trials = vec![Trial::test("known_differences_are_of_recordings", {
        let (known, ids) = (known.clone(), ids.clone());
        move || known_differences_are_of_recordings(&known, &ids)
    })];
    for (path, id) in paths.into_iter().zip(ids) {
        let known = known.clone();
        trials.push(Trial::test(id, move || deep(move || as_recorded(&path, &known))));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Runs a case on a stack of its own.
fn deep(case: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Result<(), Failed> {
    let thread = thread::Builder::new().stack_size(STACK).spawn(case).expect("a thread starts");
    thread.join().unwrap_or_else(|_| Err("the engine panicked, see above".into()))
}

fn known_differences_are_of_recordings(known: &Known, ids: &[String]) -> Result<(), Failed> {
    let unknown: Vec<&String> = known.keys().filter(|id| !ids.contains(id)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(format!("no such recordings: {unknown:?}").into()) }
}

fn as_recorded(path: &str, known: &Known) -> Result<(), Failed> {
    let text = fs::read_to_string(root().join(path))?;
    let recording = read(&text)?;
    let played = play(&recording, Chance::default());
    let known = known.get(&recording.id);
    if !played.differing().all(|step| known.is_some_and(|known| known.contains_key(&step))) {
        return Err(report::report(&recording, &played, false).into());
    }
    let gone = known.into_iter().flatten().find(|(step, _)| !played.differs(**step));
    match gone {
        None => Ok(()),
        Some((step, _)) => Err(format!("step {step} differs no longer: strike it from the list").into()),
    }
}
