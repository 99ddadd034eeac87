//! A run: one line of history of a cluster, from 0:00 on.
//!
//! A run is its deeds. The present is what they make of the first moment; [`crate::present`] moves it. What happened
//! is written down beside it, and a copy of the present is kept now and then, so that any moment can be seen again:
//! the nearest copy before it is moved on ([`crate::history`]). Commands that run are part of the present, so they
//! are part of each of its moments, and the command of one run cannot act in another.
//!
//! A run is a value: a clone is a history of its own.

use std::rc::Rc;
use std::time::Duration;

use apimachinery::Time;
use apiserver::{Answer, Change, Request};
use cluster::{Cluster, Config, Input, Record, RecordId};
use scene::{Ribbon, Scene, Story};

use crate::act::{Act, Deed};
use crate::book::Book;
use crate::decisions::Decisions;
use crate::history::{Checkpoint, Checkpoints};
use crate::present::{Job, Present, Spare};
use crate::terminal::Terminal;

/// Steps between two checkpoints.
const CHECKPOINT_STEPS: usize = 64;

/// The mark of something that a person did, on the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// When.
    pub at: Time,
    /// `apply web.yaml`, `delete pod web-1`.
    pub text: String,
    /// The deed's place among all; nothing for a mark that no deed made.
    pub(crate) deed: Option<usize>,
}

/// One line of history.
#[derive(Debug, Clone)]
pub struct Run {
    head: Present,
    book: Book,
    flags: Vec<Flag>,
    /// Where decisions stand among the records.
    decisions: Decisions,
    checkpoints: Checkpoints,
    steps_since_checkpoint: usize,
    /// Steps from one checkpoint to the next, deeds aside.
    every: usize,
    /// Whether records thin out with age.
    thins_out: bool,
    /// The moment on stage, if it lies before the head.
    playhead: Option<Checkpoint>,
    story: Story,
}

impl Run {
    /// The first moment of the cluster of `config`.
    pub fn new(config: Config) -> Self {
        crate::memory::stay_ahead();
        let mut run = Self::of(Present::new(config));
        run.checkpoint();
        run
    }

    /// A run without a cluster yet.
    pub(crate) fn vacant() -> Self {
        Self::of(Present::vacant())
    }

    fn of(head: Present) -> Self {
        Self {
            book: Book::new(head.cluster().origin()),
            head,
            flags: Vec::new(),
            decisions: Decisions::default(),
            checkpoints: Checkpoints::default(),
            steps_since_checkpoint: 0,
            every: CHECKPOINT_STEPS,
            thins_out: false,
            playhead: None,
            story: Story::default(),
        }
    }

    /// The same run with checkpoints at deeds only, for a caller that seldom looks back. With a thousand Pods
    /// checkpoints are most of what simulating costs.
    #[must_use]
    pub fn seldom_looked_back(self) -> Self {
        Self { every: usize::MAX, ..self }
    }

    /// The same run with records that thin out with age, for a page that stays open: without them it would grow
    /// without end.
    #[must_use]
    pub fn thinning_out(self) -> Self {
        Self { thins_out: true, ..self }
    }

    /// Before this moment only what people and faults did is still written down; 0:00 if everything is.
    pub fn forgotten(&self) -> Time {
        self.book.forgotten
    }

    /// The latest moment simulated.
    pub fn head(&self) -> &Cluster {
        self.head.cluster()
    }

    /// Everything at the latest moment simulated.
    pub fn present(&self) -> &Present {
        &self.head
    }

    /// 0:00.
    pub fn origin(&self) -> Time {
        self.head().origin()
    }

    /// What happened, in order, as far as it is kept.
    pub fn records(&self) -> &[Record] {
        &self.book.log.records
    }

    /// The id of the last record; it grows with each thing that happens.
    pub fn last_record(&self) -> RecordId {
        self.book.last_record()
    }

    /// What was written, in order, as far as it is kept.
    pub fn changes(&self) -> &[Rc<Change>] {
        &self.book.log.changes
    }

    /// What was done, in order.
    pub fn deeds(&self) -> &[Rc<Deed>] {
        &self.book.deeds
    }

    /// The moment of a deed.
    pub fn moment_of(&self, deed: &Deed) -> Time {
        self.book.moment_of(deed)
    }

