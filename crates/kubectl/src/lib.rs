//! kubectl: a command line becomes requests, answers become text.
//!
//! A command is a small machine that is polled: it makes its requests through [`World`], writes to an
//! [`Output`], and either ends with an exit code or waits for the world to change. So `get -w`,
//! `rollout status` and `wait` stream while simulated time passes, and nothing here is asynchronous.
//! Read in this order: [`world`], [`command`], [`line`], [`args`], [`resources`], [`output`],
//! [`printers`], [`describe`], then a file per verb.
//!
//! Models: `k8s.io/kubectl` v0.36.3, `k8s.io/cli-runtime`, `pkg/printers/internalversion`.

pub mod apply;
pub mod args;
pub mod command;
pub mod create;
pub mod delete;
pub mod describe;
pub mod errors;
pub mod exec;
pub mod get;
pub mod label;
pub mod line;
pub mod logs;
pub mod manifest;
pub mod nodes;
pub mod output;
pub mod patch;
pub mod plain;
pub mod printers;
pub mod resources;
pub mod rollout;
pub mod scale;
pub mod set;
#[cfg(test)]
mod testing;
pub mod wait;
pub mod world;

pub use command::{Command, Output, Poll};
pub use world::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

use args::Args;

/// What a verb gets: its arguments, standard input, and the namespace.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Flags and positional arguments after the verb.
    pub args: Args,
    /// What `-f -` reads.
    pub stdin: Option<String>,
    /// `-n`, or `default`.
    pub namespace: String,
}

/// Begins a command line. Its text may be any: what is wrong with it is said when it is polled.
pub fn start(line: &str, stdin: Option<&str>) -> Box<dyn Command> {
    let words = match line::split(line) {
        Ok(words) => words,
        Err(message) => return command::failed(format!("{message}\n"), 2),
    };
    let mut words = words.into_iter().peekable();
    let Some(program) = words.next() else { return command::printed(String::new()) };
    match program.as_str() {
        "kubectl" | "k" => kubectl(words.collect(), stdin),
        "help" => command::printed(plain::HELP.to_owned()),
        "nslookup" | "hostname" | "cat" | "ls" | "wget" => exec::outside(&program),
        other => command::failed(plain::not_here(other), 127),
    }
}

fn kubectl(words: Vec<String>, stdin: Option<&str>) -> Box<dyn Command> {
    let mut words = words;
    let Some(at) = verb_place(&words) else { return command::printed(plain::HELP.to_owned()) };
    let verb = words.remove(at);
    let args = match Args::parse(&verb, words) {
        Ok(args) => args,
        Err(message) => return command::failed(message, 1),
    };
    let namespace = args.value("namespace").unwrap_or("default").to_owned();
    let call = Invocation { args, stdin: stdin.map(str::to_owned), namespace };
    match verb.as_str() {
        "get" => get::start(call),
        "describe" => describe::start(call),
        "apply" => apply::start(call),
        "create" => create::start(call),
        "replace" => create::replace(call),
        "delete" => delete::start(call),
        "scale" => scale::start(call),
        "rollout" => rollout::start(call),
        "patch" => patch::start(call),
        "label" => label::start(call, label::What::Labels),
        "annotate" => label::start(call, label::What::Annotations),
        "set" => set::start(call),
        "logs" => logs::start(call),
        "exec" => exec::start(call),
        "wait" => wait::start(call),
        "cordon" => nodes::cordon(call, true),
        "uncordon" => nodes::cordon(call, false),
        "drain" => nodes::drain(call),
        "taint" => nodes::taint(call),
        "version" => command::printed(plain::VERSION.to_owned()),
        "api-resources" => command::printed(plain::api_resources()),
        "cluster-info" => command::printed(plain::CLUSTER_INFO.to_owned()),
        "top" => command::failed("error: Metrics API not available\n".to_owned(), 1),
        other => command::failed(plain::unknown_command(other), 1),
    }
}

/// Where the verb stands: the first word that is no flag nor a global flag's value.
fn verb_place(words: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if !word.starts_with('-') {
            return Some(at);
        }
        at += if matches!(word.as_str(), "-n" | "--namespace") { 2 } else { 1 };
    }
    None
}
