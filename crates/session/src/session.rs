//! The session: one thing that a page holds.

use std::time::Duration;

use api::Key;
use apimachinery::{Lang, Time};
use apiserver::Actor;
use cluster::{Cluster, Config, Fault, Input};
use scene::{Ribbon, Scene, Story};
use serde_json::json;

use crate::diagnose::{self, Diagnostic};
use crate::documents::{Document, Documents};
use crate::examples::{EXAMPLES, Example};
use crate::script::{Act, Deed};
use crate::terminal::Terminal;
use crate::timeline::{Flag, Timeline};
use crate::why::Why;
use crate::world::{File, SessionWorld};

/// A forecast looks at most this far ahead.
pub(crate) const FORECAST: Duration = Duration::from_secs(60);
/// A forecast ends when nothing was written for this long.
const FORECAST_QUIET: Duration = Duration::from_secs(20);

/// A branch that was left behind when somebody acted in the past.
#[derive(Debug)]
pub struct Branch {
    /// What it is called: its first input after the fork.
    pub name: String,
    /// Where it left the present one.
    pub forked_at: Time,
    /// The branch.
    pub timeline: Timeline,
    /// What was done in it.
    pub(crate) script: Vec<Deed>,
}

/// Branches kept besides the present one.
const BRANCHES_MAX: usize = 6;

/// A person's session with a cluster.
#[derive(Debug)]
pub struct Session {
    pub(crate) timeline: Timeline,
    /// The moment on stage, and the cluster there if it lies before the head.
    pub(crate) playhead: Option<(Time, Cluster)>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) story: Story,
    pub(crate) script: Vec<Deed>,
    /// The editor's documents.
    pub documents: Documents,
    /// The terminal.
    pub terminal: Terminal,
}

/// The cluster of the page: three nodes and the Services that every cluster has.
pub fn laboratory() -> Config {
    let objects = vec![
        json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "kubernetes", "namespace": "default",
                "labels": {"component": "apiserver", "provider": "kubernetes"}},
            "spec": {"clusterIP": "10.96.0.1", "ports": [{"name": "https", "port": 443, "targetPort": 6443}]}}),
        json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "kube-dns", "namespace": "kube-system",
                "labels": {"k8s-app": "kube-dns", "kubernetes.io/name": "CoreDNS"}},
            "spec": {"clusterIP": "10.96.0.10", "ports": [
                {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53}]}}),
    ];
    Config { objects, ..Config::default() }
}

impl Default for Session {
    fn default() -> Self {
        Self::new(laboratory(), EXAMPLES.first().copied())
    }
}

impl Session {
    /// A session at 0:00 of the cluster of `config`, with an example in the editor.
    pub fn new(config: Config, example: Option<Example>) -> Self {
        let mut session = Self::vacant(example);
        session.start(config);
        session
    }

    /// A session without a cluster yet, with an example in the editor: what a page draws while the program's
    /// larger part is on its way.
    pub fn vacant(example: Option<Example>) -> Self {
        let mut session = Self {
            timeline: Timeline::vacant(),
            playhead: None,
            branches: Vec::new(),
            story: Story::default(),
            script: Vec::new(),
            documents: Documents::default(),
            terminal: Terminal::default(),
        };
        if let Some(example) = example {
            session.load(example);
        }
        session
    }

    /// A session that goes on where `timeline` ends.
    pub fn of(timeline: Timeline, documents: Documents) -> Self {
        Self { timeline, documents, ..Self::vacant(None) }
    }

    /// Whether the cluster has not been started yet.
    pub fn is_vacant(&self) -> bool {
        self.timeline.head().is_vacant()
    }

    /// Starts the cluster of `config`, at 0:00. Documents stay as they are.
    pub fn start(&mut self, config: Config) {
        self.timeline = Timeline::new(config);
    }

    /// Puts an example's documents into the editor.
    pub fn load(&mut self, example: Example) {
        let all = example.files.iter().map(|(name, text)| Document::new(name, text)).collect();
        self.documents = Documents::of(all, 0);
    }

