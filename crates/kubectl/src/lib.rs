//! kubectl: a command line becomes requests, answers become text.
//!
//! A command is a small machine that is polled: it makes its requests through [`World`], writes to an
//! [`Output`], and either ends with an exit code or waits for the world to change. So `get -w`, `rollout
//! status` and `wait` stream while simulated time passes, and nothing here is asynchronous. Read in this
//! order: [`world`], [`command`], [`line`], [`flag`], [`flags`] and [`args`], [`errors`], [`manifest`],
//! [`resources`], [`output`] and [`jsonpath`], [`printers`], [`describe`], [`send`], then a file for each
//! verb.
//!
//! Models: `k8s.io/kubectl` v0.36.3, `k8s.io/cli-runtime`, `pkg/printers/internalversion`.

pub mod annotation;
pub mod apply;
pub mod apply_file;
pub mod args;
pub mod attach;
pub mod attached;
pub mod budget;
pub mod columns;
pub mod command;
pub mod complete;
pub mod config;
pub mod cp;
pub mod create;
pub mod delete;
pub mod describe;
pub mod diff;
pub mod drain;
pub mod edit;
pub mod errors;
pub mod events;
pub mod exec;
pub mod explain;
pub mod expose;
pub mod filter;
pub mod flag;
pub mod flags;
pub mod foreign;
pub mod foreign_generate;
pub mod forward;
pub mod generate;
pub mod get;
pub mod get_args;
pub mod gotemplate;
pub mod help;
pub mod jsonpath;
pub mod kubeconfig;
pub mod label;
pub mod line;
pub mod local;
pub mod logs;
mod loops;
pub mod manifest;
pub mod nodes;
pub mod output;
pub mod patch;
mod pipeline;
pub mod plain;
pub mod printers;
pub mod prune;
pub mod rbac;
pub mod resources;
pub mod rollout;
pub mod run;
pub mod scale;
pub mod script;
pub mod send;
pub mod server_side;
pub mod set;
pub mod tar;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod token;
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
    /// What `-f -` reads; also the text of a file that the world does not have.
    pub stdin: Option<String>,
    /// `-n`, or `default`.
    pub namespace: String,
}

/// Begins a command line, whatever its text is: what is wrong with it is said when the command is polled.
pub fn start(line: &str, stdin: Option<&str>) -> Box<dyn Command> {
    match apply_file::file_of(line) {
        Some(file) => apply_file::start(file, stdin),
        None => script::start(line, stdin),
    }
}

/// Begins `kubectl apply -f FILE` for a file of any name.
pub fn start_apply(file: &str) -> Box<dyn Command> {
    apply_file::start(file, None)
}

/// Begins a line that is one command: `|`, `>` and `;` have no meaning in it.
#[inline(never)] // a gate: `www/editor/split/parts.mjs`
pub fn start_simple(line: &str, stdin: Option<&str>) -> Box<dyn Command> {
    let words = match line::split(line) {
        Ok(words) => words,
        Err(message) => return command::failed(format!("{message}\n"), 2),
    };
    let mut words = words.into_iter();
    let Some(program) = words.next() else { return command::printed(String::new()) };
    let rest: Vec<String> = words.collect();
    match program.as_str() {
        "kubectl" | "k" => kubectl(rest, stdin),
        "help" => command::printed(help::of("")),
        "nslookup" | "dig" | "getent" => exec::dns_tool(std::iter::once(program).chain(rest).collect()),
        "hostname" | "cat" | "ls" | "wget" => exec::outside(&program),
        other => command::failed(plain::not_here(other), 127),
    }
}

fn kubectl(mut words: Vec<String>, stdin: Option<&str>) -> Box<dyn Command> {
    let stdin = stdin.map(str::to_owned);
    let Some(at) = args::verb_place(&words) else {
        return match Args::parse("", words) {
            Ok(_) => command::printed(help::of("")),
            Err(message) => command::failed(message, 1),
        };
    };
    // What is wrong with the flags before a verb is said of kubectl itself.
    if let Err(message) = Args::parse("", words.get(..at).unwrap_or_default().to_vec()) {
        return command::failed(message, 1);
    }
    let verb = words.remove(at);
    if verb == "help" {
        return match help::topic(&words) {
            Ok(page) => command::printed(page),
            Err(message) => command::failed(message, 0),
        };
    }
    if !help::verbs().any(|known| known == verb) {
        return command::failed(plain::unknown_command(&verb), 1);
    }
    let mut args = match Args::parse(&verb, words) {
        Ok(args) => args,
        Err(message) if verb == "options" => {
            let help = "See 'kubectl options --help' for usage.";
            return command::failed(message.replace(help, "Run 'kubectl options' without flags."), 1);
        }
        // `diff` says with 1 that something differs.
        Err(message) if verb == "diff" => {
            let message = message.replace("--help' for usage.", "-h' for help and examples");
            return command::failed(message, 2);
        }
        Err(message) => return command::failed(message, 1),
    };
    let notices = args.take_notices();
    if !notices.is_empty() {
        return command::planned(move |_, out| {
            out.stderr.push_str(&notices);
            Ok(invoke(&verb, args.clone(), stdin.as_deref()))
        });
    }
    invoke(&verb, args, stdin.as_deref())
}

