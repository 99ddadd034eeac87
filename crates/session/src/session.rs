//! The session: one thing that a page holds.

use std::rc::Rc;
use std::time::Duration;

use api::Key;
use apimachinery::{Lang, Time};
use apiserver::Actor;
use cluster::{Cluster, Config, Fault};
use scene::{Ribbon, Scene};

use crate::act::Act;
use crate::branch::Branch;
use crate::diagnose;
use crate::diagnostic::Diagnostic;
use crate::documents::{Document, Documents};
use crate::drift::{self, Drift};
use crate::examples::{EXAMPLES, Example};
use crate::forecast::Forecast;
use crate::laboratory::laboratory;
use crate::present::Spare;
use crate::refusal::{Refusal, refusal};
use crate::run::{Flag, Run};
use crate::terminal::Terminal;
use crate::why::Why;
use crate::world::{File, SessionWorld};

/// The next decision is looked for this far ahead.
const NEXT_DECISION: Duration = Duration::from_secs(60);
/// Commands kept in the history.
const HISTORY_MAX: usize = 500;

/// A person's session with a cluster: its runs, one of which is current, and the editor's documents.
#[derive(Debug, Clone)]
pub struct Session {
    pub(crate) config: Config,
    pub(crate) run: Run,
    pub(crate) branches: Vec<Branch>,
    /// What of an earlier visit is still to be done again in the current run.
    pub(crate) ahead: Branch,
    /// The moment that was on stage in an earlier visit, to be shown again once all is done.
    pub(crate) cursor: Option<i64>,
    /// The editor's documents.
    pub documents: Documents,
    /// Command lines that were typed, oldest first.
    history: Vec<String>,
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
            config: Config::default(),
            run: Run::vacant(),
            branches: Vec::new(),
            ahead: Branch::default(),
            cursor: None,
            documents: Documents::default(),
            history: Vec::new(),
        };
        if let Some(example) = example {
            session.load(example);
        }
        session
    }

    /// A session that goes on where `run` ends.
    pub fn of(run: Run, documents: Documents) -> Self {
        Self { config: run.head().config().clone(), run, documents, ..Self::vacant(None) }
    }

    /// Whether the cluster has not been started yet.
    pub fn is_vacant(&self) -> bool {
        self.run.head().is_vacant()
    }

    /// Starts the cluster of `config`, at 0:00. Documents stay as they are.
    pub fn start(&mut self, config: Config) {
        self.run = Run::new(config.clone()).thinning_out();
        self.config = config;
    }

    /// Puts an example's documents into the editor.
    pub fn load(&mut self, example: Example) {
        let all = example.files.iter().map(|(name, text)| Document::new(name, text)).collect();
        self.documents = Documents::of(all, 0);
    }

    /// The current run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The cluster on stage.
    pub fn cluster(&self) -> &Cluster {
        self.run.shown().cluster()
    }

    /// The terminal on stage: in the past as it was then.
    pub fn terminal(&self) -> &Terminal {
        self.run.shown().terminal()
    }

    /// Command lines that were typed, oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// The moment on stage.
    pub fn now(&self) -> Time {
        self.run.shown().now()
    }

    /// Whether the stage shows the past.
    pub fn in_past(&self) -> bool {
        self.run.in_past()
    }

    /// Microseconds since 0:00 of a moment.
    pub fn since_start(&self, moment: Time) -> i64 {
        moment.micros_since(self.run.origin())
    }

    /// Lets time pass on stage: through the past if it is shown, else by simulating on.
    pub fn play(&mut self, by: Duration) {
        self.play_within(by, &mut || true);
    }

    /// Lets time pass on stage while there is time to simulate it. Returns how much has passed.
    pub fn play_within(&mut self, by: Duration, spare: Spare<'_>) -> Duration {
        let from = self.now();
        let until = from + by;
        if self.in_past() && until < self.run.head().now() {
            self.seek_within(until, spare);
        } else {
            self.run.seek_within(self.run.head().now(), &mut || true);
            self.run.run_within(until, spare);
            self.take_files();
        }
        self.now().since(from)
    }

    /// Makes documents of the files that commands have written, or want edited.
    pub(crate) fn take_files(&mut self) {
        self.documents.show_edited(self.run.present().terminal().document());
        for (name, text) in self.run.terminal_mut().take_saved() {
            self.documents.add(&name, &text);
        }
    }

    /// Puts a moment on stage; later than the head means the head.
    pub fn seek(&mut self, moment: Time) {
        self.seek_within(moment, &mut || true);
    }

    /// Puts a moment on stage while there is time. Returns whether it is there; if not, the next call with the same
    /// moment goes on.
    pub fn seek_within(&mut self, moment: Time, spare: Spare<'_>) -> bool {
        self.run.seek_within(moment, spare)
    }

    /// Simulates on until nothing has been written for a while, at most for `limit`.
    pub fn settle(&mut self, limit: Duration) {
        self.seek(self.run.head().now());
        self.run.settle(Duration::from_secs(3), limit);
        self.take_files();
    }

    /// Puts the first decision after a moment on stage, simulating at most a minute to find one, while there is
    /// time. Returns whether it is there, or none was found; if not, the next call with the same moment goes on.
    pub fn next_decision_within(&mut self, after: Time, spare: Spare<'_>) -> bool {
        let limit = after + NEXT_DECISION;
        while self.run.decision_after(after).is_none() && self.run.head().now() < limit {
            if !spare() {
                return false;
            }
            self.run.run_moment(limit);
        }
        self.take_files();
        self.seek_within(self.run.decision_after(after).unwrap_or(limit), spare)
    }

    /// When the last decision before the moment on stage was made; 0:00 if none was.
    pub fn previous_decision(&self) -> Time {
        self.run.decision_before(self.now()).unwrap_or(self.run.origin())
    }

    /// The moment of the last flag before the moment on stage (0:00 if there is none). With `forward`, of the
    /// next flag after it (the head if there is none).
    pub fn flag_beside(&self, forward: bool) -> Time {
        let now = self.now();
        let flags = self.run.flags();
        if forward {
            flags.iter().find(|f| f.at > now).map_or(self.run.head().now(), |f| f.at)
        } else {
            flags.iter().rev().find(|f| f.at < now).map_or(self.run.origin(), |f| f.at)
        }
    }

    /// How many decisions were made up to the moment on stage.
    pub fn decisions(&self) -> usize {
        self.run.decisions_until(self.now())
    }

    /// When components decided something about an object, in microseconds since 0:00, up to the head.
    pub fn decisions_about(&self, key: &Key) -> Vec<i64> {
        self.run.decisions_about(key).map(|at| self.since_start(at)).collect()
    }

    /// Types a line into the terminal: a command line, or a line for the command that reads. In the past this begins
    /// a branch.
    pub fn command(&mut self, line: &str) {
        let named = self.documents.all.iter().filter(|d| line.contains(d.name.as_str()));
        let files = named.map(|d| (d.name.clone(), d.text.clone())).collect();
        self.perform(Act::Line { line: line.to_owned(), files });
        let exit = self.terminal().last_exit();
        for document in &mut self.documents.all {
            if exit == 0 && line.contains("apply") && line.contains(document.name.as_str()) {
                document.applied = Some(document.text.clone());
            }
        }
    }

    /// What Tab offers for a line.
    pub fn complete(&self, line: &str) -> Vec<String> {
        let files: Vec<File> = self.documents.all.iter().map(|d| (d.name.clone(), d.text.clone())).collect();
        let mut cluster = self.cluster().clone();
        let log = &mut cluster::StepLog::default();
        kubectl::complete::complete(line, &SessionWorld::new(&mut cluster, log).with_files(files))
    }

    /// Ends the running command, as Ctrl-C does. In the past this begins a branch.
    pub fn interrupt(&mut self) {
        if self.terminal().is_running() {
            self.perform(Act::Interrupt);
        }
    }

    /// Empties the terminal's screen.
    pub fn clear(&mut self) {
        self.run.clear_screen();
    }

    /// Applies the open document, as `kubectl apply -f <name>` does, or gives it back to the command
    /// that wanted it edited. Returns kubectl's exit code.
    pub fn apply(&mut self) -> i32 {
        let Some(document) = self.documents.current().cloned() else { return 1 };
        self.apply_text(&document.name, &document.text);
        let exit = self.terminal().last_exit();
        if let Some(current) = self.documents.current_mut().filter(|d| exit == 0 && d.name == document.name) {
            current.applied = Some(current.text.clone());
        }
        exit
    }

    /// Applies a text under a file name, or gives it back if that is the file that a command wanted edited.
    pub fn apply_text(&mut self, name: &str, text: &str) {
        let text = text.to_owned();
        let wanted = self.terminal().document().is_some_and(|(wanted, _)| wanted == name);
        self.perform(if wanted { Act::Edited { text } } else { Act::Apply { name: name.to_owned(), text } });
    }

    /// Lets something happen to the machines. In the past this begins a branch.
    ///
    /// # Errors
    /// There is nothing that it could happen to; then nothing was done.
    pub fn fault(&mut self, fault: Fault, text: &str) -> Result<(), Refusal> {
        self.catch_up(&mut || true);
        if let Some(refusal) = refusal(self.cluster(), &fault) {
            Err(refusal)
        } else {
            self.perform(Act::Fault { fault, text: text.to_owned() });
            Ok(())
        }
    }

    /// Does something at the moment on stage. In the past this begins a branch. What is still to be done
    /// again of an earlier visit is done first.
    pub fn perform(&mut self, act: Act) {
        self.catch_up(&mut || true);
        self.fork_if_past();
        self.act(act);
        self.take_files();
    }

    /// Does something at the head.
    pub(crate) fn act(&mut self, act: Act) {
        if let Act::Line { line, .. } = &act {
            let is_command = self.run.present().terminal().prompt().is_none() && !line.trim().is_empty();
            if is_command && self.history.last() != Some(line) {
                self.history.push(line.clone());
                let surplus = self.history.len().saturating_sub(HISTORY_MAX);
                self.history.drain(..surplus);
            }
        }
        self.run.act(act);
    }

    /// What is on stage.
    pub fn scene(&mut self) -> Scene {
        self.run.scene()
    }

    /// The lives of the Pods of sets up to the head, by set and ordinal. One that did not change is the same piece
    /// of data as before.
    pub fn ribbons(&mut self) -> Vec<Rc<Ribbon>> {
        self.run.ribbons()
    }

    /// What a person did.
    pub fn flags(&self) -> &[Flag] {
        self.run.flags()
    }

    /// What becomes of the Pods if nobody acts from the head on; nothing of it is known yet.
    pub fn forecast(&mut self) -> Forecast {
        let cluster = self.run.head().clone();
        Forecast::new(cluster, self.run.story().clone())
    }

    /// Why the selected object is as it is; without a selection, why the most blocked one waits.
    pub fn why(&self, selected: Option<&Key>, lang: Lang) -> Option<Why> {
        Why::of(&self.run, self.now(), selected, lang)
    }

    /// What is wrong with a text in the open document's file, without sending it.
    pub fn diagnose(&self, text: &str) -> Vec<Diagnostic> {
        let name = self.documents.current().map_or("", |document| document.name.as_str());
        diagnose::diagnose(name, text, self.run.head(), &Actor::user())
    }

    /// Where the cluster has something else than a text that was applied to it.
    pub fn drift(&self, text: &str) -> Vec<Drift> {
        drift::drift(text, self.run.head(), &Actor::user())
    }
}
