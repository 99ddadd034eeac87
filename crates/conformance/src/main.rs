//! `conformance [DIR] [--filter GLOB] [--json FILE] [--all] [--trace STEP] [--chances]`: plays all recordings
//! of a folder.
//!
//! It shows the first step of each that differs, names the steps that are known to differ, and ends with the
//! line `N passed, M failed`. With `--chances` each recording of a control plane is also played with each of
//! [`chances`], and the state at rest after each step must be as recorded there, too.

// This is the front: it reads files, starts threads and prints. The library does none of it.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

mod chances;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use conformance::known::{self, Known};
use conformance::{Chance, Recording, play, read, report};
use serde_json::{Value, json};

/// Where the project's own recordings lie.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance");

/// What was asked for.
struct Wanted {
    folder: PathBuf,
    filter: String,
    json: Option<PathBuf>,
    all: bool,
    trace: Option<usize>,
    chances: bool,
}

/// What came of one recording.
struct Verdict {
    passed: bool,
    /// For people.
    text: String,
    /// For programs.
    value: Value,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            println!("{why}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let wanted = wanted(env::args().skip(1))?;
    let known = known::known(known::COMMITTED)?;
    let mut paths = Vec::new();
    collect(&wanted.folder, &mut paths).map_err(|error| format!("{}: {error}", wanted.folder.display()))?;
    paths.retain(|path| matches(&wanted.filter, &stem(path)));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{}: no recordings of that name", wanted.folder.display()));
    }
    let verdicts = play_all(&paths, &wanted, &known);
    for verdict in verdicts.iter().filter(|verdict| !verdict.text.is_empty()) {
        print!("{}", verdict.text);
    }
    if let Some(file) = &wanted.json {
        let all: Vec<&Value> = verdicts.iter().map(|verdict| &verdict.value).collect();
        fs::write(file, format!("{:#}\n", json!(all))).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    let failed = verdicts.iter().filter(|verdict| !verdict.passed).count();
    println!("{} passed, {failed} failed", verdicts.len() - failed);
    Ok(failed == 0)
}

fn wanted(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted {
        folder: FOLDER.into(),
        filter: "*".to_owned(),
        json: None,
        all: false,
        trace: None,
        chances: false,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
        match word.as_str() {
            "--filter" => wanted.filter = value()?,
            "--json" => wanted.json = Some(value()?.into()),
            "--all" => wanted.all = true,
            "--chances" => wanted.chances = true,
            "--trace" => wanted.trace = Some(value()?.parse().map_err(|_| "`--trace` wants a step")?),
            flag if flag.starts_with('-') => return Err(format!("there is no flag `{flag}`")),
            folder => wanted.folder = folder.into(),
        }
    }
    Ok(wanted)
}

/// All `.json` files of a folder and those below it.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    Ok(())
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether `name` fits `glob`, in which `*` stands for any text and `?` for any character.
fn matches(glob: &str, name: &str) -> bool {
    let Some(first) = glob.chars().next() else { return name.is_empty() };
    let rest = &glob[first.len_utf8()..];
    if first == '*' {
        return name
            .char_indices()
            .map(|(at, _)| at)
            .chain([name.len()])
            .any(|at| matches(rest, &name[at..]));
    }
    let mut tail = name.chars();
    tail.next().is_some_and(|c| first == '?' || first == c) && matches(rest, tail.as_str())
}

/// Plays on as many threads as the machine has processors; verdicts are in the order of the paths.
fn play_all(paths: &[PathBuf], wanted: &Wanted, known: &Known) -> Vec<Verdict> {
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((at, path)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| paths.get(at).map(|path| (at, path)))
        {
            // A panic of the engine is a difference like any other.
            let verdict = catch_unwind(AssertUnwindSafe(|| judge(path, wanted, known)));
            let verdict = verdict.unwrap_or_else(|_| Err("the engine panicked".to_owned()));
            let verdict = verdict.unwrap_or_else(|why| broken(path, &why));
            if let Ok(mut verdicts) = verdicts.lock() {
                verdicts.insert(at, verdict);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    verdicts.into_inner().unwrap_or_default().into_values().collect()
}

fn broken(path: &Path, why: &str) -> Verdict {
    let id = stem(path);
    let text = format!("FAILED {id}: {why}\n");
    Verdict { passed: false, text, value: json!({"id": id, "passed": false, "error": why}) }
}

fn judge(path: &Path, wanted: &Wanted, known: &Known) -> Result<Verdict, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let recording = read(&text)?;
    let played = play(&recording, Chance::default());
    let nothing = BTreeMap::new();
    let known = known.get(&recording.id).unwrap_or(&nothing);
    let mut passed = played.differing().all(|step| known.contains_key(&step));
    let mut text = String::new();
    if let Some(other) = wanted.chances.then(|| chances::otherwise(&recording, &played)).flatten() {
        passed = false;
        text.push_str(&other);
    }
    for (step, why) in known {
        let word = if played.differs(*step) { "known to differ" } else { "differs no longer" };
        text.push_str(&format!("{word}: {} step {step}: {why}\n", recording.id));
    }
    if !played.differing().all(|step| known.contains_key(&step)) {
        text.push_str("FAILED ");
        text.push_str(&report::report(&recording, &played, wanted.all));
    }
    text.extend(wanted.trace.map(|step| report::trace(&played, step)));
    let value = value(&recording, &played.steps, passed, known);
    Ok(Verdict { passed, text, value })
}

fn value(
    recording: &Recording,
    steps: &[Vec<conformance::Difference>],
    passed: bool,
    known: &BTreeMap<usize, String>,
) -> Value {
    let differing = steps.iter().enumerate().filter(|(_, found)| !found.is_empty()).map(|(at, found)| {
        let said = recording.steps.get(at).map(conformance::Step::said);
        let found: Vec<Value> = found
            .iter()
            .map(|each| json!({"part": each.part, "recorded": each.recorded, "observed": each.observed}))
            .collect();
        json!({"step": at, "do": said, "known": known.get(&at), "differences": found})
    });
    json!({
        "id": recording.id, "title": recording.title, "steps": recording.steps.len(), "passed": passed,
        "node": recording.course.is_some(), "differing": differing.collect::<Vec<_>>(),
    })
}
