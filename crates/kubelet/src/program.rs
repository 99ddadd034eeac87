//! What the process in a container does: its command is read, as far as manifests for teaching use it.
//!
//! Differs: there are no processes. A command line is a plan: output and files at moments, perhaps
//! an end. What the reading does not know runs on forever.

use std::time::Duration;

use apimachinery::decimal;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::images::{Behaviour, Image, ImageBehaviours, Main, OnTerm};

/// Something that a process leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// Prints a line.
    Prints(String),
    /// Makes a file, or appends a line to it.
    Writes {
        /// Absolute path.
        path: String,
        /// The text; empty only makes the file.
        text: String,
        /// Whether it appends (`>>`) or replaces (`>`).
        append: bool,
    },
    /// Removes a file.
    Removes(String),
}

/// The life of a process, laid out in advance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Why it cannot start: `exec: "nothere": executable file not found in $PATH`.
    pub refuses: Option<String>,
    /// What it leaves behind, and how long after its start; in order.
    pub traces: Vec<(Duration, Trace)>,
    /// When it ends by itself, and with what code.
    pub exits: Option<(Duration, i32)>,
    /// How it ends on SIGTERM.
    pub on_term: OnTerm,
    /// When it begins to answer.
    pub listens_after: Duration,
}

/// Programs that every image here has.
const APPLETS: [&str; 46] = [
    "sh", "bash", "ash", "sleep", "echo", "true", "false", "cat", "tail", "head", "ls", "touch", "rm",
    "mkdir", "date", "hostname", "env", "printenv", "test", "[", "nc", "wget", "ping", "nslookup", "top",
    "ps", "id", "grep", "sed", "awk", "cp", "mv", "chmod", "chown", "kill", "sync", "tee", "uname", "vi",
    "wc", "sort", "find", "df", "du", "httpd", "yes",
];

