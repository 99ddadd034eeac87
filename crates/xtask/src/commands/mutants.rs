//! `cargo xtask mutants [WORD]`: does any test notice if the StatefulSet controller is a little wrong?
//!
//! Each mutant of `tests/mutants.txt` is put into the source, the tests that should notice run until one fails,
//! and the source is put back (`git diff` shows a mutant whose run was broken off). The result is the table of
//! `tests/README.md`. Most mutants cost a build of one crate's tests. Where these notice nothing, simulation and
//! recordings run in the profile `judge`, whose builds are short and whose programs are quick enough. It is no
//! part of `cargo xtask test`.

use std::fs;
use std::time::Instant;

use crate::process::cargo;
use crate::report::{Failure, Outcome, at, say, span};
use crate::workspace;

/// Where the mutants stand.
const LIST: &str = "tests/mutants.txt";

/// A command that fails if it notices a mutant.
struct Judge {
    name: &'static str,
    /// The words for cargo.
    words: &'static [&'static str],
    /// Takes the name of what noticed it from a line of the output.
    witness: fn(&str) -> Option<String>,
}

/// All judges, quick ones first.
const JUDGES: &[Judge] = &[
    Judge {
        name: "unit test",
        words: &["test", "--quiet", "--locked", "--package", "controller-manager"],
        witness: |line| Some(line.strip_prefix("---- ")?.split("::").last()?.split(' ').next()?.to_owned()),
    },
    Judge {
        name: "simulation",
        words: &[
            "run",
            "--quiet",
            "--locked",
            "--profile",
            "judge",
            "--package",
            "simulation",
            "--",
            "--as-found",
        ],
        witness: |line| Some(line.split_once(" ms: ")?.1.split(": ").next()?.to_owned()),
    },
    Judge {
        name: "recording",
        words: &[
            "run",
            "--quiet",
            "--locked",
            "--profile",
            "judge",
            "--package",
            "conformance",
            "--bin",
            "conformance",
        ],
        witness: |line| Some(line.strip_prefix("FAILED ")?.split([' ', ':']).next()?.to_owned()),
    },
];

/// A small mistake, and the place where it is put in.
struct Mutant {
    name: String,
    file: String,
    old: String,
    new: String,
}

pub fn run(arguments: &[String]) -> Outcome<()> {
    let text = at(LIST.as_ref(), fs::read_to_string(workspace::root().join(LIST)))?;
    let wanted = |mutant: &Mutant| arguments.iter().all(|word| mutant.name.contains(word));
    let mutants: Vec<Mutant> = read(&text)?.into_iter().filter(wanted).collect();
    let begin = Instant::now();
    let mut alive = 0;
    say("| mutant | file | noticed by |\n|---|---|---|");
    for mutant in &mutants {
        let noticed = judge(mutant)?;
        alive += usize::from(noticed.is_none());
        let file = mutant.file.rsplit('/').next().unwrap_or_default();
        let noticed = noticed.unwrap_or_else(|| "**nobody**".to_owned());
        say(&format!("| {} | `{file}` | {noticed} |", mutant.name));
    }
    say(&format!("\n{} mutants, {alive} alive, {}", mutants.len(), span(begin)));
    Ok(())
}

/// Reads the list: blocks of `# name`, `file`, `- old` lines, `+ new` lines.
fn read(text: &str) -> Outcome<Vec<Mutant>> {
    let mut mutants: Vec<Mutant> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        if let Some(name) = line.strip_prefix("# ") {
            let (file, old, new) = (String::new(), String::new(), String::new());
            mutants.push(Mutant { name: name.to_owned(), file, old, new });
            continue;
        }
        let mutant =
            mutants.last_mut().ok_or_else(|| Failure::from(format!("{LIST}: `{line}` is nobody's")))?;
        let add = |to: &mut String, line: &str| {
            if !to.is_empty() {
                to.push('\n');
            }
            to.push_str(line);
        };
        match (line.strip_prefix("- "), line.strip_prefix("+ ")) {
            (Some(old), _) => add(&mut mutant.old, old),
            (_, Some(new)) => add(&mut mutant.new, new),
            _ => line.clone_into(&mut mutant.file),
        }
    }
    Ok(mutants)
}

/// Who notices a mutant first, if anybody.
fn judge(mutant: &Mutant) -> Outcome<Option<String>> {
    let path = workspace::root().join(&mutant.file);
    let source = at(&path, fs::read_to_string(&path))?;
    if source.matches(&mutant.old).count() != 1 {
        return Err(format!("`{}`: its old text must stand once in {}", mutant.name, mutant.file).into());
    }
    at(&path, fs::write(&path, source.replace(&mutant.old, &mutant.new)))?;
    let verdict = noticed(mutant);
    at(&path, fs::write(&path, source))?;
    verdict
}

fn noticed(mutant: &Mutant) -> Outcome<Option<String>> {
    let run = |words: &[&str]| {
        let output = cargo().args(words).output();
        output.map_err(|error| Failure::from(format!("cargo did not start: {error}")))
    };
    let check = run(&["check", "--quiet", "--locked", "--package", "controller-manager"])?;
    if !check.status.success() {
        let why = String::from_utf8_lossy(&check.stderr);
        return Err(format!("`{}` does not compile: {why}", mutant.name).into());
    }
    for judge in JUDGES {
        let output = run(judge.words)?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let witness = text.lines().find_map(judge.witness);
            return Ok(Some(witness.map_or(judge.name.to_owned(), |who| format!("{} `{who}`", judge.name))));
        }
    }
    Ok(None)
}
