//! `wasm-bindgen FILE --target web --out-dir DIR`: the flags that Trunk and `cargo xtask` pass, and no others.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--version"] {
        println!("wasm-bindgen {}", wasm_bindgen_cli_support_version());
        return ExitCode::SUCCESS;
    }
    match run(arguments.into_iter()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The version that Cargo.toml pins: the one line there that names it.
fn wasm_bindgen_cli_support_version() -> &'static str {
    let line =
        include_str!("../Cargo.toml").lines().find(|line| line.starts_with("wasm-bindgen-cli-support"));
    line.and_then(|line| line.split('"').nth(1)).unwrap_or("?").trim_start_matches('=')
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // As the command of this name does; the library's own default is none.
    bindgen.typescript(true);
    let mut folder = None;
    while let Some(argument) = arguments.next() {
        let (flag, value) =
            argument.split_once('=').map_or((&*argument, None), |(f, v)| (f, Some(v.to_owned())));
        let mut value = || value.clone().or_else(|| arguments.next()).ok_or(format!("{flag} needs a value"));
        match flag {
            "--target" if value()? == "web" => {
                drop(bindgen.web(true).map_err(|problem| problem.to_string())?)
            }
            "--out-dir" => folder = Some(value()?),
            "--out-name" => drop(bindgen.out_name(&value()?)),
            "--keep-debug" => drop(bindgen.keep_debug(true)),
            "--no-demangle" => drop(bindgen.demangle(false)),
            "--no-typescript" => drop(bindgen.typescript(false)),
            file if !file.starts_with('-') => drop(bindgen.input_path(file)),
            other => return Err(format!("this build of wasm-bindgen does not know `{other}`")),
        }
    }
    let folder = folder.ok_or("--out-dir is missing")?;
    bindgen.generate(folder).map_err(|problem| format!("{problem:?}"))
}
