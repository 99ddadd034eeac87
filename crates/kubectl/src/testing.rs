//! A world for tests: objects that stand still, unless a test changes them.

use std::rc::Rc;

use api::{Key, Kind, Object};
use apimachinery::{Status, Time};
use apiserver::{
    Actor, Answer, ApiServer, Change, Patch, Request, Response, ResponseBody, Subresource, Verb,
};
use serde_json::Value;

use crate::command::{Command, Output, Poll};
use crate::world::{ExecAnswer, ExecRequest, LogAnswer, LogRequest, World};

/// A text with two blanks between its columns, as recordings show it.
pub fn squeezed(text: &str) -> String {
    let squeeze = |line: &str| {
        let body = line.trim_start_matches(' ');
        let mut out = " ".repeat(line.len() - body.len());
        let mut blanks = 0;
        for c in body.chars() {
            blanks = if c == ' ' { blanks + 1 } else { 0 };
            if blanks <= 2 {
                out.push(c);
            }
        }
        out
    };
    text.split('\n').map(squeeze).collect::<Vec<_>>().join("\n")
}

/// A world of given objects. Reads see them as they are; patches are kept, not applied.
pub struct FakeWorld {
    /// Now.
    pub now: Time,
    /// What there is.
    pub objects: Vec<Rc<Object>>,
    /// What has changed.
    pub changes: Vec<Rc<Change>>,
    /// What was asked for, reads aside.
    pub writes: Vec<Request>,
    /// Files that `-f` can name.
    pub files: Vec<(String, String)>,
}

