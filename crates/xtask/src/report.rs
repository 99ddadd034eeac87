//! What a person reads while a command works, and why one ended.

use std::fmt;
use std::time::Instant;

/// Why a command cannot go on: one sentence, with the way out where there is one.
#[derive(Debug)]
pub struct Failure(String);

/// The result of every step.
pub type Outcome<T> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self(sentence)
    }
}

impl From<&str> for Failure {
    fn from(sentence: &str) -> Self {
        Self(sentence.to_owned())
    }
}

/// Turns an I/O error into a sentence that names the file.
pub fn at<T>(path: &std::path::Path, result: std::io::Result<T>) -> Outcome<T> {
    result.map_err(|error| Failure(format!("{}: {error}", path.display())))
}

/// One line for the person, beside the tools' own output.
pub fn say(line: &str) {
    eprintln!("{line}");
}

/// Runs a long step between a line that announces it and a line that says how long it took.
pub fn step<T>(announcement: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    say(&format!("==> {announcement}"));
    let begin = Instant::now();
    let result = work();
    let word = if result.is_ok() { "done" } else { "failed" };
    say(&format!("    {word} after {}", span(begin)));
    result
}

/// The time since `begin`, as people write it: `8 s`, `3 min 20 s`.
pub fn span(begin: Instant) -> String {
    let seconds = begin.elapsed().as_secs();
    match seconds / 60 {
        0 => format!("{seconds} s"),
        minutes => format!("{minutes} min {} s", seconds % 60),
    }
}