    /// The marks of what was done, in the order of time.
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// Puts a mark on the timeline that no deed made: the steps of a recording.
    pub fn flag_at(&mut self, at: Time, text: impl Into<String>) {
        self.put_flag(Flag { at, text: text.into(), deed: None });
    }

    /// Does something at the head. Returns the API server's answer if it is a request.
    pub fn act(&mut self, act: Act) -> Option<Answer> {
        let fresh = self.book.deeds.last().is_some_and(|deed| self.book.moment_of(deed) == self.head.now());
        if !fresh {
            self.checkpoint();
        }
        let at_micros = self.head.now().micros_since(self.origin());
        let (answer, has_acted) = self.head.act(&act, &mut self.book.log);
        self.book.deeds.push(Rc::new(Deed { at_micros, act }));
        if has_acted {
            self.flag_deed();
        }
        self.look();
        answer
    }

    /// Asks the API server at the head directly, without a command. Reads leave no trace.
    pub fn request(&mut self, request: Request) -> Answer {
        if request.verb.is_read() {
            return self.head().read(&request);
        }
        let answer = self.act(Act::Direct(Box::new(Input::Request(Box::new(request)))));
        answer.unwrap_or_else(|| {
            Err(apimachinery::Status::new(apimachinery::Reason::InternalError, "no answer"))
        })
    }

    /// Begins a command apart from the terminal and returns its place among [`Self::job`]s. `is_simple` takes `|`,
    /// `>` and `;` for letters.
    pub fn start(&mut self, line: &str, stdin: Option<&str>, is_simple: bool) -> usize {
        let (line, stdin) = (line.to_owned(), stdin.map(str::to_owned));
        self.act(Act::Start { line, stdin, is_simple });
        self.head.jobs().len() - 1
    }

    /// A command apart from the terminal, as it stands at the head.
    pub fn job(&self, place: usize) -> Option<&Job> {
        self.head.jobs().get(place)
    }

    /// Does the next thing that happens until `until`; returns whether there was one. A caller that looks
    /// after each step must go on to `until` by [`Self::run_until`] before anybody acts.
    pub fn step(&mut self, until: Time) -> bool {
        let Some(has_acted) = self.head.step(until, &mut self.book.log) else {
            return false;
        };
        if has_acted {
            self.flag_deed();
        }
        self.steps_since_checkpoint += 1;
        if self.steps_since_checkpoint >= self.every && self.head.is_whole() {
            self.checkpoint();
        }
        true
    }

    /// Simulates up to `until`; nothing happens if the head is there already.
    pub fn run_until(&mut self, until: Time) {
        self.run_within(until, &mut || true);
    }

    /// Simulates up to `until`, moment by moment, while there is time. Returns whether it came there.
    pub fn run_within(&mut self, until: Time, spare: Spare<'_>) -> bool {
        while self.head.now() < until {
            let moment = self.head.next_moment(until);
            while self.step(moment) {}
            self.head.stand_at(moment);
            if !spare() {
                break;
            }
        }
        self.look();
        self.head.now() >= until
    }

    /// Simulates up to the end of the next moment at which something happens, not beyond `limit`.
    pub fn run_moment(&mut self, limit: Time) {
        self.run_until(self.head.next_moment(limit));
    }

    /// Simulates until nothing was written for `quiet`, at most for `limit`.
    pub fn settle(&mut self, quiet: Duration, limit: Duration) {
        let limit = self.head.now() + limit;
        let (mut last, mut revision) = (self.head.now(), self.head().store().revision());
        while self.head.now() < (last + quiet).min(limit) {
            self.run_moment((last + quiet).min(limit));
            if self.head().store().revision() != revision {
                revision = self.head().store().revision();
                last = self.head.now();
            }
        }
    }

    /// Notes the decisions since the last call.
    fn look(&mut self) {
        self.decisions.follow(&self.book.log.records, &self.book.log.changes);
        if self.thins_out && self.book.may_be_thinned() {
            self.follow();
            if self.book.thin_out() {
                self.decisions.forget(&self.book.log.records);
            }
        }
    }

    /// Gives the latest deed a flag, at the deed's moment; called for deeds that changed the cluster only.
    fn flag_deed(&mut self) {
        let Some(place) = self.book.deeds.len().checked_sub(1) else { return };
        let Some(deed) = self.book.deeds.get(place) else { return };
        if self.has_flag(place) || deed.act.title().is_empty() {
            return;
        }
        let flag = Flag { at: self.book.moment_of(deed), text: deed.act.title(), deed: Some(place) };
        self.put_flag(flag);
    }

