//! Answers a probe.

use api::Object;
use apimachinery::Time;
use apimachinery::value::ValueExt;
use serde_json::Value;

use crate::container::Container;
use crate::images::{Behaviour, Reference, look_up};
use crate::probe::ProbeKind;

/// What a probe asks.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The Pod.
    pub pod: &'a Object,
    /// Its address.
    pub ip: &'a str,
    /// The container's spec.
    pub spec: &'a Value,
    /// The container.
    pub container: &'a Container,
    /// How it behaves.
    pub behaviour: &'a Behaviour,
}

impl Target<'_> {
    /// Asks the container; the error is the output that the event carries.
    pub fn ask(&self, kind: ProbeKind, now: Time) -> Result<(), String> {
        let none = Value::Null;
        let probe = self.spec.at(&[kind.field()]).unwrap_or(&none);
        if self.container.ills.hangs_since.is_some()
            && let Some(output) = self.timeout(probe)
        {
            return Err(output);
        }
        if let Some(command) = probe.at(&["exec"]) {
            return self.exec(command, kind);
        }
        if let Some(http) = probe.at(&["httpGet"]) {
            let port = self.port(http.at(&["port"]));
            let host = Some(http.str_at(&["host"])).filter(|host| !host.is_empty()).unwrap_or(self.ip);
            let path = http.str_at(&["path"]);
            if !self.listens(port, now) {
                let url = self.url(http);
                return Err(format!("Get \"{url}\": dial tcp {host}:{port}: connect: connection refused"));
            }
            return match self.status(path, kind) {
                200 => Ok(()),
                code => Err(format!("HTTP probe failed with statuscode: {code}")),
            };
        }
        if let Some(tcp) = probe.at(&["tcpSocket"]) {
            let port = self.port(tcp.at(&["port"]));
            return if self.listens(port, now) && !self.is_forbidden(kind) {
                Ok(())
            } else {
                Err(format!("dial tcp {}:{port}: connect: connection refused", self.ip))
            };
        }
        if let Some(grpc) = probe.at(&["grpc"]) {
            let port = self.port(grpc.at(&["port"]));
            return if self.listens(port, now) && !self.is_forbidden(kind) {
                Ok(())
            } else {
                Err(format!(
                    "timeout: failed to connect service \"{}:{port}\" within 1s: context deadline exceeded",
                    self.ip
                ))
            };
        }
        Ok(())
    }

    /// What a probe says that waited for a process which stands still; `None` if it does not wait for the
    /// process. The kernel takes connections for a process that listens, and a command of its own that only looks
    /// at files asks nobody: both go on succeeding.
    ///
    /// Models: `pkg/probe/http`, `pkg/probe/grpc`, `pkg/kubelet/cri/remote` (`ErrCommandTimedOut`).
    fn timeout(&self, probe: &Value) -> Option<String> {
        let seconds = probe.i64_at(&["timeoutSeconds"]).unwrap_or(1);
        if let Some(http) = probe.at(&["httpGet"]) {
            let url = self.url(http);
            return Some(format!(
                "Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
            ));
        }
        if let Some(grpc) = probe.at(&["grpc"]) {
            let port = self.port(grpc.at(&["port"]));
            return Some(format!(
                "timeout: failed to connect service \"{}:{port}\" within {seconds}s: context deadline exceeded",
                self.ip
            ));
        }
        let words = probe.at(&["exec"])?.list_at(&["command"]).iter().filter_map(Value::as_str);
        let words: Vec<String> = words.map(str::to_owned).collect();
        asks_the_process(&words)
            .then(|| format!("command timed out: \"{}\" timed out after {seconds}s", words.join(" ")))
    }

    fn url(&self, http: &Value) -> String {
        let port = self.port(http.at(&["port"]));
        let host = Some(http.str_at(&["host"])).filter(|host| !host.is_empty()).unwrap_or(self.ip);
        let scheme = if http.str_at(&["scheme"]) == "HTTPS" { "https" } else { "http" };
        format!("{scheme}://{host}:{port}{}", http.str_at(&["path"]))
    }

    /// Whether the image was told never to become ready.
    fn is_forbidden(&self, kind: ProbeKind) -> bool {
        self.behaviour.never_ready && kind == ProbeKind::Readiness
    }

    /// What the server answers: its own page at the root, and nothing elsewhere.
    fn status(&self, path: &str, kind: ProbeKind) -> u16 {
        let known =
            ["", "/", "/index.html", "/healthz", "/health", "/ready", "/readyz", "/livez", "/live", "/ping"];
        match (self.is_forbidden(kind), known.contains(&path)) {
            (true, _) => 503,
            (false, true) => 200,
            (false, false) => 404,
        }
    }

    fn port(&self, port: Option<&Value>) -> i64 {
        match port {
            Some(Value::String(name)) => {
                let ports = self.spec.list_at(&["ports"]).iter();
                let mut named = ports.filter(|p| p.str_at(&["name"]) == name);
                named.next().and_then(|p| p.i64_at(&["containerPort"])).unwrap_or(0)
            }
            Some(number) => number.as_i64().unwrap_or(0),
            None => 0,
        }
    }

    fn listens(&self, port: i64, now: Time) -> bool {
        let Some(since) = self.container.running_since() else { return false };
        let wait = self.container.plan.as_ref().map(|plan| plan.listens_after).unwrap_or_default();
        if now < since + wait {
            return false;
        }
        let image = Reference::parse(&self.container.image).and_then(|r| look_up(&r).ok());
        let ports = image.map_or(&[][..], |image| image.ports);
        ports.iter().any(|known| i64::from(*known) == port)
    }

    fn exec(&self, command: &Value, kind: ProbeKind) -> Result<(), String> {
        if self.is_forbidden(kind) {
            return Err("not ready".to_owned());
        }
        let words: Vec<String> =
            command.list_at(&["command"]).iter().filter_map(Value::as_str).map(str::to_owned).collect();
        self.command(&words)
    }

    fn command(&self, words: &[String]) -> Result<(), String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["sh" | "/bin/sh" | "bash" | "/bin/bash", flag, script, ..] if flag.starts_with('-') => {
                self.command(&crate::shell::split(script))
            }
            ["cat" | "ls", path, ..] => self.file(
                path,
                &format!(
                    "{}: can't open '{path}': No such file or directory\n",
                    words.first().unwrap_or(&"")
                ),
            ),
            ["test" | "[", "-f" | "-e", path, ..] => self.file(path, ""),
            ["false", ..] => Err(String::new()),
            ["exit", code, ..] if *code != "0" => Err(String::new()),
            _ => Ok(()),
        }
    }

    fn file(&self, path: &str, message: &str) -> Result<(), String> {
        if self.container.files.contains_key(path) { Ok(()) } else { Err(message.to_owned()) }
    }
}

/// Whether a command asks the container's process, which a person reads off its program: those that only look
/// at files or end at once do not.
fn asks_the_process(words: &[String]) -> bool {
    const ALONE: [&str; 16] = [
        "cat", "date", "echo", "exit", "false", "find", "grep", "head", "ls", "pgrep", "ps", "sleep", "stat",
        "tail", "test", "true",
    ];
    let name = |word: &String| word.rsplit('/').next().unwrap_or(word).to_owned();
    match words {
        [shell, flag, script, ..]
            if matches!(name(shell).as_str(), "sh" | "bash") && flag.starts_with('-') =>
        {
            let words = crate::shell::split(script);
            !words.is_empty() && asks_the_process(&words)
        }
        [program, ..] => *program != "[" && !ALONE.contains(&name(program).as_str()),
        [] => false,
    }
}