impl FakeWorld {
    /// The objects of a YAML text, at a moment.
    pub fn new(now: &str, manifests: &str) -> Self {
        let documents = apimachinery::yaml::read(manifests, &apimachinery::yaml::Limits::default());
        let objects = documents.iter().filter_map(|d| d.root.as_ref()).map(|root| object(root.to_value()));
        let now = Time::parse_rfc3339(now).unwrap_or_else(|| Time::from_micros(0));
        Self {
            now,
            objects: objects.map(Rc::new).collect(),
            changes: Vec::new(),
            writes: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Changes the object of this kind and name.
    pub fn change(&mut self, kind: Kind, name: &str, edit: impl FnOnce(&mut Object)) {
        let Some(at) = self.objects.iter().position(|o| o.kind == kind && o.metadata.name == name) else {
            return;
        };
        let Some(before) = self.objects.get(at).cloned() else { return };
        let mut after = Object::clone(&before);
        edit(&mut after);
        let after = Rc::new(after);
        if let Some(slot) = self.objects.get_mut(at) {
            *slot = Rc::clone(&after);
        }
        self.log(Some(before), Some(after));
    }

    /// Takes the object of this kind and name away.
    pub fn remove(&mut self, kind: Kind, name: &str) {
        let Some(at) = self.objects.iter().position(|o| o.kind == kind && o.metadata.name == name) else {
            return;
        };
        let before = self.objects.remove(at);
        self.log(Some(before), None);
    }

    fn log(&mut self, before: Option<Rc<Object>>, after: Option<Rc<Object>>) {
        let Some(key) = after.as_ref().or(before.as_ref()).map(|o| o.key()) else { return };
        let revision = self.revision() + 1;
        self.changes.push(Rc::new(Change { revision, key, before, after, at: self.now, cause: 0 }));
    }

    /// Runs a command line to its end: exit code, standard output, standard error.
    pub fn run(&mut self, line: &str) -> (i32, String, String) {
        self.run_with(line, None)
    }

    /// Runs a command line to its end, with a text on standard input.
    pub fn run_with(&mut self, line: &str, stdin: Option<&str>) -> (i32, String, String) {
        let mut command = crate::start(line, stdin);
        let mut out = Output::default();
        match command.poll(self, &mut out) {
            Poll::Exited(code) => (code, out.stdout, out.stderr),
            Poll::Pending => (-1, out.stdout, out.stderr),
        }
    }

    /// Lets a command go on: its exit code, if it has ended, and what it printed.
    pub fn poll(&mut self, command: &mut dyn Command) -> (Poll, String, String) {
        let mut out = Output::default();
        let poll = command.poll(self, &mut out);
        (poll, out.stdout, out.stderr)
    }
}

fn object(value: Value) -> Object {
    let text = |member: &str| value.get(member).and_then(Value::as_str).unwrap_or("");
    let kind = Kind::from_manifest(text("apiVersion"), text("kind"));
    Object::from_value(kind.unwrap_or(Kind::Pod), value.clone())
}

impl World for FakeWorld {
    fn now(&self) -> Time {
        self.now
    }

    fn request(&mut self, request: Request) -> Answer {
        let body = match &request.verb {
            Verb::List(options) => {
                let (kind, namespace) = (request.key.kind, &request.key.namespace);
                let wanted = |o: &&Rc<Object>| {
                    o.kind == kind
                        && (namespace.is_empty() || o.metadata.namespace == namespace.as_ref())
                        && apiserver::list::selects(o, options)
                };
                let mut found: Vec<Rc<Object>> = self.objects.iter().filter(wanted).cloned().collect();
                found.sort_by_key(|o| o.key());
                ResponseBody::List(found, self.revision())
            }
            verb => {
                let found = self.objects.iter().find(|o| o.key() == request.key).cloned();
                let found = found.ok_or_else(|| {
                    let info = request.key.kind.info();
                    Status::not_found(info.plural, info.group, &request.key.name)
                })?;
                if !verb.is_read() {
                    self.writes.push(request);
                }
                ResponseBody::Object(found)
            }
        };
        Ok(Response { body, warnings: Vec::new() })
    }

    fn revision(&self) -> u64 {
        self.changes.last().map_or(0, |change| change.revision)
    }

    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>> {
        self.changes.iter().filter(|change| change.revision > revision).cloned().collect()
    }

    fn logs(&self, _: &LogRequest) -> Result<LogAnswer, Status> {
        Ok(LogAnswer::default())
    }

    fn exec(&mut self, _: &ExecRequest) -> Result<ExecAnswer, Status> {
        Ok(ExecAnswer::default())
    }

    fn random(&mut self) -> u32 {
        0
    }

    fn file(&self, path: &str) -> Option<String> {
        self.files.iter().find(|(name, _)| name == path).map(|(_, text)| text.clone())
    }

    fn peek(&self, kind: Kind, namespace: &str) -> Vec<Rc<Object>> {
        let here =
            |o: &&Rc<Object>| o.kind == kind && (namespace.is_empty() || o.metadata.namespace == namespace);
        self.objects.iter().filter(here).cloned().collect()
    }
}

/// A world with a true API server and nobody else: no controllers, no kubelets.
pub struct ServerWorld {
    /// Now.
    pub now: Time,
    server: ApiServer,
    /// Files that `-f` can name.
    pub files: Vec<(String, String)>,
    /// What the next command in a container answers.
    pub answer: ExecAnswer,
    /// What the next write is refused with.
    pub refusal: Option<Status>,
    /// The command lines that were run in containers.
    pub ran: Vec<Vec<String>>,
}

impl Default for ServerWorld {
    /// With the namespace and the service account `default`.
    fn default() -> Self {
        let now = Time::parse_rfc3339("2026-11-22T02:11:40Z").unwrap_or_default();
        let mut world = Self {
            now,
            server: ApiServer::new(1, now),
            files: Vec::new(),
            answer: ExecAnswer::default(),
            refusal: None,
            ran: Vec::new(),
        };
        for object in [
            Object::new(Kind::Namespace, "", "default"),
            Object::new(Kind::ServiceAccount, "default", "default"),
        ] {
            let _ = world.request(Request::create(&Actor::user(), object));
        }
        world
    }
}

impl ServerWorld {
    /// Runs a command line to its end: exit code (−1 if it still waits), standard output, standard error.
    pub fn run(&mut self, line: &str, stdin: Option<&str>) -> (i32, String, String) {
        let mut command = crate::start(line, stdin);
        self.poll(&mut *command)
    }

    /// Lets a command go on.
    pub fn poll(&mut self, command: &mut dyn Command) -> (i32, String, String) {
        let mut out = Output::default();
        match command.poll(self, &mut out) {
            Poll::Exited(code) => (code, out.stdout, out.stderr),
            Poll::Pending => (-1, out.stdout, out.stderr),
        }
    }

    /// Says what a command line must print, all else being an error.
    #[track_caller]
    pub fn expect(&mut self, line: &str, code: i32, stdout: &str, stderr: &str) {
        let got = self.run(&format!("kubectl {line}"), None);
        assert_eq!(got, (code, stdout.to_owned(), stderr.to_owned()), "{line}");
    }

    /// Writes a status, as a kubelet or controller would.
    pub fn set_status(&mut self, kind: Kind, name: &str, status: Value) {
        let key = Key::new(kind, "default", name);
        let patch = Patch::Merge(serde_json::json!({ "status": status }));
        let _ = self.request(Request::patch(&Actor::user(), key, patch, Subresource::Status));
    }
}

impl World for ServerWorld {
    fn now(&self) -> Time {
        self.now
    }

    fn request(&mut self, request: Request) -> Answer {
        match self.refusal.take_if(|_| !request.verb.is_read()) {
            Some(refusal) => Err(refusal),
            None => self.server.handle(self.now, 0, &request),
        }
    }

    fn revision(&self) -> u64 {
        self.server.store().revision()
    }

    fn changes_after(&self, revision: u64) -> Vec<Rc<Change>> {
        self.server.store().changes_after(revision).cloned().collect()
    }

    fn logs(&self, _: &LogRequest) -> Result<LogAnswer, Status> {
        let lines = vec![(self.now, "started".to_owned())];
        Ok(LogAnswer { lines, ..LogAnswer::default() })
    }

    fn exec(&mut self, request: &ExecRequest) -> Result<ExecAnswer, Status> {
        self.ran.push(request.command.clone());
        Ok(self.answer.clone())
    }

    fn random(&mut self) -> u32 {
        0
    }

    fn file(&self, path: &str) -> Option<String> {
        self.files.iter().find(|(name, _)| name == path).map(|(_, text)| text.clone())
    }

    fn dns_tool(&mut self, words: &[String]) -> Option<ExecAnswer> {
        self.ran.push(words.to_vec());
        Some(self.answer.clone())
    }
}
