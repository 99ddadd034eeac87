//! What kubectl can reach: the API server, the clock, watches, and through the API server's
//! subresources the kubelets and cluster DNS.

use std::rc::Rc;

use api::{Kind, Object};
use apimachinery::{Status, Time};
use apiserver::{Answer, Change, Request};

/// The world as kubectl sees it. `session` implements it over a cluster; tests over an API server.
pub trait World {
    /// Now.
    fn now(&self) -> Time;

    /// Asks the API server.
    fn request(&mut self, request: Request) -> Answer;

    /// The store's revision, from which a watch can start.
    fn revision(&self) -> u64;

    /// The changes after `revision`, oldest first.
    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>>;

    /// `GET pods/<name>/log`: the lines of a container.
    fn logs(&self, request: &LogRequest) -> Result<LogAnswer, Status>;

    /// `POST pods/<name>/exec`: runs a command line in a container.
    fn exec(&mut self, request: &ExecRequest) -> Result<ExecAnswer, Status>;

    /// A number for generated names (`kubectl debug`, …), from the session's seed.
    fn random(&mut self) -> u32;

    /// The text of a file that `-f` names: a document of the editor.
    fn file(&self, path: &str) -> Option<String> {
        let _ = path;
        None
    }

    /// The names that [`World::file`] knows, for Tab.
    fn files(&self) -> Vec<String> {
        Vec::new()
    }

    /// Objects of a kind as they are now, in a namespace or (empty) in all, for Tab. No request is made.
    fn peek(&self, kind: Kind, namespace: &str) -> Vec<Rc<Object>> {
        let _ = (kind, namespace);
        Vec::new()
    }

    /// `nslookup`, `dig` or `getent` typed at the terminal itself, with its words. `None` where there
    /// is nobody to ask.
    fn dns_tool(&mut self, words: &[String]) -> Option<ExecAnswer> {
        let _ = words;
        None
    }
}

/// Which lines of which container are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogRequest {
    /// Namespace of the Pod.
    pub namespace: String,
    /// The Pod.
    pub pod: String,
    /// The container; never empty: kubectl chooses the default.
    pub container: String,
    /// The instance before the current one.
    pub previous: bool,
    /// Only the last so many lines.
    pub tail: Option<usize>,
    /// Only lines after this moment (for `-f`).
    pub after: Option<Time>,
}

/// Lines of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogAnswer {
    /// The lines, each with its moment, oldest first.
    pub lines: Vec<(Time, String)>,
    /// What follows the lines and has no line end yet.
    pub rest: String,
    /// Whether more may come.
    pub open: bool,
}

/// A command to run in a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecRequest {
    /// Namespace of the Pod.
    pub namespace: String,
    /// The Pod.
    pub pod: String,
    /// The container; never empty.
    pub container: String,
    /// The words of the command.
    pub command: Vec<String>,
    /// What goes to its standard input.
    pub stdin: Option<String>,
    /// There is no command: the container's own process reads the end of its input, and exits with this code.
    pub ends: Option<i32>,
}

/// How a command in a container ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecAnswer {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Exit code.
    pub exit: i32,
    /// The prompt of a shell afterwards: `/ # `.
    pub prompt: String,
}