fn invoke(verb: &str, args: Args, stdin: Option<&str>) -> Box<dyn Command> {
    if args.is_on("help") {
        return command::printed(help::of(args.command()));
    }
    if let Some(context) = args.value("context").filter(|c| !matches!(*c, "" | kubeconfig::CONTEXT)) {
        return command::failed(errors::line(&format!("context \"{context}\" does not exist")), 1);
    }
    // Some commands have a `--user` of their own.
    let own: Vec<&str> = help::page(args.command())
        .map_or_else(Vec::new, |page| page.options.iter().map(|f| f.name).collect());
    for (flag, known, what) in [("cluster", "kubernetes", "cluster"), ("user", "admin", "auth info")] {
        if let Some(name) =
            args.value(flag).filter(|name| !name.is_empty() && *name != known && !own.contains(&flag))
        {
            return command::failed(errors::line(&format!("{what} \"{name}\" does not exist")), 1);
        }
    }
    let namespace = args.value("namespace").filter(|n| !n.is_empty()).unwrap_or("default").to_owned();
    let call = Invocation { args, stdin: stdin.map(str::to_owned), namespace };
    if local::is_offline(verb) {
        return dispatch(verb, call);
    }
    if call.args.value("request-timeout").is_some_and(|t| !is_timeout(t)) {
        return command::failed(errors::line(BAD_TIMEOUT), 1);
    }
    match call.args.value("kubeconfig").filter(|path| !path.is_empty()).map(str::to_owned) {
        None => dispatch(verb, call),
        Some(path) => {
            let verb = verb.to_owned();
            command::planned(move |world, _| match world.file(&path) {
                Some(_) => Ok(dispatch(&verb, call.clone())),
                None => Err(errors::line(&format!("stat {path}: no such file or directory"))),
            })
        }
    }
}

const BAD_TIMEOUT: &str = "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)";

/// Whether a text is what `--request-timeout` takes: seconds, or a span of time as Go writes it.
fn is_timeout(text: &str) -> bool {
    let span = text.strip_prefix(['-', '+']).unwrap_or(text);
    span.parse::<u64>().is_ok() || apimachinery::duration::parse_go(span).is_ok()
}

fn dispatch(verb: &str, call: Invocation) -> Box<dyn Command> {
    match verb {
        "get" => get::start(call),
        "describe" => describe::start(call),
        "apply" => apply::start(call),
        "cp" => cp::start(call),
        "create" => create::start(call),
        "replace" => create::replace(call),
        "delete" => delete::start(call),
        "scale" => scale::start(call),
        "rollout" => rollout::start(call),
        "patch" => patch::start(call),
        "label" => label::start(call, label::What::Labels),
        "annotate" => label::start(call, label::What::Annotations),
        "set" => set::start(call),
        "run" => run::start(call),
        "attach" => attach::start(call),
        "expose" => expose::start(call),
        "logs" => logs::start(call),
        "exec" => exec::start(call),
        "autoscale" => foreign_generate::autoscale(call),
        "wait" => wait::start(call),
        "events" => events::start(call),
        "diff" => diff::start(call),
        "edit" => edit::start(call, edit::What::Objects),
        "explain" => explain::start(call),
        "cordon" => nodes::cordon(call, true),
        "uncordon" => nodes::cordon(call, false),
        "drain" => drain::start(call),
        "taint" => nodes::taint(call),
        "auth" => config::auth(call),
        "config" => kubeconfig::config(&call),
        "version" => config::version(&call),
        "api-resources" => config::api_resources(&call),
        "api-versions" => config::api_versions(&call),
        "cluster-info" => command::printed(config::CLUSTER_INFO.to_owned()),
        verb => local::start(verb, &call).unwrap_or_else(|| {
            command::failed(errors::line(&format!("{verb} is not part of this terminal")), 1)
        }),
    }
}