    /// The line of time that is on.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Branches left behind.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The cluster on stage.
    pub fn cluster(&self) -> &Cluster {
        self.playhead.as_ref().map_or(self.timeline.head(), |(_, cluster)| cluster)
    }

    /// The moment on stage.
    pub fn now(&self) -> Time {
        self.playhead.as_ref().map_or(self.timeline.head().now(), |(at, _)| *at)
    }

    /// Whether the stage shows the past.
    pub fn in_past(&self) -> bool {
        self.playhead.is_some()
    }

    /// Microseconds since 0:00 of a moment.
    pub fn since_start(&self, moment: Time) -> i64 {
        moment.micros_since(self.timeline.origin())
    }

    /// Lets time pass on stage: through the past if it is shown, else by simulating on.
    pub fn play(&mut self, by: Duration) {
        let until = self.now() + by;
        let head = self.timeline.head().now();
        if self.in_past() && until < head {
            self.seek(until);
            return;
        }
        self.playhead = None;
        self.timeline.run_until(until);
        self.terminal.poll(&mut self.timeline);
        self.take_files();
    }

    /// What commands have written becomes a document, and so does what they want edited.
    fn take_files(&mut self) {
        self.documents.show_edited(self.terminal.document());
        for (name, text) in self.terminal.take_saved() {
            self.documents.add(&name, &text);
        }
    }

    /// Puts a moment on stage; later than the head means the head.
    pub fn seek(&mut self, moment: Time) {
        let moment = moment.max(self.timeline.origin());
        if moment >= self.timeline.head().now() {
            self.playhead = None;
            return;
        }
        match &mut self.playhead {
            // Forwards within the past: step on instead of replaying, unless inputs lie between.
            Some((at, cluster)) if *at <= moment && !self.timeline.has_input_between(*at, moment) => {
                cluster.run_until(moment, &mut cluster::StepLog::default());
                *at = moment;
            }
            _ => self.playhead = Some((moment, self.timeline.at(moment))),
        }
    }

    /// Simulates on until nothing has been written for a while, at most for `limit`.
    pub fn settle(&mut self, limit: Duration) {
        self.playhead = None;
        self.timeline.settle(Duration::from_secs(3), limit);
        self.terminal.poll(&mut self.timeline);
    }

    /// Begins a branch at the moment on stage if that is the past; the other branch is kept.
    pub fn fork_if_past(&mut self) {
        let Some((at, _)) = self.playhead.take() else { return };
        let fork = self.timeline.fork(at);
        self.story = Story::default();
        let left = std::mem::replace(&mut self.timeline, fork);
        let micros = self.since_start(at);
        let script = self.script.clone();
        self.script.retain(|deed| deed.at_micros <= micros);
        let name = left.flags().iter().find(|f| f.at >= at).map_or(String::new(), |f| f.text.clone());
        self.branches.push(Branch { name, forked_at: at, timeline: left, script });
        if self.branches.len() > BRANCHES_MAX {
            self.branches.remove(0);
        }
    }

    /// Goes over to a branch; the present one takes its place.
    pub fn switch_branch(&mut self, index: usize) {
        let Some(branch) = self.branches.get_mut(index) else { return };
        std::mem::swap(&mut branch.timeline, &mut self.timeline);
        std::mem::swap(&mut branch.script, &mut self.script);
        self.story = Story::default();
        let at = branch.forked_at;
        branch.name =
            branch.timeline.flags().iter().find(|f| f.at >= at).map_or(String::new(), |f| f.text.clone());
        self.playhead = None;
    }

    /// Types a command line into the terminal. In the past this begins a branch.
    pub fn command(&mut self, line: &str) {
        let named = self.documents.all.iter().filter(|d| line.contains(d.name.as_str()));
        let files = named.map(|d| (d.name.clone(), d.text.clone())).collect();
        self.command_with(line, files);
        let exit = self.terminal.last_exit();
        for document in &mut self.documents.all {
            if exit == 0 && line.contains("apply") && line.contains(document.name.as_str()) {
                document.applied = Some(document.text.clone());
            }
        }
    }