fn words(value: &Value, field: &str) -> Vec<String> {
    value.list_at(&[field]).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The plan of a container of an image; `programs` are further ones that it has.
pub fn plan(
    container: &Value,
    image: Option<&Image>,
    behaviour: &Behaviour,
    programs: &ImageBehaviours,
) -> Plan {
    let mut command = words(container, "command");
    let args = words(container, "args");
    let millis = Duration::from_millis;
    let mut plan = Plan {
        refuses: None,
        traces: Vec::new(),
        exits: None,
        on_term: OnTerm::Exits(millis(image.map_or(100, |i| i.stops_after_millis))),
        listens_after: millis(image.map_or(0, |i| i.listens_after_millis)),
    };
    let is_shell = image.is_some_and(|i| i.main == Main::Shell);
    if command.is_empty() && !behaviour.runs.is_empty() {
        command.push(behaviour.runs.clone());
    }
    let line: Vec<&String> = command.iter().chain(&args).collect();
    let reads = match line.as_slice() {
        [] => is_shell,
        [one] => matches!(base(one), "sh" | "bash" | "ash"),
        _ => false,
    };
    if reads && container.at(&["stdin"]) == Some(&Value::Bool(true)) {
        // A shell with an open standard input waits for lines; as process 1 it never hears SIGTERM.
        plan.on_term = OnTerm::Ignores;
    } else if command.is_empty() && is_shell && args.is_empty() {
        plan.exits = Some((millis(20), 0));
    } else if command.is_empty() && image.is_some_and(|i| i.main == Main::Greets) {
        plan.traces.push((Duration::ZERO, Trace::Prints("Hello from Docker!".to_owned())));
        plan.exits = Some((millis(20), 0));
    } else if !command.is_empty() || is_shell {
        command.extend(args);
        run(&command, image, programs, &mut plan);
    } else if image.is_some_and(|i| i.main == Main::Serves) {
        let greeting = format!("{}: ready to serve", container.str_at(&["image"]));
        plan.traces.push((Duration::ZERO, Trace::Prints(greeting)));
    }
    if let Some(after) = behaviour.exits_after {
        plan.exits = Some((after, behaviour.exit_code));
    }
    if let Some(on_term) = behaviour.on_term {
        plan.on_term = on_term;
    }
    if let Some(after) = behaviour.listens_after {
        plan.listens_after = after;
    }
    plan
}

fn base(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

fn run(command: &[String], image: Option<&Image>, programs: &ImageBehaviours, plan: &mut Plan) {
    let Some(program) = command.first() else { return };
    let name = base(program);
    let serves = image.is_some_and(|i| i.main == Main::Serves);
    // A server's own programs are not listed; a bare word with no meaning in a tool image is.
    if !APPLETS.contains(&name) && !serves && programs.script(command).is_none() {
        plan.refuses = Some(if program.contains('/') {
            format!("exec: \"{program}\": stat {program}: no such file or directory: unknown")
        } else {
            format!("exec: \"{program}\": executable file not found in $PATH: unknown")
        });
        return;
    }
    if APPLETS.contains(&name) {
        // As process 1 without a handler of its own it never hears SIGTERM.
        plan.on_term = OnTerm::Ignores;
    }
    let mut script = Script { at: Duration::ZERO, plan, depth: 0, programs };
    let end = match (name, command.get(1).map(String::as_str)) {
        ("sh" | "bash" | "ash", Some(flag)) if flag.starts_with('-') && flag.contains('c') => {
            script.text(command.get(2).map_or("", String::as_str), serves)
        }
        ("sh" | "bash" | "ash", _) => End::Exits(0),
        _ => script.command(command, serves),
    };
    let at = script.at;
    match end {
        End::Forever => {}
        End::Exits(code) => plan.exits = Some((at, code)),
        End::Goes(code) => plan.exits = Some((at, code)),
    }
}

/// How a command leaves a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It returned with this code; the next command runs.
    Goes(i32),
    /// It ends the script with this code.
    Exits(i32),
    /// It never returns.
    Forever,
}

struct Script<'p> {
    at: Duration,
    plan: &'p mut Plan,
    depth: usize,
    programs: &'p ImageBehaviours,
}

impl Script<'_> {
    fn trace(&mut self, trace: Trace) {
        self.plan.traces.push((self.at, trace));
    }

    fn text(&mut self, text: &str, serves: bool) -> End {
        self.depth += 1;
        let mut last = 0;
        if self.depth > 8 {
            return End::Forever;
        }
        let mut joined = ";";
        for (joint, statement) in crate::shell::statements(text) {
            let skipped = (joined == "&&" && last != 0) || (joined == "||" && last == 0);
            joined = joint;
            if skipped {
                continue;
            }
            if statement.starts_with("while")
                || statement.starts_with("until")
                || statement.starts_with("for")
            {
                return End::Forever;
            }
            if statement.starts_with("trap") {
                self.plan.on_term = OnTerm::Exits(Duration::from_millis(20));
                continue;
            }
            let words = crate::shell::split(&statement);
            match self.command(&words, serves) {
                End::Goes(code) => last = code,
                end => return end,
            }
        }
        End::Goes(last)
    }

    fn command(&mut self, words: &[String], serves: bool) -> End {
        match self.programs.script(words) {
            Some(text) => self.text(&text, serves),
            None => self.simple(words, serves),
        }
    }

    fn simple(&mut self, words: &[String], serves: bool) -> End {
        let (words, redirect) = crate::shell::redirection(words);
        let Some((program, rest)) = words.split_first() else { return End::Goes(0) };
        let first = rest.first().map_or("", String::as_str);
        match base(program) {
            "exec" => {
                let end = self.command(rest, serves);
                if !APPLETS.contains(&base(first)) {
                    self.plan.on_term = OnTerm::Exits(Duration::from_millis(100));
                }
                match end {
                    End::Goes(code) => End::Exits(code),
                    end => end,
                }
            }
            "sleep" => match seconds(first) {
                Some(duration) => {
                    self.at += duration;
                    End::Goes(0)
                }
                None => End::Forever,
            },
            "exit" => End::Exits(first.parse().unwrap_or(0)),
            "true" | ":" | "mkdir" | "chmod" | "chown" | "sync" | "set" | "export" | "test" | "[" => {
                End::Goes(0)
            }
            "false" => End::Goes(1),
            "echo" | "date" | "hostname" => {
                let text = printed(base(program), rest);
                match redirect {
                    Some((path, append)) => self.trace(Trace::Writes { path, text, append }),
                    None => self.trace(Trace::Prints(text)),
                }
                End::Goes(0)
            }
            "touch" => {
                for path in rest {
                    self.trace(Trace::Writes { path: path.clone(), text: String::new(), append: true });
                }
                End::Goes(0)
            }
            "rm" | "busybox" => {
                for path in rest.iter().filter(|word| word.starts_with('/')) {
                    self.trace(Trace::Removes(path.clone()));
                }
                End::Goes(0)
            }
            "sh" | "bash" | "ash" if first.starts_with('-') => {
                self.text(rest.get(1).map_or("", String::as_str), serves)
            }
            "cat" | "ls" | "id" | "env" | "ps" | "uname" | "nslookup" | "wget" | "grep" | "cp" | "mv" => {
                End::Goes(0)
            }
            _ if serves || APPLETS.contains(&base(program)) => End::Forever,
            unknown => {
                self.trace(Trace::Prints(format!("sh: {unknown}: not found")));
                End::Goes(127)
            }
        }
    }
}

