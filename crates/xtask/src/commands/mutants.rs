//! `cargo xtask mutants [WORD]`: does any test notice if the StatefulSet controller is a little wrong?
//!
//! Each mutant of `tests/mutants.txt` is put into the source, the tests that should notice run until one fails,
//! and the source is put back. The result is the table of `tests/README.md`. A mutant costs a build, so this is no
//! part of `cargo xtask test`.

use std::fs;

use crate::process::{cargo, output_of, run as run_program};
use crate::report::{Failure, Outcome, at, say};
use crate::workspace;

/// Where the mutants stand.
const LIST: &str = "tests/mutants.txt";

/// Who may notice, quick ones first: a name, and the words for cargo.
const JUDGES: &[(&str, &[&str])] = &[
    ("unit tests", &["test", "--quiet", "--locked", "--package", "controller-manager"]),
    ("simulation", &["test", "--quiet", "--locked", "--package", "simulation", "--test", "simulation"]),
    ("recordings", &["test", "--quiet", "--locked", "--package", "tests", "--test", "conformance"]),
];

/// A small mistake.
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
    let mut alive = 0;
    say("| mutant | file | noticed by |\n|---|---|---|");
    for mutant in &mutants {
        let judge = judge(mutant)?;
        alive += usize::from(judge.is_none());
        let file = mutant.file.rsplit('/').next().unwrap_or_default();
        say(&format!("| {} | `{file}` | {} |", mutant.name, judge.unwrap_or("**nobody**")));
    }
    say(&format!("\n{} mutants, {alive} alive", mutants.len()));
    Ok(())
}

/// Blocks of `# name`, `file`, `- old` lines, `+ new` lines.
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
fn judge(mutant: &Mutant) -> Outcome<Option<&'static str>> {
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

fn noticed(mutant: &Mutant) -> Outcome<Option<&'static str>> {
    run_program(cargo().args(["check", "--quiet", "--locked", "--package", "controller-manager"]))
        .map_err(|_| Failure::from(format!("`{}` does not compile", mutant.name)))?;
    let fails = |words: &[&str]| output_of(cargo().args(words)).is_none();
    Ok(JUDGES.iter().find(|(_, words)| fails(words)).map(|(name, _)| *name))
}
