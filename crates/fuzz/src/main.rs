//! `fuzz [--seconds N] [--seed S] [--target NAME] [--read FILE] [--slow MS]`: tries mutated texts until the time is
//! over, or until one is found that panics or takes long, which is printed in the shortest form that still does.
//! `--read` tries the text of one file, whose name begins with the name of a target.

// This is the front: it reads arguments and files, and prints. The library does none of it.
#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs};

use fuzz::corpus;
use fuzz::target::Target;
use fuzz::watch::{self, Found, Wanted};

fn main() -> ExitCode {
    match work(env::args().skip(1)) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            println!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn work(mut words: impl Iterator<Item = String>) -> Result<String, String> {
    let (span, slow) = (Duration::from_secs(60), Duration::from_secs(1));
    let mut wanted = Wanted { from: 0, span, cases: u64::MAX, slow, only: None };
    let mut file = None;
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` wants a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("`{value}` is no number"));
        match word.as_str() {
            "--seconds" => wanted.span = Duration::from_secs(number()?),
            "--slow" => wanted.slow = Duration::from_millis(number()?),
            // Runs of neighbouring seeds share no case.
            "--seed" => wanted.from = number()? << 32,
            "--target" => {
                wanted.only =
                    Some(Target::named(&value).ok_or_else(|| format!("there is no target `{value}`"))?);
            }
            "--read" => file = Some(PathBuf::from(value)),
            other => return Err(format!("`{other}` is not known")),
        }
    }
    if let Some(file) = file {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or("");
        let target =
            Target::named(name.split('-').next().unwrap_or(name)).ok_or("the file's name names no target")?;
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        return watch::read(vec![(target, text)], wanted.slow)
            .map(|_| "nothing found".to_owned())
            .map_err(|found| told(&found));
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // What panics is told once, at the end.
    std::panic::set_hook(Box::new(|_| {}));
    match watch::run(&corpus::collect(&repository), wanted) {
        Ok(cases) => Ok(format!("{cases} cases, nothing found")),
        Err(found) => Err(told(&watch::shortened(*found, wanted.slow))),
    }
}

fn told(found: &Found) -> String {
    let Found { target, case, text, what } = found;
    let case = case.map_or_else(String::new, |case| format!(" (case {case})"));
    let most = text.floor_char_boundary(2_000);
    let shown = text.get(..most).unwrap_or("");
    format!("{}{case} {what}, {} bytes:\n{shown}", target.name(), text.len())
}
