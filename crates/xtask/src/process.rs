//! Running other programs.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::report::{Failure, Outcome};
use crate::workspace;

/// A command that runs in the workspace's folder.
pub fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(workspace::root());
    command
}

/// The cargo that started this command.
pub fn cargo() -> Command {
    program(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Runs the program of one of the workspace's crates, built for speed.
pub fn optimised(package: &str) -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--locked", "--profile", "fast", "--package", package, "--bin", package]);
    command.arg("--");
    command
}

/// Runs a command to its end and shows its output; fails if the command fails.
pub fn run(command: &mut Command) -> Outcome<()> {
    let status = command.status().map_err(|error| did_not_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` ended with {status}", words(command)).into())
}

/// What a command prints, without the last line end; nothing if it cannot start or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// The file that a program's name stands for on `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&folders).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// `PATH` with some folders in front.
pub fn path_with(first: &[PathBuf]) -> Outcome<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&rest));
    env::join_paths(folders).map_err(|error| Failure::from(format!("PATH: {error}")))
}

/// A program that `npm ci` put into a folder of this project.
pub fn npm_program(folder: &Path, name: &str) -> PathBuf {
    let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    folder.join("node_modules/.bin").join(file)
}

fn did_not_start(command: &Command, error: &std::io::Error) -> Failure {
    format!("`{}` did not start: {error}", words(command)).into()
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let all = std::iter::once(program).chain(command.get_args());
    all.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