    /// Whether a deed has changed the cluster, or tried to.
    pub(crate) fn has_flag(&self, place: usize) -> bool {
        self.flags.iter().rev().any(|flag| flag.deed == Some(place))
    }

    fn put_flag(&mut self, flag: Flag) {
        let place = self.flags.partition_point(|other| other.at <= flag.at);
        self.flags.insert(place, flag);
    }

    fn checkpoint(&mut self) {
        self.steps_since_checkpoint = 0;
        self.look();
        self.checkpoints.keep(&self.head, &self.book);
    }

    /// Everything as it was at a moment; later than the head means the head.
    pub fn at(&self, moment: Time) -> Present {
        let moment = moment.max(self.origin());
        let nearest = self.checkpoints.nearest(moment).filter(|_| moment < self.head.now());
        let Some(nearest) = nearest else { return self.head.clone() };
        let mut again = nearest.clone();
        again.go_on(&self.book, moment, &mut || true);
        again.present
    }

    /// Puts a moment on stage, while there is time; later than the head means the head. Returns whether it is there.
    /// If not, an earlier moment is on stage, and the next call with the same moment goes on from it.
    pub fn seek_within(&mut self, moment: Time, spare: Spare<'_>) -> bool {
        let moment = moment.max(self.origin());
        let shown = self.playhead.take();
        let nearest = self.checkpoints.nearest(moment).filter(|_| moment < self.head.now());
        let Some(nearest) = nearest else { return true };
        let between = |shown: &Checkpoint| (nearest.present.now()..=moment).contains(&shown.present.now());
        let mut playhead = shown.filter(between).unwrap_or_else(|| nearest.clone());
        let came = playhead.go_on(&self.book, moment, spare);
        self.playhead = Some(playhead);
        came
    }

    /// Everything on stage.
    pub fn shown(&self) -> &Present {
        self.playhead.as_ref().map_or(&self.head, |playhead| &playhead.present)
    }

    /// Whether the stage shows the past.
    pub fn in_past(&self) -> bool {
        self.playhead.is_some()
    }

    /// A run that shares everything up to the moment on stage and has no later past; nothing if the head is on
    /// stage.
    #[must_use]
    pub fn fork(&self) -> Option<Self> {
        let playhead = self.playhead.as_ref()?;
        let moment = playhead.present.now();
        let book = playhead.book(&self.book);
        let mut fork = Self {
            decisions: self.decisions.until(moment, &book.log.records, &book.log.changes),
            book,
            flags: self.flags.iter().filter(|flag| flag.at <= moment).cloned().collect(),
            checkpoints: self.checkpoints.until(playhead),
            every: self.every,
            thins_out: self.thins_out,
            ..Self::of(playhead.present.clone())
        };
        fork.look();
        Some(fork)
    }

    /// What is on stage.
    pub fn scene(&mut self) -> Scene {
        self.follow();
        scene::build(self.shown().cluster(), &self.story)
    }

    /// The lives of the Pods of sets up to the head.
    pub fn ribbons(&mut self) -> Vec<Rc<Ribbon>> {
        self.follow();
        self.story.ribbons()
    }

    /// Where decisions stand among the records.
    pub(crate) fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// Empties the screen of the terminal at the head.
    pub(crate) fn clear_screen(&mut self) {
        self.head.terminal_mut().clear();
    }

    /// Gets ready to be kept off stage: drops what only showing it needs.
    pub(crate) fn leave(&mut self) {
        self.playhead = None;
        // A story can be told again as long as its changes are kept.
        if self.book.forgotten == self.book.origin {
            self.story = Story::default();
        }
        self.checkpoints.thin_out();
    }

    pub(crate) fn terminal_mut(&mut self) -> &mut Terminal {
        self.head.terminal_mut()
    }

    /// The story up to the head; a forecast goes on from it.
    pub(crate) fn story(&mut self) -> &Story {
        self.follow();
        &self.story
    }

    fn follow(&mut self) {
        self.story.follow(&self.book.log.changes, &self.book.log.records, self.book.origin);
    }
}
