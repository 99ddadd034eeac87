//! A laboratory in which faults are caused, as a person would.
#![allow(dead_code, clippy::missing_panics_doc, clippy::unwrap_used)] // each file of stories uses a part of it

use std::time::Duration;

use api::{Key, Kind};
use apimachinery::value::ValueExt;
use session::examples::{NOTE_003, storage_class};
use session::faults::{InForce, in_force, rows};
use session::offers::{FaultKind, OfferKind, Way};
use session::script::Limits;
use session::target::Target;
use session::{Script, Session, laboratory};

/// A set of three Ready Pods with volumes.
pub struct Lab(pub Session);

impl Lab {
    /// The set of note 003.
    pub fn new() -> Self {
        Self::with("", "")
    }

    /// The set of note 003, with more lines behind the first that contains `place`.
    pub fn with(place: &str, more: &str) -> Self {
        let mut session = Session::new(laboratory(), None);
        session.apply_text("class.yaml", &storage_class("my-storage-class"));
        let set = NOTE_003.files.first().unwrap().1;
        let at = if place.is_empty() { 0 } else { set.find(place).unwrap() };
        let at = if place.is_empty() { 0 } else { at + set[at..].find('\n').unwrap() + 1 };
        session.apply_text("web.yaml", &format!("{}{more}{}", &set[..at], &set[at..]));
        session.play(Duration::from_secs(60));
        let mut lab = Self(session);
        assert_eq!(lab.column("kubectl get pods", 1), ["1/1", "1/1", "1/1"]);
        lab
    }

    /// Time passes.
    pub fn wait(&mut self, seconds: u64) {
        self.0.play(Duration::from_secs(seconds));
    }

    /// Time passes until a command prints this; how many seconds, at most `limit`.
    pub fn until(&mut self, limit: u64, line: &str, holds: &str) -> u64 {
        for second in 0..limit {
            if self.run(line).contains(holds) {
                return second;
            }
            self.wait(1);
        }
        panic!("not within {limit} s: {}", self.run(line));
    }

    /// What a command prints.
    pub fn run(&mut self, line: &str) -> String {
        self.0.clear();
        self.0.command(line);
        let screen = self.0.terminal().screen();
        screen.iter().skip(1).map(|entry| format!("{}\n", entry.text.trim_end())).collect()
    }

    /// The words in one column of a table, without its head.
    pub fn column(&mut self, line: &str, at: usize) -> Vec<String> {
        let text = self.run(line);
        text.lines().skip(1).filter_map(|row| row.split_whitespace().nth(at)).map(str::to_owned).collect()
    }

    /// What a Pod leads to.
    pub fn target(&self, pod: &str) -> Target {
        Target::of(self.0.cluster(), Some(&Key::new(Kind::Pod, "default", pod)))
    }

    /// The node of a Pod.
    pub fn node_of(&self, pod: &str) -> String {
        self.target(pod).node.unwrap().name.to_string()
    }

    fn take(&mut self, way: Way) {
        match way {
            Way::Command(line) => self.0.command(&line),
            Way::Fault(fault, text) => self.0.fault(fault, &text).unwrap(),
        }
    }

    /// Causes a fault of the menu, with a Pod selected.
    pub fn cause(&mut self, pod: &str, what: FaultKind) {
        let all = rows(self.0.cluster(), &self.target(pod));
        let row = all.into_iter().flat_map(|(_, rows)| rows).find(|row| row.what == what).unwrap();
        assert!(!row.is_in_force);
        self.take(row.way.unwrap());
    }

    /// What is in force.
    pub fn in_force(&self) -> Vec<InForce> {
        in_force(self.0.cluster(), self.0.run().records())
    }

    /// Takes back the only fault that is in force, which is this one.
    pub fn undo(&mut self, what: FaultKind) {
        let all = self.in_force();
        let [one] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(one.what, OfferKind::Undo(what));
        assert!(one.since.is_some(), "{one:?}");
        self.take(one.undo.clone());
        assert_eq!(self.in_force(), []);
    }

    /// The messages of the Events about an object with this reason.
    pub fn events(&self, about: &str, reason: &str) -> Vec<String> {
        let events = self.0.cluster().store().list(Kind::Event, "default");
        let of = events.filter(|e| {
            e.field("involvedObject").str_at(&["name"]) == about && e.field("reason").as_str() == Some(reason)
        });
        of.map(|e| e.field("message").as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Whether the same script leads to the same place, written down and read again.
    pub fn assert_replays(&self) {
        let script = Script::read(&self.0.script().to_text(), Limits::KEPT).unwrap();
        let mut again = Session::open(&script);
        assert!(again.catch_up(&mut || true));
        let print = |session: &Session| {
            session.run().records().iter().map(cluster::Record::fingerprint).collect::<Vec<_>>()
        };
        assert_eq!(print(&again), print(&self.0));
        assert_eq!(again.cluster().disks(), self.0.cluster().disks());
    }
}