    pub(crate) fn command_with(&mut self, line: &str, files: Vec<File>) {
        self.fork_if_past();
        self.note(Act::Command { line: line.to_owned(), files: files.clone() });
        let before = self.timeline.inputs().len();
        let at = self.timeline.head().now();
        self.terminal.run(line, files, &mut self.timeline);
        self.take_files();
        self.flag_if_acted(before, at, line.trim());
    }

    /// What Tab offers for a line.
    pub fn complete(&mut self, line: &str) -> Vec<String> {
        let files: Vec<File> = self.documents.all.iter().map(|d| (d.name.clone(), d.text.clone())).collect();
        kubectl::complete::complete(line, &SessionWorld::new(&mut self.timeline, &files))
    }

    /// Ends the running command, as Ctrl-C does.
    pub fn interrupt(&mut self) {
        self.terminal.interrupt(&self.timeline);
        self.take_files();
    }

    /// Applies the open document, as `kubectl apply -f <name>` does, or gives it back to the command
    /// that wanted it edited. Returns kubectl's exit code.
    pub fn apply(&mut self) -> i32 {
        let Some(document) = self.documents.current().cloned() else { return 1 };
        self.apply_text(&document.name, &document.text);
        let exit = self.terminal.last_exit();
        if let Some(current) = self.documents.current_mut().filter(|d| exit == 0 && d.name == document.name) {
            current.applied = Some(current.text.clone());
        }
        exit
    }

    /// Applies a text under a file name.
    pub fn apply_text(&mut self, name: &str, text: &str) {
        self.fork_if_past();
        self.note(Act::Apply { name: name.to_owned(), text: text.to_owned() });
        let before = self.timeline.inputs().len();
        let at = self.timeline.head().now();
        if self.terminal.document().is_some_and(|(wanted, _)| wanted == name) {
            self.terminal.feed_document(text, &mut self.timeline);
            self.take_files();
            self.flag_if_acted(before, at, "edit");
            return;
        }
        let files = vec![(name.to_owned(), text.to_owned())];
        self.terminal.run(&format!("kubectl apply -f {name}"), files, &mut self.timeline);
        self.take_files();
        self.flag_if_acted(before, at, &format!("apply {name}"));
    }

    /// Lets something happen to the machines. In the past this begins a branch.
    pub fn fault(&mut self, fault: Fault, text: &str) {
        self.fork_if_past();
        self.note(Act::Fault { fault: fault.clone(), text: text.to_owned() });
        self.timeline.submit(Input::Fault(fault));
        self.timeline.flag(text);
    }

    /// What is on stage.
    pub fn scene(&mut self) -> Scene {
        self.story.follow(self.timeline.changes(), self.timeline.origin());
        let mut scene = scene::build(self.cluster());
        let now = scene.at_micros;
        for set in &mut scene.sets {
            let namespace = set.key.namespace.to_string();
            for column in &mut set.columns {
                let former = self.story.former_address(&namespace, &column.name, now);
                column.dns.former = former.map(str::to_owned);
            }
        }
        scene
    }

    /// The lives of the Pods up to the head.
    pub fn ribbons(&mut self) -> Vec<Ribbon> {
        self.story.follow(self.timeline.changes(), self.timeline.origin());
        self.story.ribbons()
    }

    /// What a person did.
    pub fn flags(&self) -> &[Flag] {
        self.timeline.flags()
    }

    /// The lives of the Pods if nobody acts from the head on.
    pub fn forecast(&mut self) -> Vec<Ribbon> {
        self.story.follow(self.timeline.changes(), self.timeline.origin());
        let mut ahead = self.timeline.head().clone();
        let mut log = cluster::StepLog::default();
        ahead.settle(FORECAST_QUIET, FORECAST, &mut log);
        let mut story = self.story.clone();
        story.extend(&log.changes, self.timeline.origin());
        story.ribbons()
    }

    /// Why the selected object is as it is; without a selection, why the most blocked one waits.
    pub fn why(&self, selected: Option<&Key>, lang: Lang) -> Option<Why> {
        Why::of(&self.timeline, self.now(), selected, lang)
    }

    /// What is wrong with a text, without sending it.
    pub fn diagnose(&self, text: &str) -> Vec<Diagnostic> {
        diagnose::diagnose(text, self.timeline.head(), &Actor::user())
    }
}