/// What a program prints; names and times are filled in when it does.
fn printed(program: &str, words: &[String]) -> String {
    match program {
        "echo" => words.join(" "),
        program => format!("$({program})"),
    }
}

fn seconds(word: &str) -> Option<Duration> {
    let (digits, unit) = match word.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(digits) => (digits, word.chars().last()?),
        None => (word, 's'),
    };
    let number = decimal::parse(digits).filter(|n| *n >= 0.0)?;
    let factor = match unit {
        'm' => 60.0,
        'h' => 3_600.0,
        'd' => 86_400.0,
        _ => 1.0,
    };
    Duration::try_from_secs_f64(number * factor).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::images::{Reference, look_up};

    fn plan_of(image: &str, container: &Value) -> Plan {
        plan(
            container,
            look_up(&Reference::parse(image).unwrap()).ok(),
            &Behaviour::default(),
            &ImageBehaviours::default(),
        )
    }

    #[test]
    fn a_bare_busybox_ends_at_once_and_a_server_never() {
        assert_eq!(plan_of("busybox", &json!({})).exits.unwrap().1, 0);
        assert_eq!(plan_of("nginx", &json!({})).exits, None);
    }

    #[test]
    fn scripts_sleep_write_and_exit() {
        let script = "touch /tmp/ok; sleep 8; rm /tmp/ok && exit 3";
        let plan = plan_of("busybox", &json!({"command": ["sh", "-c", script]}));
        assert_eq!(plan.exits, Some((Duration::from_secs(8), 3)));
        assert_eq!(plan.traces.last(), Some(&(Duration::from_secs(8), Trace::Removes("/tmp/ok".into()))));
        assert_eq!(plan_of("busybox", &json!({"command": ["sleep", "3600"]})).on_term, OnTerm::Ignores);
        let looping = json!({"command": ["sh", "-c", "while true; do date; sleep 1; done"]});
        assert_eq!(plan_of("busybox", &looping).exits, None);
    }

    #[test]
    fn a_missing_program_does_not_start() {
        let plan = plan_of("busybox", &json!({"command": ["nothere"]}));
        assert_eq!(plan.refuses.unwrap(), "exec: \"nothere\": executable file not found in $PATH: unknown");
    }
}
